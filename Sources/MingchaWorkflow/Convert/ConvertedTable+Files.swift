internal import Documents
internal import Glibc
package import SurveyData

extension ConvertedTable {
  /// Writes the rows to a file.
  ///
  /// - Returns: what the form could not hold as it was.
  /// - Throws: a `WritingError`.
  package func write(to path: String, overwrite: Bool) throws -> [Finding] {
    switch order.form {
    case .csv:
      try AtomicFile.withAtomicPath(path, overwrite: overwrite) { (temporary) throws(WritingError) in
        try TableCSV.fill(temporary, with: table, for: path)
      }
      return []
    case .json:
      try AtomicFile.write(json, to: path, overwrite: overwrite)
      return []
    case .xlsx:
      try XLSXWriter().write([workbookTable(table, texts: order.texts)], to: path, overwrite: overwrite)
      return []
    case .sav, .zsav, .dta:
      guard let form = order.form.microdata else { return [] }
      let data = MicrodataFile(table, dictionary: dictionary, texts: order.texts)
      return try MicrodataWriter(form).write(data, to: path, overwrite: overwrite)
        .map { Finding.microdata($0, file: path) }
    }
  }

  /// The rows as text for standard output; CSV or JSON.
  package var text: [UInt8] { order.form == .json ? json : TableCSV.bytes(of: table) }

  /// What the columns are, then the rows: `{"variables": […], "records": […]}`.
  private var json: [UInt8] {
    let variables = table.columns.map { column -> JSONValue in
      let known = dictionary?[column.name]
      var members: [(String, JSONValue)] = [("name", .text(column.name))]
      if let label = known?.label { members.append(("label", .text(label))) }
      var isNumber = false
      if case .number = column.storage { isNumber = true }
      members.append(("type", .text(isNumber ? "number" : "text")))
      if let labels = known?.valueLabels, !labels.isEmpty {
        members.append(("labels", .object(labels.map { ($0.value.text, .text($0.label)) })))
      }
      if let missing = known?.missing, !missing.isEmpty {
        members.append(
          ("missing", .array(missing.map { .texts($0.low == $0.high ? [$0.low.text] : [$0.low.text, $0.high.text]) }))
        )
      }
      return .object(members)
    }
    var out = Array("{\n\"variables\": ".utf8)
    out += JSONValue.array(variables).bytes.dropLast()
    out += Array(",\n\"records\": ".utf8)
    out += Array(JSONWriter.records(of: plainTable(table)).utf8)
    return out + Array("\n}\n".utf8)
  }
}

/// A table for a workbook: columns of faithful numbers as numbers, codes as text.
///
/// Whole numbers of twelve digits and more, which a spreadsheet shows as powers of ten, and whole numbers that all have
/// the same six digits or more, which are codes, stay text.
func workbookTable(_ table: Table, texts: Set<String>) -> DocumentTable {
  var columns: [DocumentColumn] = []
  var cells: [[Cell]] = []
  for column in table.columns {
    let numbers: [Double]? =
      if case .number(let values) = column.storage {
        values
      } else if texts.contains(column.name) {
        nil
      } else if case .numbers(let values, .number) = MicrodataFile.Values.typed(column), !isCode(column) {
        values
      } else {
        nil
      }
    if let numbers {
      columns.append(DocumentColumn(column.name, column.name, .plain))
      cells.append(numbers.map { .number($0, orReason: nil) })
    } else {
      columns.append(DocumentColumn(column.name, column.name, .text))
      cells.append((0..<table.rowCount).map { row in column.text(at: row).map { .text($0) } ?? .empty(reason: nil) })
    }
  }
  let rows = (0..<table.rowCount).map { row in cells.map { $0[row] } }
  return DocumentTable(key: "data", title: "", columns: columns, rows: rows)
}

private func isCode(_ column: Column) -> Bool {
  let levels = column.codedText.levels.filter { !Column.missingNumberTexts.contains($0) }
  let areWhole = levels.allSatisfy { !$0.contains(".") && !$0.hasPrefix("-") }
  guard areWhole, let first = levels.first?.utf8.count else { return false }
  return levels.contains { $0.utf8.count >= 12 } || (first >= 6 && levels.allSatisfy { $0.utf8.count == first })
}

/// Rows as CSV: UTF-8 with a byte order mark, RFC 4180, texts that a spreadsheet would take for formulas defused.
enum TableCSV {
  static func bytes(of table: Table) -> [UInt8] {
    var out: [UInt8] = []
    write(table) { out += $0 }
    return out
  }

  static func fill(_ temporary: String, with table: Table, for path: String) throws(WritingError) {
    let file = open(temporary, O_WRONLY | O_CLOEXEC | O_TRUNC)
    guard file >= 0 else { throw .cannotCreate(path: path, reason: String(cString: strerror(errno))) }
    defer { close(file) }
    var failure: Int32 = 0
    write(table) { bytes in
      var start = 0
      while start < bytes.count, failure == 0 {
        let count = bytes.withUnsafeBytes {
          Glibc.write(file, $0.baseAddress.map { $0 + start }, bytes.count - start)
        }
        if count < 0, errno == EINTR { continue }
        if count <= 0 { failure = count == 0 ? EIO : errno } else { start += count }
      }
    }
    if failure != 0 { throw .failed(path: path, step: "write", reason: String(cString: strerror(failure))) }
  }

  private static func write(_ table: Table, _ body: ([UInt8]) -> Void) {
    var out: [UInt8] = [0xEF, 0xBB, 0xBF]
    out += Array(table.columnNames.map { CSVWriter.field($0, isText: true) }.joined(separator: ",").utf8)
    out += [0x0D, 0x0A]
    // A text's form is worked out once for all rows that hold it.
    let fields: [[[UInt8]]] = table.columns.map { column in
      guard case .text(let text) = column.storage else { return [] }
      // A number is no formula, whatever its sign; in a file of one column an empty line would be no row.
      return text.levels.map { Array(CSVWriter.field($0, isText: plainNumber($0) == nil).utf8) }
    }
    for row in 0..<table.rowCount {
      for (place, column) in table.columns.enumerated() {
        if place > 0 { out.append(UInt8(ascii: ",")) }
        switch column.storage {
        case .text(let text):
          let code = Int(text.codes[row])
          if code >= 0 {
            out += fields[place][code]
          } else if table.columns.count == 1 {
            out += [UInt8(ascii: "\""), UInt8(ascii: "\"")]
          }
        case .number(let values):
          if values[row].isFinite {
            out += Array(NumberText.shortest(values[row]).utf8)
          } else if table.columns.count == 1 {
            out += [UInt8(ascii: "\""), UInt8(ascii: "\"")]
          }
        }
      }
      out += [0x0D, 0x0A]
      if out.count > 1 << 20 {
        body(out)
        out.removeAll(keepingCapacity: true)
      }
    }
    body(out)
  }
}
