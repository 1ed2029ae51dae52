package import SurveyData

/// Pareto sampling: fixed size, probabilities near to proportional, and one number a unit for ever.
///
/// Formula: q = (u·(1−λ)) / ((1−u)·λ), the n smallest; π near λ, exact where they differ by 1%. Source: Rosén
/// (1997); draw protocol §5, annex §9.
package struct Pareto: SelectionMethod {
  package init() {}

  package var name: String { "pps-pareto" }
  package var title: LocalizedText { LocalizedText(zh: "帕累托抽样", en: "Pareto sampling") }
  package var needsSize: Bool { true }
  package var asks: SelectionRequest { .number }
  package var hasFixedSize: Bool { true }
  package var resultOrder: ResultOrder { .ticket }
  package var reserveRule: ReserveRule { .nextInOrder }
  package var probabilityFormula: String { "n · x / X, or exact (annex §9)" }

  package func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection {
    try OrderSampling(ranking: Pareto.ranking, exact: { ParetoDesign($0) })
      .select(target.count, reserves: reserves, from: cell)
  }

  /// q, by which the units stand in order: smaller first.
  package static func ranking(_ u: Double, _ lambda: Double) -> Double { (u * (1 - lambda)) / ((1 - u) * lambda) }
}
