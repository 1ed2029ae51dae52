/// The distinct byte strings of a text column, each with its code, found without making a String a cell.
///
/// Open addressing over packed keys: up to seven bytes are their own key, longer ones a hash that is
/// confirmed by comparing the bytes.
package struct ByteLevels: Sendable {
  private var arena: [UInt8] = []
  private var starts: [Int] = [0]
  private var keys: [UInt64] = []
  private var slots: [Int32]
  private var shift: UInt64

  package init() {
    slots = [Int32](repeating: -1, count: 64)
    shift = 58
  }

  package var count: Int { keys.count }

  /// The code of the bytes, a new one if they were not met before.
  ///
  /// Complexity: O(length), amortised.
  package mutating func code(of bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    let key = Self.key(of: bytes)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    while true {
      let code = slots[slot]
      if code < 0 { break }
      if keys[Int(code)] == key, bytes.count < 8 || holds(code, bytes) { return code }
      slot = (slot &+ 1) & mask
    }
    let code = Int32(keys.count)
    slots[slot] = code
    keys.append(key)
    arena.append(contentsOf: bytes)
    starts.append(arena.count)
    if keys.count * 2 > slots.count { grow() }
    return code
  }

  /// The code of a text, a new one if it was not met before.
  package mutating func code(of text: String) -> Int32 {
    var text = text
    return text.withUTF8 { code(of: $0) }
  }

  /// Whether the code stands for exactly these bytes.
  package func holds(_ code: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = starts[Int(code)]
    guard starts[Int(code) + 1] - start == bytes.count else { return false }
    return arena.withUnsafeBufferPointer { arena in
      for index in 0..<bytes.count where arena[start + index] != bytes[index] { return false }
      return true
    }
  }

  /// The text of a code.
  package func text(_ code: Int32) -> String {
    arena.withUnsafeBufferPointer { arena in
      let bytes = UnsafeBufferPointer(rebasing: arena[starts[Int(code)]..<starts[Int(code) + 1]])
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// The levels as text, in the order of their codes.
  package var texts: [String] {
    arena.withUnsafeBufferPointer { arena in
      (0..<keys.count).map { code in
        String(decoding: UnsafeBufferPointer(rebasing: arena[starts[code]..<starts[code + 1]]), as: UTF8.self)
      }
    }
  }

  /// Short strings are packed with their length, so that equal keys mean equal bytes.
  private static func key(of bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let count = bytes.count
    if count < 8 {
      var key = UInt64(count)
      for index in 0..<count { key = key &<< 8 | UInt64(bytes[index]) }
      return key
    }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(count)
    var index = 0
    let raw = UnsafeRawBufferPointer(bytes)
    while index + 8 <= count {
      hash = (hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* 0x9FB2_1C65_1E98_DF25
      hash ^= hash &>> 32
      index += 8
    }
    if index < count {
      hash = (hash ^ raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)) &* 0x9FB2_1C65_1E98_DF25
      hash ^= hash &>> 32
    }
    return hash | 0xF000_0000_0000_0000
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    shift -= 1
    let mask = slots.count - 1
    for (code, key) in keys.enumerated() {
      var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
      while slots[slot] >= 0 { slot = (slot &+ 1) & mask }
      slots[slot] = Int32(code)
    }
  }
}
