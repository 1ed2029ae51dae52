public import SurveyData

extension Indicator {
  /// The weighted total Σ w y.
  ///
  /// - Parameters:
  ///   - value: y, a formula over the columns of the table.
  ///   - condition: a formula; rows that do not fulfil it are outside the domain, and stay in the design.
  /// - Returns: the indicator, named by its formula.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public static func total(of value: String, where condition: String? = nil) throws(InputRefusal) -> Indicator {
    try Indicator(value, .total(Expression(parsing: value)), condition, nil)
  }

  /// The weighted mean Σ w y / Σ w; of 0 and 1, a rate.
  ///
  /// - Parameters:
  ///   - value: y, a formula over the columns of the table.
  ///   - condition: a formula; rows that do not fulfil it are outside the domain, and stay in the design.
  ///   - interval: the interval of a rate, such as `logit`, `beta` or `wilson`; `nil`: the default rule of the
  ///     validation guide. Other means have Student's t.
  /// - Returns: the indicator, named by its formula.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public static func mean(
    of value: String,
    where condition: String? = nil,
    interval: String? = nil
  ) throws(InputRefusal) -> Indicator {
    try Indicator(value, .mean(Expression(parsing: value)), condition, interval)
  }

  /// The ratio of two weighted totals, Σ w y / Σ w x.
  ///
  /// - Parameters:
  ///   - numerator: y, a formula over the columns of the table.
  ///   - denominator: x.
  ///   - condition: a formula; rows that do not fulfil it are outside the domain, and stay in the design.
  ///   - interval: as of a mean, where every row has 0 ≤ y ≤ x.
  /// - Returns: the indicator, named by its formula.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public static func ratio(
    of numerator: String,
    to denominator: String,
    where condition: String? = nil,
    interval: String? = nil
  ) throws(InputRefusal) -> Indicator {
    let (above, below) = (try Expression(parsing: numerator), try Expression(parsing: denominator))
    return try Indicator("\(numerator)/\(denominator)", .ratio(above, below), condition, interval)
  }

  /// The share of each value of a column: one estimate a value, named `column=value`.
  ///
  /// - Parameters:
  ///   - column: the name of the column.
  ///   - condition: a formula; rows that do not fulfil it are outside the domain, and stay in the design.
  ///   - interval: as of a mean.
  /// - Returns: the indicator, named by its formula.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public static func proportions(
    of column: String,
    where condition: String? = nil,
    interval: String? = nil
  ) throws(InputRefusal) -> Indicator {
    try Indicator(column, .proportions(column), condition, interval)
  }

  /// The population variance Σ w (y − ȳ)² / Σ w · n / (n − 1).
  ///
  /// Source: R survey's `svyvar` (Lumley 2010).
  /// - Parameters:
  ///   - value: y, a formula over the columns of the table.
  ///   - condition: a formula; rows that do not fulfil it are outside the domain, and stay in the design.
  /// - Returns: the indicator, named by its formula.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public static func variance(of value: String, where condition: String? = nil) throws(InputRefusal) -> Indicator {
    try Indicator("variance(\(value))", .variance(Expression(parsing: value)), condition, nil)
  }

  /// The same under another name.
  public func named(_ key: String) -> Indicator {
    var indicator = self
    indicator.key = key
    indicator.name = LocalizedText(key)
    return indicator
  }

  private init(
    _ key: String,
    _ statistic: Statistic,
    _ condition: String?,
    _ interval: String?
  ) throws(InputRefusal) {
    var filter: Expression?
    if let condition { filter = try Expression(parsing: condition) }
    self.init(key: key, statistic: statistic, filter: filter, interval: interval)
  }
}

extension EstimationRequest {
  /// What is estimated, and by which conventions.
  ///
  /// - Parameters:
  ///   - indicators: what is estimated.
  ///   - domains: sets of by-variables; the empty set is the whole sample.
  ///   - level: the confidence level of intervals, above 0.5 and below 1.
  ///   - domainVariance: the error of a domain that is one drawn unit.
  ///   - domainFreedom: the degrees of freedom of a domain.
  ///   - plannedCorrelation: the intra-cluster correlation declared before fieldwork, a floor for the default interval
  ///     of a rate; 0 for none.
  ///   - deff: what design effects are measured against; `nil`: none are wanted.
  ///   - dropsMissing: rows with a missing value leave the indicator (R's `na.rm`), or make it missing.
  public init(
    _ indicators: [Indicator],
    domains: [[String]],
    level: Double,
    domainVariance: DomainVariance,
    domainFreedom: DomainFreedom,
    plannedCorrelation: Double,
    deff: DesignEffectReference?,
    dropsMissing: Bool
  ) {
    self.init(
      indicators: indicators,
      domains: domains,
      level: level,
      domainVariance: domainVariance,
      domainFreedom: domainFreedom,
      deff: deff,
      plannedCorrelation: plannedCorrelation,
      dropsMissing: dropsMissing,
      covariances: false
    )
  }
}
