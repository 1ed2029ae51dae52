import SurveyData
import SurveyDesign

/// What the user should know of the earlier draws that a stage left out.
func exclusionNotes(_ stage: StageDraw) -> [Finding] {
  guard let exclusion = stage.exclusion else { return [] }
  let name = stage.plan.name
  let groups = exclusion.sources.map(\.record.group).joined(separator: ", ")
  let count = stage.cells.reduce(0) { $0 + $1.excludedCount }
  let weights =
    if let cause = exclusion.obstacle {
      LocalizedText(
        zh: "入样概率以此前抽样为条件，权数只代表剩余单元；被排除单元的条件概率为 0。原因：\(cause.zh)。",
        en: "the inclusion probabilities are conditional on the earlier draws and the weights speak for the remaining "
          + "units only, because \(cause.en); an excluded unit has conditional probability 0."
      )
    } else {
      LocalizedText(
        zh: "各轮均从同样的单元等概率抽取，入样概率仍为 n/N，权数代表全部单元。",
        en:
          "all rounds are with equal probabilities from the same units, so the inclusion probability stays n/N and the weights speak "
          + "for all units."
      )
    }
  var notes = [
    Finding(
      "exclusion",
      severity: .note,
      message: LocalizedText(
        zh: "阶段“\(name)”：排除了此前抽样（\(groups)）的 \(count) 个单元；\(weights.zh)",
        en: "stage \"\(name)\": \(count) units of earlier draws (\(groups)) were left out; \(weights.en)"
      ),
      fix: LocalizedText("")
    )
  ]
  for (source, absent) in zip(exclusion.sources, exclusion.notInFrame) where !absent.isEmpty {
    let shown = absent.prefix(20).map { masked($0) }.joined(separator: ", ")
    let more = absent.count > 20 ? ", …" : ""
    notes.append(
      Finding(
        "exclusion-not-in-frame",
        severity: .note,
        value: source.record.group,
        message: LocalizedText(
          zh: "阶段“\(name)”：该轮有 \(absent.count) 个单元不在抽样框中：\(shown)\(more)。",
          en: "stage \"\(name)\": \(absent.count) units of that round are not in the frame: \(shown)\(more)."
        ),
        fix: LocalizedText("")
      )
    )
  }
  for source in exclusion.sources where !source.record.checked {
    notes.append(
      Finding(
        "exclusion-list-trusted",
        severity: .note,
        value: source.record.group,
        message: LocalizedText(
          zh: "该轮回执仍封存，其旁的 list.csv 未能与回执核对（没有种子），照单采用。",
          en: "the receipt of that round is sealed and its list.csv could not be compared with it without the seed; "
            + "the list was trusted."
        ),
        fix: LocalizedText(
          zh: "要核对，请用 --earlier-seed-file 给出该轮的种子。",
          en: "To compare it, give the seed of that round with --earlier-seed-file."
        )
      )
    )
  }
  return notes
}
