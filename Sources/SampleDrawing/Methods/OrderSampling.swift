import SurveyData

/// Order sampling: every unit has a ranking number of its own, and the smallest are taken.
///
/// Certainty units by ticket first; then the n smallest q, ties by ticket; reserves are the next units of the same
/// order. The probability is λ, or the exact one where some unit's differs by more than 1% (protocol §5).
struct OrderSampling: Sendable {
  /// The ranking number of a unit from its uniform number u and its λ.
  var ranking: @Sendable (_ u: Double, _ lambda: Double) -> Double
  /// The exact inclusion probabilities of groups of equal sizes.
  var exact: @Sendable (SizeGroups) -> any OrderDesign

  func select(_ wanted: Int, reserves: Int, from cell: CellUnits) throws(InputRefusal) -> Selection {
    let total = try totalSize(of: cell, below: UInt128(1) << 53, timesSample: wanted)
    let positive = cell.positive
    let split = CertaintyUnits(units: positive, sample: wanted, total: total, in: cell)
    let certain = positive.filter { split.isCertain[$0] }
    var selected = cell.byTicket(first: certain.count, of: certain).map {
      Selection.Unit(index: $0, probability: 1, isCertainty: true)
    }
    if split.restSample == 0 {
      return Selection(selected: selected, reserves: cell.byTicket(first: reserves, of: split.rest))
    }
    let order = ranked(split, first: split.restSample + min(reserves, split.rest.count), in: cell)
    let drawn = order.prefix(split.restSample)
    let probabilities = OrderProbabilities(split, of: drawn.map { cell.size($0) }, exact: exact, in: cell)
    for unit in drawn {
      let probability = probabilities.probability(ofSize: cell.size(unit))
      selected.append(Selection.Unit(index: unit, probability: probability, isCertainty: false))
    }
    return Selection(
      selected: selected,
      reserves: Array(order.dropFirst(split.restSample)),
      basis: probabilities.basis
    )
  }

  /// The first units of those left by ranking number; memory for twice those wanted.
  private func ranked(_ split: CertaintyUnits, first wanted: Int, in cell: CellUnits) -> [Int] {
    let limit = min(wanted, split.rest.count)
    if limit <= 0 { return [] }
    let room = min(split.rest.count, 2 * limit + 64)
    var held = [RankedUnit]()
    held.reserveCapacity(room)
    var bar = Double.infinity
    var tickets = cell.tickets
    for (place, unit) in split.rest.enumerated() {
      let ticket = tickets.ticket(unit)
      let number = ranking(ticket.uniform, split.probability(ofSize: cell.size(unit)))
      if number > bar { continue }
      held.append(RankedUnit(number: number, ticket: ticket, unit: unit))
      if held.count == room, place + 1 < split.rest.count {
        held.sort()
        held.removeLast(held.count - limit)
        bar = held.last?.number ?? .infinity
      }
    }
    held.sort()
    return held.prefix(limit).map(\.unit)
  }

  private struct RankedUnit: Comparable {
    var number: Double
    var ticket: Digest
    var unit: Int

    static func < (left: RankedUnit, right: RankedUnit) -> Bool {
      left.number != right.number ? left.number < right.number : left.ticket < right.ticket
    }
  }
}

/// The exact inclusion probabilities of an order sample.
protocol OrderDesign {
  /// - Parameters:
  ///   - asked: groups of equal sizes, rising.
  ///   - isNear: whether a probability of a group is near enough to λ.
  /// - Returns: one probability a group asked about, and whether those of all groups are near, which is decided with
  ///   errors below 10⁻¹⁰.
  func probabilities(
    of asked: [Int],
    areAllNear isNear: (_ group: Int, _ probability: Double) -> Bool
  ) -> (exact: [Double], areAllNear: Bool)
}

/// The probabilities that stand for the drawn units of an order sample, and which they are.
struct OrderProbabilities: Sendable {
  let basis: ProbabilityBasis
  private let groups: SizeGroups
  /// By group; only of those that were drawn.
  private var exact: [Int: Double] = [:]

  /// How far, relative to λ, the exact probability of a unit may lie from λ without being used.
  static let allowedDeviation = 0.01

  /// - Parameters:
  ///   - split: what the certainty units left.
  ///   - sizes: those of the drawn units.
  ///   - design: gives the exact ones.
  ///   - cell: the stratum.
  init(
    _ split: CertaintyUnits,
    of sizes: [UInt64],
    exact design: (SizeGroups) -> any OrderDesign,
    in cell: CellUnits
  ) {
    let groups = SizeGroups(
      sizes: split.rest.map { cell.size($0) },
      sample: split.restSample,
      total: split.restTotal
    )
    self.groups = groups
    // One unit far off decides it, and the smallest and the largest are most often off.
    let asked = Set(sizes.map { groups.group(ofSize: $0) } + [0, groups.count - 1]).sorted()
    let found = design(groups).probabilities(of: asked) { group, probability in
      let lambda = groups.probability(group)
      return abs(probability - lambda) <= Self.allowedDeviation * lambda
    }
    basis = found.areAllNear ? .lambda : .exact
    if found.areAllNear { return }
    for (group, probability) in zip(asked, found.exact) { exact[group] = toTwelveDigits(probability) }
  }

  func probability(ofSize size: UInt64) -> Double {
    let group = groups.group(ofSize: size)
    return exact[group] ?? groups.probability(group)
  }
}

extension SizedList {
  /// The exact inclusion probabilities of Pareto sampling: 1 for certainty units, 0 for size 0 (annex §9).
  /// - Returns: one probability a unit; `nil` where the sizes are too large or fewer units have a size than are wanted.
  package var paretoInclusionProbabilities: [Double]? {
    orderProbabilities { ParetoDesign($0) }
  }

  /// The exact inclusion probabilities of sequential Poisson sampling: 1 for certainty units, 0 for size 0.
  /// - Returns: one probability a unit; `nil` where the sizes are too large or fewer units have a size than are wanted.
  package var sequentialPoissonInclusionProbabilities: [Double]? {
    orderProbabilities { SequentialPoissonDesign(groups: $0) }
  }

  private func orderProbabilities(_ design: (SizeGroups) -> any OrderDesign) -> [Double]? {
    guard let left = RemainingList(self),
      UInt128(left.sample) * UInt128(left.total) < UInt128(1) << 53
    else { return nil }
    let groups = SizeGroups(sizes: left.sizes, sample: left.sample, total: left.total)
    let probabilities =
      left.sample == 0
      ? [] : design(groups).probabilities(of: Array(0..<groups.count), areAllNear: { _, _ in false }).exact
    return left.placeOfUnit.map { place in
      if place == RemainingList.certain { return 1 }
      return place == RemainingList.never ? 0 : probabilities[groups.group(ofSize: left.sizes[place])]
    }
  }
}
