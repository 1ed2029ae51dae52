/// A table as data: every writer turns the same columns and cells into its own form.
package struct DocumentTable: Sendable {
  /// A short ASCII name: the end of a CSV file's name, the key in JSON.
  package var key: String
  package var title: String
  package var columns: [DocumentColumn]
  package var rows: [[Cell]]
  /// Sentences printed under the table.
  package var notes: [String]
  /// How many columns name a row: they stay in sight, and stand on every page where a table is too wide for one.
  package var leadingColumns: Int
  /// Makes the table a form; `nil` for a table that is only read.
  package var form: FormLayout?

  /// - Precondition: every row has as many cells as there are columns.
  package init(
    key: String = "table",
    title: String,
    columns: [DocumentColumn],
    rows: [[Cell]],
    notes: [String] = [],
    leadingColumns: Int = 1,
    form: FormLayout? = nil
  ) {
    for row in rows { precondition(row.count == columns.count, "a row of another length") }
    self.key = key
    self.title = title
    self.columns = columns
    self.rows = rows
    self.notes = notes
    self.leadingColumns = leadingColumns
    self.form = form
  }

  /// The table without the columns that are empty in every row.
  package func droppingEmptyColumns(keeping kept: Set<String> = []) -> DocumentTable {
    let wanted = columns.indices.filter { index in
      kept.contains(columns[index].key) || rows.contains { !$0[index].isEmpty }
    }
    return DocumentTable(
      key: key,
      title: title,
      columns: wanted.map { columns[$0] },
      rows: rows.map { row in wanted.map { row[$0] } },
      notes: notes,
      leadingColumns: max(1, wanted.prefix { $0 < leadingColumns }.count),
      form: form
    )
  }
}

/// One column of a table: its heading and how its cells are read.
package struct DocumentColumn: Sendable {
  package enum Alignment: String, Sendable { case leading, center, trailing }

  package enum Kind: Sendable, Hashable {
    case text
    /// Digits that are a name and no quantity, such as an area code; never a number in a workbook.
    case code
    case integer
    /// A number that is shown as it was written, without grouping: a year, a count of the frame.
    case plain
    case decimal(Int)
    /// A proportion 0…1, shown in per cent with so many decimals.
    case percent(Int)
  }

  package var key: String
  package var heading: String
  package var alignment: Alignment
  package var kind: Kind
  /// What people fill in here; `nil` where they only read.
  package var entry: Entry?
  /// The width in narrow characters; `nil`: as wide as what stands in it.
  package var width: Int?

  /// Text and codes lead; quantities trail, unless told otherwise.
  package init(
    _ key: String,
    _ heading: String,
    _ kind: Kind,
    alignment: Alignment? = nil,
    entry: Entry? = nil,
    width: Int? = nil
  ) {
    self.key = key
    self.heading = heading
    self.kind = kind
    self.entry = entry
    self.width = width
    switch kind {
    case .text, .code: self.alignment = alignment ?? .leading
    case .integer, .plain, .decimal, .percent: self.alignment = alignment ?? .trailing
    }
  }
}

/// One cell of a table. A missing figure is a case of its own, never a zero.
package enum Cell: Sendable, Hashable {
  case text(String)
  case number(Double)
  /// A number shown otherwise than its column says, such as a mean among rates.
  case styled(Double, DocumentColumn.Kind)
  case integer(Int)
  /// Why there is no figure; shown to a reader, left empty for a machine.
  case empty(reason: String?)

  /// A number, or the reason why there is none; what is not finite is missing.
  package static func number(_ value: Double?, orReason reason: String?) -> Cell {
    guard let value, value.isFinite else { return .empty(reason: reason) }
    return .number(value)
  }

  package var isEmpty: Bool {
    if case .empty = self { true } else { false }
  }
}
