/// Some records of a text file whose cells stay bytes where they stand.
///
/// For work on every row of a frame of millions: no text is made of a cell that nobody needs as text.
/// Every record has the same number of cells; nothing in the block was found wrong.
package struct CellBlock: Sendable {
  package let bytes: [UInt8]
  /// The file row of the first record.
  package let firstRow: Int
  package let rowCount: Int
  /// The number of cells in each record.
  package let columnCount: Int
  /// Where in the file the block's first byte stands.
  package let fileOffset: Int
  /// Behind each cell's last byte, record by record; the last of a record is its line end.
  private let ends: [UInt32]
  /// Cells may stand in quotes; none holds a quote itself.
  package let hasQuotes: Bool
  /// Lines end in CR LF.
  package let hasReturns: Bool

  package init(
    bytes: [UInt8],
    firstRow: Int,
    rowCount: Int,
    columnCount: Int,
    fileOffset: Int,
    ends: [UInt32],
    hasQuotes: Bool,
    hasReturns: Bool
  ) {
    precondition(ends.count == rowCount * columnCount, "cells without an end")
    self.bytes = bytes
    self.firstRow = firstRow
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.fileOffset = fileOffset
    self.ends = ends
    self.hasQuotes = hasQuotes
    self.hasReturns = hasReturns
  }

  /// Gives the cells to a function that must not keep them.
  package func withCells<Result>(_ body: (CellView) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBufferPointer { bytes in
      try ends.withUnsafeBufferPointer { ends in
        try body(
          CellView(
            bytes: bytes,
            ends: ends,
            rowCount: rowCount,
            columnCount: columnCount,
            hasQuotes: hasQuotes,
            hasReturns: hasReturns
          )
        )
      }
    }
  }

  /// Some columns as coded text, for what works on tables.
  package func table(of columns: [(name: String, position: Int)], file: String) -> Table {
    withCells { cells in
      let built = columns.map { column in
        var levels = ByteLevels()
        var codes = [Int32]()
        codes.reserveCapacity(rowCount)
        for row in 0..<rowCount {
          let cell = cells.cell(row, column.position)
          codes.append(cell.isEmpty ? -1 : levels.code(of: cell))
        }
        return Column(column.name, .text(CodedText(levels: levels.texts, codes: codes)))
      }
      return Table(columns: built, rowCount: rowCount, firstRow: firstRow, file: file)
    }
  }
}

/// The cells of a block while it is looked at.
package struct CellView {
  @usableFromInline let bytes: UnsafeBufferPointer<UInt8>
  @usableFromInline let ends: UnsafeBufferPointer<UInt32>
  package let rowCount: Int
  package let columnCount: Int
  @usableFromInline let hasQuotes: Bool
  @usableFromInline let hasReturns: Bool

  @usableFromInline
  init(
    bytes: UnsafeBufferPointer<UInt8>,
    ends: UnsafeBufferPointer<UInt32>,
    rowCount: Int,
    columnCount: Int,
    hasQuotes: Bool,
    hasReturns: Bool
  ) {
    self.bytes = bytes
    self.ends = ends
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.hasQuotes = hasQuotes
    self.hasReturns = hasReturns
  }

  /// The bytes of a cell without its quotes.
  @inlinable
  package func cell(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> {
    let place = row &* columnCount &+ column
    var start = place == 0 ? 0 : Int(ends[place &- 1]) &+ 1
    var end = Int(ends[place])
    if hasReturns, column == columnCount &- 1 { end &-= 1 }
    if hasQuotes, start < end, bytes[start] == 0x22 {
      start &+= 1
      end &-= 1
    }
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
  }

  /// Where a record begins in the block, and how many bytes it has without its line end.
  @inlinable
  package func record(_ row: Int) -> (start: Int, count: Int) {
    let place = row &* columnCount
    let start = place == 0 ? 0 : Int(ends[place &- 1]) &+ 1
    let end = Int(ends[place &+ columnCount &- 1]) &- (hasReturns ? 1 : 0)
    return (start, end &- start)
  }
}

extension CellView {
  /// The bytes of a record with its line end, quotes and all.
  @inlinable
  package func lineBytes(_ row: Int) -> UnsafeBufferPointer<UInt8> {
    let place = row &* columnCount
    let start = place == 0 ? 0 : Int(ends[place &- 1]) &+ 1
    return UnsafeBufferPointer(rebasing: bytes[start...Int(ends[place &+ columnCount &- 1])])
  }
}

/// Where a record stands: the place of its file among the files read, its first byte, its bytes without line end.
package struct RecordPlace: Sendable, Hashable {
  package var file: Int32
  package var count: UInt32
  package var offset: Int

  package init(file: Int32, offset: Int, count: UInt32) {
    self.file = file
    self.count = count
    self.offset = offset
  }
}
