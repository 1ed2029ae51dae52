/// Shows enough of an identity number to find it and not enough to use it: 150121****0017.
package func maskedIdentifier(_ value: String) -> String {
  let bytes = Array(value.utf8)
  guard bytes.count >= 15, bytes.filter({ (0x30...0x39).contains($0) }).count >= 14 else { return value }
  return String(decoding: bytes.prefix(6), as: UTF8.self) + "****"
    + String(decoding: bytes.suffix(4), as: UTF8.self)
}

/// Whether the 18th character of an identity number fits the first 17.
///
/// Formula: Σ digit × 2^(17−i) mod 11, looked up in 10X98765432. Source: GB 11643-1999, ISO 7064 MOD 11-2.
package func hasValidCheckCharacter(_ identity: String) -> Bool {
  let bytes = Array(identity.utf8)
  guard bytes.count == 18, bytes.prefix(17).allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
  let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  let sum = zip(bytes, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
  return Array("10X98765432".utf8)[sum % 11] == bytes[17]
}

/// A column of codes or identity numbers, cleaned, with each change and each fault listed.
///
/// Full-width letters and digits become half-width, blanks around a value go, wide blanks inside become
/// plain ones; each changed row is a note. Refused: invisible and direction marks, numbers that a
/// spreadsheet turned into powers of ten or cut to fifteen digits, and lengths other than expected.
/// - Parameters:
///   - column: read as text.
///   - table: names the file, sheet and first row in the findings.
///   - lengths: the lengths a value may have, such as 6, 9 and 12 for area codes; `nil` allows any.
/// - Returns: the cleaned column and the findings; with any refusal among them the column must not be used.
package func normalizedIdentifiers(
  _ column: Column,
  of table: Table,
  lengths: Set<Int>? = nil
) -> (column: Column, findings: [Finding]) {
  let text = column.codedText
  var levels = ByteLevels()
  var newCodes: [Int32] = []
  var verdicts: [IdentifierVerdict] = []
  for level in text.levels {
    let (clean, verdict) = IdentifierVerdict.judge(level, lengths: lengths)
    newCodes.append(clean.isEmpty ? -1 : levels.code(of: clean))
    verdicts.append(verdict)
  }
  let cut = cutIdentityNumbers(levels.texts, codes: text.codes, newCodes: newCodes)
  var findings: [Finding] = []
  var codes: [Int32] = []
  codes.reserveCapacity(text.codes.count)
  for (row, code) in text.codes.enumerated() {
    guard code >= 0 else {
      codes.append(-1)
      continue
    }
    let newCode = newCodes[Int(code)]
    codes.append(newCode)
    var verdict = verdicts[Int(code)]
    if newCode >= 0, cut.contains(newCode) { verdict = .cutDigits }
    if let finding = verdict.finding(
      value: text.levels[Int(code)],
      table: table,
      row: table.fileRow(of: row),
      column: column.name
    ) {
      findings.append(finding)
    }
  }
  return (Column(column.name, .text(CodedText(levels: levels.texts, codes: codes))), findings)
}

/// What becomes of one identifier on its own; ``normalizedIdentifiers(_:of:lengths:)`` judges a whole column.
package enum IdentifierReading: Sendable {
  case unchanged
  case changed(String)
  /// The column cannot be used.
  case refused
}

/// Reads one identifier as ``normalizedIdentifiers(_:of:lengths:)`` does.
package func readIdentifier(_ value: String) -> IdentifierReading {
  switch IdentifierVerdict.judge(value, lengths: nil) {
  case (_, .fine): .unchanged
  case (let clean, .changed): .changed(clean)
  default: .refused
  }
}

/// The note on an identifier that was changed at reading.
package func identifierChange(_ value: String, to clean: String, file: String, row: Int, column: String) -> Finding? {
  IdentifierVerdict.changed(clean).finding(
    value: value,
    table: Table(columns: [], file: file),
    row: row,
    column: column
  )
}

/// What a column's 18-digit values look like, whose last digits a spreadsheet may have cut.
package struct IdentityNumberCount: Sendable {
  private var eighteen = 0
  private var cut = 0

  package init() {}

  /// Counts a value of 18 bytes; others say nothing.
  package mutating func add(_ value: UnsafeBufferPointer<UInt8>) {
    guard value.count == 18, value.allSatisfy({ (0x30...0x39).contains($0) }) else { return }
    eighteen += 1
    guard value[15] == 0x30, value[16] == 0x30, value[17] == 0x30 else { return }
    if !hasValidCheckCharacter(String(decoding: value, as: UTF8.self)) { cut += 1 }
  }

  package mutating func add(_ other: IdentityNumberCount) {
    eighteen += other.eighteen
    cut += other.cut
  }

  /// More than one in twenty ends in 000, which chance does not explain.
  package var showsCutDigits: Bool { cut * 20 > eighteen }
}

/// The 18-digit values ending in 000 that a spreadsheet's fifteen digits explain and chance does not.
///
/// Chance gives one in a thousand, so more than one in twenty is damage; a fitting check character exempts.
private func cutIdentityNumbers(_ levels: [String], codes: [Int32], newCodes: [Int32]) -> Set<Int32> {
  var eighteen = 0
  var cut = Set<Int32>()
  for (code, level) in levels.enumerated()
  where level.utf8.count == 18 && level.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
    eighteen += 1
    if level.hasSuffix("000"), !hasValidCheckCharacter(level) { cut.insert(Int32(code)) }
  }
  return cut.count * 20 > eighteen ? cut : []
}

/// What is to be said of one distinct identifier.
private enum IdentifierVerdict {
  case fine
  case changed(String)
  case invisible(String)
  case scientific
  case cutDigits
  case length(Int, suggestion: String?, allowed: String)

  static func judge(_ level: String, lengths: Set<Int>?) -> (clean: String, verdict: Self) {
    var clean = String.UnicodeScalarView()
    for scalar in level.unicodeScalars {
      switch scalar.value {
      case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x2069, 0xFEFF, 0x061C, 0x00AD, 0x180E:
        return (level, .invisible("U+" + String(scalar.value, radix: 16, uppercase: true)))
      case 0xFF01...0xFF5E:
        if let narrow = Unicode.Scalar(scalar.value - 0xFEE0) { clean.append(narrow) }
      case 0x09, 0x20, 0xA0, 0x3000, 0x1680, 0x2000...0x200A, 0x202F, 0x205F:
        if !clean.isEmpty { clean.append(" ") }
      default: clean.append(scalar)
      }
    }
    while clean.last == " " { clean.removeLast() }
    let text = String(clean)
    if isScientific(text) { return (text, .scientific) }
    if let lengths, !text.isEmpty, !lengths.contains(text.unicodeScalars.count) {
      let missing = lengths.sorted().first { (1...2).contains($0 - text.utf8.count) }
      let isDigits = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      let suggestion = missing.map { String(repeating: "0", count: $0 - text.utf8.count) + text }
      return (
        text,
        .length(
          text.unicodeScalars.count,
          suggestion: isDigits ? suggestion : nil,
          allowed: lengths.sorted().map(String.init).joined(separator: "/")
        )
      )
    }
    return (text, text.utf8.elementsEqual(level.utf8) ? .fine : .changed(text))
  }

  /// 1.50E+17, 1.50121e17: digits, a point, and an exponent with a sign or beyond five.
  private static func isScientific(_ text: String) -> Bool {
    guard let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return false }
    let mantissa = text[..<mark]
    let exponent = text[text.index(after: mark)...]
    guard let first = mantissa.first, first.isASCII, first.isNumber, plainNumber(String(mantissa)) != nil,
      let size = Int(exponent)
    else { return false }
    return exponent.first == "+" || (mantissa.contains(".") && size > 5)
  }

  func finding(value: String, table: Table, row: Int, column: String) -> Finding? {
    let code: String
    var severity = Finding.Severity.refusal
    let message: LocalizedText
    let fix: LocalizedText
    let asText = LocalizedText(
      zh: "请在 Excel 中将该列设为文本后重新导出。",
      en: "Set the column to text in the spreadsheet and export again."
    )
    switch self {
    case .fine: return nil
    case .changed(let clean):
      code = "id-normalized"
      severity = .note
      message = LocalizedText(
        zh: "已规范为“\(maskedIdentifier(clean))”。",
        en: "was read as \"\(maskedIdentifier(clean))\"."
      )
      fix = LocalizedText(zh: "全角字符与首尾空白已处理。", en: "Full-width characters and outer blanks were mended.")
    case .invisible(let name):
      code = "id-invisible"
      message = LocalizedText(zh: "含有不可见字符 \(name)。", en: "holds the invisible character \(name).")
      fix = LocalizedText(zh: "请删去该字符后重新输入编号。", en: "Delete it and type the code again.")
    case .scientific:
      code = "id-scientific"
      message = LocalizedText(zh: "是科学计数法，丢失精度。", en: "is in scientific notation; digits are lost.")
      fix = asText
    case .cutDigits:
      code = "id-scientific"
      message = LocalizedText(
        zh: "末三位为 000，已被表格软件截去精度。",
        en: "ends in 000: a spreadsheet has cut it to fifteen digits."
      )
      fix = asText
    case .length(let count, let suggestion, let allowed):
      code = "id-length"
      message = LocalizedText(
        zh: "长度为 \(count)，应为 \(allowed) 位。",
        en: "has \(count) characters; \(allowed) expected."
      )
      fix = LocalizedText(
        zh: suggestion.map { "前导零可能丢失，是否为“\($0)”？" + asText.zh } ?? "请核对编号。",
        en: suggestion.map { "Leading zeros may be lost: \"\($0)\"? " + asText.en } ?? "Check the code."
      )
    }
    return Finding(
      code,
      severity: severity,
      file: table.file,
      sheet: table.sheet,
      row: row,
      column: column,
      value: maskedIdentifier(value),
      message: message,
      fix: fix
    )
  }
}
