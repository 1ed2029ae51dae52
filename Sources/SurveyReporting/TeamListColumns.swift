internal import Documents
internal import SurveyData
internal import SurveyDesign

/// The columns of a team's page: order, stratum, role, the unit's id and what its frame carried, to be read; then
/// those that are filled in.
struct TeamListColumns {
  /// Which columns of the frame stand there.
  enum Shown {
    case all
    case these([String])
    /// Those that an upright page holds, or, where names alone take more, a page on its side.
    case whatFits
  }

  /// Of the list; a page numbers its selected units anew.
  let order: Column
  /// The columns of the list after the order.
  private(set) var sources: [Column] = []
  let entries: [DocumentColumn]
  private var read: [DocumentColumn] = []

  var columns: [DocumentColumn] { read + entries }

  init(
    _ list: Table,
    stages: [ListedStage],
    sections: ListSections,
    hasStrata: Bool,
    shown: Shown,
    language: Language
  ) throws(InputRefusal) {
    let last = stages[stages.count - 1]
    let unit = try list.column(last.id)
    let strata = try list.column("\(last.name)_stratum")
    let unitWidth = Self.width(of: unit)
    order = try list.column("order")
    entries = FieldSheet.entryColumns(unitWidth: unitWidth, language: language)
    read = [Self.column(.order, .integer, width: 6, alignment: .center)]
    if hasStrata { add(strata, .stratum, .text, width: min(16, max(6, Self.width(of: strata))), alignment: .center) }
    add(try list.column("role"), .role, .text, width: language == .chinese ? 6 : 8, alignment: .center)
    add(unit, .unit, .code, width: max(8, unitWidth))
    var used = Set((read + entries).map(\.heading))
    let carried = try Self.carried(sections, shown: shown, strata: hasStrata ? strata : nil, file: list.file)
    var widths = [Int]()
    for source in carried {
      // The column keeps its own name where a heading would stand there twice or mean another column.
      var heading = VisitList.bilingual(sections.heading(of: source.name, in: sections.stage(of: source) ?? last.name))
      if FieldSheetColumn(heading: heading) != nil { heading = "\(last.name): \(heading)" }
      if used.contains(heading) { heading = source.name }
      used.insert(heading)
      let width = min(24, max(6, Self.width(of: source), min(14, LineBreaking.widestPiece(of: heading))))
      widths.append(width)
      let key = FieldSheetColumn(heading: source.name) == nil ? source.name : "\(last.name)_\(source.name)"
      read.append(DocumentColumn(key, heading, VisitList.kind(of: source), alignment: .leading, width: width))
      sources.append(source)
    }
    if case .whatFits = shown { keepWhatFits(carried, widths) }
  }

  /// Names first, then the others in their order until the page is full.
  private mutating func keepWhatFits(_ carried: [Column], _ widths: [Int]) {
    let fixed = read.count - carried.count
    func taken(_ columns: some Sequence<DocumentColumn>) -> Int { columns.reduce(0) { $0 + ($1.width ?? 6) + 1 } }
    let base = taken(read.prefix(fixed)) + taken(entries)
    let names = carried.indices.filter { Self.isName(carried[$0]) }
    let codes = Set(names.map { String(carried[$0].name.dropLast(4)) + "code" })
    let others = carried.indices.filter { !names.contains($0) && !codes.contains(carried[$0].name) }
    let withNames = base + names.reduce(0) { $0 + widths[$1] + 1 }
    let room = withNames > FormLayout.uprightCapacity ? FormLayout.wideCapacity : FormLayout.uprightCapacity
    var kept = Set<Int>()
    var sum = base
    for place in names + others {
      sum += widths[place] + 1
      if sum > room { break }
      kept.insert(place)
    }
    let columns = carried.indices.filter { kept.contains($0) }
    read = read.prefix(fixed) + columns.map { read[fixed + $0] }
    sources = sources.prefix(fixed - 1) + columns.map { carried[$0] }
  }

  private static func isName(_ column: Column) -> Bool {
    column.name == "name" || column.name.hasPrefix("name_") || column.name.hasSuffix("_name")
  }

  private static func carried(
    _ sections: ListSections,
    shown: Shown,
    strata: Column?,
    file: String
  ) throws(InputRefusal) -> [Column] {
    switch shown {
    case .all: return sections.ownColumns
    case .these(let names):
      let known = sections.sections.flatMap { [$0.id] + $0.carried }
      let missing = names.filter { name in !known.contains { $0.name == name } }
      guard missing.isEmpty else {
        throw InputRefusal(missing.map { Finding.missingColumn($0, in: known.map(\.name), file: file) })
      }
      return names.compactMap { name in known.first { $0.name == name } }
    case .whatFits:
      return sections.ownColumns.filter { column in
        let rows = 0..<column.rowCount
        let isEmpty = rows.allSatisfy { column.text(at: $0) == nil }
        // What the column of strata says already needs no second column.
        let isStratum = strata.map { strata in rows.allSatisfy { strata.text(at: $0) == column.text(at: $0) } } ?? false
        return !isEmpty && !isStratum
      }
    }
  }

  private mutating func add(
    _ source: Column,
    _ column: FieldSheetColumn,
    _ kind: DocumentColumn.Kind,
    width: Int,
    alignment: DocumentColumn.Alignment = .leading
  ) {
    read.append(Self.column(column, kind, width: width, alignment: alignment))
    sources.append(source)
  }

  private static func column(
    _ column: FieldSheetColumn,
    _ kind: DocumentColumn.Kind,
    width: Int,
    alignment: DocumentColumn.Alignment
  ) -> DocumentColumn {
    DocumentColumn(column.rawValue, column.heading, kind, alignment: alignment, width: width)
  }

  private static func width(of column: Column) -> Int {
    switch column.storage {
    case .text(let text): text.levels.reduce(4) { max($0, DisplayWidth.of($1)) }
    case .number: 8
    }
  }
}
