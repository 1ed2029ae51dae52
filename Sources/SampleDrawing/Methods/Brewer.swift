package import SurveyData

/// Brewer's method: unit by unit without replacement, for any number of units.
///
/// Formula: at each draw with weight y · (R − y) / (R − y · g), annex §4; π = λ, pairs exact for n = 2.
/// Source: Brewer (1975). Complexity: O(M · n).
package struct Brewer: SelectionMethod {
  package init() {}

  package var name: String { "pps-brewer" }
  package var title: LocalizedText { LocalizedText(zh: "布鲁尔抽样", en: "Brewer sampling") }
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
    return prepared.selection(
      brewerPlaces(prepared.left, stream: cell.stream),
      reserves: reserves,
      pairs: jointProbabilities
    )
  }

  /// Formula: λ_k·λ_l / D · (1/(1−λ_k) + 1/(1−λ_l)), D = 2 + Σ λ/(1−λ); n = 2 left.
  ///
  /// Source: Brewer (1963); annex §10.
  package func jointProbabilities(of places: [Int], in list: SizedList) -> PairProbabilities? {
    guard let left = RemainingList(list), left.sample <= 2 else { return nil }
    var divisor = 2.0
    if left.sample == 2 { for odds in left.odds { divisor += odds } }
    return left.pairs(of: places) { one, other in
      if left.sample < 2 { return 0 }
      let product = left.probability(one) * left.probability(other)
      return product / divisor * (1 / left.complement(one) + 1 / left.complement(other))
    }
  }
}

private func brewerPlaces(_ left: RemainingList, stream: UniformStream) -> [Int] {
  let n = UInt64(left.sample)
  if n == 0 { return [] }
  let parts = left.sizes.map { Double(n * $0) }
  var isTaken = [Bool](repeating: false, count: parts.count)
  var rest = Double(n * left.total)
  var places = [Int]()
  for draw in 0..<left.sample {
    let drawsLeft = Double(left.sample - draw)
    let total = brewerSum(parts, isTaken, rest, drawsLeft, above: .infinity).sum
    let bar = stream.uniform(draw) * total
    let place = brewerSum(parts, isTaken, rest, drawsLeft, above: bar).place
    isTaken[place] = true
    places.append(place)
    rest -= parts[place]
  }
  return places
}

/// The sum of the weights of the units not taken, up to the first unit at which it exceeds a bar.
private func brewerSum(
  _ parts: [Double],
  _ isTaken: [Bool],
  _ rest: Double,
  _ drawsLeft: Double,
  above bar: Double
) -> (sum: Double, place: Int) {
  var sum = 0.0
  var last = 0
  for place in parts.indices where !isTaken[place] {
    let part = parts[place]
    sum += part * (rest - part) / (rest - part * drawsLeft)
    last = place
    if sum > bar { break }
  }
  return (sum, last)
}
