internal import Glibc
internal import StatisticalFunctions
package import SurveyData

/// What a regression models the mean of its response by.
public enum RegressionFamily: String, Sendable, CaseIterable {
  /// The mean itself.
  case linear
  /// ln(p / (1 − p)) of a rate.
  case logistic
  /// ln of a count's mean.
  case poisson
}

/// A regression with the covariance of its design.
public struct SurveyRegression: Sendable {
  /// A coefficient with its test and limits.
  public struct Coefficient: Sendable {
    /// The term, `(Intercept)` first.
    public var name: String
    /// On the scale of the family's link.
    public var estimate: Double
    /// By the design.
    public var standardError: Double
    /// The estimate over its standard error.
    public var statistic: Double
    /// By Student's t with the residual degrees of freedom; NaN where there are none.
    public var pValue: Double
    /// The lower limit, with the degrees of freedom of the design.
    public var lower: Double
    /// The upper limit.
    public var upper: Double
  }

  /// What the mean was modelled by.
  public var family: RegressionFamily
  /// The intercept, then the terms; a column of classes has one for each value but the first.
  public var coefficients: [Coefficient]
  /// Of the coefficients, in their order.
  public var covariance: [[Double]]
  /// Of the tests: design degrees of freedom + 1 − coefficients.
  public var residualDegreesOfFreedom: Int
  /// Of the limits.
  public var designDegreesOfFreedom: Int
  /// The design's estimate of the Pearson residuals' variance.
  public var dispersion: Double
  /// Rows that the model was fitted to.
  public var rows: Int
}

extension SurveySample {
  /// Fits a generalised linear model by pseudo maximum likelihood.
  ///
  /// Formula: Σ w x (y − μ(x'β)) = 0 by iteratively reweighted least squares; the covariance is the design's of the
  /// scores A⁻¹ w x (y − μ), or that of the replicates' coefficients. Rows with a missing value are left out.
  /// Source: Binder (1983), Int. Statist. Rev. 51; R survey's `svyglm` (Lumley 2010).
  /// - Throws: a refusal for columns without numbers, collinear terms and responses outside the family's range.
  package func regression(
    _ response: Expression,
    on terms: [Expression],
    family: RegressionFamily,
    level: Double = 0.95,
    filter: Expression? = nil,
    domain: [DomainValue] = []
  ) throws(InputRefusal) -> SurveyRegression {
    let problem = try RegressionRows(self, response: response, terms: terms, filter: filter, domain: domain)
    try problem.requireRange(family, response: response)
    guard let fit = problem.fit(weights, family: family) else { throw Self.notFitted(terms) }
    let count = fit.coefficients.count
    let covariance: Matrix
    if let replicates {
      var replicated: [[Double]] = []
      for replicate in 0..<replicates.count {
        let column = replicates.column(replicate)
        if let own = problem.fit(column, family: family, start: fit.coefficients) {
          replicated.append(own.coefficients)
        } else if problem.fit(column, family: .linear) == nil {
          // Without one of the groups: there is nothing to estimate in this replicate.
          replicated.append([Double](repeating: .nan, count: count))
        } else {
          throw Self.separatedReplicate(terms, number: replicated.count + 1)
        }
      }
      guard let found = replicates.covariance(fit.coefficients, replicated) else { throw Self.notFitted(terms) }
      covariance = found
    } else {
      let scores = problem.scores(weights, fit: fit, family: family, rowCount: rowCount)
      guard let found = self.covariance(scores, isInside: problem.isInside) else { throw Self.notFitted(terms) }
      covariance = found
    }
    let freedom = plainFreedom(problem.isInside)
    let residual = freedom + 1 - count
    let names = ["(Intercept)"] + terms.map(\.source)
    let tests = StudentT(degreesOfFreedom: Double(residual))
    let quantile = freedom > 0 ? StudentT(degreesOfFreedom: Double(freedom)).quantile((1 + level) / 2) : .nan
    return SurveyRegression(
      family: family,
      coefficients: fit.coefficients.indices.map { place in
        let estimate = fit.coefficients[place]
        let error = max(0, covariance[place, place]).squareRoot()
        return SurveyRegression.Coefficient(
          name: names[place],
          estimate: estimate,
          standardError: error,
          statistic: estimate / error,
          pValue: residual > 0 ? 2 * tests.upperTail(abs(estimate / error)) : .nan,
          lower: estimate - quantile * error,
          upper: estimate + quantile * error
        )
      },
      covariance: covariance.rows,
      residualDegreesOfFreedom: residual,
      designDegreesOfFreedom: freedom,
      dispersion: problem.dispersion(weights, fit: fit, family: family),
      rows: problem.rows.count
    )
  }

  /// Leaving such a replicate out would leave out the spread that it shows.
  private static func separatedReplicate(_ terms: [Expression], number: Int) -> InputRefusal {
    InputRefusal(
      Finding(
        "regression-not-fitted",
        column: terms.map(\.source).joined(separator: ", "),
        value: "\(number)",
        message: LocalizedText(
          zh: "在第 \(number) 组重复权数下自变量把结局完全分开，系数无有限解。",
          en: "with replicate \(number) the terms separate the outcome: the coefficients have no finite value."
        ),
        fix: LocalizedText(
          zh: "请减少自变量，或改用线性化方差。",
          en: "Take fewer terms, or a design with a linearized variance."
        )
      )
    )
  }

  private static func notFitted(_ terms: [Expression]) -> InputRefusal {
    InputRefusal(
      Finding(
        "regression-not-fitted",
        column: terms.map(\.source).joined(separator: ", "),
        message: LocalizedText(
          zh: "回归没有唯一解：自变量共线，或结局被完全分开。",
          en: "the regression has no single solution: terms are collinear, or they separate the outcome."
        ),
        fix: LocalizedText(zh: "请去掉多余的自变量。", en: "Leave out terms that the others imply.")
      )
    )
  }
}

/// The rows of a regression, without those that lack a value.
struct RegressionRows: Sendable {
  let isInside: [Bool]
  let rows: [Int]
  /// By place in `rows`.
  private let response: [Double]
  /// By term, the intercept first: by place in `rows`.
  private let terms: [[Double]]

  struct Fit: Sendable {
    var coefficients: [Double]
    /// By place in `rows`.
    var means: [Double]
    /// (X'WX)⁻¹.
    var inverse: Matrix
  }

  init(
    _ sample: SurveySample,
    response: Expression,
    terms: [Expression],
    filter: Expression?,
    domain: [DomainValue]
  ) throws(InputRefusal) {
    let y = try response.numbers(over: sample.table)
    var columns: [[Double]] = []
    for term in terms { columns.append(try term.numbers(over: sample.table)) }
    var inside = try sample.rowsInside(domain, filter: filter)
    for row in inside.indices {
      inside[row] = inside[row] && !y[row].isNaN && columns.allSatisfy { !$0[row].isNaN }
    }
    isInside = inside
    let rows = inside.indices.filter { inside[$0] }
    self.rows = rows
    self.response = rows.map { y[$0] }
    self.terms = [[Double](repeating: 1, count: rows.count)] + columns.map { column in rows.map { column[$0] } }
  }

  /// A regression of something that stands in no column, over rows that must not lack a term.
  ///
  /// - Throws: a refusal with every missing value of a term.
  init(
    _ sample: SurveySample,
    response: [Double],
    terms: [Expression],
    rows isUsed: [Bool]
  ) throws(InputRefusal) {
    isInside = isUsed
    let rows = isUsed.indices.filter { isUsed[$0] }
    self.rows = rows
    self.response = rows.map { response[$0] }
    var columns = [[Double](repeating: 1, count: rows.count)]
    var findings: [Finding] = []
    for term in terms {
      let values = try term.numbers(over: sample.table)
      for row in rows where values[row].isNaN {
        findings.append(
          Finding(
            "propensity-missing",
            file: sample.table.file,
            row: sample.table.fileRow(of: row),
            column: term.source,
            message: LocalizedText(zh: "应答倾向的自变量缺失。", en: "a term of the response propensity is missing."),
            fix: LocalizedText(
              zh: "自变量须对应答与无应答的单位都已知。",
              en: "Terms must be known of those who answered and of those who did not."
            )
          )
        )
      }
      columns.append(rows.map { values[$0] })
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    self.terms = columns
  }

  /// A term, the intercept as 0, in a place of `rows`.
  func term(_ term: Int, _ place: Int) -> Double { terms[term][place] }

  /// Refuses a response that the family cannot have.
  func requireRange(_ family: RegressionFamily, response name: Expression) throws(InputRefusal) {
    let range: ClosedRange<Double>
    switch family {
    case .linear: return
    case .logistic: range = 0...1
    case .poisson: range = 0...Double.greatestFiniteMagnitude
    }
    guard let bad = response.first(where: { !range.contains($0) }) else { return }
    throw InputRefusal(
      Finding(
        "response-range",
        column: name.source,
        value: shortest(bad),
        message: LocalizedText(zh: "因变量的值超出该模型的范围。", en: "the response has a value that this model cannot have."),
        fix: family == .logistic
          ? LocalizedText(zh: "logistic 回归的因变量应在 0 与 1 之间。", en: "A logistic regression takes values from 0 to 1.")
          : LocalizedText(zh: "Poisson 回归的因变量不小于 0。", en: "A Poisson regression takes values of at least 0.")
      )
    )
  }

  /// - Parameter weights: by row of the sample.
  /// - Returns: `nil` where the terms are collinear or the steps do not settle.
  func fit(_ weights: [Double], family: RegressionFamily, start: [Double]? = nil) -> Fit? {
    let own = rows.map { weights[$0] }
    let average = own.reduce(0, +) / Double(max(1, own.count))
    let prior = own.map { $0 / average }
    let count = terms.count
    var linear: [Double]
    if let start {
      linear = predictor(start)
    } else {
      linear = response.indices.map { place in
        switch family {
        case .linear: response[place]
        case .logistic: logit((prior[place] * response[place] + 0.5) / (prior[place] + 1))
        case .poisson: log(response[place] + 0.1)
        }
      }
    }
    var coefficients = [Double](repeating: 0, count: count)
    var last = Double.infinity
    for _ in 0..<100 {
      let means = linear.map { mean(family, $0) }
      var information = Matrix(rows: count, columns: count)
      var right = [Double](repeating: 0, count: count)
      for place in response.indices where prior[place] != 0 {
        let slope = slope(family, means[place])
        let weight = prior[place] * slope
        guard weight > 0 else { continue }
        let working = linear[place] + (response[place] - means[place]) / slope
        for row in 0..<count {
          let part = weight * terms[row][place]
          right[row] += part * working
          for column in row..<count { information[row, column] += part * terms[column][place] }
        }
      }
      for row in 0..<count {
        for column in 0..<row { information[row, column] = information[column, row] }
      }
      guard isRegular(information), let inverse = information.inverse else { return nil }
      let next = inverse * right
      guard next.allSatisfy(\.isFinite) else { return nil }
      var change = 0.0
      for place in next.indices {
        change = max(change, abs(next[place] - coefficients[place]) / (1e-3 + abs(next[place])))
      }
      coefficients = next
      linear = predictor(next)
      // Two more steps than needed cost nothing: the last one only polishes.
      if change < 1e-13 || (change < 1e-9 && change >= last) {
        return Fit(coefficients: next, means: linear.map { mean(family, $0) }, inverse: inverse)
      }
      last = change
    }
    return nil
  }

  /// By coefficient: A⁻¹ w x (y − μ) by row of the sample.
  func scores(_ weights: [Double], fit: Fit, family: RegressionFamily, rowCount: Int) -> [[Double]] {
    let own = rows.map { weights[$0] }
    let average = own.reduce(0, +) / Double(max(1, own.count))
    var result = [[Double]](repeating: [Double](repeating: 0, count: rowCount), count: terms.count)
    for (place, row) in rows.enumerated() {
      let residual = own[place] / average * (response[place] - fit.means[place])
      for coefficient in terms.indices {
        var sum = 0.0
        for term in terms.indices { sum += fit.inverse[coefficient, term] * terms[term][place] }
        result[coefficient][row] = sum * residual
      }
    }
    return result
  }

  /// The weighted variance of (y − μ) / √V(μ).
  func dispersion(_ weights: [Double], fit: Fit, family: RegressionFamily) -> Double {
    let own = rows.map { weights[$0] }
    let total = own.reduce(0, +)
    let residuals = response.indices.map { place in
      (response[place] - fit.means[place]) / slope(family, fit.means[place]).squareRoot()
    }
    var center = 0.0
    for place in residuals.indices { center += own[place] * residuals[place] / total }
    var square = 0.0
    for place in residuals.indices { square += own[place] * (residuals[place] - center) * (residuals[place] - center) }
    let count = Double(residuals.count)
    return square / total * count / (count - 1)
  }

  private func predictor(_ coefficients: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: rows.count)
    for (term, factor) in coefficients.enumerated() {
      for place in result.indices { result[place] += factor * terms[term][place] }
    }
    return result
  }

  /// Whether no term is a combination of the others.
  private func isRegular(_ information: Matrix) -> Bool {
    let scales = information.diagonal.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    if scales.contains(0) { return false }
    var scaled = information
    for row in scales.indices {
      for column in scales.indices { scaled[row, column] *= scales[row] * scales[column] }
    }
    guard let values = scaled.symmetricEigenvalues, let least = values.first else { return false }
    return least > 1e-14
  }

  private func mean(_ family: RegressionFamily, _ linear: Double) -> Double {
    switch family {
    case .linear: linear
    case .logistic: linear > 0 ? 1 / (1 + exp(-linear)) : exp(linear) / (1 + exp(linear))
    case .poisson: exp(linear)
    }
  }

  /// dμ/dη, which with these links is the variance function as well.
  private func slope(_ family: RegressionFamily, _ mean: Double) -> Double {
    switch family {
    case .linear: 1
    case .logistic: mean * (1 - mean)
    case .poisson: mean
    }
  }

  private func logit(_ p: Double) -> Double { log(p / (1 - p)) }
}
