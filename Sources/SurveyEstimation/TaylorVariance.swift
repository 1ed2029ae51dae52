internal import StatisticalFunctions
internal import SurveyDesign

/// Linearized values summed over the cells of a domain, ready for the variance.
struct LinearizedCells: Sendable {
  /// The cells with rows of the domain, in canonical order.
  var cells: [Int32]
  /// By place in `cells`: Σ w ℓ, the sum of weighted linearized values.
  var sums: [ExtendedDouble]
  /// Rows that count, for strata of rows with a single one.
  var rowCounts: [Int]
}

/// The stratified multistage variance of linearized totals.
///
/// Formula: V = Σ_h f_h n_h/(n_h − 1) Σ_i (z_hi − z̄_h)(y_hi − ȳ_h) + Σ_h (n_h/N_h) Σ_i V_hi, f_h = 1 − n_h/N_h,
/// with V_hi the same within unit i at the next stage; units of the sample outside the domain count with 0.
/// A stage without population sizes counts as drawn with replacement and ends the recursion.
/// Lonely units (n_h = 1, f_h > 0): `certainty` and `remove` add nothing, `adjust` adds f_h z² (deviation from
/// the mean over all strata, 0 for linearized values), `average` the mean contribution of the other strata; where a
/// unit has no other strata, the mean over the units beside it.
/// Units drawn with unequal probabilities: f_i = 1 − π_i inside the first sum and π_i in place of n_h/N_h, Brewer's
/// approximation. Stages in an order of selection: successive differences (``UnitOrder``).
/// Source: Särndal, Swensson and Wretman (1992), result 4.3.1; Brewer (2002), ch. 9; R survey's `multistage`
/// (Lumley 2010).
struct TaylorVariance: Sendable {
  let tree: DesignTree
  let lonelyUnits: LonelyUnitPolicy
  let adjustsLonelyDomains: Bool

  /// The covariance of two linearized totals over the same cells; the variance where they are the same.
  ///
  /// - Parameters:
  ///   - squares: by place, Σ w² ℓ ℓ′ over rows; read where rows are units.
  ///   - first: the stage that counts as the first one.
  /// - Returns: `nil` where no stratum has a variance of its own.
  func covariance(
    _ left: LinearizedCells,
    _ right: LinearizedCells,
    squares: (Int) -> ExtendedDouble,
    from first: Int = 0
  ) -> Double? {
    guard !left.cells.isEmpty else { return 0 }
    return covariance(left, right, squares: squares, stage: first, range: 0..<left.cells.count)
  }

  private func covariance(
    _ left: LinearizedCells,
    _ right: LinearizedCells,
    squares: (Int) -> ExtendedDouble,
    stage place: Int,
    range: Range<Int>
  ) -> Double? {
    guard place < tree.stages.count else { return 0 }
    let stage = tree.stages[place]
    var own = 0.0
    var below = 0.0
    var strata = 0
    var usable = 0
    var missingBelow = 0.0
    var presentBelow = 0.0
    var presentCount = 0
    for stratumRange in Runs(stage.strata, left.cells, range) {
      let stratum = Int(stage.strata[Int(left.cells[stratumRange.lowerBound])])
      strata += 1
      if stage.isComplete(stratum) {
        usable += 1
      } else if stage.isElementStage || (stage.sharesCells && hasShared(stage, left.cells, stratumRange)) {
        if let part = elements(stage, stratum, left, right, squares: squares, range: stratumRange) {
          own += part
          usable += 1
        }
      } else if let part = clusters(stage, stratum, left, right, range: stratumRange) {
        own += part
        usable += 1
      }
      guard !stage.isElementStage, place + 1 < tree.stages.count else { continue }
      for unitRange in Runs(stage.units, left.cells, stratumRange) {
        let unit = Int(stage.units[Int(left.cells[unitRange.lowerBound])])
        guard let fraction = stage.fraction(stratum, unit: unit) else { break }
        if let part = covariance(left, right, squares: squares, stage: place + 1, range: unitRange) {
          below += fraction * part
          presentBelow += fraction * part
          presentCount += 1
        } else {
          missingBelow += 1
        }
      }
    }
    if missingBelow > 0, presentCount > 0 { below += missingBelow * presentBelow / Double(presentCount) }
    guard usable > 0 else { return nil }
    return own * Double(strata) / Double(usable) + below
  }

  private func hasShared(_ stage: DesignTree.Stage, _ cells: [Int32], _ range: Range<Int>) -> Bool {
    range.contains { stage.units[Int(cells[$0])] < 0 }
  }

  /// What a stratum of clusters adds; `nil` where the policy takes the average of the others.
  private func clusters(
    _ stage: DesignTree.Stage,
    _ stratum: Int,
    _ left: LinearizedCells,
    _ right: LinearizedCells,
    range: Range<Int>
  ) -> Double? {
    var lefts: [Double] = []
    var rights: [Double] = []
    var units: [Int] = []
    for unitRange in Runs(stage.units, left.cells, range) {
      units.append(Int(stage.units[Int(left.cells[unitRange.lowerBound])]))
      var sums = (ExtendedDouble(0), ExtendedDouble(0))
      for place in unitRange {
        sums.0 = sums.0 + left.sums[place]
        sums.1 = sums.1 + right.sums[place]
      }
      lefts.append(sums.0.value)
      rights.append(sums.1.value)
    }
    let correction = stage.probabilities.map { 1 - $0[units[0]] } ?? stage.correction(stratum)
    let size = stage.sampleSizes[stratum]
    guard size > 1 else { return lonely(correction * lefts[0] * rights[0]) }
    let isLonelyDomain = lefts.count == 1 && adjustsLonelyDomains
    if isLonelyDomain, lonelyUnits == .average { return nil }
    if let order = stage.order, !(isLonelyDomain && lonelyUnits == .adjust) {
      return order.covariance(units, lefts, rights, in: stage, stratum: stratum)
    }
    if let probabilities = stage.probabilities, !(isLonelyDomain && lonelyUnits == .adjust) {
      let corrections = units.map { 1 - probabilities[$0] }
      return proportional(lefts, rights, corrections, size: size, total: stage.complements[stratum])
    }
    let scale = correction * Double(size) / Double(size - 1)
    if isLonelyDomain, lonelyUnits == .adjust { return scale * lefts[0] * rights[0] }
    var sumLeft = 0.0
    var sumRight = 0.0
    for index in lefts.indices {
      sumLeft += lefts[index]
      sumRight += rights[index]
    }
    let meanLeft = sumLeft / Double(size)
    let meanRight = sumRight / Double(size)
    var sum = Double(size - lefts.count) * meanLeft * meanRight
    for index in lefts.indices { sum += (lefts[index] - meanLeft) * (rights[index] - meanRight) }
    return scale * sum
  }

  /// What a stratum of units with unequal probabilities adds.
  ///
  /// - Parameters:
  ///   - corrections: 1 − π of the units with rows of the domain.
  ///   - total: the sum of 1 − π over all units of the stratum in the sample.
  private func proportional(
    _ lefts: [Double],
    _ rights: [Double],
    _ corrections: [Double],
    size: Int,
    total: Double
  ) -> Double {
    var sumLeft = 0.0
    var sumRight = 0.0
    var untouched = total
    for index in lefts.indices {
      sumLeft += lefts[index]
      sumRight += rights[index]
      untouched -= corrections[index]
    }
    let meanLeft = sumLeft / Double(size)
    let meanRight = sumRight / Double(size)
    var sum = lefts.count == size ? 0 : untouched * meanLeft * meanRight
    for index in lefts.indices {
      sum += corrections[index] * (lefts[index] - meanLeft) * (rights[index] - meanRight)
    }
    return Double(size) / Double(size - 1) * sum
  }

  /// What a stratum whose units are rows, or have a single row at least in part, adds.
  private func elements(
    _ stage: DesignTree.Stage,
    _ stratum: Int,
    _ left: LinearizedCells,
    _ right: LinearizedCells,
    squares: (Int) -> ExtendedDouble,
    range: Range<Int>
  ) -> Double? {
    var sumLeft = ExtendedDouble(0)
    var sumRight = ExtendedDouble(0)
    var square = ExtendedDouble(0)
    var rows = 0
    for unitRange in Runs(stage.units, left.cells, range) {
      var sums = (ExtendedDouble(0), ExtendedDouble(0))
      let hasSums = stage.units[Int(left.cells[unitRange.lowerBound])] >= 0
      for place in unitRange {
        sums.0 = sums.0 + left.sums[place]
        sums.1 = sums.1 + right.sums[place]
        if hasSums { continue }
        square = square + squares(place)
        rows += left.rowCounts[place]
      }
      sumLeft = sumLeft + sums.0
      sumRight = sumRight + sums.1
      if hasSums {
        square = square + sums.0 * sums.1
        rows += 1
      }
    }
    let correction = stage.correction(stratum)
    let size = stage.sampleSizes[stratum]
    guard size > 1 else { return lonely(correction * square.value) }
    let isLonelyDomain = rows == 1 && adjustsLonelyDomains
    if isLonelyDomain, lonelyUnits == .average { return nil }
    let scale = correction * Double(size) / Double(size - 1)
    if isLonelyDomain, lonelyUnits == .adjust { return scale * square.value }
    let centred = ExtendedDouble(Double(size)) * square - sumLeft * sumRight
    return correction / Double(size - 1) * centred.value
  }

  private func lonely(_ uncentred: Double) -> Double? {
    switch lonelyUnits {
    case .adjust: uncentred
    case .average: nil
    case .certainty, .remove, .fail: 0
    }
  }
}

/// The runs of places whose cells have the same node.
struct Runs: Sequence, IteratorProtocol {
  private let nodes: [Int32]
  private let cells: [Int32]
  private var position: Int
  private let end: Int

  init(_ nodes: [Int32], _ cells: [Int32], _ range: Range<Int>) {
    self.nodes = nodes
    self.cells = cells
    position = range.lowerBound
    end = range.upperBound
  }

  mutating func next() -> Range<Int>? {
    guard position < end else { return nil }
    let start = position
    let node = nodes[Int(cells[start])]
    while position < end, nodes[Int(cells[position])] == node { position += 1 }
    return start..<position
  }
}
