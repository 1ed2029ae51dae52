/// Plain text for a terminal, with columns aligned by East Asian width.
package struct TerminalWriter: TextDocumentWriter {
  /// A table wider than this is printed as several blocks, each led by the first columns again;
  /// `nil` prints every row on one line.
  package var width: Int?
  /// How many leading columns name the row and are repeated in every block.
  package var leadingColumns: Int

  package init(width: Int? = nil, leadingColumns: Int = 1) {
    self.width = width
    self.leadingColumns = leadingColumns
  }

  package var name: String { "text" }
  package var suffix: String { "txt" }

  package func bytes(of document: Document) -> [UInt8] {
    Array(text(of: document).utf8)
  }

  package func text(of document: Document) -> String {
    var parts: [String] = []
    if !document.title.isEmpty { parts.append(Self.underlined(document.title, with: "=")) }
    if let subtitle = document.subtitle { parts.append(Self.clean(subtitle)) }
    for block in document.blocks {
      switch block {
      case .heading(let level, let text):
        parts.append(level <= 1 ? Self.underlined(text, with: "-") : Self.clean(text))
      case .paragraph(let text): parts.append(Self.clean(text))
      case .note(let text): parts.append("* " + Self.clean(text))
      case .table(let table): parts.append(text(of: table))
      case .figure(let figure):
        parts.append("[\(Self.clean(figure.caption))] \(Self.clean(figure.alternative))")
      case .definitions(let items):
        let widest = items.map { DisplayWidth.of(Self.clean($0.term)) }.max() ?? 0
        parts.append(
          items.map { DisplayWidth.pad(Self.clean($0.term), to: widest) + "  " + Self.clean($0.text) }
            .joined(separator: "\n")
        )
      case .pageBreak: continue
      }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The table with its title, heads, a rule, rows and notes.
  package func text(of table: DocumentTable) -> String {
    var grid = [table.columns.map { Self.clean($0.heading) }]
    for row in table.rows {
      grid.append(
        zip(row, table.columns).map { cell, column in
          Self.clean(cell.isEmpty ? Self.short(cell) : cell.shown(as: column.kind))
        }
      )
    }
    let widths = table.columns.indices.map { index in grid.map { DisplayWidth.of($0[index]) }.max() ?? 0 }
    var lines = table.title.isEmpty ? [] : [Self.clean(table.title)]
    for (number, block) in blocks(widths: widths).enumerated() {
      if number > 0 { lines.append("") }
      for (index, row) in grid.enumerated() {
        lines.append(
          trimmed(
            block.map { DisplayWidth.pad(row[$0], to: widths[$0], table.columns[$0].alignment) }
              .joined(separator: "  ")
          )
        )
        if index == 0 {
          lines.append(block.map { String(repeating: "─", count: widths[$0]) }.joined(separator: "  "))
        }
      }
    }
    lines += table.notes.map { "* " + Self.clean($0) }
    return lines.joined(separator: "\n")
  }

  private func blocks(widths: [Int]) -> [[Int]] {
    guard let width else { return [Array(widths.indices)] }
    let lead = Array(widths.indices.prefix(leadingColumns))
    let leadWidth = lead.reduce(0) { $0 + widths[$1] + 2 }
    var blocks: [[Int]] = []
    var current = lead
    var used = leadWidth
    for index in widths.indices.dropFirst(leadingColumns) {
      if used + widths[index] > width, current.count > lead.count {
        blocks.append(current)
        current = lead
        used = leadWidth
      }
      current.append(index)
      used += widths[index] + 2
    }
    blocks.append(current)
    return blocks
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }

  private static func short(_ cell: Cell) -> String {
    cell.shown(as: .text)
  }

  /// Line ends and control characters (terminal escapes among them) cannot break the alignment.
  private static func clean(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: out.append(" ")
      case 0..<0x20, 0x7F..<0xA0: out.append("\u{FFFD}")
      default: out.append(scalar)
      }
    }
    return String(out)
  }

  private static func underlined(_ text: String, with mark: Character) -> String {
    let line = clean(text)
    return line + "\n" + String(repeating: mark, count: DisplayWidth.of(line))
  }
}
