internal import SurveyData

/// The intra-cluster correlation of one figure over a round, and whether the round is large enough to use it.
///
/// The units of the round are the first-stage units where clusters lie within them, else the first-stage
/// strata (every county surveyed, villages drawn in each).
struct RoundCorrelation {
  var isRate: Bool
  /// `nil` for what is no rate, and where nothing can be computed.
  private(set) var pooled: PooledCorrelation?
  /// The pooled ρ̂ where the default interval may rest on it.
  private(set) var usable: Double?

  /// The least number of units, and of the rarer outcome in them, for ρ̂ to be more than noise.
  /// Source: `docs/validation` (interval study).
  static let leastUnits = 6
  static let leastEvents = 10

  /// - Parameters:
  ///   - rows: by cell, the rows that the figure rests on.
  ///   - events: by cell, those of them that show the event.
  init(
    _ key: String,
    isRate: Bool,
    tree: DesignTree,
    clusterStage: Int,
    rows rowsOfCell: (Int) -> Int,
    events eventsOfCell: (Int) -> Int
  ) {
    self.isRate = isRate
    guard isRate, clusterStage >= 0 else { return }
    let stage = tree.stages[clusterStage]
    let unitNodes = clusterStage == 0 ? tree.stages[0].strata : tree.stages[0].units
    var units: [[ClusterCount]] = []
    var rows = 0
    for unit in Runs(unitNodes, tree.order, 0..<tree.order.count) {
      var clusters: [ClusterCount] = []
      for range in Runs(stage.units, tree.order, unit) {
        var count = 0
        var events = 0
        for place in range {
          count += rowsOfCell(Int(tree.order[place]))
          events += eventsOfCell(Int(tree.order[place]))
        }
        guard count > 0 else { continue }
        rows += count
        if stage.units[Int(tree.order[range.lowerBound])] < 0 {
          // Clusters of one row each.
          for place in range {
            let cell = Int(tree.order[place])
            let events = eventsOfCell(cell)
            for row in 0..<rowsOfCell(cell) {
              clusters.append(ClusterCount(stratum: stage.strata[cell], count: 1, events: row < events ? 1 : 0))
            }
          }
          continue
        }
        clusters.append(
          ClusterCount(
            stratum: stage.strata[Int(tree.order[range.lowerBound])],
            count: count,
            events: events
          )
        )
      }
      if !clusters.isEmpty { units.append(clusters) }
    }
    guard let result = pooledCorrelation(units: units) else { return }
    pooled = PooledCorrelation(
      indicator: key,
      correlation: result.correlation,
      units: result.units,
      events: result.events
    )
    if result.units >= Self.leastUnits, min(result.events, rows - result.events) >= Self.leastEvents {
      usable = result.correlation
    }
  }
}
