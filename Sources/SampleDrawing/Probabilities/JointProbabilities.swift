/// Probabilities of pairs that no selection method here needs for itself: another design, and two approximations.
///
/// What a method states exactly is its own `jointProbabilities(of:in:)`.
package enum JointProbabilities {
  /// Midzuno's design: Tillé's elimination applied to the units that are not taken, exact.
  ///
  /// Formula: π_kl = π_k + π_l − 1 + (the pair's probability under elimination with 1 − π).
  /// Source: Midzuno (1952); Deville & Tillé (1998).
  /// - Returns: pairs of `places`; `nil` where the sizes are too large or fewer units have a size than are wanted.
  package static func midzuno(of places: [Int], in list: SizedList) -> PairProbabilities? {
    guard let left = RemainingList(list), left.sample > 0 else { return nil }
    let others = left.sizes.count - left.sample
    let limit = UInt128(1) << 63
    guard UInt128(others) * UInt128(left.total) < limit else { return nil }
    let rest = left.sizes.map { left.total - UInt64(left.sample) * $0 }
    guard let complement = RemainingList(SizedList(sizes: rest, sample: others)) else { return nil }
    let pairs = EliminationPairs(Eliminations(complement))
    return left.pairs(of: places) { one, other in
      // Rounding must not make a pair that never occurs negative.
      max(0, left.probability(one) - left.complement(other) + pairs.probability(one, other))
    }
  }

  /// Hájek's approximation from the probabilities of single units; near for designs of large entropy.
  ///
  /// Formula: π_k·π_l·(1 − (1−π_k)·(1−π_l) / d), d = Σ π·(1−π). Source: Hájek (1964), eq. (5.27).
  package static func hajek(_ inclusion: [Double]) -> PairProbabilities {
    var spread = 0.0
    for p in inclusion { spread += p * (1 - p) }
    return PairProbabilities(count: inclusion.count) { one, other in
      let p = inclusion[one]
      let q = inclusion[other]
      // Without chance in any unit there is nothing to correct.
      return spread == 0 ? p * q : p * q * (1 - (1 - p) * (1 - q) / spread)
    }
  }

  /// Hartley and Rao's approximation for randomized systematic selection, to order N⁻⁴.
  ///
  /// Formula: (n−1)/n·ab + (n−1)/n²·(a²b + ab²) − (n−1)/n³·ab·S₂ + 2(n−1)/n³·(a³b + ab³ + a²b²)
  /// − 3(n−1)/n⁴·(a²b + ab²)·S₂ + 3(n−1)/n⁵·ab·S₂² − 2(n−1)/n⁴·ab·S₃, a and b the two probabilities, n = Σπ,
  /// S₂ = Σπ², S₃ = Σπ³. Source: Hartley & Rao (1962), eq. (5.15).
  package static func hartleyRao(_ inclusion: [Double]) -> PairProbabilities {
    var n = 0.0
    var squares = 0.0
    var cubes = 0.0
    for p in inclusion {
      n += p
      squares += p * p
      cubes += p * p * p
    }
    return PairProbabilities(count: inclusion.count) { one, other in
      let a = inclusion[one]
      let b = inclusion[other]
      let product = a * b
      let third = product * (a + b)
      let fourth = product * (a * a + b * b + a * b)
      let first = product + third / n + 2 * fourth / (n * n)
      let second = product * squares / (n * n) + 3 * third * squares / (n * n * n)
      let last = 3 * product * squares * squares / (n * n * n * n) - 2 * product * cubes / (n * n * n)
      return (n - 1) / n * (first - second + last)
    }
  }
}
