package import SurveyData

/// A column read as numbers as far as it holds some: each distinct text is parsed once.
package struct NumberColumn: Sendable {
  package let name: String
  /// NaN where missing or no number.
  package let values: [Double]
  /// Rows whose text is neither a number nor missing.
  package let badRows: [Int]

  /// - Parameters:
  ///   - column: text or numbers.
  ///   - missing: texts that stand for a missing number besides the empty cell.
  package init(_ column: Column, missing: Set<String>) {
    name = column.name
    switch column.storage {
    case .number(let numbers):
      values = numbers
      badRows = []
    case .text(let text):
      var isBad = [Bool](repeating: false, count: text.levels.count)
      let parsed = text.levels.enumerated().map { code, level -> Double in
        if missing.contains(level) { return .nan }
        if let value = plainNumber(level) { return value }
        isBad[code] = true
        return .nan
      }
      values = text.codes.map { $0 < 0 ? .nan : parsed[Int($0)] }
      badRows =
        isBad.contains(true) ? text.codes.indices.filter { text.codes[$0] >= 0 && isBad[Int(text.codes[$0])] } : []
    }
  }
}
