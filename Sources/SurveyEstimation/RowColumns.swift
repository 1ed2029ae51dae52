internal import SurveyData

/// The values of one indicator over the rows of a table.
struct RowColumns: Sendable {
  private let plan: IndicatorPlan
  private var values: [[Double]] = []
  /// Rows inside the filter; `nil`: all.
  private var mask: [Bool]?
  private var levels: CodedText?
  /// Noughts and ones are then no answers of yes and no.
  private var isCentered = false

  /// - Parameters:
  ///   - plan: of the indicator.
  ///   - table: holds the columns that it names.
  ///   - center: what a mean or variance takes off every value.
  /// - Throws: a refusal for a column that is missing, with every row whose text is no number.
  init(_ plan: IndicatorPlan, of table: Table, center: Double = 0) throws(InputRefusal) {
    self.plan = plan
    if let filter = plan.indicator.filter { mask = try filter.mask(over: table) }
    if let column = plan.levelColumn { levels = try table.column(column).codedText }
    for expression in plan.quantities { values.append(try expression.numbers(over: table)) }
    if case .variance = plan.indicator.statistic {
      for row in values[1].indices {
        let distance = values[1][row] - center
        values[0][row] = distance * distance
        values[1][row] = distance
      }
    }
    if case .mean = plan.indicator.statistic, center != 0 {
      for row in values[0].indices { values[0][row] -= center }
      isCentered = true
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
    rows: PlacedRows,
    isElementStage: Bool
  ) {
    if values.count == 1, mask == nil {
      addPlain(values[0], to: &sums, rows: rows, isElementStage: isElementStage)
      return
    }
    let (cells, weights) = (rows.cells, rows.weights)
    noteRows(in: &sums, cells: cells, weights: weights)
    if let levels {
      addLevels(levels, to: &sums, known: &known, rows: rows, isElementStage: isElementStage)
      return
    }
    for (place, column) in values.enumerated() {
      addQuantity(
        column,
        to: &sums.quantities[place],
        cells: cells,
        weights: weights,
        isElementStage: isElementStage,
        checksAll: values.count > 1
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

  /// One quantity and no filter: stretches of noughts and ones are counted, not added row by row.
  private func addPlain(
    _ column: [Double],
    to sums: inout IndicatorSums,
    rows: PlacedRows,
    isElementStage: Bool
  ) {
    var outside = 0
    column.withUnsafeBufferPointer { column in
      for run in 0..<rows.runs.count {
        let range = rows.runs[run]
        let cell = Int(rows.cells[range.lowerBound])
        let weight = rows.weights[range.lowerBound]
        let (noughts, ones) = Self.count(column, range)
        if ones > 0 {
          sums.quantities[0].addOnes(ones, weight: weight, at: cell, isElementStage: isElementStage)
        }
        guard noughts &+ ones < range.count else { continue }
        for row in range {
          let value = column[row]
          if value == 0 || value == 1 { continue }
          if value.isNaN {
            sums.rows.add(weight: weight, at: cell)
          } else {
            outside &+= 1
            sums.quantities[0].add(value, weight: weight, at: cell, isElementStage: isElementStage)
          }
        }
      }
    }
    if case .mean = plan.indicator.statistic { sums.outside += isCentered ? column.count : outside }
  }

  @inline(__always)
  private static func count(
    _ column: UnsafeBufferPointer<Double>,
    _ range: Range<Int>
  ) -> (noughts: Int, ones: Int) {
    var noughts = 0
    var ones = 0
    for row in range {
      let value = column[row]
      noughts &+= value == 0 ? 1 : 0
      ones &+= value == 1 ? 1 : 0
    }
    return (noughts, ones)
  }

  private func addLevels(
    _ levels: CodedText,
    to sums: inout IndicatorSums,
    known: inout ByteLevels?,
    rows: PlacedRows,
    isElementStage: Bool
  ) {
    let places = levels.levels.map { text in known?.code(of: text) ?? 0 }
    // By the table's own codes while its rows are added: no look-up by row.
    var own: [QuantitySums?] = places.map { sums.levelSums.removeValue(forKey: $0) }
    var counts = [Int](repeating: 0, count: places.count)
    var met: [Int] = []
    for run in 0..<rows.runs.count {
      let range = rows.runs[run]
      for row in range where levels.codes[row] >= 0 && isInside(row) {
        let code = Int(levels.codes[row])
        if counts[code] == 0 { met.append(code) }
        counts[code] &+= 1
      }
      for code in met {
        own[code, default: QuantitySums()].addOnes(
          counts[code],
          weight: rows.weights[range.lowerBound],
          at: Int(rows.cells[range.lowerBound]),
          isElementStage: isElementStage
        )
        counts[code] = 0
      }
      met.removeAll(keepingCapacity: true)
    }
    for (code, place) in places.enumerated() { sums.levelSums[place] = own[code] }
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
      if isCentered { sums.outside += column.count }
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

extension Array {
  /// An optional element, made where there is none.
  fileprivate subscript<Wrapped>(place: Int, default made: @autoclosure () -> Wrapped) -> Wrapped
  where Element == Wrapped? {
    get { self[place] ?? made() }
    _modify {
      var value = self[place] ?? made()
      self[place] = nil
      defer { self[place] = value }
      yield &value
    }
  }
}
