internal import SurveyData

extension Finding {
  static func badQuote(_ isUnclosed: Bool, file: String, row: Int, column: String? = nil) -> Finding {
    isUnclosed
      ? Finding(
        "csv-quote-unclosed",
        file: file,
        row: row,
        column: column,
        message: LocalizedText(
          zh: "从这一行开始的引号没有闭合。",
          en: "a quote opened in this row is never closed."
        ),
        fix: LocalizedText(
          zh: "请补上引号；单元格中的引号须写成两个。",
          en: "Close it; a quote within a cell is written twice."
        )
      )
      : Finding(
        "csv-quote",
        file: file,
        row: row,
        column: column,
        message: LocalizedText(
          zh: "引号位于单元格中间。",
          en: "a quote stands in the middle of a cell."
        ),
        fix: LocalizedText(
          zh: "引号只能包住整个单元格，其中的引号须写成两个。",
          en: "Quotes go around a whole cell; a quote within it is written twice."
        )
      )
  }

  /// A control or replacement character in a cell, with the cell's text made printable.
  static func badCharacter(
    _ scalar: UInt32,
    in text: String,
    file: String,
    sheet: String? = nil,
    row: Int,
    column: String
  ) -> Finding {
    let hex = String(scalar, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    var shown = ""
    for character in text.unicodeScalars.prefix(60) {
      shown.unicodeScalars.append(character.value < 0x20 ? "\u{FFFD}" : character)
    }
    return Finding(
      "cell-character",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      value: shown,
      message: LocalizedText(zh: "含有无效字符 \(name)。", en: "holds the invalid character \(name)."),
      fix: LocalizedText(
        zh: "原文已损坏，请从源头重新导出。",
        en: "The text was damaged before; export it again from its source."
      )
    )
  }

  static func cellTooLong(file: String, sheet: String? = nil, row: Int, column: String) -> Finding {
    Finding(
      "cell-too-long",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      message: LocalizedText(zh: "单元格超过 1 MiB。", en: "the cell is longer than 1 MiB."),
      fix: LocalizedText(
        zh: "请核对这一行的引号是否闭合。",
        en: "Check that the quotes opened in this row are closed."
      )
    )
  }

  /// A number that was read without its blanks and in plain digits.
  static func numberTidied(
    _ value: String,
    to tidied: String,
    file: String,
    sheet: String? = nil,
    row: Int,
    column: String
  ) -> Finding {
    Finding(
      "number-normalized",
      severity: .note,
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      value: value,
      message: LocalizedText(zh: "已读作 \(tidied)。", en: "was read as \(tidied)."),
      fix: LocalizedText(zh: "全角字符与首尾空白已处理。", en: "Full-width characters and outer blanks were mended.")
    )
  }

  /// The first notes on tidied numbers in the order of rows, and how many more there are.
  static func listed(_ notes: [Finding], total: Int, file: String) -> [Finding] {
    let listed = Array(notes.sorted { ($0.row ?? 0) < ($1.row ?? 0) }.prefix(InputRefusal.listedAtMost))
    guard total > listed.count else { return listed }
    let more = total - listed.count
    return listed + [
      Finding(
        "number-normalized",
        severity: .note,
        file: file,
        message: LocalizedText(
          zh: "还有 \(more) 个数已去掉全角字符或空白。",
          en: "\(more) more numbers were read without full-width characters or blanks."
        ),
        fix: LocalizedText("")
      )
    ]
  }

  static func blankRow(file: String, sheet: String?, row: Int) -> Finding {
    Finding(
      "row-blank",
      file: file,
      sheet: sheet,
      row: row,
      message: LocalizedText(zh: "数据中间有空行。", en: "is a blank row within the data."),
      fix: LocalizedText(
        zh: "请删去空行；单列文件的缺失值写作 \"\"。",
        en: "Remove it; in a file of one column write \"\" for a missing value."
      )
    )
  }

  static func noRows(file: String, sheet: String? = nil) -> Finding {
    Finding(
      "file-no-rows",
      file: file,
      sheet: sheet,
      message: LocalizedText(zh: "只有表头，没有数据。", en: "has a header and no rows."),
      fix: LocalizedText(zh: "请核对导出的内容。", en: "Check what was exported.")
    )
  }
}
