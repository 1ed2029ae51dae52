import Glibc

/// The ids of a frame as bytes, one run of memory, compared as bytes and never as language text.
struct UnitIdentifiers: Sendable {
  private let bytes: [UInt8]
  private let ends: [Int]
  /// The first eight bytes of each id: most comparisons end there.
  private let heads: [UInt64]

  init(levels: [String], codes: [Int32]) {
    var builder = IdentifierBuilder(capacity: codes.count)
    for code in codes {
      if code < 0 {
        builder.append(UnsafeBufferPointer(start: nil, count: 0))
      } else {
        var level = levels[Int(code)]
        level.withUTF8 { builder.append($0) }
      }
    }
    self = builder.identifiers
  }

  fileprivate init(bytes: [UInt8], ends: [Int], heads: [UInt64]) {
    self.bytes = bytes
    self.ends = ends
    self.heads = heads
  }

  /// An id as text.
  func text(_ row: Int) -> String {
    let begin = row == 0 ? 0 : ends[row - 1]
    return String(decoding: bytes[begin..<ends[row]], as: UTF8.self)
  }

  var count: Int { ends.count }

  /// Gives an id's bytes to a function that must not keep them.
  func withBytes<Result>(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let begin = row == 0 ? 0 : ends[row - 1]
    return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[begin..<ends[row]])) }
  }

  /// The first eight bytes of an id, ordered as the bytes are.
  func head(_ row: Int) -> UInt64 { heads[row] }

  /// Whether one id stands before another in the order of bytes.
  func precedes(_ left: Int, _ right: Int) -> Bool {
    if heads[left] != heads[right] { return heads[left] < heads[right] }
    let leftBegin = left == 0 ? 0 : ends[left - 1]
    let rightBegin = right == 0 ? 0 : ends[right - 1]
    let leftCount = ends[left] - leftBegin
    let rightCount = ends[right] - rightBegin
    let order = bytes.withUnsafeBytes { buffer -> Int32 in
      guard let base = buffer.baseAddress else { return 0 }
      return memcmp(base + leftBegin, base + rightBegin, min(leftCount, rightCount))
    }
    return order == 0 ? leftCount < rightCount : order < 0
  }
}

/// Gathers ids one after the other.
struct IdentifierBuilder {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var heads: [UInt64] = []

  init(capacity: Int = 0, bytes byteCount: Int = 0) {
    bytes.reserveCapacity(byteCount)
    ends.reserveCapacity(capacity)
    heads.reserveCapacity(capacity)
  }

  mutating func append(_ id: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: id)
    ends.append(bytes.count)
    heads.append(leadingBytes(of: id))
  }

  /// Several ids in one run of bytes, each with the place behind it.
  mutating func append(bytes run: [UInt8], ends runEnds: [UInt32]) {
    let base = bytes.count
    bytes += run
    run.withUnsafeBufferPointer { run in
      var begin = 0
      for end in runEnds {
        ends.append(base + Int(end))
        heads.append(leadingBytes(of: UnsafeBufferPointer(rebasing: run[begin..<Int(end)])))
        begin = Int(end)
      }
    }
  }

  var identifiers: UnitIdentifiers { UnitIdentifiers(bytes: bytes, ends: ends, heads: heads) }
}

/// The first eight bytes as a number whose order is that of the bytes; zeros stand for what is not there.
@inlinable
package func leadingBytes(of id: UnsafeBufferPointer<UInt8>) -> UInt64 {
  let raw = UnsafeRawBufferPointer(id)
  let count = id.count
  if count >= 8 { return UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)) }
  if count >= 4 {
    let first = UInt64(UInt32(bigEndian: raw.loadUnaligned(as: UInt32.self)))
    let last = UInt64(UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)))
    return first &<< 32 | last &<< UInt64(8 &* (8 &- count))
  }
  var head: UInt64 = 0
  for byte in id { head = head &<< 8 | UInt64(byte) }
  return count == 0 ? 0 : head &<< UInt64(8 &* (8 &- count))
}

/// Whether one text stands before another in the order of UTF-8 bytes.
func precedesAsBytes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}

/// Whether two texts are the same bytes; `==` on strings would also accept canonical equivalents.
func sameBytes(_ left: String, _ right: String) -> Bool {
  left.utf8.elementsEqual(right.utf8)
}
