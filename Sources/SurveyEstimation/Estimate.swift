public import SurveyData

/// One estimate of one indicator in one domain, with everything a table prints of it.
public struct Estimate: Sendable, Codable {
  /// Key of the indicator; a proportion adds `=level`.
  public var indicator: String
  /// By-variables and their values; empty for the whole sample.
  public var domain: [DomainValue]
  /// NaN never appears here: what cannot be computed is `nil` and `reason` says why.
  public var estimate: Double?
  /// The design-based standard error.
  public var standardError: Double?
  /// Rows of the domain with the analysis value present and positive weight (n).
  public var unweightedCount: Int
  /// Their sum of weights (WN).
  public var weightedCount: Double
  /// Rows whose numerator is not zero, for ratios, means of 0/1 and proportions.
  public var events: Int?
  /// Design degrees of freedom that the interval rests on.
  public var degreesOfFreedom: Int?
  /// Degrees of freedom of the domain: its first-stage units less its strata.
  package var domainDegreesOfFreedom: Int?
  /// The variance over that of a simple random sample of as many rows; `nil` unless asked for.
  public var designEffect: Double?
  /// Whether the figure is a rate between 0 and 1 (the intervals for proportions apply).
  public var isProportion: Bool
  /// The interval to publish.
  public var interval: Interval?
  /// The interval that R users know (logit for a rate), beside the default.
  package var comparison: Interval?
  /// One-sided bounds by the method of the interval.
  public var oneSided: OneSidedBounds?
  package var verdict: Verdict?
  /// Estimated within the one drawn unit that the domain is, not over the whole design.
  public var isWithinUnit: Bool
  /// Why a figure is missing, such as no rows, or no degrees of freedom.
  public var reason: Reason?

  package init(
    indicator: String,
    domain: [DomainValue],
    estimate: Double?,
    standardError: Double?,
    unweightedCount: Int,
    weightedCount: Double,
    events: Int?,
    degreesOfFreedom: Int?,
    domainDegreesOfFreedom: Int?,
    designEffect: Double?,
    isProportion: Bool,
    interval: Interval?,
    comparison: Interval?,
    oneSided: OneSidedBounds?,
    verdict: Verdict?,
    isWithinUnit: Bool,
    reason: Reason?
  ) {
    self.indicator = indicator
    self.domain = domain
    self.estimate = estimate
    self.standardError = standardError
    self.unweightedCount = unweightedCount
    self.weightedCount = weightedCount
    self.events = events
    self.degreesOfFreedom = degreesOfFreedom
    self.domainDegreesOfFreedom = domainDegreesOfFreedom
    self.designEffect = designEffect
    self.isProportion = isProportion
    self.interval = interval
    self.comparison = comparison
    self.oneSided = oneSided
    self.verdict = verdict
    self.isWithinUnit = isWithinUnit
    self.reason = reason
  }

  /// An estimate whose figures are still to come.
  package init(
    unanswered indicator: String,
    domain: [DomainValue],
    unweightedCount: Int = 0,
    weightedCount: Double = 0,
    reason: Reason? = nil
  ) {
    self.init(
      indicator: indicator,
      domain: domain,
      estimate: nil,
      standardError: nil,
      unweightedCount: unweightedCount,
      weightedCount: weightedCount,
      events: nil,
      degreesOfFreedom: nil,
      domainDegreesOfFreedom: nil,
      designEffect: nil,
      isProportion: false,
      interval: nil,
      comparison: nil,
      oneSided: nil,
      verdict: nil,
      isWithinUnit: false,
      reason: reason
    )
  }
}

/// One by-variable and the value it has in a domain.
public struct DomainValue: Sendable, Codable, Hashable {
  /// The column.
  public var variable: String
  /// Its value, as text.
  public var value: String

  package init(_ variable: String, _ value: String) {
    self.variable = variable
    self.value = value
  }
}

/// A two-sided confidence interval and what it was made from.
public struct Interval: Sendable, Codable, Hashable {
  /// The name in `Intervals.all`.
  public var method: String
  /// The confidence level.
  public var level: Double
  /// The lower limit.
  public var lower: Double
  /// The upper limit.
  public var upper: Double
  /// n*, the effective sample size that the limits were computed on, where the method has one.
  package var effectiveSampleSize: Double?
  /// The intra-cluster correlation that entered (pooled estimate or planned floor).
  package var correlation: Double?

  package init(
    method: String,
    level: Double,
    lower: Double,
    upper: Double,
    effectiveSampleSize: Double? = nil,
    correlation: Double? = nil
  ) {
    self.method = method
    self.level = level
    self.lower = lower
    self.upper = upper
    self.effectiveSampleSize = effectiveSampleSize
    self.correlation = correlation
  }
}

/// One-sided bounds at the same level, by the same method as the published interval.
public struct OneSidedBounds: Sendable, Codable, Hashable {
  /// The confidence level of either bound.
  public var level: Double
  /// Below this with probability 1 − level at most.
  public var lower: Double
  /// Above this with probability 1 − level at most.
  public var upper: Double

  package init(level: Double, lower: Double, upper: Double) {
    self.level = level
    self.lower = lower
    self.upper = upper
  }
}

/// What a sample shows about a limit, by the one-sided bound.
package enum Verdict: String, Sendable, Codable {
  case shownBelow = "shown-below"
  case cannotTell = "cannot-tell"
  case shownAbove = "shown-above"
}

/// Why a figure is missing.
public enum Reason: String, Sendable, Codable {
  case emptyDomain = "empty-domain"
  case zeroDenominator = "zero-denominator"
  case missingValues = "missing-values"
  case noDegreesOfFreedom = "no-degrees-of-freedom"
  case negativeVariance = "negative-variance"
  /// The register's counts of the domain are not known.
  case registerMissing = "register-missing"
  /// The sample shows no case, or nothing but cases, and the method has no limits there.
  case noEvent = "no-event"
  /// The answers agree all over: their spread is 0, which is no sign of certainty.
  case noSpread = "no-spread"
  /// The first judgement is the same in all rows that were judged again: no slope can be found.
  case firstJudgementConstant = "first-judgement-constant"
  /// A class of first judgements has no row that was judged again.
  case classNotJudgedAgain = "class-not-judged-again"
  /// The stage that the replicates show is complete in the domain: its error is that of stages they leave out.
  case replicatedStageComplete = "replicated-stage-complete"
  /// Withheld, because it rests on few units or would give away a figure that does.
  case suppressed
}

/// The result of one estimation.
public struct Estimation: Sendable {
  /// By domain set, indicator and domain, in this order; domains in the byte order of their values.
  public var estimates: [Estimate]
  /// Design degrees of freedom of the whole sample.
  public var degreesOfFreedom: Int
  /// Rows of the sample.
  public var rows: Int
  /// First-stage strata.
  public var strata: Int
  /// Units drawn at the first stage.
  public var firstStageUnits: Int
  /// Pooled intra-cluster correlation of each indicator over the round, where it could be computed.
  public var correlations: [PooledCorrelation]
  /// The same within every domain asked for, where the request wants them.
  public var domainCorrelations: [PooledCorrelation] = []
  /// Covariance matrices, one a domain set, when asked for.
  public var covariances: [CovarianceMatrix]
  /// Tests and models, by analysis and domain.
  public var analyses: [AnalysisResult] = []
  /// The weight of every row after all adjustments; empty where nothing adjusted them.
  public var weights: [Double] = []
  /// What the adjustments did to the weights; `nil` where there are none.
  public var weightSummary: WeightSummary?
  /// What is worth knowing of how the figures were made.
  public var notes: [Finding]

  package init(
    estimates: [Estimate],
    degreesOfFreedom: Int,
    rows: Int,
    strata: Int,
    firstStageUnits: Int,
    correlations: [PooledCorrelation],
    covariances: [CovarianceMatrix],
    notes: [Finding]
  ) {
    self.estimates = estimates
    self.degreesOfFreedom = degreesOfFreedom
    self.rows = rows
    self.strata = strata
    self.firstStageUnits = firstStageUnits
    self.correlations = correlations
    self.covariances = covariances
    self.notes = notes
  }
}

/// Covariances between estimates, in the order of `names`.
public struct CovarianceMatrix: Sendable, Codable {
  /// By-variables of this domain set.
  public var by: [String]
  /// `indicator` or `indicator @ variable=value,…`, row and column order of `values`.
  public var names: [String]
  /// By row and column.
  public var values: [[Double]]

  package init(by: [String], names: [String], values: [[Double]]) {
    self.by = by
    self.names = names
    self.values = values
  }
}
