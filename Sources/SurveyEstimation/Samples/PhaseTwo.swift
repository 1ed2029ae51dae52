internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign

/// One phase as rows see it: by stage, the stratum and the unit of each row, how many units the stratum has in
/// the sample, and the units' inclusion probabilities.
struct PhaseRows: Sendable {
  struct Stage: Sendable {
    /// By row.
    var strata: [Int32]
    var units: [Int32]
    var sizes: [Double]
    /// By row: π of the unit given the stage before; 1 where nothing is known.
    var probabilities: [Double]
    /// By row: N of the stratum; `nil` where sampled with replacement.
    var populations: [Double?]
  }

  var stages: [Stage]

  init(_ tree: DesignTree, cells: [Int32], weights: [Double]) {
    stages = tree.stages.enumerated().map { place, stage in
      let strata = cells.map { stage.strata[Int($0)] }
      return Stage(
        strata: strata,
        units: stage.isElementStage ? cells.indices.map { Int32($0) } : cells.map { stage.units[Int($0)] },
        sizes: strata.map { Double(stage.sampleSizes[Int($0)]) },
        probabilities: cells.indices.map { row in
          let unit = stage.isElementStage ? 0 : Int(stage.units[Int(cells[row])])
          return stage.fraction(Int(strata[row]), unit: unit) ?? (place == 0 ? min(1, 1 / weights[row]) : 1)
        },
        populations: strata.map { stage.populationSizes[Int($0)] }
      )
    }
  }

  /// Δ of the rows given: −(1 − π)/(n − 1) within a stratum, 1 − π within a unit, over all stages.
  ///
  /// First-stage units sampled with replacement are those of a stratum without end: π is 0.
  func deltas(_ rows: [Int]) -> Matrix {
    var result = Matrix(rows: rows.count, columns: rows.count)
    for (number, stage) in stages.enumerated() {
      for (place, row) in rows.enumerated() {
        for (other, column) in rows.enumerated() {
          let open = number == 0 && stage.populations[row] == nil ? 1 : 1 - stage.probabilities[row]
          var delta = 0.0
          if stage.units[row] == stage.units[column] {
            delta = open
          } else if stage.strata[row] == stage.strata[column] {
            delta = -open / (stage.sizes[row] - 1)
          }
          let known = result[place, other]
          result[place, other] = known + delta - known * delta
        }
      }
    }
    return result
  }
}

/// The variance of a two-phase sample.
///
/// Formula (full): Σ Δ_kl s_k s_l over the second phase, Δ = Δ₁ + Δ₂ − Δ₁Δ₂ of the phases. Approximate and simple: the
/// first phase's stratified variance with every unit standing for the share of units that the second phase kept, plus
/// the second phase's. Source: Särndal, Swensson and Wretman (1992), §9.3; Lumley (2010), ch. 8.
struct PhaseTwo: ScoreVariance {
  /// By row of the first phase.
  let isSelected: [Bool]
  /// By row; 0 outside the second phase.
  let weights: [Double]
  private let rows: [Int]
  private let first: PhaseRows
  private let second: PhaseRows
  /// Of the full method.
  private let deltas: Matrix?
  /// Of the full method: the second phase's part alone.
  private let secondDeltas: Matrix?
  /// By place in `rows`: the share of first-phase units in the second phase.
  private let shares: [Double]
  /// By row of the first phase.
  let firstWeights: [Double]

  let keepsOutsideRows = true

  /// - Parameters:
  ///   - tree, cells, firstWeights: the first phase, by row of the table.
  /// - Throws: a refusal for marks that are not 0 or 1, or a second-phase stratum of which nothing was taken.
  init(
    _ spec: SecondPhase,
    of table: Table,
    tree: DesignTree,
    cells: [Int32],
    firstWeights: [Double]
  ) throws(InputRefusal) {
    let marks = try Expression(column: spec.subset).numbers(over: table)
    var findings: [Finding] = []
    for row in marks.indices where marks[row] != 0 && marks[row] != 1 {
      findings.append(
        Finding(
          "phase-mark",
          file: table.file,
          row: table.fileRow(of: row),
          column: spec.subset,
          value: table[spec.subset]?.text(at: row),
          message: LocalizedText(zh: "应为 0 或 1。", en: "should be 0 or 1."),
          fix: LocalizedText(zh: "1 表示进入第二阶段样本。", en: "1 marks the rows of the second phase.")
        )
      )
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    isSelected = marks.map { $0 == 1 }
    let rows = marks.indices.filter { marks[$0] == 1 }
    self.rows = rows
    self.firstWeights = firstWeights
    first = PhaseRows(tree, cells: cells, weights: firstWeights)
    let whole = try Self.placed(table, stages: spec.stages)
    var part = try Self.placed(table.rows(rows), stages: spec.stages)
    // The second phase was drawn from the first: its population sizes are counted there.
    var weights = [Double](repeating: 0, count: table.rowCount)
    for row in rows { weights[row] = firstWeights[row] }
    for stage in part.stages.indices {
      for (place, row) in rows.enumerated() {
        let population = whole.stages[stage].sizes[row]
        part.stages[stage].populations[place] = population
        part.stages[stage].probabilities[place] = part.stages[stage].sizes[place] / population
        weights[row] *= population / part.stages[stage].sizes[place]
      }
    }
    self.weights = weights
    second = part
    let isCertain = first.stages.allSatisfy { stage in stage.probabilities.allSatisfy { $0 == 1 } }
    let isWithReplacement = first.stages[0].populations.contains { $0 == nil }
    if spec.variance == .full {
      var one = first.deltas(rows)
      if isCertain, isWithReplacement, Set(first.stages[0].strata).count == 1 {
        // Nothing is known of the first phase: its rows count as drawn one by one, as in R survey.
        one = Matrix(rows: rows.count, columns: rows.count)
        for place in rows.indices { one[place, place] = 1 }
      }
      let two = part.deltas(rows.indices.map { $0 })
      var both = one + two
      for row in rows.indices {
        for column in rows.indices { both[row, column] -= one[row, column] * two[row, column] }
      }
      deltas = both
      secondDeltas = two
    } else {
      deltas = nil
      secondDeltas = nil
    }
    shares = Self.shares(first, secondStrata: spec.stages[0].strata.isEmpty ? nil : whole.stages[0].strata, rows: rows)
  }

  func covariance(_ scores: [[Double]], isInside: [Bool], from firstStage: Int) -> Matrix? {
    let columns = scores.map { score in rows.map { score[$0] } }
    var result = Matrix(rows: scores.count, columns: scores.count)
    for row in scores.indices {
      for column in row..<scores.count {
        let value: Double
        if let deltas {
          value = deltas.form(columns[row], columns[column])
        } else {
          value = firstPart(columns[row], columns[column]) + secondPart(columns[row], columns[column])
        }
        result[row, column] = value
        result[column, row] = value
      }
    }
    return result
  }

  /// The variance of a sum whose first phase varies by one column of scores and whose second phase by another.
  ///
  /// - Parameters:
  ///   - scores: by row, for the first phase.
  ///   - residuals: by row, for the second phase given the first.
  func variance(first scores: [Double], second residuals: [Double]) -> Double {
    let (s, e) = (rows.map { scores[$0] }, rows.map { residuals[$0] })
    guard let deltas, let secondDeltas else { return firstPart(s, s) + secondPart(e, e) }
    return deltas.form(s, s) - secondDeltas.form(s, s) + secondDeltas.form(e, e)
  }

  func freedom(_ isInside: [Bool]) -> Int {
    var units = Set<Int32>()
    var strata = Set<Int32>()
    for (place, row) in rows.enumerated() where isInside[row] {
      units.insert(second.stages[0].units[place])
      strata.insert(second.stages[0].strata[place])
    }
    return units.count - strata.count
  }

  /// The first phase's part: by stratum, units weighted back to what they were in the first phase.
  private func firstPart(_ left: [Double], _ right: [Double]) -> Double {
    let stage = first.stages[0]
    var unitsOfStratum: [Int32: [Int32]] = [:]
    var sums: [Int32: (left: Double, right: Double, share: Double, row: Int)] = [:]
    for (place, row) in rows.enumerated() {
      let unit = stage.units[row]
      if sums[unit] == nil { unitsOfStratum[stage.strata[row], default: []].append(unit) }
      var known = sums[unit] ?? (0, 0, shares[place], row)
      known.left += left[place]
      known.right += right[place]
      sums[unit] = known
    }
    var total = 0.0
    for stratum in unitsOfStratum.keys.sorted() {
      let units = (unitsOfStratum[stratum] ?? []).compactMap { sums[$0] }
      guard let any = units.first else { continue }
      let size = stage.sizes[any.row]
      let correction = stage.populations[any.row].map { ($0 - size) / $0 } ?? 1
      guard size > 1 else { continue }
      var meanLeft = 0.0
      var meanRight = 0.0
      for unit in units {
        meanLeft += unit.left / size
        meanRight += unit.right / size
      }
      var sum = 0.0
      for unit in units {
        sum += (unit.left * unit.share - meanLeft) * (unit.right * unit.share - meanRight) / unit.share
      }
      total += correction * size / (size - 1) * sum
    }
    return total
  }

  /// The second phase's part: the variance of a stratified sample of the first phase.
  private func secondPart(_ left: [Double], _ right: [Double]) -> Double {
    let stage = second.stages[0]
    var sums: [Int32: (left: Double, right: Double, stratum: Int32, place: Int)] = [:]
    for (place, row) in rows.enumerated() {
      let factor = isSameScale ? 1 : (1 / firstWeights[row]).squareRoot()
      var known = sums[stage.units[place]] ?? (0, 0, stage.strata[place], place)
      known.left += left[place] * factor
      known.right += right[place] * factor
      sums[stage.units[place]] = known
    }
    var byStratum: [Int32: [(left: Double, right: Double, place: Int)]] = [:]
    for unit in sums.keys.sorted() {
      if let known = sums[unit] { byStratum[known.stratum, default: []].append((known.left, known.right, known.place)) }
    }
    var total = 0.0
    for stratum in byStratum.keys.sorted() {
      let units = byStratum[stratum] ?? []
      let size = Double(units.count)
      guard size > 1 else { continue }
      let correction = 1 - stage.probabilities[units[0].place]
      let meanLeft = units.reduce(0) { $0 + $1.left } / size
      let meanRight = units.reduce(0) { $0 + $1.right } / size
      var sum = 0.0
      for unit in units { sum += (unit.left - meanLeft) * (unit.right - meanRight) }
      total += correction * size / (size - 1) * sum
    }
    return total
  }

  /// Whether the second phase draws the first phase's last units themselves.
  private var isSameScale: Bool {
    guard let last = first.stages.last else { return true }
    var unitOfSecond = Set<Int32>()
    var firstUnits = Set<Int32>()
    for (place, row) in rows.enumerated() where unitOfSecond.insert(second.stages[0].units[place]).inserted {
      if !firstUnits.insert(last.units[row]).inserted { return false }
    }
    return true
  }

  /// The share of the first phase's last units that the second phase holds, within each second-phase stratum (or
  /// first-phase stratum where it has none).
  private static func shares(_ first: PhaseRows, secondStrata: [Int32]?, rows: [Int]) -> [Double] {
    guard let last = first.stages.last else { return rows.map { _ in 1 } }
    let strata = secondStrata ?? last.strata
    struct Key: Hashable {
      var stratum: Int32
      var unit: Int32
    }
    func counts(_ rows: some Sequence<Int>) -> [Int32: Double] {
      var seen = Set<Key>()
      var counts: [Int32: Double] = [:]
      for row in rows where seen.insert(Key(stratum: strata[row], unit: last.units[row])).inserted {
        counts[strata[row], default: 0] += 1
      }
      return counts
    }
    let kept = counts(rows)
    let all = counts(strata.indices)
    return rows.map { (kept[strata[$0]] ?? 0) / (all[strata[$0]] ?? 1) }
  }

  private static func placed(
    _ table: Table,
    stages: [SampleDesign.Stage]
  ) throws(InputRefusal) -> PhaseRows {
    let design = SampleDesign(
      stages: stages,
      weights: .equal,
      lonelyUnits: .certainty,
      adjustsLonelyDomains: false,
      unitsNestedInStrata: true
    )
    let estimator = try Estimator(.rowsOnly(by: []), design: design)
    var sums = estimator.makeAccumulator()
    let placed = try estimator.place(table, in: &sums)
    let tree = try DesignTree(sums, design: design, layout: estimator.layout)
    return PhaseRows(tree, cells: placed.cells, weights: placed.weights)
  }
}
