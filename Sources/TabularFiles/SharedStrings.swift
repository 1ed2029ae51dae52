internal import SurveyData

/// The texts that a workbook's cells refer to by number, packed into blocks.
///
/// Blocks, because one growing array would be copied, and for a moment held twice, at each doubling.
struct SharedStrings {
  private static let blockBytes = 4 << 20
  private var blocks: [[UInt8]] = []
  /// Block and start of each text in one number; the text ends where the next one of its block begins.
  private var places: [UInt64] = []
  private var bytes = 0

  var count: Int { places.count }

  /// Adds a text; false if all texts together are larger than may be held.
  mutating func append(_ text: [UInt8]) -> Bool {
    bytes += text.count + MemoryLayout<UInt64>.size
    guard bytes <= Limits.sharedTextBytes else { return false }
    if blocks.last.map({ $0.count + text.count > Self.blockBytes }) ?? true {
      blocks.append([])
      blocks[blocks.count - 1].reserveCapacity(max(Self.blockBytes, text.count))
    }
    let block = blocks.count - 1
    places.append(UInt64(block) << 32 | UInt64(blocks[block].count))
    blocks[block].append(contentsOf: text)
    return true
  }

  /// The bytes of a text; `nil` if there is none of this number.
  func bytes(at index: Int) -> ArraySlice<UInt8>? {
    guard places.indices.contains(index) else { return nil }
    let block = Int(places[index] >> 32)
    let start = Int(places[index] & 0xFFFF_FFFF)
    let isLast = index + 1 == places.count || Int(places[index + 1] >> 32) != block
    return blocks[block][start..<(isLast ? blocks[block].count : Int(places[index + 1] & 0xFFFF_FFFF))]
  }
}

/// Gathers one text of a workbook from its runs; what only tells the pronunciation is left out.
struct TextRuns {
  private(set) var bytes: [UInt8] = []
  private var isInText = false
  private var phoneticDepth = 0

  mutating func start(_ name: MarkupName) {
    if name == "rPh" { phoneticDepth += 1 }
    isInText = name == "t" && phoneticDepth == 0
  }

  mutating func text(_ piece: UnsafeBufferPointer<UInt8>) {
    // One byte more than allowed is enough to tell that it was too long.
    if isInText, bytes.count <= Limits.cellBytes { bytes.append(contentsOf: piece) }
  }

  mutating func end(_ name: MarkupName) {
    if name == "rPh" { phoneticDepth -= 1 }
    isInText = false
  }

  /// The whole text, its escapes undone; begins anew.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return unescaped(bytes)
  }
}

/// Undoes the escapes _xHHHH_ by which workbooks write characters that XML cannot hold.
///
/// Half a surrogate pair becomes U+FFFD, which is then refused like any broken character.
/// Source: ECMA-376 part 1, 22.9.2.19.
func unescaped(_ text: [UInt8]) -> [UInt8] {
  guard text.count >= 7, text.contains(0x5F) else { return text }
  var result: [UInt8] = []
  var index = 0
  while index < text.count {
    if text[index] == 0x5F, index + 6 < text.count, text[index + 1] == 0x78, text[index + 6] == 0x5F,
      text[index + 2..<index + 6].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: text[index + 2..<index + 6], as: UTF8.self), radix: 16)
    {
      result.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
      index += 7
    } else {
      result.append(text[index])
      index += 1
    }
  }
  return result
}

/// Reads the part that holds the shared texts.
final class SharedStringsReader: MarkupReader {
  private(set) var strings = SharedStrings()
  private var runs = TextRuns()
  private let part: String
  private let file: String

  init(part: String, file: String) {
    self.part = part
    self.file = file
  }

  override func start(_ name: MarkupName, _ attributes: MarkupAttributes) throws(InputRefusal) {
    runs.start(name)
  }

  override func text(_ bytes: UnsafeBufferPointer<UInt8>) { runs.text(bytes) }

  override func end(_ name: MarkupName) throws(InputRefusal) {
    runs.end(name)
    guard name == "si", !strings.append(runs.take()) else { return }
    throw InputRefusal(
      .archiveTooLarge(
        file,
        part: part,
        LocalizedText(zh: "文本总量过大", en: "its texts are too large to be held")
      )
    )
  }
}
