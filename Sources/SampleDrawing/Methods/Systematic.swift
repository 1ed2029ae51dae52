package import SurveyData

/// Systematic selection through the list with one random start, in exact integers.
///
/// Formula: h the first 16 hex digits of the start ticket; s = ⌊h·N / 2^64⌋; the units at
/// ⌊(s + j·N) / n⌋, j = 0…n−1; π = n / N. Source: draw protocol §5.
package struct Systematic: SelectionMethod {
  package init() {}

  package var name: String { "systematic" }
  package var title: LocalizedText { LocalizedText(zh: "等距抽样", en: "systematic sampling") }
  package var needsSize: Bool { false }
  package var asks: SelectionRequest { .number }
  package var hasFixedSize: Bool { true }
  package var resultOrder: ResultOrder { .list }
  package var reserveRule: ReserveRule { .remainingByTicket }
  package var probabilityFormula: String { "n / N" }

  package func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection {
    let wanted = target.count
    if wanted == 0 {
      return Selection(selected: [], reserves: cell.byTicket(first: reserves))
    }
    let order = cell.inListOrder
    let start = systematicStart(cell.key.startTicket(stratum: cell.label), total: UInt64(cell.count))
    let places = systematicPlaces(start: start, population: cell.count, sample: wanted)
    let probability = Double(wanted) / Double(cell.count)
    var taken = [Bool](repeating: false, count: cell.count)
    var units = [Selection.Unit]()
    units.reserveCapacity(wanted)
    for place in places {
      taken[order[place]] = true
      units.append(
        Selection.Unit(index: order[place], probability: probability, isCertainty: wanted == cell.count)
      )
    }
    if reserves == 0 { return Selection(selected: units, reserves: []) }
    let rest = (0..<cell.count).filter { !taken[$0] }
    return Selection(selected: units, reserves: cell.byTicket(first: reserves, of: rest))
  }

  package func jointProbabilities(of places: [Int], in list: SizedList) -> PairProbabilities? {
    RemainingList(SizedList(population: list.sizes.count, sample: list.sample))?.systematicPairs(of: places)
  }
}

/// The random start of a systematic rule.
///
/// Formula: ⌊h · total / 2^64⌋, h the first 16 hex digits of the ticket. Domain: total < 2^63.
package func systematicStart(_ ticket: Digest, total: UInt64) -> UInt64 {
  ticket.head.multipliedFullWidth(by: total).high
}

/// The places in the list that a systematic start selects.
///
/// Formula: ⌊(s + j·N) / n⌋ for j = 0…n−1. Domain: 0 ≤ s < N, 0 < n ≤ N < 2^31; they are all different.
package func systematicPlaces(start: UInt64, population: Int, sample: Int) -> [Int] {
  var places = [Int]()
  places.reserveCapacity(sample)
  for step in 0..<UInt64(sample) {
    places.append(Int((start + step * UInt64(population)) / UInt64(sample)))
  }
  return places
}
