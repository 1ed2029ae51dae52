/// Student's t distribution; the degrees of freedom need not be whole, and may be infinite.
package struct StudentT: Sendable, Hashable {
  package var degreesOfFreedom: Double

  package init(degreesOfFreedom: Double) {
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// Probability of a value of at most t.
  package func cdf(_ t: Double) -> Double {
    upperTail(-t)
  }

  /// Probability of a value above t.
  ///
  /// Formula: for t > 0, ½ I_w(ν/2, ½) with w = ν / (ν + t²). Domain: ν > 0; NaN otherwise.
  package func upperTail(_ t: Double) -> Double {
    if degreesOfFreedom == .infinity { return Normal.upperTail(t) }
    guard degreesOfFreedom > 0, !t.isNaN else { return .nan }
    if t.isInfinite { return t > 0 ? 0 : 1 }
    let ratio = t * t / degreesOfFreedom
    let tails = betaTails(x: 1 / (1 + ratio), y: ratio / (1 + ratio), a: degreesOfFreedom / 2, b: 0.5)
    return t >= 0 ? tails.lower / 2 : (1 + tails.upper) / 2
  }

  /// The value that is not exceeded with probability p.
  ///
  /// Domain: 0 ≤ p ≤ 1, the ends giving ∓∞; ν > 0; NaN otherwise. Odd about p = ½.
  package func quantile(_ p: Double) -> Double {
    if degreesOfFreedom == .infinity { return Normal.quantile(p) }
    guard degreesOfFreedom > 0, p >= 0, p <= 1 else { return .nan }
    if p == 0.5 { return 0 }
    let tail = min(p, 1 - p)
    if tail == 0 { return p < 0.5 ? -.infinity : .infinity }
    let ratio = nearNormal(tail) * nearNormal(tail) / degreesOfFreedom
    let ends = Beta(degreesOfFreedom / 2, 0.5).ends(
      lower: 2 * tail,
      upper: 1 - 2 * tail,
      guess: degreesOfFreedom >= 5 ? (1 / (1 + ratio), ratio / (1 + ratio)) : nil
    )
    let size = (degreesOfFreedom * ends.y / ends.x).squareRoot()
    return p < 0.5 ? -size : size
  }

  /// A quantile of the upper tail from the normal one, the better the more degrees of freedom.
  ///
  /// Source: Abramowitz and Stegun (1964), 26.7.5.
  private func nearNormal(_ tail: Double) -> Double {
    let z = -Normal.quantile(tail)
    let square = z * z
    let first = z * (square + 1) / 4
    let second = z * ((5 * square + 16) * square + 3) / 96
    let third = z * (((3 * square + 19) * square + 17) * square - 15) / 384
    return z + (first + (second + third / degreesOfFreedom) / degreesOfFreedom) / degreesOfFreedom
  }
}
