internal import SurveyData
internal import SurveyDesign

/// The units of one stage of a list, to look returned ids up in.
struct FieldworkUnits {
  private let ids: [String]
  private let known: Set<String>
  private let listFile: String
  /// The reserves of each unit's stratum, in their order.
  private let reservesByUnit: [String: [String]]
  /// The survey file's own result codes.
  let furtherCodes: [String]

  init(_ draw: FieldDraw, stage: Int) throws(InputRefusal) {
    let column = try draw.list.column(draw.stages[stage].id)
    ids = column.codedText.levels
    known = Set(ids)
    listFile = draw.list.file
    let account = try draw.account([], stage: stage)
    var reserves = [String: [String]](minimumCapacity: account.units.count)
    for cell in account.cells where !cell.reserves.isEmpty {
      let own = cell.reserves.map { account.units[$0].id }
      for place in cell.selected + cell.reserves { reserves[account.units[place].id] = own }
    }
    reservesByUnit = reserves
    furtherCodes = draw.survey?.survey.responses?.outcome?.orderedCodes ?? []
  }

  func holds(_ id: String) -> Bool { known.contains(id) }

  /// The refusal of a unit that was not drawn.
  func notDrawn(
    _ id: String,
    file: String?,
    sheet: String?,
    row: Int?,
    column: String,
    suggests: Bool = true
  ) -> Finding {
    let near = suggests ? nearest(to: id, among: ids) : nil
    return Finding(
      "unit-not-drawn",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      value: shownUnit(id),
      message: LocalizedText(zh: "名单 \(listFile) 中没有这个单位。", en: "is not in the list \(listFile)."),
      fix: LocalizedText(
        zh: (near.map { "是否指“\(shownUnit($0))”？" } ?? "") + "请核对编号；未抽中的单位不属于样本。",
        en: (near.map { "Did you mean \"\(shownUnit($0))\"? " } ?? "")
          + "Check the id: a unit that was not drawn is not of the sample."
      )
    )
  }

  /// The refusal of a reserve that the list does not hold, with the reserves of the unit's stratum.
  func reserveNotListed(
    _ id: String,
    for unit: String,
    file: String?,
    sheet: String?,
    row: Int?,
    column: String
  ) -> Finding {
    let own = reservesByUnit[unit] ?? []
    let shown = own.prefix(10).map(shownUnit).joined(separator: ", ")
    return Finding(
      "reserve-not-listed",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      value: shownUnit(id),
      message: LocalizedText(
        zh: "名单 \(listFile) 中没有它，不能代替 \(shownUnit(unit))。",
        en: "is not in the list \(listFile) and cannot stand in for \(shownUnit(unit))."
      ),
      fix: own.isEmpty
        ? LocalizedText(
          zh: "这一层没有备选：请去掉“替换为”，或先用 mingcha wave 续抽备选。",
          en: "Its stratum has no reserves: leave the replacement out, or draw some first with mingcha wave."
        )
        : LocalizedText(
          zh: "请核对编号；这一层的备选依次为：\(shown)。",
          en: "Check the id; the reserves of its stratum are, in order: \(shown)."
        )
    )
  }

  func nothingToCorrect(_ id: String) -> Finding {
    Finding(
      "option-value",
      column: "--correct",
      value: shownUnit(id),
      message: LocalizedText(zh: "还没有记录，无可更正。", en: "has no record yet that could be corrected."),
      fix: LocalizedText(zh: "请去掉 --correct。", en: "Leave --correct out.")
    )
  }
}
