package import Documents
package import SurveyData
package import SurveyDesign

/// The lists that teams carry, as documents: the same rows for a workbook, for paper and for programs.
package struct TeamListDocuments: Sendable {
  private let list: Table
  private let stages: [ListedStage]
  private let title: String
  /// What ties a page to its draw: printed at the foot of each.
  private let facts: [(LocalizedText, String)]
  private let headings: [String: LocalizedText]
  private let language: Language
  private let columns: ReadColumns

  /// - Parameters:
  ///   - list: with the columns of `list.csv`; a page shows ids, carried columns and strata, nothing of chances.
  ///   - stages: the draw's stages.
  ///   - title: of the draw.
  ///   - facts: such as the commitment to the list; never the seed.
  ///   - headings: of stages and columns, by name.
  ///   - language: of outcomes and roles; headings are in both.
  /// - Throws: a refusal where the list lacks a column of its stages.
  package init(
    _ list: Table,
    stages: [ListedStage],
    title: String,
    facts: [(LocalizedText, String)],
    headings: [String: LocalizedText],
    language: Language
  ) throws(InputRefusal) {
    self.list = list
    self.stages = stages
    self.title = title
    self.facts = facts
    self.headings = headings
    self.language = language
    columns = try ReadColumns(list, stages: stages, headings: headings, language: language)
  }

  /// One sheet a village and one that explains them: what a team fills in on a screen.
  package func workbook(of team: TeamList) -> Document {
    let about = FieldSheet.about([(FieldSheetWords.draw, title)] + facts, language: language)
    return document(blocks: team.pages.map { .table(form($0, onPaper: false)) } + [.table(about)], layout: .report)
  }

  /// One page a village, to be filled in by hand and signed.
  package func handout(of team: TeamList) -> Document {
    var blocks = [Document.Block]()
    for page in team.pages {
      if !blocks.isEmpty { blocks.append(.pageBreak) }
      blocks.append(.table(form(page, onPaper: true)))
    }
    return document(blocks: blocks, layout: .handouts)
  }

  /// All units of a team in one table, with the page of each: for programs, and to be filled in as well.
  package func table(of team: TeamList) -> Document {
    let page = DocumentColumn("page", "页 / Page", .text)
    let rows = team.pages.flatMap { page in self.rows(of: page).map { [.text(page.name)] + $0 } }
    let table = DocumentTable(
      key: "list",
      title: title,
      columns: [page] + columns.read + columns.entries,
      rows: rows
    )
    return document(blocks: [.table(table)], layout: .report)
  }

  /// The reserves of earlier stages: for the office, which decides when one of them is visited.
  package func office(rows: [Int]) -> Document {
    let ids = stages.map(\.id)
    let table = VisitList.short(
      list.rows(rows),
      ids: ids,
      title: FieldSheet.officeTitle.text(in: language),
      language: language
    )
    return document(blocks: [.table(table.droppingEmptyColumns())], layout: .report)
  }

  private func document(blocks: [Document.Block], layout: Document.Layout) -> Document {
    Document(title: title, language: language.forDocuments, blocks: blocks, layout: layout)
  }

  private func form(_ page: VisitPage, onPaper isPaper: Bool) -> DocumentTable {
    let reserves = page.rows.count - page.selectedCount
    let counts = LocalizedText(
      zh: "抽中 \(page.selectedCount)，备选 \(reserves)",
      en: "\(page.selectedCount) selected, \(reserves) in reserve"
    )
    let place = page.place.map { "\(VisitList.bilingual($0.heading))：\($0.text)" } + [counts.text(in: language)]
    return DocumentTable(
      key: "page",
      title: page.name == title ? title : "\(page.name) · \(title)",
      columns: columns.read + columns.entries,
      rows: rows(of: page),
      notes: [FieldSheetWords.choices.text(in: language) + FieldSheet.choices(language).joined(separator: " / ")],
      form: FormLayout(
        sheetName: page.name,
        lead: [place.joined(separator: "　"), FieldSheet.instruction(onPaper: isPaper).text(in: language)],
        ruledRows: reserves > 0 ? [page.selectedCount] : [],
        footer: facts.map { "\(VisitList.bilingual($0.0)) \($0.1)" },
        signatures: FieldSheet.signatures.map { VisitList.bilingual($0) }
      )
    )
  }

  private func rows(of page: VisitPage) -> [[Cell]] {
    page.rows.map { row in
      columns.sources.map { VisitList.cell(of: $0, row: row, language: language) }
        + columns.entries.map { _ in .empty(reason: nil) }
    }
  }
}

/// Words of the team lists that stand nowhere else.
private enum FieldSheetWords {
  static let draw = LocalizedText(zh: "抽样", en: "Draw")
  static let choices = LocalizedText(zh: "结果：", en: "Outcomes: ")
}

/// The columns of a page that are read: order, role, the unit's id, what its frame carried, its stratum.
private struct ReadColumns {
  private(set) var read: [DocumentColumn] = []
  private(set) var sources: [Column] = []
  let entries: [DocumentColumn]

  init(
    _ list: Table,
    stages: [ListedStage],
    headings: [String: LocalizedText],
    language: Language
  ) throws(InputRefusal) {
    let sections = ListSections(list, stages: stages, headings: headings, language: language)
    let last = stages[stages.count - 1]
    let unit = try list.column(last.id)
    let strata = try list.column("\(last.name)_stratum")
    let unitWidth = Self.width(of: unit)
    entries = FieldSheet.entryColumns(unitWidth: unitWidth, language: language)
    add(try list.column("order"), .order, .integer, width: 6, alignment: .center)
    add(try list.column("role"), .role, .text, width: language == .chinese ? 6 : 8, alignment: .center)
    add(unit, .unit, .code, width: max(8, unitWidth))
    var used = Set((read + entries).map(\.heading))
    for column in sections.ownColumns {
      // The column keeps its own name where a heading would stand there twice or mean another column.
      var heading = VisitList.bilingual(sections.heading(of: column.name, in: last.name))
      if FieldSheetColumn(heading: heading) != nil { heading = "\(last.name): \(heading)" }
      if used.contains(heading) { heading = column.name }
      used.insert(heading)
      let width = min(24, max(6, Self.width(of: column)))
      let key = FieldSheetColumn(heading: column.name) == nil ? column.name : "\(last.name)_\(column.name)"
      read.append(DocumentColumn(key, heading, VisitList.kind(of: column), alignment: .leading, width: width))
      sources.append(column)
    }
    if Set(strata.codedText.codes.filter { $0 >= 0 }).count > 1, !isNamed(strata, by: sections) {
      add(strata, .stratum, .text, width: min(16, max(8, Self.width(of: strata))))
    }
  }

  // A stratum of one column that the page shows already needs no column of its own.
  private func isNamed(_ strata: Column, by sections: ListSections) -> Bool {
    sections.ownColumns.contains { column in
      (0..<strata.rowCount).allSatisfy { strata.text(at: $0) == column.text(at: $0) }
    }
  }

  private mutating func add(
    _ source: Column,
    _ column: FieldSheetColumn,
    _ kind: DocumentColumn.Kind,
    width: Int,
    alignment: DocumentColumn.Alignment = .leading
  ) {
    read.append(DocumentColumn(column.rawValue, column.heading, kind, alignment: alignment, width: width))
    sources.append(source)
  }

  private static func width(of column: Column) -> Int {
    switch column.storage {
    case .text(let text): text.levels.reduce(4) { max($0, DisplayWidth.of($1)) }
    case .number: 8
    }
  }
}
