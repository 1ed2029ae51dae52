internal import SurveyData
internal import SurveyDesign

/// The account of one stage of a draw, from its record or, where there is none, from the answers.
struct StageAccount: Sendable {
  /// The units of one unit of the stage before.
  struct Group: Sendable {
    var id: String
    var selected = 0
    var used = 0
    /// A row of the list.
    var row: Int
  }

  let isRecord: Bool
  /// The place of the list among the sources.
  let list: Int
  let units: Int
  let reservesUsed: Int
  let faults: [CheckedDraw.Fault]
  let groups: [Group]
  /// The list's column with the groups' ids.
  let groupColumn: String?

  /// - Returns: `nil` where nothing is known of the stage, or the list is none of a draw.
  init?(
    _ draw: CheckedDraw,
    stage: Int,
    returned: CheckedDraw.Returned?,
    sources: [CheckedSource],
    outcome: OutcomeCodes?,
    roles: CheckedRoles
  ) {
    let name = draw.stages[stage].name
    let own = draw.records.filter { $0.stage == name }
    isRecord = !own.isEmpty
    list = draw.list
    var records = own
    var rows = [Int]()
    var isLinked = true
    if own.isEmpty {
      guard let returned, let outcome,
        let made = Self.records(of: sources[returned.source], stage: name, outcome: outcome, roles: roles)
      else { return nil }
      records = made.records
      rows = made.rows
      isLinked = made.isLinked
    }
    let marker = "\u{0}record"
    guard
      let account = try? FieldworkAccount(
        list: draw.table,
        stages: draw.stages,
        unitStage: stage,
        records: records,
        recordFile: marker,
        certainSuffix: draw.certainSuffix
      )
    else { return nil }
    units = account.units.count { $0.isSelected }
    reservesUsed = account.units.count { !$0.isSelected && $0.record != nil }
    var faults = [CheckedDraw.Fault]()
    for finding in account.faults {
      var source = draw.list
      var row = finding.row.map { $0 - 2 }
      if finding.file == marker {
        if isRecord {
          source = draw.record ?? draw.list
        } else {
          guard let returned else { continue }
          source = returned.source
          row = row.flatMap { rows.indices.contains($0) ? rows[$0] : nil }
          // The answers have rules of their own for these.
          if finding.code.hasPrefix("unit-") || (finding.code == "reserve-unlinked" && !isLinked) { continue }
        }
      } else if !isRecord {
        continue
      }
      if let place = row, !(0..<sources[source].rowCount).contains(place) { row = nil }
      faults.append(
        CheckedDraw.Fault(
          code: finding.code,
          source: source,
          row: row,
          column: finding.column,
          value: finding.value,
          message: finding.message,
          fix: finding.fix
        )
      )
    }
    self.faults = faults
    var groups = [Group]()
    var placeByID = [String: Int]()
    for unit in account.units {
      guard let id = account.cells[unit.cell].parents.last else { continue }
      let place = placeByID[id] ?? groups.count
      if place == groups.count {
        placeByID[id] = place
        groups.append(Group(id: id, row: unit.row))
      }
      if unit.isSelected { groups[place].selected += 1 } else if unit.record != nil { groups[place].used += 1 }
    }
    self.groups = groups
    groupColumn = stage > 0 ? draw.stages[stage - 1].id : nil
  }

  /// The answers as lines of a record: the result code is the reason where none was written.
  private static func records(
    of source: CheckedSource,
    stage: String,
    outcome: OutcomeCodes,
    roles: CheckedRoles
  ) -> (records: [FieldworkRecord], rows: [Int], isLinked: Bool)? {
    guard let codes = source.table[outcome.column] else { return nil }
    let reasons = roles.column(.reason, in: source.table)
    let replacements = roles.column(.replacedBy, in: source.table)
    let replaced = roles.column(.replaces, in: source.table)
    var reserveOf = [String: String]()
    if let replaced {
      for row in 0..<source.rowCount {
        if let unit = replaced.text(at: row), let own = source.unit(of: row) { reserveOf[unit] = own }
      }
    }
    var records = [FieldworkRecord]()
    var rows = [Int]()
    var seen = Set<String>()
    for row in 0..<source.rowCount {
      guard let unit = source.unit(of: row), seen.insert(unit).inserted, let code = codes.text(at: row),
        let result = outcome.outcome(of: code)
      else { continue }
      let reserve = replacements?.text(at: row) ?? reserveOf[unit]
      let coded = reserve != nil && !result.isInterview ? code : nil
      records.append(
        FieldworkRecord(
          number: records.count + 1,
          stage: stage,
          unit: unit,
          outcome: result,
          reason: reasons?.text(at: row) ?? coded,
          replacedBy: reserve
        )
      )
      rows.append(row)
    }
    return (records, rows, replacements != nil || replaced != nil)
  }
}
