package import SurveyData

/// Spatially spread sampling by the local pivotal method: neighbours are seldom taken together.
///
/// Formula: π = n · x / X, or n / N without sizes; exact, because probabilities are kept as whole numbers.
/// Source: Grafström, Lundström and Schelin (2012), LPM2; annex-balanced, section 4.
package struct LocalPivotal: SelectionMethod {
  package init() {}

  package var name: String { "local-pivotal" }
  package var title: LocalizedText { LocalizedText(zh: "空间均衡抽样（局部枢轴法）", en: "local pivotal sampling") }
  package var needsSize: Bool { false }
  package var takesSize: Bool { true }
  package var measures: MeasureUse { .coordinates }
  package var asks: SelectionRequest { .number }
  package var hasFixedSize: Bool { true }
  package var resultOrder: ResultOrder { .ticket }
  package var reserveRule: ReserveRule { .remainingByTicket }
  package var probabilityFormula: String { "n · x / X" }

  package func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection {
    let total = try totalSize(of: cell, below: UInt128(1) << 63, timesSample: 1)
    let split = CertaintyUnits(units: cell.positive, sample: target.count, total: total, in: cell)
    var isTaken = split.isCertain
    if split.restSample > 0 {
      let units = cell.byTicket(first: split.rest.count, of: split.rest)
      var points = [Double]()
      points.reserveCapacity(units.count * cell.measureCount)
      for unit in units {
        for column in 0..<cell.measureCount { points.append(cell.measure(column, unit)) }
      }
      var walk = PivotalWalk(
        weights: units.map { UInt64(split.restSample) * cell.size($0) },
        whole: split.restTotal,
        points: points,
        stream: cell.stream
      )
      walk.run()
      for place in walk.taken { isTaken[units[place]] = true }
    }
    return split.selection(taken: isTaken, reserves: reserves, in: cell)
  }
}

/// Pivotal steps between neighbours until every unit is decided.
///
/// Formula: with s = w_i + w_j of a unit i met at random and its nearest neighbour j, one of the two gets
/// min(s, whole) and the other the rest, so that the mean of both stays what it was.
private struct PivotalWalk {
  private var weights: [UInt64]
  private let whole: UInt64
  private var stream: UniformStream
  private var neighbours: NeighbourTree
  private var undecided: [Int32]
  private var placeOfUnit: [Int32]
  private(set) var taken: [Int] = []

  /// - Parameters:
  ///   - weights: by rank, more than 0 and less than the whole; their sum is a multiple of it.
  ///   - whole: what stands for probability 1, less than 2^63.
  ///   - points: the coordinates, unit by unit.
  ///   - stream: the numbers it uses, two a step.
  init(weights: [UInt64], whole: UInt64, points: [Double], stream: UniformStream) {
    self.weights = weights
    self.whole = whole
    self.stream = stream
    neighbours = NeighbourTree(points: points, count: weights.count)
    undecided = weights.indices.map { Int32($0) }
    placeOfUnit = undecided
  }

  mutating func run() {
    while !undecided.isEmpty {
      let place = (nextOdds() * UInt128(undecided.count)) >> 53
      let one = Int(undecided[Int(place)])
      guard let other = neighbours.nearest(to: one) else { return }
      let odds = nextOdds()
      let sum = weights[one] + weights[other]
      if sum <= whole {
        let goesToOther = odds * UInt128(sum) < UInt128(weights[other]) << 53
        weights[one] = goesToOther ? 0 : sum
        weights[other] = goesToOther ? sum : 0
      } else {
        let fillsOne = odds * UInt128(2 * whole - sum) < UInt128(whole - weights[other]) << 53
        weights[one] = fillsOne ? whole : sum - whole
        weights[other] = fillsOne ? sum - whole : whole
      }
      leaveIfDecided(one)
      leaveIfDecided(other)
    }
  }

  /// 2m + 1, which stands for the uniform number (2m + 1) / 2^53.
  private mutating func nextOdds() -> UInt128 { UInt128(2 * stream.nextBits() + 1) }

  private mutating func leaveIfDecided(_ unit: Int) {
    if weights[unit] > 0, weights[unit] < whole { return }
    if weights[unit] == whole { taken.append(unit) }
    neighbours.remove(unit)
    let place = Int(placeOfUnit[unit])
    let last = undecided.removeLast()
    if Int(last) == unit { return }
    undecided[place] = last
    placeOfUnit[Int(last)] = Int32(place)
  }
}
