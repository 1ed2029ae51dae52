internal import SurveyData

/// One unit (county) of a round with its clusters.
struct RoundUnit: Sendable {
  var node: Int32
  var clusters: [ClusterCount]
}

/// What one figure counts in a cell of the design.
struct FigureCounts: Sendable {
  var rows: @Sendable (Int) -> Int
  /// Rows that show the event.
  var events: @Sendable (Int) -> Int
  /// Σ w of the rows.
  var weight: @Sendable (Int) -> Double
}

/// Where the units of a round and the clusters within them lie in a design.
///
/// The units are the first-stage units where clusters lie within them, else the first-stage strata (every county
/// surveyed, villages drawn in each). The clusters are the last units that bring several rows, or, where more than one
/// stage lies within the units, the units of the first of these stages that is not complete: chance in a village
/// counts whole, whatever was drawn within it (ultimate clusters: Hansen, Hurwitz and Madow 1953).
struct RoundLayout: Sendable {
  let tree: DesignTree
  /// −1 where there are no clusters.
  let clusterStage: Int

  init(_ tree: DesignTree, rows: (Int) -> Int) {
    self.tree = tree
    let last = tree.clusterStage(rows: rows)
    clusterStage = last > 1 ? min(last, tree.firstOpenStage(tree.order, from: 1)) : last
  }

  /// A design whose clusters cannot be told: replicates, two phases, joint probabilities.
  init(withoutClusters tree: DesignTree) {
    self.tree = tree
    clusterStage = -1
  }

  private var unitNodes: [Int32] { clusterStage == 0 ? tree.stages[0].strata : tree.stages[0].units }

  /// The units among some cells, in canonical order, with their clusters that hold rows.
  func units(in cells: [Int32], _ counts: FigureCounts) -> [RoundUnit] {
    guard clusterStage >= 0 else { return [] }
    let stage = tree.stages[clusterStage]
    let nodes = unitNodes
    var units: [RoundUnit] = []
    for unit in Runs(nodes, cells, 0..<cells.count) {
      var clusters: [ClusterCount] = []
      for range in Runs(stage.units, cells, unit) {
        if stage.units[Int(cells[range.lowerBound])] < 0 {
          clusters += loneRows(cells[range], counts, stage)
          continue
        }
        var cluster = ClusterCount(stratum: stage.strata[Int(cells[range.lowerBound])], count: 0, events: 0, weight: 0)
        for place in range {
          let cell = Int(cells[place])
          cluster.count += counts.rows(cell)
          cluster.events += counts.events(cell)
          cluster.weight += counts.weight(cell)
        }
        guard cluster.count > 0 else { continue }
        cluster.weight /= Double(cluster.count)
        clusters.append(cluster)
      }
      if !clusters.isEmpty { units.append(RoundUnit(node: nodes[Int(cells[unit.lowerBound])], clusters: clusters)) }
    }
    return units
  }

  /// Units of one row share a cell: each row is a cluster of its own.
  private func loneRows(_ cells: ArraySlice<Int32>, _ counts: FigureCounts, _ stage: DesignTree.Stage) -> [ClusterCount] {
    cells.flatMap { cell -> [ClusterCount] in
      let (count, events) = (counts.rows(Int(cell)), counts.events(Int(cell)))
      let weight = count > 0 ? counts.weight(Int(cell)) / Double(count) : 0
      return (0..<count).map { row in
        ClusterCount(stratum: stage.strata[Int(cell)], count: 1, events: row < events ? 1 : 0, weight: weight)
      }
    }
  }

  /// f₁ and f of some cells: the mean inclusion probabilities of their clusters, and of their rows within the unit.
  ///
  /// 0 where a stage counts as drawn with replacement.
  func fractions(of cells: [Int32], rows: (Int) -> Int) -> (clusters: Double, rows: Double) {
    guard clusterStage >= 0 else { return (0, 0) }
    var count = 0.0
    var clusters = 0.0
    var whole = 0.0
    for cell in cells.lazy.map(Int.init) {
      let size = Double(rows(cell))
      count += size
      var chance = 1.0
      for place in clusterStage..<tree.stages.count {
        let stage = tree.stages[place]
        let unit = stage.units[cell] < 0 ? nil : Int(stage.units[cell])
        let stratum = Int(stage.strata[cell])
        let fraction = unit.map { stage.fraction(stratum, unit: $0) } ?? stage.fraction(stratum)
        chance *= fraction ?? 0
        if place == clusterStage { clusters += size * chance }
      }
      // Rows that no stage draws are all the cluster has.
      whole += size * chance
    }
    return count > 0 ? (clusters / count, whole / count) : (0, 0)
  }
}
