package import SurveyData

/// Chromy's sequential selection with a random start, without repeated hits.
///
/// Formula: annex §3, exact integers; π = λ for every start, and every pair can occur. Source: Chromy (1979).
package struct Chromy: SelectionMethod {
  package init() {}

  package var name: String { "pps-chromy" }
  package var title: LocalizedText {
    LocalizedText(zh: "克罗米序贯抽样", en: "Chromy's sequential sampling")
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
    return prepared.selection(chromyPlaces(prepared.left, stream: cell.stream), reserves: reserves)
  }
}

private func chromyPlaces(_ left: RemainingList, stream: UniformStream) -> [Int] {
  if left.sample == 0 { return [] }
  let count = left.sizes.count
  let total = left.total
  let n = UInt64(left.sample)
  var start = 0
  var point = UInt64(stream.place(0, among: UInt128(total)))
  while point >= left.sizes[start] {
    point -= left.sizes[start]
    start += 1
  }
  var places = [Int]()
  // What n · (cumulated size) has beyond a whole number of X, and whether one more was taken than that number.
  var fraction: UInt64 = 0
  var isAhead = false
  for position in 1...count {
    let place = (start + position - 1) % count
    let sum = fraction + n * left.sizes[place]
    let crosses = sum >= total
    let next = crosses ? sum - total : sum
    let isTaken: Bool
    switch (crosses, isAhead) {
    case (false, true): isTaken = false
    case (true, false): isTaken = true
    case (false, false): isTaken = stream.happens(position, next - fraction, of: total - fraction)
    case (true, true): isTaken = stream.happens(position, next, of: fraction)
    }
    if isTaken { places.append(place) }
    // Ahead of the whole number: after a crossing by the second hit only, else once taken.
    isAhead = crosses ? isAhead && isTaken : isAhead || isTaken
    fraction = next
  }
  return places
}
