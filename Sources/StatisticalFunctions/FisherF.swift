/// The F distribution; neither number of degrees of freedom need be whole.
package struct FisherF: Sendable, Hashable {
  package var numerator: Double
  package var denominator: Double

  package init(numerator: Double, denominator: Double) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// Probability of a value of at most f.
  package func cdf(_ f: Double) -> Double {
    tails(at: f).lower
  }

  /// Probability of a value above f, the p-value of an F test.
  package func upperTail(_ f: Double) -> Double {
    tails(at: f).upper
  }

  /// The value that is not exceeded with probability p.
  ///
  /// Formula: (ν₂ / ν₁) x / (1 − x), x the quantile of Beta(ν₁/2, ν₂/2). Domain: 0 ≤ p ≤ 1.
  package func quantile(_ p: Double) -> Double {
    let ends = Beta(numerator / 2, denominator / 2).ends(lower: p, upper: 1 - p)
    return denominator / numerator * (ends.x / ends.y)
  }

  /// Formula: I_x(ν₁/2, ν₂/2), x = ν₁ f / (ν₁ f + ν₂). Domain: both degrees of freedom positive.
  private func tails(at f: Double) -> (lower: Double, upper: Double) {
    guard numerator > 0, denominator > 0, !f.isNaN else { return (.nan, .nan) }
    if f <= 0 { return (0, 1) }
    if f == .infinity { return (1, 0) }
    let scaled = numerator * f
    return betaTails(
      x: scaled / (scaled + denominator),
      y: denominator / (scaled + denominator),
      a: numerator / 2,
      b: denominator / 2
    )
  }
}
