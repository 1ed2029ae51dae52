package import SurveyData

/// Tillé's elimination: units leave one by one, so that those left are proportional to size at every step.
///
/// Formula: annex §7, exact integers; π = λ, pairs exact. Source: Tillé (1996). Complexity: O(M log M).
package struct Tille: SelectionMethod {
  package init() {}

  package var name: String { "pps-tille" }
  package var title: LocalizedText { LocalizedText(zh: "蒂耶剔除抽样", en: "Tillé's elimination procedure") }
  package var needsSize: Bool { true }
  package var asks: SelectionRequest { .number }
  package var hasFixedSize: Bool { true }
  package var resultOrder: ResultOrder { .list }
  package var reserveRule: ReserveRule { .remainingByTicket }
  package var probabilityFormula: String { "n · x / X" }

  package func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection {
    let prepared = try ProportionalCell(cell, sample: target.count)
    // The places drawn are below M · X, which must stay within what the stream's numbers can reach.
    let places = prepared.order.count
    _ = try totalSize(of: cell, below: UInt128(1) << 74, timesSample: places)
    return prepared.selection(
      remainingPlaces(prepared.left, stream: cell.stream),
      reserves: reserves,
      pairs: jointProbabilities
    )
  }

  package func jointProbabilities(of places: [Int], in list: SizedList) -> PairProbabilities? {
    guard let left = RemainingList(list) else { return nil }
    let pairs = EliminationPairs(Eliminations(left))
    return left.pairs(of: places) { pairs.probability($0, $1) }
  }
}

/// The places left when elimination has come down to the sample.
private func remainingPlaces(_ left: RemainingList, stream: UniformStream) -> [Int] {
  if left.sample == 0 { return [] }
  var elimination = Eliminations(left)
  var group = [Int]()
  group.reserveCapacity(left.sizes.count)
  while let step = elimination.next() {
    let groupWeight = UInt128(group.count) * step.groupUnit
    var place = stream.place(step.number, among: step.total)
    var eliminated: Int?
    if place < groupWeight {
      let index = Int(place / step.groupUnit)
      group.swapAt(index, group.count - 1)
      group.removeLast()
    } else {
      place -= groupWeight
      for newcomer in step.newcomers {
        let weight = step.weight(ofNewcomer: elimination.size(newcomer))
        if place < weight {
          eliminated = newcomer
          break
        }
        place -= weight
      }
    }
    for newcomer in step.newcomers where newcomer != eliminated { group.append(newcomer) }
  }
  return group.map { elimination.order[$0] }
}
