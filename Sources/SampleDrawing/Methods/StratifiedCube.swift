package import SurveyData

/// Balanced sampling over strata: fixed sizes in each stratum, totals met over all strata of a parent.
///
/// Each stratum is balanced by itself as far as whole units allow; what stays undecided is then decided over
/// all strata together. Formula: π = n · x / X, or n / N, within the stratum.
/// Source: Chauvet (2009), Hasler and Tillé (2014); annex-balanced, section 3.
package struct StratifiedCube: SelectionMethod {
  package init() {}

  package var name: String { "stratified-cube" }
  package var title: LocalizedText {
    LocalizedText(zh: "分层平衡抽样（立方体法）", en: "stratified balanced sampling (cube method)")
  }
  package var needsSize: Bool { false }
  package var takesSize: Bool { true }
  package var measures: MeasureUse { .balance }
  package var decidesOverStrata: Bool { true }
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
    try select([target], reserves: [reserves], from: [cell], parent: cell.label)[0]
  }

  package func select(
    _ targets: [SelectionTarget],
    reserves: [Int],
    from cells: [CellUnits],
    parent: String
  ) throws(InputRefusal) -> [Selection] {
    guard let key = cells.first?.key else { return [] }
    let units = try BalancedUnits(cells, samples: targets.map(\.count))
    var walk = BalancedWalk(units, stream: UniformStream(key: key, stratum: parent))
    var undecided = [Int]()
    for range in units.ranges { undecided += walk.walk(over: range, landing: false) }
    _ = walk.walk(over: undecided, landing: true)
    return cells.enumerated().map { stratum, cell in
      units.selection(stratum: stratum, walk: walk, reserves: reserves[stratum], in: cell)
    }
  }
}
