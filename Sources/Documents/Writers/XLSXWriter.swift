import CXlsxWriter

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
      try build(tables, at: temporary, for: path)
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

  private func headRows(_ table: DocumentTable) -> Int { table.title.isEmpty ? 1 : 2 }

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
    let formats = Formats(workbook)
    let names = Self.sheetNames(of: tables)
    var failed: lxw_error = LXW_NO_ERROR
    for (table, name) in zip(tables, names) {
      guard let sheet = workbook_add_worksheet(workbook, name) else {
        failed = LXW_ERROR_SHEETNAME_ALREADY_USED
        break
      }
      let outcome = fill(sheet, with: table, formats: formats)
      if outcome != LXW_NO_ERROR { failed = outcome }
    }
    let closed = workbook_close(workbook)
    if failed == LXW_NO_ERROR { failed = closed }
    guard failed == LXW_NO_ERROR else {
      throw .failed(path: path, step: "xlsx", reason: String(cString: lxw_strerror(failed)))
    }
  }

  /// 2018-01-01 00:00 UTC, in every workbook.
  private static let creationDate: time_t = 1_514_764_800

  private func fill(
    _ sheet: UnsafeMutablePointer<lxw_worksheet>,
    with table: DocumentTable,
    formats: Formats
  ) -> lxw_error {
    var failed = LXW_NO_ERROR
    func keep(_ outcome: lxw_error) { if outcome != LXW_NO_ERROR { failed = outcome } }
    let head = headRows(table) - 1
    var headLines = 1.0
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
      headLines = max(headLines, (Double(DisplayWidth.of(column.heading)) / (columnWidth - 2)).rounded(.up))
    }
    // Not every program finds the height of a wrapped heading by itself.
    keep(worksheet_set_row(sheet, lxw_row_t(head), 15.5 * headLines, nil))
    worksheet_freeze_panes(sheet, lxw_row_t(head + 1), 1)
    worksheet_repeat_rows(sheet, 0, lxw_row_t(head))
    worksheet_set_landscape(sheet)
    worksheet_set_paper(sheet, 9)
    worksheet_fit_to_pages(sheet, 1, 0)
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
    _ formats: Formats
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
    _ formats: Formats
  ) -> lxw_error {
    switch kind {
    case .text, .code:
      worksheet_write_string(sheet, line, place, NumberText.shortest(value), formats.text(.leading))
    default: worksheet_write_number(sheet, line, place, value, formats.number(kind))
    }
  }

  /// Wide enough for what stands in it, by East Asian width; long texts are left to run on.
  private func width(of index: Int, in table: DocumentTable) -> Double {
    let column = table.columns[index]
    var widest = min(DisplayWidth.of(column.heading), 26)
    for row in table.rows.prefix(2_000) {
      widest = max(widest, min(DisplayWidth.of(row[index].shown(as: column.kind)), 70))
    }
    return Double(max(widest, 6)) + 2
  }

  /// A C string ends at NUL and XML holds no control character: both become U+FFFD.
  private static func cellText(_ text: String) -> String { Escaping.printable(text) }

  /// The tables' titles cut to 31 characters, without what Excel forbids, each one once.
  package static func sheetNames(of tables: [DocumentTable]) -> [String] {
    var used = Set<String>()
    return tables.map { table in
      var base = String(
        Escaping.printable(table.title).map { "[]:*?/\\\n\r\t".contains($0) ? " " : $0 }
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

/// The cell formats of one workbook, made once each.
private struct Formats {
  let title: UnsafeMutablePointer<lxw_format>?
  let note: UnsafeMutablePointer<lxw_format>?
  let reason: UnsafeMutablePointer<lxw_format>?
  private let heads: [UnsafeMutablePointer<lxw_format>?]
  private let texts: [UnsafeMutablePointer<lxw_format>?]
  private let integer: UnsafeMutablePointer<lxw_format>?
  private let decimals: [UnsafeMutablePointer<lxw_format>?]
  private let percents: [UnsafeMutablePointer<lxw_format>?]

  init(_ workbook: UnsafeMutablePointer<lxw_workbook>) {
    func format(
      _ alignment: DocumentColumn.Alignment? = nil,
      number: String? = nil,
      bold: Bool = false,
      head: Bool = false,
      color: UInt32? = nil
    ) -> UnsafeMutablePointer<lxw_format>? {
      guard let format = workbook_add_format(workbook) else { return nil }
      format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
      switch alignment {
      case .leading:
        format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue))
        format_set_indent(format, 1)
      case .center: format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue))
      case .trailing: format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue))
      case nil: break
      }
      if let number { format_set_num_format(format, number) }
      if bold { format_set_bold(format) }
      if let color { format_set_font_color(format, color) }
      if head {
        format_set_text_wrap(format)
        format_set_bg_color(format, 0xE8EEF4)
        format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue))
      }
      return format
    }
    let places = 0...6
    title = format(bold: true)
    note = format(color: 0x555555)
    reason = format(.trailing, color: 0x777777)
    heads = [.leading, .center, .trailing].map { format($0, bold: true, head: true) }
    // "@" keeps a code text when somebody edits the cell.
    texts = [.leading, .center, .trailing].map { format($0, number: "@") }
    integer = format(.trailing, number: "#,##0")
    decimals = places.map { format(.trailing, number: Self.pattern($0)) }
    percents = places.map { format(.trailing, number: Self.pattern($0) + "%") }
  }

  func head(_ alignment: DocumentColumn.Alignment) -> UnsafeMutablePointer<lxw_format>? {
    heads[Self.index(alignment)]
  }

  func text(_ alignment: DocumentColumn.Alignment) -> UnsafeMutablePointer<lxw_format>? {
    texts[Self.index(alignment)]
  }

  func number(_ kind: DocumentColumn.Kind) -> UnsafeMutablePointer<lxw_format>? {
    switch kind {
    case .integer: integer
    case .decimal(let digits): decimals[min(max(digits, 0), 6)]
    case .percent(let digits): percents[min(max(digits, 0), 6)]
    case .text, .code: texts[0]
    }
  }

  private static func index(_ alignment: DocumentColumn.Alignment) -> Int {
    switch alignment {
    case .leading: 0
    case .center: 1
    case .trailing: 2
    }
  }

  private static func pattern(_ digits: Int) -> String {
    digits == 0 ? "#,##0" : "#,##0." + String(repeating: "0", count: digits)
  }
}
