package import SurveyData

extension DrawnList {
  /// The column with the id of each stage's unit, in a list that was read back.
  ///
  /// A stage's columns begin with its id, right after the stage before (or after `order` and `role`); a name that
  /// an earlier stage has taken stands there with the stage's name in front.
  package static func idColumns(of list: Table, stageNames: [String]) -> [String] {
    var names = [String]()
    var place = 2
    for stage in stageNames {
      if place < list.columns.count { names.append(list.columns[place].name) }
      place = (list.index(of: "\(stage)_probability") ?? list.columns.count) + 1
    }
    return names
  }

  /// The units of one stage in a list that was read back, each once, in the list's order.
  ///
  /// A unit above the last stage is a reserve where its line ends with it.
  /// - Throws: `column-missing` where the list lacks a column of a draw's list.
  package static func units(
    of list: Table,
    stage place: Int,
    stageNames: [String]
  ) throws(InputRefusal) -> (selected: [String], reserves: [String]) {
    for name in stageNames { _ = try list.column("\(name)_probability") }
    let names = idColumns(of: list, stageNames: stageNames)
    let ids = try list.column(names[place])
    let next = place + 1 < names.count ? try list.column(names[place + 1]) : nil
    let roles = try list.column("role")
    var seen = Set<[UInt8]>()
    var selected = [String]()
    var reserves = [String]()
    for row in 0..<list.rowCount {
      guard let id = ids.text(at: row), seen.insert(Array(id.utf8)).inserted else { continue }
      let isReserve = next.map { $0.text(at: row) == nil } ?? (roles.text(at: row) == DrawnUnit.Role.reserve.rawValue)
      if isReserve { reserves.append(id) } else { selected.append(id) }
    }
    return (selected, reserves)
  }

  /// The number of selected units in each stratum of the first stage.
  static func sampleSizes(of list: Table, stageNames: [String]) throws(InputRefusal) -> [String: Int] {
    guard let first = stageNames.first else { return [:] }
    let selected = Set(try units(of: list, stage: 0, stageNames: stageNames).selected)
    let ids = try list.column(idColumns(of: list, stageNames: stageNames)[0])
    let strata = try list.column("\(first)_stratum")
    var seen = Set<String>()
    var counts = [String: Int]()
    for row in 0..<list.rowCount {
      guard let id = ids.text(at: row), selected.contains(id), seen.insert(id).inserted else { continue }
      counts[strata.text(at: row) ?? "", default: 0] += 1
    }
    return counts
  }

  /// The canonical texts that a list read back from its file can have had when it was drawn.
  ///
  /// The file guards a text that a spreadsheet could take for a formula with an apostrophe.
  static func canonicalTexts(ofRead list: Table) -> [String] {
    let unguarded = list.columns.map { column in
      guard case .text(let text) = column.storage else { return column }
      return Column(
        column.name,
        .text(CodedText(levels: text.levels.map { withoutGuard($0) }, codes: text.codes))
      )
    }
    return [canonicalText(of: list), canonicalText(of: Table(columns: unguarded, rowCount: list.rowCount))]
  }

  private static func withoutGuard(_ text: String) -> String {
    guard text.first == "'", let second = text.unicodeScalars.dropFirst().first else { return text }
    let guarded: Set<Unicode.Scalar> = [
      "=", "+", "-", "@", "\t", "\r", "\n", "\u{0}", "\u{2212}", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]
    return guarded.contains(second) ? String(text.dropFirst()) : text
  }
}
