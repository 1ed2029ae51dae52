extension HTMLWriter {
  /// A form on paper: title, lead, boxed table whose heads and foot repeat on every page, lines to sign on.
  static func html(_ table: DocumentTable, as form: FormLayout) -> String {
    var out = "<h2>\(Escaping.markup(table.title))</h2>\n"
    out += form.lead.map { "<p class=\"lead\">\(Escaping.markup($0))</p>\n" }.joined()
    // Pages come apart: the name stands on each of them.
    let name = "<tr class=\"again\"><td colspan=\"\(table.columns.count)\">\(Escaping.markup(form.sheetName))</td></tr>"
    out += "<table>\n\(widths(of: table))<thead>\(name)\(heads(table.columns))</thead>\n"
    if !form.footer.isEmpty {
      let lines = form.footer.map(Escaping.markup).joined(separator: "<br>")
      out += "<tfoot><tr><td colspan=\"\(table.columns.count)\">\(lines)</td></tr></tfoot>\n"
    }
    out += "<tbody>\n"
    for (index, row) in table.rows.enumerated() {
      let mark = form.ruledRows.contains(index) ? " class=\"ruled\"" : ""
      out += "<tr\(mark)>\(formCells(row, of: table.columns))</tr>\n"
    }
    out += "</tbody>\n</table>\n"
    if !table.notes.isEmpty {
      let items = table.notes.map { "<li>\(Escaping.markup($0))</li>" }
      out += "<ul class=\"notes\">\(items.joined())</ul>\n"
    }
    if !form.signatures.isEmpty {
      let lines = form.signatures.map { "<div>\(Escaping.markup($0))<span></span></div>" }
      out += "<div class=\"signatures\">\(lines.joined())</div>\n"
    }
    return out
  }

  /// The columns' shares of the page's width.
  private static func widths(of table: DocumentTable) -> String {
    let wanted = table.formWidths
    let total = Double(max(1, wanted.reduce(0, +)))
    let columns = wanted.map { "<col style=\"width:\(NumberText.percent(Double($0) / total, digits: 1))\">" }
    return "<colgroup>\(columns.joined())</colgroup>\n"
  }

  /// Cells of which the empty ones are there to be filled in.
  private static func formCells(_ row: [Cell], of columns: [DocumentColumn]) -> String {
    zip(row, columns).map { cell, column in
      let text = cell.isEmpty ? "" : cell.shown(as: column.kind)
      let isShort = column.entry == nil && DisplayWidth.of(text) <= 14
      return "<td class=\"\(style(column))\(isShort ? " n" : "")\">\(Escaping.markup(text))</td>"
    }.joined()
  }
}
