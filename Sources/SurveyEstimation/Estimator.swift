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
    let findings = contradictions(of: design) + contradictions(of: request)
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
  var request = request
  request.covariances = request.covariances || !request.functions.isEmpty
  let asksRows = !request.quantiles.isEmpty || !request.doubleSamples.isEmpty || !request.analyses.isEmpty
  var estimation: Estimation
  if design.needsRows || asksRows {
    let findings = contradictions(of: request)
    if !findings.isEmpty { throw InputRefusal(findings) }
    let sample = try SurveySample(table, design: design, by: request.domains)
    estimation = try sample.estimation(request, workers: workers)
    let functions = try estimation.estimates(of: request.functions, level: request.level)
    estimation.estimates += try sample.rowEstimates(request) + functions
    estimation.analyses = try sample.answers(to: request.analyses, by: request.domains, level: request.level)
    if !sample.history.isEmpty {
      estimation.weights = sample.weights
      estimation.weightSummary = sample.weightSummary
    }
  } else {
    estimation = try Estimator(request, design: design).estimation(of: table, workers: workers)
    estimation.estimates += try estimation.estimates(of: request.functions, level: request.level)
  }
  return estimation
}

extension SurveySample {
  /// The estimates of a request that need every row: quantiles, then double samples.
  ///
  /// - Throws: a refusal for columns that are missing or hold no numbers, or a design of one phase.
  package func rowEstimates(_ request: EstimationRequest) throws(InputRefusal) -> [Estimate] {
    var estimates: [Estimate] = []
    for own in request.quantiles {
      for domain in request.domains.flatMap({ domains(by: $0) }) {
        estimates += try self.estimates(
          of: own,
          in: domain,
          level: request.level,
          dropsMissing: request.dropsMissing
        )
      }
    }
    for own in request.doubleSamples {
      for domain in request.domains.flatMap({ domains(by: $0) }) {
        estimates.append(try estimate(of: own, in: domain, level: request.level))
      }
    }
    return estimates
  }
}
