internal import SurveyData
internal import TabularFiles

/// A data file of the reference with its columns typed as R reads them.
///
/// A column whose every value is a number is numeric, all others are text; empty cells and NA are missing.
struct ReferenceTable: Sendable {
  private(set) var table: Table

  init(path: String) throws {
    let read = try readTable(path: path).table
    table = read
    for column in read.columns {
      if case .numbers(let values) = column.numbers(missing: ["NA"]) {
        table.set(Column(column.name, numbers: values))
      } else {
        let text = column.codedText
        table.set(
          Column(
            column.name,
            texts: text.codes.map { $0 < 0 || text.levels[Int($0)] == "NA" ? nil : text.levels[Int($0)] }
          )
        )
      }
    }
  }

  func isText(_ name: String) throws -> Bool {
    if case .text = try table.column(name).storage { true } else { false }
  }

  /// The values of a text column in byte order, which is R's order of levels here.
  func levels(of name: String) throws -> [String] {
    let text = try table.column(name).codedText
    let used = Set(text.codes.filter { $0 >= 0 })
    return used.map { text.levels[Int($0)] }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Adds copies of the named columns without the rows in which one of them is missing: R's listwise deletion.
  ///
  /// The columns themselves stay, because weights may be calibrated on them.
  /// - Returns: the names of the copies.
  mutating func deleteListwise(_ names: [String]) throws -> [String] {
    var isMissing = [Bool](repeating: false, count: table.rowCount)
    let columns = try names.map { try table.column($0) }
    for column in columns {
      for row in isMissing.indices where column.text(at: row) == nil { isMissing[row] = true }
    }
    return columns.map { column in
      let copy = column.name + " (complete)"
      switch column.storage {
      case .number(let values):
        table.set(Column(copy, numbers: values.indices.map { isMissing[$0] ? .nan : values[$0] }))
      case .text:
        table.set(Column(copy, texts: isMissing.indices.map { isMissing[$0] ? nil : column.text(at: $0) }))
      }
      return copy
    }
  }

  /// Adds a column of 1 where `name` has the given value, 0 where it has another, missing where it is missing.
  mutating func addIndicator(_ new: String, of name: String, equal value: String) throws {
    let column = try table.column(name)
    table.set(
      Column(
        new,
        numbers: (0..<table.rowCount).map { row in column.text(at: row).map { $0 == value ? 1 : 0 } ?? .nan }
      )
    )
  }
}
