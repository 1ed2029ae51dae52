internal import SurveyData

extension Table {
  /// The rows of all tables under one set of columns, which are matched by name.
  ///
  /// - Parameters:
  ///   - tables: at least one; the first one's order of columns is kept.
  ///   - union: takes columns that only some have, missing in the others; without it they are refused.
  ///   - origin: a column for each row's file, first in the table; none: no such column.
  /// - Returns: the rows in order, and what is worth telling.
  /// - Throws: a refusal for each table whose columns are not those of the first, or for a name that is taken.
  static func matched(
    _ tables: [Table],
    union: Bool,
    origin: String?
  ) throws(InputRefusal) -> (table: Table, notes: [Finding]) {
    var names: [String] = []
    var seen = Set<String>()
    for table in tables { for name in table.columnNames where seen.insert(name).inserted { names.append(name) } }
    var findings: [Finding] = []
    var notes: [Finding] = []
    if let origin, seen.contains(origin) {
      findings.append(
        Finding(
          "column-duplicate",
          column: origin,
          message: LocalizedText(zh: "文件中已有这一列。", en: "is a column of the files already."),
          fix: LocalizedText(zh: "请给 --file-column 另取名字。", en: "Give --file-column another name.")
        )
      )
    }
    let wanted = union ? names : tables.first?.columnNames ?? []
    for table in tables {
      let own = Set(table.columnNames)
      let lacking = names.filter { !own.contains($0) }
      if union, !lacking.isEmpty {
        notes.append(
          Finding(
            "columns-filled",
            severity: .note,
            file: table.file,
            value: lacking.prefix(10).joined(separator: ", ") + (lacking.count > 10 ? ", …" : ""),
            message: LocalizedText(zh: "此文件没有这些列，已作缺失。", en: "are columns that this file lacks; they are missing."),
            fix: LocalizedText("")
          )
        )
      }
    }
    if !union {
      for table in tables.dropFirst() {
        let lacking = wanted.filter { table[$0] == nil }
        let extra = table.columnNames.filter { name in !wanted.contains(name) }
        guard !lacking.isEmpty || !extra.isEmpty else { continue }
        findings.append(
          Finding(
            "header-differs",
            file: table.file,
            sheet: table.sheet,
            row: 1,
            message: LocalizedText(
              zh:
                "列名与 \(tables[0].file) 不同：缺 [\(lacking.joined(separator: ", "))]，多 [\(extra.joined(separator: ", "))]。",
              en: "its columns are not those of \(tables[0].file): lacks [\(lacking.joined(separator: ", "))], adds "
                + "[\(extra.joined(separator: ", "))]."
            ),
            fix: LocalizedText(
              zh: "请使列名一致，或用 --union 保留全部列。",
              en: "Give the files the same columns, or keep them all by --union."
            )
          )
        )
      }
    }
    guard findings.isEmpty else { throw InputRefusal(findings) }
    let parts = tables.map { table in
      var columns = wanted.map { name in
        table[name] ?? Column(name, .text(CodedText(levels: [], codes: [Int32](repeating: -1, count: table.rowCount))))
      }
      if let origin {
        let codes = [Int32](repeating: 0, count: table.rowCount)
        columns.insert(Column(origin, .text(CodedText(levels: [lastComponent(table.file)], codes: codes))), at: 0)
      }
      return Table(
        columns: columns,
        rowCount: table.rowCount,
        firstRow: table.firstRow,
        file: table.file,
        sheet: table.sheet
      )
    }
    return (try concatenated(parts), notes)
  }
}
