/// The binomial distribution of successes in a number of independent trials.
package struct Binomial: Sendable, Hashable {
  package var trials: Int
  package var probability: Double

  package init(trials: Int, probability: Double) {
    self.trials = trials
    self.probability = probability
  }

  /// Probability of exactly k successes. Source: Loader (2000).
  package func mass(_ k: Int) -> Double {
    guard isDefined else { return .nan }
    guard k >= 0, k <= trials else { return 0 }
    if probability == 0 { return k == 0 ? 1 : 0 }
    if probability == 1 { return k == trials ? 1 : 0 }
    return binomialDensity(
      successes: Double(k),
      failures: Double(trials - k),
      x: probability,
      y: 1 - probability
    )
  }

  /// Probability of at most k successes. Formula: I_{1−p}(n − k, k + 1).
  package func cdf(_ k: Int) -> Double {
    tails(k).atMost
  }

  /// Probability of more than k successes, without cancellation.
  package func upperTail(_ k: Int) -> Double {
    tails(k).above
  }

  /// The smallest count whose cumulative probability reaches p; `nil` outside 0…1.
  package func quantile(_ p: Double) -> Int? {
    guard isDefined, p >= 0, p <= 1 else { return nil }
    return smallest(in: 0...trials) { cdf($0) >= p }
  }

  private var isDefined: Bool { trials >= 0 && probability >= 0 && probability <= 1 }

  private func tails(_ k: Int) -> (atMost: Double, above: Double) {
    guard isDefined else { return (.nan, .nan) }
    if k < 0 { return (0, 1) }
    if k >= trials { return (1, 0) }
    let tails = betaTails(x: probability, y: 1 - probability, a: Double(k + 1), b: Double(trials - k))
    return (tails.upper, tails.lower)
  }
}

/// The Poisson distribution of counts.
package struct Poisson: Sendable, Hashable {
  package var mean: Double

  package init(mean: Double) {
    self.mean = mean
  }

  /// Probability of at most k. Formula: Q(k + 1, mean). Domain: mean ≥ 0; NaN otherwise.
  package func cdf(_ k: Int) -> Double {
    guard mean >= 0, mean.isFinite else { return .nan }
    return k < 0 ? 0 : Gamma(shape: Double(k) + 1).upperTail(mean)
  }

  /// Probability of more than k.
  package func upperTail(_ k: Int) -> Double {
    guard mean >= 0, mean.isFinite else { return .nan }
    return k < 0 ? 1 : Gamma(shape: Double(k) + 1).cdf(mean)
  }

  /// The smallest count whose cumulative probability reaches p; `nil` unless 0 ≤ p < 1.
  package func quantile(_ p: Double) -> Int? {
    guard mean >= 0, mean < 1e15, p >= 0, p < 1 else { return nil }
    var top = Int(mean) + 16
    while cdf(top) < p { top *= 2 }
    return smallest(in: 0...top) { cdf($0) >= p }
  }
}

/// The hypergeometric distribution: marked units in a simple random sample without replacement.
package struct Hypergeometric: Sendable, Hashable {
  package var populationSize: Int
  package var marked: Int
  package var sampleSize: Int

  package init(populationSize: Int, marked: Int, sampleSize: Int) {
    self.populationSize = populationSize
    self.marked = marked
    self.sampleSize = sampleSize
  }

  /// Probability of exactly k marked units.
  ///
  /// Formula: b(k; M, f) b(n − k; N − M, f) / b(n; N, f), b the binomial probability and f = n / N. NaN when the
  /// sizes contradict each other. Source: Loader (2000); gammas would cost ten digits in large populations.
  package func mass(_ k: Int) -> Double {
    guard let support else { return .nan }
    guard support.contains(k) else { return 0 }
    if support.count == 1 { return 1 }
    let fraction = Double(sampleSize) / Double(populationSize)
    let rest = Double(populationSize - sampleSize) / Double(populationSize)
    func binomial(_ successes: Int, of trials: Int) -> Double {
      binomialDensity(
        successes: Double(successes),
        failures: Double(trials - successes),
        x: fraction,
        y: rest
      )
    }
    return binomial(k, of: marked) * binomial(sampleSize - k, of: populationSize - marked)
      / binomial(sampleSize, of: populationSize)
  }

  /// Probability of at most k marked units.
  package func cdf(_ k: Int) -> Double {
    guard let support else { return .nan }
    if k < support.lowerBound { return 0 }
    if k >= support.upperBound { return 1 }
    return isBelowMean(k) ? sumDown(from: k, to: support.lowerBound) : 1 - sumUp(from: k + 1, to: support.upperBound)
  }

  /// Probability of more than k marked units, without cancellation.
  package func upperTail(_ k: Int) -> Double {
    guard let support else { return .nan }
    if k < support.lowerBound { return 1 }
    if k >= support.upperBound { return 0 }
    return isBelowMean(k) ? 1 - sumDown(from: k, to: support.lowerBound) : sumUp(from: k + 1, to: support.upperBound)
  }

  private func isBelowMean(_ k: Int) -> Bool {
    Double(k) < Double(sampleSize) * Double(marked) / Double(populationSize)
  }

  // Away from the mean the probabilities fall; they are summed until they no longer count.
  private func sumDown(from k: Int, to end: Int) -> Double {
    var sum = 1.0
    var term = 1.0
    for i in stride(from: k, to: end, by: -1) {
      if term <= sum * 1e-18 { break }
      let unmarkedLeft = populationSize - marked - sampleSize + i
      term *= Double(i) / Double(marked - i + 1) * (Double(unmarkedLeft) / Double(sampleSize - i + 1))
      sum += term
    }
    return min(1, mass(k) * sum)
  }

  private func sumUp(from k: Int, to end: Int) -> Double {
    var sum = 1.0
    var term = 1.0
    for i in stride(from: k, to: end, by: 1) {
      if term <= sum * 1e-18 { break }
      let unmarkedLeft = populationSize - marked - sampleSize + i + 1
      term *= Double(marked - i) / Double(i + 1) * (Double(sampleSize - i) / Double(unmarkedLeft))
      sum += term
    }
    return min(1, mass(k) * sum)
  }

  /// The smallest count whose cumulative probability reaches p; `nil` outside 0…1.
  package func quantile(_ p: Double) -> Int? {
    guard let support, p >= 0, p <= 1 else { return nil }
    return smallest(in: support) { cdf($0) >= p }
  }

  /// The counts that can occur; `nil` when the sizes contradict each other or pass 2³².
  private var support: ClosedRange<Int>? {
    guard populationSize >= 0, populationSize <= Int(UInt32.max), marked >= 0,
      marked <= populationSize, sampleSize >= 0, sampleSize <= populationSize
    else { return nil }
    return max(0, sampleSize + marked - populationSize)...min(sampleSize, marked)
  }
}

/// The smallest whole number of a range that a rising condition accepts; its top if none below does.
func smallest(in range: ClosedRange<Int>, where accepts: (Int) -> Bool) -> Int {
  var low = range.lowerBound
  var high = range.upperBound
  while low < high {
    let middle = low + (high - low) / 2
    if accepts(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}
