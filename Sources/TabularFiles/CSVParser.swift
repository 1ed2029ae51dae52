internal import Glibc
internal import SurveyData

/// What came of parsing one block.
struct ParsedBlock {
  /// `nil` if anything in the block was refused.
  var table: Table?
  var rowCount = 0
  var findings: [Finding] = []
  var findingCount = 0
  /// Numbers that were tidied.
  var notes: [Finding] = []
  var noteCount = 0
  /// Rows without a single character in a cell; allowed at the end of the file only.
  var blankRows: [Int] = []
  var lastDataRow = 0
  /// A quote out of place: nothing behind this row can be trusted.
  var brokenRow: Int?
}

/// Parses a block of records by RFC 4180, straight from bytes into columns.
struct CSVParser {
  private let layout: CSVLayout
  private let kinds: [CellByte]
  private let requiresCharacterCheck: Bool
  private var builder: ChunkBuilder
  private var result = ParsedBlock()
  private let isTorn: Bool
  private var row: Int
  private var scratch: [UInt8] = []

  private enum CellByte: UInt8 { case ordinary, delimiter, feed, carriageReturn, quote, control }

  static func parse(_ block: RecordBlock, layout: CSVLayout) -> ParsedBlock {
    var parser = CSVParser(block, layout)
    block.bytes.withUnsafeBufferPointer { buffer in
      parser.run(UnsafeBufferPointer(rebasing: buffer[..<block.count]))
    }
    if block.isTorn, parser.result.findings.isEmpty {
      parser.report(.badQuote(true, file: layout.file, row: parser.row))
      parser.result.brokenRow = parser.row
    }
    if parser.result.findingCount == 0 {
      // Blank rows can only stand at the end, or the file is refused: the rows before keep their places.
      parser.result.table = parser.builder.table(firstRow: block.firstRow, file: layout.file)
      parser.result.rowCount = parser.builder.rowCount
    }
    return parser.result
  }

  private init(_ block: RecordBlock, _ layout: CSVLayout) {
    self.layout = layout
    var kinds = [CellByte](repeating: .ordinary, count: 256)
    for byte in 0..<0x20 where byte != 0x09 { kinds[byte] = .control }
    kinds[0x0A] = .feed
    kinds[0x0D] = .carriageReturn
    kinds[0x22] = .quote
    kinds[Int(layout.delimiter)] = .delimiter
    self.kinds = kinds
    isTorn = block.isTorn
    row = block.firstRow
    builder = ChunkBuilder(layout.selection, capacity: block.records)
    requiresCharacterCheck = Self.holdsReplacementCharacter(block)
  }

  /// U+FFFD is EF BF BD, and EF is rare enough to be jumped to.
  private static func holdsReplacementCharacter(_ block: RecordBlock) -> Bool {
    block.bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return false }
      var index = 0
      while index + 2 < block.count, let found = memchr(start + index, 0xEF, block.count - index - 2) {
        index = UnsafeRawPointer(found) - UnsafeRawPointer(start)
        if bytes[index + 1] == 0xBF, bytes[index + 2] == 0xBD { return true }
        index += 1
      }
      return false
    }
  }

  private mutating func report(_ finding: Finding) {
    result.findingCount += 1
    if result.findings.count < InputRefusal.listedAtMost { result.findings.append(finding) }
  }

  private func name(of column: Int) -> String {
    column < layout.header.count ? layout.header[column] : "#\(column + 1)"
  }

  private mutating func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let columnCount = layout.header.count
    var index = 0
    while index < bytes.count {
      if let next = blankRecord(bytes, from: index) {
        if result.blankRows.count < InputRefusal.listedAtMost { result.blankRows.append(row) }
        row += 1
        index = next
        continue
      }
      guard let end = record(bytes, from: index, columnCount: columnCount) else {
        result.brokenRow = row
        return
      }
      result.lastDataRow = row
      row += 1
      index = end
    }
  }

  /// The offset behind a record of nothing but delimiters; `nil` if the record holds anything.
  private func blankRecord(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start
    while index < bytes.count, bytes[index] == layout.delimiter { index += 1 }
    let cells = index - start + 1
    guard cells == 1 || cells == layout.header.count else { return nil }
    guard index < bytes.count else { return index }
    if bytes[index] == 0x0A { return index + 1 }
    guard bytes[index] == 0x0D else { return nil }
    return index + 1 < bytes.count && bytes[index + 1] == 0x0A ? index + 2 : index + 1
  }

  /// Parses one record and gives the offset behind it; `nil` if a quote is out of place.
  private mutating func record(
    _ bytes: UnsafeBufferPointer<UInt8>,
    from start: Int,
    columnCount: Int
  ) -> Int? {
    var index = start
    var column = 0
    while true {
      if index < bytes.count, bytes[index] == 0x22 {
        guard let end = quotedCell(bytes, from: index, column: column) else { return nil }
        index = end
      } else {
        let cellStart = index
        var hasControl = false
        scan: while index < bytes.count {
          switch kinds[Int(bytes[index])] {
          case .ordinary: index += 1
          case .control:
            hasControl = true
            index += 1
          case .quote:
            report(.badQuote(false, file: layout.file, row: row, column: name(of: column)))
            return nil
          case .delimiter, .feed, .carriageReturn: break scan
          }
        }
        deliver(
          UnsafeBufferPointer(rebasing: bytes[cellStart..<index]),
          column: column,
          hasControl: hasControl
        )
      }
      column += 1
      guard index < bytes.count else { break }
      let byte = bytes[index]
      index += 1
      if byte == layout.delimiter { continue }
      if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
      break
    }
    // A record that was torn off has more cells than are seen, and is refused for its length.
    if column != columnCount, !(isTorn && index == bytes.count && result.findingCount > 0) {
      reportRagged(cells: column, isLast: index == bytes.count)
    }
    builder.endRow()
    return index
  }

  /// Takes a quoted cell and gives the offset behind its closing quote.
  private mutating func quotedCell(
    _ bytes: UnsafeBufferPointer<UInt8>,
    from opening: Int,
    column: Int
  ) -> Int? {
    var index = opening + 1
    var hasControl = false
    var hasDoubled = false
    while true {
      guard index < bytes.count else {
        report(.badQuote(true, file: layout.file, row: row, column: name(of: column)))
        return nil
      }
      let byte = bytes[index]
      if byte == 0x22 {
        guard index + 1 < bytes.count, bytes[index + 1] == 0x22 else { break }
        hasDoubled = true
        index += 1
      } else if byte < 0x20, kinds[Int(byte)] == .control {
        hasControl = true
      }
      index += 1
    }
    let content = UnsafeBufferPointer(rebasing: bytes[opening + 1..<index])
    if hasDoubled {
      var text = scratch
      text.removeAll(keepingCapacity: true)
      var place = 0
      while place < content.count {
        text.append(content[place])
        place += content[place] == 0x22 ? 2 : 1
      }
      text.withUnsafeBufferPointer { deliver($0, column: column, hasControl: hasControl) }
      scratch = text
    } else {
      deliver(content, column: column, hasControl: hasControl)
    }
    let next = index + 1
    if next < bytes.count, bytes[next] != layout.delimiter, bytes[next] != 0x0A, bytes[next] != 0x0D {
      report(.badQuote(false, file: layout.file, row: row, column: name(of: column)))
      return nil
    }
    return next
  }

  private mutating func deliver(
    _ cell: UnsafeBufferPointer<UInt8>,
    column: Int,
    hasControl: Bool
  ) {
    if hasControl || requiresCharacterCheck || cell.count > Limits.cellBytes {
      check(cell, column: column)
    }
    guard column < layout.targets.count else { return }
    let target = layout.targets[column]
    guard target >= 0 else { return }
    guard !builder.add(cell, to: target, missing: layout.missing) else { return }
    let value = String(decoding: cell.prefix(60), as: UTF8.self)
    if let tidied = tidiedNumber(cell) {
      builder.amend(target, with: tidied, missing: layout.missing)
      result.noteCount += 1
      if result.notes.count < InputRefusal.listedAtMost {
        result.notes.append(
          .numberTidied(value, to: tidied, file: layout.file, row: row, column: name(of: column))
        )
      }
      return
    }
    report(.notNumber(file: layout.file, row: row, column: name(of: column), value: value))
  }

  private mutating func check(_ cell: UnsafeBufferPointer<UInt8>, column: Int) {
    if cell.count > Limits.cellBytes {
      return report(.cellTooLong(file: layout.file, row: row, column: name(of: column)))
    }
    let text = String(decoding: cell, as: UTF8.self)
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x00...0x08, 0x0B, 0x0C, 0x0E...0x1F, 0xFFFD:
        return report(
          .badCharacter(scalar.value, in: text, file: layout.file, row: row, column: name(of: column))
        )
      default: continue
      }
    }
  }

  private mutating func reportRagged(cells: Int, isLast: Bool) {
    let expected = layout.header.count
    report(
      Finding(
        "row-ragged",
        file: layout.file,
        row: row,
        value: "\(cells)",
        message: LocalizedText(
          zh: "个单元格，表头有 \(expected) 列。",
          en: "cells in this row; the header has \(expected)."
        ),
        fix: isLast && cells < expected
          ? LocalizedText(
            zh: "若是末行，文件可能被截断；含分隔符的单元格须加引号。",
            en: "If it is the last row the file may be cut off; quote cells that hold the delimiter."
          )
          : LocalizedText(
            zh: "含分隔符的单元格须加引号。",
            en: "Quote cells that hold the delimiter."
          )
      )
    )
  }
}
