package import SurveyData

/// Every unit by itself with one declared rate; the number selected is random.
///
/// Formula: selected where u < rate; π = rate. Source: draw protocol §5.
package struct Bernoulli: SelectionMethod {
  package init() {}

  package var name: String { "bernoulli" }
  package var title: LocalizedText { LocalizedText(zh: "伯努利抽样", en: "Bernoulli sampling") }
  package var needsSize: Bool { false }
  package var asks: SelectionRequest { .rate }
  package var hasFixedSize: Bool { false }
  package var resultOrder: ResultOrder { .ticket }
  package var reserveRule: ReserveRule { .none }
  package var probabilityFormula: String { "rate" }

  package func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection {
    guard case .rate(let rate) = target else { return Selection(selected: [], reserves: []) }
    var drawn = [Int]()
    var tickets = cell.tickets
    for unit in cell.inMemory where tickets.ticket(unit).uniform < rate { drawn.append(unit) }
    let units = cell.byTicket(first: drawn.count, of: drawn).map {
      Selection.Unit(index: $0, probability: rate, isCertainty: rate == 1)
    }
    return Selection(selected: units, reserves: [])
  }
}
