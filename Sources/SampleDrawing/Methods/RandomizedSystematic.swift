package import SurveyData

/// Systematic selection proportional to size through the units in random order.
///
/// Formula: as `pps-systematic`, the units by ticket instead of in list order; π = λ. Source: Goodman & Kish
/// (1950), Hartley & Rao (1962); annex §2.
package struct RandomizedSystematic: SelectionMethod {
  package init() {}

  package var name: String { "pps-randomized-systematic" }
  package var title: LocalizedText {
    LocalizedText(zh: "随机排序的与规模成比例等距抽样", en: "randomized systematic sampling proportional to size")
  }
  package var needsSize: Bool { true }
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
    let order = cell.byTicket(first: cell.count, of: cell.positive)
    let split = CertaintyUnits(units: order, sample: target.count, total: total, in: cell)
    let start = systematicStart(cell.key.startTicket(stratum: cell.label), total: split.restTotal)
    var taken = split.isCertain
    for place in proportionalPlaces(
      start: start,
      sizes: split.rest.map { cell.size($0) },
      total: split.restTotal,
      sample: split.restSample
    ) {
      taken[split.rest[place]] = true
    }
    let units = order.filter { taken[$0] }.map { unit in
      let isCertain = split.isCertain[unit]
      let probability = isCertain ? 1 : split.probability(ofSize: cell.size(unit))
      return Selection.Unit(index: unit, probability: probability, isCertainty: isCertain)
    }
    // The order is that of the tickets already.
    let rest = order.lazy.filter { !taken[$0] }
    return Selection(selected: units, reserves: Array(rest.prefix(reserves)))
  }
}
