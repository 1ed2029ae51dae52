/// The distinct sizes of the units left in a stratum, rising, with the number of units of each.
///
/// Inclusion probabilities depend on the sizes alone, so units of equal size are worked out once.
struct SizeGroups: Sendable {
  private(set) var sizes: [UInt64] = []
  private(set) var units: [Int] = []
  let sample: Int
  let total: UInt64

  init(sizes all: [UInt64], sample: Int, total: UInt64) {
    self.sample = sample
    self.total = total
    guard let least = all.min(), let most = all.max() else { return }
    // Persons, households: small numbers are counted rather than sorted.
    if most - least < UInt64(max(1_024, all.count)) {
      var counts = [Int](repeating: 0, count: Int(most - least) + 1)
      for size in all { counts[Int(size - least)] += 1 }
      for (place, count) in counts.enumerated() where count > 0 {
        sizes.append(least + UInt64(place))
        units.append(count)
      }
      return
    }
    var sorted = all
    sorted.sort()
    for size in sorted {
      if size == sizes.last {
        units[units.count - 1] += 1
      } else {
        sizes.append(size)
        units.append(1)
      }
    }
  }

  var count: Int { sizes.count }

  /// Up to this many units of one size are worked out one after the other, more as a group.
  static let fewAtMost = 3

  /// λ = (n · x) / X.
  func probability(_ group: Int) -> Double { Double(sample) * Double(sizes[group]) / Double(total) }

  /// 1 − λ = (X − n · x) / X.
  func complement(_ group: Int) -> Double {
    Double(total - UInt64(sample) * sizes[group]) / Double(total)
  }

  /// The group of a size that occurs.
  func group(ofSize size: UInt64) -> Int {
    var low = 0
    var high = sizes.count - 1
    while low < high {
      let middle = (low + high) / 2
      if sizes[middle] < size { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
