/// The exact inclusion probabilities of sequential Poisson sampling, one a group of equal sizes.
///
/// Formula: π_i = λ_i · ∫ P(fewer than n others below t) dt over 0 < t < 1/λ_i, others below t with probability
/// min(1, t·λ); annex §9. The integral is split where some t·λ reaches 1, because the integrand bends there, and at
/// steps of at most 3 standard deviations of the number below t; Gauss–Legendre rules of 6 to 20 points do the
/// rest. What lies outside the integral's ends is below 10⁻¹⁶. Source: Ohlsson (1998), Aires (1999).
/// Complexity: O(points · units · n); the more units with λ near 1 that differ in size, the more points.
/// - Precondition: 0 < n < number of units, n·x < X for every unit, n·X < 2^53.
/// - Parameters:
///   - groups: the units left.
///   - asked: the groups asked about; the others only count among those below.
/// - Returns: one probability a group asked about.
func sequentialPoissonProbabilities(_ groups: SizeGroups, of asked: [Int]) -> [Double] {
  let ends = TransitionEnds(groups)
  // Up to the first end the integrand is 1 for every unit.
  var integrals = asked.map { min(ends.low, 1 / groups.probability($0)) }
  var edges = ends.edges(groups)
  edges.append(ends.high)
  var begin = ends.low
  for end in edges where end > begin {
    let rule = gaussLegendre(points: ends.points(from: begin, to: end))
    let half = (end - begin) / 2
    for (node, weight) in rule {
      let place = begin + half * (1 + node)
      let fewer = fewerBelow(place, groups)
      for (number, group) in asked.enumerated() where 1 / groups.probability(group) > place {
        integrals[number] += weight * half * fewer.probability(without: groups.probability(group) * place)
      }
    }
    begin = end
  }
  return zip(asked, integrals).map { groups.probability($0) * $1 }
}

/// Sequential Poisson sampling from units left.
struct SequentialPoissonDesign: OrderDesign {
  let groups: SizeGroups

  func probabilities(
    of asked: [Int],
    areAllNear isNear: (_ group: Int, _ probability: Double) -> Bool
  ) -> (exact: [Double], areAllNear: Bool) {
    let exact = sequentialPoissonProbabilities(groups, of: asked)
    guard zip(asked, exact).allSatisfy(isNear) else { return (exact, false) }
    let others = Array(0..<groups.count)
    let all = asked.count == groups.count ? exact : sequentialPoissonProbabilities(groups, of: others)
    return (exact, zip(others, all).allSatisfy(isNear))
  }
}

/// Between which places the probability of "fewer than n below t" falls from 1 to 0.
private struct TransitionEnds {
  let low: Double
  let high: Double
  /// A step over which the number below t moves by at most three of its standard deviations.
  private let step: Double

  init(_ groups: SizeGroups) {
    // Bernstein: P(|number − mean| ≥ x) ≤ 2 exp(−x² / (2(variance + x/3))), below 10⁻¹⁷ for x² ≥ 80 (variance + x/3).
    func isFar(_ place: Double, _ sign: Double) -> Bool {
      let (mean, variance) = moments(place, groups)
      let distance = sign * (mean - Double(groups.sample)) - 1
      return distance > 0 && distance * distance >= 80 * (variance + distance / 3)
    }
    let longest = 1 / groups.probability(0)
    var near = 0.0
    var far = 1.0
    for _ in 0..<60 {
      let middle = (near + far) / 2
      if isFar(middle, -1) { near = middle } else { far = middle }
    }
    low = near
    near = 1
    far = longest
    for _ in 0..<60 where isFar(longest, 1) {
      let middle = (near + far) / 2
      if isFar(middle, 1) { far = middle } else { near = middle }
    }
    high = far
    let variance = max(1, moments(1, groups).variance)
    step = 3 * variance.squareRoot() / Double(groups.sample)
  }

  /// The places between the ends where a panel ends: where units become certain, and even steps.
  func edges(_ groups: SizeGroups) -> [Double] {
    var edges = [Double]()
    for group in 0..<groups.count {
      let place = 1 / groups.probability(group)
      if place > low, place < high { edges.append(place) }
    }
    var place = low + step
    while place < high {
      edges.append(place)
      // Beyond 1 the mean grows ever more slowly, so the steps may.
      place += step * max(1, place)
    }
    edges.sort()
    return edges
  }

  /// Narrow panels need few points.
  func points(from begin: Double, to end: Double) -> Int {
    let share = (end - begin) / (step * max(1, begin))
    if share < 0.001 { return 4 }
    return share < 0.05 ? 8 : share < 0.3 ? 12 : 20
  }
}

/// Mean and variance of the number of units below a place.
private func moments(_ place: Double, _ groups: SizeGroups) -> (mean: Double, variance: Double) {
  var mean = 0.0
  var variance = 0.0
  for group in 0..<groups.count {
    let p = min(1, place * groups.probability(group))
    mean += Double(groups.units[group]) * p
    variance += Double(groups.units[group]) * (p * (1 - p))
  }
  return (mean, variance)
}

/// The distribution of the number of units below a place, ready to leave out one unit.
private struct FewerBelow {
  /// P(number ≤ k) from `first` on; 0 before, 1 after.
  let cumulated: [Double]
  let first: Int
  let sample: Int

  /// P(fewer than n of the others), one unit with probability p left out.
  ///
  /// Formula: P(number ≤ k) = (1 − p) L(k) + p L(k − 1), solved upwards for p ≤ 1/2 and downwards else, so that
  /// errors shrink on the way.
  func probability(without p: Double) -> Double {
    let wanted = sample - 1
    if wanted < first - 1 { return 0 }
    if p <= 0.5 {
      if wanted < first { return 0 }
      if wanted - first >= cumulated.count { return 1 }
      var value = 0.0
      let q = 1 - p
      for k in 0...(wanted - first) { value = (cumulated[k] - p * value) / q }
      return min(1, max(0, value))
    }
    if wanted + 1 - first >= cumulated.count { return 1 }
    var value = 1.0
    let q = 1 - p
    var k = cumulated.count - 1
    while k >= wanted + 1 - first {
      value = (cumulated[k] - q * value) / p
      k -= 1
    }
    return min(1, max(0, value))
  }
}

private func fewerBelow(_ place: Double, _ groups: SizeGroups) -> FewerBelow {
  // Solved upwards nothing above n is needed; downwards all up to where the cumulated probability is 1, which
  // it is past twelve standard deviations and some.
  var limit = groups.sample
  if place * groups.probability(groups.count - 1) > 0.5 {
    let (mean, variance) = moments(place, groups)
    limit = min(groups.units.reduce(0, +), max(limit, Int(mean + 12 * variance.squareRoot() + 60)))
  }
  var row = SubsetRow(limit: limit, hasMarks: false)
  let singles = (0..<groups.count).filter { groups.units[$0] == 1 }
  let p = singles.map { min(1, place * groups.probability($0)) }
  row.add(p, p.map { 1 - $0 }, marks: [])
  for group in 0..<groups.count where groups.units[group] > 1 {
    let p = min(1, place * groups.probability(group))
    row.add(GroupPolynomial(units: groups.units[group], p: p, q: 1 - p, limit: row.limit))
  }
  var cumulated = [Double]()
  var sum = 0.0
  if !row.window.isEmpty {
    for k in row.window.first...row.window.last {
      sum += row.counts[k]
      cumulated.append(min(1, sum))
    }
  }
  return FewerBelow(cumulated: cumulated, first: row.window.first, sample: groups.sample)
}

/// Nodes in −1…1 and weights of a Gauss–Legendre rule.
///
/// Formula: zeros of the Legendre polynomial by Newton's iteration from a spread of starting points.
/// Source: Abramowitz & Stegun (1964), 25.4.29.
func gaussLegendre(points: Int) -> [(node: Double, weight: Double)] {
  func legendre(_ x: Double) -> (value: Double, slope: Double) {
    var before = 1.0
    var value = x
    for degree in 2...max(2, points) {
      let next = (Double(2 * degree - 1) * x * value - Double(degree - 1) * before) / Double(degree)
      before = value
      value = next
    }
    return (value, Double(points) * (x * value - before) / (x * x - 1))
  }
  var rule = [(node: Double, weight: Double)]()
  // Zeros one after the other: Newton with the zeros found so far divided out never finds one twice.
  for index in 0..<points {
    var x = index == 0 ? 0.9999 : rule[index - 1].node - 1e-3
    for _ in 0..<100 {
      let (value, slope) = legendre(x)
      var found = 0.0
      for zero in rule { found += 1 / (x - zero.node) }
      let change = value / (slope - value * found)
      x -= change
      if abs(change) < 1e-16 { break }
    }
    let slope = legendre(x).slope
    rule.append((x, 2 / ((1 - x * x) * slope * slope)))
  }
  return rule
}
