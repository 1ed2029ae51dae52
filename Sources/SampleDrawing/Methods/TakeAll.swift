package import SurveyData

/// Every unit of the stratum, visited by ticket.
package struct TakeAll: SelectionMethod {
  package init() {}

  package var name: String { "all" }
  package var title: LocalizedText { LocalizedText(zh: "全部调查", en: "complete enumeration") }
  package var needsSize: Bool { false }
  package var asks: SelectionRequest { .everything }
  package var hasFixedSize: Bool { true }
  package var resultOrder: ResultOrder { .ticket }
  package var reserveRule: ReserveRule { .none }
  package var probabilityFormula: String { "1" }

  package func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection {
    let units = cell.byTicket(first: cell.count).map {
      Selection.Unit(index: $0, probability: 1, isCertainty: true)
    }
    return Selection(selected: units, reserves: [])
  }
}
