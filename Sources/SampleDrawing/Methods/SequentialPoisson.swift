package import SurveyData

/// Sequential Poisson sampling: Poisson's order of the units, cut at a fixed size.
///
/// Formula: q = u / λ, the n smallest; π near λ, exact where they differ by 1%. Source: Ohlsson (1998); draw
/// protocol §5, annex §9.
package struct SequentialPoisson: SelectionMethod {
  package init() {}

  package var name: String { "sequential-poisson" }
  package var title: LocalizedText { LocalizedText(zh: "序贯泊松抽样", en: "sequential Poisson sampling") }
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
    try OrderSampling(ranking: { u, lambda in u / lambda }, exact: { SequentialPoissonDesign(groups: $0) })
      .select(target.count, reserves: reserves, from: cell)
  }
}
