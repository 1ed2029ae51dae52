/// The exact inclusion probabilities of Pareto sampling, one a group of equal sizes.
///
/// Formula: P(s) = Π_(i∈s) w_i · Σ_(k∈s) c_k, c_k = ∫ t^(n−1) / ((1 + t·w_k) · Π (1 + t·w_l)) dt, w = λ/(1−λ); annex §9.
/// In z = log t the integrand is a bump about 0 of width 1/√d, d = Σ λ(1−λ), analytic within |Im z| < π, so the sum
/// over an even grid of z converges faster than any power of its step: at a step below 0.41 and 0.6/√d the error
/// is below 10⁻²⁰. The grid is t = (1 + 2^−m)^j, so that only the four operations are used and every machine gets
/// the same bits. All sums have positive terms; what rounding leaves is below 10⁻¹³ of π.
/// Source: Bondesson, Traat & Lundqvist (2006), eq. (5)–(7). Complexity: O(groups · (grid + n · units in it)).
/// - Precondition: 0 < n < number of units, n·x < X for every unit, n·X < 2^53.
func paretoProbabilities(_ groups: SizeGroups) -> [Double] {
  let marks = paretoMarks(groups)
  let n = groups.sample
  let polynomials = marks.indices.map { group in
    GroupPolynomial(
      units: groups.units[group],
      p: groups.probability(group),
      q: groups.complement(group),
      mark: marks[group],
      limit: n
    )
  }
  var suffix = SuffixSums(groups: polynomials, limit: n)
  let all = suffix.values(from: 0, n).marked
  var prefix = SubsetRow(limit: n, hasMarks: true)
  var probabilities = [Double]()
  probabilities.reserveCapacity(groups.count)
  for group in marks.indices {
    var others = prefix
    if groups.units[group] > 1 {
      others.add(
        GroupPolynomial(
          units: groups.units[group] - 1,
          p: groups.probability(group),
          q: groups.complement(group),
          mark: marks[group],
          limit: n
        )
      )
    }
    let sums = joined(others, &suffix, from: group + 1, at: n - 1)
    probabilities.append(groups.probability(group) * (marks[group] * sums.count + sums.marked) / all)
    prefix.add(polynomials[group])
  }
  return probabilities
}

/// The sums over the subsets of some size of the units of a row and of those of a suffix.
func joined(
  _ row: SubsetRow,
  _ suffix: inout SuffixSums,
  from place: Int,
  at size: Int
) -> (count: Double, marked: Double) {
  let sums: (Double, Double)? = suffix.withRow(from: place) { counts, marked, window in
    row.counts.withUnsafeBufferPointer { ownCounts in
      row.marked.withUnsafeBufferPointer { ownMarked in
        guard let own = ownCounts.baseAddress, let ownMarks = ownMarked.baseAddress, let marked else {
          return nil
        }
        return (
          convolved(own, row.window, counts, window, at: size),
          convolved(own, row.window, marked, window, at: size)
            + convolved(ownMarks, row.window, counts, window, at: size)
        )
      }
    }
  }
  return sums ?? (0, 0)
}

/// c_k of every group, but for a common factor.
private func paretoMarks(_ groups: SizeGroups) -> [Double] {
  var spread = 0.0
  for group in 0..<groups.count {
    spread += Double(groups.units[group]) * (groups.probability(group) * groups.complement(group))
  }
  var step = 0.5
  while step * step * spread > 0.36 { step /= 2 }
  var marks = [Double](repeating: 0, count: groups.count)
  for ratio in [1 + step, 1 / (1 + step)] {
    var place = ratio > 1 ? 1.0 : ratio
    while true {
      let height = paretoHeight(at: place, groups)
      if height < 0x1p-100 { break }
      for group in marks.indices {
        let q = groups.complement(group)
        marks[group] += height * q / (q + place * groups.probability(group))
      }
      place *= ratio
    }
  }
  return marks
}

/// t^n · Π 1 / (1 − λ + t·λ): 1 at t = 1, less elsewhere.
private func paretoHeight(at place: Double, _ groups: SizeGroups) -> Double {
  var product = ScaledProduct()
  product.multiply(by: 1 / place, times: groups.sample)
  for group in 0..<groups.count {
    product.multiply(
      by: groups.complement(group) + place * groups.probability(group),
      times: groups.units[group]
    )
  }
  return product.inverse
}

/// A product that may leave the range of a double on its way: a factor and a power of two.
private struct ScaledProduct {
  private var value = 1.0
  private var exponent = 0

  mutating func multiply(by factor: Double, times: Int) {
    if times == 1 {
      value *= factor
      normalize()
      return
    }
    var power = ScaledProduct()
    power.value = factor
    power.normalize()
    var left = times
    while left > 0 {
      if left & 1 == 1 { multiply(by: power) }
      power.multiply(by: power)
      left >>= 1
    }
  }

  private mutating func multiply(by other: ScaledProduct) {
    value *= other.value
    exponent += other.exponent
    normalize()
  }

  /// Keeps the factor within 2^±256, by powers of two that change no digit.
  private mutating func normalize() {
    if value < 0x1p256, value > 0x1p-256 { return }
    let shift = Int(value.exponent)
    value = value.significand
    exponent += shift
  }

  var inverse: Double {
    let shift = -exponent
    if shift < -600 { return 0 }
    return Double(sign: .plus, exponent: min(shift, 600), significand: 1 / value)
  }
}
