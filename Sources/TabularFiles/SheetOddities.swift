internal import SurveyData

/// What was met in a worksheet and taken, and is worth telling.
struct SheetOddities {
  var filterRange: String?
  /// Formulas taken by the result stored with them.
  var storedFormulas = 0
  var lastBlankRow = 0
  private var hiddenRows = 0
  private var firstHiddenRow = 0
  private var hiddenColumns: [ClosedRange<Int>] = []

  mutating func addHiddenRow(_ row: Int) {
    if hiddenRows == 0 { firstHiddenRow = row }
    hiddenRows += 1
  }

  mutating func addHiddenColumns(_ columns: ClosedRange<Int>) {
    if hiddenColumns.count < Limits.columns { hiddenColumns.append(columns) }
  }

  func notes(_ layout: SheetLayout, lastRow: Int, file: String, sheet: String) -> [Finding] {
    var notes: [Finding] = []
    func add(_ code: String, row: Int? = nil, value: String? = nil, zh: String, en: String) {
      notes.append(
        Finding(
          code,
          severity: .note,
          file: file,
          sheet: sheet,
          row: row,
          value: value,
          message: LocalizedText(zh: zh, en: en),
          fix: LocalizedText("")
        )
      )
    }
    if hiddenRows > 0 {
      let filter = filterRange.map { LocalizedText(zh: "（筛选 \($0)）", en: " (filter on \($0))") }
      add(
        "rows-hidden",
        row: firstHiddenRow,
        value: "\(hiddenRows)",
        zh: "行是隐藏的\(filter?.zh ?? "")，已照常读取。",
        en: "rows are hidden\(filter?.en ?? "") and were read like the others."
      )
    }
    let hidden = layout.selection.filter { selected in
      hiddenColumns.contains { $0.contains(selected.position + 1) }
    }
    if !hidden.isEmpty {
      add(
        "columns-hidden",
        value: hidden.prefix(20).map(\.name).joined(separator: ", "),
        zh: "列是隐藏的，已照常读取。",
        en: "is hidden and was read like the other columns."
      )
    }
    if storedFormulas > 0 {
      add(
        "formulas-stored",
        value: "\(storedFormulas)",
        zh: "个公式采用了存储的结果，可能已过时。",
        en: "formulas were taken by their stored results, which may be out of date."
      )
    }
    if lastBlankRow > lastRow {
      add(
        "rows-blank-end",
        row: lastRow + 1,
        zh: "起的末尾空行已忽略。",
        en: "and after: blank rows at the end were ignored."
      )
    }
    return notes
  }
}
