/// The exact inclusion probabilities of Pareto sampling, one a group of equal sizes.
///
/// Formula: P(s) = Π_(i∈s) w_i · Σ_(k∈s) c_k, c_k = ∫ t^(n−1) / ((1 + t·w_k) · Π (1 + t·w_l)) dt, w = λ/(1−λ); annex §9.
/// In z = log t the integrand is a bump about 0 of width 1/√d, d = Σ λ(1−λ), analytic within |Im z| < π, so the sum
/// over an even grid of z converges faster than any power of its step: at a step below 0.41 and 0.71/√d the error
/// is below 10⁻¹⁶. The grid is t = (1 + step)^j, so that only the four operations are used and every machine gets
/// the same bits. All sums have positive terms; what rounding leaves is below 10⁻¹³ of π.
/// Source: Bondesson, Traat & Lundqvist (2006), eq. (5)–(7). Complexity: O(groups · (grid + n · units in it)).
/// - Precondition: 0 < n < number of units, n·x < X for every unit, n·X < 2^53.
struct ParetoDesign: OrderDesign {
  private let groups: SizeGroups
  private let p: [Double]
  private let q: [Double]
  /// c_k of every group, but for a common factor.
  private let marks: [Double]

  init(_ groups: SizeGroups) {
    self.groups = groups
    let p = (0..<groups.count).map { groups.probability($0) }
    let q = (0..<groups.count).map { groups.complement($0) }
    self.p = p
    self.q = q
    marks = paretoMarks(p, q, groups)
  }

  func probabilities(
    of asked: [Int],
    areAllNear isNear: (_ group: Int, _ probability: Double) -> Bool
  ) -> (exact: [Double], areAllNear: Bool) {
    let n = groups.sample
    var prefix = unasked(asked)
    let polynomials = asked.map { polynomial($0, units: groups.units[$0]) }
    var suffix = SuffixSums(groups: polynomials, limit: n)
    let all = joined(prefix, &suffix, from: 0, at: n).marked
    var exact = [Double]()
    exact.reserveCapacity(asked.count)
    for (place, group) in asked.enumerated() {
      var others = prefix
      if groups.units[group] > 1 { others.add(polynomial(group, units: groups.units[group] - 1)) }
      let sums = joined(others, &suffix, from: place + 1, at: n - 1)
      exact.append(p[group] * (marks[group] * sums.count + sums.marked) / all)
      prefix.add(polynomials[place])
    }
    guard zip(asked, exact).allSatisfy(isNear) else { return (exact, false) }
    return (exact, asked.count == groups.count || areOthersNear(asked, total: prefix, all: all, isNear))
  }

  private func polynomial(_ group: Int, units: Int) -> GroupPolynomial {
    GroupPolynomial(units: units, p: p[group], q: q[group], mark: marks[group], limit: groups.sample)
  }

  /// The sums over the units that are not asked about.
  private func unasked(_ asked: [Int]) -> SubsetRow {
    var isAsked = [Bool](repeating: false, count: groups.count)
    for group in asked { isAsked[group] = true }
    var few = [Int]()
    few.reserveCapacity(groups.count)
    for group in p.indices where !isAsked[group] && groups.units[group] <= SizeGroups.fewAtMost {
      for _ in 0..<groups.units[group] { few.append(group) }
    }
    var row = SubsetRow(limit: groups.sample, hasMarks: true)
    row.add(few.map { p[$0] }, few.map { q[$0] }, marks: few.map { marks[$0] })
    for group in p.indices where !isAsked[group] && groups.units[group] > SizeGroups.fewAtMost {
      row.add(polynomial(group, units: groups.units[group]))
    }
    return row
  }

  /// Whether the groups not asked about are near, too.
  ///
  /// A unit is taken out of the sums over all units by division, upwards from no unit taken; for p ≤ 1/2 errors do not
  /// grow on the way, and the few others are asked about.
  private func areOthersNear(
    _ asked: [Int],
    total: SubsetRow,
    all: Double,
    _ isNear: (_ group: Int, _ probability: Double) -> Bool
  ) -> Bool {
    let n = groups.sample
    let counts = (0..<n).map { total.count($0) }
    let marked = (0..<n).map { total.markedSum($0) }
    var likely = [Int]()
    var next = 0
    for group in p.indices {
      if next < asked.count, asked[next] == group {
        next += 1
        continue
      }
      let p = p[group]
      if p > 0.5 {
        likely.append(group)
        continue
      }
      let divisor = 1 / q[group]
      let mark = marks[group]
      var count = 0.0
      var sum = 0.0
      for k in 0..<n {
        // The marks first: they need the count of one unit fewer.
        sum = (marked[k] - p * (sum + mark * count)) * divisor
        count = (counts[k] - p * count) * divisor
      }
      if !isNear(group, p * (mark * count + sum) / all) { return false }
    }
    if likely.isEmpty { return true }
    return probabilities(of: likely, areAllNear: { _, _ in false }).exact.enumerated().allSatisfy {
      isNear(likely[$0.offset], $0.element)
    }
  }
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
private func paretoMarks(_ p: [Double], _ q: [Double], _ groups: SizeGroups) -> [Double] {
  var spread = 0.0
  for group in p.indices { spread += Double(groups.units[group]) * (p[group] * q[group]) }
  var step = 0.5
  while step * step * spread > 0.5 { step *= 0.75 }
  // A unit near certainty has a small c: what the ends leave out must be small beside it.
  let end = 0x1p-56 * max(0x1p-50, q[q.count - 1])
  var marks = [Double](repeating: 0, count: p.count)
  for ratio in [1 + step, 1 / (1 + step)] {
    var place = ratio > 1 ? 1.0 : ratio
    while true {
      let height = paretoHeight(at: place, p, q, groups)
      if height < end { break }
      marks.withUnsafeMutableBufferPointer { marks in
        p.withUnsafeBufferPointer { p in
          q.withUnsafeBufferPointer { q in
            for group in p.indices { marks[group] += height * q[group] / (q[group] + place * p[group]) }
          }
        }
      }
      place *= ratio
    }
  }
  return marks
}

/// t^n · Π 1 / (1 − λ + t·λ): 1 at t = 1, less elsewhere.
private func paretoHeight(at place: Double, _ p: [Double], _ q: [Double], _ groups: SizeGroups) -> Double {
  var product = ScaledProduct()
  product.multiply(by: 1 / place, times: groups.sample)
  // Eight factors, each between 10⁻¹⁶ and 10³², stay within a double's range.
  var run = 1.0
  var length = 0
  for group in p.indices {
    let factor = q[group] + place * p[group]
    let units = groups.units[group]
    if units > SizeGroups.fewAtMost {
      product.multiply(by: factor, times: units)
      continue
    }
    for _ in 0..<units { run *= factor }
    length += units
    if length >= 8 - SizeGroups.fewAtMost {
      product.multiply(by: run, times: 1)
      run = 1
      length = 0
    }
  }
  product.multiply(by: run, times: 1)
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
