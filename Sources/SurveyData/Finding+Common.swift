extension Finding {
  /// The refusal for a cell that should hold a number and does not.
  package static func notNumber(
    file: String?, sheet: String? = nil, row: Int?, column: String?, value: String
  ) -> Finding {
    let fix: LocalizedText =
      switch numberHabit(in: value) {
      case .some(let plain):
        LocalizedText(zh: "若指 \(plain)，请直接写 \(plain)。", en: "If it means \(plain), write \(plain).")
      case .none:
        LocalizedText(
          zh: "请写成半角数字；缺失请留空或声明缺失代码。",
          en: "Write plain digits; leave a missing value empty or declare its code.")
      }
    return Finding(
      "number-text", file: file, sheet: sheet, row: row, column: column, value: value,
      message: LocalizedText(zh: "不是数字。", en: "is not a number."), fix: fix)
  }
}

/// What a number written the way people write it most likely means; never used as the value.
///
/// Knows thousands separators, full-width digits, 万 and 亿, and surrounding blanks.
private func numberHabit(in value: String) -> String? {
  var text = ""
  var factor = 1.0
  for scalar in value.unicodeScalars {
    switch scalar.value {
    case 0xFF01...0xFF5E:
      guard let narrow = Unicode.Scalar(scalar.value - 0xFEE0) else { return nil }
      if narrow != "," { text.unicodeScalars.append(narrow) }
    case 0x20, 0xA0, 0x3000, 0x2C: continue
    case 0x4E07: factor *= 1e4
    case 0x4EBF: factor *= 1e8
    default: text.unicodeScalars.append(scalar)
    }
  }
  guard text != value || factor != 1, let number = plainNumber(text) else { return nil }
  return shortest((number * factor * 1e6).rounded() / 1e6)
}
