internal import Glibc

/// The likelihood of rate and intra-cluster correlation of one unit from the events in its clusters.
///
/// Formula: ℓ(μ, ρ) = Σ_j ω_j [ln B(x_j + μs, n_j − x_j + (1 − μ)s) − ln B(μs, (1 − μ)s)], s = 1/ρ − 1,
/// ω_j = W_j ΣW / ΣW² with W_j the mean weight of the rows of cluster j; kept as exp(ℓ − max ℓ).
/// Edge cases: clusters without rows do not count. Weights that differ within a cluster are not told apart, nor is
/// a finite population; strata enter as clusters of one unit, so that their differences count as correlation.
/// Source: Skellam (1948), J. R. Stat. Soc. B 10, for the distribution; `docs/interval-study.md`.
package struct BetaBinomialLikelihood: Sendable {
  package let logRates: [Double]
  /// By rate, then by correlation.
  let values: [Double]

  /// - Parameter terms: of the grid to use; new clusters are added to it.
  package init(_ clusters: [ClusterCount], terms: inout BetaBinomialTerms) {
    logRates = terms.grid.logRates
    var sum = 0.0
    var squares = 0.0
    for cluster in clusters where cluster.count > 0 {
      sum += cluster.weight
      squares += cluster.weight * cluster.weight
    }
    let scale = squares > 0 ? sum / squares : 0
    var logs = [Double](repeating: 0, count: logRates.count * BetaBinomialGrid.correlations.count)
    for (cluster, weight) in grouped(clusters) {
      let row = terms.terms(count: cluster.count, events: cluster.events)
      let factor = weight * scale
      for place in logs.indices { logs[place] += factor * row[place] }
    }
    var greatest = -Double.infinity
    for value in logs { greatest = max(greatest, value) }
    values = logs.map { exp($0 - greatest) }
  }

  /// I(μ) = Σ_r π_r exp ℓ(μ, ρ_r), by rate.
  package func integrated(_ prior: [Double]) -> [Double] {
    let width = prior.count
    var result = [Double](repeating: 0, count: logRates.count)
    for rate in result.indices {
      var sum = 0.0
      for place in 0..<width { sum += values[rate * width + place] * prior[place] }
      result[rate] = sum
    }
    return result
  }

  /// g(r) = Σ_μ μ^½ exp ℓ(μ, ρ_r), by correlation.
  package var byCorrelation: [Double] {
    let width = BetaBinomialGrid.correlations.count
    var result = [Double](repeating: 0, count: width)
    for rate in logRates.indices {
      let root = exp(logRates[rate] / 2)
      for place in 0..<width { result[place] += root * values[rate * width + place] }
    }
    return result
  }
}

/// Clusters with the same count and events once, their weights added, in a fixed order.
private func grouped(_ clusters: [ClusterCount]) -> [(cluster: ClusterCount, weight: Double)] {
  let sorted = clusters.filter { $0.count > 0 }.sorted {
    ($0.count, $0.events, $0.weight) < ($1.count, $1.events, $1.weight)
  }
  var groups: [(cluster: ClusterCount, weight: Double)] = []
  for cluster in sorted {
    if let last = groups.last?.cluster, last.count == cluster.count, last.events == cluster.events {
      groups[groups.count - 1].weight += cluster.weight
    } else {
      groups.append((cluster, cluster.weight))
    }
  }
  return groups
}

/// A density over ln μ on a grid, with its quantiles.
struct RateDensity {
  let logRates: [Double]
  /// Σ by the trapezoid rule up to each point, the last one 1.
  private let cumulative: [Double]
  /// The density at the ends and its width in points, for judging the grid.
  let firstShare: Double
  let lastShare: Double
  let support: Range<Int>

  /// - Parameters:
  ///   - integrated: I(μ).
  ///   - power: a; the density of μ is ∝ I(μ) μ^(a−1).
  init(_ integrated: [Double], logRates: [Double], power: Double) {
    self.logRates = logRates
    var density = [Double](repeating: 0, count: integrated.count)
    var peak = 0.0
    for place in density.indices {
      density[place] = integrated[place] * exp(power * logRates[place])
      peak = max(peak, density[place])
    }
    var sums = [Double](repeating: 0, count: density.count)
    for place in 1..<density.count {
      sums[place] = sums[place - 1] + (density[place] + density[place - 1]) / 2
    }
    let whole = sums[sums.count - 1]
    cumulative = sums.map { $0 / whole }
    firstShare = density[0] / peak
    lastShare = density[density.count - 1] / peak
    let first = density.firstIndex { $0 > 1e-8 * peak } ?? 0
    let last = density.lastIndex { $0 > 1e-8 * peak } ?? 0
    support = first..<(last + 1)
  }

  /// The rate below which a share of the density lies, linear in ln μ between the points.
  func quantile(_ share: Double) -> Double {
    var place = 0
    while place < cumulative.count, cumulative[place] < share { place += 1 }
    place = min(max(place, 1), cumulative.count - 1)
    let rise = max(cumulative[place] - cumulative[place - 1], 1e-300)
    let part = (share - cumulative[place - 1]) / rise
    return exp(logRates[place - 1] + part * (logRates[place] - logRates[place - 1]))
  }
}
