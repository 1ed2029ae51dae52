import CXlsxWriter
internal import Dispatch
internal import Glibc
internal import Synchronization

/// An Excel workbook: one sheet a table, text and codes as typed text cells, never as formulas.
///
/// The creation date is fixed, so the same tables give the same bytes.
package struct XLSXWriter: DocumentWriter {
  package init() {}

  package var name: String { "xlsx" }
  package var suffix: String { "xlsx" }

  @discardableResult
  package func write(
    _ document: Document,
    to path: String,
    overwrite: Bool
  ) throws(WritingError) -> [String] {
    try write(document.tables, to: path, overwrite: overwrite)
    return [path]
  }

  /// Writes tables as the sheets of one workbook, atomically.
  package func write(
    _ tables: [DocumentTable],
    to path: String,
    overwrite: Bool
  ) throws(WritingError) {
    try check(tables)
    try AtomicFile.withAtomicPath(path, overwrite: overwrite) { (temporary) throws(WritingError) in
      let twin = try AtomicFile.makeTemporary(beside: path)
      defer { unlink(twin) }
      try buildTwice(tables, at: (temporary, twin), for: path)
    }
  }

  /// libxlsxwriter does not look whether its temporary files took what it printed, so that a write that failed once
  /// would leave a workbook with a hole: two are made side by side, and both must be whole and the same.
  private func buildTwice(
    _ tables: [DocumentTable],
    at places: (String, String),
    for path: String
  ) throws(WritingError) {
    let outcomes = Mutex<[WritingError?]>([nil, nil])
    DispatchQueue.concurrentPerform(iterations: 2) { index in
      do throws(WritingError) {
        try build(tables, at: index == 0 ? places.0 : places.1, for: path)
      } catch {
        outcomes.withLock { $0[index] = error }
      }
    }
    for case let error? in outcomes.withLock({ $0 }) { throw error }
    if let part = WorkbookCheck.cutPart(of: places.0) {
      throw .failed(path: path, step: "xlsx", reason: "\(part) is cut off; is the folder of temporary files full?")
    }
    guard WorkbookCheck.areSame(places.0, places.1) else {
      throw .failed(path: path, step: "xlsx", reason: "a write to the folder of temporary files failed")
    }
  }

  /// Limits of the form: Microsoft, "Excel specifications and limits".
  private static let maximumRows = 1_048_576
  private static let maximumColumns = 16_384
  private static let maximumCharacters = 32_767

  private func check(_ tables: [DocumentTable]) throws(WritingError) {
    for table in tables {
      let rows = table.rows.count + headRows(table) + table.notes.count + 1
      if rows > Self.maximumRows {
        throw .tooLarge(table: table.title, what: "rows", count: rows, limit: Self.maximumRows)
      }
      if table.columns.count > Self.maximumColumns {
        throw .tooLarge(
          table: table.title,
          what: "columns",
          count: table.columns.count,
          limit: Self.maximumColumns
        )
      }
      for row in table.rows {
        for case .text(let text) in row where text.utf16.count > Self.maximumCharacters {
          throw .tooLarge(
            table: table.title,
            what: "characters",
            count: text.utf16.count,
            limit: Self.maximumCharacters
          )
        }
      }
    }
  }

  private func headRows(_ table: DocumentTable) -> Int {
    if let form = table.form { return DocumentTable.headRow(leadLines: form.lead.count) }
    return table.title.isEmpty ? 1 : 2
  }

  private func build(
    _ tables: [DocumentTable],
    at temporary: String,
    for path: String
  ) throws(WritingError) {
    guard let workbook = workbook_new(temporary) else {
      throw .failed(path: path, step: "xlsx", reason: "workbook_new")
    }
    var properties = lxw_doc_properties()
    properties.created = Self.creationDate
    workbook_set_properties(workbook, &properties)
    let formats = WorkbookFormats(workbook)
    let names = Self.sheetNames(of: tables)
    var failed: lxw_error = LXW_NO_ERROR
    for (table, name) in zip(tables, names) {
      guard let sheet = workbook_add_worksheet(workbook, name) else {
        failed = LXW_ERROR_SHEETNAME_ALREADY_USED
        break
      }
      let outcome =
        if let form = table.form {
          fill(sheet, with: table, as: form, formats: formats)
        } else {
          fill(sheet, with: table, formats: formats)
        }
      if outcome != LXW_NO_ERROR { failed = outcome }
    }
    let closed = workbook_close(workbook)
    if failed == LXW_NO_ERROR { failed = closed }
    guard failed == LXW_NO_ERROR else {
      throw .failed(path: path, step: "xlsx", reason: String(cString: lxw_strerror(failed)))
    }
  }

  /// The width in characters that A4 on its side holds at the smallest scale that is still read with ease.
  private static let readableWidth = 230.0
  private static let smallestScale: UInt16 = 60

  /// 2018-01-01 00:00 UTC, in every workbook.
  private static let creationDate: time_t = 1_514_764_800

  private func fill(
    _ sheet: UnsafeMutablePointer<lxw_worksheet>,
    with table: DocumentTable,
    formats: WorkbookFormats
  ) -> lxw_error {
    var failed = LXW_NO_ERROR
    func keep(_ outcome: lxw_error) { if outcome != LXW_NO_ERROR { failed = outcome } }
    let head = headRows(table) - 1
    var headLines = 1
    var fullWidth = 0.0
    if head > 0 { keep(worksheet_write_string(sheet, 0, 0, Self.cellText(table.title), formats.title)) }
    for (index, column) in table.columns.enumerated() {
      let at = lxw_col_t(index)
      keep(
        worksheet_write_string(
          sheet,
          lxw_row_t(head),
          at,
          Self.cellText(column.heading),
          formats.head(column.alignment)
        )
      )
      let columnWidth = width(of: index, in: table)
      keep(worksheet_set_column(sheet, at, at, columnWidth, nil))
      fullWidth += columnWidth
      headLines = max(headLines, LineBreaking.lines(of: column.heading, width: Int(columnWidth) - 2))
    }
    // Not every program finds the height of a wrapped heading by itself.
    keep(worksheet_set_row(sheet, lxw_row_t(head), 15.5 * Double(headLines), nil))
    worksheet_freeze_panes(sheet, lxw_row_t(head + 1), lxw_col_t(table.leadingColumns))
    worksheet_repeat_rows(sheet, 0, lxw_row_t(head))
    worksheet_set_landscape(sheet)
    worksheet_set_paper(sheet, 9)
    if fullWidth <= Self.readableWidth {
      worksheet_fit_to_pages(sheet, 1, 0)
    } else {
      // Too small to read on one page: further columns go to further pages, what names a row stands on each.
      worksheet_set_print_scale(sheet, Self.smallestScale)
      keep(worksheet_repeat_columns(sheet, 0, lxw_col_t(max(1, table.leadingColumns) - 1)))
      worksheet_print_across(sheet)
    }
    for (index, row) in table.rows.enumerated() {
      let line = lxw_row_t(head + 1 + index)
      for (place, cell) in row.enumerated() {
        keep(write(cell, of: table.columns[place], sheet, line, lxw_col_t(place), formats))
      }
    }
    for (index, note) in table.notes.enumerated() {
      let line = lxw_row_t(head + 2 + table.rows.count + index)
      keep(worksheet_write_string(sheet, line, 0, Self.cellText(note), formats.note))
    }
    return failed
  }

  private func write(
    _ cell: Cell,
    of column: DocumentColumn,
    _ sheet: UnsafeMutablePointer<lxw_worksheet>,
    _ line: lxw_row_t,
    _ place: lxw_col_t,
    _ formats: WorkbookFormats
  ) -> lxw_error {
    switch cell {
    case .text(let text):
      worksheet_write_string(sheet, line, place, Self.cellText(text), formats.text(column.alignment))
    case .number(let value):
      number(value, column.kind, sheet, line, place, formats)
    case .styled(let value, let kind):
      number(value, kind, sheet, line, place, formats)
    case .integer(let value):
      switch column.kind {
      case .code, .text:
        worksheet_write_string(sheet, line, place, String(value), formats.text(column.alignment))
      default: worksheet_write_number(sheet, line, place, Double(value), formats.number(.integer))
      }
    case .empty(let reason):
      if let reason {
        worksheet_write_string(sheet, line, place, Self.cellText(reason), formats.reason)
      } else {
        LXW_NO_ERROR
      }
    }
  }

  private func number(
    _ value: Double,
    _ kind: DocumentColumn.Kind,
    _ sheet: UnsafeMutablePointer<lxw_worksheet>,
    _ line: lxw_row_t,
    _ place: lxw_col_t,
    _ formats: WorkbookFormats
  ) -> lxw_error {
    switch kind {
    case .text, .code:
      worksheet_write_string(sheet, line, place, NumberText.shortest(value), formats.text(.leading))
    default: worksheet_write_number(sheet, line, place, value, formats.number(kind))
    }
  }

  /// Wide enough for what stands in it, by East Asian width; long texts are left to run on.
  func width(of index: Int, in table: DocumentTable) -> Double {
    let column = table.columns[index]
    if let width = column.width { return Double(width) + 2 }
    // Many columns are kept narrow: their headings take more lines.
    let heading = column.heading
    var widest = DisplayWidth.of(heading)
    widest = min(widest, table.columns.count > 12 ? max(10, LineBreaking.widestPiece(of: heading)) : 26)
    for row in table.rows.prefix(2_000) {
      widest = max(widest, min(DisplayWidth.of(row[index].shown(as: column.kind)), 70))
    }
    return Double(max(widest, 6)) + 2
  }

  /// A C string ends at NUL and XML holds no control character: both become U+FFFD.
  static func cellText(_ text: String) -> String { Escaping.printable(text) }

  /// The tables' titles or a form's own names cut to 31 characters, without what Excel forbids, each one once.
  package static func sheetNames(of tables: [DocumentTable]) -> [String] {
    // Excel keeps this name for itself.
    var used: Set<String> = ["history"]
    return tables.map { table in
      var base = String(
        Escaping.printable(table.form?.sheetName ?? table.title).map { "[]:*?/\\\n\r\t".contains($0) ? " " : $0 }
      )
      while let first = base.first, first == " " || first == "'" { base.removeFirst() }
      base = Self.cut(base, to: 31)
      if base.isEmpty { base = table.key }
      var name = base
      var number = 2
      while !used.insert(name.lowercased()).inserted {
        let end = " (\(number))"
        name = Self.cut(base, to: 31 - end.utf16.count) + end
        number += 1
      }
      return name
    }
  }

  private static func cut(_ text: String, to length: Int) -> String {
    var out = text
    while out.utf16.count > length || out.last == "'" || out.last == " " { out.removeLast() }
    return out
  }
}
