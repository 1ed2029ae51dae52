internal import Documents
internal import FieldChecks
package import SurveyData
internal import SurveyReporting

/// A form of the result of checking.
package enum CheckForm: String, Sendable, CaseIterable {
  case table, json, html, xlsx, csv
}

extension FolderCheck {
  /// On a terminal so many problems of a rule are told; files have a thousand.
  private static let printedAtMost = 20

  /// Whether anything has to be mended before an estimate, files that cannot be read left aside.
  package var hasStops: Bool { report.level == .stop }

  /// One form for standard output.
  ///
  /// - Parameters:
  ///   - form: a workbook has none.
  ///   - language: of the words; JSON has both.
  ///   - width: of the terminal.
  /// - Returns: the text.
  package func bytes(_ form: CheckForm, language: Language, width: Int?) -> [UInt8] {
    switch form {
    case .table: Array(text(language, width: width).utf8)
    case .json: json()
    case .html: HTMLWriter().bytes(of: page(language))
    case .csv: CSVWriter(isForPrograms: true).bytes(of: tables(language).problems)
    case .xlsx: []
    }
  }

  /// Writes forms into a new folder, all of them or none.
  ///
  /// The workbooks are `problems.xlsx` with a sheet a team, and one file a team in `teams/`.
  /// - Returns: the paths written.
  /// - Throws: a `WritingError`.
  package func write(_ forms: [CheckForm], to folder: String, language: Language) throws -> [String] {
    var names = [String]()
    try NewFolder.write(folder) { temporary in
      for form in forms {
        guard form != .xlsx else {
          names += try writeSheets(to: temporary, language: language)
          continue
        }
        let name = form == .csv ? "problems.csv" : form == .table ? "check.txt" : "check.\(form.rawValue)"
        try AtomicFile.write(bytes(form, language: language, width: nil), to: temporary + "/" + name, overwrite: false)
        names.append(name)
      }
    }
    let place = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    return names.map { place + "/" + $0 }
  }

  private func writeSheets(to folder: String, language: Language) throws -> [String] {
    let sheets = ProblemSheets(report, title: title.text(in: language), teamNames: teamNames, language: language)
    guard !sheets.teams.isEmpty else { return [] }
    var names = ["problems.xlsx"]
    try XLSXWriter().write(sheets.document, to: folder + "/" + names[0], overwrite: false)
    try NewFolder.makeFolders(folder + "/teams")
    for team in sheets.teams {
      let name = "teams/problems-\(team.name).xlsx"
      try XLSXWriter().write(sheets.document(of: team), to: folder + "/" + name, overwrite: false)
      names.append(name)
    }
    return names
  }

  private func tables(_ language: Language) -> CheckTables {
    CheckTables(report, teamNames: teamNames, language: language)
  }

  private var heading: LocalizedText {
    LocalizedText(zh: "\(title.zh)：数据检查", en: "\(title.en): check of the data")
  }

  /// What was read, in one sentence.
  private var summary: LocalizedText {
    let files = inputs.reduce(0) { $0 + $1.files }
    let rows = inputs.reduce(0) { $0 + $1.rows }
    let tried = report.outcomes.count { !$0.isSkipped && !$0.isOff }
    let stops = report.outcomes.filter { $0.result == .stop }.reduce(0) { $0 + $1.failed }
    let warnings = report.outcomes.filter { $0.result == .warn }.reduce(0) { $0 + $1.failed }
    let unread = Set(refusals.compactMap(\.file)).count
    return LocalizedText(
      zh: "读取 \(files) 个文件、\(rows) 行，检查 \(tried) 条规则：须改 \(stops) 处，提醒 \(warnings) 处"
        + (unread > 0 ? "；\(unread) 个文件无法读取。" : "。"),
      en:
        "Read \(files) files with \(rows) rows and tried \(tried) rules: \(stops) to be mended, \(warnings) to be looked at"
        + (unread > 0 ? "; \(unread) files could not be read." : ".")
    )
  }

  private func text(_ language: Language, width: Int?) -> String {
    let tables = tables(language)
    var blocks: [Document.Block] = [.paragraph(summary.text(in: language))]
    let failed = tables.rules(failedOnly: true)
    if !failed.rows.isEmpty { blocks.append(.table(failed)) }
    if tables.teams.rows.count > 1 { blocks.append(.table(tables.teams.droppingEmptyColumns())) }
    var out = TerminalWriter(width: width, leadingColumns: 2).text(
      of: Document(title: heading.text(in: language), language: language.forDocuments, blocks: blocks)
    )
    if !out.hasSuffix("\n") { out += "\n" }
    for outcome in report.outcomes where outcome.failed > 0 {
      out += "\n"
      for problem in outcome.problems.prefix(Self.printedAtMost) { out += tables.line(problem) + "\n" }
      let rest = outcome.failed - Self.printedAtMost
      if rest > 0 {
        out +=
          LocalizedText(
            zh: "… [\(outcome.id)] 另有 \(rest) 处，见 --format html、json、csv 或 xlsx。",
            en: "… [\(outcome.id)] \(rest) more: see --format html, json, csv or xlsx."
          ).text(in: language) + "\n"
      }
    }
    return out
  }

  private func page(_ language: Language) -> Document {
    let tables = tables(language)
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    var blocks: [Document.Block] = [.paragraph(summary.text(in: language))]
    if !refusals.isEmpty {
      blocks.append(.heading(level: 1, word("无法读取的文件", "Files that could not be read")))
      blocks.append(.table(unreadable(language)))
    }
    blocks.append(.heading(level: 1, word("规则", "Rules")))
    blocks.append(.table(tables.rules()))
    if !tables.teams.rows.isEmpty {
      blocks.append(.heading(level: 1, word("各组", "Teams")))
      blocks.append(.table(tables.teams.droppingEmptyColumns()))
    }
    let problems = tables.problems
    if !problems.rows.isEmpty {
      blocks.append(.heading(level: 1, word("问题", "Problems")))
      blocks.append(.table(problems.droppingEmptyColumns()))
    }
    if !tables.remarks.rows.isEmpty {
      blocks.append(.heading(level: 1, word("说明", "Remarks")))
      blocks.append(.table(tables.remarks))
    }
    return Document(title: heading.text(in: language), language: language.forDocuments, blocks: blocks)
  }

  private func unreadable(_ language: Language) -> DocumentTable {
    func text(_ value: String?) -> Cell { value.map { .text($0) } ?? .empty(reason: nil) }
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    return DocumentTable(
      key: "unreadable",
      title: "",
      columns: [
        DocumentColumn("file", word("文件", "File"), .text), DocumentColumn("sheet", word("工作表", "Sheet"), .text),
        DocumentColumn("row", word("行", "Row"), .plain), DocumentColumn("column", word("列", "Column"), .text),
        DocumentColumn("value", word("现值", "Value"), .code),
        DocumentColumn("expected", word("问题", "What is wrong"), .text),
        DocumentColumn("fix", word("如何改正", "How to mend it"), .text), DocumentColumn("code", word("代码", "Code"), .text),
      ],
      rows: refusals.prefix(InputRefusal.listedAtMost).map { finding in
        [
          text(finding.file), text(finding.sheet), finding.row.map { .integer($0) } ?? .empty(reason: nil),
          text(finding.column), text(finding.value), .text(finding.message.text(in: language)),
          .text(finding.fix.text(in: language)), .text(finding.code),
        ]
      }
    ).droppingEmptyColumns()
  }

  /// Everything for programs, words in both languages.
  private func json() -> [UInt8] {
    func both(_ text: LocalizedText) -> JSONValue { .object([("zh", .text(text.zh)), ("en", .text(text.en))]) }
    let rules = report.outcomes.map { outcome in
      JSONValue.object([
        ("rule", .text(outcome.id)), ("family", .text(outcome.family.rawValue)), ("name", both(outcome.name)),
        ("level", .text(outcome.isOff ? "off" : outcome.level.rawValue)), ("result", .text(outcome.result.rawValue)),
        ("checked", .integer(outcome.checked)), ("failed", .integer(outcome.failed)),
        ("reason", .text(outcome.reason)), ("remarks", .array(outcome.notes.map(both))),
      ])
    }
    let problems = report.outcomes.flatMap { outcome in
      outcome.problems.prefix(CheckTables.listedAtMost).map { problem in
        JSONValue.object([
          ("code", .text(problem.rule)), ("rule", .text(problem.rule)), ("level", .text(problem.level.rawValue)),
          ("source", .text(problem.source)), ("file", .text(problem.file)), ("sheet", .text(problem.sheet)),
          ("row", .integer(problem.row)), ("unit", .text(problem.unit)), ("team", .text(problem.team)),
          ("column", .text(problem.column)), ("value", .text(problem.value)), ("expected", both(problem.message)),
          ("fix", both(problem.fix)),
        ])
      }
    }
    func findings(_ all: [Finding]) -> JSONValue {
      .array(
        all.prefix(InputRefusal.listedAtMost).map { finding in
          .object([
            ("code", .text(finding.code)), ("file", .text(finding.file)), ("sheet", .text(finding.sheet)),
            ("row", .integer(finding.row)), ("column", .text(finding.column)), ("value", .text(finding.value)),
            ("expected", both(finding.message)), ("fix", both(finding.fix)),
          ])
        }
      )
    }
    let sources = inputs.map { input in
      JSONValue.object([
        ("source", .text(input.source)), ("kind", .text(input.kind.rawValue)), ("files", .integer(input.files)),
        ("rows", .integer(input.rows)),
      ])
    }
    return JSONValue.object([
      ("schema", .text("mingcha-check/1")), ("title", both(title)), ("level", .text(report.level.rawValue)),
      ("sources", .array(sources)), ("unreadable", findings(refusals)), ("notes", findings(notes)),
      ("rules", .array(rules)), ("problems", .array(problems)),
    ]).bytes
  }
}
