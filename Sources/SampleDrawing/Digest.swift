import CCrypto

/// A SHA-256 digest, ordered as its bytes are (the order of its lower-case hex text).
package struct Digest: Sendable, Hashable, Comparable {
  /// The first eight bytes as a big-endian number: the first 16 hex digits.
  package let head: UInt64
  private let second: UInt64
  private let third: UInt64
  private let fourth: UInt64

  init(head: UInt64, second: UInt64, third: UInt64, fourth: UInt64) {
    self.head = head
    self.second = second
    self.third = third
    self.fourth = fourth
  }

  /// The digest of some bytes.
  package init(of bytes: [UInt8]) {
    var stream = DigestStream()
    stream.update(bytes)
    self = stream.finished
  }

  /// The digest of a text's UTF-8 bytes.
  package init(of text: String) {
    var stream = DigestStream()
    stream.update(text)
    self = stream.finished
  }

  /// The order of the bytes, and so of the hex text.
  package static func < (left: Digest, right: Digest) -> Bool {
    if left.head != right.head { return left.head < right.head }
    if left.second != right.second { return left.second < right.second }
    if left.third != right.third { return left.third < right.third }
    return left.fourth < right.fourth
  }

  /// The 32 bytes.
  package var bytes: [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(32)
    for word in [head, second, third, fourth] {
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return bytes
  }

  /// Lower-case hex, 64 characters.
  package var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var text = [UInt8]()
    text.reserveCapacity(64)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The same digest with another first word: rotation moves it, the rest breaks ties.
  func replacingHead(_ head: UInt64) -> Digest {
    Digest(head: head, second: second, third: third, fourth: fourth)
  }
}

/// SHA-256 over bytes that arrive piece by piece; a copy carries on from the same state.
package struct DigestStream: Sendable {
  private var state: SHA256_CTX

  /// The state before any byte.
  package init() {
    state = SHA256_CTX()
    _ = SHA256_Init(&state)
  }

  /// The eight words between blocks.
  var chainingState: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) { state.h }

  /// Takes in bytes that stand somewhere in memory.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    _ = SHA256_Update(&state, bytes.baseAddress, bytes.count)
  }

  /// Takes in bytes.
  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Takes in a text's UTF-8 bytes.
  package mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  /// The digest of everything so far; more may follow.
  package var finished: Digest {
    var end = state
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &words) { buffer in
      _ = SHA256_Final(buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), &end)
    }
    return Digest(
      head: UInt64(bigEndian: words.0),
      second: UInt64(bigEndian: words.1),
      third: UInt64(bigEndian: words.2),
      fourth: UInt64(bigEndian: words.3)
    )
  }
}
