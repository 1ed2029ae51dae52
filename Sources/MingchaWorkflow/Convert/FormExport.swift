package import SurveyData
package import TabularFiles

/// The export of a tablet program: a table of submissions, and tables of repeats that point to it.
///
/// ODK Central joins repeats by KEY and PARENT_KEY, one CSV file each; KoboToolbox by _index and _parent_index, one
/// worksheet each.
package struct FormExport: Sendable, Hashable {
  /// Whose export it is.
  package enum Program: String, Sendable, CaseIterable {
    case odk, kobo

    var key: String { self == .odk ? "KEY" : "_index" }
    var parentKey: String { self == .odk ? "PARENT_KEY" : "_parent_index" }
    /// Between a group and its question in a column's name.
    var separator: Character { self == .odk ? "-" : "/" }
    /// The column with the verdict of the office on a submission.
    var review: String { self == .odk ? "ReviewState" : "_validation_status" }
    var rejected: Set<String> {
      self == .odk ? ["rejected"] : ["Not Approved", "validation_status_not_approved", "未批准"]
    }
    var doubtful: Set<String> {
      self == .odk ? ["hasIssues"] : ["On Hold", "validation_status_on_hold"]
    }
  }

  package var program: Program
  /// From the outermost repeat inwards; the last one's rows are the rows. None: the submissions.
  package var repeats: [String]
  /// The XLSForm that the answers were given to.
  package var form: String?
  /// Questions with several answers in one cell, besides those that the XLSForm names.
  package var multiple: [String]
  /// Keeps the names of groups before the names of questions.
  package var keepsGroups: Bool

  package init(
    _ program: Program,
    repeats: [String] = [],
    form: String? = nil,
    multiple: [String] = [],
    keepsGroups: Bool = false
  ) {
    self.program = program
    self.repeats = repeats
    self.form = form
    self.multiple = multiple
    self.keepsGroups = keepsGroups
  }

  /// The files of submissions: `round-members.csv` beside `round.csv` is one of its repeats.
  func submissions(among paths: [String]) -> [String] {
    let stems = paths.map { path in path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path }
    return paths.filter { path in !stems.contains { path.hasPrefix($0 + "-") } }
  }

  /// What reading an export gives.
  package struct Reading: Sendable {
    package var table: Table
    package var dictionary: DataDictionary?
    package var notes: [Finding]
  }

  /// Reads an export as one table, one row a submission or a member of the innermost repeat.
  ///
  /// Rejected submissions are left out and counted. Each row of a repeat carries its submission's answers; a column that
  /// both have is the repeat's own, and the submission's gets `.parent` after its name.
  /// - Throws: an `InputRefusal`: keys that stand twice, rows of a repeat without their submission, columns that are not
  ///   there, and everything else wrong in the files.
  package func read(_ path: String, options: ReadOptions) throws -> Reading {
    let xlsForm = try form.map { try XLSForm($0) }
    var own = options
    own.identifiers.formUnion([program.key, program.parentKey])
    var tables = try sheets(of: path, options: own)
    var notes: [Finding] = []
    let answers = FormAnswers(self, form: xlsForm)
    var base = try tables.main(program, file: path)
    try requireKey(base)
    base = try answers.cleaned(base, notes: &notes)
    var goneKeys = takeRejected(&base, notes: &notes)
    for name in repeats {
      var inner = try tables.repeated(name, program, file: path)
      guard inner[program.parentKey] != nil else {
        throw InputRefusal(.missingColumn(program.parentKey, in: inner.columnNames, file: inner.file))
      }
      if inner[program.key] != nil { try requireKey(inner) }
      inner = try answers.cleaned(inner, notes: &notes)
      goneKeys = dropChildren(of: goneKeys, from: &inner)
      base = try join(inner, to: base)
    }
    return Reading(table: base, dictionary: answers.dictionary(of: base), notes: tables.notes + notes)
  }

  private func sheets(of path: String, options: ReadOptions) throws -> ExportTables {
    let key = program.key
    let parentKey = program.parentKey
    if options.sheet == nil {
      let reading = try readWorksheets(path: path, options: options, within: 1) { head in
        head.contains(key) || head.contains(parentKey)
      }
      return ExportTables(tables: reading.tables, notes: reading.notes, options: options)
    }
    let (table, notes) = try readTable(path: path, options: options)
    return ExportTables(tables: [table], notes: notes, options: options)
  }

  private func requireKey(_ table: Table) throws(InputRefusal) {
    let column = try table.column(program.key)
    var findings = try table.duplicateFindings(key: [program.key])
    for row in 0..<table.rowCount where column.text(at: row) == nil {
      findings.append(
        Finding(
          "key-missing",
          file: table.file,
          sheet: table.sheet,
          row: table.fileRow(of: row),
          column: program.key,
          message: LocalizedText(zh: "没有键。", en: "has no key."),
          fix: LocalizedText(zh: "请从服务器重新导出。", en: "Export it again from the server.")
        )
      )
    }
    guard findings.isEmpty else { throw InputRefusal(listing: findings) }
  }

  /// Leaves out submissions that the office rejected; their keys.
  private func takeRejected(_ table: inout Table, notes: inout [Finding]) -> Set<String> {
    guard let review = table[program.review], let keys = table[program.key] else { return [] }
    var gone = Set<String>()
    var rows: [Int] = []
    var doubtful = 0
    let mask = (0..<table.rowCount).map { row -> Bool in
      let state = review.text(at: row) ?? ""
      if program.doubtful.contains(state) { doubtful += 1 }
      guard program.rejected.contains(state) else { return true }
      if let key = keys.text(at: row) { gone.insert(key) }
      rows.append(table.fileRow(of: row))
      return false
    }
    func note(_ code: String, _ count: Int, zh: String, en: String) {
      notes.append(
        Finding(
          code,
          severity: .note,
          file: table.file,
          sheet: table.sheet,
          column: program.review,
          value: "\(count)",
          message: LocalizedText(zh: zh, en: en),
          fix: LocalizedText("")
        )
      )
    }
    if !rows.isEmpty {
      let listed = rows.prefix(20).map(String.init).joined(separator: ", ") + (rows.count > 20 ? ", …" : "")
      note(
        "submission-rejected",
        rows.count,
        zh: "份被退回的答卷未读取（第 \(listed) 行）。",
        en: "rejected submissions were left out (rows \(listed))."
      )
    }
    if doubtful > 0 {
      note(
        "submission-doubtful",
        doubtful,
        zh: "份答卷标为存疑，已照常读取。",
        en: "submissions are marked as doubtful and were taken."
      )
    }
    table = table.filtered(by: mask)
    return gone
  }

  /// Leaves out rows whose parent is gone; their own keys.
  private func dropChildren(of gone: Set<String>, from table: inout Table) -> Set<String> {
    guard !gone.isEmpty, let parents = table[program.parentKey] else { return [] }
    let keys = table[program.key]
    var own = Set<String>()
    let mask = (0..<table.rowCount).map { row -> Bool in
      guard let parent = parents.text(at: row), gone.contains(parent) else { return true }
      if let key = keys?.text(at: row) { own.insert(key) }
      return false
    }
    table = table.filtered(by: mask)
    return own
  }

  private func join(_ inner: Table, to base: Table) throws -> Table {
    let orphans = try inner.rowsWithoutPartner(in: base, on: program.parentKey, rightKey: program.key)
    guard orphans.isEmpty else {
      let parents = try inner.column(program.parentKey)
      throw InputRefusal(
        listing: orphans.map { row in
          Finding(
            "repeat-orphan",
            file: inner.file,
            sheet: inner.sheet,
            row: inner.fileRow(of: row),
            column: program.parentKey,
            value: parents.text(at: row),
            message: LocalizedText(zh: "找不到所属的答卷。", en: "belongs to no submission that is there."),
            fix: LocalizedText(
              zh: "请一次导出全部表格；不要只删去主表的行。",
              en: "Export all tables in one go; do not delete rows of the main table alone."
            )
          )
        }
      )
    }
    let taken = Set(inner.columnNames)
    let outer = Table(
      columns: base.columns.map { column in
        var column = column
        if column.name != program.key, taken.contains(column.name) { column.name += ".parent" }
        return column
      },
      rowCount: base.rowCount,
      firstRow: base.firstRow,
      file: base.file,
      sheet: base.sheet
    )
    return try inner.joined(with: outer, on: program.parentKey, rightKey: program.key)
  }
}

/// The tables of one export.
struct ExportTables {
  var tables: [Table]
  var notes: [Finding]
  var options: ReadOptions

  /// The submissions: the table that points to no other.
  func main(_ program: FormExport.Program, file: String) throws(InputRefusal) -> Table {
    if let main = tables.first(where: { $0[program.parentKey] == nil }) { return main }
    throw InputRefusal(
      Finding(
        "export-main-missing",
        file: file,
        column: program.key,
        message: LocalizedText(
          zh: "没有以 \(program.key) 为键的答卷表。",
          en: "has no table of submissions with \(program.key)."
        ),
        fix: LocalizedText(
          zh: "请核对 --export odk 或 kobo，并给出主表而不是重复组的表。",
          en: "Check --export odk or kobo, and name the main table, not that of a repeat."
        )
      )
    )
  }

  /// A repeat by its worksheet, its file, or the end of its file's name after the main file's.
  mutating func repeated(_ name: String, _ program: FormExport.Program, file: String) throws -> Table {
    if let sheet = tables.first(where: { $0.sheet == name && $0[program.parentKey] != nil }) { return sheet }
    let folder = file.contains("/") ? String(file[...(file.lastIndex(of: "/") ?? file.startIndex)]) : ""
    let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    let candidates = [name, folder + name, "\(stem)-\(name).csv", folder + name + ".csv"]
    guard file != "-", let path = candidates.first(where: { exists($0) && !isFolder($0) }) else {
      let sheets = tables.compactMap(\.sheet)
      throw InputRefusal(
        Finding(
          "repeat-missing",
          file: file,
          value: name,
          message: LocalizedText(zh: "没有这个重复组的工作表或文件。", en: "names no worksheet or file of a repeat."),
          fix: LocalizedText(
            zh: "工作表：\(sheets.joined(separator: "、"))；文件形如 \(lastComponent(stem))-\(name).csv。",
            en: "Worksheets: \(sheets.joined(separator: ", ")); a file is called \(lastComponent(stem))-\(name).csv."
          )
        )
      )
    }
    let (table, own) = try readTable(path: path, options: options)
    notes += own
    return table
  }
}
