internal import Glibc
internal import StatisticalFunctions
package import SurveyData
internal import SurveyDesign

extension SurveySample {
  /// Estimates every indicator in every domain, with what the weights went through taken into account.
  ///
  /// - Parameters:
  ///   - request: what is wanted.
  ///   - workers: how many figures are worked on at once.
  /// - Returns: the estimates, with the same bits for any number of workers.
  /// - Throws: a refusal for columns that are missing or not of the kind wanted.
  package func estimation(
    _ request: EstimationRequest,
    workers: Int = 1
  ) throws(InputRefusal) -> Estimation {
    // Domains are cells of the tree: a sample made without them is placed again.
    let known = Set(tree.byCodes.keys)
    if request.domains.joined().contains(where: { !known.contains($0) }) {
      return try SurveySample(table, design: design, by: request.domains).estimation(request, workers: workers)
    }
    var figures: [RowFigure] = []
    for indicator in request.indicators { figures += try RowFigure.figures(of: indicator, in: table) }
    return withSimultaneousLimits(request) {
      SampleResults(sample: self, request: $0, figures: figures, workers: workers).estimation
    }
  }
}

/// Turns the rows of a sample into its estimates.
struct SampleResults: Sendable {
  let sample: SurveySample
  let request: EstimationRequest
  let figures: [RowFigure]
  private let clusterStage: Int
  private let rounds: [RoundCorrelation]
  private let workers: Int
  /// By figure: over all rows in its filter, where a domain takes the design's.
  private let designFreedom: [Int]

  init(sample: SurveySample, request: EstimationRequest, figures: [RowFigure], workers: Int) {
    self.workers = workers
    self.sample = sample
    self.request = request
    self.figures = figures
    let tree = sample.tree
    var rows = [Int](repeating: 0, count: tree.order.count)
    for (row, cell) in sample.cells.enumerated() where sample.isAnswering[row] { rows[Int(cell)] += 1 }
    let hasStages = sample.replicates == nil && sample.design.joint == nil && sample.design.secondPhase == nil
    let layout = hasStages ? RoundLayout(tree) { rows[$0] } : RoundLayout(withoutClusters: tree)
    clusterStage = layout.clusterStage
    designFreedom =
      request.domainFreedom == .domain
      ? []
      : Workers.map(workers, figures) { figure in
        sample.plainFreedom(zip(figure.isInFilter, sample.isAnswering).map { $0 && $1 })
      }
    rounds = Workers.map(workers, figures) { figure in
      var counts = [Int](repeating: 0, count: tree.order.count)
      var events = counts
      var weights = [Double](repeating: 0, count: tree.order.count)
      for row in sample.cells.indices
      where figure.isInFilter[row] && !figure.isMissing[row] && figure.denominators?[row] != 0 {
        counts[Int(sample.cells[row])] += 1
        if figure.values[row] != 0 { events[Int(sample.cells[row])] += 1 }
        weights[Int(sample.cells[row])] += sample.weights[row]
      }
      return RoundCorrelation(
        figure.key,
        isRate: figure.isRate,
        indicator: figure.indicator,
        layout: layout,
        counts: FigureCounts(
          rows: { [counts] in counts[$0] },
          events: { [events] in events[$0] },
          weight: { [weights] in weights[$0] }
        ),
        request: request
      )
    }
  }

  private struct Entry: Sendable {
    var name: String
    var estimate: Double
    var sign: Double
    var scores: [Double]
    var isInside: [Bool]
    var replicated: [Double]
    var firstStage: Int
    var unit: Int32?
  }

  var estimation: Estimation {
    var estimates: [Estimate] = []
    var covariances: [CovarianceMatrix] = []
    var correlations: [PooledCorrelation] = []
    for variables in request.domains {
      var entries: [Entry] = []
      let domains = sample.tree.domains(by: variables)
      if request.domainCorrelations {
        correlations += rounds.flatMap { round in domains.compactMap { round.pooled(in: $0) } }
      }
      let found = Workers.map(workers, Array(0..<figures.count * domains.count)) { index in
        let place = index / domains.count
        let (estimate, entry) = estimate(place, figures[place], domains[index % domains.count])
        return (estimate, request.covariances ? entry : nil)
      }
      for (estimate, entry) in found {
        estimates.append(estimate)
        if let entry { entries.append(entry) }
      }
      if request.covariances { covariances.append(covarianceMatrix(entries, by: variables)) }
    }
    let freedom = sample.plainFreedom(sample.isAnswering)
    let first = sample.tree.stages[0]
    var strata = 0
    for _ in Runs(first.strata, sample.tree.order, 0..<sample.tree.order.count) { strata += 1 }
    var units = Set<Int32>()
    for (row, cell) in sample.cells.enumerated() where sample.isAnswering[row] {
      units.insert(first.isElementStage ? Int32(row) : first.units[Int(cell)])
    }
    var estimation = Estimation(
      estimates: estimates,
      degreesOfFreedom: freedom,
      rows: sample.isAnswering.count { $0 },
      strata: strata,
      firstStageUnits: units.count,
      correlations: rounds.compactMap(\.pooled),
      covariances: covariances,
      notes: intervalNotes(estimates, rounds: rounds, request: request)
    )
    estimation.domainCorrelations = correlations
    return estimation
  }

  private func estimate(_ place: Int, _ figure: RowFigure, _ domain: Domain) -> (Estimate, Entry?) {
    let isWithin =
      domain.unit != nil && request.domainVariance == .withinUnit && sample.replicates == nil
      && sample.design.secondPhase == nil && sample.design.joint == nil
    var isInCells = [Bool](repeating: false, count: sample.tree.order.count)
    for cell in domain.cells { isInCells[Int(cell)] = true }
    var isInside = figure.isInFilter
    for row in isInside.indices {
      isInside[row] = isInside[row] && sample.isAnswering[row] && isInCells[Int(sample.cells[row])]
    }
    let filtered = isInside.indices.filter { isInside[$0] }
    let rows = filtered.filter { !figure.isMissing[$0] }
    // Within a drawn unit nothing is left of the chance by which it was drawn.
    let conditional = isWithin ? firstStageFraction(domain.cells) : 1
    let weights = conditional == 1 ? sample.weights : sample.weights.map { $0 * conditional }
    let base = figure.base(rows, weights: weights)
    var touched = [Bool](repeating: false, count: sample.tree.order.count)
    for row in filtered { touched[Int(sample.cells[row])] = true }
    let cells = domain.cells.filter { touched[Int($0)] }
    var counts = [Int](repeating: 0, count: sample.tree.order.count)
    for row in filtered { counts[Int(sample.cells[row])] += 1 }
    let firstStage = isWithin ? 1 : 0
    let freedom = freedom(isInside, place, cells: cells, counts: counts, firstStage: firstStage, isWithin: isWithin)
    var result = Estimate(
      indicator: figure.key,
      domain: domain.values,
      estimate: nil,
      standardError: nil,
      unweightedCount: base.rows,
      weightedCount: base.weight,
      events: figure.isRate ? base.events : nil,
      degreesOfFreedom: nil,
      domainDegreesOfFreedom: sample.plainFreedom(isInside),
      designEffect: nil,
      isProportion: figure.isRate,
      interval: nil,
      comparison: nil,
      oneSided: nil,
      verdict: nil,
      isWithinUnit: isWithin,
      reason: nil
    )
    if rows.isEmpty || base.rows == 0 {
      result.reason = rows.isEmpty ? .emptyDomain : .zeroDenominator
      return (result, nil)
    }
    if filtered.count > rows.count, !request.dropsMissing {
      result.reason = .missingValues
      return (result, nil)
    }
    let estimate = figure.value(weights, rows)
    guard estimate.isFinite else {
      result.reason = .zeroDenominator
      return (result, nil)
    }
    result.degreesOfFreedom = freedom
    result.estimate = figure.indicator.isComplement ? 1 - estimate : estimate
    var held = isInside
    for row in filtered where figure.isMissing[row] { held[row] = false }
    let influence = figure.influence(weights, rows, of: estimate)
    var scores = [Double](repeating: 0, count: sample.rowCount)
    for (index, row) in rows.enumerated() { scores[row] = weights[row] * influence[index] }
    let entry = Entry(
      name: name(figure, domain),
      estimate: estimate,
      sign: figure.indicator.isComplement ? -1 : 1,
      scores: scores,
      isInside: held,
      replicated: sample.replicates?.values(of: figure, rows, counted: weights) ?? [],
      firstStage: firstStage,
      unit: isWithin ? domain.unit : nil
    )
    if let shown = sample.replicates?.stage {
      let open = sample.tree.firstOpenStage(cells, from: 0)
      // The replicates do not move, although stages below have an error.
      if open > shown, open < sample.tree.stages.count {
        result.reason = .replicatedStageComplete
        return (result, nil)
      }
    }
    guard let square = variance(entry), !(isWithin && freedom <= 0) else {
      result.reason = .noDegreesOfFreedom
      return (result, nil)
    }
    guard square >= -1e-12 * estimate * estimate, square.isFinite else {
      result.reason = .negativeVariance
      return (result, entry)
    }
    result.standardError = max(0, square).squareRoot()
    if let reference = request.deff,
      let simple = simpleVariance(figure, rows: rows, influence: influence, weights: weights, reference)
    {
      result.designEffect = square / simple
    }
    if freedom <= 0 {
      result.reason = .noDegreesOfFreedom
    } else {
      IntervalFacts(
        estimate: estimate,
        variance: max(0, square),
        freedom: freedom,
        base: base,
        meanClusterSize: meanClusterSize(figure, rows, from: firstStage),
        round: rounds[place],
        isPooledValid: clusterStage >= 0
          && sample.tree.firstOpenStage(cells, from: firstStage) >= clusterStage,
        cells: cells,
        level: request.level,
        logitVariance: logitVariance(entry)
      ).complete(&result, indicator: figure.indicator)
    }
    return (result, entry)
  }

  private func freedom(
    _ isInside: [Bool],
    _ place: Int,
    cells: [Int32],
    counts: [Int],
    firstStage: Int,
    isWithin: Bool
  ) -> Int {
    if isWithin { return sample.tree.freedom(of: cells, from: firstStage) { counts[$0] } }
    let hasTree = sample.replicates == nil && sample.design.secondPhase == nil
    switch request.domainFreedom {
    case .domain:
      return hasTree ? sample.tree.freedom(of: cells, from: 0) { counts[$0] } : sample.plainFreedom(isInside)
    case .design: return designFreedom[place]
    }
  }

  private func variance(_ entry: Entry) -> Double? {
    if let replicates = sample.replicates {
      return replicates.covariance([entry.estimate], entry.replicated.map { [$0] })?[0, 0]
    }
    return sample.covariance([entry.scores], isInside: entry.isInside, from: entry.firstStage)?[0, 0]
  }

  /// Replicates give the variance of any function; R's logit interval takes that of the logit itself.
  private func logitVariance(_ entry: Entry) -> Double? {
    guard let replicates = sample.replicates, entry.estimate > 0, entry.estimate < 1,
      // A replicate without an event has no logit, and leaving it out would leave out the spread that it shows.
      entry.replicated.allSatisfy({ $0.isNaN || $0 > 0 && $0 < 1 })
    else { return nil }
    func logit(_ p: Double) -> Double { log(p) - log1p(-p) }
    return replicates.covariance([logit(entry.estimate)], entry.replicated.map { [logit($0)] })?[0, 0]
  }

  private func covarianceMatrix(_ entries: [Entry], by variables: [String]) -> CovarianceMatrix {
    var values = [[Double]](
      repeating: [Double](repeating: 0, count: entries.count),
      count: entries.count
    )
    if let replicates = sample.replicates {
      // Pair by pair: a replicate in which a third estimate has no value counts all the same.
      for row in entries.indices {
        for column in row..<entries.count {
          let (left, right) = (entries[row], entries[column])
          let replicated = left.replicated.indices.map { [left.replicated[$0], right.replicated[$0]] }
          let matrix = replicates.covariance([left.estimate, right.estimate], replicated)
          values[row][column] = matrix?[0, 1] ?? .nan
          values[column][row] = values[row][column]
        }
      }
    } else {
      for row in entries.indices {
        for column in row..<entries.count where entries[row].unit == entries[column].unit {
          let (left, right) = (entries[row], entries[column])
          let held = zip(left.isInside, right.isInside).map { $0 || $1 }
          let matrix = sample.covariance([left.scores, right.scores], isInside: held, from: left.firstStage)
          values[row][column] = matrix?[0, 1] ?? .nan
          values[column][row] = values[row][column]
        }
      }
    }
    for row in entries.indices {
      for column in entries.indices { values[row][column] *= entries[row].sign * entries[column].sign }
    }
    return CovarianceMatrix(by: variables, names: entries.map(\.name), values: values)
  }

  /// As ``DomainTotals/simpleRandomVariance(_:_:)``.
  private func simpleVariance(
    _ figure: RowFigure,
    rows: [Int],
    influence: [Double],
    weights: [Double],
    _ reference: DesignEffectReference
  ) -> Double? {
    if case .variance = figure.indicator.statistic { return nil }
    let count = Double(rows.count)
    var weight = 0.0
    var mean = 0.0
    for (index, row) in rows.enumerated() {
      weight += weights[row]
      mean += weights[row] * influence[index]
    }
    mean /= weight
    var square = 0.0
    for (index, row) in rows.enumerated() {
      square += weights[row] * (influence[index] - mean) * (influence[index] - mean)
    }
    guard count > 1, weight > 0 else { return nil }
    let variance = square / weight * count / (count - 1) * weight * weight / count
    guard variance > 0 else { return nil }
    switch reference {
    case .withReplacement: return variance
    case .withoutReplacement: return weight < count ? nil : variance * (weight - count) / weight
    }
  }

  private func meanClusterSize(_ figure: RowFigure, _ rows: [Int], from first: Int) -> Double {
    guard clusterStage >= first else { return 1 }
    let stage = sample.tree.stages[clusterStage]
    var counts: [Int32: Double] = [:]
    for row in rows where figure.denominators?[row] != 0 {
      counts[stage.units[Int(sample.cells[row])], default: 0] += 1
    }
    var sum = 0.0
    var squares = 0.0
    for count in counts.values {
      sum += count
      squares += count * count
    }
    return sum > 0 ? squares / sum : 1
  }

  private func firstStageFraction(_ cells: [Int32]) -> Double {
    guard let cell = cells.first else { return 1 }
    let stage = sample.tree.stages[0]
    return stage.fraction(Int(stage.strata[Int(cell)]), unit: Int(stage.units[Int(cell)])) ?? 1
  }

  private func name(_ figure: RowFigure, _ domain: Domain) -> String {
    if domain.values.isEmpty { return figure.key }
    return figure.key + " @ " + domain.values.map { "\($0.variable)=\($0.value)" }.joined(separator: ",")
  }
}
