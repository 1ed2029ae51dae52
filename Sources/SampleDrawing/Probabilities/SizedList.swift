/// The sizes of one stratum's units in list order, and how many units are to be taken.
package struct SizedList: Sendable {
  package var sizes: [UInt64]
  package var sample: Int

  package init(sizes: [UInt64], sample: Int) {
    self.sizes = sizes
    self.sample = sample
  }

  /// Every unit of the same size, for the methods of equal probabilities.
  package init(population: Int, sample: Int) {
    self.init(sizes: [UInt64](repeating: 1, count: population), sample: sample)
  }
}

/// What is left of a list when units of size 0 and certainty units are out.
struct RemainingList: Sendable {
  /// For every unit of the list, its place among those left; −1 certainty, −2 size 0.
  var placeOfUnit: [Int]
  var sizes: [UInt64]
  /// n and X that the certainty units leave.
  var sample: Int
  var total: UInt64

  static let certain = -1
  static let never = -2

  /// - Returns: `nil` where the sizes add up to 2^63 or more, or more units are asked for than can be taken.
  init?(_ list: SizedList) {
    var sum: UInt128 = 0
    var positive = [Int]()
    for (unit, size) in list.sizes.enumerated() where size > 0 {
      sum += UInt128(size)
      positive.append(unit)
    }
    guard sum < UInt128(1) << 63, list.sample >= 0, list.sample <= positive.count else { return nil }
    let split = CertaintyUnits(units: positive, sample: list.sample, total: UInt64(sum), sizes: list.sizes)
    self.init(split) { list.sizes[$0] }
  }

  /// What a split has left.
  init(_ split: CertaintyUnits, size: (Int) -> UInt64) {
    placeOfUnit = split.isCertain.map { $0 ? RemainingList.certain : RemainingList.never }
    for (place, unit) in split.rest.enumerated() { placeOfUnit[unit] = place }
    sizes = split.rest.map { size($0) }
    sample = split.restSample
    total = split.restTotal
  }

  /// λ = (n · x) / X of a unit left.
  func probability(_ place: Int) -> Double { Double(sample) * Double(sizes[place]) / Double(total) }

  /// 1 − λ = (X − n · x) / X of a unit left; the difference is exact where n · X < 2^53.
  func complement(_ place: Int) -> Double {
    let taken = UInt128(sample) * UInt128(sizes[place])
    return Double(UInt128(total) - taken) / Double(total)
  }

  /// λ of every unit left.
  var probabilities: [Double] { sizes.indices.map { probability($0) } }
  /// 1 − λ of every unit left.
  var complements: [Double] { sizes.indices.map { complement($0) } }
}

extension SizedList {
  /// The inclusion probabilities of the proportional methods: λ, 1 for certainty units, 0 for size 0.
  ///
  /// Formula: n·x / X with the n and X that the certainty units leave. Source: draw protocol §5.
  /// - Returns: one probability a unit; `nil` where the sizes are too large or fewer units have a size than are wanted.
  package var inclusionProbabilities: [Double]? {
    guard let left = RemainingList(self) else { return nil }
    return left.placeOfUnit.map { place in
      if place == RemainingList.certain { return 1 }
      return place == RemainingList.never ? 0 : left.probability(place)
    }
  }
}
