/// Whether an id needs no second look: printable ASCII without blanks, and no number in scientific notation.
///
/// Such an id is in NFC, holds no control character, and reading changes nothing in it.
func isPlainIdentifier(_ id: UnsafeBufferPointer<UInt8>) -> Bool {
  let count = id.count
  if count == 0 { return false }
  let raw = UnsafeRawBufferPointer(id)
  if count < 8 {
    var word: UInt64 = 0
    if count >= 4 {
      word = UInt64(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
      let tail = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)))
      word |= tail &<< UInt64(8 &* (count &- 4))
    } else {
      for offset in 0..<count { word |= UInt64(raw[offset]) &<< UInt64(8 &* offset) }
    }
    // What lies beyond the id is made an ordinary digit.
    return isPlain(word | (0x3030_3030_3030_3030 as UInt64) &<< UInt64(8 &* count)) || mayBePlain(id)
  }
  var offset = 0
  var isWhole = true
  while offset &+ 8 <= count {
    isWhole = isWhole && isPlain(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
    offset &+= 8
  }
  isWhole =
    isWhole && isPlain(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)))
  return isWhole || mayBePlain(id)
}

private let ones: UInt64 = 0x0101_0101_0101_0101
private let tops: UInt64 = 0x8080_8080_8080_8080

/// Whether all eight bytes are in 0x21…0x7E and none is e or E.
private func isPlain(_ word: UInt64) -> Bool {
  let belowBang = (word &- ones &* 0x21) & ~word
  let delete = word ^ (ones &* 0x7F)
  let letter = (word | ones &* 0x20) ^ (ones &* 0x65)
  return (word | belowBang | ((delete &- ones) & ~delete) | ((letter &- ones) & ~letter)) & tops == 0
}

/// The slow form: an e is harmless unless digits, a point and an exponent make a number of the whole.
private func mayBePlain(_ id: UnsafeBufferPointer<UInt8>) -> Bool {
  var couldBeNumber = true
  for byte in id {
    guard byte > 0x20, byte < 0x7F else { return false }
    switch byte {
    case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "e"), UInt8(ascii: "E"):
      continue
    default: couldBeNumber = false
    }
  }
  return !couldBeNumber
}
