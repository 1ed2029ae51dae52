internal import CTextScan
internal import SurveyData

/// Whole records of a text file, to be parsed by anyone.
struct RecordBlock {
  var bytes: [UInt8]
  /// How many of the bytes belong to the block.
  var count: Int
  /// The file row of the first record.
  var firstRow: Int
  /// Where in the file the block begins; `nil` where the text was converted from another encoding.
  var fileOffset: Int?
  var records: Int
  /// Ends within a record that is longer than any may be.
  var isTorn = false
  /// The file's last record has no line end.
  var isUnterminated = false
  /// What stands in the block, and perhaps in some bytes behind it.
  var marks = TextMarks.all

  /// The same records without blank ones at the end.
  func withoutBlankEnd(delimiter: UInt8) -> RecordBlock {
    var block = self
    while block.count > 0 {
      var begin = block.count
      if bytes[begin - 1] == 0x0A { begin -= 1 }
      if begin > 0, bytes[begin - 1] == 0x0D { begin -= 1 }
      while begin > 0, bytes[begin - 1] == delimiter { begin -= 1 }
      guard begin < block.count, begin == 0 || bytes[begin - 1] == 0x0A || bytes[begin - 1] == 0x0D else { break }
      block.count = begin
      block.isUnterminated = false
    }
    return block
  }
}

/// Cuts a text into blocks at record ends, never within quotes, counting rows on the way.
struct RecordCutter {
  private(set) var notes: [Finding] = []
  private(set) var lineEnds = LineEnds()
  private var text: DecodedText
  private let file: String
  private let blockSize: Int
  private var row = 1
  private var validated = 0
  private var isFinished = false
  private var isAtEnd = false

  init(_ text: DecodedText, file: InputFile, blockSize: Int) throws(InputRefusal) {
    self.text = text
    self.file = file.name
    self.blockSize = blockSize
    notes = text.notes
    try fill(to: Limits.headBytes)
  }

  /// What is read ahead but not yet cut.
  var pending: [UInt8] { text.pending }

  /// Everything that is left was read ahead.
  var holdsEnd: Bool { isAtEnd }

  /// Where in the file the bytes not yet cut begin; `nil` where the text was converted.
  var fileOffset: Int? { text.validation.isTrusted ? nil : text.validation.offset }

  /// Drops bytes from the front that hold the given number of records.
  mutating func skip(bytes: Int, records: Int) {
    consume(bytes)
    row += records
  }

  /// Reads ahead until so many bytes are held or the end is reached.
  mutating func fill(to count: Int) throws(InputRefusal) {
    while !isAtEnd, text.pending.count < count {
      text.pending = try text.source.extend(text.pending, to: count)
      isAtEnd = text.pending.count < count
      try validate()
    }
  }

  /// The next block; `nil` after the last one.
  mutating func next() throws(InputRefusal) -> RecordBlock? {
    guard !isFinished else { return nil }
    var size = blockSize
    while true {
      try fill(to: size + 1)
      if isAtEnd, text.pending.count <= size {
        isFinished = true
        guard !text.pending.isEmpty else { return nil }
        return cut(at: text.pending.count, isEnd: true)
      }
      let scan = RecordScan(text.pending, count: size)
      if scan.end > 0 { return cut(at: scan.end, scan: scan) }
      guard size < Limits.recordBytes else {
        isFinished = true
        var block = cut(at: size, isEnd: true)
        block.isTorn = true
        return block
      }
      size *= 2
    }
  }

  private mutating func cut(at end: Int, scan given: RecordScan? = nil, isEnd: Bool = false) -> RecordBlock {
    let scan = given ?? RecordScan(text.pending, count: end)
    lineEnds.add(scan.lineEnds)
    if isEnd, scan.endsWithReturn { lineEnds.returns += 1 }
    let isOpen = isEnd && scan.end < end
    let block = RecordBlock(
      bytes: text.pending,
      count: end,
      firstRow: row,
      fileOffset: fileOffset,
      records: scan.records + (isOpen ? 1 : 0),
      isUnterminated: isOpen && !scan.endsWithReturn,
      marks: scan.marks
    )
    row += block.records
    consume(end)
    return block
  }

  private mutating func consume(_ count: Int) {
    text.pending = Array(text.pending[count...])
    text.validation.offset += count
    validated = max(0, validated - count)
  }

  /// Checks the bytes not yet checked; a text that was plain ASCII so far may turn out to be GB18030.
  private mutating func validate() throws(InputRefusal) {
    guard !text.validation.isTrusted else { return }
    if TextMarks(of: text.pending, from: validated).isDisjoint(with: .notASCII) {
      validated = text.pending.count
      return
    }
    let fresh = validated == 0 ? text.pending : Array(text.pending[validated...])
    let (valid, isBroken) = text.validation.validPrefix(fresh, isEnd: isAtEnd)
    let seen = MixedEncoding.Seen(bytes: text.validation.offset, rows: row - 1)
    if isBroken {
      let place = validated + valid
      guard text.validation.mayBeGB18030 else {
        if isAtEnd, text.pending.count - place < 4 {
          throw InputRefusal(TextDecoding.undecodable(text.pending, at: place, text.validation))
        }
        throw MixedEncoding.refusal(text.pending, brokenAt: place, seenBefore: seen, file: file)
      }
      let all = text.pending + (try text.source.takeAll())
      text = try TextDecoding.chinese(all, seenBefore: seen, file: file)
      notes += text.notes
      isAtEnd = false
      validated = 0
      return
    }
    if text.validation.mayBeGB18030, fresh.contains(where: { $0 >= 0x80 }) {
      text.validation.mayBeGB18030 = false
    }
    validated += valid
  }
}

/// How many records end in which way.
struct LineEnds {
  var lineFeeds = 0
  var returns = 0
  var pairs = 0

  mutating func add(_ other: LineEnds) {
    lineFeeds += other.lineFeeds
    returns += other.returns
    pairs += other.pairs
  }
}

/// The record ends within some bytes that begin with a record.
struct RecordScan {
  /// Behind the last record end; 0 if there is none.
  private(set) var end = 0
  private(set) var records = 0
  private(set) var lineEnds = LineEnds()
  /// The last byte is a CR outside quotes, left open because LF may follow it.
  private(set) var endsWithReturn = false
  private(set) var marks: TextMarks = []

  init(_ bytes: [UInt8], count: Int) {
    bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      let facts = mingcha_text_look(start, count)
      marks = TextMarks(rawValue: facts.holds)
      if marks.isDisjoint(with: [.quote, .carriageReturn]) {
        lineEnds.lineFeeds = facts.feeds
        records = facts.feeds
        end = facts.end
      } else {
        scanQuoted(start, count)
      }
    }
  }

  private mutating func scanQuoted(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
    var isQuoted = false
    var index = 0
    while index < count {
      let byte = bytes[index]
      index += 1
      if byte > 0x22 { continue }
      if byte == 0x22 {
        isQuoted.toggle()
      } else if byte == 0x0A, !isQuoted {
        lineEnds.lineFeeds += 1
        records += 1
        end = index
      } else if byte == 0x0D, !isQuoted {
        guard index < count else {
          endsWithReturn = true
          return
        }
        if bytes[index] == 0x0A {
          lineEnds.pairs += 1
          index += 1
        } else {
          lineEnds.returns += 1
        }
        records += 1
        end = index
      }
    }
  }
}
