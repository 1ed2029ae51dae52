internal import Documents
package import SurveyData
internal import SurveyDesign
internal import SurveyReporting

/// A form of a team's list.
package enum TeamListForm: String, Sendable, CaseIterable {
  case xlsx, html, csv, json
}

/// How a list is divided and in which forms it is written.
package struct TeamListOrder: Sendable {
  /// The column with one team a value.
  package var teamColumn: String?
  /// So many teams with about the same number of units.
  package var teamCount: Int?
  /// The column with one sheet or page a value.
  package var pageColumn: String?
  /// The columns of the frame that sheets and pages show; `nil`: as many as a page holds.
  package var shownColumns: [String]?
  package var forms: [TeamListForm]
  /// The folder to make.
  package var folder: String

  package init(
    teamColumn: String? = nil,
    teamCount: Int? = nil,
    pageColumn: String? = nil,
    shownColumns: [String]? = nil,
    forms: [TeamListForm],
    folder: String
  ) {
    self.teamColumn = teamColumn
    self.teamCount = teamCount
    self.pageColumn = pageColumn
    self.shownColumns = shownColumns
    self.forms = forms
    self.folder = folder
  }
}

/// What was written for one team.
package struct WrittenTeam: Sendable {
  package var name: String
  package var pages: Int
  package var units: Int
  package var files: [String]
}

/// Writes the lists that teams carry into a new folder: all of them or none.
///
/// - Parameters:
///   - draw: whose list is divided.
///   - order: teams, pages, forms, folder.
///   - language: of outcomes and roles; headings are in both languages.
/// - Returns: the teams in the order of the list; the reserves of earlier stages, where there are any, last.
/// - Throws: an `InputRefusal` where the list cannot be divided so; a `WritingError`.
package func writeTeamLists(_ draw: FieldDraw, _ order: TeamListOrder, language: Language) throws -> [WrittenTeam] {
  try NewFolder.check(order.folder)
  let rule = order.teamCount.map { TeamRule.count($0) } ?? order.teamColumn.map { .column($0) } ?? .firstStage
  let title = draw.title.text(in: language)
  let lists = try TeamLists(
    draw.ownList,
    stages: draw.stages,
    rule: rule,
    pageColumn: order.pageColumn,
    headings: draw.headings,
    title: title,
    language: language
  )
  let documents = try TeamListDocuments(
    draw.ownList,
    stages: draw.stages,
    title: title,
    pages: lists.teams.flatMap(\.pages),
    shownColumns: order.shownColumns,
    facts: try draw.facts(),
    headings: draw.headings,
    language: language
  )
  var written = [WrittenTeam]()
  try NewFolder.write(order.folder) { folder in
    for team in lists.teams {
      var files = [String]()
      for form in order.forms {
        let name = "\(team.name).\(form.rawValue)"
        try write(team, documents, form, to: folder + "/" + name)
        files.append(order.folder + "/" + name)
      }
      written.append(WrittenTeam(name: team.name, pages: team.pages.count, units: team.unitCount, files: files))
    }
    guard !lists.earlierReserves.isEmpty else { return }
    let name = TeamLists.earlierReservesName + ".xlsx"
    try XLSXWriter().write(documents.office(rows: lists.earlierReserves), to: folder + "/" + name, overwrite: false)
    written.append(
      WrittenTeam(
        name: TeamLists.earlierReservesName,
        pages: 1,
        units: lists.earlierReserves.count,
        files: [order.folder + "/" + name]
      )
    )
  }
  return written
}

private func write(
  _ team: TeamList,
  _ documents: TeamListDocuments,
  _ form: TeamListForm,
  to path: String
) throws(WritingError) {
  switch form {
  case .xlsx: try XLSXWriter().write(documents.workbook(of: team), to: path, overwrite: false)
  case .html: try HTMLWriter().write(documents.handout(of: team), to: path, overwrite: false)
  case .csv: try CSVWriter(isForPrograms: true).write(documents.table(of: team), to: path, overwrite: false)
  case .json: try JSONWriter().write(documents.table(of: team), to: path, overwrite: false)
  }
}

/// The teams as a table for the terminal.
package func teamTable(_ teams: [WrittenTeam], language: Language) -> String {
  func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
  return TerminalWriter().text(
    of: DocumentTable(
      key: "teams",
      title: "",
      columns: [
        DocumentColumn("team", word("组", "Team"), .text), DocumentColumn("pages", word("页", "Pages"), .integer),
        DocumentColumn("units", word("单位", "Units"), .integer), DocumentColumn("files", word("文件", "Files"), .text),
      ],
      rows: teams.map {
        [.text($0.name), .integer($0.pages), .integer($0.units), .text(shortened($0.files))]
      }
    )
  ) + "\n"
}

/// Files that differ in their ending only, as a shell writes them: `a.{xlsx,html}`.
private func shortened(_ files: [String]) -> String {
  guard let first = files.first, files.count > 1, let dot = first.lastIndex(of: ".") else {
    return files.joined(separator: " ")
  }
  let endings = files.map { $0.split(separator: ".").last.map(String.init) ?? "" }
  return first[...dot] + "{" + endings.joined(separator: ",") + "}"
}
