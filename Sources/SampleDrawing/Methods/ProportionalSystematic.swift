package import SurveyData

/// Systematic selection with probabilities proportional to size, in exact integers.
///
/// Formula: certainty units first; of the rest with total X and cumulated sizes C: s = ⌊h·X / 2^64⌋,
/// points p_j = s + j·X, unit i where n·C(i−1) ≤ p_j < n·C(i); π = n·x / X. Source: draw protocol §5.
package struct ProportionalSystematic: SelectionMethod {
  package init() {}

  package var name: String { "pps-systematic" }
  package var title: LocalizedText {
    LocalizedText(zh: "与规模成比例的等距抽样", en: "systematic sampling with probability proportional to size")
  }
  package var needsSize: Bool { true }
  package var asks: SelectionRequest { .number }
  package var hasFixedSize: Bool { true }
  package var resultOrder: ResultOrder { .list }
  package var reserveRule: ReserveRule { .remainingByTicket }
  package var probabilityFormula: String { "n · x / X" }

  package func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection {
    let total = try totalSize(of: cell, below: UInt128(1) << 63, timesSample: 1)
    let order = cell.inListOrder.filter { cell.size($0) > 0 }
    let split = CertaintyUnits(units: order, sample: target.count, total: total, in: cell)
    let start = systematicStart(cell.key.startTicket(stratum: cell.label), total: split.restTotal)
    var taken = split.isCertain
    let sizes = split.rest.map { cell.size($0) }
    for place in proportionalPlaces(
      start: start,
      sizes: sizes,
      total: split.restTotal,
      sample: split.restSample
    ) {
      taken[split.rest[place]] = true
    }
    let units = order.filter { taken[$0] }.map { unit in
      let isCertain = split.isCertain[unit]
      return Selection.Unit(
        index: unit,
        probability: isCertain ? 1 : split.probability(ofSize: cell.size(unit)),
        isCertainty: isCertain
      )
    }
    var selection = Selection(selected: units, reserves: [])
    if units.count >= 2, units.count <= PairProbabilities.statedAtMost {
      let left = RemainingList(split) { cell.size($0) }
      selection.pairs = left.systematicPairs(of: units.map(\.index))
    }
    if reserves > 0 {
      selection.reserves = cell.byTicket(first: reserves, of: order.filter { !taken[$0] })
    }
    return selection
  }

  package func jointProbabilities(of places: [Int], in list: SizedList) -> PairProbabilities? {
    RemainingList(list)?.systematicPairs(of: places)
  }
}

extension CertaintyUnits {
  /// The inclusion probability of a unit that is left.
  ///
  /// Formula: λ = (n · x) / X with the n and X that the certainty units leave.
  func probability(ofSize size: UInt64) -> Double {
    Double(restSample) * Double(size) / Double(restTotal)
  }
}

/// The units that the points of a proportional systematic rule fall on.
///
/// Formula: unit i where n·C(i−1) ≤ s + j·X < n·C(i), j = 0…n−1, in 128-bit integers.
/// Domain: 0 ≤ s < X = Σ sizes, n · size < X for every unit, so that none is met twice.
package func proportionalPlaces(
  start: UInt64,
  sizes: [UInt64],
  total: UInt64,
  sample: Int
) -> [Int] {
  var places = [Int]()
  places.reserveCapacity(sample)
  var point = UInt128(start)
  var bound: UInt128 = 0
  for index in sizes.indices {
    if places.count == sample { break }
    bound += UInt128(sample) * UInt128(sizes[index])
    if point < bound {
      places.append(index)
      point += UInt128(total)
    }
  }
  return places
}
