internal import Glibc

/// How often a method's intervals held the truth in one cell, population by population.
package struct CoverageCell: Sendable {
  private struct Count: Sendable {
    var intervals = 0
    var held = 0
    var belowUpper = 0
    var width = 0.0
  }
  private var populations: [Int: Count] = [:]
  /// Samples for which the method gives no interval.
  package private(set) var void = 0

  package init() {}

  package mutating func add(_ limits: (lower: Double, upper: Double)?, truth: Double, population: Int) {
    guard let limits else {
      void += 1
      return
    }
    var count = populations[population] ?? Count()
    count.intervals += 1
    if limits.lower <= truth, truth <= limits.upper { count.held += 1 }
    if truth <= limits.upper { count.belowUpper += 1 }
    count.width += limits.upper - limits.lower
    populations[population] = count
  }

  /// Brings in a cell of other populations.
  package mutating func add(_ other: CoverageCell) {
    populations.merge(other.populations) { first, _ in first }
    void += other.void
  }

  private var sums: Count {
    var sum = Count()
    for (_, count) in populations.sorted(by: { $0.key < $1.key }) {
      sum.intervals += count.intervals
      sum.held += count.held
      sum.belowUpper += count.belowUpper
      sum.width += count.width
    }
    return sum
  }

  package var populationCount: Int { populations.count }
  package var intervals: Int { sums.intervals }
  package var coverage: Double { Double(sums.held) / Double(max(1, sums.intervals)) }
  /// The share of upper limits that the truth does not pass: 97.5 % is promised by 95 % intervals.
  package var upperCoverage: Double { Double(sums.belowUpper) / Double(max(1, sums.intervals)) }
  package var meanWidth: Double { sums.width / Double(max(1, sums.intervals)) }

  /// Of the coverage, between populations: a ratio of sums over independent ones.
  package var standardError: Double {
    let whole = sums
    let count = Double(populations.count)
    guard count > 1 else { return .infinity }
    let share = coverage
    var squares = 0.0
    for (_, population) in populations.sorted(by: { $0.key < $1.key }) {
      let residual = Double(population.held) - share * Double(population.intervals)
      squares += residual * residual
    }
    return (squares * count / (count - 1)).squareRoot() / Double(max(1, whole.intervals))
  }
}
