internal import Glibc
internal import SurveyData

/// Finds the cells of a block of records, eight bytes at a time.
///
/// Only blocks in which nothing is out of the ordinary are split; everything else is left to ``CSVParser``,
/// which says what is wrong. Ordinary are: the same number of cells in every record, one kind of line end,
/// quotes around whole cells and none within, no control characters, no U+FFFD.
struct CellSplitter {
  private static let low: UInt64 = 0x0101_0101_0101_0101
  private static let high: UInt64 = 0x8080_8080_8080_8080
  private static let sevens: UInt64 = 0x7F7F_7F7F_7F7F_7F7F

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
    let (isOrdinary, hasReturns, hasQuotes) = bytes.withUnsafeBufferPointer { buffer -> (Bool, Bool, Bool) in
      guard let start = buffer.baseAddress else { return (true, false, false) }
      return (
        holdsOrdinaryBytes(start, count), memchr(start, 0x0D, count) != nil, memchr(start, 0x22, count) != nil
      )
    }
    guard isOrdinary else { return nil }
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

  /// Whether neither a control character nor U+FFFD (EF BF BD) stands in the text; CR, LF and TAB are ordinary.
  private static func holdsOrdinaryBytes(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    let raw = UnsafeRawPointer(bytes)
    let space = SIMD64<UInt8>(repeating: 0x20)
    let feed = SIMD64<UInt8>(repeating: 0x0A)
    let back = SIMD64<UInt8>(repeating: 0x0D)
    let tab = SIMD64<UInt8>(repeating: 0x09)
    let wide = SIMD64<UInt8>(repeating: 0xEF)
    var index = 0
    while index &+ 64 <= count {
      let lanes = raw.loadUnaligned(fromByteOffset: index, as: SIMD64<UInt8>.self)
      let isControl = (lanes .< space) .& (lanes .!= feed) .& (lanes .!= back) .& (lanes .!= tab)
      let isOdd = isControl .| (lanes .== wide)
      if any(isOdd), !areOrdinary(bytes, index, index + 64, count) { return false }
      index &+= 64
    }
    return areOrdinary(bytes, index, count, count)
  }

  private static func areOrdinary(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ count: Int) -> Bool {
    for place in start..<end {
      let byte = bytes[place]
      if byte < 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return false }
      if byte == 0xEF, place + 2 < count, bytes[place + 1] == 0xBF, bytes[place + 2] == 0xBD { return false }
    }
    return true
  }

  /// The delimiters and line feeds outside quotes.
  private static func places(_ bytes: [UInt8], _ count: Int, _ delimiter: UInt8, hasQuotes: Bool) -> [UInt32] {
    bytes.withUnsafeBytes { raw in
      [UInt32](unsafeUninitializedCapacity: count) { places, used in
        let delimiters = low &* UInt64(delimiter)
        let feeds = low &* 0x0A
        var isQuoted: UInt64 = 0
        var index = 0
        while index < count {
          let length = min(64, count - index)
          var ends: UInt64 = 0
          var marks: UInt64 = 0
          var word = 0
          while word < length {
            let value = Self.word(raw, index &+ word, length &- word)
            ends |= packed(zeros(value ^ delimiters) | zeros(value ^ feeds)) &<< UInt64(word)
            if hasQuotes { marks |= packed(zeros(value ^ (low &* 0x22))) &<< UInt64(word) }
            word &+= 8
          }
          if hasQuotes {
            var within = marks
            for shift in [1, 2, 4, 8, 16, 32] as [UInt64] { within ^= within &<< shift }
            within ^= isQuoted
            isQuoted = UInt64(bitPattern: Int64(bitPattern: within) &>> 63)
            ends &= ~within
          }
          while ends != 0 {
            places[used] = UInt32(truncatingIfNeeded: index &+ ends.trailingZeroBitCount)
            used &+= 1
            ends &= ends &- 1
          }
          index &+= 64
        }
      }
    }
  }

  /// Eight bytes, fewer at the end of the text; the first stands lowest.
  private static func word(_ raw: UnsafeRawBufferPointer, _ place: Int, _ length: Int) -> UInt64 {
    if length >= 8 { return UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)) }
    // A space is nothing in particular.
    var value: UInt64 = low &* 0x20
    for offset in 0..<length {
      value &= ~(0xFF &<< UInt64(8 * offset))
      value |= UInt64(raw[place + offset]) &<< UInt64(8 * offset)
    }
    return value
  }

  /// The top bit of each byte that is zero.
  private static func zeros(_ value: UInt64) -> UInt64 {
    ~(((value & sevens) &+ sevens) | value | sevens)
  }

  /// The eight top bits side by side.
  private static func packed(_ tops: UInt64) -> UInt64 {
    ((tops &>> 7) &* 0x0102_0408_1020_4080) &>> 56
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
