package import SurveyData
import SurveyDesign

extension Draw {
  /// What the user should know of a draw that was made: notes, not refusals, one a stage and kind.
  package var notes: [Finding] {
    stages.flatMap { stage in
      [
        note(
          "nothing-left-to-chance",
          stage,
          stage.cells.filter(\.nothingLeftToChance),
          LocalizedText(
            zh: "以下各层没有随机性（全部抽中或列为备选，或抽中的都是必选单元），名单在那里不是秘密",
            en: "nothing is left to chance, so the list is no secret, in these strata"
          )
        ),
        note(
          "reserves-short",
          stage,
          stage.cells.filter { $0.reserves.count < stage.plan.reserves(inStratum: stratumKey($0.stratum)) },
          LocalizedText(
            zh: "以下各层的备选不足（有 / 要）",
            en: "there are fewer reserves than planned in these strata (there are / asked for)"
          )
        ) { "\($0.reserves.count) / \(stage.plan.reserves(inStratum: stratumKey($0.stratum)))" },
        note(
          "size-zero",
          stage,
          stage.cells.filter { $0.sizeZeroCount > 0 },
          LocalizedText(
            zh: "以下各层有规模为 0 的单元，永不抽中，权数不代表它们",
            en: "units of size 0 are never taken and the weights do not speak for them, in these strata"
          )
        ),
        absentStrata(stage),
        stage.plan.mustInclude == nil || stage.cells.contains { $0.mustIncludeCount > 0 }
          ? nil
          : stageNote(
            "must-include-none",
            stage,
            LocalizedText(zh: "没有单元满足必选条件。", en: "the must-include condition holds for no unit.")
          ),
        redundantBalanceNote(stage),
      ].compactMap { $0 } + exclusionNotes(stage)
    }
  }
}

private func redundantBalanceNote(_ stage: StageDraw) -> Finding? {
  if stage.redundantBalance.isEmpty { return nil }
  let names = stage.redundantBalance.joined(separator: ", ")
  return stageNote(
    "balance-redundant",
    stage,
    LocalizedText(
      zh: "平衡变量 \(names) 在各层内都是常数，或由规模及排在前面的变量决定，不另起作用。",
      en: "the balancing columns \(names) are constant in every stratum, or determined by the sizes and the columns "
        + "before them; they change nothing."
    )
  )
}

/// Strata that the plan names and that the units drawn before do not have.
private func absentStrata(_ stage: StageDraw) -> Finding? {
  var names = Set(stage.plan.reservesByStratum.keys)
  if case .byStratum(let takes) = stage.plan.take { names.formUnion(takes.keys) }
  names.remove(Take.otherStrata)
  names.subtract(stage.cells.map { stratumKey($0.stratum) })
  if names.isEmpty { return nil }
  let shown = names.sorted(by: precedesAsBytes).joined(separator: "; ")
  return stageNote(
    "strata-absent",
    stage,
    LocalizedText(zh: "已抽中的上级单元中没有这些层：\(shown)。", en: "the units drawn before have no such strata: \(shown).")
  )
}

private func stageNote(_ code: String, _ stage: StageDraw, _ words: LocalizedText) -> Finding {
  Finding(
    code,
    severity: .note,
    message: LocalizedText(
      zh: "阶段“\(stage.plan.name)”：\(words.zh)",
      en: "stage \"\(stage.plan.name)\": \(words.en)"
    ),
    fix: LocalizedText("")
  )
}

private func note(
  _ code: String,
  _ stage: StageDraw,
  _ cells: [DrawnCell],
  _ words: LocalizedText,
  detail: (DrawnCell) -> String? = { _ in nil }
) -> Finding? {
  if cells.isEmpty { return nil }
  let listedAtMost = 20
  let places = cells.prefix(listedAtMost).map { cell in
    let place = cell.parent.map { "\($0): \(cell.stratumText)" } ?? cell.stratumText
    return detail(cell).map { "\(place) \($0)" } ?? place
  }
  let more = cells.count - places.count
  let shown = places.joined(separator: "; ")
  return Finding(
    code,
    severity: .note,
    message: LocalizedText(
      zh: "阶段“\(stage.plan.name)”：\(words.zh)：\(shown)" + (more > 0 ? "；另有 \(more) 层。" : "。"),
      en: "stage \"\(stage.plan.name)\": \(words.en): \(shown)" + (more > 0 ? "; and \(more) more." : ".")
    ),
    fix: LocalizedText("")
  )
}
