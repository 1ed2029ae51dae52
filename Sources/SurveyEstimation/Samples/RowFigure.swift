internal import StatisticalFunctions
internal import SurveyData

/// One figure over the rows of a sample: its value for any weights, and its linearized value.
struct RowFigure: Sendable {
  var key: String
  var indicator: Indicator
  /// Rows in the indicator's filter.
  let isInFilter: [Bool]
  /// Rows of which a value is missing.
  let isMissing: [Bool]
  /// The quantity; of a ratio the numerator.
  let values: [Double]
  /// The denominator of a ratio.
  let denominators: [Double]?
  let isRate: Bool

  init(
    key: String,
    indicator: Indicator,
    isInFilter: [Bool],
    isMissing: [Bool],
    values: [Double],
    denominators: [Double]? = nil
  ) {
    self.key = key
    self.indicator = indicator
    self.isInFilter = isInFilter
    self.isMissing = isMissing
    self.values = values
    self.denominators = denominators
    isRate = Self.isRate(indicator, isInFilter, isMissing, values, denominators)
  }

  /// The figures of an indicator: one, or one a level of a proportion.
  static func figures(of indicator: Indicator, in table: Table) throws(InputRefusal) -> [RowFigure] {
    let all = [Bool](repeating: true, count: table.rowCount)
    let isInFilter = try indicator.filter.map { filter throws(InputRefusal) in try filter.mask(over: table) } ?? all
    switch indicator.statistic {
    case .total(let value), .mean(let value), .variance(let value):
      let values = try value.numbers(over: table)
      return [
        RowFigure(
          key: indicator.key,
          indicator: indicator,
          isInFilter: isInFilter,
          isMissing: values.map(\.isNaN),
          values: values
        )
      ]
    case .ratio(let numerator, let denominator):
      let (above, below) = (try numerator.numbers(over: table), try denominator.numbers(over: table))
      return [
        RowFigure(
          key: indicator.key,
          indicator: indicator,
          isInFilter: isInFilter,
          isMissing: above.indices.map { above[$0].isNaN || below[$0].isNaN },
          values: above,
          denominators: below
        )
      ]
    case .proportions(let name):
      let text = try table.column(name).codedText
      var used = Set<Int32>()
      for row in text.codes.indices where isInFilter[row] && text.codes[row] >= 0 { used.insert(text.codes[row]) }
      let levels = used.sorted {
        text.levels[Int($0)].utf8.lexicographicallyPrecedes(text.levels[Int($1)].utf8)
      }
      return levels.map { level in
        RowFigure(
          key: "\(indicator.key)=\(text.levels[Int(level)])",
          indicator: indicator,
          isInFilter: isInFilter,
          isMissing: text.codes.map { $0 < 0 },
          values: text.codes.map { $0 == level ? 1 : 0 }
        )
      }
    }
  }

  /// The figure for some weights over some rows; NaN where it has no value.
  ///
  /// - Parameter counted: the weights of the whole sample, by which rows are counted: the n / (n − 1) of a variance is
  ///   the same in every replicate.
  func value(_ weights: [Double], _ rows: [Int], counted: [Double]? = nil) -> Double {
    switch indicator.statistic {
    case .total: return sum(rows) { weights[$0] * values[$0] }
    case .mean, .proportions: return sum(rows) { weights[$0] * values[$0] } / sum(rows) { weights[$0] }
    case .ratio:
      guard let denominators else { return .nan }
      return sum(rows) { weights[$0] * values[$0] } / sum(rows) { weights[$0] * denominators[$0] }
    case .variance:
      let weight = sum(rows) { weights[$0] }
      let mean = sum(rows) { weights[$0] * values[$0] } / weight
      let count = Double(rows.count { (counted ?? weights)[$0] != 0 })
      let square = sum(rows) { weights[$0] * (values[$0] - mean) * (values[$0] - mean) }
      return square / weight * count / (count - 1)
    }
  }

  /// The terms of the weighted totals that the figure is, or is the ratio of; `nil` where it is neither.
  var totals: (above: (Int) -> Double, below: ((Int) -> Double)?)? {
    let values = values
    switch indicator.statistic {
    case .total: return ({ values[$0] }, nil)
    case .mean, .proportions: return ({ values[$0] }, { _ in 1 })
    case .ratio:
      guard let denominators else { return nil }
      return ({ values[$0] }, { denominators[$0] })
    case .variance: return nil
    }
  }

  /// The linearized value of the rows: Σ w ℓ has the variance of the figure.
  /// - Parameter figure: its value for these weights and rows.
  func influence(_ weights: [Double], _ rows: [Int], of figure: Double) -> [Double] {
    switch indicator.statistic {
    case .total: return rows.map { values[$0] }
    case .mean, .proportions:
      let weight = sum(rows) { weights[$0] }
      return rows.map { (values[$0] - figure) / weight }
    case .ratio:
      guard let denominators else { return [] }
      let base = sum(rows) { weights[$0] * denominators[$0] }
      return rows.map { (values[$0] - figure * denominators[$0]) / base }
    case .variance:
      let weight = sum(rows) { weights[$0] }
      let mean = sum(rows) { weights[$0] * values[$0] } / weight
      let count = Double(rows.count { weights[$0] != 0 })
      return rows.map { row in
        let distance = values[row] - mean
        return (distance * distance * count / (count - 1) - figure) / weight
      }
    }
  }

  /// Rows of the denominator: a ratio's rows without one show nothing.
  func base(_ rows: [Int], weights: [Double]) -> BaseCounts {
    var result = BaseCounts(rows: 0, events: 0, weight: 0, squaredWeight: 0)
    for row in rows {
      if let denominators, denominators[row] == 0 { continue }
      result.rows += 1
      if values[row] != 0 { result.events += 1 }
      result.weight += weights[row]
      result.squaredWeight += weights[row] * weights[row]
    }
    return result
  }

  private func sum(_ rows: [Int], _ term: (Int) -> Double) -> Double {
    var sum = ExactSum()
    for row in rows { sum.add(term(row)) }
    return sum.value
  }

  private static func isRate(
    _ indicator: Indicator,
    _ isInFilter: [Bool],
    _ isMissing: [Bool],
    _ values: [Double],
    _ denominators: [Double]?
  ) -> Bool {
    let rows = values.indices.filter { isInFilter[$0] && !isMissing[$0] }
    switch indicator.statistic {
    case .proportions: return true
    case .mean: return rows.allSatisfy { values[$0] == 0 || values[$0] == 1 }
    case .ratio:
      guard let denominators else { return false }
      var base = 0
      var extreme = 0
      for row in rows {
        if values[row] < 0 || values[row] > denominators[row] { return false }
        if denominators[row] == 0 { continue }
        base += 1
        if values[row] == 0 || values[row] == denominators[row] { extreme += 1 }
      }
      return base > 0 && 2 * extreme >= base
    case .total, .variance: return false
    }
  }
}
