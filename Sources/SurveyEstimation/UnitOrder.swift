internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign

/// The units of every stratum in the order in which they were selected, for the variance of systematic samples.
///
/// Formula: v = (1 − f) n/(2(n − 1)) Σ_{i=2}^{n} (z_i − z_{i−1})² within a stratum, z_i the weighted linearized total of the
/// i-th unit in the order of selection, 0 outside the domain. With unequal probabilities the mean of 1 − π of both
/// neighbours stands for 1 − f of their difference.
/// Source: Wolter (2007), Introduction to Variance Estimation, 2nd ed., ch. 8, estimator v₂.
struct UnitOrder: Sendable {
  /// By stratum: its units, the first one selected first.
  private let units: [[Int32]]
  /// By unit: its place in its stratum.
  private let places: [Int]

  /// - Parameters:
  ///   - order: what says it; a unit stands where the first of its rows stands.
  ///   - stage: with strata and units by cell.
  ///   - cells: by row of the table.
  /// - Throws: a refusal for rows without a number and for units that share one.
  init(
    _ order: SampleDesign.Stage.Order,
    stage: DesignTree.Stage,
    cells: [Int32],
    table: Table
  ) throws(InputRefusal) {
    let column: String?
    let values: [Double]
    switch order {
    case .rows:
      column = nil
      values = (0..<table.rowCount).map(Double.init)
    case .column(let name):
      column = name
      values = try Expression(column: name).numbers(over: table)
    }
    var first: [Int32: (value: Double, row: Int)] = [:]
    var findings: [Finding] = []
    for (row, cell) in cells.enumerated() {
      if values[row].isNaN {
        findings.append(.orderMissing(column, table, row: row))
        continue
      }
      let unit = stage.units[Int(cell)]
      if let known = first[unit], known.value <= values[row] { continue }
      first[unit] = (values[row], row)
    }
    var unitsOfStratum = [[(unit: Int32, value: Double, row: Int)]](repeating: [], count: stage.sampleSizes.count)
    for (unit, found) in first {
      unitsOfStratum[Int(stage.strata[Int(cells[found.row])])].append((unit, found.value, found.row))
    }
    var places = [Int](repeating: 0, count: Int(first.keys.max() ?? -1) + 1)
    var units: [[Int32]] = []
    for var own in unitsOfStratum {
      own.sort { ($0.value, $0.row) < ($1.value, $1.row) }
      for (place, unit) in own.enumerated() {
        places[Int(unit.unit)] = place
        if place > 0, own[place - 1].value == unit.value { findings.append(.orderTied(column, table, row: unit.row)) }
      }
      units.append(own.map(\.unit))
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    self.units = units
    self.places = places
  }

  /// What a stratum of at least two units adds to the covariance of two totals.
  ///
  /// - Parameters:
  ///   - touched: units with rows of the domain.
  ///   - lefts, rights: their totals.
  func covariance(
    _ touched: [Int],
    _ lefts: [Double],
    _ rights: [Double],
    in stage: DesignTree.Stage,
    stratum: Int
  ) -> Double {
    let all = units[stratum]
    func correction(before place: Int) -> Double {
      guard let probabilities = stage.probabilities else { return stage.correction(stratum) }
      return 1 - (probabilities[Int(all[place - 1])] + probabilities[Int(all[place])]) / 2
    }
    var sum = 0.0
    // The unit before, as long as it is the next neighbour.
    var before = (place: -1, left: 0.0, right: 0.0)
    func close(_ own: (place: Int, left: Double, right: Double)) -> Double {
      own.place >= 0 && own.place + 1 < all.count ? correction(before: own.place + 1) * own.left * own.right : 0
    }
    for index in touched.indices.sorted(by: { places[touched[$0]] < places[touched[$1]] }) {
      let own = (place: places[touched[index]], left: lefts[index], right: rights[index])
      if own.place > 0 {
        if before.place == own.place - 1 {
          sum += correction(before: own.place) * (own.left - before.left) * (own.right - before.right)
        } else {
          sum += close(before) + correction(before: own.place) * own.left * own.right
        }
      }
      before = own
    }
    sum += close(before)
    return Double(all.count) / (2 * Double(all.count - 1)) * sum
  }
}

extension Finding {
  fileprivate static func orderMissing(_ column: String?, _ table: Table, row: Int) -> Finding {
    Finding(
      "order-missing",
      file: table.file,
      sheet: table.sheet,
      row: table.fileRow(of: row),
      column: column,
      message: LocalizedText(zh: "缺少抽取次序。", en: "the place in the order of selection is missing."),
      fix: LocalizedText(zh: "每个单位都须有次序号。", en: "Every unit needs its number.")
    )
  }

  fileprivate static func orderTied(_ column: String?, _ table: Table, row: Int) -> Finding {
    Finding(
      "order-tied",
      file: table.file,
      sheet: table.sheet,
      row: table.fileRow(of: row),
      column: column,
      value: column.flatMap { table[$0]?.text(at: row) },
      message: LocalizedText(zh: "同一层中有两个单位次序号相同。", en: "two units of a stratum have the same place in the order."),
      fix: LocalizedText(zh: "每个单位的次序号须不同。", en: "Give every unit of a stratum a number of its own.")
    )
  }
}
