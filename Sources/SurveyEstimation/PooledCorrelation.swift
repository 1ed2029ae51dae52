/// Rows and events of one indicator in one last-stage cluster (village) of a unit of the round.
package struct ClusterCount: Sendable, Hashable {
  /// The stratum of the cluster within its unit.
  package var stratum: Int32
  package var count: Int
  package var events: Int

  package init(stratum: Int32, count: Int, events: Int) {
    self.stratum = stratum
    self.count = count
    self.events = events
  }
}

/// The intra-cluster correlation of one indicator, pooled over the units (counties) of a round.
///
/// Formula: ρ̂ = Σ (MSB − MSW) / Σ (MSB + (m̃ − 1) MSW) over units, cut to 0…1, with
/// MSB = Σ n_i (p_i − p_h)² / (V − H) between the V clusters of a unit within its H strata,
/// MSW = Σ n_i p_i (1 − p_i) / (n − V) within clusters, m̃ = Σ_h (n_h − Σ n_i² / n_h) / (V − H).
/// Unweighted. Edge cases: clusters without rows do not count; a unit whose clusters leave no degree
/// of freedom between (V = H) or within (n = V) is left out; `nil` when no unit is left or none of
/// them shows both outcomes.
/// Source: Donner and Klar (2000), ANOVA estimator, pooled; `docs/validation` (interval study).
/// - Returns: ρ̂, and the units and events that it rests on.
package func pooledCorrelation(
  units: [[ClusterCount]]
) -> (correlation: Double, units: Int, events: Int)? {
  var numerator = 0.0
  var denominator = 0.0
  var used = 0
  var events = 0
  for clusters in units {
    guard let analysis = VarianceAnalysis(clusters) else { continue }
    numerator += analysis.between - analysis.within
    denominator += analysis.between + (analysis.averageSize - 1) * analysis.within
    used += 1
    for cluster in clusters { events += cluster.events }
  }
  guard used > 0, denominator > 0 else { return nil }
  return (min(1, max(0, numerator / denominator)), used, events)
}

/// Mean squares between and within the clusters of one unit.
private struct VarianceAnalysis {
  var between: Double
  var within: Double
  /// m̃, the average cluster size of the analysis of variance.
  var averageSize: Double

  init?(_ clusters: [ClusterCount]) {
    var strata: [Int32: (count: Double, events: Double, squares: Double)] = [:]
    var villages = 0
    var rows = 0
    for cluster in clusters where cluster.count > 0 {
      let count = Double(cluster.count)
      var stratum = strata[cluster.stratum] ?? (0, 0, 0)
      stratum.count += count
      stratum.events += Double(cluster.events)
      stratum.squares += count * count
      strata[cluster.stratum] = stratum
      villages += 1
      rows += cluster.count
    }
    let freedomBetween = villages - strata.count
    let freedomWithin = rows - villages
    guard freedomBetween > 0, freedomWithin > 0 else { return nil }
    var sumBetween = 0.0
    var sumWithin = 0.0
    for cluster in clusters where cluster.count > 0 {
      guard let stratum = strata[cluster.stratum] else { continue }
      let count = Double(cluster.count)
      let rate = Double(cluster.events) / count
      let distance = rate - stratum.events / stratum.count
      sumBetween += count * distance * distance
      sumWithin += count * rate * (1 - rate)
    }
    // Strata in the order of their codes, so that the sum has the same bits at every run.
    var sumSizes = 0.0
    for (_, stratum) in strata.sorted(by: { $0.key < $1.key }) {
      sumSizes += stratum.count - stratum.squares / stratum.count
    }
    between = sumBetween / Double(freedomBetween)
    within = sumWithin / Double(freedomWithin)
    averageSize = sumSizes / Double(freedomBetween)
  }
}
