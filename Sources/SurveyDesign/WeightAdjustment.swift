package import SurveyData

/// One step from the weights of the design to the weights that are used.
///
/// Steps are taken in order; each sees the weights that the step before left. A variance takes account of every
/// one of them.
package enum WeightAdjustment: Sendable {
  case postStratification(PostStratification)
  /// One margin after the other until all of them are met.
  case raking([PostStratification])
  case calibration(Calibration)
  case trimming(Trimming)
  /// Units of which it is not known whether they are of the population hand their weight to those of which it is.
  case unknownEligibility(EligibilityAdjustment)
  /// Eligible units without an answer hand their weight to respondents.
  case nonresponse(NonresponseAdjustment)
  /// Turns the design into replicate weights; later steps are taken for every replicate.
  case replication(Replication, isMeanSquaredError: Bool)
}

/// The population totals of classes that the weights are to add up to.
package struct PostStratification: Sendable {
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

  package init(columns: [String], classes: [Class], skipsEmptyClasses: Bool = false) {
    self.columns = columns
    self.classes = classes
    self.skipsEmptyClasses = skipsEmptyClasses
  }
}

/// Population totals of auxiliary variables that the weights are to meet while they move as little as possible.
///
/// Source: Deville and Särndal (1992), J. Amer. Statist. Assoc. 87.
package struct Calibration: Sendable {
  /// What "as little as possible" means.
  package enum Distance: String, Sendable, CaseIterable {
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
package struct EligibilityAdjustment: Sendable {
  /// The column of outcomes, and what its codes mean; without codes those of the field vocabulary.
  package var outcome: OutcomeCodes
  /// Columns whose combination is a class; empty: one class.
  package var classes: [String]
  /// AAPOR's e, where it is known from elsewhere; `nil`: the weighted share within each class.
  package var eligibleShare: Double?

  package init(outcome: OutcomeCodes, classes: [String], eligibleShare: Double? = nil) {
    self.outcome = outcome
    self.classes = classes
    self.eligibleShare = eligibleShare
  }
}

/// Who takes the weight of eligible units that did not answer.
package struct NonresponseAdjustment: Sendable {
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

  package init(outcome: OutcomeCodes, method: Method, keepsIneligible: Bool) {
    self.outcome = outcome
    self.method = method
    self.keepsIneligible = keepsIneligible
  }
}

/// Cuts weights at bounds and shares out what is cut off evenly over the rows that were inside.
package struct Trimming: Sendable {
  package var lower: Double?
  package var upper: Double?
  /// Repeats until no weight is outside; otherwise sharing out may push some over a bound.
  package var isRepeated: Bool

  package init(lower: Double? = nil, upper: Double? = nil, isRepeated: Bool) {
    self.lower = lower
    self.upper = upper
    self.isRepeated = isRepeated
  }
}

/// How replicate weights are made of a design.
package struct Replication: Sendable, Hashable {
  /// The name in `ReplicationMethods.all`.
  package var method: String
  /// How many replicates; `nil`: as many as the method needs, or its own default.
  package var count: Int?
  /// What the replicates of a random method follow from, with their numbers.
  package var seed: UInt64
  /// Fay's coefficient: 0 takes whole half-samples, nearer to 1 perturbs the weights less.
  package var fay: Double

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

/// Replicate weights that a file brings.
package struct ReplicateColumns: Sendable {
  /// By row of the file, one weight or factor a replicate.
  package var weights: [[Double]]
  /// The columns are whole weights; otherwise factors of the weight.
  package var areWhole: Bool
  /// The variance is scale · Σ rscales (θ_r − θ)².
  package var scale: Double
  package var replicateScales: [Double]
  /// Deviations from the estimate of the whole sample; otherwise from the replicates' mean.
  package var isMeanSquaredError: Bool

  package init(
    weights: [[Double]],
    areWhole: Bool,
    scale: Double,
    replicateScales: [Double],
    isMeanSquaredError: Bool
  ) {
    self.weights = weights
    self.areWhole = areWhole
    self.scale = scale
    self.replicateScales = replicateScales
    self.isMeanSquaredError = isMeanSquaredError
  }
}

/// What is known of the joint inclusion probabilities of a single-stage sample with unequal probabilities.
package enum JointProbabilities: Sendable {
  /// Overton (1985): π_kl from π_k and π_l.
  case overton
  /// Hartley and Rao (1962); Σπ² / n over the population, or estimated from the sample.
  case hartleyRao(meanSquare: Double?)
  /// Every unit by itself.
  case independent
  /// π_kl by row of the file, π_k on the diagonal; Sen–Yates–Grundy's estimator or Horvitz–Thompson's.
  case exact([[Double]], isSenYatesGrundy: Bool)
}

/// A second phase: rows of the first phase that were selected again.
package struct SecondPhase: Sendable {
  package enum Variance: String, Sendable, CaseIterable {
    /// Exact for both phases (Särndal, Swensson and Wretman 1992, §9.3).
    case full
    /// Treats the phases as if the second were drawn from units of the first (Lumley's approximation).
    case approximate = "approx"
    /// The first phase's variance on the whole, the second's added.
    case simple
  }

  /// 1 in the rows that were selected again.
  package var subset: String
  package var stages: [SampleDesign.Stage]
  package var variance: Variance

  package init(subset: String, stages: [SampleDesign.Stage], variance: Variance) {
    self.subset = subset
    self.stages = stages
    self.variance = variance
  }
}
