public import SurveyData

/// Quantiles that are reported beside other estimates.
public struct QuantileRequest: Sendable {
  package var variable: Expression
  package var probabilities: [Double]
  package var rule: QuantileRule
  package var interval: QuantileInterval
  package var filter: Expression?

  /// Quantiles of a variable with their limits.
  ///
  /// Source: Woodruff (1952), J. Amer. Statist. Assoc. 47; Francisco and Fuller (1991), Ann. Statist. 19.
  /// - Parameters:
  ///   - variable: a formula over the columns of the table.
  ///   - probabilities: above 0 and below 1; one estimate each, named `quantile(income, 0.5)`.
  ///   - rule: how a quantile is read off the weighted values.
  ///   - interval: how its limits are found.
  ///   - condition: a formula; rows that do not fulfil it are outside the domain, and stay in the design.
  /// - Throws: a refusal naming the place in a formula that cannot be read, or a probability outside 0…1.
  public init(
    of variable: String,
    probabilities: [Double],
    rule: QuantileRule,
    interval: QuantileInterval,
    where condition: String? = nil
  ) throws(InputRefusal) {
    let outside = probabilities.filter { !($0 > 0 && $0 < 1) }
    if !outside.isEmpty {
      throw InputRefusal(
        listing: outside.map { probability in
          Finding(
            "probability-range",
            column: variable,
            value: shortest(probability),
            message: LocalizedText(zh: "应在 0 与 1 之间。", en: "must lie between 0 and 1."),
            fix: LocalizedText(zh: "例如 0.5。", en: "Write 0.5 for the median.")
          )
        }
      )
    }
    var filter: Expression?
    if let condition { filter = try Expression(parsing: condition) }
    self.init(
      variable: try Expression(parsing: variable),
      probabilities: probabilities,
      rule: rule,
      interval: interval,
      filter: filter
    )
  }

  package init(
    variable: Expression,
    probabilities: [Double],
    rule: QuantileRule,
    interval: QuantileInterval,
    filter: Expression? = nil
  ) {
    self.variable = variable
    self.probabilities = probabilities
    self.rule = rule
    self.interval = interval
    self.filter = filter
  }

  /// `quantile(income, 0.5)`.
  package func key(_ probability: Double) -> String { "quantile(\(variable.source), \(shortest(probability)))" }
}

extension QuantileInterval {
  /// The name in tables and files.
  package var methodName: String {
    switch self {
    case .score: "francisco-fuller"
    case .scoreByRows: "francisco-fuller-by-rows"
    case .mean, .xlogit, .asin, .beta: "woodruff-\(rawValue)"
    }
  }

  package var title: LocalizedText {
    switch self {
    case .mean: LocalizedText(zh: "Woodruff 区间", en: "Woodruff")
    case .xlogit: LocalizedText(zh: "Woodruff 区间（logit 尺度）", en: "Woodruff on the logit scale")
    case .asin: LocalizedText(zh: "Woodruff 区间（反正弦尺度）", en: "Woodruff on the arcsine scale")
    case .beta: LocalizedText(zh: "Woodruff 区间（Korn–Graubard beta）", en: "Woodruff by Korn and Graubard's beta limits")
    case .score: LocalizedText(zh: "Francisco–Fuller 区间（得分检验）", en: "Francisco and Fuller, by the score test")
    case .scoreByRows:
      LocalizedText(
        zh: "Francisco–Fuller 区间（按 R survey 4.1 的读法）",
        en: "Francisco and Fuller, as R survey 4.1 reads it"
      )
    }
  }
}

extension Intervals {
  /// The title of any interval that an estimate can have: of rates, of functions of rates or of quantiles.
  package static func title(of name: String) -> LocalizedText? {
    if name == RecoveredLimits.method { return RecoveredLimits.title }
    return named(name)?.title ?? QuantileInterval.allCases.first { $0.methodName == name }?.title
  }
}

extension SurveySample {
  /// Quantiles in one domain as estimates; a limit where the share's leaves 0…1 is infinite: there is none.
  ///
  /// - Throws: a refusal for a column that is missing or holds no numbers.
  package func estimates(
    of request: QuantileRequest,
    in domain: [DomainValue],
    level: Double,
    dropsMissing: Bool
  ) throws(InputRefusal) -> [Estimate] {
    let found = try quantiles(
      of: request.variable,
      probabilities: request.probabilities,
      rule: request.rule,
      interval: request.interval,
      level: level,
      filter: request.filter,
      domain: domain,
      dropsMissing: dropsMissing
    )
    let values = try request.variable.numbers(over: table)
    let isInside = try rowsInside(domain, filter: request.filter)
    let rows = isInside.indices.filter { isInside[$0] && !values[$0].isNaN }
    var weight = 0.0
    for row in rows { weight += weights[row] }
    return request.probabilities.indices.map { place in
      var result = Estimate(
        unanswered: request.key(request.probabilities[place]),
        domain: domain,
        unweightedCount: rows.count,
        weightedCount: weight
      )
      guard place < found.count else {
        result.reason = rows.isEmpty ? .emptyDomain : .missingValues
        return result
      }
      let quantile = found[place]
      result.estimate = quantile.value
      result.standardError = quantile.standardError
      result.degreesOfFreedom = quantile.degreesOfFreedom
      result.domainDegreesOfFreedom = quantile.degreesOfFreedom
      if quantile.degreesOfFreedom <= 0 {
        result.reason = .noDegreesOfFreedom
      } else if quantile.lower != nil || quantile.upper != nil {
        result.interval = Interval(
          method: request.interval.methodName,
          level: level,
          lower: quantile.lower ?? -.infinity,
          upper: quantile.upper ?? .infinity
        )
      }
      return result
    }
  }
}
