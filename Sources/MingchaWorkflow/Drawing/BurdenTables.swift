internal import Documents
internal import SampleDrawing
internal import SurveyData
internal import SurveyReporting

/// The tables of a burden: one row a unit, and one a stratum.
struct BurdenTables {
  private let burden: Burden
  private let language: Language
  /// By unit of the frame.
  private let strata: [String]
  private let names: Column?

  /// - Throws: `column-missing` for a strata column that the frame does not have.
  init(_ burden: Burden, frame: Table?, strata columns: [String], language: Language) throws(InputRefusal) {
    self.burden = burden
    self.language = language
    var found = [Column]()
    if let frame {
      for name in columns { found.append(try frame.column(name)) }
    }
    strata = (0..<(frame?.rowCount ?? 0)).map { row in
      found.map { $0.text(at: row) ?? "" }.joined(separator: ", ")
    }
    names = frame.flatMap { frame in
      let wanted = language == .chinese ? ["name_zh", "name"] : ["name_en", "name", "name_zh"]
      return wanted.lazy.compactMap { frame[$0] }.first
    }
  }

  func report(stage: String) -> TableReport {
    let title = word("走访负担：\(stage)", "Burden of visits: \(stage)")
    var blocks: [Document.Block] = [.table(unitTable(word("各单元", "Units")))]
    if burden.frameCount > 0 { blocks.append(.table(stratumTable)) }
    return TableReport(document: Document(title: title, language: language.forDocuments, blocks: blocks))
  }

  private func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }

  private func unitTable(_ title: String) -> DocumentTable {
    let order =
      burden.isByDate
      ? word("各次抽样按日期排列", "Draws in the order of their dates") : word("各次抽样按给出的顺序排列", "Draws in the order given")
    let list = burden.rounds.map { round in round.name + (round.date.map { " (\($0))" } ?? "") }
    let table = DocumentTable(
      key: "units",
      title: title,
      columns: [
        DocumentColumn("unit", word("单元", "Unit"), .code),
        DocumentColumn("name", word("名称", "Name"), .text),
        DocumentColumn("stratum", word("层", "Stratum"), .text),
        DocumentColumn("times", word("次数", "Times"), .integer),
        DocumentColumn("draws", word("抽样", "Draws"), .text),
        DocumentColumn("last_draw", word("最近抽样", "Last draw"), .text),
        DocumentColumn("last_date", word("最近日期", "Last date"), .text),
        DocumentColumn("least_gap", word("最小间隔（次）", "Least gap (draws)"), .integer),
        DocumentColumn("least_days", word("最小间隔（天）", "Least gap (days)"), .integer),
        DocumentColumn("in_frame", word("在框中", "In frame"), .text),
      ],
      rows: burden.units.enumerated().map { place, unit in row(unit, place: place) },
      notes: ["\(order): " + list.joined(separator: ", ") + "."]
    )
    return table.droppingEmptyColumns(keeping: Set(table.columns.map(\.key)).subtracting(["name", "stratum"]))
  }

  private func row(_ unit: Burden.Unit, place: Int) -> [Cell] {
    let none = Cell.empty(reason: nil)
    func text(_ value: String?) -> Cell { value.map { $0.isEmpty ? none : .text($0) } ?? none }
    let isInFrame = place < burden.frameCount
    let last = unit.rounds.last.map { burden.rounds[$0] }
    return [
      .text(unit.id), text(isInFrame ? names?.text(at: place) : nil), text(isInFrame ? strata[place] : nil),
      .integer(unit.times), text(unit.rounds.map { burden.rounds[$0].name }.joined(separator: "; ")),
      text(last?.name), text(last?.date), unit.leastGap.map { .integer($0) } ?? none,
      unit.leastDays.map { .integer($0) } ?? none,
      burden.frameCount == 0 ? none : .text(isInFrame ? word("是", "yes") : word("否", "no")),
    ]
  }

  private var stratumTable: DocumentTable {
    let none = Cell.empty(reason: nil)
    let labels = Set(strata).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var placesOf = [String: [Int]]()
    for (place, stratum) in strata.enumerated() { placesOf[stratum, default: []].append(place) }
    let rows = labels.map { label -> [Cell] in
      let units = (placesOf[label] ?? []).map { burden.units[$0] }
      return [
        .text(label.isEmpty ? word("全部", "all") : label), .integer(units.count),
        .integer(units.count { $0.times > 0 }), .integer(units.count { $0.times == 0 }),
        .integer(units.reduce(0) { $0 + $1.times }), .integer(units.map(\.times).max() ?? 0),
        units.compactMap(\.leastGap).min().map { .integer($0) } ?? none,
        units.compactMap(\.leastDays).min().map { .integer($0) } ?? none,
      ]
    }
    return DocumentTable(
      key: "strata",
      title: word("各层", "Strata"),
      columns: [
        DocumentColumn("stratum", word("层", "Stratum"), .text),
        DocumentColumn("units", word("单元数", "Units"), .integer),
        DocumentColumn("visited", word("走访过", "Visited"), .integer),
        DocumentColumn("never", word("从未走访", "Never visited"), .integer),
        DocumentColumn("visits", word("走访次数", "Visits"), .integer),
        DocumentColumn("most", word("单元最多", "Most of one unit"), .integer),
        DocumentColumn("least_gap", word("最小间隔（次）", "Least gap (draws)"), .integer),
        DocumentColumn("least_days", word("最小间隔（天）", "Least gap (days)"), .integer),
      ],
      rows: rows
    )
  }
}
