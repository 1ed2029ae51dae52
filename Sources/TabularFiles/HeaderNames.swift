internal import SurveyData

/// The column names of a file, cleaned of outer blanks and checked.
struct HeaderNames {
  private(set) var names: [String] = []
  private(set) var notes: [Finding] = []
  private var findings: [Finding] = []

  init(_ cells: [String], row: Int, file: String, sheet: String? = nil) {
    if cells.count > Limits.columns {
      findings.append(
        Finding(
          "columns-too-many",
          file: file,
          sheet: sheet,
          row: row,
          value: "\(cells.count)",
          message: LocalizedText(
            zh: "列，超过上限 \(Limits.columns)。",
            en: "columns; at most \(Limits.columns) are read."
          ),
          fix: LocalizedText(zh: "请核对分隔符。", en: "Check the delimiter.")
        )
      )
      return
    }
    var firstColumn: [String: Int] = [:]
    for (index, cell) in cells.enumerated() {
      let name = Self.trimmed(cell)
      names.append(name)
      func finding(_ code: String, _ severity: Finding.Severity, _ message: LocalizedText, _ fix: LocalizedText)
        -> Finding
      {
        Finding(
          code,
          severity: severity,
          file: file,
          sheet: sheet,
          row: row,
          column: "#\(index + 1)",
          value: cell,
          message: message,
          fix: fix
        )
      }
      if name.isEmpty {
        findings.append(
          finding(
            "header-empty",
            .refusal,
            LocalizedText(zh: "列名为空。", en: "is an empty column name."),
            LocalizedText(zh: "请给该列命名或删去该列。", en: "Name the column or remove it.")
          )
        )
      } else if let earlier = firstColumn[name] {
        findings.append(
          finding(
            "header-duplicate",
            .refusal,
            LocalizedText(zh: "与第 \(earlier + 1) 列同名。", en: "is also the name of column \(earlier + 1)."),
            LocalizedText(zh: "请使列名互不相同。", en: "Give each column its own name.")
          )
        )
      } else if name.unicodeScalars.contains(where: Self.isForbidden) {
        findings.append(
          finding(
            "header-invisible",
            .refusal,
            LocalizedText(zh: "列名含有不可见或损坏的字符。", en: "holds an invisible or broken character."),
            LocalizedText(zh: "请重新输入列名。", en: "Type the name again.")
          )
        )
      } else if name != cell {
        notes.append(
          finding(
            "header-trimmed",
            .note,
            LocalizedText(zh: "列名首尾的空白已忽略。", en: "was read without its outer blanks."),
            LocalizedText("")
          )
        )
      }
      if firstColumn[name] == nil { firstColumn[name] = index }
    }
  }

  func checked() throws(InputRefusal) -> [String] {
    guard findings.isEmpty else { throw InputRefusal(listing: findings) }
    return names
  }

  private static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let inner = scalars.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    var view = String.UnicodeScalarView()
    view.append(contentsOf: inner)
    return String(view)
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0xA0 || scalar.value == 0x3000 || scalar.properties.isWhitespace
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x09, 0x0B, 0x0C, 0x0E...0x1F, 0x7F, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064,
      0x2066...0x2069, 0xFEFF, 0xFFFD:
      true
    default: false
    }
  }
}
