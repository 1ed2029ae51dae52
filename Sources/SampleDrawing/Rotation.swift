import StatisticalFunctions
import SurveyDesign

/// How many units a round shares with the round before, at one stage.
package struct RoundOverlap: Sendable, Equatable {
  package var stage: String
  /// Selected in both rounds.
  package var kept: Int
  /// Selected now and not before.
  package var new: Int
  /// Selected before and not now.
  package var dropped: Int
  /// The number of kept units that the shifts make likely; nil where the two designs differ in more than their
  /// shift and sample size.
  package var expected: Double?
}

/// The expected number of units that two rounds of a rotating simple random sample share in one stratum.
///
/// Formula: with K ~ Binomial(N, d) the units that the turn passes over,
/// E[max(0, min(n₁, K + n₂) − K) + max(0, min(n₁, K + n₂ − N))]; the second term counts units to which the turn
/// comes back. Not a part of the draw: it uses the binomial density, whose last bits may differ by machine.
/// Domain: 0 ≤ n₁, n₂ ≤ N < 2^31, 0 ≤ d < 1; d = (shift now − shift before) mod 1. Outside of it nothing is expected:
/// not a number.
/// Complexity: within 40 standard deviations of the mean of K, at most N + 1 terms.
package func expectedOverlap(population: Int, before: Int, now: Int, turn: Double) -> Double {
  guard isStratumCount(population), (0...population).contains(before), (0...population).contains(now),
    turn >= 0, turn < 1
  else { return .nan }
  let passed = Binomial(trials: population, probability: turn)
  let mean = Double(population) * turn
  let reach = 40 * (mean * (1 - turn)).squareRoot() + 40
  let first = max(0, Int(mean - reach))
  let last = min(population, Int(mean + reach))
  var sum = 0.0
  for count in first...last {
    let direct = max(0, min(before, count + now) - count)
    let returned = max(0, min(before, count + now - population))
    if direct + returned > 0 { sum += Double(direct + returned) * passed.mass(count) }
  }
  return sum
}

/// The shift of a round in a rotation where every round keeps a given share of the round before.
///
/// Formula: (k · n · (1 − overlap)) / N mod 1, for round k = 0, 1, ….
package func rotationShift(round: Int, population: Int, sample: Int, overlap: Double) -> Double {
  let turn = Double(round) * Double(sample) * (1 - overlap) / Double(population)
  return turn - turn.rounded(.down)
}

extension StageDraw {
  /// What this round shares with the round before, given that round's receipt and selected units.
  /// - Parameters:
  ///   - receipt: of the round before.
  ///   - before: what it selected at this stage.
  ///   - filter: that of this stage's frame.
  /// - Returns: the numbers of units; nil where the receipt has no such stage.
  package func overlap(with receipt: Receipt, selected before: [String], filter: String? = nil) -> RoundOverlap? {
    guard let stage = receipt.stages.first(where: { sameBytes($0.plan.name, plan.name) }) else { return nil }
    let earlierFilter = receipt.inputs.first { sameBytes($0.stage, plan.name) }?.filter
    let was = Set(before.map { Array($0.utf8) })
    let now = cells.flatMap { $0.selected.map { Array($0.id.utf8) } }
    let kept = now.count { was.contains($0) }
    return RoundOverlap(
      stage: plan.name,
      kept: kept,
      new: now.count - kept,
      dropped: was.count - kept,
      expected: sameBytes(filter ?? "", earlierFilter ?? "") ? expectedOverlap(with: stage) : nil
    )
  }

  /// The sum over the strata: must-include units, the same in both rounds, stay; the others turn.
  ///
  /// Nothing is expected where the two rounds differ in the units of a stratum or in what must be included.
  private func expectedOverlap(with stage: Receipt.Stage) -> Double? {
    guard plan.method == "srs", stage.plan.method == "srs", plan.parent == nil, exclusion == nil,
      stage.exclusions == nil, plan.strata == stage.plan.strata, plan.mustInclude == stage.plan.mustInclude,
      let earlier = stage.cells, earlier.count == cells.count
    else { return nil }
    let turn = plan.rotation - stage.plan.rotation
    var cellOf = [[[UInt8]]: Receipt.Cell]()
    for cell in earlier { cellOf[cell.stratum.map { Array($0.utf8) }] = cell }
    var sum = 0.0
    for cell in cells {
      let certain = cell.mustIncludeCount
      guard let was = cellOf[cell.stratum.map { Array($0.utf8) }], let before = was.sample,
        was.population == cell.populationSize, was.mustInclude ?? 0 == certain, before >= certain
      else { return nil }
      sum += Double(certain)
      sum += SampleDrawing.expectedOverlap(
        population: cell.populationSize - certain,
        before: before - certain,
        now: cell.sampleSize - certain,
        turn: turn < 0 ? turn + 1 : turn
      )
    }
    return sum.isFinite ? sum : nil
  }
}
