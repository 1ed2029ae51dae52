internal import StatisticalFunctions
public import SurveyData

/// How the second judgements of a subsample correct the first judgements of the whole sample.
public enum DoubleSamplingMethod: String, Sendable, CaseIterable {
  /// The slope of second judgements on first ones, over the rows that have both.
  case regression
  /// The slope is taken to be 1.
  case difference
  /// Classes of equal first judgements.
  case postStratified = "post-stratified"
}

/// A mean of second judgements that only a subsample has, with the help of first ones that all rows have.
public struct DoubleSamplingRequest: Sendable {
  package var second: Expression
  package var first: Expression
  package var method: DoubleSamplingMethod
  package var filter: Expression?
  /// What the figure is called; `nil`: by its judgements.
  package var name: String?

  /// The mean of second judgements, corrected by first ones; the estimate is named `double(second ~ first)`.
  ///
  /// Source: Cochran (1977), Sampling Techniques, ch. 12; Särndal, Swensson and Wretman (1992), §9.6–9.7.
  /// - Parameters:
  ///   - second: a formula that the rows of the second phase have.
  ///   - first: a formula that all rows have.
  ///   - method: how the first judgements help.
  ///   - condition: a formula known of all rows; those that do not fulfil it are outside the domain.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public init(
    of second: String,
    by first: String,
    method: DoubleSamplingMethod,
    where condition: String? = nil
  ) throws(InputRefusal) {
    var filter: Expression?
    if let condition { filter = try Expression(parsing: condition) }
    self.init(
      second: try Expression(parsing: second),
      first: try Expression(parsing: first),
      method: method,
      filter: filter
    )
  }

  package init(second: Expression, first: Expression, method: DoubleSamplingMethod, filter: Expression? = nil) {
    self.second = second
    self.first = first
    self.method = method
    self.filter = filter
  }

  package var key: String { name ?? "double(\(second.source) ~ \(first.source))" }
}

extension SurveySample {
  /// The mean of the second judgements, corrected by the first ones.
  ///
  /// Formula, x̄₁ over the first phase and ȳ₂, x̄₂ over the second, each with the weights of its phase:
  /// regression ȳ₂ + b (x̄₁ − x̄₂) with b = S_xy / S_xx of the second phase; difference x̄₁ + (ȳ₂ − x̄₂); post-stratified
  /// Σ_c (N̂₁c / N̂₁) ȳ₂c. The variance is V₁(y) + V₂(g e): the first phase's of y itself and the second phase's, given the
  /// first, of the residuals e with the factors g by which the estimator changes weights; for two simple random samples
  /// (1/n₁ − 1/N) s_y² + (1/n₂ − 1/n₁) s_ge².
  /// Source: Cochran (1977), Sampling Techniques, ch. 12; Särndal, Swensson and Wretman (1992), §9.6–9.7.
  /// - Parameters:
  ///   - request: what is estimated.
  ///   - domain: known in the first phase; empty for the whole sample.
  ///   - level: of the limits, by Student's t.
  /// - Returns: the estimate, `nil` figures with their reason: also a domain whose second judgements do not suffice. Where
  ///   the judgements agree all over there are no limits, for a spread of 0 is no sign of certainty.
  /// - Throws: a refusal for missing judgements and a design of one phase; of the whole sample also for a class without a
  ///   second judgement and for first judgements without a slope.
  package func estimate(
    of request: DoubleSamplingRequest,
    in domain: [DomainValue],
    level: Double
  ) throws(InputRefusal) -> Estimate {
    guard let phase = variance as? PhaseTwo else {
      throw InputRefusal(
        Finding(
          "second-phase-missing",
          message: LocalizedText(zh: "双重抽样须有第二阶段样本的标记。", en: "double sampling needs the rows of the second phase."),
          fix: LocalizedText(zh: "请给出 --second-phase。", en: "Give --second-phase.")
        )
      )
    }
    let rows = try firstPhaseRows(in: domain, filter: request.filter)
    let data = try DoubleSample(request, sample: self, phase: phase, rows: rows)
    var result = Estimate(
      unanswered: request.key,
      domain: domain,
      unweightedCount: data.second.count,
      weightedCount: data.firstWeight
    )
    guard !data.second.isEmpty else {
      result.reason = .emptyDomain
      return result
    }
    let solution: DoubleSample.Solution
    do throws(DoubleSample.Unsolvable) {
      solution = try data.solve()
    } catch {
      // One domain that cannot answer leaves the others their figures.
      guard !domain.isEmpty else { throw error.refusal }
      result.reason = error.reason
      return result
    }
    result.estimate = solution.estimate
    var isInside = [Bool](repeating: false, count: rowCount)
    for row in data.second { isInside[row] = true }
    let freedom = plainFreedom(isInside)
    result.degreesOfFreedom = freedom
    result.domainDegreesOfFreedom = freedom
    let variance = phase.variance(first: solution.scores, second: solution.residuals)
    guard variance.isFinite, variance >= -1e-12 * solution.estimate * solution.estimate else {
      result.reason = .negativeVariance
      return result
    }
    result.standardError = max(0, variance).squareRoot()
    guard freedom > 0 else {
      result.reason = .noDegreesOfFreedom
      return result
    }
    // What cancels leaves a rounding error.
    guard variance > 1e-24 * solution.estimate * solution.estimate else {
      result.reason = .noSpread
      return result
    }
    if let limits = studentLimits(
      estimate: solution.estimate,
      variance: variance,
      degreesOfFreedom: Double(freedom),
      level: level
    ) {
      result.interval = Interval(method: "t", level: level, lower: limits.lower, upper: limits.upper)
    }
    if let bounds = studentLimits(
      estimate: solution.estimate,
      variance: variance,
      degreesOfFreedom: Double(freedom),
      level: 2 * level - 1
    ) {
      result.oneSided = OneSidedBounds(level: level, lower: bounds.lower, upper: bounds.upper)
    }
    return result
  }

  private func firstPhaseRows(in domain: [DomainValue], filter: Expression?) throws(InputRefusal) -> [Int] {
    var isInside = [Bool](repeating: true, count: rowCount)
    if let filter { isInside = try filter.mask(over: table) }
    for value in domain {
      let text = try table.column(value.variable).codedText
      for row in isInside.indices where isInside[row] {
        isInside[row] = text.codes[row] >= 0 && text.levels[Int(text.codes[row])] == value.value
      }
    }
    return isInside.indices.filter { isInside[$0] }
  }
}

/// Both judgements with the weights of both phases.
private struct DoubleSample {
  let request: DoubleSamplingRequest
  let rowCount: Int
  /// Rows of the domain in the first and in the second phase.
  let first: [Int]
  let second: [Int]
  /// By row.
  let x: [Double]
  let y: [Double]
  let firstWeights: [Double]
  let weights: [Double]
  let firstWeight: Double

  struct Solution {
    var estimate: Double
    /// By row: w₂ (y − θ) / N̂₁, and w₂ g e / N̂₁.
    var scores: [Double]
    var residuals: [Double]
  }

  init(
    _ request: DoubleSamplingRequest,
    sample: SurveySample,
    phase: PhaseTwo,
    rows: [Int]
  ) throws(InputRefusal) {
    self.request = request
    rowCount = sample.rowCount
    first = rows
    second = rows.filter { phase.isSelected[$0] }
    x = try request.first.numbers(over: sample.table)
    y = try request.second.numbers(over: sample.table)
    firstWeights = phase.firstWeights
    weights = phase.weights
    var sum = 0.0
    for row in rows { sum += phase.firstWeights[row] }
    firstWeight = sum
    var findings: [Finding] = []
    func missing(_ row: Int, _ name: String, zh: String, en: String) {
      findings.append(
        Finding(
          "judgement-missing",
          file: sample.table.file,
          row: sample.table.fileRow(of: row),
          column: name,
          message: LocalizedText(zh: zh, en: en),
          fix: LocalizedText(zh: "请补上，或先在权数中处理无应答。", en: "Fill it in, or adjust the weights for who did not answer.")
        )
      )
    }
    for row in first where x[row].isNaN {
      missing(row, request.first.source, zh: "缺少第一次判定。", en: "the first judgement is missing.")
    }
    for row in second where y[row].isNaN {
      missing(
        row,
        request.second.source,
        zh: "第二阶段样本缺少第二次判定。",
        en: "a row of the second phase lacks the second judgement."
      )
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
  }

  /// Why second judgements give no estimate: the reason of a domain, the refusal of the whole.
  struct Unsolvable: Error {
    var reason: Reason
    var refusal: InputRefusal
  }

  func solve() throws(Unsolvable) -> Solution {
    switch request.method {
    case .difference: difference()
    case .regression: try regression()
    case .postStratified: try postStratified()
    }
  }

  private func sum(_ rows: [Int], _ weights: [Double], _ value: (Int) -> Double) -> Double {
    var sum = ExactSum()
    for row in rows { sum.add(weights[row] * value(row)) }
    return sum.value
  }

  private var secondWeight: Double { sum(second, weights) { _ in 1 } }

  /// - Parameter residual: g e by row.
  private func solution(_ estimate: Double, _ residual: (Int) -> Double) -> Solution {
    var scores = [Double](repeating: 0, count: rowCount)
    var residuals = scores
    for row in second {
      scores[row] = weights[row] * (y[row] - estimate) / firstWeight
      residuals[row] = weights[row] * residual(row) / firstWeight
    }
    return Solution(estimate: estimate, scores: scores, residuals: residuals)
  }

  private func difference() -> Solution {
    let shift = sum(second, weights) { y[$0] - x[$0] } / secondWeight
    return solution(sum(first, firstWeights) { x[$0] } / firstWeight + shift) {
      firstWeight / secondWeight * (y[$0] - x[$0] - shift)
    }
  }

  private func regression() throws(Unsolvable) -> Solution {
    let total = secondWeight
    let meanX = sum(second, weights) { x[$0] } / total
    let meanY = sum(second, weights) { y[$0] } / total
    let square = sum(second, weights) { (x[$0] - meanX) * (x[$0] - meanX) }
    guard square > 0 else {
      throw Unsolvable(
        reason: .firstJudgementConstant,
        refusal: InputRefusal(
          Finding(
            "judgement-constant",
            column: request.first.source,
            message: LocalizedText(
              zh: "第二阶段样本中第一次判定都相同，无法回归。",
              en: "the first judgement is the same in all rows of the second phase: no slope can be found."
            ),
            fix: LocalizedText(zh: "请用 --double-method difference。", en: "Use --double-method difference.")
          )
        )
      )
    }
    let slope = sum(second, weights) { (x[$0] - meanX) * (y[$0] - meanY) } / square
    let distance = sum(first, firstWeights) { x[$0] } / firstWeight - meanX
    return solution(meanY + slope * distance) { row in
      let factor = firstWeight * (1 / total + distance * (x[row] - meanX) / square)
      return factor * (y[row] - meanY - slope * (x[row] - meanX))
    }
  }

  private func postStratified() throws(Unsolvable) -> Solution {
    var firstSums: [Double: Double] = [:]
    var secondSums: [Double: (weight: Double, value: Double)] = [:]
    for row in first { firstSums[x[row], default: 0] += firstWeights[row] }
    for row in second {
      let known = secondSums[x[row]] ?? (0, 0)
      secondSums[x[row]] = (known.weight + weights[row], known.value + weights[row] * y[row])
    }
    let classes = firstSums.keys.sorted()
    let empty = classes.filter { secondSums[$0] == nil }
    if !empty.isEmpty {
      throw Unsolvable(
        reason: .classNotJudgedAgain,
        refusal: InputRefusal(
          listing: empty.map { value in
            Finding(
              "class-without-second-judgement",
              column: request.first.source,
              value: shortest(value),
              message: LocalizedText(
                zh: "第一次判定的这一类没有任何第二次判定。",
                en: "no row with this first judgement was judged again."
              ),
              fix: LocalizedText(zh: "请合并类，或用 regression。", en: "Join classes, or use regression.")
            )
          }
        )
      )
    }
    var estimate = 0.0
    var means: [Double: (mean: Double, factor: Double)] = [:]
    for value in classes {
      guard let own = secondSums[value], let all = firstSums[value] else { continue }
      means[value] = (own.value / own.weight, all / own.weight)
      estimate += all / firstWeight * own.value / own.weight
    }
    return solution(estimate) { row in
      guard let own = means[x[row]] else { return 0 }
      return own.factor * (y[row] - own.mean)
    }
  }
}
