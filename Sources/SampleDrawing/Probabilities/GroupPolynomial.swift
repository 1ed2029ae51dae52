/// The number taken of some units that have the same probability: b_j for j = 0…limit.
struct GroupPolynomial: Sendable {
  /// Formula: C(m, j) · p^j · (1 − p)^(m − j); from the likeliest j outwards, so that nothing underflows.
  let factors: [Double]
  /// The mark of one unit.
  let mark: Double

  /// - Parameters:
  ///   - units: m.
  ///   - p: the probability of each.
  ///   - q: 1 − p, given apart so that it keeps its digits where p is near 1.
  ///   - mark: of one unit.
  ///   - limit: the largest number taken that is asked for.
  init(units: Int, p: Double, q: Double, mark: Double = 0, limit: Int) {
    self.mark = mark
    let last = min(units, limit)
    var values = [Double](repeating: 0, count: last + 1)
    if q <= 0 {
      if last == units { values[units] = 1 }
      factors = values
      return
    }
    // Relative to the likeliest number, then divided by the sum over all numbers, also those above the limit.
    let mode = min(units, Int(Double(units + 1) * p))
    var sum = 1.0
    if mode <= last { values[mode] = 1 }
    let odds = p / q
    var value = 1.0
    var j = mode
    while j < units {
      value *= odds * (Double(units - j) / Double(j + 1))
      if value < 0x1p-200 { break }
      j += 1
      if j <= last { values[j] = value }
      sum += value
    }
    value = 1
    j = mode
    while j > 0 {
      value *= (Double(j) / Double(units - j + 1)) / odds
      if value < 0x1p-200 { break }
      j -= 1
      if j <= last { values[j] = value }
      sum += value
    }
    factors = values.map { $0 / sum }
  }
}

/// Formula: target(k) = Σ_j b_j · source(k − j), and for the marks Σ_j b_j · (marks(k − j) + j · mark · source(k − j)).
func addGroup(
  _ group: GroupPolynomial,
  _ source: UnsafePointer<Double>,
  _ marks: UnsafePointer<Double>?,
  _ target: UnsafeMutablePointer<Double>,
  _ markTarget: UnsafeMutablePointer<Double>?,
  _ window: SubsetWindow,
  _ limit: Int
) -> SubsetWindow {
  if window.isEmpty { return window }
  var first = 0
  var last = group.factors.count - 1
  while first <= last, group.factors[first] == 0 { first += 1 }
  while last >= first, group.factors[last] == 0 { last -= 1 }
  let grown = SubsetWindow(first: window.first + first, last: min(window.last + last, limit))
  if first > last || grown.isEmpty { return SubsetWindow(first: 0, last: -1) }
  for k in grown.first...grown.last {
    var sum = 0.0
    var marked = 0.0
    var j = max(first, k - window.last)
    let end = min(last, k - window.first)
    while j <= end {
      let factor = group.factors[j]
      sum += factor * source[k - j]
      if let marks { marked += factor * (marks[k - j] + Double(j) * group.mark * source[k - j]) }
      j += 1
    }
    target[k] = sum < 0x1p-200 ? 0 : sum
    markTarget?[k] = marked < 0x1p-200 ? 0 : marked
  }
  return grown
}
