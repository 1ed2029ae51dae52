/// A direction along which the kept totals do not change, found by elimination with full pivoting.
///
/// The matrix has one row for each total and one column for each unit of the window; it is used up.
/// Source: annex-balanced, section 2, items 2 and 3.
struct NullVector: Sendable {
  /// Entries not larger count as 0: rows are scaled to at most 1.
  static let tolerance = 0x1p-40

  private var entries: [Double] = []
  private var rowCount = 0
  private var columnCount = 0
  private var isRowUsed: [Bool] = []
  private var isColumnUsed: [Bool] = []
  private var pivots: [(row: Int, column: Int)] = []
  /// The direction, one number a column of the matrix.
  private(set) var values: [Double] = []

  /// Sets the size of the matrix; its entries are to be filled in anew.
  mutating func begin(rows: Int, columns: Int) {
    rowCount = rows
    columnCount = columns
    reset(&entries, to: 0, count: rows * columns)
    reset(&isRowUsed, to: false, count: rows)
    reset(&isColumnUsed, to: false, count: columns)
    reset(&values, to: 0, count: columns)
    pivots.removeAll(keepingCapacity: true)
  }

  mutating func set(_ value: Double, row: Int, column: Int) { entries[row * columnCount + column] = value }

  /// Finds the direction; false where only the null vector leaves every total as it is.
  ///
  /// Complexity: rows² · columns.
  mutating func solve() -> Bool {
    while let pivot = largestEntry() {
      isRowUsed[pivot.row] = true
      isColumnUsed[pivot.column] = true
      pivots.append(pivot)
      eliminate(pivot)
    }
    guard let free = (0..<columnCount).first(where: { !isColumnUsed[$0] }) else { return false }
    values[free] = 1
    for pivot in pivots {
      values[pivot.column] =
        -(entries[pivot.row * columnCount + free] / entries[pivot.row * columnCount + pivot.column])
    }
    return true
  }

  private func largestEntry() -> (row: Int, column: Int)? {
    var largest = Self.tolerance
    var place: (row: Int, column: Int)?
    for row in 0..<rowCount where !isRowUsed[row] {
      let begin = row * columnCount
      for column in 0..<columnCount where !isColumnUsed[column] {
        let size = abs(entries[begin + column])
        if size > largest {
          largest = size
          place = (row, column)
        }
      }
    }
    return place
  }

  private mutating func eliminate(_ pivot: (row: Int, column: Int)) {
    let begin = pivot.row * columnCount
    let divisor = entries[begin + pivot.column]
    for row in 0..<rowCount where row != pivot.row {
      let own = row * columnCount
      let factor = entries[own + pivot.column] / divisor
      if factor == 0 { continue }
      for column in 0..<columnCount where !isColumnUsed[column] {
        entries[own + column] -= factor * entries[begin + column]
      }
    }
  }
}

/// Fills an array anew without giving its memory away.
private func reset<Value>(_ array: inout [Value], to value: Value, count: Int) {
  array.removeAll(keepingCapacity: true)
  for _ in 0..<count { array.append(value) }
}
