import SurveyData
import SurveyDesign

/// Keeps, of each stratum, the units that the smallest tickets of the draw can still belong to.
///
/// Which units are kept in the end does not depend on the order in which they come.
struct TicketSieve: Sendable {
  /// A unit that may be drawn.
  struct Candidate: Sendable {
    /// As the draw orders it: turned by the plan's rotation.
    var ticket: Digest
    var place: RecordPlace
    var id: [UInt8]
  }

  /// One stratum within one parent.
  struct Cell: Sendable {
    var key: CellKey
    /// How many units were met.
    var population = 0
    var candidates: [Candidate] = []
    /// How many of the smallest tickets are wanted; `nil` wants every ticket below ``bar``.
    var wanted: Int?
  }

  private(set) var cells: [Cell] = []
  /// No ticket with a greater head is wanted any more.
  private var bars: [UInt64] = []
  private var populations: [Int] = []
  private let plan: StagePlan
  private var tickets: TicketMaker
  /// By stratum, of the first parent or where there are no parents; −1 where there is none yet.
  private var indexOfStratum: [Int32] = []
  /// Of the other parents, each of which may have strata of its own.
  private var indexOfKey: [CellKey: Int32] = [:]
  private var lastKey = CellKey(parent: -1, stratum: -1)
  private var lastIndex = 0

  init(_ plan: StagePlan, key: DrawKey) {
    self.plan = plan
    tickets = TicketMaker(key)
  }

  /// The number of a stratum within its parent; −1 until ``open(_:values:)`` gave it one.
  mutating func index(of key: CellKey) -> Int {
    if key.parent == 0 {
      let stratum = Int(key.stratum)
      return stratum < indexOfStratum.count ? Int(indexOfStratum[stratum]) : -1
    }
    if key == lastKey { return lastIndex }
    guard let index = indexOfKey[key] else { return -1 }
    lastKey = key
    lastIndex = Int(index)
    return lastIndex
  }

  /// Whether a unit's ticket is small enough for now; it is counted in any case.
  mutating func passes(_ id: UnsafeBufferPointer<UInt8>, cell index: Int) -> Bool {
    populations[index] &+= 1
    var head = tickets.head(of: id)
    if plan.rotation != 0 { head = tickets.last(of: id).rotated(by: plan.rotation).head }
    return head <= bars[index]
  }

  /// Holds the unit that ``passes(_:cell:)`` let through.
  mutating func hold(_ id: UnsafeBufferPointer<UInt8>, place: RecordPlace, cell index: Int) {
    hold(
      Candidate(ticket: tickets.last(of: id).rotated(by: plan.rotation), place: place, id: Array(id)),
      in: index
    )
  }

  private mutating func hold(_ candidate: Candidate, in index: Int) {
    cells[index].candidates.append(candidate)
    guard let wanted = cells[index].wanted, cells[index].candidates.count >= 2 * wanted + 16 else { return }
    bars[index] = cells[index].prune(to: wanted) ?? bars[index]
  }

  /// Gives a stratum within its parent a number; false where the plan says nothing about it.
  mutating func open(_ key: CellKey, values: [String]) -> Bool {
    var take = plan.take
    if case .byStratum(let takes) = take {
      guard let own = takes[stratumKey(values)] ?? takes[Take.otherStrata] else { return false }
      take = own
    }
    var cell = Cell(key: key)
    var bar = UInt64.max
    switch take {
    case .count(let count), .upTo(let count):
      // A count that no stratum can give keeps everything, so that the refusal knows N.
      let wanted = count.addingReportingOverflow(plan.reserves(inStratum: stratumKey(values)))
      cell.wanted = wanted.overflow || wanted.partialValue > Int(Int32.max) ? nil : wanted.partialValue
    case .all: cell.wanted = nil
    case .rate(let rate): bar = TicketSieve.bar(ofRate: rate)
    case .byStratum, .allocate: return false
    }
    if cell.wanted == 0 { bar = 0 }
    setIndex(of: key, to: Int32(cells.count))
    cells.append(cell)
    bars.append(bar)
    populations.append(0)
    return true
  }

  private mutating func setIndex(of key: CellKey, to index: Int32) {
    guard key.parent == 0 else {
      indexOfKey[key] = index
      return
    }
    let stratum = Int(key.stratum)
    if stratum >= indexOfStratum.count {
      indexOfStratum += [Int32](repeating: -1, count: 2 * (stratum + 1) - indexOfStratum.count)
    }
    indexOfStratum[stratum] = index
  }

  /// A head that no ticket with u below the rate exceeds.
  private static func bar(ofRate rate: Double) -> UInt64 {
    let limit = (rate * 4_503_599_627_370_496).rounded(.up) + 1
    return limit >= 4_503_599_627_370_496 ? .max : UInt64(max(0, limit)) << 12 | 0xFFF
  }

  /// The cells with their populations.
  var counted: [Cell] {
    cells.indices.map { index in
      var cell = cells[index]
      cell.population = populations[index]
      return cell
    }
  }
}

extension TicketSieve.Cell {
  /// Drops all but the smallest tickets; gives the greatest head left.
  mutating func prune(to wanted: Int) -> UInt64? {
    candidates.sort { $0.ticket < $1.ticket }
    if candidates.count > wanted { candidates.removeLast(candidates.count - wanted) }
    return candidates.count == wanted ? candidates.last?.ticket.head : nil
  }
}
