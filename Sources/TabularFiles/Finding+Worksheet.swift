internal import SurveyData

extension Finding {
  static func noWorksheet(_ file: String) -> Finding {
    Finding(
      "workbook-damaged",
      file: file,
      message: LocalizedText(zh: "工作簿中没有工作表。", en: "has no worksheet."),
      fix: LocalizedText(zh: "请核对导出的内容。", en: "Check what was exported.")
    )
  }

  static func sheetHidden(_ sheet: String, file: String) -> Finding {
    Finding(
      "sheet-hidden",
      severity: .note,
      file: file,
      value: sheet,
      message: LocalizedText(zh: "是隐藏的工作表，未读取。", en: "is a hidden worksheet and was not read."),
      fix: LocalizedText("")
    )
  }

  static func noHeaderRow(file: String, sheet: String, row: Int?) -> Finding {
    Finding(
      "file-no-rows",
      file: file,
      sheet: sheet,
      row: row,
      message: LocalizedText(zh: "没有表头行。", en: "has no header row."),
      fix: LocalizedText(zh: "请核对表头行号。", en: "Check the number of the header row.")
    )
  }

  static func headerRowNeeded(file: String, sheet: String, row: Int, title: String?, likely: Int) -> Finding {
    Finding(
      "header-row-needed",
      file: file,
      sheet: sheet,
      row: row,
      value: title,
      message: row > 1
        ? LocalizedText(zh: "其上为空行，表头位置不明。", en: "comes after blank rows: where the header stands is not certain.")
        : LocalizedText(zh: "像是表头上方的标题行。", en: "looks like a title above the header."),
      fix: LocalizedText(
        zh: "请删去标题行，或用 --header-row \(likely) 指明表头行。",
        en: "Remove what stands above the header, or name its row: --header-row \(likely)."
      )
    )
  }

  static func mergedCells(_ range: String, file: String, sheet: String, row: Int, isHeader: Bool) -> Finding {
    Finding(
      "cells-merged",
      file: file,
      sheet: sheet,
      row: row,
      value: range,
      message: isHeader
        ? LocalizedText(zh: "是表头中的合并单元格。", en: "are merged cells in the header.")
        : LocalizedText(zh: "是数据中的合并单元格。", en: "are merged cells in the data."),
      fix: LocalizedText(
        zh: "请取消合并，并在每个单元格中填写内容。",
        en: "Unmerge them and fill in each cell."
      )
    )
  }

  static func beyondHeader(
    _ value: String?,
    columns: Int,
    file: String,
    sheet: String,
    row: Int,
    column: Int
  ) -> Finding {
    Finding(
      "row-ragged",
      file: file,
      sheet: sheet,
      row: row,
      column: "#\(column)",
      value: value.map { maskedIdentifier(String($0.prefix(60))) },
      message: LocalizedText(zh: "超出表头的 \(columns) 列。", en: "stands beyond the \(columns) columns of the header."),
      fix: LocalizedText(zh: "请给该列命名或删去该单元格。", en: "Name the column or remove the cell.")
    )
  }

  /// A cell that says it is a number, date or truth value and is none.
  static func badCellValue(
    row: Int,
    column: String,
    value: UnsafeBufferPointer<UInt8>,
    file: String,
    sheet: String
  ) -> Finding {
    Finding(
      "cell-value",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      value: maskedIdentifier(String(decoding: value.prefix(60), as: UTF8.self)),
      message: LocalizedText(zh: "与单元格格式不符，不是有效的数值或日期。", en: "is no number or date of its cell's kind."),
      fix: LocalizedText(zh: "请改正该单元格或其格式。", en: "Mend the cell or its format.")
    )
  }

  /// A code held as a number beyond fifteen digits, of which a spreadsheet keeps no more.
  static func numericIdentifier(
    _ value: String,
    file: String,
    sheet: String?,
    row: Int,
    column: String
  ) -> Finding {
    Finding(
      "id-scientific",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      value: maskedIdentifier(value),
      message: LocalizedText(
        zh: "是超过 15 位的数值，末位数字已丢失。",
        en: "is a number beyond fifteen digits; its last digits are lost."
      ),
      fix: LocalizedText(
        zh: "请在 Excel 中将该列设为文本后，从源头重新导出。",
        en: "Set the column to text in the spreadsheet and export again from the source."
      )
    )
  }
}
