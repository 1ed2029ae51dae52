internal import Glibc

/// Makes UTF-8 of the texts of a file, each on its own, as the cells of a statistics file come.
///
/// A field of fixed width can end within a character; what is left of that one is dropped and counted.
final class CellDecoder {
  /// The charset as iconv knows it.
  let charset: String
  /// How many texts ended within a character.
  private(set) var cutTexts = 0
  private let descriptor: iconv_t?
  private var scratch: [UInt8] = []

  /// - Returns: `nil` where the system knows no such charset.
  init?(_ charset: String) {
    self.charset = charset
    guard charset != "UTF-8" else {
      descriptor = nil
      return
    }
    guard let opened = iconv_open("UTF-8", charset), opened != iconv_t(bitPattern: -1) else { return nil }
    descriptor = opened
  }

  deinit {
    if let descriptor { iconv_close(descriptor) }
  }

  /// Hands on the text in UTF-8; false where the bytes are none of this charset, and nothing was handed on.
  func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) -> Bool {
    guard bytes.contains(where: { $0 >= 0x80 }) else {
      body(bytes)
      return true
    }
    guard let descriptor else {
      let (valid, isCut) = Self.validPrefix(bytes)
      guard valid == bytes.count || isCut else { return false }
      if isCut { cutTexts += 1 }
      body(UnsafeBufferPointer(rebasing: bytes[..<valid]))
      return true
    }
    guard convert(bytes, descriptor) else { return false }
    scratch.withUnsafeBufferPointer(body)
    return true
  }

  /// A text of the dictionary, which stands in no cell: bytes that cannot be read become U+FFFD.
  func text(_ bytes: [UInt8]) -> String {
    var result = String(decoding: bytes, as: UTF8.self)
    bytes.withUnsafeBufferPointer { buffer in
      _ = decode(buffer) { result = String(decoding: $0, as: UTF8.self) }
    }
    return result
  }

  private func convert(_ bytes: UnsafeBufferPointer<UInt8>, _ descriptor: iconv_t) -> Bool {
    // No charset takes more than three bytes of UTF-8 for one of its own.
    scratch = [UInt8](repeating: 0, count: bytes.count * 3 + 8)
    iconv(descriptor, nil, nil, nil, nil)
    var isSound = true
    let room = scratch.count
    var left = room
    scratch.withUnsafeMutableBytes { output in
      // iconv takes its input by a pointer that may be written through, and does not.
      var source = UnsafeMutablePointer(
        mutating: UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      )
      var count = bytes.count
      var target = output.baseAddress?.assumingMemoryBound(to: CChar.self)
      let replaced = iconv(descriptor, &source, &count, &target, &left)
      if replaced == -1 {
        if errno == EINVAL { cutTexts += 1 } else { isSound = false }
      } else if replaced > 0 {
        isSound = false
      }
    }
    scratch.removeLast(left)
    return isSound
  }

  /// How much is valid UTF-8, and whether all that follows is the begin of one character.
  static func validPrefix(_ bytes: UnsafeBufferPointer<UInt8>) -> (valid: Int, isCut: Bool) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return (bytes.count, false)
    } catch {
      let start = error.byteOffsets.lowerBound
      return (start, error.kind == .truncatedScalar && error.byteOffsets.upperBound == bytes.count)
    }
  }
}
