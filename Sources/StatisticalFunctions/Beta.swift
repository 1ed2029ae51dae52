internal import Glibc

/// The beta distribution with shapes a and b; NaN everywhere unless both are positive.
package struct Beta: Sendable, Hashable {
  package var a: Double
  package var b: Double

  package init(_ a: Double, _ b: Double) {
    self.a = a
    self.b = b
  }

  package var mean: Double { a / (a + b) }

  /// Probability of a value of at most x, the regularized incomplete beta function I_x(a, b).
  ///
  /// Domain: any x (0 below 0, 1 above 1). Source: DLMF 8.17.22 and Loader (2000).
  package func cdf(_ x: Double) -> Double {
    tails(at: x).lower
  }

  /// Probability of a value above x, without cancellation.
  package func upperTail(_ x: Double) -> Double {
    tails(at: x).upper
  }

  /// The value that is not exceeded with probability p.
  ///
  /// Domain: 0 ≤ p ≤ 1; NaN outside. Edge cases: 0 where the value lies below the smallest double.
  /// The result comes back through ``cdf(_:)`` to 1e-12 wherever a double can hold it.
  package func quantile(_ p: Double) -> Double {
    ends(lower: p, upper: 1 - p).x
  }

  /// The value that is exceeded with probability q, for tails too small for 1 − q.
  package func upperQuantile(_ q: Double) -> Double {
    ends(lower: 1 - q, upper: q).x
  }

  private func tails(at x: Double) -> (lower: Double, upper: Double) {
    if x.isNaN { return (.nan, .nan) }
    let inside = min(max(x, 0), 1)
    return betaTails(x: inside, y: 1 - inside, a: a, b: b)
  }

  /// A quantile and its distance from 1, of which the smaller has full precision.
  ///
  /// - Parameter guess: where to begin, if the caller knows better; it may be poor.
  func ends(lower: Double, upper: Double, guess: (x: Double, y: Double)? = nil) -> (x: Double, y: Double) {
    guard a > 0, b > 0, a.isFinite, b.isFinite, lower >= 0, upper >= 0 else { return (.nan, .nan) }
    if lower == 0 { return (0, 1) }
    if upper == 0 { return (1, 0) }
    if isInLowerHalf(lower: lower, upper: upper) {
      let x = Self.lowQuantile(lower: lower, upper: upper, a: a, b: b, guess: guess?.x)
      return (x, 1 - x)
    }
    let y = Self.lowQuantile(lower: upper, upper: lower, a: b, b: a, guess: guess?.y)
    return (1 - y, y)
  }

  /// Whether a quantile is at most ½; the median is where a ≤ b.
  private func isInLowerHalf(lower: Double, upper: Double) -> Bool {
    if a <= b, lower <= upper { return true }
    if a >= b, upper < lower { return false }
    let middle = betaTails(x: 0.5, y: 0.5, a: a, b: b)
    return lower <= upper ? lower <= middle.lower : upper >= middle.upper
  }

  /// A quantile known to lie in the lower half.
  private static func lowQuantile(
    lower: Double,
    upper: Double,
    a: Double,
    b: Double,
    guess: Double?
  ) -> Double {
    if let guess, guess > 0 { return solved(lower: lower, upper: upper, a: a, b: b, start: log(guess)) }
    if a > 1, b > 1 {
      return solved(lower: lower, upper: upper, a: a, b: b, start: log(humpGuess(lower: lower, a: a, b: b)))
    }
    let mean = a / (a + b)
    let spread = (mean / (a + b + 1) * b / (a + b)).squareRoot() / mean
    // A lognormal guess where the distribution has a hump, the leading power of x where it has none.
    let hump = log(mean) + spread * Normal.quantile(lower) - spread * spread / 2
    let power = (log(lower) + log(a) + lgamma(a) + lgamma(b) - lgamma(a + b)) / a
    return solved(lower: lower, upper: upper, a: a, b: b, start: a > 1 ? max(hump, -700) : power)
  }

  /// The quantile of a density with a hump, to about three digits.
  ///
  /// Source: Abramowitz and Stegun (1964), 26.5.22.
  private static func humpGuess(lower: Double, a: Double, b: Double) -> Double {
    let normal = -Normal.quantile(lower)
    let (left, right) = (1 / (2 * a - 1), 1 / (2 * b - 1))
    let harmonic = 2 / (left + right)
    let skew = (normal * normal - 3) / 6
    let half =
      normal * (harmonic + skew).squareRoot() / harmonic - (right - left) * (skew + 5 / 6 - 2 / (3 * harmonic))
    return a / (a + b * exp(2 * half))
  }

  private static func solved(lower: Double, upper: Double, a: Double, b: Double, start: Double) -> Double {
    solveForTail(lower: lower, upper: upper, logRange: -744.4...log(0.5), start: start) { x in
      let tails = betaTails(x: x, y: 1 - x, a: a, b: b)
      return (tails.lower, tails.upper, betaFront(x: x, y: 1 - x, a: a, b: b) / (1 - x))
    }
  }
}
