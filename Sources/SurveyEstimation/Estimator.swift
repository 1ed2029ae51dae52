internal import StatisticalFunctions
public import SurveyData
public import SurveyDesign

/// Sums what an estimation needs over the rows of a survey file, then turns the sums into estimates.
///
/// One pass, as a rule: tables (chunks of one file, or of several) are added in any order and by any number of
/// workers; the accumulators are then brought together. The result has the same bits however the rows
/// were ordered, split or shared out, because every sum is exact before it is rounded once.
package struct Estimator: Sendable {
  let request: EstimationRequest
  let design: SampleDesign
  let layout: KeyLayout
  let plans: [IndicatorPlan]
  /// What every pass begins with.
  private var start: EstimationAccumulator
  /// By indicator: what a mean or variance takes off every value, found by an earlier pass.
  private(set) var centers: [Double]
  private var isSecondPass = false

  /// - Throws: a refusal naming contradictions of request and design.
  package init(_ request: EstimationRequest, design: SampleDesign) throws(InputRefusal) {
    self.request = request
    self.design = design
    layout = KeyLayout(design, domains: request.domains, covariances: request.covariances)
    plans = request.indicators.map { IndicatorPlan($0) }
    start = EstimationAccumulator(
      layout: layout,
      indicators: plans,
      units: layout.sharedDepth == nil ? .own : .undecided
    )
    centers = [Double](repeating: 0, count: plans.count)
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

  /// An accumulator for rows that go by only once.
  package func makeAccumulator() -> EstimationAccumulator {
    var accumulator = start
    if case .undecided = accumulator.units { accumulator.units = .own }
    return accumulator
  }

  /// An accumulator for ``estimation(workers:pass:)``.
  package func makePassAccumulator() -> EstimationAccumulator { start }

  /// Brings the accumulators together.
  ///
  /// - Parameters:
  ///   - accumulators: holding every row once.
  ///   - workers: how many figures are worked on at once.
  /// - Returns: the estimates.
  /// - Throws: a refusal naming lonely units, population sizes that contradict the sample, and so on.
  package func estimation(
    from accumulators: [EstimationAccumulator],
    workers: Int = 1
  ) throws(InputRefusal) -> Estimation {
    try results(try whole(accumulators), workers: workers)
  }

  /// Estimates in one pass over the rows, or in two where the first finds that it is needed.
  ///
  /// A second pass is needed where most units of the last stage have one row but some have several (see
  /// ``LoneUnits``), and for values whose deviation is much smaller than their mean, which is then taken off first.
  /// - Parameters:
  ///   - workers: how many figures are worked on at once.
  ///   - pass: adds all rows to accumulators made by ``makePassAccumulator()`` of the estimator it is given.
  /// - Returns: the estimates.
  /// - Throws: a refusal naming lonely units, population sizes that contradict the sample, and so on.
  package func estimation(
    workers: Int,
    pass: (Estimator) throws -> [EstimationAccumulator]
  ) throws -> Estimation {
    let sums = try whole(try pass(self))
    guard let next = secondPass(after: sums) else { return try results(sums, workers: workers) }
    return try next.results(try next.whole(try pass(next)), workers: workers)
  }

  /// Estimates from a table in memory.
  ///
  /// - Parameters:
  ///   - table: every row of the sample.
  ///   - workers: how many figures are worked on at once.
  /// - Returns: the estimates.
  /// - Throws: a refusal with every row that cannot be used, or naming what contradicts the design.
  package func estimation(of table: Table, workers: Int) throws(InputRefusal) -> Estimation {
    let sums = try sums(of: table, workers: workers)
    guard let next = secondPass(after: sums) else { return try results(sums, workers: workers) }
    return try next.results(try next.sums(of: table, workers: workers), workers: workers)
  }

  private func sums(of table: Table, workers: Int) throws(InputRefusal) -> EstimationAccumulator {
    var accumulator = start
    try add(table, to: &accumulator, workers: workers, isWhole: true)
    return accumulator
  }

  private func whole(_ accumulators: [EstimationAccumulator]) throws(InputRefusal) -> EstimationAccumulator {
    var whole = accumulators.first ?? start
    var findings: [Finding] = []
    for other in accumulators.dropFirst() { findings += whole.merge(other, layout: layout) }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    return whole
  }

  private func secondPass(after sums: EstimationAccumulator) -> Estimator? {
    guard !isSecondPass else { return nil }
    var next = self
    next.isSecondPass = true
    next.start = sums.emptied(layout: layout, indicators: plans)
    var isNeeded = false
    if sums.isMixed {
      next.start = EstimationAccumulator(layout: layout, indicators: plans, units: .own)
      isNeeded = true
    } else if case .shared(let units) = sums.units, !units.isComplete {
      isNeeded = true
    }
    for index in plans.indices {
      guard let center = sums.center(of: index, plans[index]) else { continue }
      next.centers[index] = center
      isNeeded = true
    }
    return isNeeded ? next : nil
  }

  private func results(_ sums: EstimationAccumulator, workers: Int) throws(InputRefusal) -> Estimation {
    let shared = sums.sharingLoneUnits(layout: layout, indicators: plans)
    let tree = try DesignTree(shared, design: design, layout: layout)
    return withSimultaneousLimits(request) {
      Results(
        request: $0,
        design: design,
        plans: plans,
        sums: shared,
        tree: tree,
        centers: centers,
        workers: workers
      ).estimation
    }
  }
}

/// Estimates every indicator in every domain, with design-based standard errors and intervals.
///
/// Formula: point estimates are weighted totals and functions of them; their errors the stratified multistage variance
/// of linearized values; intervals as the indicator names them. Units: those of the columns, rates as proportions 0…1.
/// The result has the same bits however rows are ordered and however many workers there are.
/// Source: Särndal, Swensson and Wretman (1992), ch. 4 and 5; R's package survey (Lumley 2010) where conventions
/// differ.
/// - Parameters:
///   - table: one row a unit that answered.
///   - design: how the rows were drawn, in columns of the table.
///   - request: what is wanted.
///   - workers: how many threads work at once.
/// - Returns: the estimates; what cannot be computed is `nil` with a reason.
/// - Throws: a refusal with everything found wrong: columns that are missing, rows that cannot be used, population
///   sizes that contradict the sample, strata with a single unit where the policy is to fail.
public func estimate(
  _ table: Table,
  design: SampleDesign,
  request: EstimationRequest,
  workers: Int = 1
) throws(InputRefusal) -> Estimation {
  if design.needsRows { return try SurveySample(table, design: design).estimation(request, workers: workers) }
  return try Estimator(request, design: design).estimation(of: table, workers: workers)
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
  var correlations = [request.plannedCorrelation]
  if case .fixed(let value) = request.correlation { correlations.append(value) }
  for correlation in correlations where !(correlation >= 0 && correlation <= 1) {
    refuse(
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
