import SurveyData
import SurveyDesign
import SurveyEstimation

/// One case on a linear design: the question put to our estimator, and its answer beside R's.
struct EstimationCase {
  static let operations: Set<String> = ["mean", "total", "ratio", "by", "variance", "degf", "contrast", "ciprop"]

  /// R's names of intervals and ours; what is not here is skipped.
  private static let intervals = [
    "logit": "logit", "xlogit": "xlogit", "asin": "asin", "beta": "beta", "mean": "mean",
    "korn_graubard": "korn-graubard", "wilson_design": "wilson",
  ]

  private let fields: [String: Any]
  private let operation: String
  private let design: ReferenceDesign
  private let table: Table
  private let level: Double
  private let by: [String]

  init(_ fields: [String: Any], operation: String, design: ReferenceDesign, table: Table) throws {
    self.fields = fields
    self.operation = operation
    self.design = design
    self.table = table
    level = referenceNumber(fields["level"]) ?? 0.95
    by = referenceTexts(fields["by"])
  }

  private var dropsMissing: Bool { fields["na_rm"] as? Bool ?? false }
  private var statistic: String { fields["stat"] as? String ?? operation }

  /// What differs from R; empty where nothing does.
  func failures(_ expected: [String: Any]) throws -> [String] {
    switch operation {
    case "degf":
      let answer = try run([Indicator(key: "rows", statistic: .mean(Expression(parsing: "1")))])
      return disagreements("df", freedoms(answer), referenceNumbers(expected["df"]), tolerance: 0)
    case "by": return try domainFailures(expected)
    case "contrast": return try contrastFailures(expected)
    case "ciprop": return try intervalFailures(expected)
    default: return try figureFailures(expected)
    }
  }

  /// A case that R refuses or answers with an artefact: ours must be a refusal, a reason, or an exact-type bound.
  func refusalFailures(_ expected: [String: Any]) throws -> [String] {
    if operation == "degf" {
      let answer = try run([Indicator(key: "rows", statistic: .mean(Expression(parsing: "1")))])
      return disagreements("df", freedoms(answer), referenceNumbers(expected["df"]), tolerance: 0)
    }
    let answer = try run(operation == "ciprop" ? [try proportion()] : try indicators())
    return answer.estimates.compactMap { estimate in
      guard let interval = estimate.interval else {
        return estimate.reason == nil && operation != "ciprop"
          ? "\(estimate.indicator): neither a refusal, a reason nor a bound" : nil
      }
      let isExact = interval.lower >= 0 && interval.upper <= 1 && (interval.lower == 0 || interval.upper == 1)
      return isExact ? nil : "\(estimate.indicator): \(interval.lower)…\(interval.upper) is no exact-type bound"
    }
  }

  // MARK: the question

  private func run(_ indicators: [Indicator], covariances: Bool = false) throws -> Estimation {
    var reference: DesignEffectReference?
    if let word = fields["deff"] as? String, word == "replace" {
      reference = .withReplacement
    } else if fields["deff"] as? Bool ?? false {
      reference = .withoutReplacement
    }
    let request = EstimationRequest(
      indicators: indicators, domains: [by], level: level, domainVariance: .unconditional,
      domainFreedom: .design, deff: reference, plannedCorrelation: 0, dropsMissing: dropsMissing,
      covariances: covariances)
    return try estimate(table, design: design.design, request: request)
  }

  private func filter() throws -> Expression? {
    let parts = design.filters + (try conditions(fields["where"]))
    return parts.isEmpty ? nil : try Expression(parsing: parts.joined(separator: " and "))
  }

  private func indicators() throws -> [Indicator] {
    let variables = referenceTexts(fields["variables"])
    let filter = try filter()
    if statistic == "ratio" {
      let parts = [fields["numerator"], fields["denominator"]].map { referenceTexts($0).first ?? "" }
      return [
        Indicator(
          key: parts.joined(separator: "/"),
          statistic: .ratio(Expression(column: parts[0]), Expression(column: parts[1])), filter: filter)
      ]
    }
    return try variables.flatMap { variable in
      // R's `na.rm` drops a row when any of the variables is missing: 0 times the others carries that over.
      let others = dropsMissing ? variables.filter { $0 != variable } : []
      let value = try Expression(parsing: (["`\(variable)`"] + others.map { "0 * `\($0)`" }).joined(separator: " + "))
      let column = try table.column(variable)
      if case .notNumbers = column.numbers() {
        guard statistic == "mean" || statistic == "total" else { throw Unsupported(what: "\(statistic) of levels") }
        if statistic == "mean" {
          return [Indicator(key: variable, statistic: .proportions(variable), filter: filter)]
        }
        return try column.codedText.levels.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { level in
          Indicator(
            key: "\(variable)=\(level)",
            statistic: .total(try Expression(parsing: "`\(variable)` == '\(level)'")), filter: filter)
        }
      }
      let kind: Indicator.Statistic
      switch statistic {
      case "mean", "contrast": kind = .mean(value)
      case "total": kind = .total(value)
      case "variance": kind = .variance(value)
      default: throw Unsupported(what: statistic)
      }
      return [Indicator(key: variable, statistic: kind, filter: filter)]
    }
  }

  private func proportion() throws -> Indicator {
    let method = fields["method"] as? String ?? ""
    guard let name = Self.intervals[method] else { throw Unsupported(what: method) }
    let variable = referenceTexts(fields["variables"]).first ?? ""
    return Indicator(
      key: variable, statistic: .mean(Expression(column: variable)), filter: try filter(), interval: name)
  }

  // MARK: the answer

  private func freedoms(_ answer: Estimation) -> [Double?] {
    answer.estimates.prefix(1).map { $0.degreesOfFreedom.map(Double.init) }
  }

  private func figureFailures(_ expected: [String: Any]) throws -> [String] {
    let wantsCovariances = expected["vcov"] != nil
    let answer = try run(try indicators(), covariances: wantsCovariances)
    var failures = compare(answer.estimates, with: expected)
    if expected["df"] != nil {
      failures += disagreements("df", freedoms(answer), referenceNumbers(expected["df"]), tolerance: 0)
    }
    if wantsCovariances { failures += covarianceFailures(answer, expected) }
    return failures
  }

  private func domainFailures(_ expected: [String: Any]) throws -> [String] {
    let wantsCovariances = expected["vcov"] != nil
    let answer = try run(try indicators(), covariances: wantsCovariances)
    var failures: [String] = []
    for group in expected["groups"] as? [[String: Any]] ?? [] {
      let key = (group["key"] as? [String: Any] ?? [:]).mapValues { "\($0)" }
      let own = answer.estimates.filter { estimate in
        estimate.domain.allSatisfy { key[$0.variable] == $0.value } && estimate.domain.count == key.count
      }
      var wanted = group
      wanted["level"] = expected["level"]
      let label = key.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      failures += compare(own, with: wanted).map { "\(label) \($0)" }
      if let first = own.first {
        failures += disagreements(
          "\(label) df_domain", [first.domainDegreesOfFreedom.map(Double.init)], referenceNumbers(group["df_domain"]),
          tolerance: 0)
        if !dropsMissing, statistic != "ratio" {
          failures += disagreements(
            "\(label) n", [Double(first.unweightedCount)], referenceNumbers(group["n"]), tolerance: 0)
          failures += disagreements(
            "\(label) sum_weights", [first.weightedCount], referenceNumbers(group["sum_weights"]),
            tolerance: ReferenceTolerance.estimate)
        }
      }
    }
    if wantsCovariances { failures += covarianceFailures(answer, expected) }
    return failures
  }

  private func compare(_ estimates: [Estimate], with expected: [String: Any]) -> [String] {
    let tolerance = ReferenceTolerance.estimate
    let floors = estimates.map { 1e-12 * max(1, abs($0.estimate ?? 0)) }
    var failures = disagreements(
      "estimate", estimates.map(\.estimate), referenceNumbers(expected["estimate"]), tolerance: tolerance)
    let errors = referenceNumbers(expected["se"])
    // Where R has no number (its average policy below the first stage), a finite answer is the better one.
    let isOpen = errors.map { $0.map(\.isNaN) } ?? []
    func known(_ values: [Double?], _ key: String) -> ([Double?], [Double]?) {
      guard let wanted = referenceNumbers(expected[key]), wanted.count == values.count else {
        return (values, referenceNumbers(expected[key]))
      }
      let places = wanted.indices.filter { !(isOpen.indices.contains($0) && isOpen[$0]) }
      return (places.map { values[$0] }, places.map { wanted[$0] })
    }
    func check(_ what: String, _ values: [Double?], floors: [Double] = []) {
      let (found, wanted) = known(values, what)
      failures += disagreements(what, found, wanted, tolerance: tolerance, floors: floors)
    }
    check("se", estimates.map(\.standardError), floors: floors)
    let limits = estimates.map { estimate -> (lower: Double, upper: Double)? in
      guard let value = estimate.estimate, let error = estimate.standardError,
        let freedom = estimate.degreesOfFreedom
      else { return nil }
      return studentLimits(
        estimate: value, variance: error * error, degreesOfFreedom: Double(freedom), level: level)
    }
    check("ci_lower", limits.map { $0?.lower }, floors: floors)
    check("ci_upper", limits.map { $0?.upper }, floors: floors)
    if let effects = referenceNumbers(expected["deff"]), !effects.contains(where: \.isNaN) {
      check("deff", estimates.map(\.designEffect))
    }
    return failures
  }

  private func covarianceFailures(_ answer: Estimation, _ expected: [String: Any]) -> [String] {
    guard let rows = expected["vcov"] as? [[Any]], let matrix = answer.covariances.first else { return [] }
    let names = covarianceNames(answer, expected)
    let places = names.map { name in matrix.names.firstIndex(of: name) }
    guard places.count == rows.count else {
      return ["vcov: \(places.count) figures, expected \(rows.count) rows"]
    }
    var failures: [String] = []
    for row in rows.indices {
      let wanted = referenceNumbers(rows[row]) ?? []
      for column in wanted.indices where !wanted[column].isNaN {
        guard let first = places[row], let second = places[column] else {
          failures.append("vcov \(row + 1),\(column + 1): no value, expected \(wanted[column])")
          continue
        }
        // A covariance near zero is a difference of large sums: it is held against the product of the errors.
        let scale = (matrix.values[first][first] * matrix.values[second][second]).squareRoot()
        if let failure = disagreement(
          "vcov \(row + 1),\(column + 1)", matrix.values[first][second], wanted[column],
          tolerance: ReferenceTolerance.estimate, floor: 1e-12 * scale)
        {
          failures.append(failure)
        }
      }
    }
    return failures
  }

  /// Our names of the figures in the order of R's matrix: variable by variable, groups in the case's order.
  private func covarianceNames(_ answer: Estimation, _ expected: [String: Any]) -> [String] {
    var keys: [String] = []
    for estimate in answer.estimates where !keys.contains(estimate.indicator) { keys.append(estimate.indicator) }
    guard let groups = expected["groups"] as? [[String: Any]] else { return keys }
    return keys.flatMap { key in
      groups.map { group in
        let values = (group["key"] as? [String: Any] ?? [:]).mapValues { "\($0)" }
        return key + " @ " + by.map { "\($0)=\(values[$0] ?? "")" }.joined(separator: ",")
      }
    }
  }

  private func contrastFailures(_ expected: [String: Any]) throws -> [String] {
    guard let coefficients = referenceNumbers(fields["coefficients"]) else {
      throw Unsupported(what: "expression")
    }
    let answer = try run(try indicators(), covariances: true)
    guard let matrix = answer.covariances.first, answer.estimates.count == coefficients.count,
      matrix.values.count == coefficients.count
    else { return ["contrast: figures and coefficients do not fit"] }
    var value = 0.0
    var variance = 0.0
    for row in coefficients.indices {
      value += coefficients[row] * (answer.estimates[row].estimate ?? .nan)
      for column in coefficients.indices {
        variance += coefficients[row] * coefficients[column] * matrix.values[row][column]
      }
    }
    let freedom = answer.estimates[0].degreesOfFreedom ?? 0
    let limits = studentLimits(
      estimate: value, variance: variance, degreesOfFreedom: Double(freedom), level: level)
    let tolerance = ReferenceTolerance.estimate
    return disagreements("estimate", [value], referenceNumbers(expected["estimate"]), tolerance: tolerance)
      + disagreements("se", [variance.squareRoot()], referenceNumbers(expected["se"]), tolerance: tolerance)
      + disagreements("df", [Double(freedom)], referenceNumbers(expected["df"]), tolerance: 0)
      + disagreements("ci_lower", [limits?.lower], referenceNumbers(expected["ci_lower"]), tolerance: tolerance)
      + disagreements("ci_upper", [limits?.upper], referenceNumbers(expected["ci_upper"]), tolerance: tolerance)
  }

  private func intervalFailures(_ expected: [String: Any]) throws -> [String] {
    let answer = try run([try proportion()])
    guard let estimate = answer.estimates.first else { return ["no estimate"] }
    let interval = estimate.interval
    let isRegression = fields["method"] as? String == "logit"
    let tolerance = isRegression ? ReferenceTolerance.regression : ReferenceTolerance.interval
    var failures =
      disagreements(
        "estimate", [estimate.estimate], referenceNumbers(expected["estimate"]),
        tolerance: isRegression ? ReferenceTolerance.regression : ReferenceTolerance.estimate)
      + disagreements(
        "df", [estimate.degreesOfFreedom.map(Double.init)], referenceNumbers(expected["df"]), tolerance: 0)
      + disagreements("ci_lower", [interval?.lower], referenceNumbers(expected["ci_lower"]), tolerance: tolerance)
      + disagreements("ci_upper", [interval?.upper], referenceNumbers(expected["ci_upper"]), tolerance: tolerance)
    failures += disagreements(
      "se", [estimate.standardError], referenceNumbers(expected["se"]), tolerance: tolerance,
      floors: [1e-12])
    return failures
  }
}
