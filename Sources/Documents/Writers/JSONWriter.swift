/// JSON for programs: each table as a list of records keyed by column, missing figures as null.
package struct JSONWriter: TextDocumentWriter {
  package init() {}

  package var name: String { "json" }
  package var suffix: String { "json" }

  /// One table: its records. Several: an object from table key to records, in reading order.
  package func bytes(of document: Document) -> [UInt8] {
    let tables = document.tables
    guard tables.count != 1 else { return Array((Self.records(of: tables[0]) + "\n").utf8) }
    let members = document.keyedTables.map { key, table in
      "\(Escaping.json(key)): \(Self.records(of: table))"
    }
    return Array(("{\n" + members.joined(separator: ",\n") + "\n}\n").utf8)
  }

  /// The rows as records `[{"key": value, …}, …]`, one record a line.
  package static func records(of table: DocumentTable) -> String {
    guard !table.rows.isEmpty else { return "[]" }
    let keys = table.columns.map { Escaping.json($0.key) }
    let lines = table.rows.map { row in
      let members = zip(keys, row).map { "\($0): \(value(of: $1))" }
      return "  {" + members.joined(separator: ", ") + "}"
    }
    return "[\n" + lines.joined(separator: ",\n") + "\n]"
  }

  private static func value(of cell: Cell) -> String {
    if case .text(let text) = cell { return Escaping.json(text) }
    return cell.plainText ?? "null"
  }
}
