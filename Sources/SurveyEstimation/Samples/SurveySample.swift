internal import StatisticalFunctions
package import SurveyData
package import SurveyDesign

/// A sample whose rows are kept, with the weights that its adjustments leave.
///
/// For what sums by cell cannot answer: calibrated weights, replicates, joint probabilities, second phases,
/// quantiles, tests and models. ``Estimator`` answers plain designs in one pass without keeping rows.
package struct SurveySample: Sendable {
  /// The rows; models add the columns of their classes.
  package internal(set) var table: Table
  package let design: SampleDesign
  /// One weight a row, after every adjustment.
  package internal(set) var weights: [Double]
  /// One weight a row, of the design alone.
  package let designWeights: [Double]
  /// One line a step that changed the weights.
  package internal(set) var history: [WeightStep] = []
  let tree: DesignTree
  /// By row.
  let cells: [Int32]
  /// Rows of the second phase; every row where there is none.
  let isInSample: [Bool]
  /// Rows with answers: all of the sample but those that an adjustment for nonresponse took out.
  var isAnswering: [Bool]
  var projections: [any ScoreProjection] = []
  var replicates: ReplicateWeights?
  var variance: any ScoreVariance

  package var rowCount: Int { table.rowCount }

  /// The weights of the rows with answers.
  package var answeringWeights: [Double] { weights.indices.filter { isAnswering[$0] }.map { weights[$0] } }

  /// Places every row in the design and takes the adjustments one after the other.
  ///
  /// - Throws: a refusal with every row that contradicts the design, or the adjustment that cannot be made.
  package init(_ table: Table, design: SampleDesign) throws(InputRefusal) {
    try self.init(table, design: design, by: [])
  }

  /// As above, with the domains that will be asked for.
  package init(_ table: Table, design: SampleDesign, by variables: [[String]]) throws(InputRefusal) {
    var table = table
    let plain = plainDesign(design, table: &table)
    let request = EstimationRequest.rowsOnly(by: variables)
    let estimator = try Estimator(request, design: plain)
    var sums = estimator.makeAccumulator()
    let placed = try estimator.place(table, in: &sums)
    let cells = placed.cells
    var weights = placed.weights
    var tree = try DesignTree(sums, design: plain, layout: estimator.layout)
    for (place, stage) in plain.stages.enumerated() {
      guard let order = stage.order else { continue }
      tree.stages[place].order = try UnitOrder(order, stage: tree.stages[place], cells: cells, table: table)
    }
    for row in cells.indices { weights[row] *= tree.scales[Int(cells[row])] }
    self.table = table
    self.design = design
    self.tree = tree
    self.cells = cells
    if let phase = design.secondPhase {
      let second = try PhaseTwo(phase, of: table, tree: tree, cells: cells, firstWeights: weights)
      isInSample = second.isSelected
      weights = second.weights
      variance = second
    } else {
      isInSample = [Bool](repeating: true, count: table.rowCount)
      variance = try scoreVariance(design, tree: tree, cells: cells, weights: weights)
    }
    if let columns = design.replicates { replicates = try ReplicateWeights(columns, weights: weights) }
    isAnswering = isInSample
    self.weights = weights
    designWeights = weights
    for adjustment in design.adjustments { try adjust(by: adjustment) }
  }
}

/// How the covariance of weighted scores is estimated: what a design says of its sample.
protocol ScoreVariance: Sendable {
  /// The covariances of Σ s over the rows.
  ///
  /// - Parameters:
  ///   - scores: one column a figure, one number a row: weight × linearized value, 0 outside the domain.
  ///   - isInside: the rows that the sample still holds; others were dropped, as a subset of R's design does.
  ///   - first: the stage that counts as the first one.
  /// - Returns: `nil` where nothing can be said.
  func covariance(_ scores: [[Double]], isInside: [Bool], from first: Int) -> Matrix?
  /// Degrees of freedom of the rows, as R's `degf` counts them.
  func freedom(_ isInside: [Bool]) -> Int
  /// Rows outside a domain stay in the sample with scores of 0.
  var keepsOutsideRows: Bool { get }
}

/// Takes off a score what an adjustment of the weights explains of it.
protocol ScoreProjection: Sendable {
  func residual(_ score: [Double]) -> [Double]
  /// Turns scores of the weights after a step into those of the weights before it, so that steps are taken back in
  /// turn from the last one; others take residuals in the order of the steps, as R survey does.
  var takesStepBack: Bool { get }
}

extension ScoreProjection {
  var takesStepBack: Bool { false }
}

extension SurveySample {
  /// The covariances of Σ s, after what the adjustments explain is taken off.
  func covariance(_ scores: [[Double]], isInside: [Bool], from first: Int = 0) -> Matrix? {
    let keepsAll = variance.keepsOutsideRows || !projections.isEmpty
    let forward = projections.filter { !$0.takesStepBack }
    let steps = forward + projections.filter(\.takesStepBack).reversed()
    let residuals = scores.map { score in steps.reduce(score) { $1.residual($0) } }
    return variance.covariance(residuals, isInside: keepsAll ? isInSample : isInside, from: first)
  }

  /// The domains of a set of by-variables that the sample has rows of, in the byte order of their values.
  package func domains(by variables: [String]) -> [[DomainValue]] {
    var isUsed = [Bool](repeating: false, count: tree.order.count)
    for row in cells.indices where isAnswering[row] { isUsed[Int(cells[row])] = true }
    return tree.domains(by: variables).filter { $0.cells.contains { isUsed[Int($0)] } }.map(\.values)
  }

  /// The rows of the sample in a domain and in a filter.
  func rowsInside(_ domain: [DomainValue], filter: Expression?) throws(InputRefusal) -> [Bool] {
    var isInside = isAnswering
    if let filter {
      let mask = try filter.mask(over: table)
      for row in isInside.indices { isInside[row] = isInside[row] && mask[row] }
    }
    for value in domain {
      let text = try table.column(value.variable).codedText
      for row in isInside.indices where isInside[row] {
        isInside[row] = text.codes[row] >= 0 && text.levels[Int(text.codes[row])] == value.value
      }
    }
    return isInside
  }

  /// R's degrees of freedom of the rows inside.
  func plainFreedom(_ isInside: [Bool]) -> Int {
    if let replicates { return replicates.freedom(isInside) }
    return variance.freedom(isInside)
  }
}

extension EstimationRequest {
  /// Only the rows' places in the design and the domains are wanted.
  static func rowsOnly(by variables: [[String]]) -> EstimationRequest {
    EstimationRequest(
      indicators: [],
      domains: variables,
      level: 0.95,
      domainVariance: .unconditional,
      domainFreedom: .design,
      deff: nil,
      plannedCorrelation: 0,
      dropsMissing: false,
      covariances: false
    )
  }
}

/// The design without what only rows can answer; rows that are units of unequal probability or of an order get names.
private func plainDesign(_ design: SampleDesign, table: inout Table) -> SampleDesign {
  var plain = design
  plain.joint = nil
  plain.secondPhase = nil
  plain.replicates = nil
  plain.adjustments = []
  if design.replicates != nil {
    plain.stages = [SampleDesign.Stage(unit: .row)]
    return plain
  }
  for place in plain.stages.indices
  where plain.stages[place].unit == .row && (plain.stages[place].isProportional || plain.stages[place].order != nil) {
    let name = "(row)"
    let codes = (0..<Int32(table.rowCount)).map { $0 }
    let digits = String(table.rowCount).count
    let names = codes.map { code in
      let text = String(code)
      return String(repeating: "0", count: digits - text.count) + text
    }
    table.set(Column(name, .text(CodedText(levels: names, codes: codes))))
    plain.stages[place].unit = .column(name)
  }
  return plain
}

private func scoreVariance(
  _ design: SampleDesign,
  tree: DesignTree,
  cells: [Int32],
  weights: [Double]
) throws(InputRefusal) -> any ScoreVariance {
  let linear = MultistageScores(
    variance: TaylorVariance(
      tree: tree,
      lonelyUnits: design.lonelyUnits,
      adjustsLonelyDomains: design.adjustsLonelyDomains
    ),
    cells: cells
  )
  guard let joint = design.joint else { return linear }
  return try JointScores(joint, linear: linear, weights: weights)
}

extension SurveySample {
  /// Replicate weights as they are written out.
  package struct ReplicateTable: Sendable {
    /// By replicate: the weight of every row.
    package var weights: [[Double]]
    package var scale: Double
    package var scales: [Double]
    package var degreesOfFreedom: Int
  }

  /// How replicates become a variance.
  package struct ReplicateFrame: Sendable {
    package var count: Int
    package var scale: Double
    package var scales: [Double]
    package var isMeanSquaredError: Bool
    package var degreesOfFreedom: Int
  }

  /// `nil` where the design has no replicates.
  package var replicateFrame: ReplicateFrame? {
    replicates.map {
      ReplicateFrame(
        count: $0.count,
        scale: $0.scale,
        scales: $0.replicateScales,
        isMeanSquaredError: $0.isMeanSquaredError,
        degreesOfFreedom: $0.wholeFreedom
      )
    }
  }

  /// The weight of one row in one replicate; there must be replicates.
  package func replicateWeight(_ replicate: Int, row: Int) -> Double {
    replicates?.weight(replicate, row: row) ?? weights[row]
  }

  /// How many replicates there are; `nil` where the design has none.
  package var replicateCount: Int? { replicates?.count }

  /// The replicate weights, where the design has them.
  package var replicateTable: ReplicateTable? {
    replicates.map {
      ReplicateTable(
        weights: $0.map { $0 },
        scale: $0.scale,
        scales: $0.replicateScales,
        degreesOfFreedom: $0.wholeFreedom
      )
    }
  }
}
