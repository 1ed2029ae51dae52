/// The steps of Tillé's elimination, which depend on the sizes only (annex §7).
struct Eliminations: Sendable {
  /// The places of the units left in the stratum, by falling size, ties in list order.
  let order: [Int]
  private let sizes: [UInt64]
  private let sample: Int
  /// The total size of the units from each one on, by falling size.
  private let totals: [UInt64]
  private var certain: Int
  private var left: Int

  init(_ remaining: RemainingList) {
    let own = remaining.sizes
    order = own.indices.sorted { own[$0] != own[$1] ? own[$0] > own[$1] : $0 < $1 }
    sizes = order.map { own[$0] }
    sample = remaining.sample
    var sums = [UInt64](repeating: 0, count: own.count + 1)
    for place in own.indices.reversed() { sums[place] = sums[place + 1] + sizes[place] }
    totals = sums
    certain = own.count
    left = own.count
  }

  func size(_ unit: Int) -> UInt64 { sizes[unit] }

  /// One elimination: from i + 1 units to i.
  struct Step: Sendable {
    /// Its number, from 0.
    var number: Int
    /// i: the units left afterwards.
    var size: Int
    /// The units that stop being certain, in their order.
    var newcomers: StrideTo<Int>
    /// How many of the first units stay certain, and did before.
    var certain: Int
    var certainBefore: Int
    /// Units left before the step that were not certain.
    var groupCount: Int
    /// The weight of each of these.
    var groupUnit: UInt128
    /// The weights of all units together.
    var total: UInt128
    /// X of the units that are not certain.
    var sizeTotal: UInt64

    /// Formula: g · (T(e') − (i − e') · x), g the group's count but at least 1.
    func weight(ofNewcomer unitSize: UInt64) -> UInt128 {
      UInt128(max(1, groupCount)) * (UInt128(sizeTotal) - UInt128(size - certain) * UInt128(unitSize))
    }

    /// The probability of a unit that is not certain, for the size i.
    func inclusion(ofSize unitSize: UInt64) -> Double {
      Double(UInt128(size - certain) * UInt128(unitSize)) / Double(sizeTotal)
    }
  }

  /// The next step; `nil` when the sample is reached.
  mutating func next() -> Step? {
    if left <= sample || sample == 0 { return nil }
    let number = sizes.count - left
    let groupCount = left - certain
    left -= 1
    let before = certain
    while certain > 0,
      UInt128(left - (certain - 1)) * UInt128(sizes[certain - 1]) < UInt128(totals[certain - 1])
    {
      certain -= 1
    }
    let total = UInt128(totals[certain])
    return Step(
      number: number,
      size: left,
      newcomers: stride(from: before - 1, to: certain - 1, by: -1),
      certain: certain,
      certainBefore: before,
      groupCount: groupCount,
      groupUnit: UInt128(groupCount) * total - UInt128(left - certain) * UInt128(totals[before]),
      total: UInt128(max(1, groupCount)) * total,
      sizeTotal: totals[certain]
    )
  }
}

/// Pair probabilities of the elimination, from products over its steps.
///
/// Formula: π_kl = Π (1 − r_k(i) − r_l(i)). While both are certain the factor is 1, while one is certain the factors
/// multiply to the other's π, and once neither is they are the same for every pair; so a pair costs O(1).
struct EliminationPairs: Sendable {
  /// By the unit's place in the stratum: its number by falling size.
  private var rank: [Int]
  /// By falling size: the step at which the unit stops being certain, its π before and its r at that step.
  private var entry: [Int]
  private var steps: [Eliminations.Step] = []
  private var sizes: [UInt64]
  /// By step: Π (1 − 2r) over this and all later steps.
  private var jointly: [Double]

  init(_ eliminations: Eliminations) {
    var eliminations = eliminations
    let count = eliminations.order.count
    rank = [Int](repeating: 0, count: count)
    for (number, place) in eliminations.order.enumerated() { rank[place] = number }
    sizes = (0..<count).map { eliminations.size($0) }
    entry = [Int](repeating: 0, count: count)
    while let step = eliminations.next() {
      for newcomer in step.newcomers { entry[newcomer] = steps.count }
      steps.append(step)
    }
    jointly = [Double](repeating: 1, count: steps.count + 1)
    for place in steps.indices.reversed() {
      jointly[place] = jointly[place + 1] * (1 - 2 * groupElimination(steps[place]))
    }
  }

  /// r of the units that were not certain before a step.
  private func groupElimination(_ step: Eliminations.Step) -> Double {
    step.groupCount == 0 ? 0 : Double(step.groupUnit) / Double(step.total)
  }

  /// The probability of a pair of places of the stratum.
  func probability(_ one: Int, _ other: Int) -> Double {
    let larger = min(rank[one], rank[other])
    let smaller = max(rank[one], rank[other])
    if steps.isEmpty { return 0 }
    let last = entry[larger]
    let step = steps[last]
    let largerLeaves = 1 - step.inclusion(ofSize: sizes[larger])
    if entry[smaller] == last {
      return (1 - largerLeaves - (1 - step.inclusion(ofSize: sizes[smaller]))) * jointly[last + 1]
    }
    let before = steps[last - 1].inclusion(ofSize: sizes[smaller])
    return before * (1 - largerLeaves - groupElimination(step)) * jointly[last + 1]
  }
}
