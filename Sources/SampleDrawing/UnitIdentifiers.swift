import Glibc

/// The ids of a frame as bytes, one run of memory, compared as bytes and never as language text.
struct UnitIdentifiers: Sendable {
  private let bytes: [UInt8]
  private let ends: [Int]
  /// The first eight bytes of each id: most comparisons end there.
  private let heads: [UInt64]

  init(levels: [String], codes: [Int32]) {
    var bytes = [UInt8]()
    var ends = [Int]()
    var heads = [UInt64]()
    ends.reserveCapacity(codes.count)
    heads.reserveCapacity(codes.count)
    for code in codes {
      let begin = bytes.count
      if code >= 0 { bytes.append(contentsOf: levels[Int(code)].utf8) }
      var head: UInt64 = 0
      let length = min(8, bytes.count - begin)
      for offset in 0..<length { head = head << 8 | UInt64(bytes[begin + offset]) }
      if length < 8 { head <<= UInt64(8 * (8 - length)) }
      heads.append(head)
      ends.append(bytes.count)
    }
    self.bytes = bytes
    self.ends = ends
    self.heads = heads
  }

  var count: Int { ends.count }

  func ticket(_ row: Int, key: DrawKey) -> Digest {
    let begin = row == 0 ? 0 : ends[row - 1]
    return bytes.withUnsafeBytes { key.ticket(UnsafeRawBufferPointer(rebasing: $0[begin..<ends[row]])) }
  }

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

/// Whether one text stands before another in the order of UTF-8 bytes.
func precedesAsBytes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}

/// Whether two texts are the same bytes; `==` on strings would also accept canonical equivalents.
func sameBytes(_ left: String, _ right: String) -> Bool {
  left.utf8.elementsEqual(right.utf8)
}
