/// One self-contained web page with print rules for A4: no script, no outside resource.
package struct HTMLWriter: TextDocumentWriter {
  package init() {}

  package var name: String { "html" }
  package var suffix: String { "html" }

  package func bytes(of document: Document) -> [UInt8] {
    let title = Escaping.markup(document.title)
    var out = """
      <!DOCTYPE html>
      <html lang="\(document.language.tag)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>
      \(StyleSheet.text(for: document.language, layout: document.layout))
      </style>
      </head>
      <body>
      <main>

      """
    if document.layout == .handouts {
      for page in document.blocks.split(whereSeparator: \.isPageBreak) {
        let isWide = page.contains {
          if case .table(let table) = $0 { table.form != nil && table.isWideForm } else { false }
        }
        out += "<section class=\"handout\(isWide ? " wide" : "")\">\n\(page.map(Self.html).joined())</section>\n"
      }
      out += "</main>\n</body>\n</html>\n"
      return Array(out.utf8)
    }
    // The title stands on the first page, whichever way that page lies.
    var head = "<h1>\(title)</h1>\n"
    if let subtitle = document.subtitle {
      head += "<p class=\"subtitle\">\(Escaping.markup(subtitle))</p>\n"
    }
    let runs = Self.runs(of: document.blocks)
    if runs.isEmpty { out += head }
    for (index, run) in runs.enumerated() {
      let body = (index == 0 ? head : "") + run.blocks.map(Self.html).joined()
      out += run.isWide ? "<section class=\"wide\">\n\(body)</section>\n" : body
    }
    out += "</main>\n</body>\n</html>\n"
    return Array(out.utf8)
  }

  /// Whether a table needs more than the 156 mm (442 pt) between the margins of an upright page.
  ///
  /// A narrow character at 8.5 pt takes about 4.7 pt, and each column 6 pt of padding; numbers do not
  /// break, while headings and texts do.
  private static func isWide(_ table: DocumentTable) -> Bool {
    var points = 0.0
    for (index, column) in table.columns.enumerated() {
      let isFigure = column.alignment == .trailing
      var cells = unbreakable(column.heading)
      for row in table.rows where !row[index].isEmpty {
        let width = DisplayWidth.of(row[index].shown(as: column.kind, grouped: true))
        cells = max(cells, isFigure ? width : min(width, 22))
      }
      points += Double(cells) * 4.7 + 6
    }
    return points > 442
  }

  /// The longest piece of a heading that stays on one line: a word, or a few Chinese characters.
  private static func unbreakable(_ heading: String) -> Int {
    var longest = 0
    var run = 0
    for character in heading {
      let width = DisplayWidth.of(String(character))
      run = character == " " ? 0 : width == 2 ? min(run + 2, 12) : run + width
      longest = max(longest, run)
    }
    return longest
  }

  /// A table that fits on one page is not broken over two.
  private static let shortRows = 18

  private struct Run {
    var isWide: Bool
    var blocks: [Document.Block]
  }

  /// Consecutive wide tables, with the headings and words that lead to them, share landscape pages.
  private static func runs(of blocks: [Document.Block]) -> [Run] {
    var runs: [Run] = []
    var waiting: [Document.Block] = []
    func add(_ blocks: [Document.Block], isWide: Bool) {
      guard !blocks.isEmpty else { return }
      if let last = runs.indices.last, runs[last].isWide == isWide {
        runs[last].blocks += blocks
      } else {
        runs.append(Run(isWide: isWide, blocks: blocks))
      }
    }
    for block in blocks {
      switch block {
      case .heading: waiting.append(block)
      case .paragraph, .note:
        if waiting.isEmpty { add([block], isWide: runs.last?.isWide ?? false) } else { waiting.append(block) }
      case .table(let table):
        // A small table right after a wide one stays with it.
        let followsWide = waiting.isEmpty && (runs.last?.isWide ?? false)
        add(waiting + [block], isWide: followsWide || isWide(table))
        waiting = []
      case .figure, .definitions, .pageBreak:
        add(waiting + [block], isWide: false)
        waiting = []
      }
    }
    add(waiting, isWide: false)
    return runs
  }

  private static func html(_ block: Document.Block) -> String {
    switch block {
    case .heading(let level, let text):
      let tag = "h\(min(max(level, 1), 4) + 1)"
      return "<\(tag)>\(Escaping.markup(text))</\(tag)>\n"
    case .paragraph(let text): return "<p>\(Escaping.markup(text))</p>\n"
    case .note(let text): return "<p class=\"note\">\(Escaping.markup(text))</p>\n"
    case .pageBreak: return "<div class=\"break\"></div>\n"
    case .definitions(let items):
      let rows = items.map {
        "<div><dt>\(Escaping.markup($0.term))</dt><dd>\(Escaping.markup($0.text))</dd></div>\n"
      }
      return "<dl>\n\(rows.joined())</dl>\n"
    case .figure(let figure):
      return """
        <figure role="img" aria-label="\(Escaping.markup(figure.alternative))">
        \(figure.svg)
        <figcaption>\(Escaping.markup(figure.caption))</figcaption>
        </figure>

        """
    case .table(let table): return html(table)
    }
  }

  private static func html(_ table: DocumentTable) -> String {
    if let form = table.form { return html(table, as: form) }
    let short = table.rows.count <= shortRows ? " short" : ""
    var out = "<div class=\"scroll\(short)\"><table>\n"
    if !table.title.isEmpty { out += "<caption>\(Escaping.markup(table.title))</caption>\n" }
    out += "<thead>\(heads(table.columns))</thead>\n<tbody>\n"
    for row in table.rows { out += "<tr>\(cells(row, of: table.columns))</tr>\n" }
    out += "</tbody>\n</table>\n"
    if !table.notes.isEmpty {
      out += "<ul class=\"notes\">"
      out += table.notes.map { "<li>\(Escaping.markup($0))</li>" }.joined()
      out += "</ul>\n"
    }
    return out + "</div>\n"
  }

  static func cells(_ row: [Cell], of columns: [DocumentColumn]) -> String {
    var out = ""
    var index = 0
    while index < row.count {
      if case .empty(let reason?) = row[index] {
        // One reason over several figures is said once, across them.
        var end = index + 1
        while end < row.count, row[end] == row[index] { end += 1 }
        let span = end - index > 1 ? " colspan=\"\(end - index)\"" : ""
        out += "<td class=\"reason\"\(span)>\(Escaping.markup(reason))</td>"
        index = end
        continue
      }
      let tag = index == 0 ? "th" : "td"
      let scope = index == 0 ? " scope=\"row\"" : ""
      let text = row[index].shown(as: columns[index].kind, grouped: true)
      let shown = isFigure(row[index]) ? text.replacingLeadingMinus() : text
      let isShort = DisplayWidth.of(text) <= 14
      let style = style(columns[index]) + (isShort ? " n" : "")
      out += "<\(tag)\(scope) class=\"\(style)\">\(Escaping.markup(shown))</\(tag)>"
      index += 1
    }
    return out
  }

  private static func isFigure(_ cell: Cell) -> Bool {
    switch cell {
    case .number, .styled, .integer: true
    case .text, .empty: false
    }
  }

  /// The row of a table's headings.
  static func heads(_ columns: [DocumentColumn]) -> String {
    let cells = columns.map { "<th scope=\"col\" class=\"\(style($0))\">\(Escaping.markup($0.heading))</th>" }
    return "<tr>\(cells.joined())</tr>"
  }

  static func style(_ column: DocumentColumn) -> String {
    let alignment =
      switch column.alignment {
      case .leading: "l"
      case .center: "c"
      case .trailing: "r"
      }
    return column.kind == .code ? alignment + " code" : alignment
  }
}

extension String {
  fileprivate func replacingLeadingMinus() -> String {
    hasPrefix("-") ? "−" + dropFirst() : self
  }
}
