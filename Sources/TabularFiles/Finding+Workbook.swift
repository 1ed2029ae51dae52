internal import SurveyData

extension Finding {
  private static let saveAgain = LocalizedText(
    zh: "请在表格软件中打开并另存为 .xlsx。",
    en: "Open it in a spreadsheet program and save it as .xlsx again."
  )

  static func archiveDamaged(_ file: String, _ reason: LocalizedText) -> Finding {
    Finding(
      "archive-damaged",
      file: file,
      message: LocalizedText(zh: "压缩包损坏或被截断：\(reason.zh)。", en: "is damaged or cut off: \(reason.en)."),
      fix: LocalizedText(zh: "请重新下载或另存。", en: "Get it again, or save it again.")
    )
  }

  static func archiveTooLarge(_ file: String, part: String?, _ reason: LocalizedText) -> Finding {
    Finding(
      "archive-too-large",
      file: file,
      value: part,
      message: LocalizedText(zh: "不予解压：\(reason.zh)。", en: "is not unpacked: \(reason.en)."),
      fix: LocalizedText(
        zh: "这不像正常的工作簿；请删去多余内容后另存，或导出为 CSV。",
        en: "No honest workbook is like this; save it without what is not needed, or export CSV."
      )
    )
  }

  static func archivePath(_ file: String, name: String) -> Finding {
    Finding(
      "archive-path",
      file: file,
      value: String(name.prefix(200)),
      message: LocalizedText(zh: "压缩包条目指向包外。", en: "is an entry that leads out of the archive."),
      fix: LocalizedText(zh: "请勿使用该文件，向来源核实。", en: "Do not use this file; ask where it comes from.")
    )
  }

  static func archiveLocked(_ file: String, part: String) -> Finding {
    Finding(
      "archive-encrypted",
      file: file,
      value: part,
      message: LocalizedText(zh: "条目已加密。", en: "is an encrypted entry."),
      fix: LocalizedText(zh: "请另存为不加密的 .xlsx。", en: "Save it as .xlsx without a password.")
    )
  }

  static func pipedArchiveTooLarge(_ file: String) -> Finding {
    Finding(
      "archive-too-large",
      file: file,
      message: LocalizedText(
        zh: "从管道读取的工作簿超过 \(Limits.pipedArchiveBytes >> 20) MiB。",
        en: "is a piped workbook of more than \(Limits.pipedArchiveBytes >> 20) MiB."
      ),
      fix: LocalizedText(zh: "请先存成文件。", en: "Save it as a file first.")
    )
  }

  static func partMissing(_ part: String, file: String) -> Finding {
    Finding(
      "workbook-damaged",
      file: file,
      value: part,
      message: LocalizedText(zh: "工作簿缺少这一部分。", en: "is a part that the workbook lacks."),
      fix: saveAgain
    )
  }

  /// A part that is not the XML it must be, or holds what no workbook holds.
  static func partDamaged(_ part: String, file: String, _ reason: LocalizedText) -> Finding {
    Finding(
      "workbook-damaged",
      file: file,
      value: part,
      message: LocalizedText(zh: "工作簿的这一部分无法读取：\(reason.zh)。", en: "cannot be read: \(reason.en)."),
      fix: saveAgain
    )
  }

  static func noWorkbook(_ file: String, isOpenDocument: Bool) -> Finding {
    Finding(
      "format-unknown",
      file: file,
      message: isOpenDocument
        ? LocalizedText(zh: "是 OpenDocument 文件。", en: "is an OpenDocument file.")
        : LocalizedText(zh: "是压缩文件，其中没有工作簿。", en: "is a zip archive that holds no workbook."),
      fix: isOpenDocument
        ? LocalizedText(zh: "请另存为 .xlsx 或 .csv。", en: "Save it as .xlsx or .csv.")
        : LocalizedText(zh: "请解压后给出其中的 .xlsx 或 .csv。", en: "Unpack it and name the .xlsx or .csv within.")
    )
  }

  static func binaryWorkbook(_ file: String) -> Finding {
    Finding(
      "format-unknown",
      file: file,
      message: LocalizedText(zh: "是二进制工作簿 .xlsb。", en: "is a binary workbook (.xlsb)."),
      fix: LocalizedText(zh: "请另存为 .xlsx。", en: "Save it as .xlsx.")
    )
  }

  static func sheetNeeded(_ file: String, sheets: [Workbook.Sheet]) -> Finding {
    let listed = sheets.prefix(20).map { "“\($0.name)”" }.joined(separator: "、")
    let listedEnglish = sheets.prefix(20).map { "\"\($0.name)\"" }.joined(separator: ", ")
    return Finding(
      "sheet-needed",
      file: file,
      value: "\(sheets.count)",
      message: LocalizedText(
        zh: "个工作表含有数据：\(listed)。",
        en: "sheets could be meant: \(listedEnglish)."
      ),
      fix: LocalizedText(zh: "请用 --sheet 指明一个。", en: "Name one with --sheet.")
    )
  }

  static func sheetHiddenOnly(_ file: String, sheet: String) -> Finding {
    Finding(
      "sheet-needed",
      file: file,
      value: sheet,
      message: LocalizedText(
        zh: "是唯一含有数据的工作表，但已隐藏。",
        en: "is the only sheet with data, and it is hidden."
      ),
      fix: LocalizedText(zh: "若确需读取，请用 --sheet 指明。", en: "If it is meant, name it with --sheet.")
    )
  }

  static func sheetMissing(_ sheet: String, in sheets: [String], file: String) -> Finding {
    let near = nearest(to: sheet, among: sheets)
    let listed = sheets.prefix(20).joined(separator: ", ")
    return Finding(
      "sheet-missing",
      file: file,
      value: sheet,
      message: LocalizedText(zh: "没有这个工作表。", en: "is no worksheet of this file."),
      fix: LocalizedText(
        zh: (near.map { "是否指“\($0)”？" } ?? "") + "现有工作表：\(listed)。",
        en: (near.map { "Did you mean \"\($0)\"? " } ?? "") + "It has: \(listed)."
      )
    )
  }
}
