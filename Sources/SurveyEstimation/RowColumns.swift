internal import SurveyData

/// The values of one indicator over the rows of a table.
struct RowColumns {
  private let plan: IndicatorPlan
  private var values: [[Double]] = []
  /// Rows inside the filter; `nil`: all.
  private var mask: [Bool]?
  private var levels: CodedText?

  init(_ plan: IndicatorPlan, of table: Table) throws(InputRefusal) {
    self.plan = plan
    if let filter = plan.indicator.filter { mask = try filter.mask(over: table) }
    if let column = plan.levelColumn { levels = try table.column(column).codedText }
    for expression in plan.quantities { values.append(try expression.numbers(over: table)) }
    if case .variance = plan.indicator.statistic {
      for row in values[0].indices { values[0][row] *= values[1][row] }
    }
  }

  private func isInside(_ row: Int) -> Bool { mask?[row] ?? true }

  private func isMissing(_ row: Int) -> Bool {
    if let levels { return levels.codes[row] < 0 }
    for column in values where column[row].isNaN { return true }
    return false
  }

  /// Adds every row to the sums of its cell.
  func deposit(
    in sums: inout IndicatorSums,
    levels known: inout ByteLevels?,
    cells: [Int32],
    weights: [Double],
    isElementStage: Bool
  ) {
    noteRows(in: &sums, cells: cells, weights: weights)
    if let levels {
      let places = levels.levels.map { text in known?.code(of: text) ?? 0 }
      for row in cells.indices where isInside(row) && levels.codes[row] >= 0 {
        sums.levelSums[places[Int(levels.codes[row])], default: QuantitySums()]
          .add(1, weight: weights[row], at: Int(cells[row]), isElementStage: isElementStage)
      }
      return
    }
    let hasMissing = values.count > 1
    for (place, column) in values.enumerated() {
      addQuantity(
        column,
        to: &sums.quantities[place],
        cells: cells,
        weights: weights,
        isElementStage: isElementStage,
        checksAll: hasMissing
      )
    }
    if values.count == 2 {
      for row in cells.indices where isInside(row) {
        let product = values[0][row] * values[1][row]
        if product.isNaN || product == 0 { continue }
        let cell = Int(cells[row])
        sums.products[0].products.add(weights[row] * product, at: cell)
        if isElementStage {
          let weight = weights[row]
          sums.products[0].squaredProducts.addProduct(weight * values[0][row], weight * values[1][row], at: cell)
        }
      }
    }
    noteRange(in: &sums, cells: cells, weights: weights)
  }

  private func addQuantity(
    _ column: [Double],
    to sums: inout QuantitySums,
    cells: [Int32],
    weights: [Double],
    isElementStage: Bool,
    checksAll: Bool
  ) {
    for row in cells.indices {
      let value = column[row]
      if value == 0 || value.isNaN { continue }
      if let mask, !mask[row] { continue }
      if checksAll, isMissing(row) { continue }
      sums.add(value, weight: weights[row], at: Int(cells[row]), isElementStage: isElementStage)
    }
  }

  private func noteRows(in sums: inout IndicatorSums, cells: [Int32], weights: [Double]) {
    if let mask {
      for row in cells.indices where mask[row] {
        let cell = Int(cells[row])
        sums.filtered.add(1, at: cell)
        if !isMissing(row) { sums.rows.add(weight: weights[row], at: cell) }
      }
    } else if values.count == 1, levels == nil {
      let column = values[0]
      for row in cells.indices where column[row].isNaN { sums.rows.add(weight: weights[row], at: Int(cells[row])) }
    } else {
      for row in cells.indices where isMissing(row) { sums.rows.add(weight: weights[row], at: Int(cells[row])) }
    }
  }

  // Whether the figure is a rate is decided over the whole file: see IndicatorSums.
  private func noteRange(in sums: inout IndicatorSums, cells: [Int32], weights: [Double]) {
    switch plan.indicator.statistic {
    case .mean:
      let column = values[0]
      for row in cells.indices where column[row] != 0 && column[row] != 1 {
        if !column[row].isNaN, isInside(row) { sums.outside += 1 }
      }
    case .ratio:
      let (numerators, denominators) = (values[0], values[1])
      for row in cells.indices where isInside(row) && !isMissing(row) {
        let (numerator, denominator) = (numerators[row], denominators[row])
        if denominator == 0 { sums.withoutBase.add(weight: weights[row], at: Int(cells[row])) }
        if numerator < 0 || numerator > denominator { sums.outside += 1 }
        if denominator > 0, numerator == 0 || numerator == denominator { sums.extreme += 1 }
      }
    case .total, .variance, .proportions: break
    }
  }

  /// The columns as they are summed: rows (those that count with a filter, those that do not without),
  /// quantities, and one column a level.
  func storedColumns(levels known: ByteLevels?) -> [(slot: Int, values: [Double])] {
    let count = values.first?.count ?? levels?.codes.count ?? 0
    let counts = (0..<count).map { isInside($0) && !isMissing($0) }
    var stored: [(slot: Int, values: [Double])] = [
      (-1, counts.map { plan.hasFilter == $0 ? 1 : 0 })
    ]
    for (place, column) in values.enumerated() {
      stored.append((place, column.indices.map { counts[$0] ? column[$0] : 0 }))
    }
    if let levels, var known {
      for (code, text) in levels.levels.enumerated() {
        stored.append(
          (
            1000 + Int(known.code(of: text)),
            levels.codes.indices.map { counts[$0] && Int(levels.codes[$0]) == code ? 1 : 0 }
          )
        )
      }
    }
    return stored
  }
}
