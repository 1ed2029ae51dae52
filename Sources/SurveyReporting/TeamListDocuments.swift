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
  private let strata: Column
  private let paper: TeamListColumns
  private let programs: TeamListColumns

  /// - Parameters:
  ///   - list: with the columns of `list.csv`; a page shows ids, carried columns and strata, nothing of chances.
  ///   - stages: the draw's stages.
  ///   - title: of the draw.
  ///   - pages: of all teams: where one holds several strata, all have a column that tells them.
  ///   - shownColumns: the columns of the frame that sheets and pages show; `nil`: names first, then the others in
  ///     their order, as far as a page of A4 holds them.
  ///   - facts: such as the commitment to the list; never the seed.
  ///   - headings: of stages and columns, by name.
  ///   - language: of outcomes and roles; headings are in both.
  /// - Throws: a refusal where the list lacks a column of its stages or one to be shown.
  package init(
    _ list: Table,
    stages: [ListedStage],
    title: String,
    pages: [VisitPage],
    shownColumns: [String]? = nil,
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
    let sections = ListSections(list, stages: stages, headings: headings, language: language)
    let strata = try list.column("\(stages[stages.count - 1].name)_stratum")
    self.strata = strata
    paper = try TeamListColumns(
      list,
      stages: stages,
      sections: sections,
      hasStrata: pages.contains { Self.hasStrata($0, strata) },
      shown: shownColumns.map { .these($0) } ?? .whatFits,
      language: language
    )
    programs = try TeamListColumns(
      list,
      stages: stages,
      sections: sections,
      hasStrata: Set(strata.codedText.codes.filter { $0 >= 0 }).count > 1,
      shown: shownColumns.map { .these($0) } ?? .all,
      language: language
    )
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
    let listOrder = DocumentColumn("list_order", "名单序号 / Order in the list", .integer)
    let rows = team.pages.flatMap { page in
      zip(page.rows, self.rows(of: page, programs)).map { row, cells in
        [.text(page.name), VisitList.cell(of: programs.order, row: row, language: language)] + cells
      }
    }
    let table = DocumentTable(
      key: "list",
      title: title,
      columns: [page, listOrder] + programs.columns,
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
      columns: paper.columns,
      rows: rows(of: page, paper),
      notes: [FieldSheetWords.choices.text(in: language) + FieldSheet.choices(language).joined(separator: " / ")],
      form: FormLayout(
        sheetName: page.name,
        lead: [
          place.joined(separator: "　"),
          FieldSheet.instruction(onPaper: isPaper, hasStrata: Self.hasStrata(page, strata)).text(in: language),
        ],
        ruledRows: reserves > 0 ? [page.selectedCount] : [],
        footer: facts.map { "\(VisitList.bilingual($0.0)) \($0.1)" },
        signatures: FieldSheet.signatures.map { VisitList.bilingual($0) }
      )
    )
  }

  /// The rows of a page; the selected are numbered from 1, the reserves within their stratum.
  private func rows(of page: VisitPage, _ columns: TeamListColumns) -> [[Cell]] {
    page.rows.enumerated().map { place, row in
      let number =
        place < page.selectedCount
        ? Cell.integer(place + 1) : VisitList.cell(of: columns.order, row: row, language: language)
      return [number] + columns.sources.map { VisitList.cell(of: $0, row: row, language: language) }
        + columns.entries.map { _ in .empty(reason: nil) }
    }
  }

  private static func hasStrata(_ page: VisitPage, _ strata: Column) -> Bool {
    guard let first = page.rows.first else { return false }
    let text = strata.text(at: first)
    return page.rows.contains { strata.text(at: $0) != text }
  }
}

/// Words of the team lists that stand nowhere else.
private enum FieldSheetWords {
  static let draw = LocalizedText(zh: "抽样", en: "Draw")
  static let choices = LocalizedText(zh: "结果：", en: "Outcomes: ")
}
