package import SurveyData
package import SurveyDesign

/// A stage's frame as its workers gathered it, ready to be drawn from.
package struct CollectedFrame: Sendable {
  /// How many rows the filter leaves.
  package let unitsKept: Int
  let units: StageUnits
  private let places: UnitPlaces

  /// Puts together what the workers gathered; the outcome does not depend on who gathered what.
  ///
  /// - Returns: `nil` where anything is out of the ordinary: the frame is to be read as a table.
  package init?(_ collectors: [FrameCollector]) {
    guard let first = collectors.first, !collectors.contains(where: \.isTroubled) else { return nil }
    var identities = IdentityNumberCount()
    var parentIdentities = Set<String>()
    for collector in collectors {
      identities.add(collector.identities)
      parentIdentities.formUnion(collector.parentIdentities)
    }
    var parentCount = IdentityNumberCount()
    for text in parentIdentities {
      var text = text
      text.withUTF8 { parentCount.add($0) }
    }
    if identities.showsCutDigits || parentCount.showsCutDigits { return nil }
    let strata = JoinedStrata(collectors.map(\.strata.values))
    if !haveOwnTexts(strata.strata) { return nil }
    let collected =
      first.sievesTickets
      ? CollectedFrame.sieved(collectors, strata: strata) : CollectedFrame.packed(collectors, strata: strata)
    guard let (units, places) = collected, !units.cells.isEmpty else { return nil }
    if let parents = first.parents {
      var hasUnits = [Bool](repeating: false, count: parents.count)
      for cell in units.cells { if let parent = cell.parent { hasUnits[parent] = true } }
      if hasUnits.contains(false) { return nil }
    }
    unitsKept = collectors.reduce(0) { $0 + $1.keptCount }
    self.units = units
    self.places = places
  }

  /// Draws the stage.
  /// - Returns: the stage, the places of its drawn units in the files, and with these as the rows of a frame.
  /// - Throws: every stratum that cannot give what is asked.
  package func draw(
    _ plan: StagePlan,
    parents: [String]?,
    key: DrawKey,
    file: String,
    workers: Int
  ) throws(InputRefusal) -> (stage: StageDraw, places: [RecordPlace]) {
    var stage = try select(
      plan,
      from: units,
      parents: parents,
      key: key,
      frame: Table(columns: [], file: file),
      workers: workers
    )
    var found = [RecordPlace]()
    for cell in stage.cells.indices {
      for unit in stage.cells[cell].units.indices {
        found.append(places.place(of: stage.cells[cell].units[unit].frameRow))
        stage.cells[cell].units[unit].frameRow = found.count - 1
      }
    }
    return (stage, found)
  }
}

/// The strata that several workers met, in the order of their values' bytes.
private struct JoinedStrata {
  let strata: [[String]]
  /// For each worker, the place of each of its strata.
  let places: [[Int32]]

  init(_ workers: [[[String]]]) {
    var met = [[[UInt8]]: Int32]()
    var values = [[String]]()
    var numbers = [[Int32]]()
    for worker in workers {
      numbers.append(
        worker.map { stratum in
          let bytes = stratum.map { Array($0.utf8) }
          if let known = met[bytes] { return known }
          let number = Int32(values.count)
          met[bytes] = number
          values.append(stratum)
          return number
        }
      )
    }
    let order = values.indices.sorted { valuesPrecede(values[$0], values[$1]) }
    var place = [Int32](repeating: 0, count: values.count)
    for (index, old) in order.enumerated() { place[old] = Int32(index) }
    strata = order.map { values[$0] }
    places = numbers.map { $0.map { place[Int($0)] } }
  }
}

extension CollectedFrame {
  private static func sieved(
    _ collectors: [FrameCollector],
    strata: JoinedStrata
  ) -> (StageUnits, UnitPlaces)? {
    var joined = [CellKey: TicketSieve.Cell]()
    for (worker, collector) in collectors.enumerated() {
      for cell in collector.sieve.counted {
        let key = CellKey(parent: cell.key.parent, stratum: strata.places[worker][Int(cell.key.stratum)])
        if joined[key] == nil {
          joined[key] = cell
        } else {
          joined[key]?.population += cell.population
          joined[key]?.candidates += cell.candidates
        }
      }
    }
    var builder = IdentifierBuilder()
    var cells = [StageUnits.Cell]()
    var places = [RecordPlace]()
    let isNested = collectors.first?.parents != nil
    for (key, cell) in joined.sorted(by: { precedes($0.key, $1.key) }) {
      var cell = cell
      if let wanted = cell.wanted { _ = cell.prune(to: wanted) }
      cell.candidates.sort { ($0.place.file, $0.place.offset) < ($1.place.file, $1.place.offset) }
      let begin = Int32(places.count)
      for candidate in cell.candidates {
        candidate.id.withUnsafeBufferPointer { builder.append($0) }
        places.append(candidate.place)
      }
      cells.append(
        StageUnits.Cell(
          parent: isNested ? Int(key.parent) : nil,
          stratum: Int(key.stratum),
          rows: ArraySlice(begin..<Int32(places.count)),
          population: cell.population
        )
      )
    }
    let order = UnitOrder(ids: builder.identifiers, sizes: [], sortRanks: [], measures: [])
    return (StageUnits(order: order, strata: strata.strata, cells: cells), .listed(places))
  }

  private static func packed(
    _ collectors: [FrameCollector],
    strata: JoinedStrata
  ) -> (StageUnits, UnitPlaces)? {
    var pieces = [(worker: Int, piece: PackedUnits.Piece)]()
    for (worker, collector) in collectors.enumerated() {
      pieces += collector.packed.pieces.map { (worker, $0) }
    }
    pieces.sort { ($0.piece.file, $0.piece.fileOffset) < ($1.piece.file, $1.piece.fileOffset) }
    let total = pieces.reduce(0) { $0 + $1.piece.idEnds.count }
    guard total < Int(Int32.max), let plan = collectors.first?.plan else { return nil }
    var builder = IdentifierBuilder(capacity: total, bytes: pieces.reduce(0) { $0 + $1.piece.idBytes.count })
    var sizes = [UInt64]()
    sizes.reserveCapacity(collectors.first?.columns.size == nil ? 0 : total)
    var groupOfRow = [Int64]()
    groupOfRow.reserveCapacity(total)
    var starts = [Int]()
    for (worker, piece) in pieces {
      starts.append(groupOfRow.count)
      builder.append(bytes: piece.idBytes, ends: piece.idEnds)
      sizes += piece.sizes
      for cell in piece.cells {
        groupOfRow.append(Int64(cell.parent) << 32 | Int64(strata.places[worker][Int(cell.stratum)]))
      }
    }
    var ranks = [[Int32]]()
    for (place, key) in plan.sort.enumerated() {
      let parts = pieces.map(\.piece.sort).filter { !$0.isEmpty }.map { $0[place] }
      guard case .success(let rank) = sortRanks(Column.concatenated(parts), key: key) else { return nil }
      ranks.append(rank)
    }
    let isNested = collectors.first?.parents != nil
    let pairs = PairGrouping(total) { groupOfRow[$0] }
    let cells = pairs.keys.indices.map { index in
      StageUnits.Cell(
        parent: isNested ? Int(pairs.keys[index] >> 32) : nil,
        stratum: Int(pairs.keys[index] & 0xFFFF_FFFF),
        rows: pairs.rows(of: index)
      )
    }
    let order = UnitOrder(ids: builder.identifiers, sizes: sizes, sortRanks: ranks, measures: [])
    return (
      StageUnits(order: order, strata: strata.strata, cells: cells),
      .packed(starts: starts, pieces: pieces.map(\.piece))
    )
  }
}

private func precedes(_ left: CellKey, _ right: CellKey) -> Bool {
  (left.parent, left.stratum) < (right.parent, right.stratum)
}

/// Where the units of a collected frame stand in its files.
private enum UnitPlaces: Sendable {
  case listed([RecordPlace])
  case packed(starts: [Int], pieces: [PackedUnits.Piece])

  func place(of unit: Int) -> RecordPlace {
    switch self {
    case .listed(let places): return places[unit]
    case .packed(let starts, let pieces):
      var low = 0
      var high = starts.count
      while high - low > 1 {
        let middle = (low + high) / 2
        if starts[middle] <= unit { low = middle } else { high = middle }
      }
      return pieces[low].place(unit - starts[low])
    }
  }
}

extension StagePlan {
  /// Whether everything the plan says is heeded when its frame goes by in chunks.
  ///
  /// A plan that says more than this, such as units that must be taken, draws from a table.
  package var hasOnlyTicketsAndSizes: Bool {
    if case .allocate = take { return false }
    return self
      == StagePlan(
        name: name,
        id: id,
        parent: parent,
        strata: strata,
        method: method,
        take: take,
        reserves: reserves,
        reservesByStratum: reservesByStratum,
        size: size,
        sort: sort,
        rotation: rotation
      )
  }
}
