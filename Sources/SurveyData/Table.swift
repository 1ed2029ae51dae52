/// Rows of data held by columns.
///
/// Readers deliver a file either as one table or as a run of tables (chunks) with the same columns;
/// `firstRow` tells where in the file a chunk begins, so that messages can name rows.
public struct Table: Sendable {
  package private(set) var columns: [Column]
  /// How many rows there are.
  public private(set) var rowCount: Int
  /// The file row (header = row 1) of the first row held here.
  package var firstRow: Int
  /// The file the rows came from, for messages.
  package var file: String
  package var sheet: String?
  private var indexByName: [String: Int]
  /// The file row of each row held here, once rows were chosen or reordered.
  private var fileRows: [Int]?

  /// - Precondition: every column has the same number of rows and column names are unique.
  package init(
    columns: [Column],
    rowCount: Int? = nil,
    firstRow: Int = 2,
    file: String = "",
    sheet: String? = nil
  ) {
    self.columns = columns
    self.rowCount = rowCount ?? columns.first?.rowCount ?? 0
    self.firstRow = firstRow
    self.file = file
    self.sheet = sheet
    indexByName = [:]
    for (index, column) in columns.enumerated() {
      precondition(column.rowCount == self.rowCount, "columns of unequal length")
      precondition(indexByName[column.name] == nil, "two columns of one name")
      indexByName[column.name] = index
    }
  }

  /// A table made by a program.
  ///
  /// - Throws: a refusal where columns differ in their number of rows or share a name.
  public init(_ columns: [Column]) throws(InputRefusal) {
    var findings: [Finding] = []
    var names = Set<String>()
    for column in columns {
      if !names.insert(column.name).inserted {
        findings.append(
          Finding(
            "column-twice",
            column: column.name,
            message: LocalizedText(zh: "有两列同名。", en: "is the name of two columns."),
            fix: LocalizedText(zh: "请给每列一个名称。", en: "Give each column a name of its own.")
          )
        )
      }
      if column.rowCount != columns[0].rowCount {
        findings.append(
          Finding(
            "column-length",
            column: column.name,
            value: "\(column.rowCount)",
            message: LocalizedText(
              zh: "行数与第一列（\(columns[0].rowCount)）不同。",
              en: "is its number of rows, but the first column has \(columns[0].rowCount)."
            ),
            fix: LocalizedText(zh: "各列须等长。", en: "Give every column the same rows.")
          )
        )
      }
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    self.init(columns: columns)
  }

  /// The names of the columns, in their order.
  public var columnNames: [String] { columns.map(\.name) }

  package subscript(name: String) -> Column? {
    indexByName[name].map { columns[$0] }
  }

  package func index(of name: String) -> Int? { indexByName[name] }

  /// Replaces the column of the same name, or adds it at the end.
  package mutating func set(_ column: Column) {
    precondition(column.rowCount == rowCount, "a column of another length")
    if let index = indexByName[column.name] {
      columns[index] = column
    } else {
      indexByName[column.name] = columns.count
      columns.append(column)
    }
  }

  /// The rows at the given indices, in that order.
  package func rows(_ indices: [Int]) -> Table {
    var chosen = Table(
      columns: columns.map { $0.rows(indices) },
      rowCount: indices.count,
      firstRow: firstRow,
      file: file,
      sheet: sheet
    )
    chosen.fileRows = indices.map { fileRow(of: $0) }
    return chosen
  }

  /// The row of the file that the row at this index came from, also after filtering.
  package func fileRow(of index: Int) -> Int {
    fileRows?[index] ?? firstRow + index
  }

  /// The column, or a refusal that names the nearest existing one.
  package func column(_ name: String) throws(InputRefusal) -> Column {
    if let column = self[name] { return column }
    throw InputRefusal(Finding.missingColumn(name, in: columnNames, file: file))
  }
}

extension Finding {
  /// The refusal for a column that a file does not have, naming the nearest one.
  package static func missingColumn(_ name: String, in present: [String], file: String?) -> Finding {
    let near = nearest(to: name, among: present)
    let listed = present.prefix(20).joined(separator: ", ")
    return Finding(
      "column-missing",
      file: file,
      column: name,
      message: LocalizedText(zh: "文件中没有这一列。", en: "the file has no such column."),
      fix: LocalizedText(
        zh: (near.map { "是否指“\($0)”？" } ?? "") + "现有列：\(listed)。",
        en: (near.map { "Did you mean \"\($0)\"? " } ?? "") + "It has: \(listed)."
      )
    )
  }
}
