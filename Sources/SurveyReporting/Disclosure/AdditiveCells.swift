/// Cells of published tables, how many units each rests on, and which of them add up to which.
///
/// A cell below the threshold is withheld, and with it others, until none of the small ones can be worked out from
/// what is left: in each sum that is published, the withheld parts are two or more and together reach the threshold;
/// and no withheld small cell is determined by the linear equations of all sums together. Withheld cells hold at least
/// one unit each, so that a cell which the equations leave open can be larger and smaller than it is, and the bounds
/// that an intruder computes from sums and non-negative counts never meet.
/// Source of the setting: Hundepool et al. (2012), Statistical Disclosure Control, ch. 4; choosing the partners is a
/// simple rule (the smallest cell first), not an optimum.
package struct AdditiveCells: Sendable {
  /// A cell that is the sum of others.
  package struct Sum: Sendable, Hashable {
    package var whole: Int
    package var parts: [Int]

    package init(whole: Int, parts: [Int]) {
      self.whole = whole
      self.parts = parts
    }
  }

  /// Units behind each cell, unweighted.
  package var counts: [Int]
  package var sums: [Sum]

  package init(counts: [Int], sums: [Sum]) {
    self.counts = counts
    self.sums = sums
  }

  /// The cells to withhold, small ones and their partners alike.
  ///
  /// - Parameter minimum: a cell of fewer units is small; an empty cell shows nobody and is not.
  /// - Returns: places of cells. Complexity: a Gaussian elimination of the sums for every partner beyond the first.
  package func withheld(below minimum: Int) -> Set<Int> {
    let small = Set(counts.indices.filter { counts[$0] > 0 && counts[$0] < minimum })
    var hidden = small
    while true {
      while let partner = firstPartner(hidden, minimum) { hidden.insert(partner) }
      let exposed = determined(hidden).intersection(small)
      guard let cell = exposed.min(), let partner = nearestPartner(of: cell, hidden) else { return hidden }
      hidden.insert(partner)
    }
  }

  /// Whether what is withheld in one sum cannot be had by subtraction, nor as a group of too few units.
  package func isSafe(_ sum: Sum, _ hidden: Set<Int>, _ minimum: Int) -> Bool {
    let parts = sum.parts.filter { hidden.contains($0) }
    if hidden.contains(sum.whole) {
      // The whole could be added up from its parts.
      return !parts.isEmpty || sum.parts.allSatisfy { counts[$0] == 0 }
    }
    if parts.isEmpty { return true }
    return parts.count > 1 && parts.reduce(0) { $0 + counts[$1] } >= minimum
  }

  /// What the first sum wants that is not safe and still has something to withhold.
  private func firstPartner(_ hidden: Set<Int>, _ minimum: Int) -> Int? {
    for sum in sums where !isSafe(sum, hidden, minimum) {
      if let partner = partner(in: sum, hidden) { return partner }
    }
    return nil
  }

  /// The smallest shown part that holds units; without one, the whole.
  private func partner(in sum: Sum, _ hidden: Set<Int>) -> Int? {
    let shown = sum.parts.filter { !hidden.contains($0) && counts[$0] > 0 }
    if let part = shown.min(by: { (counts[$0], $0) < (counts[$1], $1) }) { return part }
    return hidden.contains(sum.whole) || counts[sum.whole] == 0 ? nil : sum.whole
  }

  /// A further cell of the sums that a cell stands in, or of any sum with withheld cells.
  private func nearestPartner(of cell: Int, _ hidden: Set<Int>) -> Int? {
    let own = sums.filter { $0.whole == cell || $0.parts.contains(cell) }
    let others = sums.filter { hidden.contains($0.whole) || $0.parts.contains { hidden.contains($0) } }
    for sum in own + others {
      if let partner = partner(in: sum, hidden) { return partner }
    }
    return nil
  }

  /// The withheld cells whose counts the sums determine, by Gaussian elimination modulo the prime 2^61 − 1.
  ///
  /// Coefficients are 0 and ±1; modulo a prime the rank can only be smaller than it is in whole numbers, and for tables
  /// of two classifications and for trees (totally unimodular) it is the same.
  package func determined(_ hidden: Set<Int>) -> Set<Int> {
    let unknowns = hidden.sorted()
    var place: [Int: Int] = [:]
    for (index, cell) in unknowns.enumerated() { place[cell] = index }
    var rows: [[UInt64]] = []
    for sum in sums {
      var row = [UInt64](repeating: 0, count: unknowns.count)
      if let index = place[sum.whole] { row[index] = Self.prime - 1 }
      for part in sum.parts { if let index = place[part] { row[index] = (row[index] + 1) % Self.prime } }
      if row.contains(where: { $0 != 0 }) { rows.append(row) }
    }
    var pivots: [(row: Int, column: Int)] = []
    var next = 0
    for column in unknowns.indices {
      guard let found = (next..<rows.count).first(where: { rows[$0][column] != 0 }) else { continue }
      rows.swapAt(next, found)
      let inverse = Self.power(rows[next][column], Self.prime - 2)
      for index in unknowns.indices { rows[next][index] = Self.product(rows[next][index], inverse) }
      for other in rows.indices where other != next && rows[other][column] != 0 {
        let factor = Self.prime - rows[other][column]
        for index in unknowns.indices where rows[next][index] != 0 {
          rows[other][index] = (rows[other][index] + Self.product(factor, rows[next][index])) % Self.prime
        }
      }
      pivots.append((next, column))
      next += 1
      if next == rows.count { break }
    }
    let alone = pivots.filter { pivot in rows[pivot.row].count { $0 != 0 } == 1 }
    return Set(alone.map { unknowns[$0.column] })
  }

  private static let prime: UInt64 = (1 << 61) - 1

  private static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
    UInt64(UInt128(left) * UInt128(right) % UInt128(prime))
  }

  private static func power(_ base: UInt64, _ exponent: UInt64) -> UInt64 {
    var (result, square, rest): (UInt64, UInt64, UInt64) = (1, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, square) }
      square = product(square, square)
      rest >>= 1
    }
    return result
  }
}
