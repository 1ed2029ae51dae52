import SurveyDesign

/// The balancing columns that add nothing to the ones named before them, wherever the stage is balanced.
///
/// Such a column is constant or, with the sizes, determined by the others: keeping their totals keeps its own.
/// - Parameters:
///   - plan: the stage's plan.
///   - families: the strata that are balanced together.
/// - Returns: the columns' names, in the plan's order.
func redundantColumns(_ plan: StagePlan, of families: some Sequence<[CellUnits]>) -> [String] {
  var isRedundant = [Bool](repeating: true, count: plan.balance.count)
  for strata in families {
    if !isRedundant.contains(true) { break }
    for (column, isIndependent) in independentColumns(of: strata).enumerated() where isIndependent {
      isRedundant[column] = false
    }
  }
  return plan.balance.indices.filter { isRedundant[$0] }.map { plan.balance[$0] }
}

/// Whether each column varies within strata in a way that the columns before it do not.
///
/// The differences of y/x from a first unit of the stratum are brought to echelon form; a column that leads in one
/// of the rows is independent. A column that is constant in every stratum is not, but one that goes with another
/// in a different proportion in each stratum is. Complexity: units · columns², ending early where all are.
private func independentColumns(of strata: [CellUnits]) -> [Bool] {
  let columnCount = strata.first?.measureCount ?? 0
  var form = EchelonForm(columnCount: columnCount)
  let scales = (0..<columnCount).map { largest($0, in: strata) }
  for view in strata {
    guard let first = (0..<view.count).first(where: { view.size($0) > 0 }) else { continue }
    for unit in 0..<view.count where view.size(unit) > 0 {
      if form.isFull { return form.isLeading }
      form.add(
        (0..<columnCount).map { column in
          scales[column] == 0
            ? 0 : (view.measurePerSize(column, unit) - view.measurePerSize(column, first)) / scales[column]
        }
      )
    }
  }
  return form.isLeading
}

private func largest(_ column: Int, in strata: [CellUnits]) -> Double {
  var largest = 0.0
  for view in strata {
    for unit in 0..<view.count where view.size(unit) > 0 {
      largest = max(largest, abs(view.measurePerSize(column, unit)))
    }
  }
  return largest
}

extension CellUnits {
  fileprivate func measurePerSize(_ column: Int, _ unit: Int) -> Double {
    measure(column, unit) / Double(size(unit))
  }
}

/// Rows reduced one by one against those before, each kept under the column in which it leads.
private struct EchelonForm {
  /// For entries of at most about 1: what is left of a row below this is rounding.
  private static let tolerance = 1e-9

  private var leaders: [[Double]?]

  init(columnCount: Int) { leaders = [[Double]?](repeating: nil, count: columnCount) }

  var isLeading: [Bool] { leaders.map { $0 != nil } }
  var isFull: Bool { leaders.allSatisfy { $0 != nil } }

  mutating func add(_ values: [Double]) {
    var row = values
    for column in row.indices where abs(row[column]) > Self.tolerance {
      guard let leader = leaders[column] else {
        leaders[column] = row
        return
      }
      let factor = row[column] / leader[column]
      for other in column..<row.count { row[other] -= factor * leader[other] }
    }
  }
}
