internal import SurveyData

/// One row of a worksheet: its cells that hold something, and their bytes.
struct SheetRow {
  /// Counted from 1.
  var number = 0
  var isHidden = false
  /// From left to right.
  var cells: [SheetCell] = []
  var bytes: [UInt8] = []

  /// A cell as text: whole numbers without a point, dates in ISO 8601, TRUE and FALSE as CSV export writes
  /// them; `nil` for what has no such form.
  func text(of cell: SheetCell, dates: DateSystem) -> String? {
    let raw = bytes[cell.range]
    switch cell.kind {
    case .text: return String(decoding: raw, as: UTF8.self)
    case .number(nil): return plainNumber(String(decoding: raw, as: UTF8.self)).map(shortest)
    case .number(let format?):
      return plainNumber(String(decoding: raw, as: UTF8.self)).flatMap { dates.text(of: $0, as: format) }
    case .date: return isoDate(raw)
    case .boolean: return raw.elementsEqual([0x31]) ? "TRUE" : "FALSE"
    case .error, .uncomputed: return nil
    }
  }

  /// 2018-08-13T00:00:00Z loses its empty time and its zone mark.
  private func isoDate(_ raw: ArraySlice<UInt8>) -> String? {
    var text = String(decoding: raw, as: UTF8.self)
    if text.hasSuffix("Z") { text.removeLast() }
    if text.hasSuffix("T00:00:00") { text.removeLast(9) }
    return text.isEmpty ? nil : text
  }
}

/// A cell that holds something.
struct SheetCell {
  enum Kind {
    case text
    /// With the meaning of its format if that is a date or time.
    case number(DateFormat?)
    /// Written as ISO 8601 text.
    case date
    case boolean
    case error
    /// A formula without a stored value.
    case uncomputed
  }

  /// From 0.
  var column: Int
  var kind: Kind
  var isFormula: Bool
  /// Of the row's bytes.
  var range: Range<Int>
}
