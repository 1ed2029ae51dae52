package import SurveyData

/// Draws proportional to size with replacement: a unit may be hit more than once.
///
/// Formula: every draw takes unit i with probability x_i / X; expected hits n·x / X; annex §8.
/// Source: Hansen & Hurwitz (1943).
package struct WithReplacement: SelectionMethod {
  package init() {}

  package var name: String { "pps-with-replacement" }
  package var title: LocalizedText {
    LocalizedText(zh: "与规模成比例的放回抽样", en: "sampling with probability proportional to size, with replacement")
  }
  package var needsSize: Bool { true }
  package var asks: SelectionRequest { .number }
  package var hasFixedSize: Bool { false }
  package var resultOrder: ResultOrder { .list }
  package var reserveRule: ReserveRule { .none }
  package var probabilityFormula: String { "expected hits n · x / X" }
  package var isWithReplacement: Bool { true }

  /// Every draw is held in memory until all are made.
  static let mostDraws = 10_000_000

  private func tooManyDraws(_ draws: Int) -> Finding {
    Finding(
      "draws-many",
      value: String(draws),
      message: LocalizedText(
        zh: "一层的抽取次数不能多于 \(Self.mostDraws) 次。",
        en: "a stratum cannot have more than \(Self.mostDraws) draws."
      ),
      fix: LocalizedText(zh: "请减少抽取次数。", en: "Ask for fewer.")
    )
  }

  package func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection {
    let draws = target.count
    let total = try totalSize(of: cell, below: UInt128(1) << 53, timesSample: draws)
    if draws > Self.mostDraws { throw InputRefusal(tooManyDraws(draws)) }
    if draws == 0 { return Selection(selected: [], reserves: []) }
    let order = cell.inListOrder.filter { cell.size($0) > 0 }
    let stream = cell.stream
    let points = (0..<draws).map { UInt64(stream.place($0, among: UInt128(total))) }.sorted()
    var units = [Selection.Unit]()
    var next = 0
    var bound: UInt64 = 0
    for unit in order {
      let size = cell.size(unit)
      bound += size
      let first = next
      while next < points.count, points[next] < bound { next += 1 }
      if next == first { continue }
      units.append(
        Selection.Unit(
          index: unit,
          probability: Double(draws) * Double(size) / Double(total),
          isCertainty: false,
          hits: next - first
        )
      )
    }
    return Selection(selected: units, reserves: [])
  }
}
