import Glibc

/// A number rounded to 12 significant digits, halves as the decimal printing of C does.
func toTwelveDigits(_ value: Double) -> Double {
  var text = [CChar](repeating: 0, count: 32)
  let length = withVaList([value]) { vsnprintf(&text, text.count, "%.11e", $0) }
  guard length > 0, Int(length) < text.count else { return value }
  return Double(String(decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)) ?? value
}
