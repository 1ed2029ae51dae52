public import SurveyData

/// How a sample was really drawn, said in columns of the survey file: what every variance rests on.
public struct SampleDesign: Sendable {
  /// One stage of selection, the first stage first.
  public struct Stage: Sendable {
    /// Columns whose combination is the stratum, within the unit of the stage before; empty: one stratum.
    public var strata: [String]
    /// What was drawn.
    public var unit: Unit
    /// The column with the stratum's population size: a count (> 1) or a sampling fraction (≤ 1), as R
    /// survey reads it; `nil`: sampled with replacement, or a fraction too small to matter.
    public var populationSize: String?
    /// Drawn without replacement with unequal probabilities: the column holds each unit's inclusion
    /// probability, and the variance is Brewer's approximation.
    public var isProportional: Bool
    /// The order of selection, where the variance is to be taken from successive differences; `nil`: units count as
    /// drawn at random.
    package var order: Order?

    /// In which order the units of a stratum were selected: a unit stands where the first of its rows stands.
    package enum Order: Sendable, Hashable {
      /// That of the rows.
      case rows
      /// That of the numbers in a column.
      case column(String)
    }

    /// - Parameters:
    ///   - strata: columns whose combination is the stratum; none: no strata.
    ///   - unit: what was drawn.
    ///   - populationSize: the column of population sizes or sampling fractions; none: with replacement.
    ///   - isProportional: that column holds inclusion probabilities of units.
    public init(
      strata: [String] = [],
      unit: Unit,
      populationSize: String? = nil,
      isProportional: Bool = false
    ) {
      self.strata = strata
      self.unit = unit
      self.populationSize = populationSize
      self.isProportional = isProportional
    }
  }

  /// What a stage selects.
  public enum Unit: Sendable, Hashable {
    /// The rows that share this column's value (within the stage before and the stratum).
    case column(String)
    /// Each row is a unit of its own.
    case row
  }

  /// Where the design weights come from.
  package enum Weights: Sendable {
    case expression(Expression)
    /// The inverse of an inclusion probability.
    case inverse(of: Expression)
    /// The product of N / n over the stages; needs a population size at every stage.
    case populationSizes
    /// Every row counts once: stated to the user as an unweighted estimate.
    case equal
  }

  /// The stages, the first one first.
  public var stages: [Stage]
  package var weights: Weights
  /// What a stratum with a single unit adds to a variance.
  public var lonelyUnits: LonelyUnitPolicy
  /// Whether the policy also holds for a stratum of which a domain touches one unit only, as R's
  /// `survey.adjust.domain.lonely`.
  package var adjustsLonelyDomains: Bool
  /// Whether the same unit code may return in another stratum and mean another unit. Where it may
  /// not, such a code is refused because it contradicts the declared strata.
  package var unitsNestedInStrata: Bool
  /// What is known of joint probabilities; `nil`: the stages say it all.
  public var joint: JointProbabilities?
  /// The rows that a second phase selected again.
  public var secondPhase: SecondPhase?
  /// Replicate weights of the file; the stages are then not looked at.
  public var replicates: ReplicateColumns?
  /// From the weights of the design to those used, in order; every variance takes account of them.
  public var adjustments: [WeightAdjustment] = []

  package init(
    stages: [Stage],
    weights: Weights,
    lonelyUnits: LonelyUnitPolicy,
    adjustsLonelyDomains: Bool,
    unitsNestedInStrata: Bool
  ) {
    self.stages = stages
    self.weights = weights
    self.lonelyUnits = lonelyUnits
    self.adjustsLonelyDomains = adjustsLonelyDomains
    self.unitsNestedInStrata = unitsNestedInStrata
  }
}

extension SampleDesign {
  /// A design said in columns of a table.
  ///
  /// - Parameters:
  ///   - stages: how units were drawn, the first stage first.
  ///   - weights: the design weight as a formula over the columns, such as `v005 / 1e6`; `nil`: the product of N / n
  ///     over the stages, which then all need a population size.
  ///   - lonelyUnits: what a stratum with a single unit adds to a variance.
  ///   - nested: whether unit codes start anew in every stratum; if not, a code in two strata is refused.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public init(
    stages: [Stage],
    weights: String?,
    lonelyUnits: LonelyUnitPolicy,
    nested: Bool
  ) throws(InputRefusal) {
    var source = Weights.populationSizes
    if let weights { source = .expression(try Expression(parsing: weights)) }
    self.init(
      stages: stages,
      weights: source,
      lonelyUnits: lonelyUnits,
      adjustsLonelyDomains: false,
      unitsNestedInStrata: nested
    )
  }
}

extension SampleDesign {
  /// A sample whose file brings replicate weights: they stand for stages and strata.
  ///
  /// - Parameters:
  ///   - replicates: the weights, and how their spread becomes a variance.
  ///   - weights: the weight of a row as a formula over the columns.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public init(replicates: ReplicateColumns, weights: String) throws(InputRefusal) {
    try self.init(stages: [Stage(unit: .row)], weights: weights, lonelyUnits: .fail, nested: false)
    self.replicates = replicates
  }
}

/// What a stratum with a single sampled unit adds to a variance.
///
/// Source: the conventions of R survey's `survey.lonely.psu` (Lumley 2010).
public enum LonelyUnitPolicy: String, Sendable, Codable, CaseIterable {
  /// Refuse, naming the stratum.
  case fail
  /// Deviation from the mean over all strata instead of the stratum's own mean.
  case adjust
  /// The average contribution of the strata that have more than one unit.
  case average
  /// No contribution: the unit is taken to be selected with certainty.
  case certainty
  /// No contribution: the stratum is left out of the variance.
  case remove
}

extension SampleDesign {
  /// Whether estimates need the rows themselves: sums by cell are not enough.
  package var needsRows: Bool {
    joint != nil || secondPhase != nil || replicates != nil || !adjustments.isEmpty
      || stages.contains { $0.order != nil || $0.isProportional && $0.unit == .row }
  }
}
