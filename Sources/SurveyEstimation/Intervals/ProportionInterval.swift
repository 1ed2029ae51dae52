package import SurveyData

/// What an interval for a proportion may rest on.
package struct ProportionEvidence: Sendable, Hashable {
  /// The weighted proportion, 0…1.
  package var estimate: Double
  /// Its design-based variance.
  package var variance: Double
  /// Households (rows) of the domain, n.
  package var unweightedCount: Int
  /// Rows of the domain that show the event.
  package var events: Int
  package var degreesOfFreedom: Int
  /// m̄ = Σm² / Σm over the last clusters that hold rows of the domain.
  package var meanClusterSize: Double
  /// cv²_w = n Σw² / (Σw)² − 1, the squared coefficient of variation of the domain's weights.
  package var weightVariation: Double
  /// ρ₀, declared before fieldwork.
  package var plannedCorrelation: Double
  /// ρ̂ of the round, where it could be computed.
  package var pooledCorrelation: Double?
  /// ρ̂ raised for its own uncertainty.
  package var guardedCorrelation: Double?
  /// f₁ and f, the mean inclusion probabilities of the clusters and of the rows, over the rows; 0 with replacement.
  package var clusterFraction = 0.0
  package var rowFraction = 0.0
  /// The variance of ln(p / (1 − p)) where replicates give it; otherwise it is v / (p(1 − p))².
  package var logitVariance: Double?
  /// The last clusters with rows of the domain, for methods that ask for them; `nil` where not all chance lies in them.
  package var clusters: [ClusterCount]?
  /// Chances of the correlations of ``BetaBinomialGrid``, as the other units of the round have them.
  package var correlationPrior: [Double]?

  package init(
    estimate: Double,
    variance: Double,
    unweightedCount: Int,
    events: Int,
    degreesOfFreedom: Int,
    meanClusterSize: Double,
    weightVariation: Double,
    plannedCorrelation: Double,
    pooledCorrelation: Double?
  ) {
    self.estimate = estimate
    self.variance = variance
    self.unweightedCount = unweightedCount
    self.events = events
    self.degreesOfFreedom = degreesOfFreedom
    self.meanClusterSize = meanClusterSize
    self.weightVariation = weightVariation
    self.plannedCorrelation = plannedCorrelation
    self.pooledCorrelation = pooledCorrelation
  }
}

/// A way to put limits around a proportion from a survey.
package protocol ProportionInterval: Sendable {
  /// The short name by which a survey file or the command line asks for it.
  var name: String { get }
  /// What tables call it.
  var title: LocalizedText { get }

  /// Whether it reads the evidence's clusters.
  var needsClusters: Bool { get }
  /// Whether it reads what other units of the round say about the correlation.
  var needsRound: Bool { get }

  /// Two-sided limits, or `nil` where the method is void, such as logit without an event.
  ///
  /// Every method is void without degrees of freedom, without rows, and outside 0 < level < 1.
  func interval(_ evidence: ProportionEvidence, level: Double) -> Interval?

  /// Bounds of which each alone holds at `level`, or `nil` where the method is void.
  func oneSided(_ evidence: ProportionEvidence, level: Double) -> OneSidedBounds?
}

extension ProportionInterval {
  package var needsClusters: Bool { false }
  package var needsRound: Bool { false }

  /// The limits of the two-sided interval that leaves 1 − level on each side.
  ///
  /// Formula: two-sided limits at 2·level − 1. Domain: level > ½.
  package func oneSided(_ evidence: ProportionEvidence, level: Double) -> OneSidedBounds? {
    guard let both = interval(evidence, level: 2 * level - 1) else { return nil }
    return OneSidedBounds(level: level, lower: both.lower, upper: both.upper)
  }
}

extension ProportionEvidence {
  /// Whether any method can speak: a proportion, a variance, rows, df > 0 and a level inside 0…1.
  func supports(level: Double) -> Bool {
    estimate >= 0 && estimate <= 1 && variance >= 0 && variance.isFinite && unweightedCount > 0
      && degreesOfFreedom > 0 && level > 0 && level < 1
  }

  /// Whether the estimate lies strictly between 0 and 1.
  var isInterior: Bool { estimate > 0 && estimate < 1 }
}
