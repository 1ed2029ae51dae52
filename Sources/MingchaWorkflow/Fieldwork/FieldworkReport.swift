internal import Documents
package import SurveyData
package import SurveyDesign
internal import SurveyReporting

/// The account of a draw's fieldwork, ready to be printed or written.
package struct FieldworkReport: Sendable {
  package let account: FieldworkAccount
  private let draw: FieldDraw
  private let stage: Int
  /// A table of cells longer than this stands in the files only.
  private static let printedAtMost = 40

  /// - Parameters:
  ///   - draw: with its record.
  ///   - stage: whose units are accounted for; `nil`: the last.
  /// - Throws: an `InputRefusal`: no record yet, or one that cannot be read.
  package init(_ draw: FieldDraw, stage: String?) throws {
    self.draw = draw
    self.stage = try draw.stage(stage)
    guard exists(draw.recordPath) else {
      throw InputRefusal(
        Finding(
          "file-missing",
          file: draw.recordPath,
          message: LocalizedText(zh: "还没有访问记录。", en: "does not exist: nothing was recorded yet."),
          fix: LocalizedText(
            zh: "请用 mingcha field record 或 mingcha field read 记入结果。",
            en: "Record outcomes with mingcha field record or mingcha field read."
          )
        )
      )
    }
    account = try draw.account(try FieldworkFile.read(draw.recordPath), stage: self.stage)
  }

  /// Everything wrong or missing: what the record says first, then units that it says nothing of.
  ///
  /// The first thousand are named, the others counted.
  package var faults: [Finding] {
    let all = account.faults
    let named = Array(all.prefix(InputRefusal.listedAtMost))
    guard all.count > named.count else { return named }
    let rest = all.count - named.count
    let more = Finding(
      "more",
      severity: .warning,
      file: draw.recordPath,
      message: LocalizedText(zh: "另有 \(rest) 处问题。", en: "has \(rest) more problems."),
      fix: LocalizedText(zh: "全部见 --format json、csv 或 xlsx。", en: "All stand in the forms json, csv and xlsx.")
    )
    return named + [more]
  }

  /// The tables that people read.
  ///
  /// - Parameters:
  ///   - language: of the words.
  ///   - width: of the terminal.
  /// - Returns: the text, with columns aligned by East Asian width.
  package func text(_ language: Language, width: Int?) -> String {
    let tables = tables(language)
    var summary = tables.summary
    // The keys are for programs.
    summary.columns.removeFirst()
    summary.rows = summary.rows.map { Array($0.dropFirst()) }
    var shown = [summary, tables.outcomes]
    if let first = tables.firstStage { shown.append(first) }
    let cells = tables.cells
    let isShort = cells.rows.count <= Self.printedAtMost
    if isShort { shown.append(cells) }
    let reserves = tables.reserves
    if !reserves.rows.isEmpty { shown.append(reserves) }
    var blocks = shown.map { Document.Block.table($0.droppingEmptyColumns()) }
    if !isShort {
      blocks.append(
        .note(
          LocalizedText(
            zh: "另有 \(cells.rows.count) 格的表：用 --format json、csv 或 xlsx 取得。",
            en: "The table of \(cells.rows.count) cells stands in the forms json, csv and xlsx."
          ).text(in: language)
        )
      )
    }
    let document = Document(
      title: draw.title.text(in: language),
      language: language.forDocuments,
      blocks: blocks
    )
    return TerminalWriter(width: width, leadingColumns: 2).text(of: document)
  }

  /// One form of the whole report, for standard output.
  package func bytes(_ form: EstimateForm, language: Language, width: Int?) -> [UInt8] {
    switch form {
    case .table: Array(text(language, width: width).utf8)
    case .json: JSONWriter().bytes(of: document(language))
    case .csv: CSVWriter(isForPrograms: true).bytes(of: document(language))
    // A workbook is no text: the command asks for a file.
    case .xlsx: []
    }
  }

  /// Writes one form; CSV is one file a table.
  ///
  /// - Returns: the paths written.
  /// - Throws: a `WritingError`.
  package func write(_ form: EstimateForm, to path: String, language: Language, overwrite: Bool) throws -> [String] {
    switch form {
    case .table:
      try AtomicFile.write(Array(text(language, width: nil).utf8), to: path, overwrite: overwrite)
      return [path]
    case .json: return try JSONWriter().write(document(language), to: path, overwrite: overwrite)
    case .csv: return try CSVWriter(isForPrograms: true).write(document(language), to: path, overwrite: overwrite)
    case .xlsx: return try XLSXWriter().write(document(language), to: path, overwrite: overwrite)
    }
  }

  private func tables(_ language: Language) -> FieldworkTables {
    FieldworkTables(
      account,
      list: draw.list,
      stages: Array(draw.stages[...stage]),
      headings: draw.headings,
      language: language
    )
  }

  private func document(_ language: Language) -> Document {
    let tables = tables(language)
    let all = [
      tables.summary, tables.outcomes, tables.firstStage, tables.cells, tables.reserves, tables.faults, tables.units,
    ]
    return Document(
      title: draw.title.text(in: language),
      language: language.forDocuments,
      blocks: all.compactMap { $0 }.map { .table($0) }
    )
  }
}
