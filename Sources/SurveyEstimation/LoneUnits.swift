/// Which units of the last stage have a single row.
///
/// The sums of such a unit are its row. A stratum's lone units share one cell with the squares of their rows, as where
/// rows are units: a million households cost no more than their village. Which units are lone depends on the whole
/// file, so that a first pass takes every unit to be lone and counts its rows; where some have several, a second
/// pass gives those their own cells.
struct LoneUnits: Sendable {
  /// The units met: a node for each pair of stratum and code.
  private(set) var level = PathTree.Level()
  /// By unit: the rows met, at most 2.
  private var counts: [UInt8] = []
  /// By unit, from an earlier pass: whether it has several rows.
  private var isRepeated: [Bool] = []
  private(set) var isKnown = false

  init() {}

  /// The units of a design tree in which each has its own node.
  init(level: PathTree.Level) {
    self.level = level
    isKnown = true
  }

  /// Every unit is known to have one row.
  static var allLone: LoneUnits {
    var units = LoneUnits()
    units.isKnown = true
    return units
  }

  /// Whether the second pass is not needed.
  var isComplete: Bool { isKnown || !counts.contains(2) }

  /// What the first pass found, for the second.
  var known: LoneUnits {
    var units = LoneUnits()
    units.level = level
    units.isRepeated = counts.map { $0 > 1 }
    units.isKnown = true
    return units
  }

  /// Meets a row of a unit.
  @inline(__always)
  mutating func hasOwnCell(stratum: Int32, code: Int32) -> Bool {
    if isKnown {
      if isRepeated.isEmpty { return false }
      let unit = Int(level.node(parent: stratum, code: code))
      return unit < isRepeated.count && isRepeated[unit]
    }
    note(Int(level.node(parent: stratum, code: code)), rows: 1)
    return false
  }

  @inline(__always)
  private mutating func note(_ unit: Int, rows: UInt8) {
    if unit == counts.count {
      counts.append(rows)
    } else {
      counts[unit] = 2
    }
  }

  /// Takes in the units that another worker met.
  ///
  /// - Parameters:
  ///   - other: of the same pass.
  ///   - strata: by stratum there, the stratum here.
  ///   - codes: by code there, the code here.
  mutating func merge(_ other: LoneUnits, strata: [Int32], codes: [Int32]) {
    // Of a second pass all have the same.
    if isKnown { return }
    for unit in 0..<other.level.count {
      let place = level.node(
        parent: strata[Int(other.level.parents[unit])],
        code: codes[Int(other.level.codes[unit])]
      )
      note(Int(place), rows: other.counts[unit])
    }
  }

  /// Whether units are mostly lone among some of the rows: then it is worth while to keep no sums of theirs.
  static func prevail(strata: [Int32], codes: [Int32]) -> Bool {
    let count = min(codes.count, 16_384)
    var level = PathTree.Level()
    for row in 0..<count { _ = level.node(parent: strata[row], code: codes[row]) }
    return level.count > 1 && 2 * level.count > count
  }
}

/// How an accumulator keeps the units of the last stage.
enum UnitCells: Sendable {
  /// Nothing was added yet.
  case undecided
  /// Every unit has its own cell.
  case own
  /// Units with one row share their stratum's cell.
  case shared(LoneUnits)
}
