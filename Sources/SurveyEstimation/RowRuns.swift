/// Stretches of neighbouring rows that lie in one cell and have one weight.
///
/// Files are mostly sorted by unit and weights are mostly a unit's own: what is then counted by stretch is added once.
struct RowRuns: Sendable {
  /// Where each stretch begins; at last, the number of rows.
  let starts: [Int32]

  init(cells: [Int32], weights: [Double]) {
    starts = cells.withUnsafeBufferPointer { cells in
      weights.withUnsafeBufferPointer { weights in
        var starts: [Int32] = []
        starts.reserveCapacity(cells.count / 8 + 2)
        var row = 0
        while row < cells.count {
          starts.append(Int32(row))
          let cell = cells[row]
          let weight = weights[row]
          row &+= 1
          while row < cells.count, cells[row] == cell, weights[row] == weight { row &+= 1 }
        }
        starts.append(Int32(cells.count))
        return starts
      }
    }
  }

  var count: Int { starts.count - 1 }

  @inline(__always)
  subscript(run: Int) -> Range<Int> { Int(starts[run])..<Int(starts[run &+ 1]) }
}

/// The rows of one table, placed in cells.
struct PlacedRows: Sendable {
  var cells: [Int32]
  var weights: [Double]
  let runs: RowRuns

  init(cells: [Int32], weights: [Double]) {
    self.cells = cells
    self.weights = weights
    runs = RowRuns(cells: cells, weights: weights)
  }
}
