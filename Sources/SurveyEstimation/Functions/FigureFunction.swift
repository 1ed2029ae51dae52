internal import StatisticalFunctions
public import SurveyData

/// A function of estimates that is reported beside them.
public struct FigureFunction: Sendable {
  /// The name of the estimate in the results.
  public var key: String
  package var formula: FigureFormula
  /// What the function's value adds to its variance besides the estimates, such as numbers of another study.
  package var furtherVariance: (@Sendable (Double) -> Double)?
  /// Numbers that differ by domain: the formula there, of the same estimates; `nil` where they are not known.
  package var formulaInDomain: (@Sendable ([DomainValue]) -> FigureFormula?)?
  /// Its numbers speak of the whole sample alone.
  package var isOfWholeOnly = false
  /// A rate, whose limits are recovered from those of the estimates (``RecoveredLimits``) where it rises with each of them.
  package var isRate = false
  /// What a rate is held against.
  package var limit: Limit?

  /// A smooth function of estimates, by the delta method with their joint covariance.
  ///
  /// Formula: V = g′ V g, g the derivatives at the estimates. Source: Särndal, Swensson and Wretman (1992), §5.5.
  /// - Parameter formula: numbers, names of estimates, `+ − * / ^`, parentheses, `log`, `exp`, `sqrt`; a domain stands
  ///   behind a name in brackets: `api00[E] - api00[H]`.
  /// - Throws: a refusal naming the place that cannot be read.
  public init(_ formula: String) throws(InputRefusal) {
    self.init(key: formula, formula: try FigureFormula(parsing: formula))
  }

  package init(
    key: String,
    formula: FigureFormula,
    furtherVariance: (@Sendable (Double) -> Double)? = nil
  ) {
    self.key = key
    self.formula = formula
    self.furtherVariance = furtherVariance
  }

  /// The formula of a domain.
  package func formula(in domain: [DomainValue]) -> FigureFormula? {
    guard let formulaInDomain else { return formula }
    return formulaInDomain(domain)
  }
}

extension Estimation {
  /// Functions of the estimates in every domain, or over the domains that they name.
  ///
  /// Formula: V = g′ V g with g the derivatives at the estimates and V their joint covariance (delta method); limits by
  /// Student's t with the fewest degrees of freedom among them. Needs the covariances of the estimation.
  /// Source: Särndal, Swensson and Wretman (1992), §5.5.
  /// - Parameters:
  ///   - functions: what is computed of the estimates.
  ///   - level: of the limits.
  ///   - hidden: keys that are found by their whole name only.
  /// - Returns: one estimate a function and domain.
  /// - Throws: a refusal for names that no estimate has, or that several have.
  package func estimates(
    of functions: [FigureFunction],
    level: Double,
    hidden: Set<String> = []
  ) throws(InputRefusal) -> [Estimate] {
    var findings: [Finding] = []
    var found: [Estimate] = []
    for function in functions {
      do throws(InputRefusal) {
        found += try estimates(of: function, level: level, hidden: hidden)
      } catch {
        findings += error.findings
      }
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    return found
  }

  private func estimates(
    of function: FigureFunction,
    level: Double,
    hidden: Set<String>
  ) throws(InputRefusal) -> [Estimate] {
    let names = function.formula.names
    let keys = try names.map { name throws(InputRefusal) in try key(of: name, hidden: hidden) }
    if function.isRate { try requireRates(keys, in: function) }
    let isOverDomains = names.contains { !$0.domain.isEmpty }
    var found: [Estimate] = []
    for matrix in covariances {
      let own = estimates.filter { $0.domain.map(\.variable) == matrix.by }
      var domains: [[DomainValue]] = []
      for estimate in own where !domains.contains(estimate.domain) { domains.append(estimate.domain) }
      if isOverDomains {
        let places = names.map { name in domains.filter { Self.matches($0, name.domain) } }
        guard !matrix.by.isEmpty, places.allSatisfy({ $0.count == 1 }) else { continue }
        let figures = zip(keys, places).compactMap { key, place in
          own.first { $0.indicator == key && $0.domain == place[0] }
        }
        guard figures.count == names.count else { continue }
        return [estimate(function, function.formula, figures, matrix, domain: [], level: level)]
      }
      for domain in domains where domain.isEmpty || !function.isOfWholeOnly {
        let figures = keys.compactMap { key in own.first { $0.indicator == key && $0.domain == domain } }
        guard figures.count == names.count else { continue }
        found.append(
          estimate(function, function.formula(in: domain), figures, matrix, domain: domain, level: level)
        )
      }
    }
    if !found.isEmpty { return found }
    throw InputRefusal(
      Finding(
        "formula-domain",
        value: function.formula.source,
        message: LocalizedText(
          zh: "没有一组域（--by）含有公式中的全部域，或方括号中的值不唯一。",
          en: "no set of domains (--by) holds all domains of the formula, or one of them is not unique."
        ),
        fix: LocalizedText(
          zh: "每个估计值都写上域，如 mean(x)[stype=E]，并用 --by stype 给出这组域。",
          en: "Name the domain of every estimate, as in mean(x)[stype=E], and give the set by --by stype."
        )
      )
    )
  }

  /// - Throws: a refusal with every figure that is estimated outside of 0…1 somewhere.
  private func requireRates(_ keys: [String], in function: FigureFunction) throws(InputRefusal) {
    let findings = keys.compactMap { key -> Finding? in
      let values = estimates.lazy.filter { $0.indicator == key }.compactMap(\.estimate)
      guard let odd = values.first(where: { $0 < 0 || $0 > 1 }) else { return nil }
      return Finding(
        "indicator-not-rate",
        column: function.key,
        value: key,
        message: LocalizedText(
          zh: "该估计值为 \(shortest(odd))，不在 0 与 1 之间，不是比率。",
          en: "this figure is no rate: it is estimated at \(shortest(odd))."
        ),
        fix: LocalizedText(zh: "请用 0 与 1 之间的估计值。", en: "Name a figure between 0 and 1.")
      )
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
  }

  private static func matches(_ domain: [DomainValue], _ parts: [String]) -> Bool {
    domain.count == parts.count
      && zip(domain, parts).allSatisfy { value, part in
        part == value.value || part == "\(value.variable)=\(value.value)"
      }
  }

  /// The estimate's key that a name means: the key itself, or the only one with that in its parentheses.
  private func key(of name: FigureName, hidden: Set<String>) throws(InputRefusal) -> String {
    var keys: [String] = []
    for estimate in estimates where !keys.contains(estimate.indicator) { keys.append(estimate.indicator) }
    if keys.contains(name.key) { return name.key }
    keys.removeAll { hidden.contains($0) }
    let inner = keys.filter { key in
      key.last == ")" && key.dropLast().hasSuffix("(" + name.key)
    }
    if inner.count == 1 { return inner[0] }
    let near = nearest(to: name.key, among: keys)
    let choices = (inner.isEmpty ? keys : inner).prefix(20).joined(separator: ", ")
    throw InputRefusal(
      Finding(
        "formula-name",
        value: name.key,
        message: inner.isEmpty
          ? LocalizedText(zh: "没有这个估计值。", en: "no estimate is called that.")
          : LocalizedText(zh: "有几个估计值叫这个名字。", en: "several estimates are called that."),
        fix: LocalizedText(
          zh: (inner.isEmpty ? near.map { "是否指“\($0)”？" } : nil) ?? "请写全名，可用：\(choices)。",
          en: (inner.isEmpty ? near.map { "Did you mean \"\($0)\"?" } : nil) ?? "Write the whole name: \(choices)."
        )
      )
    )
  }

  private func estimate(
    _ function: FigureFunction,
    _ formula: FigureFormula?,
    _ figures: [Estimate],
    _ matrix: CovarianceMatrix,
    domain: [DomainValue],
    level: Double
  ) -> Estimate {
    var counted: [[DomainValue]] = []
    var count = 0
    var weight = 0.0
    for figure in figures where !counted.contains(figure.domain) {
      counted.append(figure.domain)
      count += figure.unweightedCount
      weight += figure.weightedCount
    }
    var result = Estimate(
      indicator: function.key,
      domain: domain,
      estimate: nil,
      standardError: nil,
      unweightedCount: count,
      weightedCount: weight,
      events: nil,
      degreesOfFreedom: figures.compactMap(\.degreesOfFreedom).min(),
      domainDegreesOfFreedom: figures.compactMap(\.domainDegreesOfFreedom).min(),
      designEffect: nil,
      isProportion: function.isRate,
      interval: nil,
      comparison: nil,
      oneSided: nil,
      verdict: nil,
      isWithinUnit: figures.contains(where: \.isWithinUnit),
      reason: figures.lazy.compactMap { $0.estimate == nil ? $0.reason : nil }.first
    )
    let values = figures.compactMap(\.estimate)
    guard values.count == figures.count else { return result }
    guard let formula else {
      result.reason = .registerMissing
      return result
    }
    let (value, gradient) = formula.value(at: values)
    guard value.isFinite, gradient.allSatisfy(\.isFinite) else {
      result.reason = .zeroDenominator
      return result
    }
    result.estimate = value
    let places = figures.compactMap { matrix.names.firstIndex(of: Self.name($0)) }
    guard places.count == figures.count, figures.allSatisfy({ $0.standardError != nil }) else {
      result.reason = figures.lazy.compactMap(\.reason).first ?? .noDegreesOfFreedom
      return result
    }
    var variance = 0.0
    var scale = 0.0
    for (row, first) in places.enumerated() {
      for (column, second) in places.enumerated() {
        let part = gradient[row] * gradient[column] * matrix.values[first][second]
        variance += part
        scale += abs(part)
      }
    }
    // What cancels leaves a rounding error of either sign.
    guard variance.isFinite, variance >= -1e-12 * scale else {
      result.reason = .negativeVariance
      return result
    }
    let further = function.furtherVariance?(value) ?? 0
    variance = max(0, variance) + further
    result.standardError = variance.squareRoot()
    guard let freedom = result.degreesOfFreedom, freedom > 0 else {
      result.reason = .noDegreesOfFreedom
      return result
    }
    if function.isRate, gradient.allSatisfy({ $0 >= 0 }) {
      let recovered = RecoveredLimits(
        estimate: value,
        gradient: gradient,
        figures: figures,
        covariance: places.map { row in places.map { matrix.values[row][$0] } },
        furtherVariance: further,
        freedom: freedom
      )
      recovered.complete(&result, level: level, limit: function.limit)
      if result.interval == nil { result.reason = figures.lazy.compactMap(\.reason).first ?? .noEvent }
      return result
    }
    if let limits = studentLimits(
      estimate: value,
      variance: variance,
      degreesOfFreedom: Double(freedom),
      level: level
    ) {
      result.interval = Interval(method: "t", level: level, lower: limits.lower, upper: limits.upper)
    }
    return result
  }

  private static func name(_ estimate: Estimate) -> String {
    if estimate.domain.isEmpty { return estimate.indicator }
    return estimate.indicator + " @ "
      + estimate.domain.map { "\($0.variable)=\($0.value)" }.joined(separator: ",")
  }
}
