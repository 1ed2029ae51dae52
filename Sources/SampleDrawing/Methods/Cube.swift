package import SurveyData

/// Balanced sampling by the cube method: the sample meets the totals of known columns as nearly as it can.
///
/// Formula: π = n · x / X, or n / N without sizes; of the balancing columns the last named is given up
/// first. Source: Deville and Tillé (2004), Chauvet and Tillé (2006); annex-balanced, section 2.
package struct Cube: SelectionMethod {
  package init() {}

  package var name: String { "cube" }
  package var title: LocalizedText { LocalizedText(zh: "平衡抽样（立方体法）", en: "balanced sampling (cube method)") }
  package var needsSize: Bool { false }
  package var takesSize: Bool { true }
  package var measures: MeasureUse { .balance }
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
    let units = try BalancedUnits([cell], samples: [target.count])
    var walk = BalancedWalk(units, stream: cell.stream)
    _ = walk.walk(over: units.indices.indices, landing: true)
    return units.selection(stratum: 0, walk: walk, reserves: reserves, in: cell)
  }
}
