package import SurveyData

/// What became of every unit of a list: none is left out, none counted twice.
package struct FieldworkAccount: Sendable {
  /// One drawn unit.
  package struct Unit: Sendable {
    package var id: String
    package var isSelected: Bool
    /// Selected units: their place in the list; reserves: their place among the reserves of the cell.
    package var order: Int
    /// Its place in ``FieldworkAccount/cells``.
    package var cell: Int
    /// The design weight; of selected units only.
    package var weight: Double
    /// Its row in the table of the list, and in the list's file.
    package var row: Int
    package var listRow: Int
    /// What counts of the record: the last correction of the first line about it.
    package var record: FieldworkRecord?
    package var outcome: FieldOutcome? { record?.outcome }
  }

  /// The units of one stratum under one unit of the stage before: reserves stand in for units of their cell.
  package struct Cell: Sendable {
    package var stratum: String
    /// The ids of the units above it, the first stage first; empty at the first stage.
    package var parents: [String]
    package var selected: [Int]
    /// In the order in which they may be used.
    package var reserves: [Int]
  }

  package var stage: String
  package var units: [Unit]
  package var cells: [Cell]
  /// Everything that is wrong or missing, in the order of record and list.
  package var faults: [Finding]

  /// - Parameters:
  ///   - list: the draw's list, further waves of reserves after it.
  ///   - stages: the draw's stages, first to last.
  ///   - unitStage: the stage whose units are accounted for.
  ///   - records: of all stages, in their order.
  ///   - recordFile: the name of the record's file, for messages.
  ///   - certainSuffix: what the list puts after the stratum of must-include units: they are of the same cell as
  ///     the others, and its reserves may stand in for them.
  /// - Throws: a refusal where the list is none of a draw.
  package init(
    list: Table,
    stages: [ListedStage],
    unitStage: Int,
    records: [FieldworkRecord],
    recordFile: String,
    certainSuffix: String
  ) throws(InputRefusal) {
    precondition(stages.indices.contains(unitStage), "the unit's stage is one of the draw's")
    let listed = try ListedUnits(list: list, stages: stages, unitStage: unitStage)
    let orders: Column? = list["order"]
    stage = stages[unitStage].name
    faults = []
    let nodes = listed.nodes[unitStage]
    cells = []
    var cellOfKey = [String: Int]()
    var cellOfListed = [Int]()
    for cell in listed.cells[unitStage] {
      let isCertain = !certainSuffix.isEmpty && cell.stratum.hasSuffix(certainSuffix)
      let stratum = isCertain ? String(cell.stratum.dropLast(certainSuffix.count)) : cell.stratum
      let key = "\(cell.parent)\n\(stratum)"
      let place = cellOfKey[key] ?? cells.count
      cellOfListed.append(place)
      if place == cells.count {
        cellOfKey[key] = place
        var parents = [String]()
        var parent = cell.parent
        for above in stride(from: unitStage - 1, through: 0, by: -1) {
          parents.append(listed.nodes[above][parent].id)
          parent = listed.nodes[above][parent].parent
        }
        cells.append(Cell(stratum: stratum, parents: parents.reversed(), selected: [], reserves: []))
      }
      cells[place].selected += cell.nodes.filter { nodes[$0].isSelected }
      cells[place].reserves += cell.nodes.filter { !nodes[$0].isSelected }
    }
    units = nodes.map { node in
      Unit(
        id: node.id,
        isSelected: node.isSelected,
        order: orders?.text(at: node.row).flatMap { Int($0) } ?? 0,
        cell: cellOfListed[node.cell],
        weight: .nan,
        row: node.row,
        listRow: list.fileRow(of: node.row),
        record: nil
      )
    }
    for place in units.indices where units[place].isSelected {
      units[place].weight = listed.designWeight(place, stage: unitStage)
    }
    for place in cells.indices {
      cells[place].reserves.sort { (units[$0].order, units[$0].row) < (units[$1].order, units[$1].row) }
    }
    var faultFinder = FieldworkFaults(
      units: units,
      cells: cells,
      stage: stage,
      listFile: list.file,
      recordFile: recordFile
    )
    faultFinder.place(records.filter { $0.stage == stage })
    faultFinder.check()
    units = faultFinder.units
    faults = faultFinder.findings
  }

  /// The units a unit's cell holds in reserve, and which is next.
  package func nextReserve(for id: String) -> String? {
    guard let unit = units.first(where: { $0.id == id }) else { return nil }
    return cells[unit.cell].reserves.first { units[$0].record == nil }.map { units[$0].id }
  }
}

/// How many units, and how much weight, came to what in one group of a list.
package struct FieldworkTally: Sendable {
  package var selected = 0
  package var withoutOutcome = 0
  /// Outcomes of the selected.
  package var outcomes: [FieldOutcome: Int] = [:]
  package var reserves = 0
  package var reservesUsed = 0
  package var reserveOutcomes: [FieldOutcome: Int] = [:]
  /// Selected units that a reserve stands in for, and their weight.
  package var replaced = 0
  package var replacedWeight = 0.0
  package var selectedWeight = 0.0
  /// Of the selected: a unit without a record counts as unknown (AAPOR 3.11, not worked).
  package var counts = ResponseCounts()
  package var weighted = ResponseCounts()

  /// Interviews, those of reserves included.
  package var interviews: Int {
    (Array(outcomes) + Array(reserveOutcomes)).reduce(0) { $0 + ($1.key.isInterview ? $1.value : 0) }
  }

  package var rates: ResponseRates { ResponseRates(counts) }
  package var weightedRates: ResponseRates { ResponseRates(weighted) }
  /// Reserves in use for each unit selected.
  package var replacementRate: Double? { selected > 0 ? Double(reservesUsed) / Double(selected) : nil }
  /// The share of the selected units' weight that reserves stand in for.
  package var weightedReplacementRate: Double? { selectedWeight > 0 ? replacedWeight / selectedWeight : nil }
  /// Interviews for each unit planned.
  package var completionRate: Double? { selected > 0 ? Double(interviews) / Double(selected) : nil }

  mutating func add(_ unit: FieldworkAccount.Unit) {
    guard unit.isSelected else {
      reserves += 1
      guard let outcome = unit.outcome else { return }
      reservesUsed += 1
      reserveOutcomes[outcome, default: 0] += 1
      return
    }
    selected += 1
    selectedWeight += unit.weight
    let group = unit.outcome?.responseClass ?? .unknownHousehold
    counts[group] += 1
    weighted[group] += unit.weight
    if let outcome = unit.outcome { outcomes[outcome, default: 0] += 1 } else { withoutOutcome += 1 }
    if unit.record?.replacedBy != nil {
      replaced += 1
      replacedWeight += unit.weight
    }
  }
}

extension FieldworkAccount {
  /// All units together.
  package var total: FieldworkTally {
    var tally = FieldworkTally()
    for unit in units { tally.add(unit) }
    return tally
  }

  /// By cell, in the order of ``cells``.
  package var cellTallies: [FieldworkTally] {
    var tallies = [FieldworkTally](repeating: FieldworkTally(), count: cells.count)
    for unit in units { tallies[unit.cell].add(unit) }
    return tallies
  }

  /// By unit of the first stage, in the order of the list; empty where the units are of the first stage.
  package var firstStageTallies: [(id: String, tally: FieldworkTally)] {
    var places = [String: Int]()
    var tallies = [(id: String, tally: FieldworkTally)]()
    for unit in units {
      guard let id = cells[unit.cell].parents.first else { return [] }
      let place = places[id] ?? tallies.count
      if place == tallies.count {
        places[id] = place
        tallies.append((id, FieldworkTally()))
      }
      tallies[place].tally.add(unit)
    }
    return tallies
  }
}
