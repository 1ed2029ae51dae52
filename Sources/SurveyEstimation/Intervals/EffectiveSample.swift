internal import StatisticalFunctions

extension ProportionEvidence {
  /// p (1 − p) / v, the simple random sample that would have given the same variance.
  ///
  /// `nil` where the variance shows none: at 0 and 1, and where it is 0 by chance or census.
  var kishSampleSize: Double? {
    guard isInterior, variance > 0 else { return nil }
    return estimate * (1 - estimate) / variance
  }

  /// (t_{n−1} / t_df)², which takes back what few degrees of freedom leave unknown.
  ///
  /// Source: Korn and Graubard (1998). `nil` for a single row.
  func degreesOfFreedomFactor(level: Double) -> Double? {
    guard unweightedCount > 1 else { return nil }
    let upper = (1 + level) / 2
    let many = StudentT(degreesOfFreedom: Double(unweightedCount - 1)).quantile(upper)
    let few = StudentT(degreesOfFreedom: Double(degreesOfFreedom)).quantile(upper)
    return (many / few) * (many / few)
  }

  /// n / ((1 + cv²_w)(1 + (m̄ − 1) ρ)), Kish's effective sample for a given correlation in clusters.
  ///
  /// Source: Kish (1987), Weighting in deft²; design effects of weights and of clusters multiply.
  func sampleSize(atCorrelation correlation: Double) -> Double? {
    let effect = (1 + weightVariation) * (1 + (meanClusterSize - 1) * correlation)
    guard effect > 0, effect.isFinite else { return nil }
    return Double(unweightedCount) / effect
  }
}

extension ProportionEvidence {
  /// n / ((1 + cv²_w) ((1 − f₁) m̄ ρ + (1 − f) (1 − ρ))): ``sampleSize(atCorrelation:)`` for a finite population.
  ///
  /// `nil` where nothing is left out of the sample.
  func finiteSampleSize(atCorrelation correlation: Double) -> Double? {
    let between = (1 - clusterFraction) * meanClusterSize * correlation
    let effect = (1 + weightVariation) * (between + (1 - rowFraction) * (1 - correlation))
    guard effect > 1e-9, effect.isFinite else { return nil }
    return Double(unweightedCount) / effect
  }
}

/// Clopper–Pearson limits on a number of successes and trials that need not be whole.
///
/// Formula: the α/2 quantile of Beta(x, n − x + 1), 0 at x = 0; the 1 − α/2 quantile of
/// Beta(x + 1, n − x), 1 at x = n. Source: Clopper and Pearson (1934), Biometrika 26.
package func clopperPearson(
  successes: Double,
  trials: Double,
  level: Double
) -> (lower: Double, upper: Double) {
  let tail = (1 - level) / 2
  let failures = trials - successes
  return (
    successes <= 0 ? 0 : Beta(successes, failures + 1).quantile(tail),
    failures <= 0 ? 1 : Beta(successes + 1, failures).upperQuantile(tail)
  )
}
