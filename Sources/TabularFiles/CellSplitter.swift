internal import CTextScan
internal import Glibc
internal import SurveyData

/// Finds the cells of a block of records, sixteen bytes at a time.
///
/// Only blocks in which nothing is out of the ordinary are split; everything else is left to ``CSVParser``,
/// which says what is wrong. Ordinary are: the same number of cells in every record, one kind of line end,
/// quotes around whole cells and none within, no control characters, no U+FFFD.
struct CellSplitter {
  /// The block with its cells found; `nil` where the parser has to look.
  static func split(_ block: RecordBlock, delimiter: UInt8, columnCount: Int) -> CellBlock? {
    guard !block.isTorn, let offset = block.fileOffset, block.count <= Int(UInt32.max) / 2 else { return nil }
    var bytes = block.bytes
    var count = block.count
    if block.isUnterminated || (count > 0 && bytes[count - 1] != 0x0A) {
      guard count > 0, bytes[count - 1] != 0x0D else { return nil }
      bytes = Array(bytes[..<count])
      bytes += bytes.contains(0x0D) ? [0x0D, 0x0A] : [0x0A]
      count = bytes.count
    }
    var marks = block.marks
    if !marks.isDisjoint(with: [.quote, .carriageReturn, .control, .wide]) {
      marks = TextMarks(of: bytes, upTo: count)
    }
    if marks.contains(.control) || marks.contains(.wide) && holdsReplacement(bytes, count) { return nil }
    let hasReturns = marks.contains(.carriageReturn)
    let hasQuotes = marks.contains(.quote)
    let ends = places(bytes, count, delimiter, hasQuotes: hasQuotes)
    guard ends.count == block.records * columnCount,
      isRegular(bytes, ends, columnCount, hasQuotes: hasQuotes, hasReturns: hasReturns)
    else { return nil }
    return CellBlock(
      bytes: bytes,
      firstRow: block.firstRow,
      rowCount: ends.count / columnCount,
      columnCount: columnCount,
      fileOffset: offset,
      ends: ends,
      hasQuotes: hasQuotes,
      hasReturns: hasReturns
    )
  }

  /// Whether U+FFFD stands in the text.
  private static func holdsReplacement(_ bytes: [UInt8], _ count: Int) -> Bool {
    bytes.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return false }
      var place = 0
      while let found = memchr(base + place, 0xEF, count - place) {
        place = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        if place + 2 < count, text[place + 1] == 0xBF, text[place + 2] == 0xBD { return true }
        place += 1
      }
      return false
    }
  }

  /// The delimiters and line feeds outside quotes.
  private static func places(_ bytes: [UInt8], _ count: Int, _ delimiter: UInt8, hasQuotes: Bool) -> [UInt32] {
    bytes.withUnsafeBufferPointer { bytes in
      [UInt32](unsafeUninitializedCapacity: count) { places, used in
        guard let text = bytes.baseAddress, let first = places.baseAddress else { return }
        used = mingcha_text_ends(text, count, delimiter, hasQuotes ? 1 : 0, first)
      }
    }
  }

  /// Whether each record ends where its last cell does, and quotes stand around whole cells only.
  ///
  /// There are as many line ends as records: where each record's last place is one, all others are delimiters.
  private static func isRegular(
    _ bytes: [UInt8],
    _ ends: [UInt32],
    _ columnCount: Int,
    hasQuotes: Bool,
    hasReturns: Bool
  ) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      ends.withUnsafeBufferPointer { ends in
        var start = 0
        var place = columnCount &- 1
        while place < ends.count {
          let end = Int(ends[place])
          if bytes[end] != 0x0A { return false }
          if hasReturns, end == start || bytes[end - 1] != 0x0D { return false }
          let length = end &- start &- (hasReturns ? 1 : 0)
          // A record of nothing but delimiters is a blank row, which only the parser knows how to place.
          if length < columnCount || length > Limits.cellBytes { return false }
          if hasQuotes {
            var begin = start
            for column in place &- columnCount &+ 1...place {
              let behind = column == place ? start &+ length : Int(ends[column])
              if !quotesFit(bytes, begin, behind) { return false }
              begin = Int(ends[column]) &+ 1
            }
          }
          start = end &+ 1
          place &+= columnCount
        }
        return true
      }
    }
  }

  /// Whether a cell has no quote at all, or one at each end and none within.
  private static func quotesFit(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard start < end, let base = bytes.baseAddress else { return true }
    let isQuoted = bytes[start] == 0x22
    if isQuoted, end - start < 2 || bytes[end - 1] != 0x22 { return false }
    let from = isQuoted ? start + 1 : start
    let to = isQuoted ? end - 1 : end
    return from >= to || memchr(base + from, 0x22, to - from) == nil
  }
}
