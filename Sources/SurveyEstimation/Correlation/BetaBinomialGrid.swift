internal import Glibc

/// The points of rate and intra-cluster correlation at which a beta-binomial likelihood is worked out.
///
/// Rates are equally far apart in ln μ. Source: `docs/interval-study.md`, recipe of S and R.
package struct BetaBinomialGrid: Sendable {
  /// ρ, by its place in the grid.
  package static let correlations = [
    0.0005, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.125, 0.155, 0.2, 0.26, 0.34,
  ]
  /// The edges of their cells: 0, the middles between them, 0.4.
  package static let edges =
    [0] + zip(correlations, correlations.dropFirst()).map { ($0 + $1) / 2 } + [0.4]
  /// 90 rates from 2e-5 to 0.4, the grid of the recipe.
  package static let standard = BetaBinomialGrid(from: 2e-5, to: 0.4, count: 90)
  /// The same distance between points from 1e-9 to 0.97, for what lies outside the recipe's.
  package static let wide = BetaBinomialGrid(from: 1e-9, to: 0.97, count: 187)

  package let logRates: [Double]
  private let successes: [Double]
  private let failures: [Double]
  private let successGammas: [Double]
  private let failureGammas: [Double]
  /// By correlation: s = 1/ρ − 1 and ln Γ(s).
  private let sizes: [Double]
  private let sizeGammas: [Double]

  package init(from lowest: Double, to highest: Double, count: Int) {
    let first = log(lowest)
    let step = (log(highest) - first) / Double(count - 1)
    let logRates = (0..<count).map { first + step * Double($0) }
    let sizes = Self.correlations.map { 1 / $0 - 1 }
    self.logRates = logRates
    self.sizes = sizes
    sizeGammas = sizes.map { lgamma($0) }
    successes = logRates.flatMap { rate in sizes.map { exp(rate) * $0 } }
    failures = logRates.flatMap { rate in sizes.map { -expm1(rate) * $0 } }
    successGammas = successes.map { lgamma($0) }
    failureGammas = failures.map { lgamma($0) }
  }

  /// ln B(x + μs, n − x + (1 − μ)s) − ln B(μs, (1 − μ)s) at every point, the rate outside, the correlation inside.
  package func terms(count: Int, events: Int) -> [Double] {
    let width = sizes.count
    var terms = [Double](repeating: 0, count: successes.count)
    let whole = (0..<width).map { lgamma(sizes[$0] + Double(count)) - sizeGammas[$0] }
    for place in terms.indices {
      var term = -whole[place % width]
      if events > 0 { term += lgamma(Double(events) + successes[place]) - successGammas[place] }
      if events < count { term += lgamma(Double(count - events) + failures[place]) - failureGammas[place] }
      terms[place] = term
    }
    return terms
  }
}

/// The terms of clusters met before: a round has few different counts.
package struct BetaBinomialTerms: Sendable {
  private struct Key: Hashable {
    var count: Int
    var events: Int
  }
  package let grid: BetaBinomialGrid
  private var known: [Key: [Double]] = [:]

  package init(_ grid: BetaBinomialGrid) {
    self.grid = grid
  }

  package mutating func terms(count: Int, events: Int) -> [Double] {
    let key = Key(count: count, events: events)
    if let terms = known[key] { return terms }
    let terms = grid.terms(count: count, events: events)
    known[key] = terms
    return terms
  }
}
