internal import StatisticalFunctions
package import SurveyData
package import SurveyDesign

/// Sums what an estimation needs over the rows of a survey file, then turns the sums into estimates.
///
/// One pass: tables (chunks of one file, or of several) are added in any order and by any number of
/// workers; the accumulators are then brought together. The result has the same bits however the rows
/// were ordered, split or shared out, because every sum is exact before it is rounded once.
package struct Estimator: Sendable {
  let request: EstimationRequest
  let design: SampleDesign
  let layout: KeyLayout
  let plans: [IndicatorPlan]

  /// - Throws: a refusal naming contradictions of request and design.
  package init(_ request: EstimationRequest, design: SampleDesign) throws(InputRefusal) {
    self.request = request
    self.design = design
    layout = KeyLayout(design, domains: request.domains)
    plans = request.indicators.map { IndicatorPlan($0) }
    let findings = contradictions(of: request, design)
    if !findings.isEmpty { throw InputRefusal(findings) }
  }

  /// The columns that the file must have: whether each is wanted as text (codes) or as a number.
  package var columns: [(name: String, isNumber: Bool)] {
    var needs = ColumnNeeds()
    needs.add(layout)
    needs.texts += plans.compactMap(\.levelColumn)
    for expression in plans.flatMap(\.quantities) + plans.compactMap(\.indicator.filter) { needs.add(expression) }
    needs.add(design.weights)
    return needs.columns
  }

  package func makeAccumulator() -> EstimationAccumulator {
    EstimationAccumulator(layout: layout, indicators: plans)
  }

  /// Brings the accumulators together.
  /// - Throws: a refusal naming lonely units, population sizes that contradict the sample, and so on.
  package func estimation(from accumulators: [EstimationAccumulator]) throws(InputRefusal) -> Estimation {
    var whole = accumulators.first ?? makeAccumulator()
    var findings: [Finding] = []
    for other in accumulators.dropFirst() { findings += whole.merge(other, layout: layout) }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    let tree = try DesignTree(whole, design: design, layout: layout)
    return Results(request: request, design: design, plans: plans, sums: whole, tree: tree).estimation
  }
}

/// Estimates from one table: ``Estimator`` in one call, or ``SurveySample`` where the design needs the rows.
package func estimate(
  _ table: Table,
  design: SampleDesign,
  request: EstimationRequest
) throws(InputRefusal) -> Estimation {
  if design.needsRows { return try SurveySample(table, design: design).estimation(request) }
  let estimator = try Estimator(request, design: design)
  var accumulator = estimator.makeAccumulator()
  try estimator.add(table, to: &accumulator)
  return try estimator.estimation(from: [accumulator])
}

private func contradictions(of request: EstimationRequest, _ design: SampleDesign) -> [Finding] {
  var findings: [Finding] = []
  func refuse(_ code: String, _ value: String, zh: String, en: String, fix: LocalizedText) {
    findings.append(Finding(code, value: value, message: LocalizedText(zh: zh, en: en), fix: fix))
  }
  if design.stages.isEmpty {
    refuse(
      "stages-missing",
      "",
      zh: "没有抽样阶段。",
      en: "the design has no stage.",
      fix: LocalizedText(zh: "至少给出一个阶段。", en: "Give at least one stage.")
    )
  }
  if case .populationSizes = design.weights, design.stages.contains(where: { $0.populationSize == nil }) {
    refuse(
      "weights-missing",
      "",
      zh: "没有权数，也没有每个阶段的总体数。",
      en: "there are neither weights nor population sizes at every stage.",
      fix: LocalizedText(zh: "请给出权数列，或每个阶段的总体数列。", en: "Name the weights, or a population size at every stage.")
    )
  }
  for (place, stage) in design.stages.enumerated().dropLast() where stage.unit == .row {
    refuse(
      "stage-below-rows",
      "\(place + 1)",
      zh: "以行为单位的阶段只能是最后一个。",
      en: "only the last stage can have rows as units.",
      fix: LocalizedText(zh: "请给出该阶段的单位列。", en: "Name the stage's unit column.")
    )
  }
  for (place, stage) in design.stages.enumerated() where stage.isProportional {
    guard stage.populationSize == nil || stage.unit == .row else { continue }
    refuse(
      "probability-missing",
      "\(place + 1)",
      zh: "按不等概率抽取的阶段须给出单位列与入样概率列。",
      en: "a stage drawn with unequal probabilities needs its unit column and its column of probabilities.",
      fix: LocalizedText(zh: "请给出这两列。", en: "Name both columns.")
    )
  }
  if !(request.level > 0.5 && request.level < 1) {
    refuse(
      "level-range",
      shortest(request.level),
      zh: "置信水平应在 0.5 与 1 之间。",
      en: "a confidence level lies between 0.5 and 1.",
      fix: LocalizedText(zh: "例如 0.95。", en: "Write 0.95 for 95 %.")
    )
  }
  if !(request.plannedCorrelation >= 0 && request.plannedCorrelation <= 1) {
    refuse(
      "rho-range",
      shortest(request.plannedCorrelation),
      zh: "群内相关应在 0 与 1 之间。",
      en: "an intra-cluster correlation lies between 0 and 1.",
      fix: LocalizedText(zh: "例如 0.02。", en: "For example 0.02.")
    )
  }
  for indicator in request.indicators {
    if let name = indicator.interval, Intervals.named(name) == nil {
      let names = Intervals.all.map(\.name)
      let near = nearest(to: name, among: names)
      refuse(
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
