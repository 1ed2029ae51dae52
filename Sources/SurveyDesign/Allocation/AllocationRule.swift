package import SurveyData

/// One rule for sharing a sample out over strata; a new rule is a new file and a line in the list.
package protocol AllocationRule: Sendable {
  /// The name in survey files and receipts.
  var name: String { get }
  var title: LocalizedText { get }
  /// The measure in symbols.
  var measureFormula: String { get }
  /// What the plan must give.
  var needs: Set<AllocationFigure> { get }
  /// What the plan may give besides.
  var accepts: Set<AllocationFigure> { get }
  /// Whether the rule reads the exponent q.
  var usesExponent: Bool { get }
  /// What the whole numbers minimise.
  var criterion: AllocationCriterion { get }

  /// A: before rounding and bounds a stratum's sample is proportional to it.
  ///
  /// Domain: the figures that the rule needs are there, finite and not negative, a cost positive.
  func measure(_ stratum: AllocationStratum, exponent: Double) -> Double
}

/// What the whole numbers n of the strata minimise, among all that keep the sum and the bounds.
package enum AllocationCriterion: Sendable {
  /// Σ A² / n: the variance that the rule is made to lessen.
  ///
  /// Equal to Σ (n − a)² / n for the shares a, proportional to A. Greedy priorities A² / (k·(k+1)) for the
  /// unit after the k-th. Source: Wright (2012), The American Statistician 66, p. 217; Wright (2017),
  /// Statistics & Probability Letters 129, p. 50.
  case variance
  /// Σ (n − a)² / a for the shares a, proportional to A: sampling rates n / A as even as they can be.
  ///
  /// Greedy priorities A / (2k + 1). Source: Balinski & Young (1982), Fair Representation, p. 103 (Webster).
  case evenness

  /// In symbols.
  package var formula: String {
    switch self {
    case .variance: "Σ A² / n"
    case .evenness: "Σ (n − a)² / a"
    }
  }
}

/// A stratum as an allocation sees it.
package struct AllocationStratum: Sendable, Hashable {
  /// N.
  package var populationSize: Int
  /// The units that can be taken at all: no unit of size 0 where the method needs sizes.
  package var takable: Int
  /// The must-include units.
  package var required: Int
  /// X: the total of the size column; N without one.
  package var sizeTotal: Double
  /// S.
  package var deviation: Double?
  /// CV.
  package var variation: Double?
  /// c.
  package var cost: Double?

  package init(
    populationSize: Int,
    takable: Int? = nil,
    required: Int = 0,
    sizeTotal: Double? = nil,
    deviation: Double? = nil,
    variation: Double? = nil,
    cost: Double? = nil
  ) {
    self.populationSize = populationSize
    self.takable = takable ?? populationSize
    self.required = required
    self.sizeTotal = sizeTotal ?? Double(populationSize)
    self.deviation = deviation
    self.variation = variation
    self.cost = cost
  }
}
