internal import SurveyData

/// Reads a decimal number from bytes, exactly as ``plainNumber(_:)`` reads it from text.
///
/// Up to fifteen digits with a small power of ten are exact in one division or multiplication
/// (Clinger 1990, How to read floating point numbers accurately); everything else goes the long way.
func parseNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
  var index = 0
  let count = bytes.count
  var isNegative = false
  if index < count, bytes[index] == 0x2D || bytes[index] == 0x2B {
    isNegative = bytes[index] == 0x2D
    index += 1
  }
  var mantissa: UInt64 = 0
  var digits = 0
  var significant = 0
  var exponent = 0
  var isFraction = false
  while index < count {
    let byte = bytes[index]
    if byte &- 0x30 < 10 {
      digits += 1
      if significant > 0 || byte != 0x30 { significant += 1 }
      guard significant <= 15 else { return parseNumberSlowly(bytes) }
      mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30)
      if isFraction { exponent -= 1 }
    } else if byte == 0x2E, !isFraction {
      isFraction = true
    } else {
      return parseNumberSlowly(bytes)
    }
    index += 1
  }
  guard digits > 0, exponent >= -22 else { return parseNumberSlowly(bytes) }
  let value = exponent == 0 ? Double(mantissa) : Double(mantissa) / exactPowersOfTen[-exponent]
  return isNegative ? -value : value
}

private let exactPowersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
  1e19, 1e20, 1e21, 1e22,
]

@inline(never)
private func parseNumberSlowly(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
  bytes.count > 400 ? nil : plainNumber(String(decoding: bytes, as: UTF8.self))
}

/// A number typed in full-width characters or with blanks around it, as it reads without them.
///
/// - Parameter cell: what is no number as it stands.
/// - Returns: `nil` where more than that is wrong with it.
func tidiedNumber(_ cell: UnsafeBufferPointer<UInt8>) -> String? {
  guard cell.count <= 400 else { return nil }
  var tidied = ""
  for scalar in String(decoding: cell, as: UTF8.self).unicodeScalars {
    switch scalar.value {
    case 0xFF0B, 0xFF0D, 0xFF0E, 0xFF10...0xFF19, 0xFF25, 0xFF45:
      if let narrow = Unicode.Scalar(scalar.value - 0xFEE0) { tidied.unicodeScalars.append(narrow) }
    case 0x09, 0x20, 0xA0, 0x3000, 0x2000...0x200A, 0x202F, 0x205F:
      if !tidied.isEmpty { tidied.append(" ") }
    default: tidied.unicodeScalars.append(scalar)
    }
  }
  while tidied.last == " " { tidied.removeLast() }
  return plainNumber(tidied) == nil ? nil : tidied
}
