package import SurveyData

/// Every unit by itself with a probability proportional to its size; the number selected is random.
///
/// Formula: certainty units, and every unit with u < (n·x) / X; π = λ. Source: draw protocol §5.
package struct Poisson: SelectionMethod {
  package init() {}

  package var name: String { "poisson" }
  package var title: LocalizedText { LocalizedText(zh: "泊松抽样", en: "Poisson sampling") }
  package var needsSize: Bool { true }
  package var asks: SelectionRequest { .number }
  package var hasFixedSize: Bool { false }
  package var resultOrder: ResultOrder { .ticket }
  package var reserveRule: ReserveRule { .none }
  package var probabilityFormula: String { "n · x / X" }

  package func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection {
    let total = try totalSize(of: cell, below: UInt128(1) << 53, timesSample: target.count)
    let split = CertaintyUnits(units: cell.positive, sample: target.count, total: total, in: cell)
    var drawn = [Int]()
    for unit in 0..<cell.count where split.isCertain[unit] { drawn.append(unit) }
    if split.restSample > 0 {
      var tickets = cell.tickets
      for unit in split.rest
      where tickets.ticket(unit).uniform < split.probability(ofSize: cell.size(unit)) {
        drawn.append(unit)
      }
    }
    let units = cell.byTicket(first: drawn.count, of: drawn).map { unit in
      let isCertain = split.isCertain[unit]
      return Selection.Unit(
        index: unit,
        probability: isCertain ? 1 : split.probability(ofSize: cell.size(unit)),
        isCertainty: isCertain
      )
    }
    return Selection(selected: units, reserves: [])
  }

  /// Formula: π_k · π_l, because the units are taken independently of each other.
  package func jointProbabilities(of places: [Int], in list: SizedList) -> PairProbabilities? {
    guard let left = RemainingList(list) else { return nil }
    return left.pairs(of: places) { one, other in
      left.probability(one) * left.probability(other)
    }
  }
}
