package import SurveyData

/// A quantity to estimate, with its name and the limit it is held against.
public struct Indicator: Sendable {
  /// What is computed from the weighted rows.
  package enum Statistic: Sendable {
    case total(Expression)
    case mean(Expression)
    /// Numerator and denominator totals.
    case ratio(Expression, Expression)
    /// The share of each level of a text column: one estimate a level, named `column=level`.
    case proportions(String)
    /// The population variance of a quantity, Σ w (y − ȳ)² / Σ w with divisor n − 1 as R's `svyvar`.
    case variance(Expression)
  }

  /// The name of the estimates in the results.
  public var key: String
  package var name: LocalizedText
  package var statistic: Statistic
  /// Rows outside are outside the domain; the design keeps them.
  package var filter: Expression?
  /// Reports 1 − the estimate (accuracy from an error rate); the interval is mirrored.
  package var isComplement: Bool
  /// A figure that the rate is held against, as of the reported side (after the complement).
  package var limit: Limit?
  /// The name of an interval in `Intervals.all`; `nil`: the default rule.
  package var interval: String?

  package init(
    key: String,
    name: LocalizedText? = nil,
    statistic: Statistic,
    filter: Expression? = nil,
    isComplement: Bool = false,
    limit: Limit? = nil,
    interval: String? = nil
  ) {
    self.key = key
    self.name = name ?? LocalizedText(key)
    self.statistic = statistic
    self.filter = filter
    self.isComplement = isComplement
    self.limit = limit
    self.interval = interval
  }
}

/// A figure that a rate must stay under, or reach.
package struct Limit: Sendable, Codable, Hashable {
  package enum Side: String, Sendable, Codable {
    case atMost = "at-most"
    case atLeast = "at-least"
  }
  package var side: Side
  /// A proportion, 0…1.
  package var value: Double

  package init(_ side: Side, _ value: Double) {
    self.side = side
    self.value = value
  }
}

/// Which standard error a domain gets that is exactly one drawn unit.
public enum DomainVariance: String, Sendable, Codable, CaseIterable {
  /// Within that unit: its next stage becomes the first.
  case withinUnit = "within-unit"
  /// The domain of the whole design, as R's `svyby` has it.
  case unconditional
}

/// Which degrees of freedom a domain's interval rests on.
public enum DomainFreedom: String, Sendable, Codable, CaseIterable {
  /// First-stage units less strata that the domain touches: the honest choice, and the default of surveys.
  case domain
  /// Those of the whole design (within the indicator's filter), as R's `degf` of the design given to `svyby`.
  case design
}

/// Everything an estimation is asked for. Nothing that moves a number has a hidden default.
public struct EstimationRequest: Sendable {
  /// What is estimated.
  public var indicators: [Indicator]
  /// Each entry is one set of by-variables; the empty set is the whole sample.
  public var domains: [[String]]
  /// The confidence level of intervals, as 0.95.
  public var level: Double
  /// The error of a domain that is one drawn unit.
  public var domainVariance: DomainVariance
  /// The degrees of freedom of a domain.
  public var domainFreedom: DomainFreedom
  /// What design effects are measured against; `nil`: none are wanted.
  public var deff: DesignEffectReference?
  /// The intra-cluster correlation declared before fieldwork: the floor of the design effect.
  public var plannedCorrelation: Double
  /// Rows with a missing analysis value leave the indicator (as R's na.rm); otherwise the estimate is missing.
  public var dropsMissing: Bool
  /// Also compute the covariances between all indicators of each domain set.
  public var covariances: Bool
  /// The correlation that the pooled interval and the floor rest on; `automatic` is the documented rule.
  package var correlation = CorrelationSource.automatic
  /// Also work out the intra-cluster correlation within every domain.
  public var domainCorrelations = false
  /// Quantiles in every domain.
  public var quantiles: [QuantileRequest] = []
  /// Functions of the estimates above: contrasts, corrected and composite rates.
  public var functions: [FigureFunction] = []
  /// Means of second judgements with the help of first ones; the design needs a second phase.
  public var doubleSamples: [DoubleSamplingRequest] = []
  /// Tests and models in every domain.
  public var analyses: [Analysis] = []
  /// Makes the limits of a figure in all domains of a set hold together; `nil`: each by itself.
  package var simultaneous: SimultaneousMethod?

  package init(
    indicators: [Indicator],
    domains: [[String]],
    level: Double,
    domainVariance: DomainVariance,
    domainFreedom: DomainFreedom,
    deff: DesignEffectReference?,
    plannedCorrelation: Double,
    dropsMissing: Bool,
    covariances: Bool
  ) {
    self.indicators = indicators
    self.domains = domains
    self.level = level
    self.domainVariance = domainVariance
    self.domainFreedom = domainFreedom
    self.deff = deff
    self.plannedCorrelation = plannedCorrelation
    self.dropsMissing = dropsMissing
    self.covariances = covariances
  }
}

/// Where the intra-cluster correlation behind the limits of a rate comes from.
package enum CorrelationSource: Sendable, Hashable {
  /// The pooled interval takes that of the round, the floor the planned one.
  case automatic
  /// Both take that of the round, where it is more than noise.
  case pooled
  /// Both take this figure.
  case fixed(Double)
}

/// The simple random sample that a design effect is measured against.
public enum DesignEffectReference: String, Sendable, Codable {
  case withoutReplacement = "without-replacement"
  case withReplacement = "replace"
}
