package import SurveyData
package import SurveyDesign

/// What one worker gathers of a frame that goes by block by block: the units that a draw may need.
///
/// Where a method takes the units with the smallest tickets, only those that can still be among them stay;
/// of other methods every unit stays, its id, stratum and size packed. Anything out of the ordinary sets
/// ``isTroubled``: the frame is then read as a table, which finds and names everything that is wrong.
package struct FrameCollector: Sendable {
  /// Where the plan's columns stand in the file.
  package struct Columns: Sendable {
    package var id: Int
    /// A column of ids that is normalised.
    package var parent: Int?
    package var strata: [Int]
    package var size: Int?
    package var sort: [(name: String, position: Int)]

    /// - Returns: `nil` where a column is missing.
    package init?(_ plan: StagePlan, parent: String?, header: [String]) {
      func place(_ name: String) -> Int? { header.firstIndex { sameBytes($0, name) } }
      guard let id = place(plan.id) else { return nil }
      self.id = id
      strata = plan.strata.compactMap(place)
      sort = plan.sort.compactMap { key in place(key.column).map { (key.column, $0) } }
      self.parent = parent.flatMap(place)
      let takesSize = plan.size != nil && SelectionMethods.named(plan.method)?.takesSize ?? false
      size = takesSize ? plan.size.flatMap(place) : nil
      if strata.count < plan.strata.count || sort.count < plan.sort.count { return nil }
      if parent != nil && self.parent == nil || takesSize && size == nil { return nil }
      // Numbers to sort by are checked in every row, also of units that cannot be drawn: the table does that.
      if parent != nil, plan.sort.contains(where: \.numeric) { return nil }
    }
  }

  /// An id that reading changed.
  package struct ChangedID: Sendable {
    package var row: Int
    package var value: String
    package var clean: String
  }

  /// Something is wrong, or rare enough to be left to the reading as a table.
  package internal(set) var isTroubled = false
  let plan: StagePlan
  let file: String
  let columns: Columns
  let parents: [String]?
  var strata: StratumLevels
  let sievesTickets: Bool
  var sieve: TicketSieve
  var packed = PackedUnits()
  var keptCount = 0
  var identities = IdentityNumberCount()
  private var parentLevels = ByteLevels()
  private(set) var parentIdentities = Set<String>()
  private var placeOfParentLevel = [Int32]()
  private let placeOfParent: [[UInt8]: Int32]

  /// - Returns: `nil` where a column is missing or the method is unknown.
  package init?(
    _ plan: StagePlan,
    key: DrawKey,
    parents: [String]?,
    parentColumn: String?,
    header: [String],
    file: String
  ) {
    guard let columns = Columns(plan, parent: parentColumn, header: header),
      let method = SelectionMethods.named(plan.method), parents == nil || columns.parent != nil
    else { return nil }
    self.plan = plan
    self.file = file
    self.columns = columns
    self.parents = parents
    strata = StratumLevels(columns: columns.strata.count)
    var places = [[UInt8]: Int32]()
    for (place, id) in (parents ?? []).enumerated() { places[Array(id.utf8)] = Int32(place) }
    placeOfParent = places
    sievesTickets = method.takesSmallestTickets
    sieve = TicketSieve(plan, key: key)
  }

  /// Takes in a block.
  /// - Parameters:
  ///   - mask: which rows are drawn from; `nil` is all.
  /// - Returns: the ids that reading changed, in the order of the rows.
  package mutating func take(_ block: CellBlock, file: Int32, mask: [Bool]?) -> [ChangedID] {
    if isTroubled { return [] }
    var changed = [ChangedID]()
    var piece = PackedUnits.Piece(block, file: file)
    block.withCells { cells in
      for row in 0..<cells.rowCount {
        let id = cells.cell(row, columns.id)
        if id.count == 18 { identities.add(id) }
        let isKept = mask?[row] ?? true
        if isPlainIdentifier(id) {
          if !add(id, row, cells, file, block, isKept: isKept, to: &piece) { return }
          continue
        }
        guard var clean = readOdd(id, row: row, isKept: isKept, into: &changed) else {
          isTroubled = true
          return
        }
        let isFine = clean.withUTF8 { add($0, row, cells, file, block, isKept: isKept, to: &piece) }
        if !isFine { return }
      }
    }
    if !sievesTickets, !isTroubled {
      if !columns.sort.isEmpty {
        piece.sort = block.table(of: columns.sort, file: self.file).rows(piece.rows.map(Int.init)).columns
      }
      packed.pieces.append(piece)
    }
    return changed
  }

  /// Reads an id that is not plain; `nil` where it cannot be used.
  private func readOdd(
    _ id: UnsafeBufferPointer<UInt8>,
    row: Int,
    isKept: Bool,
    into changed: inout [ChangedID]
  ) -> String? {
    let value = String(decoding: id, as: UTF8.self)
    if value.isEmpty { return isKept ? nil : value }
    switch readIdentifier(value) {
    case .refused: return nil
    case .unchanged: return isKept && identifierFault(value) != nil ? nil : value
    case .changed(let clean):
      if isKept, identifierFault(clean) != nil { return nil }
      changed.append(ChangedID(row: row, value: value, clean: clean))
      return clean
    }
  }

  /// Adds a unit; false where the row is not in order.
  private mutating func add(
    _ id: UnsafeBufferPointer<UInt8>,
    _ row: Int,
    _ cells: CellView,
    _ file: Int32,
    _ block: CellBlock,
    isKept: Bool,
    to piece: inout PackedUnits.Piece
  ) -> Bool {
    var parent: Int32 = 0
    if let column = columns.parent {
      let cell = cells.cell(row, column)
      parent = parentPlace(cell, isKept: isKept)
      if isTroubled { return false }
    }
    if !isKept { return true }
    keptCount &+= 1
    let stratum = strata.stratum(of: cells, row, columns.strata)
    if stratum < 0 || parents != nil && columns.parent.map({ cells.cell(row, $0).isEmpty }) == true {
      isTroubled = true
      return false
    }
    // A size is read whether or not its unit can be drawn: a frame is in order, or it is not.
    var size: UInt64 = 0
    if let column = columns.size {
      guard let read = wholeNumber(cells.cell(row, column)) else {
        isTroubled = true
        return false
      }
      size = read
    }
    if parents != nil, parent < 0 { return true }
    let key = CellKey(parent: parents == nil ? 0 : parent, stratum: stratum)
    if sievesTickets {
      var index = sieve.index(of: key)
      if index < 0 {
        guard sieve.open(key, values: strata.values[Int(stratum)]) else {
          isTroubled = true
          return false
        }
        index = sieve.index(of: key)
      }
      if sieve.passes(id, cell: index) {
        let record = cells.record(row)
        let place = RecordPlace(file: file, offset: block.fileOffset + record.start, count: UInt32(record.count))
        sieve.hold(id, place: place, cell: index)
      }
      return true
    }
    if columns.size != nil { piece.sizes.append(size) }
    piece.add(id, row: row, record: cells.record(row), cell: key)
    return true
  }

  private mutating func parentPlace(_ cell: UnsafeBufferPointer<UInt8>, isKept: Bool) -> Int32 {
    if cell.isEmpty {
      if isKept, parents != nil { isTroubled = true }
      return -1
    }
    let level = Int(parentLevels.code(of: cell))
    if level < placeOfParentLevel.count { return placeOfParentLevel[level] }
    let text = String(decoding: cell, as: UTF8.self)
    guard case .unchanged = readIdentifier(text), identifierFault(text) != .controlCharacter else {
      isTroubled = true
      return -1
    }
    if text.utf8.count == 18 { parentIdentities.insert(text) }
    let place = placeOfParent[Array(cell)] ?? -1
    placeOfParentLevel.append(place)
    return place
  }
}

/// A stratum within a parent, by the numbers a worker gave them.
struct CellKey: Hashable, Sendable {
  var parent: Int32
  var stratum: Int32
}

extension SelectionMethod {
  /// Whether the units taken, and their reserves, are those with the smallest tickets of the stratum.
  var takesSmallestTickets: Bool { name == SimpleRandom().name || name == Bernoulli().name }
}

/// Plain digits, less than 2^63; `nil` for anything else.
private func wholeNumber(_ cell: UnsafeBufferPointer<UInt8>) -> UInt64? {
  if cell.isEmpty || cell.count > 18 { return nil }
  var value: UInt64 = 0
  for byte in cell {
    guard byte >= 0x30, byte <= 0x39 else { return nil }
    value = value &* 10 &+ UInt64(byte &- 0x30)
  }
  return value
}
