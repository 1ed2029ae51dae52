/// Pair probabilities of systematic selection through a list, by counting start points in exact integers.
///
/// Formula: π_kl = (starts in 0…X−1 that take both) / X. Unit i is taken by the n·x_i starts from n·C(i−1) on, modulo
/// X: an arc of a circle, so a pair costs one overlap of two arcs. Source: Hartley (1966) counts the same starts.
struct SystematicPairs: Sendable {
  private let total: UInt64
  /// By unit: where its arc begins, and its length.
  private var starts: [UInt64] = []
  private var lengths: [UInt64] = []

  init(_ left: RemainingList) {
    total = left.total
    let n = UInt128(left.sample)
    var cumulated: UInt128 = 0
    for size in left.sizes {
      starts.append(total == 0 ? 0 : UInt64(n * cumulated % UInt128(total)))
      lengths.append(UInt64(min(n * UInt128(size), UInt128(total))))
      cumulated += UInt128(size)
    }
  }

  /// The probability of a pair of places among those left.
  func probability(_ one: Int, _ other: Int) -> Double {
    if total == 0 { return 0 }
    let ahead =
      starts[other] >= starts[one] ? starts[other] - starts[one] : total - (starts[one] - starts[other])
    let length = lengths[one]
    // The other's arc, seen from the beginning of this one; X < 2^63, so the sum fits.
    let end = ahead + lengths[other]
    var both: UInt64 = 0
    if ahead < length { both += min(length, end) - ahead }
    if end > total { both += min(length, end - total) }
    return Double(both) / Double(total)
  }
}

extension RemainingList {
  /// Pairs of systematic selection, certainty units included.
  func systematicPairs(of places: [Int]) -> PairProbabilities {
    let arcs = SystematicPairs(self)
    return pairs(of: places) { arcs.probability($0, $1) }
  }
}
