public import SurveyData

/// One step from the weights of the design to the weights that are used.
///
/// Steps are taken in order; each sees the weights that the step before left. A variance takes account of every
/// one of them.
public enum WeightAdjustment: Sendable {
  /// Weights of a class add up to its total.
  case postStratification(PostStratification)
  /// One margin after the other until all of them are met.
  case raking([PostStratification])
  /// Totals of auxiliary variables are met.
  case calibration(Calibration)
  /// Weights are cut at bounds.
  case trimming(Trimming)
  /// Units of which it is not known whether they are of the population hand their weight to those of which it is.
  case unknownEligibility(EligibilityAdjustment)
  /// Eligible units without an answer hand their weight to respondents.
  case nonresponse(NonresponseAdjustment)
  /// Turns the design into replicate weights; later steps are taken for every replicate.
  case replication(Replication, isMeanSquaredError: Bool)
}

/// The population totals of classes that the weights are to add up to.
public struct PostStratification: Sendable {
  package struct Class: Sendable {
    /// One value a column.
    package var values: [String]
    package var total: Double

    package init(values: [String], total: Double) {
      self.values = values
      self.total = total
    }
  }

  package var columns: [String]
  package var classes: [Class]
  /// Passes over classes of the population that have no row in the sample, instead of refusing.
  package var skipsEmptyClasses: Bool

  /// Totals of the values of one column.
  ///
  /// - Parameters:
  ///   - column: of classes.
  ///   - totals: by its values; all that the sample has.
  public init(by column: String, totals: [String: Double]) {
    self.init(by: [column], totals: Dictionary(uniqueKeysWithValues: totals.map { ([$0], $1) }))
  }

  /// Totals of the combinations of several columns.
  ///
  /// - Parameters:
  ///   - columns: whose combination is the class.
  ///   - totals: by one value a column; all combinations that the sample has.
  public init(by columns: [String], totals: [[String]: Double]) {
    self.init(
      columns: columns,
      classes: totals.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { Class(values: $0, total: $1) }
    )
  }

  package init(columns: [String], classes: [Class], skipsEmptyClasses: Bool = false) {
    self.columns = columns
    self.classes = classes
    self.skipsEmptyClasses = skipsEmptyClasses
  }
}

/// Population totals of auxiliary variables that the weights are to meet while they move as little as possible.
///
/// Source: Deville and Särndal (1992), J. Amer. Statist. Assoc. 87.
public struct Calibration: Sendable {
  /// What "as little as possible" means.
  public enum Distance: String, Sendable, CaseIterable {
    /// Chi-square: the generalised regression estimator; with bounds, cut at them.
    case linear
    /// Multiplicative: factors stay positive.
    case raking
    /// Factors stay between both bounds.
    case logit
  }

  /// One total a term; with an intercept that of the rows (the population size) first.
  package var totals: [Double]
  package var terms: [Expression]
  package var hasIntercept: Bool
  package var distance: Distance
  /// Bounds of the factor by which a weight may change.
  package var lower: Double?
  package var upper: Double?
  /// From 0: all rows of a unit of this stage get the same factor.
  package var commonFactorStage: Int?

  /// Totals to be met.
  ///
  /// - Parameters:
  ///   - totals: by a formula over the columns, such as `["api99": 3_914_069]`.
  ///   - population: the number of rows of the population, the total of an intercept; `nil`: no intercept.
  ///   - distance: how the move of weights is measured.
  ///   - bounds: of the factor by which a weight may change; `nil` for none (`logit` needs them).
  ///   - commonFactorStage: from 0, the stage whose units give all their rows the same factor; `nil`: each row its own.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public init(
    to totals: KeyValuePairs<String, Double>,
    population: Double?,
    distance: Distance,
    bounds: ClosedRange<Double>?,
    commonFactorStage: Int?
  ) throws(InputRefusal) {
    var terms: [Expression] = []
    for (term, _) in totals { terms.append(try Expression(parsing: term)) }
    self.init(
      totals: (population.map { [$0] } ?? []) + totals.map(\.value),
      terms: terms,
      hasIntercept: population != nil,
      distance: distance,
      lower: bounds?.lowerBound,
      upper: bounds?.upperBound,
      commonFactorStage: commonFactorStage
    )
  }

  package init(
    totals: [Double],
    terms: [Expression],
    hasIntercept: Bool,
    distance: Distance,
    lower: Double? = nil,
    upper: Double? = nil,
    commonFactorStage: Int? = nil
  ) {
    self.totals = totals
    self.terms = terms
    self.hasIntercept = hasIntercept
    self.distance = distance
    self.lower = lower
    self.upper = upper
    self.commonFactorStage = commonFactorStage
  }
}

/// Who takes the weight of units of unknown eligibility.
public struct EligibilityAdjustment: Sendable {
  /// The column of outcomes, and what its codes mean; without codes those of the field vocabulary.
  package var outcome: OutcomeCodes
  /// Columns whose combination is a class; empty: one class.
  package var classes: [String]
  /// AAPOR's e, where it is known from elsewhere; `nil`: the weighted share within each class.
  package var eligibleShare: Double?

  /// Who takes the weight of units of unknown eligibility.
  ///
  /// - Parameters:
  ///   - outcome: the column of outcomes and the meaning of its codes.
  ///   - classes: columns whose combination is a class; empty: one class.
  ///   - eligibleShare: AAPOR's e, where it is known from elsewhere; `nil`: the weighted share within each class.
  public init(outcome: OutcomeCodes, classes: [String], eligibleShare: Double?) {
    self.outcome = outcome
    self.classes = classes
    self.eligibleShare = eligibleShare
  }
}

/// Who takes the weight of eligible units that did not answer.
public struct NonresponseAdjustment: Sendable {
  package enum Method: Sendable {
    /// Columns whose combination is a class; empty: one class.
    case classes([String])
    /// Terms of a weighted logistic regression of response; so many classes of the fitted propensity, or `nil` to
    /// divide by the propensity itself.
    case propensity([Expression], classes: Int?)
  }

  /// The column of outcomes, and what its codes mean; without codes those of the field vocabulary.
  package var outcome: OutcomeCodes
  package var method: Method
  /// Units known not to be of the population keep their weight, because totals to come count them.
  package var keepsIneligible: Bool

  /// Respondents of a class take the weight of its eligible units: w Σ_eligible w / Σ_respondents w.
  ///
  /// Source: Särndal, Swensson and Wretman (1992), §15.6.
  /// - Parameters:
  ///   - outcome: the column of outcomes and the meaning of its codes.
  ///   - classes: columns whose combination is a class; empty: one class.
  ///   - keepsIneligible: units known not to be of the population keep their weight.
  public init(outcome: OutcomeCodes, within classes: [String], keepsIneligible: Bool) {
    self.init(outcome: outcome, method: .classes(classes), keepsIneligible: keepsIneligible)
  }

  /// Respondents take weight by their fitted propensity p̂ of a weighted logistic regression of response.
  ///
  /// Source: Little (1986), Int. Statist. Rev. 54, for classes; Kim and Kim (2007), Canad. J. Statist. 35, for w / p̂.
  /// - Parameters:
  ///   - outcome: the column of outcomes and the meaning of its codes.
  ///   - terms: of the regression, formulas over the columns that are known of all units.
  ///   - classes: so many classes of p̂ with equal numbers of units; `nil`: w / p̂.
  ///   - keepsIneligible: units known not to be of the population keep their weight.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public init(
    outcome: OutcomeCodes,
    propensity terms: [String],
    classes: Int?,
    keepsIneligible: Bool
  ) throws(InputRefusal) {
    var parsed: [Expression] = []
    for term in terms { parsed.append(try Expression(parsing: term)) }
    self.init(outcome: outcome, method: .propensity(parsed, classes: classes), keepsIneligible: keepsIneligible)
  }

  package init(outcome: OutcomeCodes, method: Method, keepsIneligible: Bool) {
    self.outcome = outcome
    self.method = method
    self.keepsIneligible = keepsIneligible
  }
}

/// Cuts weights at bounds and shares out what is cut off evenly over the rows that were inside.
public struct Trimming: Sendable {
  package var lower: Double?
  package var upper: Double?
  /// Repeats until no weight is outside; otherwise sharing out may push some over a bound.
  package var isRepeated: Bool

  /// Cuts weights at bounds.
  ///
  /// - Parameters:
  ///   - lower: the least weight; `nil`: none.
  ///   - upper: the largest one; `nil`: none.
  ///   - isRepeated: until no weight is outside; otherwise sharing out may push some over a bound.
  public init(lower: Double?, upper: Double?, isRepeated: Bool) {
    self.lower = lower
    self.upper = upper
    self.isRepeated = isRepeated
  }
}

/// How replicate weights are made of a design.
public struct Replication: Sendable, Hashable {
  /// The name in `ReplicationMethods.all`.
  package var method: String
  /// How many replicates; `nil`: as many as the method needs, or its own default.
  package var count: Int?
  /// What the replicates of a random method follow from, with their numbers.
  package var seed: UInt64
  /// Fay's coefficient: 0 takes whole half-samples, nearer to 1 perturbs the weights less.
  package var fay: Double

  /// How replicate weights are made.
  ///
  /// - Parameters:
  ///   - method: `jk1`, `jkn`, `jk2`, `brr`, `fay`, `rao-wu`, `canty-davison`, `preston` or `sdr`.
  ///   - count: how many replicates; `nil`: as many as the method needs, 500 of a bootstrap.
  ///   - seed: of a bootstrap; others take no notice of it.
  ///   - fay: Fay's coefficient; 0 but for `fay`.
  public init(_ method: String, count: Int?, seed: UInt64, fay: Double) {
    self.init(method: method, count: count, seed: seed, fay: fay)
  }

  package init(method: String, count: Int? = nil, seed: UInt64 = 1, fay: Double = 0) {
    self.method = method
    self.count = count
    self.seed = seed
    self.fay = fay
  }

  /// Leaves out one first-stage unit at a time, without strata.
  package static let jackknife = Replication(method: "jk1")
  /// Leaves out one first-stage unit at a time within its stratum.
  package static let stratifiedJackknife = Replication(method: "jkn")
}
