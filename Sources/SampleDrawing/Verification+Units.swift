import SurveyData

/// Compares the strata of a receipt with those of the repeated draw, in order.
func compareCells(
  _ cells: [Receipt.Cell],
  repeated: [Receipt.Cell],
  stage: String
) throws(Verification.Difference) {
  for (cell, again) in zip(cells, repeated) {
    let place = again.place
    if cell.parent != again.parent || cell.stratum != again.stratum {
      throw differs(
        "strata-differ",
        zh: "阶段“\(stage)”：应为层“\(place)”，回执为“\(cell.place)”。",
        en: "stage \"\(stage)\": the receipt has stratum \"\(cell.place)\" where \"\(place)\" belongs."
      )
    }
    let numbers: [(String, String, String?, String?)] = [
      ("population-differs", "N", String(cell.population), String(again.population)),
      ("size-differs", "X", cell.sizeTotal.map { String($0) }, again.sizeTotal.map { String($0) }),
      ("size-differs", "size 0", String(cell.sizeZero), String(again.sizeZero)),
      ("exclusion-differs", "excluded", cell.excluded.map { String($0) }, again.excluded.map { String($0) }),
      ("sample-differs", "n", cell.sample.map { String($0) }, again.sample.map { String($0) }),
      ("certainty-differs", "certainty", String(cell.certainties), String(again.certainties)),
      (
        "must-include-differs", "must-include", String(cell.mustInclude ?? 0), String(again.mustInclude ?? 0)
      ),
      ("reserves-differ", "reserves", String(cell.reserves), String(again.reserves)),
      ("draws-differ", "draws", cell.draws.map { String($0) }, again.draws.map { String($0) }),
      ("probability-differs", "probability", cell.probability?.rawValue, again.probability?.rawValue),
    ]
    for (code, symbol, recorded, found) in numbers where recorded != found {
      throw differs(
        code,
        zh: "阶段“\(stage)”层“\(place)”：\(symbol) 应为 \(found ?? "–")，回执为 \(recorded ?? "–")。",
        en: "stage \"\(stage)\", stratum \"\(place)\": \(symbol) is \(found ?? "–"), "
          + "the receipt says \(recorded ?? "–")."
      )
    }
    if cell.nothingLeftToChance != again.nothingLeftToChance {
      throw differs(
        "chance-differs",
        zh: "阶段“\(stage)”层“\(place)”：是否留有随机性与回执不符。",
        en: "stage \"\(stage)\", stratum \"\(place)\": the receipt is wrong on what is left to chance."
      )
    }
    try compareUnits(
      cell.selected,
      again.selected,
      LocalizedText(zh: "抽中", en: "selected unit"),
      place,
      stage
    )
    try compareUnits(cell.reserve, again.reserve, LocalizedText(zh: "备选", en: "reserve"), place, stage)
  }
  if cells.count != repeated.count {
    throw differs(
      "strata-differ",
      zh: "阶段“\(stage)”应有 \(repeated.count) 层，回执有 \(cells.count) 层。",
      en: "stage \"\(stage)\" has \(repeated.count) strata, the receipt has \(cells.count)."
    )
  }
}

private func compareUnits(
  _ units: [Receipt.Ticketed]?,
  _ repeated: [Receipt.Ticketed]?,
  _ role: LocalizedText,
  _ place: String,
  _ stage: String
) throws(Verification.Difference) {
  let recorded = units ?? []
  let found = repeated ?? []
  for index in 0..<max(recorded.count, found.count) {
    let was = index < recorded.count ? recorded[index] : nil
    let now = index < found.count ? found[index] : nil
    let isSameUnit = was.map { was in now.map { sameBytes(was.id, $0.id) } ?? false } ?? false
    if !isSameUnit {
      throw differs(
        "selection-differs",
        zh: "阶段“\(stage)”层“\(place)”第 \(index + 1) 个\(role.zh)：应为 \(now?.id ?? "–")，回执为 \(was?.id ?? "–")。",
        en: "stage \"\(stage)\", stratum \"\(place)\", \(role.en) \(index + 1): it is \(now?.id ?? "–"), "
          + "the receipt says \(was?.id ?? "–")."
      )
    }
    if was?.ticket != now?.ticket {
      throw differs(
        "ticket-differs",
        zh: "阶段“\(stage)”层“\(place)”：单元 \(now?.id ?? "–") 的号码与回执不符。",
        en: "stage \"\(stage)\", stratum \"\(place)\": the ticket of \(now?.id ?? "–") is not the receipt's."
      )
    }
  }
}

/// Compares a list as it was read back with the list the draw gives.
func compareLists(_ list: Table, expected: Table) throws(Verification.Difference) {
  for column in expected.columns where list[column.name] == nil {
    throw differs(
      "list-differs",
      zh: "名单缺少列“\(column.name)”。",
      en: "the list has no column \"\(column.name)\"."
    )
  }
  for row in 0..<min(list.rowCount, expected.rowCount) {
    for column in expected.columns {
      let wanted = column.text(at: row)
      let found = list[column.name]?.text(at: row)
      if isSameCell(found, wanted, isNumber: column.isNumber) { continue }
      throw differs(
        "list-differs",
        zh: "名单第 \(list.fileRow(of: row)) 行“\(column.name)”：应为 \(wanted ?? "空")，现为 \(found ?? "空")。",
        en: "row \(list.fileRow(of: row)) of the list, \(column.name): it is \(wanted ?? "empty"), "
          + "the list says \(found ?? "empty")."
      )
    }
  }
  if list.rowCount != expected.rowCount {
    throw differs(
      "list-differs",
      zh: "名单应有 \(expected.rowCount) 行，现有 \(list.rowCount) 行。",
      en: "the list has \(list.rowCount) rows, \(expected.rowCount) were drawn."
    )
  }
}

/// Whether a cell read back is the one that was written: numbers by value, and a text that a spreadsheet
/// could take for a formula with the apostrophe that guards it.
private func isSameCell(_ found: String?, _ wanted: String?, isNumber: Bool) -> Bool {
  let found = found ?? ""
  let wanted = wanted ?? ""
  if sameBytes(found, wanted) || sameBytes(found, "'" + wanted) { return true }
  guard isNumber, let a = plainNumber(found), let b = plainNumber(wanted) else { return false }
  return a == b
}

extension Column {
  fileprivate var isNumber: Bool {
    if case .number = storage { true } else { false }
  }
}
