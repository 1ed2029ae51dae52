internal import SurveyData
internal import SurveyDesign

/// What of a design contradicts itself before any row is seen.
func contradictions(of design: SampleDesign) -> [Finding] {
  var findings: [Finding] = []
  if design.stages.isEmpty {
    findings.refuse(
      "stages-missing",
      "",
      zh: "没有抽样阶段。",
      en: "the design has no stage.",
      fix: LocalizedText(zh: "至少给出一个阶段。", en: "Give at least one stage.")
    )
  }
  if case .populationSizes = design.weights, design.stages.contains(where: { $0.populationSize == nil }) {
    findings.refuse(
      "weights-missing",
      "",
      zh: "没有权数，也没有每个阶段的总体数。",
      en: "there are neither weights nor population sizes at every stage.",
      fix: LocalizedText(zh: "请给出权数列，或每个阶段的总体数列。", en: "Name the weights, or a population size at every stage.")
    )
  }
  for (place, stage) in design.stages.enumerated().dropLast() where stage.unit == .row {
    findings.refuse(
      "stage-below-rows",
      "\(place + 1)",
      zh: "以行为单位的阶段只能是最后一个。",
      en: "only the last stage can have rows as units.",
      fix: LocalizedText(zh: "请给出该阶段的单位列。", en: "Name the stage's unit column.")
    )
  }
  for (place, stage) in design.stages.enumerated() where stage.isProportional {
    guard stage.populationSize == nil || stage.unit == .row else { continue }
    findings.refuse(
      "probability-missing",
      "\(place + 1)",
      zh: "按不等概率抽取的阶段须给出单位列与入样概率列。",
      en: "a stage drawn with unequal probabilities needs its unit column and its column of probabilities.",
      fix: LocalizedText(zh: "请给出这两列。", en: "Name both columns.")
    )
  }
  return findings
}

/// What of a request contradicts itself.
func contradictions(of request: EstimationRequest) -> [Finding] {
  var findings: [Finding] = []
  if !(request.level > 0.5 && request.level < 1) {
    findings.refuse(
      "level-range",
      shortest(request.level),
      zh: "置信水平应在 0.5 与 1 之间。",
      en: "a confidence level lies between 0.5 and 1.",
      fix: LocalizedText(zh: "例如 0.95。", en: "Write 0.95 for 95 %.")
    )
  }
  var correlations = [request.plannedCorrelation]
  if case .fixed(let value) = request.correlation { correlations.append(value) }
  for correlation in correlations where !(correlation >= 0 && correlation <= 1) {
    findings.refuse(
      "rho-range",
      shortest(correlation),
      zh: "群内相关应在 0 与 1 之间。",
      en: "an intra-cluster correlation lies between 0 and 1.",
      fix: LocalizedText(zh: "例如 0.02。", en: "For example 0.02.")
    )
  }
  for indicator in request.indicators {
    if let name = indicator.interval, Intervals.named(name) == nil {
      let names = Intervals.all.map(\.name)
      let near = nearest(to: name, among: names)
      findings.refuse(
        "interval-unknown",
        name,
        zh: "没有这种区间。",
        en: "there is no such interval.",
        fix: LocalizedText(
          zh: (near.map { "是否指“\($0)”？" } ?? "") + "可用：\(names.joined(separator: ", "))。",
          en: (near.map { "Did you mean \"\($0)\"? " } ?? "") + "There are: \(names.joined(separator: ", "))."
        )
      )
    }
  }
  return findings
}

extension [Finding] {
  fileprivate mutating func refuse(_ code: String, _ value: String, zh: String, en: String, fix: LocalizedText) {
    append(Finding(code, value: value, message: LocalizedText(zh: zh, en: en), fix: fix))
  }
}
