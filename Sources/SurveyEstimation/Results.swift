internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign

/// Turns the sums of a whole file into its estimates.
struct Results: Sendable {
  let request: EstimationRequest
  let design: SampleDesign
  let sums: EstimationAccumulator
  let tree: DesignTree
  let figures: [Figure]
  let variance: TaylorVariance
  let rounds: [RoundCorrelation]
  private let clusterStage: Int
  private let workers: Int
  /// By figure: units less strata over all rows in its filter.
  private let designFreedom: [Int]

  init(
    request: EstimationRequest,
    design: SampleDesign,
    plans: [IndicatorPlan],
    sums: EstimationAccumulator,
    tree: DesignTree,
    centers: [Double],
    workers: Int
  ) {
    self.workers = workers
    self.request = request
    self.design = design
    self.sums = sums
    self.tree = tree
    variance = TaylorVariance(
      tree: tree,
      lonelyUnits: design.lonelyUnits,
      adjustsLonelyDomains: design.adjustsLonelyDomains
    )
    let layout = RoundLayout(tree) { sums.rows.counts[$0] }
    clusterStage = layout.clusterStage
    let figures = Self.figures(plans, sums: sums, centers: centers)
    self.figures = figures
    designFreedom = Workers.map(workers, figures) { figure in
      let inFilter = tree.order.filter { figure.filteredCount(Int($0)) > 0 }
      return tree.plainFreedom(of: inFilter, at: 0) { figure.filteredCount($0) }
    }
    rounds = Workers.map(workers, figures) { figure in
      RoundCorrelation(
        figure.key,
        isRate: Self.isRate(figure, sums),
        indicator: figure.plan.indicator,
        layout: layout,
        counts: FigureCounts(
          rows: figure.baseCount,
          events: figure.events,
          weight: { figure.baseWeight($0).value * tree.scales[$0] }
        ),
        request: request
      )
    }
  }

  private static func figures(
    _ plans: [IndicatorPlan],
    sums: EstimationAccumulator,
    centers: [Double]
  ) -> [Figure] {
    var figures: [Figure] = []
    for (index, plan) in plans.enumerated() {
      let key = plan.indicator.key
      guard let known = sums.proportionLevels[index] else {
        figures.append(
          Figure(indicator: index, level: nil, key: key, plan: plan, sums: sums, center: centers[index])
        )
        continue
      }
      let texts = known.texts
      let levels = sums.indicators[index].levelSums.keys.sorted {
        texts[Int($0)].utf8.lexicographicallyPrecedes(texts[Int($1)].utf8)
      }
      for level in levels {
        figures.append(
          Figure(
            indicator: index,
            level: level,
            key: "\(key)=\(texts[Int(level)])",
            plan: plan,
            sums: sums
          )
        )
      }
    }
    return figures
  }

  /// Whether a figure is a rate: answers of 0 and 1; or a ratio with 0 ≤ numerator ≤ denominator in every
  /// row of which at least half are at one of the ends, as wrong persons over persons are.
  private static func isRate(_ figure: Figure, _ sums: EstimationAccumulator) -> Bool {
    let own = sums.indicators[figure.indicator]
    switch figure.plan.indicator.statistic {
    case .proportions: return true
    case .mean: return own.outside == 0
    case .ratio:
      var base = 0
      for cell in sums.rows.counts.counts.indices { base += figure.baseCount(cell) }
      return own.outside == 0 && base > 0 && 2 * own.extreme >= base
    case .total, .variance: return false
    }
  }

  var estimation: Estimation {
    let first = tree.stages[0]
    var estimates: [Estimate] = []
    var covariances: [CovarianceMatrix] = []
    var correlations: [PooledCorrelation] = []
    var withinUnits = 0
    for variables in request.domains {
      let domains = tree.domains(by: variables)
      if request.domainCorrelations {
        correlations += rounds.flatMap { round in domains.compactMap { round.pooled(in: $0) } }
      }
      var entries: [CovarianceEntry] = []
      let results = estimate(in: domains)
      for (place, figure) in figures.enumerated() {
        for (index, domain) in domains.enumerated() {
          let isWithin = isWithinUnit(domain)
          if isWithin { withinUnits += 1 }
          let result = results[place * domains.count + index]
          estimates.append(result.estimate)
          if request.covariances, let linear = result.linear {
            entries.append(
              CovarianceEntry(
                name: name(figure, domain),
                figure: figure,
                cells: linear.cells,
                coefficients: linear.coefficients,
                firstStage: isWithin ? 1 : 0,
                unit: isWithin ? domain.unit : nil
              )
            )
          }
        }
      }
      if request.covariances {
        covariances.append(covarianceMatrix(entries, by: variables))
      }
    }
    var strata = 0
    for _ in Runs(first.strata, tree.order, 0..<tree.order.count) { strata += 1 }
    let freedom = tree.plainFreedom(of: tree.order, at: 0) { sums.rows.counts[$0] }
    var estimation = Estimation(
      estimates: estimates,
      degreesOfFreedom: freedom,
      rows: sums.rowCount,
      strata: strata,
      firstStageUnits: freedom + strata,
      correlations: rounds.compactMap(\.pooled),
      covariances: covariances,
      notes: (withinUnits == 0 ? [] : [withinUnitNote]) + intervalNotes(estimates, rounds: rounds, request: request)
    )
    estimation.domainCorrelations = correlations
    return estimation
  }

  private func isWithinUnit(_ domain: Domain) -> Bool {
    domain.unit != nil && request.domainVariance == .withinUnit
  }

  /// Every figure in every domain, by figure.
  private func estimate(in domains: [Domain]) -> [(estimate: Estimate, linear: Linear?)] {
    let places = Array(0..<figures.count * domains.count)
    return Workers.map(workers, places) { place in
      let (figure, domain) = (place / domains.count, domains[place % domains.count])
      let result = estimate(figure, figures[figure], domain, isWithin: isWithinUnit(domain))
      return (result.estimate, request.covariances ? result.linear : nil)
    }
  }

  private var withinUnitNote: Finding {
    Finding(
      "domain-within-unit",
      severity: .note,
      message: LocalizedText(
        zh: "恰为一个抽中单位的领域在该单位内部估计：其下一阶段作为第一阶段，合计数不含第一阶段权数。",
        en:
          "domains that are one drawn unit are estimated within it: its next stage counts as the first, and totals leave out the first stage's weight."
      ),
      fix: LocalizedText(
        zh: "要得到 R 的 svyby 数值，请用 --domain-variance unconditional；调查文件夹写在 survey.yaml 的 estimate 下。",
        en: "For the figures of R's svyby use --domain-variance unconditional, or that key under estimate in survey.yaml."
      )
    )
  }

  private func name(_ figure: Figure, _ domain: Domain) -> String {
    if domain.values.isEmpty { return figure.key }
    return figure.key + " @ " + domain.values.map { "\($0.variable)=\($0.value)" }.joined(separator: ",")
  }

  private struct Linear: Sendable {
    var cells: LinearizedCells
    var coefficients: [Double]
  }

  private func estimate(
    _ place: Int,
    _ figure: Figure,
    _ domain: Domain,
    isWithin: Bool
  ) -> (estimate: Estimate, linear: Linear?) {
    let indicator = figure.plan.indicator
    let totals = DomainTotals(figure, cells: domain.cells, scales: tree.scales)
    let touched = domain.cells.filter { figure.filteredCount(Int($0)) > 0 }
    let firstStage = isWithin ? 1 : 0
    // Within a drawn unit nothing is left of the chance by which it was drawn.
    let conditional = isWithin ? firstStageFraction(domain.cells) : 1
    let domainFreedom = tree.freedom(of: touched, from: firstStage) { figure.filteredCount($0) }
    let isRate = rounds[place].isRate
    // Units less strata as they are counted, complete strata too.
    let countedFreedom =
      firstStage < tree.stages.count
      ? tree.plainFreedom(of: touched, at: firstStage) { figure.filteredCount($0) } : 0
    var result = Estimate(
      indicator: figure.key,
      domain: domain.values,
      estimate: nil,
      standardError: nil,
      unweightedCount: totals.baseCount,
      weightedCount: totals.baseWeight * conditional,
      events: isRate ? totals.events : nil,
      degreesOfFreedom: nil,
      domainDegreesOfFreedom: countedFreedom,
      designEffect: nil,
      isProportion: isRate,
      interval: nil,
      comparison: nil,
      oneSided: nil,
      verdict: nil,
      isWithinUnit: isWithin,
      reason: nil
    )
    if totals.rowCount == 0 || totals.baseCount == 0 {
      result.reason = totals.rowCount == 0 ? .emptyDomain : .zeroDenominator
      return (result, nil)
    }
    if totals.hasMissing, !request.dropsMissing {
      result.reason = .missingValues
      return (result, nil)
    }
    guard var (estimate, coefficients) = totals.linearized() else {
      result.reason = .zeroDenominator
      return (result, nil)
    }
    if case .total = indicator.statistic, conditional != 1 {
      estimate *= conditional
      coefficients = coefficients.map { $0 * conditional }
    }
    guard estimate.isFinite else {
      result.reason = .missingValues
      return (result, nil)
    }
    let linear = totals.linearizedCells(coefficients)
    let freedom: Int
    if isWithin {
      freedom = domainFreedom
    } else {
      switch request.domainFreedom {
      case .domain: freedom = domainFreedom
      case .design:
        freedom = designFreedom[place]
      }
    }
    result.degreesOfFreedom = freedom
    result.estimate = indicator.isComplement ? 1 - estimate : estimate
    let summed =
      isWithin && firstStage >= tree.stages.count
      ? nil : selfCovariance(figure, linear, coefficients, from: firstStage)
    // A sum of squares: below zero by rounding alone, where it is zero in theory.
    let square = summed.map { $0.isNaN ? $0 : max(0, $0) }
    guard let square, !(isWithin && freedom <= 0) else {
      result.reason = .noDegreesOfFreedom
      return (result, nil)
    }
    guard square >= 0, square.isFinite else {
      result.reason = .negativeVariance
      return (result, nil)
    }
    result.standardError = square.squareRoot()
    if let reference = request.deff,
      let simple = totals.simpleRandomVariance(
        coefficients,
        reference,
        conditional: conditional
      ), simple > 0
    {
      result.designEffect = square / simple
    }
    if freedom <= 0 {
      result.reason = .noDegreesOfFreedom
    } else {
      let facts = IntervalFacts(
        estimate: estimate,
        variance: square,
        freedom: freedom,
        base: BaseCounts(
          rows: totals.baseCount,
          events: totals.events,
          weight: totals.baseWeight,
          squaredWeight: totals.baseSquaredWeight
        ),
        meanClusterSize: meanClusterSize(figure, domain.cells, from: firstStage),
        round: rounds[place],
        isPooledValid: clusterStage >= 0 && tree.firstOpenStage(touched, from: firstStage) >= clusterStage,
        cells: domain.cells,
        level: request.level
      )
      facts.complete(&result, indicator: indicator)
    }
    return (result, Linear(cells: linear, coefficients: coefficients))
  }

  private func firstStageFraction(_ cells: [Int32]) -> Double {
    guard let cell = cells.first else { return 1 }
    let stage = tree.stages[0]
    return stage.fraction(Int(stage.strata[Int(cell)]), unit: Int(stage.units[Int(cell)])) ?? 1
  }

  private func selfCovariance(
    _ figure: Figure,
    _ linear: LinearizedCells,
    _ coefficients: [Double],
    from first: Int
  ) -> Double? {
    var squares: [ExtendedDouble] = []
    if let last = tree.stages.last, last.isElementStage || last.sharesCells {
      squares.reserveCapacity(linear.cells.count)
      for cell in linear.cells {
        squares.append(crossSquare(figure, coefficients, figure, coefficients, cell: Int(cell)))
      }
    }
    return variance.covariance(linear, linear, squares: { squares[$0] }, from: first)
  }

  /// Σ w² ℓ ℓ′ over the rows of a cell.
  ///
  /// Exactly 0 where the terms cancel to what ``ExactSum`` may drop: an answer that never varies.
  func crossSquare(
    _ left: Figure,
    _ leftCoefficients: [Double],
    _ right: Figure,
    _ rightCoefficients: [Double],
    cell: Int
  ) -> ExtendedDouble {
    var sum = ExtendedDouble(0)
    var size = 0.0
    let isSame = left.indicator == right.indicator && left.level == right.level
    for (term, coefficient) in leftCoefficients.enumerated() where coefficient != 0 {
      for (other, otherCoefficient) in rightCoefficients.enumerated() where otherCoefficient != 0 {
        let product =
          isSame ? left.squaredProduct(term, other, cell) : left.crossProduct(term, right, other, cell)
        let part = product.extended * ExtendedDouble(coefficient) * ExtendedDouble(otherCoefficient)
        sum = sum + part
        size += abs(part.value)
      }
    }
    if abs(sum.value) <= 0x1p-60 * size { return ExtendedDouble(0) }
    let scale = tree.scales[cell]
    return scale == 1 ? sum : sum * ExtendedDouble(scale) * ExtendedDouble(scale)
  }

  /// m̄ = Σm² / Σm over the last clusters; 1 where rows are drawn by themselves, as within a drawn unit.
  private func meanClusterSize(_ figure: Figure, _ cells: [Int32], from first: Int) -> Double {
    guard clusterStage >= first else { return 1 }
    var sum = 0.0
    var squares = 0.0
    for range in Runs(tree.stages[clusterStage].units, cells, 0..<cells.count) {
      var count = 0
      for place in range { count += figure.baseCount(Int(cells[place])) }
      if tree.stages[clusterStage].units[Int(cells[range.lowerBound])] < 0 {
        // Clusters of one row each.
        sum += Double(count)
        squares += Double(count)
        continue
      }
      sum += Double(count)
      squares += Double(count) * Double(count)
    }
    return sum > 0 ? squares / sum : 1
  }
}
