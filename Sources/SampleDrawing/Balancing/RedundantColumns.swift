import SurveyDesign

/// The balancing columns that add nothing to the ones named before them, in no stratum of the stage.
///
/// Such a column is constant or, with the sizes, determined by the others: keeping their totals keeps its own.
func redundantColumns(_ plan: StagePlan, of prepared: [PreparedCell]) -> [String] {
  var isRedundant = [Bool](repeating: true, count: plan.balance.count)
  for stratum in prepared where isRedundant.contains(true) {
    for (column, isIndependent) in independentColumns(of: stratum.view).enumerated() where isIndependent {
      isRedundant[column] = false
    }
  }
  return plan.balance.indices.filter { isRedundant[$0] }.map { plan.balance[$0] }
}

/// Whether each column varies in a stratum in a way that the columns before it do not.
///
/// The differences of y/x from a first unit are brought to echelon form; a column that leads in one of the
/// rows is independent. Complexity: units · columns², ending early where all are.
private func independentColumns(of view: CellUnits) -> [Bool] {
  let tolerance = 1e-9
  let columnCount = view.measureCount
  var leading = [[Double]?](repeating: nil, count: columnCount)
  guard let first = (0..<view.count).first(where: { view.size($0) > 0 }) else {
    return [Bool](repeating: false, count: columnCount)
  }
  func scaled(_ column: Int, _ unit: Int) -> Double { view.measure(column, unit) / Double(view.size(unit)) }
  var scale = [Double](repeating: 0, count: columnCount)
  for unit in 0..<view.count where view.size(unit) > 0 {
    for column in 0..<columnCount { scale[column] = max(scale[column], abs(scaled(column, unit))) }
  }
  var missing = columnCount
  for unit in 0..<view.count where missing > 0 && view.size(unit) > 0 {
    var row = (0..<columnCount).map { column in
      scale[column] == 0 ? 0 : (scaled(column, unit) - scaled(column, first)) / scale[column]
    }
    for column in 0..<columnCount where abs(row[column]) > tolerance {
      guard let leader = leading[column] else {
        leading[column] = row
        missing -= 1
        break
      }
      let factor = row[column] / leader[column]
      for other in column..<columnCount { row[other] -= factor * leader[other] }
    }
  }
  return leading.map { $0 != nil }
}
