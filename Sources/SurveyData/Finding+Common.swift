extension Finding {
  /// The refusal for a cell that should hold a number and does not.
  package static func notNumber(
    file: String?,
    sheet: String? = nil,
    row: Int?,
    column: String?,
    value: String
  ) -> Finding {
    let shown = messageValue(value, column: column)
    let fix: LocalizedText =
      switch shown == value ? numberHabit(in: value) : nil {
      case .some(let plain):
        LocalizedText(zh: "若指 \(plain)，请直接写 \(plain)。", en: "If it means \(plain), write \(plain).")
      case .none:
        LocalizedText(
          zh: "请写成半角数字；缺失请留空或声明缺失代码。",
          en: "Write plain digits; leave a missing value empty or declare its code."
        )
      }
    return Finding(
      "number-text",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      value: shown,
      message: LocalizedText(zh: "不是数字。", en: "is not a number."),
      fix: fix
    )
  }
}

/// What a number written the way people write it most likely means; never used as the value.
///
/// Knows thousands separators, a decimal comma, full-width digits, 万 and 亿, and surrounding blanks.
private func numberHabit(in value: String) -> String? {
  var text = ""
  var factor = 1.0
  for scalar in value.unicodeScalars {
    switch scalar.value {
    case 0xFF01...0xFF5E:
      guard let narrow = Unicode.Scalar(scalar.value - 0xFEE0) else { return nil }
      text.unicodeScalars.append(narrow)
    case 0x20, 0xA0, 0x3000: continue
    case 0x4E07: factor *= 1e4
    case 0x4EBF: factor *= 1e8
    default: text.unicodeScalars.append(scalar)
    }
  }
  let groups = text.split(separator: ",", omittingEmptySubsequences: false)
  if groups.count > 1 {
    let areThousands = groups.dropFirst().allSatisfy { $0.prefix { $0 != "." }.count == 3 }
    guard areThousands || (groups.count == 2 && !text.contains(".")) else { return nil }
    text = groups.joined(separator: areThousands ? "" : ".")
  }
  guard text != value || factor != 1, let number = plainNumber(text) else { return nil }
  return shortest((number * factor * 1e6).rounded() / 1e6)
}

extension InputRefusal {
  /// A refusal that lists the first findings in row order and counts the rest.
  ///
  /// - Parameters:
  ///   - findings: some of the findings, at least the first ``listedAtMost``.
  ///   - total: how many there are in all.
  package init(listing findings: [Finding], total: Int? = nil) {
    let all = total ?? findings.count
    let sorted = findings.enumerated().sorted {
      ($0.element.row ?? 0, $0.offset) < ($1.element.row ?? 0, $1.offset)
    }.map(\.element)
    let listed = Array(sorted.prefix(Self.listedAtMost))
    self.init(listed)
    guard all > listed.count else { return }
    self.findings.append(
      Finding(
        "more",
        file: listed.first?.file,
        message: LocalizedText(zh: "另有 \(all - listed.count) 处问题。", en: "has \(all - listed.count) more problems."),
        fix: LocalizedText(zh: "改正以上各处后再试。", en: "Mend those above, then try again.")
      )
    )
  }
}
