/// The units of one stratum as a selection method sees them; unit i is the i-th row of the stratum.
package struct CellUnits: Sendable {
  /// The stratum's text in labels: parent id and strata values, joined by line feeds.
  let label: String
  let key: DrawKey
  private let frame: UnitOrder
  private let rows: ArraySlice<Int32>
  private let rotation: Double
  /// The stratum's population size.
  package let count: Int

  /// - Parameter population: of the stratum; more than the rows where only units that can be drawn are in memory.
  init(
    label: String,
    key: DrawKey,
    frame: UnitOrder,
    rows: ArraySlice<Int32>,
    population: Int? = nil,
    rotation: Double
  ) {
    count = population ?? rows.count
    self.label = label
    self.key = key
    self.frame = frame
    self.rows = rows
    self.rotation = rotation
  }

  /// The units in memory: every unit, but for methods that take the smallest tickets only those in question.
  var inMemory: Range<Int> { 0..<rows.count }

  func row(_ unit: Int) -> Int { Int(rows[rows.startIndex + unit]) }

  func size(_ unit: Int) -> UInt64 { frame.sizes.isEmpty ? 1 : frame.sizes[row(unit)] }

  /// Whether the units have sizes; without, each has size 1.
  var hasSizes: Bool { !frame.sizes.isEmpty }

  /// The number of balancing or coordinate columns.
  var measureCount: Int { frame.measures.count }

  /// The value of a balancing or coordinate column.
  func measure(_ column: Int, _ unit: Int) -> Double { measure(column, ofRow: row(unit)) }

  func measure(_ column: Int, ofRow row: Int) -> Double { frame.measures[column][row] }

  /// The tickets of many units, one after the other.
  var tickets: Tickets { Tickets(maker: TicketMaker(key), cell: self) }

  /// Makes tickets from the state after the key: one compression each.
  struct Tickets {
    fileprivate var maker: TicketMaker
    fileprivate let cell: CellUnits

    mutating func ticket(_ unit: Int) -> Digest {
      cell.frame.ids.withBytes(cell.row(unit)) { maker.ticket(of: $0) }
    }
  }

  /// The numbers u_0, u_1, … of this stratum, from the first (protocol §4).
  var stream: UniformStream { UniformStream(key: key, stratum: label) }

  /// All units in list order: the declared sort keys, then the id as bytes.
  var inListOrder: [Int] {
    if !frame.sortRanks.isEmpty { return Array(inMemory).sorted { frame.precedes(row($0), row($1)) } }
    // Most comparisons end with the ids' first eight bytes, which lie side by side here.
    var headed = inMemory.map { HeadedUnit(head: frame.ids.head(row($0)), unit: $0) }
    headed.sort { left, right in
      left.head == right.head
        ? frame.ids.precedes(row(left.unit), row(right.unit)) : left.head < right.head
    }
    return headed.map(\.unit)
  }

  private struct HeadedUnit {
    var head: UInt64
    var unit: Int
  }

  /// The units of positive size: those that a size-based method can take.
  var positive: [Int] {
    inMemory.filter { size($0) > 0 }
  }

  /// The first units by ticket among some, in that order; every unit where `units` is nil.
  ///
  /// Complexity: one ticket a unit; memory for twice the units wanted, not for the stratum.
  func byTicket(first wanted: Int, of units: [Int]? = nil) -> [Int] {
    let total = units?.count ?? inMemory.count
    let limit = min(wanted, total)
    if limit <= 0 { return [] }
    var held = [RankedUnit]()
    let room = min(total, 2 * limit + 64)
    held.reserveCapacity(room)
    var bar: Digest?
    var tickets = tickets
    for index in 0..<total {
      let unit = units.map { $0[index] } ?? index
      let ticket = tickets.ticket(unit).rotated(by: rotation)
      if let bar, bar < ticket { continue }
      held.append(RankedUnit(ticket: ticket, unit: unit))
      if held.count == room, index + 1 < total {
        held.sort { $0.ticket < $1.ticket }
        held.removeLast(held.count - limit)
        bar = held.last?.ticket
      }
    }
    held.sort { $0.ticket < $1.ticket }
    return held.prefix(limit).map(\.unit)
  }

  private struct RankedUnit {
    var ticket: Digest
    var unit: Int
  }
}

/// What orders the units of a whole frame: ids, sizes, and the ranks of the sort keys.
struct UnitOrder: Sendable {
  var ids: UnitIdentifiers
  /// One size a row; empty where the method needs none.
  var sizes: [UInt64]
  /// For each sort key, one rank a row, already turned round where it descends.
  var sortRanks: [[Int32]]
  /// The balancing or coordinate columns, each with one value a row.
  var measures: [[Double]]

  func precedes(_ left: Int, _ right: Int) -> Bool {
    for ranks in sortRanks where ranks[left] != ranks[right] { return ranks[left] < ranks[right] }
    return ids.precedes(left, right)
  }
}
