/// What a seed must hold: nobody can try 2^128 seeds.
let requiredSeedBits = 128.0

/// The bits of chance that can be counted in a text by its kind; any other text counts none.
///
/// Formula: digits × log₂(10) for decimal digits, digits × 4 for hex digits, throws × log₂(6) for
/// "dice 1 3 …". So 39, 32 and 50 are the least that reach 128. Source: draw protocol §1.
func countedBits(of text: String) -> Double {
  let bitsOfDecimalDigit = 3.321928094887362
  let bitsOfDie = 2.584962500721156
  let bytes = Array(text.utf8)
  if let throwsCount = countedDice(bytes) { return Double(throwsCount) * bitsOfDie }
  if bytes.allSatisfy(isDecimalDigit) { return Double(bytes.count) * bitsOfDecimalDigit }
  if bytes.allSatisfy(isHexDigit) { return Double(bytes.count) * 4 }
  return 0
}

private func countedDice(_ bytes: [UInt8]) -> Int? {
  let word = Array("dice".utf8)
  guard bytes.starts(with: word) else { return nil }
  let rest = bytes[word.count...]
  guard rest.first == UInt8(ascii: " ") else { return nil }
  let faces = rest.split(separator: UInt8(ascii: " "))
  for face in faces {
    guard face.count == 1, let digit = face.first, (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(digit)
    else { return nil }
  }
  return faces.count
}

private func isDecimalDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func isHexDigit(_ byte: UInt8) -> Bool {
  isDecimalDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
}
