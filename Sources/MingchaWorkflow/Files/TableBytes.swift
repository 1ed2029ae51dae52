internal import Documents
internal import SurveyData

/// A table as CSV for spreadsheets and for reading back: column names as they are, a byte order mark, codes as text.
func csvBytes(of table: Table) -> [UInt8] {
  CSVWriter(byteOrderMark: true, isForPrograms: true).bytes(of: plainTable(table))
}

/// A table with its own column names as headings, text cells as text and numbers as numbers.
func plainTable(_ table: Table, key: String = "table", title: String = "") -> DocumentTable {
  let columns = table.columns.map { column in
    switch column.storage {
    case .text: DocumentColumn(column.name, column.name, .text)
    case .number: DocumentColumn(column.name, column.name, .decimal(6))
    }
  }
  let rows = (0..<table.rowCount).map { row in
    table.columns.map { column -> Cell in
      switch column.storage {
      case .text: column.text(at: row).map { .text($0) } ?? .empty(reason: nil)
      case .number(let values): .number(values[row], orReason: nil)
      }
    }
  }
  return DocumentTable(key: key, title: title, columns: columns, rows: rows)
}
