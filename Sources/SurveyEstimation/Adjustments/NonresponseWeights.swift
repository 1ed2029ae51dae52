internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign

/// Eligible units without an answer hand their weight to respondents.
///
/// Formula: within classes ``Redistribution``; with 1/p̂ the weight w/p̂ of respondents, p̂ by logistic regression of
/// response over the eligible rows with their weights, Σ w (R − p̂) x = 0. Classes of the propensity have as many
/// eligible rows each as ties allow, from the lowest p̂ up. Ineligible units keep their weight or lose it.
/// Source: Little (1986), Int. Statist. Rev. 54; Valliant, Dever and Kreuter (2018), §13.5; for the variance of w/p̂ Kim
/// and Kim (2007), Canad. J. Statist. 35.
struct NonresponseWeights: Sendable {
  private let dispositions: [Disposition]
  private let keepsIneligible: Bool
  private let method: Method

  private enum Method: Sendable {
    case classes(RowClasses)
    case propensity(RegressionRows, terms: [Expression], classes: Int?)
  }

  init(_ spec: NonresponseAdjustment, of sample: SurveySample) throws(InputRefusal) {
    let dispositions = try OutcomeColumn(spec.outcome, of: sample.table).dispositions
    self.dispositions = dispositions
    keepsIneligible = spec.keepsIneligible
    let isUsed = dispositions.indices.map { row in
      sample.weights[row] != 0 && (dispositions[row] == .respondent || dispositions[row] == .nonrespondent)
    }
    switch spec.method {
    case .classes(let names): method = .classes(try RowClasses(names, of: sample.table, rows: isUsed))
    case .propensity(let terms, let classes):
      let rows = try RegressionRows(
        sample,
        response: dispositions.map { $0 == .respondent ? 1 : 0 },
        terms: terms,
        rows: isUsed
      )
      method = .propensity(rows, terms: terms, classes: classes)
    }
  }

  /// Rows that have answers.
  var isAnswering: [Bool] { dispositions.map { $0 == .respondent } }

  func adjusted(_ weights: [Double]) throws(InputRefusal) -> ([Double], any ScoreProjection) {
    var adjusted: [Double]
    let projection: any ScoreProjection
    switch method {
    case .classes(let classes): (adjusted, projection) = try redistributed(weights, classes)
    case .propensity(let rows, let terms, let count):
      guard let fit = rows.fit(weights, family: .logistic) else { throw Self.notFitted(terms) }
      if let count {
        let classes = Self.classes(rows, fit, count, rowCount: weights.count)
        (adjusted, projection) = try redistributed(weights, classes)
      } else {
        (adjusted, projection) = divided(weights, rows, fit)
      }
    }
    if !keepsIneligible {
      for row in adjusted.indices where dispositions[row] == .ineligible { adjusted[row] = 0 }
    }
    return (adjusted, projection)
  }

  private func redistributed(
    _ weights: [Double],
    _ classes: RowClasses
  ) throws(InputRefusal) -> ([Double], any ScoreProjection) {
    let redistribution = Redistribution(
      classOfRow: classes.classOfRow,
      classCount: classes.titles.count,
      isTaker: isAnswering
    )
    let adjusted = try redistribution.adjusted(weights) { classes.titles[$0] }
    return (adjusted, redistribution.projection(from: weights, to: adjusted))
  }

  private func divided(
    _ weights: [Double],
    _ rows: RegressionRows,
    _ fit: RegressionRows.Fit
  ) -> ([Double], any ScoreProjection) {
    var adjusted = weights
    for (place, row) in rows.rows.enumerated() {
      adjusted[row] = dispositions[row] == .respondent ? weights[row] / fit.means[place] : 0
    }
    return (
      adjusted,
      PropensityProjection(rows: rows, fit: fit, weights: weights, isAnswering: isAnswering)
    )
  }

  /// Classes by the rank of the fitted propensity; equal ones stay together.
  private static func classes(
    _ rows: RegressionRows,
    _ fit: RegressionRows.Fit,
    _ count: Int,
    rowCount: Int
  ) -> RowClasses {
    let order = rows.rows.indices.sorted { (fit.means[$0], $0) < (fit.means[$1], $1) }
    var classOfRow = [Int](repeating: -1, count: rowCount)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, fit.means[order[end]] - fit.means[order[end - 1]] <= 1e-9 * fit.means[order[end]] {
        end += 1
      }
      // The middle of the equal ones says in which class they are.
      let own = (start + end) * count / (2 * order.count)
      for place in order[start..<end] { classOfRow[rows.rows[place]] = own }
      start = end
    }
    return RowClasses(classOfRow: classOfRow, titles: (1...count).map { "p̂ \($0)/\(count)" })
  }

  private static func notFitted(_ terms: [Expression]) -> InputRefusal {
    InputRefusal(
      Finding(
        "propensity-not-fitted",
        column: terms.map(\.source).joined(separator: ", "),
        message: LocalizedText(
          zh: "应答倾向的回归（或它的某个重复）没有唯一解：自变量共线，或完全分开了应答与无应答。",
          en:
            "the regression of response, or a replicate of it, has no single solution: terms are collinear, or tell respondents from others without fail."
        ),
        fix: LocalizedText(zh: "请去掉自变量，或改用 --response-by。", en: "Leave terms out, or use --response-by.")
      )
    )
  }
}

/// Scores of the weights before a division by fitted propensities.
///
/// Formula: s − w (R − p̂) x′γ with γ = (Σ w p̂ (1 − p̂) x x′)⁻¹ Σ s (1 − p̂) x. Source: Kim and Kim (2007).
private struct PropensityProjection: ScoreProjection {
  let rows: RegressionRows
  let fit: RegressionRows.Fit
  let weights: [Double]
  let isAnswering: [Bool]

  var takesStepBack: Bool { true }

  func residual(_ score: [Double]) -> [Double] {
    let own = rows.rows.map { weights[$0] }
    let average = own.reduce(0, +) / Double(max(1, own.count))
    var right = [Double](repeating: 0, count: fit.coefficients.count)
    for (place, row) in rows.rows.enumerated() {
      let part = score[row] * (1 - fit.means[place])
      if part == 0 { continue }
      for term in right.indices { right[term] += part * rows.term(term, place) }
    }
    // The regression's inverse is that of weights divided by their mean.
    let gamma = (fit.inverse * right).map { $0 / average }
    var result = score
    for (place, row) in rows.rows.enumerated() {
      var predicted = 0.0
      for term in gamma.indices { predicted += gamma[term] * rows.term(term, place) }
      let response: Double = isAnswering[row] ? 1 : 0
      result[row] -= weights[row] * (response - fit.means[place]) * predicted
    }
    return result
  }
}
