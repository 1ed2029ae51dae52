internal import CTextScan

/// What stands somewhere in some bytes of text.
struct TextMarks: OptionSet, Sendable {
  let rawValue: UInt32

  static let notASCII = TextMarks(rawValue: UInt32(MINGCHA_TEXT_NOT_ASCII))
  static let quote = TextMarks(rawValue: UInt32(MINGCHA_TEXT_QUOTE))
  static let carriageReturn = TextMarks(rawValue: UInt32(MINGCHA_TEXT_RETURN))
  /// A control character that is neither LF, CR nor TAB.
  static let control = TextMarks(rawValue: UInt32(MINGCHA_TEXT_CONTROL))
  /// The byte EF, with which U+FFFD begins, and other characters too.
  static let wide = TextMarks(rawValue: UInt32(MINGCHA_TEXT_EF))
  static let all: TextMarks = [.notASCII, .quote, .carriageReturn, .control, .wide]

  init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Of the bytes from a place on, up to a count where one is given.
  init(of bytes: [UInt8], from start: Int = 0, upTo end: Int? = nil) {
    rawValue = bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return mingcha_text_look(base + start, (end ?? buffer.count) - start).holds
    }
  }
}
