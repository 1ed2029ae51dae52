package import SurveyData

/// Simple random sampling without replacement: the n smallest tickets; reserves are the next ones.
///
/// Formula: π = n / N. Source: draw protocol §5.
package struct SimpleRandom: SelectionMethod {
  package init() {}

  package var name: String { "srs" }
  package var title: LocalizedText { LocalizedText(zh: "简单随机抽样", en: "simple random sampling") }
  package var needsSize: Bool { false }
  package var asks: SelectionRequest { .number }
  package var hasFixedSize: Bool { true }
  package var resultOrder: ResultOrder { .ticket }
  package var reserveRule: ReserveRule { .nextInOrder }
  package var probabilityFormula: String { "n / N" }

  package func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection {
    let wanted = target.count
    let order = cell.byTicket(first: wanted + min(reserves, cell.count))
    let probability = cell.count == 0 ? 0 : Double(wanted) / Double(cell.count)
    let units = order.prefix(wanted).map {
      Selection.Unit(index: $0, probability: probability, isCertainty: wanted == cell.count)
    }
    return Selection(selected: units, reserves: Array(order.dropFirst(wanted)))
  }

  /// Formula: n · (n − 1) / (N · (N − 1)).
  ///
  /// Source: Cochran (1977), §2.3.
  package func jointProbabilities(of places: [Int], in list: SizedList) -> PairProbabilities? {
    let n = Double(list.sample)
    let population = Double(list.sizes.count)
    return PairProbabilities(count: places.count) { _, _ in n * (n - 1) / (population * (population - 1)) }
  }
}

extension SelectionTarget {
  /// The number asked for; a rate asks for none.
  var count: Int {
    switch self {
    case .number(let count): count
    case .rate: 0
    }
  }
}
