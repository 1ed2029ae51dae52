import SurveyData

/// A stratum as the annex's methods see it: certainty units out, the rest in list order.
struct ProportionalCell: Sendable {
  let cell: CellUnits
  /// The units of positive size in list order.
  let order: [Int]
  let split: CertaintyUnits
  /// What is left, in list order.
  let left: RemainingList

  /// - Parameters:
  ///   - cell: the stratum.
  ///   - sample: how many units are asked for.
  /// - Throws: `size-total` where the sizes are too large to be exact.
  init(
    _ cell: CellUnits,
    sample: Int
  ) throws(InputRefusal) {
    self.cell = cell
    let total = try totalSize(of: cell, below: UInt128(1) << 53, timesSample: sample)
    order = cell.inListOrder.filter { cell.size($0) > 0 }
    split = CertaintyUnits(units: order, sample: sample, total: total, in: cell)
    left = RemainingList(split, size: { cell.size($0) })
  }

  /// How many are to be taken of the units left, how many there are, and their total size.
  var sample: Int { split.restSample }
  var count: Int { split.rest.count }
  var total: UInt64 { split.restTotal }

  /// The sample in list order, certainty units among the others; reserves are the units not taken, by ticket.
  /// - Parameters:
  ///   - places: the units taken of those left, as places among them, in any order.
  ///   - reserves: how many are asked for.
  ///   - pairs: the probabilities of pairs of some places of the list of positive units, where they are stated.
  /// - Returns: units of the stratum.
  func selection(
    _ places: [Int],
    reserves: Int,
    pairs: (([Int], SizedList) -> PairProbabilities?)? = nil
  ) -> Selection {
    var taken = split.isCertain
    for place in places { taken[split.rest[place]] = true }
    var units = [Selection.Unit]()
    var listPlaces = [Int]()
    for (place, unit) in order.enumerated() where taken[unit] {
      let isCertain = split.isCertain[unit]
      let probability = isCertain ? 1 : split.probability(ofSize: cell.size(unit))
      units.append(Selection.Unit(index: unit, probability: probability, isCertainty: isCertain))
      listPlaces.append(place)
    }
    var selection = Selection(selected: units, reserves: [])
    if let pairs, units.count >= 2, units.count <= PairProbabilities.statedAtMost {
      let list = SizedList(sizes: order.map { cell.size($0) }, sample: sample + split.certaintyCount)
      selection.pairs = pairs(listPlaces, list)
    }
    if reserves > 0 {
      selection.reserves = cell.byTicket(first: reserves, of: order.filter { !taken[$0] })
    }
    return selection
  }
}

extension PairProbabilities {
  /// Cells with more selected units have no pairs written: their number grows with the square.
  package static let statedAtMost = 200
}
