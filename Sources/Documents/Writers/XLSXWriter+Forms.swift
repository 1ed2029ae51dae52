import CXlsxWriter
import Glibc

extension XLSXWriter {
  /// Fills a sheet with a form: title, lead, heads that repeat on paper, boxed cells, drop-down lists.
  ///
  /// Nothing stands below the last row, so that a filled sheet can be read back as a table: notes and
  /// signatures of a form are for paper.
  func fill(
    _ sheet: UnsafeMutablePointer<lxw_worksheet>,
    with table: DocumentTable,
    as form: FormLayout,
    formats: WorkbookFormats
  ) -> lxw_error {
    var failed = LXW_NO_ERROR
    func keep(_ outcome: lxw_error) { if outcome != LXW_NO_ERROR { failed = outcome } }
    let head = DocumentTable.headRow(leadLines: form.lead.count) - 1
    keep(worksheet_write_string(sheet, 0, 0, Self.cellText(table.title), formats.title))
    let span = table.columns.indices.reduce(0.0) { $0 + width(of: $1, in: table) }
    for (index, line) in form.lead.enumerated() {
      keep(write(line, over: table.columns.count, at: lxw_row_t(index + 1), span: span, sheet, formats))
    }
    var headLines = 1
    for (index, column) in table.columns.enumerated() {
      let at = lxw_col_t(index)
      let format = formats.formHead(column.alignment)
      keep(worksheet_write_string(sheet, lxw_row_t(head), at, Self.cellText(column.heading), format))
      let columnWidth = width(of: index, in: table)
      keep(worksheet_set_column(sheet, at, at, columnWidth, nil))
      headLines = max(headLines, LineBreaking.lines(of: column.heading, width: Int(columnWidth) - 2))
    }
    keep(worksheet_set_row(sheet, lxw_row_t(head), 15.5 * Double(headLines), nil))
    let widths = table.columns.indices.map { max(1, Int(width(of: $0, in: table)) - 1) }
    for (index, row) in table.rows.enumerated() {
      let line = lxw_row_t(head + 1 + index)
      // High enough to write in by hand, and for what does not fit on one line.
      let lines = row.indices.map { place in
        LineBreaking.lines(of: row[place].shown(as: table.columns[place].kind), width: widths[place])
      }
      keep(worksheet_set_row(sheet, line, max(21, 15.5 * Double(lines.max() ?? 1)), nil))
      for (place, cell) in row.enumerated() {
        let column = table.columns[place]
        let format = formats.formCell(column, isRuled: form.ruledRows.contains(index))
        if let text = cell.formText(of: column) {
          keep(worksheet_write_string(sheet, line, lxw_col_t(place), Self.cellText(text), format))
        } else {
          keep(worksheet_write_blank(sheet, line, lxw_col_t(place), format))
        }
      }
    }
    for (index, column) in table.columns.enumerated() where !table.rows.isEmpty {
      guard case .choice(let choices)? = column.entry else { continue }
      keep(
        offer(choices, in: lxw_row_t(head + 1)...lxw_row_t(head + table.rows.count), of: lxw_col_t(index), sheet)
      )
    }
    if form.hasFilter, !table.rows.isEmpty {
      let last = lxw_row_t(head + table.rows.count)
      keep(worksheet_autofilter(sheet, lxw_row_t(head), 0, last, lxw_col_t(table.columns.count - 1)))
    }
    setUpPrinting(of: sheet, form: form, head: lxw_row_t(head), isWide: table.isWideForm)
    return failed
  }

  /// A line of text over all columns, as high as it needs.
  private func write(
    _ text: String,
    over columns: Int,
    at row: lxw_row_t,
    span: Double,
    _ sheet: UnsafeMutablePointer<lxw_worksheet>,
    _ formats: WorkbookFormats
  ) -> lxw_error {
    let lines = (Double(DisplayWidth.of(text)) * 1.1 / max(span, 10)).rounded(.up)
    let outcome = worksheet_set_row(sheet, row, 14 * max(1, lines) + 2, nil)
    guard outcome == LXW_NO_ERROR, columns > 1 else {
      return worksheet_write_string(sheet, row, 0, Self.cellText(text), formats.lead)
    }
    return worksheet_merge_range(sheet, row, 0, row, lxw_col_t(columns - 1), Self.cellText(text), formats.lead)
  }

  private func setUpPrinting(
    of sheet: UnsafeMutablePointer<lxw_worksheet>,
    form: FormLayout,
    head: lxw_row_t,
    isWide: Bool
  ) {
    worksheet_freeze_panes(sheet, head + 1, 0)
    worksheet_repeat_rows(sheet, 0, head)
    if isWide { worksheet_set_landscape(sheet) } else { worksheet_set_portrait(sheet) }
    worksheet_set_paper(sheet, 9)
    worksheet_fit_to_pages(sheet, 1, 0)
    worksheet_set_margins(sheet, 0.5, 0.5, 0.6, 0.9)
    // An ampersand begins a code in a footer, which holds 255 characters in all.
    let lines = form.footer.map { $0.filter { $0 != "&" } }.joined(separator: "\n")
    let footer = "&L&7" + Self.cellText(lines) + "&R&P / &N"
    if footer.utf16.count <= 255 { _ = worksheet_set_footer(sheet, footer) }
  }

  /// A drop-down list over some rows of a column; what is not in it cannot be entered.
  private func offer(
    _ choices: [String],
    in rows: ClosedRange<lxw_row_t>,
    of column: lxw_col_t,
    _ sheet: UnsafeMutablePointer<lxw_worksheet>
  ) -> lxw_error {
    var list: [UnsafeMutablePointer<CChar>?] = choices.map { strdup($0) } + [nil]
    defer { for text in list { free(text) } }
    return list.withUnsafeMutableBufferPointer { pointers in
      var validation = lxw_data_validation()
      validation.validate = UInt8(LXW_VALIDATION_TYPE_LIST.rawValue)
      validation.value_list = pointers.baseAddress
      return worksheet_data_validation_range(
        sheet,
        rows.lowerBound,
        column,
        rows.upperBound,
        column,
        &validation
      )
    }
  }
}

extension Cell {
  /// What stands in a form's cell; everything is text there, so that it comes back as it went out.
  fileprivate func formText(of column: DocumentColumn) -> String? {
    isEmpty ? nil : shown(as: column.kind)
  }
}
