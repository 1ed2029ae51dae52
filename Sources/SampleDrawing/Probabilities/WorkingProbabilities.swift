/// The probabilities of a Poisson sample that, given n units taken, has stated inclusion probabilities.
///
/// Formula: annex §6; odds of the working probabilities are multiplied by (odds wanted / odds reached), by half
/// steps once a full step did not halve the largest deviation. Source: Chen, Dempster & Liu (1994), Hájek (1981);
/// the step on odds is ours. Complexity: O(M · n) a round, 4 to 10 rounds for usual sizes.
struct WorkingProbabilities: Sendable {
  /// Sums over the units that follow each one.
  var suffix: SuffixSums
  /// How many rounds it took.
  var rounds: Int

  /// A unit's working probability.
  var p: [Double] { suffix.p }
  /// One minus it.
  var q: [Double] { suffix.q }

  static let roundsAtMost = 200
  /// The largest relative deviation of an odds that is let pass.
  static let tolerance = 1e-10

  /// `nil` where the rounds do not settle.
  ///
  /// - Parameters:
  ///   - odds: π / (1 − π) of every unit; π add up to the sample.
  ///   - sample: n.
  init?(odds: [Double], sample: Int) {
    var weights = odds
    var isDamped = false
    var before = Double.infinity
    for round in 1...Self.roundsAtMost {
      Self.rescale(&weights, sample: sample)
      let suffix = SuffixSums(p: weights.map { $0 / (1 + $0) }, q: weights.map { 1 / (1 + $0) }, limit: sample)
      let (ratios, deviation, filled) = Self.compare(suffix, odds: odds, sample: sample)
      if !deviation.isFinite { return nil }
      if deviation <= Self.tolerance {
        self.suffix = filled
        rounds = round
        return
      }
      if round > 1, deviation > 0.5 * before { isDamped = true }
      before = deviation
      for unit in weights.indices {
        weights[unit] = weights[unit] * (isDamped ? (1 + ratios[unit]) / 2 : ratios[unit])
      }
    }
    return nil
  }

  /// Brings the mean number taken near to the sample; the conditional design does not depend on it.
  private static func rescale(_ weights: inout [Double], sample: Int) {
    var mean = 0.0
    for weight in weights { mean += weight / (1 + weight) }
    let n = Double(sample)
    let m = Double(weights.count)
    let factor = (n * (m - mean)) / (mean * (m - n))
    for unit in weights.indices { weights[unit] = weights[unit] * factor }
  }

  /// Odds wanted over odds reached for every unit, and the largest |ratio − 1|; not finite where one is not.
  private static func compare(
    _ sums: SuffixSums,
    odds: [Double],
    sample: Int
  ) -> (ratios: [Double], deviation: Double, sums: SuffixSums) {
    var sums = sums
    var prefix = SubsetRow(limit: sample, hasMarks: false)
    var ratios = [Double](repeating: 0, count: odds.count)
    var deviation = 0.0
    for unit in odds.indices {
      let (taken, left) =
        sums.withRow(from: unit + 1) { row, _, window in
          takenAndLeft(prefix, row, window, sample: sample)
        } ?? (.nan, .nan)
      let ratio = (odds[unit] * (sums.q[unit] * left)) / (sums.p[unit] * taken)
      if !ratio.isFinite { return (ratios, .infinity, sums) }
      ratios[unit] = ratio
      deviation = max(deviation, abs(ratio - 1))
      prefix.add(sums.p[unit], sums.q[unit])
    }
    return (ratios, deviation, sums)
  }

  /// The sums over the samples with and without a unit, but for the unit's own factor.
  private static func takenAndLeft(
    _ prefix: SubsetRow,
    _ row: UnsafePointer<Double>,
    _ window: SubsetWindow,
    sample: Int
  ) -> (Double, Double)? {
    prefix.counts.withUnsafeBufferPointer { counts in
      counts.baseAddress.map { base in
        (
          convolved(base, prefix.window, row, window, at: sample - 1),
          convolved(base, prefix.window, row, window, at: sample)
        )
      }
    }
  }
}
