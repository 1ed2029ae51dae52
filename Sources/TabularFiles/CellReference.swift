/// A cell's place in a worksheet, as B12 names it; both counted from 1.
struct CellReference: Equatable {
  var row: Int
  var column: Int

  /// Reads a name such as B12 or $B$12; `nil` if it is none or lies outside every worksheet.
  init?(_ bytes: some Sequence<UInt8>) {
    var row = 0
    var column = 0
    for byte in bytes {
      switch byte {
      case 0x24: continue
      case 0x41...0x5A where row == 0: column = column * 26 + Int(byte - 0x40)
      case 0x61...0x7A where row == 0: column = column * 26 + Int(byte - 0x60)
      case 0x30...0x39 where column > 0: row = row * 10 + Int(byte - 0x30)
      default: return nil
      }
      guard row <= Limits.worksheetRows, column <= Limits.columns else { return nil }
    }
    guard row > 0, column > 0 else { return nil }
    self.row = row
    self.column = column
  }
}

/// A rectangle of cells, as A1:C3 names it.
struct CellRange {
  let rows: ClosedRange<Int>
  let columns: ClosedRange<Int>

  init?(_ text: String) {
    let corners = text.split(separator: ":", omittingEmptySubsequences: false)
    guard corners.count <= 2, let first = corners.first.flatMap({ CellReference($0.utf8) }),
      let last = corners.last.flatMap({ CellReference($0.utf8) }), first.row <= last.row,
      first.column <= last.column
    else { return nil }
    rows = first.row...last.row
    columns = first.column...last.column
  }
}
