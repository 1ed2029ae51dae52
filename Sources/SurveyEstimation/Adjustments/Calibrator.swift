internal import Glibc
internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign

/// Factors by which weights move as little as possible to meet population totals.
///
/// Formula: Σ w F(x'λ) x = X, F(u) = 1 + u (linear), eᵘ (raking), or the logistic curve between the bounds (logit);
/// bounded linear and raking cut F at the bounds. Newton's method. Source: Deville and Särndal (1992), §2–3.
struct Calibrator: Sendable {
  private let spec: Calibration
  /// By column: the auxiliary variables over the rows, the intercept first.
  private let columns: [[Double]]
  /// By row: the unit whose rows share a factor.
  private let groupOfRow: [Int32]?

  private static let mostSteps = 500
  /// The largest misfit, relative to 1 + |total|.
  private static let tolerance = 1e-12

  /// - Throws: a refusal for missing auxiliary values and for collinear or miscounted totals.
  init(_ spec: Calibration, of sample: SurveySample) throws(InputRefusal) {
    self.spec = spec
    var columns: [[Double]] = spec.hasIntercept ? [[Double](repeating: 1, count: sample.rowCount)] : []
    var findings: [Finding] = []
    for term in spec.terms {
      var values = try term.numbers(over: sample.table)
      for row in values.indices where sample.weights[row] == 0 { values[row] = 0 }
      for row in values.indices where values[row].isNaN {
        findings.append(
          Finding(
            "auxiliary-missing",
            file: sample.table.file,
            row: sample.table.fileRow(of: row),
            column: term.source,
            message: LocalizedText(zh: "辅助变量缺失。", en: "the auxiliary variable is missing."),
            fix: LocalizedText(zh: "请补上，校准需要每一行的值。", en: "Fill it in: calibration needs it in every row.")
          )
        )
      }
      columns.append(values)
    }
    if columns.count != spec.totals.count {
      findings.append(
        Finding(
          "totals-count",
          value: "\(spec.totals.count)",
          message: LocalizedText(
            zh: "辅助变量 \(columns.count) 个，总数 \(spec.totals.count) 个。",
            en: "there are \(columns.count) auxiliary variables and \(spec.totals.count) totals."
          ),
          fix: LocalizedText(zh: "每个变量一个总数，截距在先。", en: "Give one total a variable, the intercept's first.")
        )
      )
    }
    if spec.distance == .logit, spec.lower == nil || spec.upper == nil {
      findings.append(
        Finding(
          "bounds-missing",
          message: LocalizedText(zh: "logit 校准须有上下界。", en: "logit calibration needs both bounds."),
          fix: LocalizedText(zh: "例如 0.3 与 3。", en: "For example 0.3 and 3.")
        )
      )
    }
    if let lower = spec.lower, let upper = spec.upper, !(lower < 1 && upper > 1) {
      findings.append(
        Finding(
          "bounds-range",
          value: "\(shortest(lower)), \(shortest(upper))",
          message: LocalizedText(
            zh: "下界应小于 1，上界应大于 1。",
            en: "the lower bound lies below 1 and the upper one above it."
          ),
          fix: LocalizedText(zh: "例如 0.3 与 3。", en: "For example 0.3 and 3.")
        )
      )
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    groupOfRow = try spec.commonFactorStage.map { stage throws(InputRefusal) in
      let units = sample.tree.stages[stage].units
      return sample.cells.map { units[Int($0)] }
    }
    self.columns = columns
  }

  /// The factor of every row.
  /// - Throws: a refusal that says which total is missed and by how much, or which variable is a combination of the
  ///   others.
  func factors(_ weights: [Double]) throws(InputRefusal) -> [Double] {
    let x = shared(weights)
    let w = weights
    let count = x.count
    var sampleTotals = [Double](repeating: 0, count: count)
    for column in 0..<count { sampleTotals[column] = sum(w, x[column]) }
    try refuseCollinear(x, w)
    var lambda = [Double](repeating: 0, count: count)
    var scores = [Double](repeating: 0, count: w.count)
    var misfit = zip(spec.totals, sampleTotals).map { $0 - $1 }
    for _ in 0..<Self.mostSteps {
      let slopes = scores.map { slope($0) }
      var information = Matrix(rows: count, columns: count)
      for row in 0..<count {
        for column in row..<count {
          var sum = 0.0
          for index in w.indices { sum += w[index] * slopes[index] * x[row][index] * x[column][index] }
          information[row, column] = sum
          information[column, row] = sum
        }
      }
      guard let inverse = information.pseudoInverse(tolerance: 256 * 0x1p-52) else { break }
      var step = inverse * misfit
      var next = lambda
      for _ in 0..<60 {
        next = zip(lambda, step).map { $0 + $1 }
        scores = rowScores(x, next)
        if scores.allSatisfy({ factor($0).isFinite && slope($0).isFinite }) { break }
        step = step.map { $0 / 2 }
      }
      lambda = next
      misfit = (0..<count).map { column in
        var sum = 0.0
        for index in w.indices { sum += w[index] * factor(scores[index]) * x[column][index] }
        return spec.totals[column] - sum
      }
      let isMet = zip(misfit, spec.totals).allSatisfy { abs($0) <= Self.tolerance * (1 + abs($1)) }
      if isMet { return scores.map { factor($0) } }
      // Rounding of large totals can leave more than the tolerance; a linear step is final.
      if spec.distance == .linear, spec.lower == nil, spec.upper == nil {
        if zip(misfit, spec.totals).allSatisfy({ abs($0) <= 1e-9 * (1 + abs($1)) }) { return scores.map { factor($0) } }
      }
    }
    if zip(misfit, spec.totals).allSatisfy({ abs($0) <= 1e-10 * (1 + abs($1)) }) { return scores.map { factor($0) } }
    throw unmet(misfit)
  }

  /// How far the total that is furthest off was missed, as a share of it.
  func largestMiss(_ weights: [Double]) -> Double {
    zip(columns, spec.totals).map { relativeMiss(sum(weights, $0), $1) }.max() ?? 0
  }

  /// What the auxiliary variables explain of a score.
  func projection(_ weights: [Double], factors: [Double]) -> any ScoreProjection {
    let x = shared(weights)
    let roots = weights.map { $0.squareRoot() }
    return RegressionProjection(
      basis: OrthonormalBasis(x.map { column in zip(column, roots).map { $0 * $1 } }),
      scale: zip(factors, roots).map { $0 * $1 }
    )
  }

  /// Auxiliary values; where rows share a factor, the weighted means of these rows, so that the totals are met also
  /// where their weights differ.
  private func shared(_ weights: [Double]) -> [[Double]] {
    guard let groupOfRow else { return columns }
    func sums(_ values: (Int) -> Double) -> [Int32: Double] {
      var sums: [Int32: Double] = [:]
      for row in groupOfRow.indices { sums[groupOfRow[row], default: 0] += values(row) }
      return sums
    }
    let whole = sums { weights[$0] }
    return columns.map { column in
      let weighted = sums { weights[$0] * column[$0] }
      return column.indices.map { row in
        let group = groupOfRow[row]
        // Without weight the values say nothing.
        guard let weight = whole[group], weight != 0 else { return 0 }
        return (weighted[group] ?? 0) / weight
      }
    }
  }

  private func rowScores(_ x: [[Double]], _ lambda: [Double]) -> [Double] {
    var scores = [Double](repeating: 0, count: x.first?.count ?? 0)
    for (column, factor) in lambda.enumerated() {
      for row in scores.indices { scores[row] += factor * x[column][row] }
    }
    return scores
  }

  private func sum(_ weights: [Double], _ values: [Double]) -> Double {
    var sum = 0.0
    for row in weights.indices { sum += weights[row] * values[row] }
    return sum
  }

  private func factor(_ u: Double) -> Double {
    switch spec.distance {
    case .linear: bounded(1 + u)
    case .raking: bounded(exp(u))
    case .logit: logistic(u)
    }
  }

  private func slope(_ u: Double) -> Double {
    switch spec.distance {
    case .linear: return isInside(1 + u) ? 1 : 0
    case .raking: return isInside(exp(u)) ? exp(u) : 0
    case .logit:
      guard let lower = spec.lower, let upper = spec.upper else { return .nan }
      let value = logistic(u)
      return steepness(lower, upper) * (value - lower) * (upper - value) / (upper - lower)
    }
  }

  private func steepness(_ lower: Double, _ upper: Double) -> Double {
    (upper - lower) / ((upper - 1) * (1 - lower))
  }

  private func logistic(_ u: Double) -> Double {
    guard let lower = spec.lower, let upper = spec.upper else { return .nan }
    // Divided by the larger exponential, so that neither end overflows.
    let exponent = steepness(lower, upper) * u
    if exponent > 0 {
      let small = exp(-exponent)
      return (lower * (upper - 1) * small + upper * (1 - lower)) / ((upper - 1) * small + (1 - lower))
    }
    let small = exp(exponent)
    return (lower * (upper - 1) + upper * (1 - lower) * small) / (upper - 1 + (1 - lower) * small)
  }

  private func bounded(_ factor: Double) -> Double {
    min(spec.upper ?? .infinity, max(spec.lower ?? -.infinity, factor))
  }

  private func isInside(_ factor: Double) -> Bool {
    factor > spec.lower ?? -.infinity && factor < spec.upper ?? .infinity
  }

  private func name(_ column: Int) -> String {
    if spec.hasIntercept { return column == 0 ? "(intercept)" : spec.terms[column - 1].source }
    return spec.terms[column].source
  }

  private func refuseCollinear(_ x: [[Double]], _ w: [Double]) throws(InputRefusal) {
    let roots = w.map { $0.squareRoot() }
    var used: [[Double]] = []
    var findings: [Finding] = []
    for (place, column) in x.enumerated() {
      let scaled = zip(column, roots).map { $0 * $1 }
      if OrthonormalBasis(used + [scaled]).rank == used.count {
        findings.append(
          Finding(
            "auxiliary-collinear",
            column: name(place),
            message: LocalizedText(
              zh: "该辅助变量全为零，或可由其前面的变量线性表示。",
              en: "the auxiliary variable is zero, or a combination of those before it."
            ),
            fix: LocalizedText(zh: "请去掉它。", en: "Leave it out.")
          )
        )
      } else {
        used.append(scaled)
      }
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
  }

  private func unmet(_ misfit: [Double]) -> InputRefusal {
    let findings = misfit.indices
      .filter { abs(misfit[$0]) > 1e-10 * (1 + abs(spec.totals[$0])) }
      .map { column in
        Finding(
          "calibration-unmet",
          column: name(column),
          value: shortest(spec.totals[column]),
          message: LocalizedText(
            zh: "在给定的界内达不到该总数，相差 \(shortest(misfit[column]))。",
            en: "the total cannot be met within the bounds: \(shortest(misfit[column])) is missing."
          ),
          fix: LocalizedText(zh: "请放宽上下界，或核对总数。", en: "Widen the bounds, or check the total.")
        )
      }
    return InputRefusal(listing: findings)
  }
}

/// The residual of a score's regression on auxiliary variables.
///
/// Formula: s − a Q Q′ (s / a), Q an orthonormal basis of √w x and a = g √w. Source: Särndal, Swensson and Wretman
/// (1992), result 6.6.1.
struct RegressionProjection: ScoreProjection {
  let basis: OrthonormalBasis
  /// g √w by row.
  let scale: [Double]

  func residual(_ score: [Double]) -> [Double] {
    let scaled = score.indices.map { scale[$0] == 0 ? 0 : score[$0] / scale[$0] }
    return zip(basis.residual(scaled), scale).map { $0 * $1 }
  }
}
