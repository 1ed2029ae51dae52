internal import Documents

/// A result that is tables, in the forms of the command line.
package struct TableReport: Sendable {
  /// For readers; the first table is also the one for programs.
  let document: Document

  /// The text on standard output; a workbook has none.
  package func bytes(_ form: EstimateForm, width: Int?) -> [UInt8] {
    switch form {
    case .table, .xlsx: Array(TerminalWriter(width: width).text(of: document).utf8)
    case .json: Array(json.utf8)
    case .csv: first.map { CSVWriter(isForPrograms: true).bytes(of: $0) } ?? []
    }
  }

  /// Writes one form to a file.
  ///
  /// - Throws: a `WritingError`.
  package func write(_ form: EstimateForm, to path: String, overwrite: Bool) throws {
    if form == .xlsx {
      try XLSXWriter().write(document, to: path, overwrite: overwrite)
    } else {
      try AtomicFile.write(bytes(form, width: nil), to: path, overwrite: overwrite)
    }
  }

  private var first: DocumentTable? { document.tables.first }

  /// Every table by its key, one object a row.
  private var json: String {
    let tables = document.tables.map { "\(jsonText($0.key)): " + JSONWriter.records(of: $0) }
    return "{\n" + tables.joined(separator: ",\n") + "\n}\n"
  }
}
