internal import StatisticalFunctions
package import SurveyEstimation

/// What one county's sample gives an interval to rest on.
///
/// Only sums by village are kept: an interval needs no more, and `IntervalStudyTests` checks that the estimator gives
/// the same evidence for the same sample, row by row.
package struct StudySample: Sendable {
  /// By village: households of the sample, events among them, and the weight of each.
  package var clusters: [ClusterCount]
  /// The same for the households that the estimate is about; the same villages where that is all of them.
  package var domain: [ClusterCount]
  /// Villages of the county, and households of each village drawn.
  package let villagesInCounty: Int
  package private(set) var householdsInVillages: [Int] = []
  /// Σ over the domain's rows of the chance that their village had, and that they had.
  private var chances = (clusters: 0.0, rows: 0.0)

  /// Draws households in the villages drawn.
  init(
    _ county: StudyPopulation.County,
    _ drawn: StudyFrame.VillageSample,
    _ setting: StudySetting,
    sizes: [Int],
    generator: inout SeededGenerator
  ) {
    clusters = []
    domain = []
    villagesInCounty = sizes.count
    for (index, place) in drawn.places.enumerated() {
      let size = sizes[place]
      householdsInVillages.append(size)
      let taken: (count: Int, events: Int)
      if setting.isDomain {
        let inside = county.domain[place]
        let all = county.events[place].reduce(0, +)
        let count = min(setting.households, size)
        let domainCount = hypergeometric(inside.households, of: size, sample: count, &generator)
        let domainEvents = hypergeometric(inside.events, of: inside.households, sample: domainCount, &generator)
        let others = hypergeometric(
          all - inside.events,
          of: size - inside.households,
          sample: count - domainCount,
          &generator
        )
        let weight = Double(size) / Double(count) / drawn.probabilities[index]
        add(domainCount, drawn.probabilities[index], within: Double(count) / Double(size))
        if domainCount > 0 {
          domain.append(ClusterCount(stratum: 0, count: domainCount, events: domainEvents, weight: weight))
        }
        taken = (count, domainEvents + others)
      } else {
        taken = Self.households(county.events[place], size: size, setting, generator: &generator)
      }
      let within = Double(taken.count) / Double(size)
      if !setting.isDomain { add(taken.count, drawn.probabilities[index], within: within) }
      let weight = 1 / within / drawn.probabilities[index]
      clusters.append(ClusterCount(stratum: 0, count: taken.count, events: taken.events, weight: weight))
    }
    if !setting.isDomain { domain = clusters }
  }

  private mutating func add(_ count: Int, _ chance: Double, within: Double) {
    chances.clusters += Double(count) * chance
    chances.rows += Double(count) * chance * within
  }

  private static func households(
    _ events: [Int],
    size: Int,
    _ setting: StudySetting,
    generator: inout SeededGenerator
  ) -> (count: Int, events: Int) {
    if events.count == 1 {
      let count = min(setting.households, size)
      return (count, hypergeometric(events[0], of: size, sample: count, &generator))
    }
    var left = Array(events.indices)
    var count = 0
    var found = 0
    let groups = setting.households / 10
    for _ in 0..<min(groups, events.count) {
      let group = left.remove(at: Int(generator.below(UInt64(left.count))))
      let groupSize = size * (group + 1) / events.count - size * group / events.count
      let sample = min(10, groupSize)
      count += sample
      found += hypergeometric(events[group], of: groupSize, sample: sample, &generator)
    }
    return (count, found)
  }

  /// The evidence of the county's estimate; `nil` with fewer than two villages in the domain.
  ///
  /// Formula: p̂ = Σ w x / Σ w n over villages, v = V/(V − 1) Σ e² with e = w (x − p̂ n) / Σ w n (with replacement).
  /// - Parameter pooled: what the round says about the correlation.
  package func evidence(_ pooled: PooledCorrelation?, planned: Double) -> ProportionEvidence? {
    guard domain.count > 1 else { return nil }
    var rows = 0
    var events = 0
    var squares = 0.0
    var weight = 0.0
    var squaredWeight = 0.0
    var weightedEvents = 0.0
    for village in domain {
      let count = Double(village.count)
      rows += village.count
      events += village.events
      squares += count * count
      weight += village.weight * count
      squaredWeight += village.weight * village.weight * count
      weightedEvents += village.weight * Double(village.events)
    }
    let estimate = weightedEvents / weight
    var variance = 0.0
    for village in domain {
      let residual = village.weight * (Double(village.events) - estimate * Double(village.count)) / weight
      variance += residual * residual
    }
    let villages = Double(domain.count)
    var evidence = ProportionEvidence(
      estimate: estimate,
      variance: variance * villages / (villages - 1),
      unweightedCount: rows,
      events: events,
      degreesOfFreedom: domain.count - 1,
      meanClusterSize: squares / Double(rows),
      weightVariation: max(0, Double(rows) * squaredWeight / (weight * weight) - 1),
      plannedCorrelation: planned,
      pooledCorrelation: pooled?.correlation(planned: planned)
    )
    evidence.clusterFraction = chances.clusters / Double(rows)
    evidence.rowFraction = chances.rows / Double(rows)
    evidence.guardedCorrelation = pooled?.guarded(planned: planned)
    return evidence
  }
}
