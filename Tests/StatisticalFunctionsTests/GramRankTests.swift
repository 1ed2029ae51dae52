import StatisticalFunctions
import Testing

@Suite struct GramRankTests {
  /// Columns of which the last ones are combinations of the first.
  private func columns(free: Int, bound: Int, length: Int, seed: UInt64) -> [[Double]] {
    var generator = SeededGenerator(seed: seed)
    var columns = (0..<free).map { _ in (0..<length).map { _ in generator.uniform() - 0.3 } }
    for place in 0..<bound {
      let (left, right) = (columns[place % free], columns[(place * 7 + 1) % free])
      columns.append(left.indices.map { 2 * left[$0] - 3 * right[$0] })
    }
    return columns
  }

  @Test(
    "the rank of a basis and its combinations, as orthogonal vectors count it",
    arguments: [(1, 1, 5), (3, 2, 8), (20, 13, 700), (60, 5, 61), (40, 10, 40)]
  )
  func rank(free: Int, bound: Int, length: Int) {
    let matrix = columns(free: free, bound: bound, length: length, seed: UInt64(free))
    #expect(gramRank(matrix, tolerance: 1e-5) == free)
    #expect(gramRank(matrix, tolerance: 1e-5) == OrthonormalBasis(matrix, tolerance: 1e-5).rank)
    #expect(gramRank(matrix.reversed(), tolerance: 1e-5) == free)
  }

  @Test("more columns than numbers in one, noughts, and none")
  func edges() {
    #expect(gramRank(columns(free: 9, bound: 0, length: 4, seed: 3), tolerance: 1e-5) == 4)
    #expect(gramRank([[0, 0], [0, 0]], tolerance: 1e-5) == 0)
    #expect(gramRank([[0, 0], [3, 0], [1, 1e-9]], tolerance: 1e-5) == 1)
    #expect(gramRank([], tolerance: 1e-5) == 0)
  }

  @Test("a column that counts by a little is in doubt, one that counts by much is not")
  func doubt() {
    #expect(gramRank([[3, 0], [1, 1e-3]], tolerance: 1e-5, clear: 1e-2) == nil)
    #expect(gramRank([[3, 0], [1, 0.1]], tolerance: 1e-5, clear: 1e-2) == 2)
    #expect(gramRank([[3, 0], [1, 1e-9]], tolerance: 1e-5, clear: 1e-2) == 1)
  }
}
