/// Rows and events of one indicator in one last-stage cluster (village) of a unit of the round.
package struct ClusterCount: Sendable, Hashable {
  /// The stratum of the cluster within its unit.
  package var stratum: Int32
  package var count: Int
  package var events: Int
  /// The mean weight of the rows; only its ratio to those of other clusters counts.
  package var weight: Double

  package init(stratum: Int32, count: Int, events: Int, weight: Double = 1) {
    self.stratum = stratum
    self.count = count
    self.events = events
    self.weight = weight
  }

  /// The same cluster counted for the rows that do not show the event.
  var complement: ClusterCount { ClusterCount(stratum: stratum, count: count, events: count - events, weight: weight) }
}

/// The intra-cluster correlation of one indicator, pooled over the units (counties) of a round.
///
/// Formula: ρ̂ = Σ (MSB − MSW) / Σ (MSB + (m̃ − 1) MSW) over units, cut to 0…1, with
/// MSB = Σ n_i (p_i − p_h)² / (V − H) between the V clusters of a unit within its H strata,
/// MSW = Σ n_i p_i (1 − p_i) / (n − V) within clusters, m̃ = Σ_h (n_h − Σ n_i² / n_h) / (V − H); its standard error
/// by the jackknife over the C units, √((C − 1)/C Σ (ρ̂_(c) − mean)²), ρ̂_(c) without unit c.
/// Unweighted. Edge cases: clusters without rows do not count; a unit whose clusters leave no degree
/// of freedom between (V = H) or within (n = V) is left out; `nil` when no unit is left or none of
/// them shows both outcomes.
/// Source: Donner and Klar (2000), ANOVA estimator, pooled; Tukey (1958) for the jackknife; `docs/interval-study.md`.
public struct PooledCorrelation: Sendable, Codable {
  /// Key of the indicator.
  public var indicator: String
  /// The domain whose units it rests on; empty for the whole round.
  public var domain: [DomainValue] = []
  /// ρ̂, cut to 0…1.
  public var correlation: Double
  /// ρ̂ before it is cut: below 0 where clusters differ less than chance makes them.
  public var uncut: Double
  /// Of ρ̂ over the units; `nil` with fewer than two of them.
  public var standardError: Double?
  /// Units (counties) of the round that it rests on, with their clusters, rows and events.
  public var units: Int
  /// Their last-stage clusters (villages) with rows.
  public var clusters = 0
  /// Their rows.
  public var rows = 0
  /// Rows that show the event.
  public var events: Int
  /// m̄ = Σn² / Σn, the cluster size that a row meets on average.
  public var meanClusterSize = 0.0
  /// What the limits of the whole round's rates do with it.
  package var use = CorrelationUse.pooled

  package init(indicator: String, correlation: Double, units: Int, events: Int) {
    self.indicator = indicator
    self.correlation = correlation
    uncut = correlation
    self.units = units
    self.events = events
  }

  /// Works it out from the clusters of each unit.
  package init?(_ indicator: String, units: [[ClusterCount]]) {
    var terms: [(signal: Double, total: Double)] = []
    self.init(indicator: indicator, correlation: 0, units: 0, events: 0)
    var squares = 0.0
    for unit in units {
      guard let analysis = VarianceAnalysis(unit) else { continue }
      terms.append(
        (analysis.between - analysis.within, analysis.between + (analysis.averageSize - 1) * analysis.within)
      )
      for cluster in unit where cluster.count > 0 {
        clusters += 1
        rows += cluster.count
        events += cluster.events
        squares += Double(cluster.count) * Double(cluster.count)
      }
    }
    self.units = terms.count
    var numerator = 0.0
    var denominator = 0.0
    for term in terms {
      numerator += term.signal
      denominator += term.total
    }
    guard denominator > 0 else { return nil }
    uncut = numerator / denominator
    correlation = min(1, max(0, uncut))
    meanClusterSize = squares / Double(rows)
    standardError = jackknife(terms, numerator, denominator)
  }

  /// Events or their complement, whichever are fewer.
  package var rarerEvents: Int { min(events, rows - events) }

  /// Whether the round has the least number of units, and of the rarer outcome in them, for ρ̂ to be more than noise.
  /// Source: `docs/interval-study.md`.
  package var isOfManyUnits: Bool { units >= 6 }
  package var isOfManyEvents: Bool { rarerEvents >= 10 }

  /// ρ̂, or the planned correlation where the events are few: what ``PooledJeffreysInterval`` rests on.
  package func correlation(planned: Double) -> Double { isOfManyEvents ? correlation : planned }

  /// ρ̂ + (2 / √C) SE, at most 1, or the planned correlation: what ``CorrectedJeffreysInterval`` rests on.
  package func guarded(planned: Double) -> Double {
    guard isOfManyEvents else { return planned }
    return min(1, correlation + 2 / Double(units).squareRoot() * (standardError ?? 0))
  }

  /// 1 + (m̄ − 1) ρ̂, by how much clustering multiplies the variance at this cluster size.
  package var designEffect: Double { 1 + (meanClusterSize - 1) * correlation }
}

/// The standard error of a ratio of sums by leaving out one term at a time; `nil` with fewer than two.
private func jackknife(
  _ terms: [(signal: Double, total: Double)],
  _ numerator: Double,
  _ denominator: Double
) -> Double? {
  guard terms.count > 1 else { return nil }
  let left = terms.map { term in
    // A unit with all the events leaves nothing to divide by: the ratio without it is 0.
    let rest = denominator - term.total
    return rest > 1e-12 * denominator ? (numerator - term.signal) / rest : 0
  }
  let count = Double(left.count)
  let mean = left.reduce(0, +) / count
  var sum = 0.0
  for value in left { sum += (value - mean) * (value - mean) }
  return ((count - 1) / count * sum).squareRoot()
}

/// What the limits of a rate rest on in place of, or with, a round's ρ̂.
package enum CorrelationUse: String, Sendable, Codable {
  /// The round's ρ̂.
  case pooled
  /// A round with fewer than ten of the rarer outcome: the planned correlation.
  case planned
  /// Fewer than six units: the floor with the planned correlation.
  case floor
  /// The figure that the request gives.
  case given
}

/// The intra-cluster correlation pooled over units, under no indicator's name.
package func pooledCorrelation(units: [[ClusterCount]]) -> PooledCorrelation? {
  PooledCorrelation("", units: units)
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
