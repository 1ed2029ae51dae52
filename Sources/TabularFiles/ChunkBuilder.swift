internal import SurveyData

/// Gathers the cells of a run of rows, column by column.
struct ChunkBuilder {
  private(set) var columns: [ColumnBuilder]
  private(set) var rowCount = 0

  init(_ selection: [SelectedColumn], capacity: Int) {
    columns = selection.map { ColumnBuilder($0, capacity: capacity) }
  }

  /// Adds a cell to a column; false if a number was wanted and the cell holds none.
  mutating func add(
    _ cell: UnsafeBufferPointer<UInt8>,
    to column: Int,
    missing: MissingNumbers
  ) -> Bool {
    columns[column].add(cell, missing: missing)
  }

  /// Takes a tidied number in place of the one that was just refused to a column.
  mutating func amend(_ column: Int, with tidied: String, missing: MissingNumbers) {
    columns[column].amend(with: tidied, missing: missing)
  }

  mutating func addMissing(to column: Int) {
    columns[column].addMissing()
  }

  mutating func endRow() {
    rowCount += 1
  }

  /// The rows as a table.
  /// - Precondition: every row gave every column one cell.
  func table(firstRow: Int, file: String, sheet: String? = nil) -> Table {
    Table(
      columns: columns.map(\.column),
      rowCount: rowCount,
      firstRow: firstRow,
      file: file,
      sheet: sheet
    )
  }
}

/// Gathers the cells of one column.
struct ColumnBuilder {
  private let name: String
  private let isNumber: Bool
  private var numbers: [Double] = []
  private var levels = ByteLevels()
  private var codes: [Int32] = []
  private var previous: Int32 = -1

  init(_ selected: SelectedColumn, capacity: Int) {
    name = selected.name
    isNumber = selected.kind == .number
    if isNumber { numbers.reserveCapacity(capacity) } else { codes.reserveCapacity(capacity) }
  }

  mutating func add(_ cell: UnsafeBufferPointer<UInt8>, missing: MissingNumbers) -> Bool {
    if isNumber {
      if let value = cell.isEmpty ? .nan : parseNumber(cell) {
        numbers.append(missing.isCode(value, cell) ? .nan : value)
        return true
      }
      numbers.append(.nan)
      return missing.contains(cell)
    }
    if cell.isEmpty {
      codes.append(-1)
    } else {
      // Sorted files repeat the cell above more often than not.
      if previous < 0 || !levels.holds(previous, cell) { previous = levels.code(of: cell) }
      codes.append(previous)
    }
    return true
  }

  mutating func amend(with tidied: String, missing: MissingNumbers) {
    guard isNumber, let value = plainNumber(tidied), !numbers.isEmpty else { return }
    var tidied = tidied
    numbers[numbers.count - 1] = tidied.withUTF8 { missing.isCode(value, $0) } ? .nan : value
  }

  /// Adds a number to a column of numbers.
  mutating func add(_ value: Double) {
    numbers.append(value)
  }

  mutating func addMissing() {
    if isNumber { numbers.append(.nan) } else { codes.append(-1) }
  }

  var column: Column {
    isNumber
      ? Column(name, numbers: numbers)
      : Column(name, .text(CodedText(levels: levels.texts, codes: codes)))
  }
}

/// The declared codes for a missing number, as bytes.
struct MissingNumbers {
  private let codes: Set<[UInt8]>
  /// The codes that look like numbers, such as −9.
  private let numericCodes: [Double]

  init(_ texts: Set<String>) {
    codes = Set(texts.map { Array($0.utf8) })
    numericCodes = texts.compactMap { plainNumber($0) }
  }

  func contains(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    codes.contains(Array(cell))
  }

  /// Whether some declared code reads as this number.
  func holds(_ value: Double) -> Bool { numericCodes.contains(value) }

  /// Whether a cell that reads as this number is a declared code.
  func isCode(_ value: Double, _ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !numericCodes.isEmpty, numericCodes.contains(value) else { return false }
    return contains(cell)
  }
}
