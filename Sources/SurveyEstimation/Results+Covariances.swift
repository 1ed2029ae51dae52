internal import StatisticalFunctions

/// One estimate of a covariance matrix.
struct CovarianceEntry {
  var name: String
  var figure: Figure
  var cells: LinearizedCells
  var coefficients: [Double]
  var firstStage: Int
  /// The drawn unit within which it was estimated.
  var unit: Int32?

  var sign: Double { figure.plan.indicator.isComplement ? -1 : 1 }
}

extension Results {
  /// Covariances between all estimates of a domain set.
  ///
  /// Estimates within different drawn units do not covary, nor do those without a common first-stage stratum.
  func covarianceMatrix(_ entries: [CovarianceEntry], by variables: [String]) -> CovarianceMatrix {
    let strata = entries.map { entry in
      Set(entry.cells.cells.map { tree.stages[0].strata[Int($0)] })
    }
    var values = [[Double]](
      repeating: [Double](repeating: 0, count: entries.count),
      count: entries.count
    )
    for row in entries.indices {
      for column in row..<entries.count {
        let (left, right) = (entries[row], entries[column])
        guard left.unit == right.unit, !strata[row].isDisjoint(with: strata[column]) else { continue }
        let value = covariance(left, right) * left.sign * right.sign
        values[row][column] = value
        values[column][row] = value
      }
    }
    return CovarianceMatrix(by: variables, names: entries.map(\.name), values: values)
  }

  private func covariance(_ left: CovarianceEntry, _ right: CovarianceEntry) -> Double {
    let union = AlignedCells(left.cells, right.cells, ranks: tree.ranks)
    return variance.covariance(
      union.left,
      union.right,
      squares: { place in
        guard union.isShared[place] else { return ExtendedDouble(0) }
        return crossSquare(
          left.figure,
          left.coefficients,
          right.figure,
          right.coefficients,
          cell: Int(union.left.cells[place])
        )
      },
      from: left.firstStage
    ) ?? 0
  }
}

/// Two figures' cells brought to the same places; a cell that one of them lacks counts with 0 there.
private struct AlignedCells {
  var left = LinearizedCells(cells: [], sums: [], rowCounts: [])
  var right = LinearizedCells(cells: [], sums: [], rowCounts: [])
  /// By place: whether both have the cell.
  var isShared: [Bool] = []

  init(_ first: LinearizedCells, _ second: LinearizedCells, ranks: [Int32]) {
    var i = 0
    var j = 0
    while i < first.cells.count || j < second.cells.count {
      let one = i < first.cells.count ? ranks[Int(first.cells[i])] : .max
      let other = j < second.cells.count ? ranks[Int(second.cells[j])] : .max
      let cell = one <= other ? first.cells[i] : second.cells[j]
      left.cells.append(cell)
      right.cells.append(cell)
      left.sums.append(one <= other ? first.sums[i] : ExtendedDouble(0))
      right.sums.append(other <= one ? second.sums[j] : ExtendedDouble(0))
      let rows = max(one <= other ? first.rowCounts[i] : 0, other <= one ? second.rowCounts[j] : 0)
      left.rowCounts.append(rows)
      right.rowCounts.append(rows)
      isShared.append(one == other)
      if one <= other { i += 1 }
      if other <= one { j += 1 }
    }
  }
}
