package import SurveyData
internal import SurveyDesign

extension Estimator {
  /// Adds the rows of a table.
  ///
  /// Complexity: a few additions a row and indicator; memory grows with cells (last-stage units with several rows, by
  /// domain), not with rows.
  /// - Parameters:
  ///   - table: a chunk of the rows, or all of them.
  ///   - accumulator: made by this estimator.
  ///   - workers: how many indicators are worked on at once.
  ///   - isWhole: no other table follows.
  /// - Throws: a refusal with every row that cannot be used (weights, population sizes, missing codes, …).
  package func add(
    _ table: Table,
    to accumulator: inout EstimationAccumulator,
    workers: Int = 1,
    isWhole: Bool = false
  ) throws(InputRefusal) {
    var findings: [Finding] = []
    let placed = collecting(&findings) { () throws(InputRefusal) in
      try place(table, in: &accumulator, isWhole: isWhole)
    }
    var columns: [RowColumns] = []
    for (index, plan) in plans.enumerated() {
      let read = collecting(&findings) { () throws(InputRefusal) in
        try RowColumns(plan, of: table, center: centers[index])
      }
      if let read { columns.append(read) }
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    guard let placed else { return }
    accumulator.deposit(columns, rows: placed, isElementStage: keepsSquares(accumulator), workers: workers)
    if request.covariances, layout.isElementStage {
      addCrossProducts(columns, cells: placed.cells, weights: placed.weights, to: &accumulator)
    }
  }

  private func keepsSquares(_ accumulator: EstimationAccumulator) -> Bool {
    if case .shared = accumulator.units { return true }
    return layout.isElementStage
  }

  /// Finds the cell and the weight of every row, and counts the rows.
  ///
  /// - Throws: a refusal with every row whose codes, weight or population sizes cannot be used.
  func place(
    _ table: Table,
    in accumulator: inout EstimationAccumulator,
    isWhole: Bool = false
  ) throws(InputRefusal) -> PlacedRows {
    var findings: [Finding] = []
    var keys: [[Int32]] = []
    for (column, name) in layout.columns.enumerated() {
      let text = try table.column(name).codedText
      if isWhole, column + 1 == layout.sharedDepth, text.isDistinct {
        // Every unit has one row: nobody will ask for the texts.
        keys.append(text.codes)
        accumulator.units = .shared(.allLone)
      } else {
        let places = text.levels.map { accumulator.levels[column].code(of: $0) }
        keys.append(text.codes.map { $0 < 0 ? -1 : places[Int($0)] })
      }
      guard column < layout.designColumns else { continue }
      for row in 0..<table.rowCount where text.codes[row] < 0 {
        findings.append(
          .keyMissing(name, file: table.file, sheet: table.sheet, row: table.fileRow(of: row))
        )
      }
    }
    let weights = collecting(&findings) { () throws(InputRefusal) in try self.weights(of: table) }
    var nodes = [Int32](repeating: 0, count: table.rowCount)
    var depth = 0
    for (stage, key) in layout.stages.enumerated() {
      while depth < key.populationDepth {
        // Units that may share a cell have no population size of their own: they lie below.
        accumulator.tree.descend(&nodes, depth: depth, codes: keys[depth])
        depth += 1
      }
      if let name = key.population {
        findings += notePopulations(name, of: table, stage: stage, nodes: nodes, in: &accumulator)
      }
    }
    while depth < layout.columns.count {
      if depth + 1 == layout.sharedDepth {
        accumulator.descendToUnits(&nodes, depth: depth, codes: keys[depth])
      } else {
        accumulator.tree.descend(&nodes, depth: depth, codes: keys[depth])
      }
      depth += 1
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    accumulator.rowCount += table.rowCount
    let placed = PlacedRows(cells: nodes, weights: weights ?? [])
    for run in 0..<placed.runs.count {
      let rows = placed.runs[run]
      accumulator.rows.add(
        weight: placed.weights[rows.lowerBound],
        times: rows.count,
        at: Int(nodes[rows.lowerBound])
      )
    }
    return placed
  }

  private func weights(of table: Table) throws(InputRefusal) -> [Double] {
    var findings: [Finding] = []
    let weights: [Double]
    switch design.weights {
    case .equal, .populationSizes: return [Double](repeating: 1, count: table.rowCount)
    case .expression(let expression):
      weights = try expression.numbers(over: table)
      for (row, weight) in weights.enumerated() where !(weight > 0 && weight.isFinite) {
        findings.append(
          .badWeight(
            expression.source,
            weight,
            file: table.file,
            sheet: table.sheet,
            row: table.fileRow(of: row)
          )
        )
      }
    case .inverse(let expression):
      let probabilities = try expression.numbers(over: table)
      for (row, value) in probabilities.enumerated() where !(value > 0 && value <= 1) {
        findings.append(
          .badProbability(
            expression.source,
            value,
            file: table.file,
            sheet: table.sheet,
            row: table.fileRow(of: row)
          )
        )
      }
      weights = probabilities.map { 1 / $0 }
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    return weights
  }

  private func notePopulations(
    _ name: String,
    of table: Table,
    stage: Int,
    nodes: [Int32],
    in accumulator: inout EstimationAccumulator
  ) -> [Finding] {
    var findings: [Finding] = []
    guard
      let sizes = collecting(
        &findings,
        { () throws(InputRefusal) in try Expression(column: name).numbers(over: table) }
      )
    else { return findings }
    var lastNode: Int32 = -1
    var last = Double.nan
    for row in nodes.indices {
      let size = sizes[row]
      if nodes[row] == lastNode, size == last { continue }
      if layout.stages[stage].isProportional, !(size > 0 && size <= 1) {
        findings.append(
          .badProbability(name, size, file: table.file, sheet: table.sheet, row: table.fileRow(of: row))
        )
      } else if !(size > 0 && size.isFinite) {
        findings.append(
          .badPopulation(name, size, file: table.file, sheet: table.sheet, row: table.fileRow(of: row))
        )
      } else if let clash = accumulator.setPopulation(size, stage: stage, node: Int(nodes[row])) {
        findings.append(.populationDiffers(name, clash, size, file: table.file, row: table.fileRow(of: row)))
      }
      lastNode = nodes[row]
      last = size
    }
    return findings
  }

  private func addCrossProducts(
    _ columns: [RowColumns],
    cells: [Int32],
    weights: [Double],
    to accumulator: inout EstimationAccumulator
  ) {
    var stored: [(indicator: Int, slot: Int, values: [Double])] = []
    for (index, column) in columns.enumerated() {
      for (slot, values) in column.storedColumns(levels: accumulator.proportionLevels[index]) {
        stored.append((index, slot, values))
      }
    }
    for (place, first) in stored.enumerated() {
      for second in stored[(place + 1)...] where second.indicator != first.indicator {
        let key = EstimationAccumulator.CrossKey(
          first: first.indicator,
          firstSlot: first.slot,
          second: second.indicator,
          secondSlot: second.slot
        )
        var sums = accumulator.crossProducts.removeValue(forKey: key) ?? CellSums()
        for row in cells.indices {
          let (left, right) = (weights[row] * first.values[row], weights[row] * second.values[row])
          if left != 0, right != 0 { sums.addProduct(left, right, at: Int(cells[row])) }
        }
        accumulator.crossProducts[key] = sums
      }
    }
  }
}

/// Runs a step and keeps its findings instead of stopping at them.
private func collecting<Result>(
  _ findings: inout [Finding],
  _ body: () throws(InputRefusal) -> Result
) -> Result? {
  do throws(InputRefusal) {
    return try body()
  } catch {
    findings += error.findings
    return nil
  }
}

extension EstimationAccumulator {
  /// Adds the indicators' columns, each to its own sums.
  fileprivate mutating func deposit(
    _ columns: [RowColumns],
    rows: PlacedRows,
    isElementStage: Bool,
    workers: Int
  ) {
    guard workers > 1, columns.count > 1 else {
      for (index, column) in columns.enumerated() {
        var levels = proportionLevels.removeValue(forKey: index)
        column.deposit(in: &indicators[index], levels: &levels, rows: rows, isElementStage: isElementStage)
        proportionLevels[index] = levels
      }
      return
    }
    let parts = columns.indices.map { (index: $0, sums: indicators[$0], levels: proportionLevels[$0]) }
    let added = Workers.map(workers, parts) { part in
      var part = part
      columns[part.index].deposit(
        in: &part.sums,
        levels: &part.levels,
        rows: rows,
        isElementStage: isElementStage
      )
      return part
    }
    for part in added {
      indicators[part.index] = part.sums
      proportionLevels[part.index] = part.levels
    }
  }

  /// Walks the rows to their units, or to the cells that units with a single row share.
  fileprivate mutating func descendToUnits(_ nodes: inout [Int32], depth: Int, codes: [Int32]) {
    if case .undecided = units {
      units = LoneUnits.prevail(strata: nodes, codes: codes) ? .shared(LoneUnits()) : .own
    }
    guard case .shared(var lone) = units else {
      tree.descend(&nodes, depth: depth, codes: codes)
      return
    }
    // Taken out while it changes, so that it is not copied.
    units = .undecided
    tree.descend(&nodes, depth: depth, codes: codes, units: &lone)
    units = .shared(lone)
  }
}

extension CodedText {
  /// Whether no two rows have the same text and none is missing.
  fileprivate var isDistinct: Bool {
    guard levels.count >= codes.count else { return false }
    var isMet = [Bool](repeating: false, count: levels.count)
    for code in codes {
      if code < 0 || isMet[Int(code)] { return false }
      isMet[Int(code)] = true
    }
    return true
  }
}
