package import SurveyData

/// Conditional Poisson sampling: the design of largest entropy with fixed size and given probabilities.
///
/// Formula: P(s) ∝ Π w over the sample's units, w such that π = λ; pairs exact. Source: Hájek (1964), Chen,
/// Dempster & Liu (1994); annex §6. Complexity: O(M · n) a round of the working probabilities.
package struct ConditionalPoisson: SelectionMethod {
  package init() {}

  package var name: String { "conditional-poisson" }
  package var title: LocalizedText {
    LocalizedText(zh: "条件泊松（最大熵）抽样", en: "conditional Poisson (maximum entropy) sampling")
  }
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
    if prepared.sample == 0 {
      return prepared.selection([], reserves: reserves) { places, list in
        jointProbabilities(of: places, in: list)
      }
    }
    guard var working = WorkingProbabilities(odds: prepared.left.odds, sample: prepared.sample) else {
      throw InputRefusal(notSettled(cell))
    }
    let places = conditionalPlaces(&working, sample: prepared.sample, stream: cell.stream)
    return prepared.selection(places, reserves: reserves) { places, list in
      RemainingList(list)?.subsetPairs(of: places, p: working.p, q: working.q, marks: nil)
    }
  }

  package func jointProbabilities(of places: [Int], in list: SizedList) -> PairProbabilities? {
    guard let left = RemainingList(list) else { return nil }
    if left.sample == 0 { return left.subsetPairs(of: places, p: [], q: [], marks: nil) }
    guard let working = WorkingProbabilities(odds: left.odds, sample: left.sample) else { return nil }
    return left.subsetPairs(of: places, p: working.p, q: working.q, marks: nil)
  }

  private func notSettled(_ cell: CellUnits) -> Finding {
    let place = cell.label.split(separator: "\n").joined(separator: ", ")
    return Finding(
      "working-probabilities",
      value: place,
      message: LocalizedText(
        zh: "层“\(place)”的规模过于悬殊，无法求出最大熵抽样的工作概率。",
        en: "the sizes of stratum \"\(place)\" are too extreme: its working probabilities do not settle."
      ),
      fix: LocalizedText(zh: "请核对规模，或改用 pps-sampford。", en: "Check the sizes, or use pps-sampford.")
    )
  }
}

extension RemainingList {
  /// λ / (1 − λ) of every unit left: both integers are exact where n · X < 2^53.
  var odds: [Double] {
    sizes.map { size in
      let taken = UInt128(sample) * UInt128(size)
      return Double(taken) / Double(UInt128(total) - taken)
    }
  }
}

private func conditionalPlaces(
  _ working: inout WorkingProbabilities,
  sample: Int,
  stream: UniformStream
) -> [Int] {
  var wanted = sample
  let count = working.p.count
  var places = [Int]()
  places.reserveCapacity(wanted)
  for unit in 0..<count {
    if wanted == 0 { break }
    if count - unit == wanted {
      places.append(contentsOf: unit..<count)
      break
    }
    let taken = working.p[unit] * working.suffix.values(from: unit + 1, wanted - 1).count
    let left = working.q[unit] * working.suffix.values(from: unit + 1, wanted).count
    if stream.uniform(unit) * (taken + left) < taken {
      places.append(unit)
      wanted -= 1
    }
  }
  return places
}
