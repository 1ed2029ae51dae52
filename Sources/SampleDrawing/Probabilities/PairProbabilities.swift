/// Probabilities with which two units are both selected, for every pair of some units.
package struct PairProbabilities: Sendable, Hashable {
  /// How many units the pairs are of.
  package let count: Int
  /// The upper triangle row by row, without the diagonal.
  private var values: [Double]

  /// - Parameters:
  ///   - count: how many units there are.
  ///   - probability: that of a pair of different places, the smaller place first.
  init(count: Int, probability: (Int, Int) -> Double) {
    self.count = count
    values = []
    values.reserveCapacity(max(0, count * (count - 1) / 2))
    for first in 0..<count {
      for second in (first + 1)..<max(first + 1, count) { values.append(probability(first, second)) }
    }
  }

  /// The probability of a pair of different units, in any order.
  package subscript(_ first: Int, _ second: Int) -> Double {
    let low = min(first, second)
    let high = max(first, second)
    return values[low * (2 * count - low - 1) / 2 + (high - low - 1)]
  }
}

extension RemainingList {
  /// Pairs of units of the whole list, from the pairs of those left.
  ///
  /// Formula: π_kl = π_l where k is certain, 0 where a unit has size 0; else `pair` of the two places left.
  /// - Parameters:
  ///   - units: places in the whole list.
  ///   - pair: the probability of two different places among those left.
  /// - Returns: one probability a pair of `units`.
  func pairs(of units: [Int], pair: (Int, Int) -> Double) -> PairProbabilities {
    func single(_ place: Int) -> Double {
      if place == RemainingList.certain { return 1 }
      return place == RemainingList.never ? 0 : probability(place)
    }
    return PairProbabilities(count: units.count) { first, second in
      let one = placeOfUnit[units[first]]
      let other = placeOfUnit[units[second]]
      if one < 0 || other < 0 { return single(one) * single(other) }
      return pair(one, other)
    }
  }
}
