extension RemainingList {
  /// Pair probabilities of a design whose samples have the probability Π p Π q, times Σ marks where there are any.
  ///
  /// Formula: π_kl = Σ P(s) over the samples with both, from the sums over the subsets of the other units; all
  /// terms positive, so no digits cancel. Complexity: O(M · n + c² · n) for c units asked about.
  /// - Parameters:
  ///   - places: the units asked about, as places in the whole list.
  ///   - p: weight in a sample of every unit left.
  ///   - q: weight out of it.
  ///   - marks: one a unit left; `nil` for a design without.
  /// - Returns: one probability a pair of `places`.
  func subsetPairs(of places: [Int], p: [Double], q: [Double], marks: [Double]?) -> PairProbabilities {
    let asked = places.compactMap { placeOfUnit[$0] >= 0 ? placeOfUnit[$0] : nil }
    var pairOfPlaces = [Int: Int]()
    for (number, place) in asked.enumerated() { pairOfPlaces[place] = number }
    let sums = OtherUnits(
      asked: asked,
      p: p,
      q: q,
      marks: marks ?? [Double](repeating: 1, count: p.count),
      sample: sample
    )
    let total = sample == 0 ? 1 : sums.total
    let triangle = sample < 2 ? [] : sums.pairs()
    return pairs(of: places) { one, other in
      guard let first = pairOfPlaces[one], let second = pairOfPlaces[other], sample >= 2 else { return 0 }
      return triangle[min(first, second)][max(first, second) - min(first, second) - 1] / total
    }
  }
}

/// Sums over the units that are not asked about, to be completed pair by pair with the others.
private struct OtherUnits {
  let asked: [Int]
  let p: [Double]
  let q: [Double]
  let marks: [Double]
  let sample: Int
  private let base: SubsetRow

  init(asked: [Int], p: [Double], q: [Double], marks: [Double], sample: Int) {
    self.asked = asked
    self.p = p
    self.q = q
    self.marks = marks
    self.sample = sample
    var isAsked = [Bool](repeating: false, count: p.count)
    for unit in asked { isAsked[unit] = true }
    var row = SubsetRow(limit: sample, hasMarks: true)
    let others = p.indices.filter { !isAsked[$0] }
    row.add(others.map { p[$0] }, others.map { q[$0] }, marks: others.map { marks[$0] })
    base = row
  }

  /// The sum over all samples.
  var total: Double {
    var row = base
    for unit in asked { row.add(p[unit], q[unit], mark: marks[unit]) }
    return row.markedSum(sample)
  }

  /// For each unit asked about, the sums over the samples with it and each later one.
  func pairs() -> [[Double]] {
    var suffix = SuffixSums(
      p: asked.map { p[$0] },
      q: asked.map { q[$0] },
      marks: asked.map { marks[$0] },
      limit: sample
    )
    var before = base
    var rows = [[Double]]()
    for (first, one) in asked.enumerated() {
      var between = before
      var row = [Double]()
      for second in (first + 1)..<max(first + 1, asked.count) {
        let other = asked[second]
        let sums = joined(between, &suffix, from: second + 1, at: sample - 2)
        row.append(p[one] * p[other] * ((marks[one] + marks[other]) * sums.count + sums.marked))
        between.add(p[other], q[other], mark: marks[other])
      }
      rows.append(row)
      before.add(p[one], q[one], mark: marks[one])
    }
    return rows
  }
}
