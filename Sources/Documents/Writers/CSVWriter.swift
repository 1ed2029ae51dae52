/// Comma-separated values for people: RFC 4180, UTF-8 with a byte order mark so that Excel reads it.
///
/// Figures carry every digit and proportions stay proportions.
/// A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection); a number
/// below zero is none, also where a column of a frame holds it as text.
package struct CSVWriter: TextDocumentWriter {
  package var byteOrderMark: Bool
  /// Heads columns with their keys and leaves missing figures empty; people get headings and reasons.
  package var isForPrograms: Bool

  package init(byteOrderMark: Bool = true, isForPrograms: Bool = false) {
    self.byteOrderMark = byteOrderMark
    self.isForPrograms = isForPrograms
  }

  package var name: String { "csv" }
  package var suffix: String { "csv" }

  /// All tables in one stream, each under a line with its title when there are several.
  package func bytes(of document: Document) -> [UInt8] {
    let tables = document.tables
    guard tables.count != 1 else { return bytes(of: tables[0]) }
    var out = byteOrderMark ? Self.mark : []
    for (index, table) in tables.enumerated() {
      if index > 0 { out += Array("\r\n".utf8) }
      out += Array((Self.field(table.title, isText: true) + "\r\n").utf8)
      append(table, to: &out)
    }
    return out
  }

  /// One table a file: `annex.csv` for one table, `annex-KEY.csv` for each of several.
  package func files(of document: Document, at path: String) -> [OutputFile] {
    let tables = document.tables
    guard tables.count != 1 else { return [OutputFile(path: path, bytes: bytes(of: tables[0]))] }
    let stem = path.hasSuffix(".csv") ? String(path.dropLast(4)) : path
    return document.keyedTables.map { key, table in
      OutputFile(path: "\(stem)-\(key).csv", bytes: bytes(of: table))
    }
  }

  package func bytes(of table: DocumentTable) -> [UInt8] {
    var out = byteOrderMark ? Self.mark : []
    append(table, to: &out)
    return out
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private func append(_ table: DocumentTable, to out: inout [UInt8]) {
    let heads = table.columns.map { Self.field(isForPrograms ? $0.key : $0.heading, isText: true) }
    out += Array((heads.joined(separator: ",") + "\r\n").utf8)
    for row in table.rows {
      for (index, cell) in row.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        let field =
          switch cell {
          case .text(let text): Self.field(text, isText: true)
          case .empty(let reason?) where !isForPrograms: Self.field(reason, isText: true)
          default: Self.field(cell.plainText ?? "", isText: false)
          }
        out += Array(field.utf8)
      }
      out += [0x0D, 0x0A]
    }
  }

  /// One field, guarded against formulas when it is text, and quoted where it must be.
  package static func field(_ text: String, isText: Bool) -> String {
    let guarded = isText && startsFormula(text)
    let content = guarded ? "'" + text : text
    let mustQuote =
      guarded
      || content.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
      || content.first == " " || content.last == " "
    guard mustQuote else { return content }
    var quoted = "\""
    for scalar in content.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  private static func startsFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    if first == "-", isNumber(text.unicodeScalars.dropFirst()) { return false }
    switch first {
    case "=", "+", "-", "@", "\t", "\r", "\n", "\u{0}", "\u{2212}", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}",
      "\u{FF20}":
      return true
    default: return false
    }
  }

  /// Digits, with a point among them or behind them at most once, and perhaps a power of ten.
  private static func isNumber(_ scalars: Substring.UnicodeScalarView) -> Bool {
    let parts = scalars.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    let digits = parts[0].filter { $0 != "." }
    let exponent = parts.dropFirst().first.map { $0.first == "-" || $0.first == "+" ? $0.dropFirst() : $0 }
    func areDigits(_ part: some Sequence<Unicode.Scalar>) -> Bool { part.allSatisfy { ("0"..."9").contains($0) } }
    return parts.count <= 2 && parts[0].first.map { ("0"..."9").contains($0) } == true
      && parts[0].count <= digits.count + 1 && areDigits(digits)
      && (exponent.map { !$0.isEmpty && areDigits($0) } ?? true)
  }
}
