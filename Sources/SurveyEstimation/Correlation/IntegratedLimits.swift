internal import Glibc

/// Limits of a rate from its beta-binomial likelihood, the correlation integrated out over a prior.
///
/// Formula: with Q_a(q) the q quantile of the density ∝ I(μ) μ^(a−1): lower limit Q_½(α/2), 0 without an event; upper
/// limit Q_1(1 − α/2). Where the recipe's grid is too short or too coarse for the sample (rates near one half, very
/// many events) the same density is worked out on a wider or a finer one.
/// Source: `docs/interval-study.md`, recipe of S and R.
/// - Returns: the limits and the posterior mean of ρ; `nil` with fewer than two clusters that hold rows.
package func integratedLimits(
  _ clusters: [ClusterCount],
  prior: [Double],
  level: Double,
  terms: inout BetaBinomialTerms
) -> (lower: Double, upper: Double, correlation: Double)? {
  guard clusters.count(where: { $0.count > 0 }) > 1 else { return nil }
  var likelihood = BetaBinomialLikelihood(clusters, terms: &terms)
  var integrated = likelihood.integrated(prior)
  var above = RateDensity(integrated, logRates: likelihood.logRates, power: 1)
  func useGrid(_ grid: BetaBinomialGrid) {
    var own = BetaBinomialTerms(grid)
    likelihood = BetaBinomialLikelihood(clusters, terms: &own)
    integrated = likelihood.integrated(prior)
    above = RateDensity(integrated, logRates: likelihood.logRates, power: 1)
  }
  if above.firstShare > 0.2 || above.lastShare > 1e-7 { useGrid(.wide) }
  if above.support.count < 25 {
    let first = max(above.support.lowerBound - 1, 0)
    let last = min(above.support.upperBound, above.logRates.count - 1)
    useGrid(BetaBinomialGrid(from: exp(above.logRates[first]), to: exp(above.logRates[last]), count: 90))
  }
  let tail = (1 - level) / 2
  var events = 0
  for cluster in clusters { events += cluster.events }
  let below = RateDensity(integrated, logRates: likelihood.logRates, power: 0.5)
  var mean = 0.0
  var whole = 0.0
  for (place, chance) in likelihood.byCorrelation.enumerated() {
    mean += prior[place] * chance * BetaBinomialGrid.correlations[place]
    whole += prior[place] * chance
  }
  return (events == 0 ? 0 : below.quantile(tail), above.quantile(1 - tail), mean / whole)
}
