internal import StatisticalFunctions
package import SurveyData

/// A test by Student's t of a mean, of a difference between two groups, or of their ranks.
public struct ComparisonTest: Sendable {
  /// Student's t: the difference over its standard error.
  public var statistic: Double
  /// Of t.
  public var degreesOfFreedom: Int
  /// The chance of a t as far from 0 on either side where there is no difference.
  public var pValue: Double
  /// Of the mean from its value, of the second group's mean (or mean score) from the first one's.
  public var difference: Double
  /// Of the difference.
  public var standardError: Double
  /// The lower limit of the difference.
  public var lower: Double
  /// The upper limit of the difference.
  public var upper: Double
}

/// What stands for a rank in a rank test, r the estimated population rank and N the population size.
public enum RankScore: String, Sendable, CaseIterable {
  /// r / N.
  case wilcoxon
  /// The normal quantile of r / N.
  case vanderWaerden
  /// Whether r > N / 2.
  case median
}

extension SurveySample {
  /// Whether a mean differs from a value: (ȳ − μ) / s, with one degree of freedom less than the design has.
  package func meanTest(
    _ variable: Expression,
    against value: Double,
    level: Double = 0.95,
    filter: Expression? = nil,
    domain: [DomainValue] = []
  ) throws(InputRefusal) -> ComparisonTest {
    let rows = try RegressionRows(self, response: variable, terms: [], filter: filter, domain: domain)
    let indicator = Indicator(key: "mean", statistic: .mean(variable))
    guard let figure = try RowFigure.figures(of: indicator, in: table).first else { throw Self.noTest(variable.source) }
    let mean = figure.value(weights, rows.rows)
    let variance: Double?
    if let replicates {
      variance = replicates.covariance([mean], replicates.map { [figure.value($0, rows.rows)] })?[0, 0]
    } else {
      let influence = figure.influence(weights, rows.rows, of: mean)
      var scores = [Double](repeating: 0, count: rowCount)
      for (place, row) in rows.rows.enumerated() { scores[row] = weights[row] * influence[place] }
      variance = covariance([scores], isInside: rows.isInside)?[0, 0]
    }
    guard let variance, variance >= 0 else { throw Self.noTest(variable.source) }
    return test(mean - value, variance: variance, freedom: plainFreedom(rows.isInside) - 1, level: level)
  }

  /// Whether the means of two groups differ: the slope of a regression on the group.
  ///
  /// - Parameter group: 0 and 1, or 1 and 2, in every row.
  package func differenceTest(
    _ variable: Expression,
    between group: Expression,
    level: Double = 0.95,
    filter: Expression? = nil,
    domain: [DomainValue] = []
  ) throws(InputRefusal) -> ComparisonTest {
    let rows = try RegressionRows(self, response: variable, terms: [group], filter: filter, domain: domain)
    guard rows.rows.indices.contains(where: { rows.term(1, $0) != rows.term(1, 0) }) else {
      throw Self.noTest(group.source)
    }
    let model = try regression(variable, on: [group], family: .linear, filter: filter, domain: domain)
    let slope = model.coefficients[1]
    return test(
      slope.estimate,
      variance: slope.standardError * slope.standardError,
      freedom: model.residualDegreesOfFreedom,
      level: level
    )
  }

  /// Whether one group ranks higher than the other.
  ///
  /// Formula: weighted mid-ranks r = Σ w up to a value less half of its own, averaged over ties; the difference of mean
  /// scores with its linearized variance. Source: Lumley and Scott (2013), Biometrika 100.
  package func rankTest(
    _ variable: Expression,
    between group: Expression,
    score: RankScore,
    level: Double = 0.95,
    filter: Expression? = nil,
    domain: [DomainValue] = []
  ) throws(InputRefusal) -> ComparisonTest {
    let problem = try RegressionRows(self, response: variable, terms: [group], filter: filter, domain: domain)
    let values = try variable.numbers(over: table)
    let groups = try group.numbers(over: table)
    let rows = problem.rows
    let order = rows.indices.sorted { (values[rows[$0]], $0) < (values[rows[$1]], $1) }
    var ranks = [Double](repeating: 0, count: rows.count)
    var sum = ExactSum()
    var start = 0
    while start < order.count {
      var end = start
      var tied = 0.0
      while end < order.count, values[rows[order[end]]] == values[rows[order[start]]] {
        let weight = weights[rows[order[end]]]
        sum.add(weight)
        tied += sum.value - weight / 2
        end += 1
      }
      for place in start..<end { ranks[order[place]] = tied / Double(end - start) }
      start = end
    }
    let total = sum.value
    let scores = ranks.map { rank in
      switch score {
      case .wilcoxon: rank / total
      case .vanderWaerden: Normal.quantile(rank / total)
      case .median: rank > total / 2 ? 1.0 : 0.0
      }
    }
    // Weighted least squares on an intercept and the group.
    var moments = (weight: 0.0, g: 0.0, gg: 0.0, s: 0.0, gs: 0.0)
    for (place, row) in rows.enumerated() {
      moments.weight += weights[row]
      moments.g += weights[row] * groups[row]
      moments.gg += weights[row] * groups[row] * groups[row]
      moments.s += weights[row] * scores[place]
      moments.gs += weights[row] * groups[row] * scores[place]
    }
    let determinant = moments.weight * moments.gg - moments.g * moments.g
    guard determinant > 0 else { throw Self.noTest(group.source) }
    let slope = (moments.weight * moments.gs - moments.g * moments.s) / determinant
    let intercept = (moments.s - slope * moments.g) / moments.weight
    var influence = [Double](repeating: 0, count: rowCount)
    for (place, row) in rows.enumerated() {
      let residual = scores[place] - intercept - slope * groups[row]
      influence[row] = residual * (moments.weight * groups[row] - moments.g) / determinant
    }
    let variance: Double?
    if let replicates {
      func whole(_ weights: [Double]) -> Double {
        var sum = ExactSum()
        for row in rows { sum.add(weights[row] * influence[row]) }
        return sum.value
      }
      variance = replicates.covariance([whole(weights)], replicates.map { [whole($0)] })?[0, 0]
    } else {
      variance = covariance([zip(weights, influence).map { $0 * $1 }], isInside: problem.isInside)?[0, 0]
    }
    guard let variance, variance >= 0 else { throw Self.noTest(variable.source) }
    return test(slope, variance: variance, freedom: plainFreedom(problem.isInside) - 1, level: level)
  }

  private func test(_ difference: Double, variance: Double, freedom: Int, level: Double) -> ComparisonTest {
    let error = variance.squareRoot()
    let distribution = StudentT(degreesOfFreedom: Double(freedom))
    let quantile = freedom > 0 ? distribution.quantile((1 + level) / 2) : .nan
    return ComparisonTest(
      statistic: difference / error,
      degreesOfFreedom: freedom,
      pValue: freedom > 0 ? 2 * distribution.upperTail(abs(difference / error)) : .nan,
      difference: difference,
      standardError: error,
      lower: difference - quantile * error,
      upper: difference + quantile * error
    )
  }

  static func noTest(_ variable: String) -> InputRefusal {
    InputRefusal(
      Finding(
        "test-impossible",
        column: variable,
        message: LocalizedText(
          zh: "无法检验：没有变异，或只有一组。",
          en: "there is nothing to test: no variation, or only one group."
        ),
        fix: LocalizedText(zh: "请核对该列的值。", en: "Check the values of the column.")
      )
    )
  }
}
