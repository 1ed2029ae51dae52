internal import Glibc
internal import StatisticalFunctions

/// Limits for a proportion from a simple random sample with replacement.
package enum SimpleSampleInterval: String, Sendable, CaseIterable {
  /// Exact; Clopper and Pearson (1934).
  case clopperPearson = "clopper-pearson"
  /// Wilson (1927).
  case wilson
  /// Wilson with Newcombe's continuity correction (1998, method 4).
  case wilsonCorrected = "wilson-cc"
  /// Equal tails of Beta(x + ½, n − x + ½); Brown, Cai and DasGupta (2001).
  case jeffreys
  /// Agresti and Coull (1998); may leave 0…1.
  case agrestiCoull = "agresti-coull"
  /// The textbook's normal limits; may leave 0…1, and have no width at 0 and 1.
  case wald
  /// Exact with half of the observed outcome's probability in each tail; Lancaster (1961).
  case midP = "mid-p"
  /// Where twice the log likelihood has fallen by the χ² quantile.
  case likelihoodRatio = "likelihood-ratio"

  /// - Parameters:
  ///   - x: events, 0…n.
  ///   - n: rows, at least 1.
  ///   - level: 0…1.
  package func limits(_ x: Double, of n: Double, level: Double) -> (lower: Double, upper: Double) {
    let tail = (1 - level) / 2
    let z = Normal.quantile(1 - tail)
    let p = x / n
    switch self {
    case .clopperPearson:
      return SurveyEstimation.clopperPearson(successes: x, trials: n, level: level)
    case .wilson: return wilsonLimits(estimate: p, sampleSize: n, quantile: z)
    case .wilsonCorrected:
      let square = z * z
      let below = z * (square - 2 - 1 / n + 4 * p * (n * (1 - p) + 1)).squareRoot()
      let above = z * (square + 2 - 1 / n + 4 * p * (n * (1 - p) - 1)).squareRoot()
      let base = 2 * (n + square)
      return (
        x == 0 ? 0 : max(0, (2 * n * p + square - 1 - below) / base),
        x == n ? 1 : min(1, (2 * n * p + square + 1 + above) / base)
      )
    case .jeffreys:
      return (
        x == 0 ? 0 : Beta(x + 0.5, n - x + 0.5).quantile(tail),
        x == n ? 1 : Beta(x + 0.5, n - x + 0.5).upperQuantile(tail)
      )
    case .agrestiCoull:
      let size = n + z * z
      let center = (x + z * z / 2) / size
      let half = z * (center * (1 - center) / size).squareRoot()
      return (center - half, center + half)
    case .wald:
      let half = z * (p * (1 - p) / n).squareRoot()
      return (p - half, p + half)
    case .midP: return midPLimits(x, n, tail)
    case .likelihoodRatio: return likelihoodLimits(p, size: n, fall: ChiSquared(degreesOfFreedom: 1).quantile(level))
    }
  }

  private func midPLimits(_ x: Double, _ n: Double, _ tail: Double) -> (lower: Double, upper: Double) {
    let count = Int(x)
    let trials = Int(n)
    func binomial(_ p: Double) -> Binomial { Binomial(trials: trials, probability: p) }
    let lower =
      x == 0
      ? 0
      : brentRoot(from: 0, to: x / n, tolerance: 1e-16) { p in
        binomial(p).upperTail(count) + 0.5 * binomial(p).mass(count) - tail
      }
    let upper =
      x == n
      ? 1
      : brentRoot(from: x / n, to: 1, tolerance: 1e-16) { p in
        (count == 0 ? 0 : binomial(p).cdf(count - 1)) + 0.5 * binomial(p).mass(count) - tail
      }
    return (lower, upper)
  }
}

/// The proportions at which 2 n KL(p̂, p) reaches `fall`.
///
/// Formula: 2 n (p̂ ln(p̂/p) + (1 − p̂) ln((1 − p̂)/(1 − p))) = fall; closed at 0 and 1.
func likelihoodLimits(_ p: Double, size: Double, fall: Double) -> (lower: Double, upper: Double) {
  if p == 0 { return (0, -expm1(-fall / (2 * size))) }
  if p == 1 { return (exp(-fall / (2 * size)), 1) }
  func excess(_ t: Double) -> Double {
    2 * size * (p * log(p / t) + (1 - p) * (log1p(-p) - log1p(-t))) - fall
  }
  let lower = brentRoot(from: 1e-300, to: p, tolerance: 1e-17) { excess($0) }
  let upper = brentRoot(from: p, to: 1 - 0x1p-53, tolerance: 1e-17) { excess($0) }
  return (lower, upper)
}

/// Limits for the number of marked units in a finite population, from a simple random sample without replacement.
///
/// Formula: the least and the largest number D for which the observed outcome, or one further out, has a probability
/// above the tail. Source: Wright (1991), Exact Confidence Bounds when Sampling from Small Finite Universes.
/// - Parameters:
///   - x: marked units in the sample.
///   - n: its size, at most `population`.
///   - tail: on each side; for a one-sided bound the whole 1 − level.
package func hypergeometricLimits(_ x: Int, of n: Int, population: Int, tail: Double) -> (lower: Int, upper: Int) {
  func law(_ marked: Int) -> Hypergeometric {
    Hypergeometric(populationSize: population, marked: marked, sampleSize: n)
  }
  let least = x
  let most = population - n + x
  // Both tails are monotone in the number of marked units.
  func first(_ holds: (Int) -> Bool) -> Int {
    var low = least
    var high = most
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
  let lower = x == 0 ? 0 : first { law($0).upperTail(x - 1) > tail }
  var upper = first { !(law($0).cdf(x) > tail) }
  if !(law(upper).cdf(x) > tail) { upper -= 1 }
  return (lower, upper)
}

/// The smallest sample that finds more than `accept` marked units with probability 1 − α, if there are `marked`.
///
/// - Returns: `nil` where even a census does not.
package func discoverySampleSize(population: Int, marked: Int, accept: Int, alpha: Double) -> Int? {
  func misses(_ n: Int) -> Bool {
    Hypergeometric(populationSize: population, marked: marked, sampleSize: n).cdf(accept) > alpha
  }
  if misses(population) { return nil }
  var low = accept
  var high = population
  while low < high {
    let middle = low + (high - low) / 2
    if misses(middle) { low = middle + 1 } else { high = middle }
  }
  return low
}

/// The smallest sample of a population without end that finds more than `accept` events with probability 1 − α.
package func discoverySampleSize(rate: Double, accept: Int, alpha: Double) -> Int {
  func misses(_ n: Int) -> Bool { Binomial(trials: n, probability: rate).cdf(accept) > alpha }
  var high = max(1, accept)
  while misses(high) { high *= 2 }
  var low = accept
  while low < high {
    let middle = low + (high - low) / 2
    if misses(middle) { low = middle + 1 } else { high = middle }
  }
  return low
}
