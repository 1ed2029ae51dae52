internal import SurveyData

/// How a worksheet's table is built, found from its first rows.
struct SheetLayout {
  let headerRow: Int
  let header: [String]
  let selection: [SelectedColumn]
  /// For each column of the sheet its place in the selection, or −1.
  let targets: [Int]
  /// For each place in the selection whether numbers beyond fifteen digits are refused there.
  let areIdentifiers: [Bool]
  let notes: [Finding]

  /// The names in a header row.
  static func make(
    _ row: SheetRow,
    file: String,
    sheet: String,
    dates: DateSystem,
    options: ReadOptions
  ) throws(InputRefusal) -> SheetLayout {
    var cells = [String](repeating: "", count: (row.cells.last?.column ?? -1) + 1)
    var findings: [Finding] = []
    for cell in row.cells {
      if let finding = row.refusal(
        of: cell,
        named: "#\(cell.column + 1)",
        allowsFormulas: options.allowsFormulas,
        file: file,
        sheet: sheet
      ) {
        findings.append(finding)
      }
      cells[cell.column] = row.text(of: cell, dates: dates) ?? "?"
    }
    guard findings.isEmpty else { throw InputRefusal(listing: findings) }
    let names = HeaderNames(cells, row: row.number, file: file, sheet: sheet)
    let header = try names.checked()
    let selection = try options.selection(from: header, file: file, sheet: sheet)
    var targets = [Int](repeating: -1, count: header.count)
    for (index, selected) in selection.enumerated() { targets[selected.position] = index }
    return SheetLayout(
      headerRow: row.number,
      header: header,
      selection: selection,
      targets: targets,
      areIdentifiers: selection.map { options.identifiers.contains($0.name) },
      notes: names.notes
    )
  }

  /// The row that must be named because the first one looks like a title above the header; `nil` if the
  /// first row can be the header.
  ///
  /// A title fills at most half as many cells as a row below it, and ends further left.
  static func likelyHeader(below rows: [SheetRow]) -> Int? {
    guard let first = rows.first else { return nil }
    var best = first
    for row in rows where row.cells.count > best.cells.count { best = row }
    if first.number > 1 { return best.number }
    let isTitle =
      first.cells.count * 2 <= best.cells.count
      && (first.cells.last?.column ?? 0) < (best.cells.last?.column ?? 0)
    return isTitle ? best.number : nil
  }
}

extension SheetRow {
  /// What forbids taking a cell's value, whatever column it stands in.
  func refusal(
    of cell: SheetCell,
    named column: String,
    allowsFormulas: Bool,
    file: String,
    sheet: String
  ) -> Finding? {
    func finding(_ code: String, _ message: LocalizedText, _ fix: LocalizedText) -> Finding {
      Finding(
        code,
        file: file,
        sheet: sheet,
        row: number,
        column: column,
        value: cell.range.isEmpty
          ? nil : maskedIdentifier(String(decoding: bytes[cell.range].prefix(60), as: UTF8.self)),
        message: message,
        fix: fix
      )
    }
    if case .error = cell.kind {
      return finding(
        "cell-error",
        LocalizedText(zh: "是公式错误。", en: "is the error of a formula."),
        LocalizedText(zh: "请改正公式，或填入数值。", en: "Mend the formula, or write the value.")
      )
    }
    guard cell.isFormula else { return nil }
    guard allowsFormulas else {
      return finding(
        "cell-formula",
        LocalizedText(zh: "是公式的结果，可能已过时。", en: "is what a formula gave, and may be out of date."),
        LocalizedText(
          zh: "请选择性粘贴为数值，或用 --allow-formulas（survey.yaml 的抽样框：allow-formulas: true）采用存储的结果。",
          en: "Paste it as a value, or take the stored results with --allow-formulas (a frame in survey.yaml: "
            + "allow-formulas: true)."
        )
      )
    }
    guard case .uncomputed = cell.kind else { return nil }
    return finding(
      "cell-uncomputed",
      LocalizedText(zh: "公式没有存储的结果。", en: "the formula has no stored result."),
      LocalizedText(
        zh: "请在表格软件中打开、重新计算并保存。",
        en: "Open it in a spreadsheet program, recalculate and save."
      )
    )
  }
}
