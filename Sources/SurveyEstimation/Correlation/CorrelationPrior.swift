internal import Glibc
internal import StatisticalFunctions

/// Prior chances of the correlations of ``BetaBinomialGrid``.
package enum CorrelationPrior {
  /// Beta(1, 15), mean 1/16: the prior of a single county.
  package static let single = masses { 1 - pow(1 - $0, 15) }

  /// The families of a round: lognormal with 12 medians, equal in logarithm from .003 to .2, and 3 spreads.
  package static let families: [[Double]] = [0.15, 0.5, 0.9].flatMap { spread in
    (0..<12).map { step in
      let center = log(0.003) + (log(0.2) - log(0.003)) * Double(step) / 11
      return masses { $0 > 0 ? Normal.cdf((log($0) - center) / spread) : 0 }
    }
  }

  /// The mass of each cell of the grid, normalised.
  private static func masses(_ cdf: (Double) -> Double) -> [Double] {
    let steps = BetaBinomialGrid.edges.map(cdf)
    let masses = zip(steps, steps.dropFirst()).map { $1 - $0 }
    let whole = masses.reduce(0, +)
    return masses.map { $0 / whole }
  }
}

/// What the units of a round say about one another's intra-cluster correlation.
///
/// Formula: m_c(h) = Σ_r π_h(r) g_c(r) of unit c under family h; the prior of a unit is Σ_h q(h) π_h with
/// q(h) ∝ Π m_c′(h) over the other units c′, so that each unit's own data enter once.
/// Source: `docs/interval-study.md`, recipe of R.
package struct RoundPrior: Sendable {
  /// By unit: ln m_c(h).
  private let evidence: [[Double]]
  private let sums: [Double]

  /// - Parameters:
  ///   - units: the clusters of each; each unit speaks about its rarer outcome, on a grid that holds its rate.
  ///   - terms: of the recipe's grid; new clusters are added to it.
  package init(of units: [[ClusterCount]], terms: inout BetaBinomialTerms) {
    self.init(units.map { byCorrelation($0, terms: &terms) })
  }

  /// - Parameter units: g_c(r) of every unit.
  package init(_ units: [[Double]]) {
    evidence = units.map { unit in
      CorrelationPrior.families.map { family in
        var sum = 0.0
        for place in family.indices { sum += family[place] * unit[place] }
        return log(max(sum, 1e-300))
      }
    }
    var sums = [Double](repeating: 0, count: CorrelationPrior.families.count)
    for unit in evidence {
      for family in sums.indices { sums[family] += unit[family] }
    }
    self.sums = sums
  }

  /// The prior for a domain that holds data of some units of the round.
  package func prior(leavingOut units: [Int]) -> [Double] {
    var logs = sums
    for unit in units {
      for family in logs.indices { logs[family] -= evidence[unit][family] }
    }
    let greatest = logs.reduce(-Double.infinity, max)
    let chances = logs.map { exp($0 - greatest) }
    let whole = chances.reduce(0, +)
    var prior = [Double](repeating: 0, count: BetaBinomialGrid.correlations.count)
    for (family, chance) in zip(CorrelationPrior.families, chances) {
      for place in prior.indices { prior[place] += chance / whole * family[place] }
    }
    return prior
  }
}

/// g(r) of one unit.
private func byCorrelation(_ unit: [ClusterCount], terms: inout BetaBinomialTerms) -> [Double] {
  var rows = 0
  var events = 0
  for cluster in unit {
    rows += cluster.count
    events += cluster.events
  }
  let isMirrored = 2 * events > rows
  let clusters = isMirrored ? unit.map(\.complement) : unit
  let rarer = isMirrored ? rows - events : events
  if 5 * rarer <= rows, rarer <= 200 { return BetaBinomialLikelihood(clusters, terms: &terms).byCorrelation }
  let rate = Double(rarer) / Double(max(rows, 1))
  var own = BetaBinomialTerms(BetaBinomialGrid(from: rate / 20, to: min(0.97, rate * 20), count: 180))
  return BetaBinomialLikelihood(clusters, terms: &own).byCorrelation
}
