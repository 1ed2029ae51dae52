internal import StatisticalFunctions

/// The stratified multistage variance of scores that are given by row.
struct MultistageScores: ScoreVariance {
  let variance: TaylorVariance
  /// By row.
  let cells: [Int32]

  var keepsOutsideRows: Bool { variance.tree.stages.contains { $0.probabilities != nil } }

  func covariance(_ scores: [[Double]], isInside: [Bool], from first: Int) -> Matrix? {
    let tree = variance.tree
    var counts = [Int](repeating: 0, count: tree.order.count)
    for row in cells.indices where isInside[row] { counts[Int(cells[row])] += 1 }
    let touched = tree.order.filter { counts[Int($0)] > 0 }
    var placeOfCell = [Int](repeating: -1, count: tree.order.count)
    for (place, cell) in touched.enumerated() { placeOfCell[Int(cell)] = place }
    let rowCounts = touched.map { counts[Int($0)] }
    let columns = scores.map { score in
      var sums = [ExactSum](repeating: ExactSum(), count: touched.count)
      for row in cells.indices where isInside[row] && score[row] != 0 {
        sums[placeOfCell[Int(cells[row])]].add(score[row])
      }
      return LinearizedCells(cells: touched, sums: sums.map(\.extended), rowCounts: rowCounts)
    }
    let needsSquares = tree.stages.last?.isElementStage ?? false
    var result = Matrix(rows: scores.count, columns: scores.count)
    for row in scores.indices {
      for column in row..<scores.count {
        var squares: [ExactSum] = []
        if needsSquares {
          squares = [ExactSum](repeating: ExactSum(), count: touched.count)
          for index in cells.indices where isInside[index] {
            let product = scores[row][index] * scores[column][index]
            if product == 0 { continue }
            let place = placeOfCell[Int(cells[index])]
            squares[place].add(product)
            let error = (-product).addingProduct(scores[row][index], scores[column][index])
            if error.isFinite { squares[place].add(error) }
          }
        }
        guard
          let value = variance.covariance(
            columns[row],
            columns[column],
            squares: { squares[$0].extended },
            from: first
          )
        else { return nil }
        result[row, column] = value
        result[column, row] = value
      }
    }
    return result
  }

  func freedom(_ isInside: [Bool]) -> Int {
    let tree = variance.tree
    var counts = [Int](repeating: 0, count: tree.order.count)
    for row in cells.indices where isInside[row] { counts[Int(cells[row])] += 1 }
    return tree.plainFreedom(of: tree.order.filter { counts[Int($0)] > 0 }, at: 0) { counts[$0] }
  }
}
