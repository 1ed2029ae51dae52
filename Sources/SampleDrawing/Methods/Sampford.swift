package import SurveyData

/// Sampford's rejective design, drawn unit by unit without rejections.
///
/// Formula: P(s) ∝ Π λ/(1−λ) · Σ (1−λ) over the sample's units; π = λ, pairs exact. Source: Sampford (1967);
/// annex §5. Complexity: O(M · n).
package struct Sampford: SelectionMethod {
  package init() {}

  package var name: String { "pps-sampford" }
  package var title: LocalizedText { LocalizedText(zh: "桑福德抽样", en: "Sampford sampling") }
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
    let places = sampfordPlaces(prepared.left, stream: cell.stream)
    return prepared.selection(places, reserves: reserves, pairs: jointProbabilities)
  }

  package func jointProbabilities(of places: [Int], in list: SizedList) -> PairProbabilities? {
    guard let left = RemainingList(list) else { return nil }
    return left.subsetPairs(of: places, p: left.probabilities, q: left.complements, marks: left.complements)
  }
}

private func sampfordPlaces(_ left: RemainingList, stream: UniformStream) -> [Int] {
  if left.sample == 0 { return [] }
  let p = left.probabilities
  let q = left.complements
  var suffix = SuffixSums(p: p, q: q, marks: q, limit: left.sample)
  var wanted = left.sample
  var gathered = 0.0
  var places = [Int]()
  places.reserveCapacity(wanted)
  for unit in p.indices {
    if wanted == 0 { break }
    if p.count - unit == wanted {
      places.append(contentsOf: unit..<p.count)
      break
    }
    let ifTaken = suffix.values(from: unit + 1, wanted - 1)
    let ifLeft = suffix.values(from: unit + 1, wanted)
    let taken = p[unit] * ((gathered + q[unit]) * ifTaken.count + ifTaken.marked)
    let notTaken = q[unit] * (gathered * ifLeft.count + ifLeft.marked)
    if stream.uniform(unit) * (taken + notTaken) < taken {
      places.append(unit)
      wanted -= 1
      gathered += q[unit]
    }
  }
  return places
}
