internal import StatisticalFunctions
internal import SurveyData

/// The sums over some of the rows.
package struct EstimationAccumulator: Sendable {
  /// The distinct texts of each key column.
  var levels: [ByteLevels]
  /// The distinct texts of each column of proportions, by indicator.
  var proportionLevels: [Int: ByteLevels] = [:]
  var tree: PathTree
  /// By stage and node (stratum, or unit with unequal probabilities): the population size or probability as the
  /// file has it; NaN where not met yet.
  var populations: [[Double]]
  var rowCount = 0
  /// All rows, by cell.
  var rows = RowSums()
  var indicators: [IndicatorSums]
  /// Σ w² u v for columns of different indicators, where covariances are wanted of rows as units.
  var crossProducts: [CrossKey: CellSums] = [:]

  /// Two columns of different indicators. Slot −1: the rows as ``IndicatorSums/rows`` has them; 0, 1, …:
  /// a quantity; 1000 and above: a level.
  struct CrossKey: Hashable, Sendable {
    var first: Int
    var firstSlot: Int
    var second: Int
    var secondSlot: Int
  }

  init(layout: KeyLayout, indicators: [IndicatorPlan]) {
    levels = layout.columns.map { _ in ByteLevels() }
    tree = PathTree(depth: layout.columns.count)
    populations = layout.stages.map { _ in [] }
    self.indicators = indicators.map { IndicatorSums(quantityCount: $0.quantities.count) }
    for (index, plan) in indicators.enumerated() where plan.isProportions { proportionLevels[index] = ByteLevels() }
  }

  /// Takes in another accumulator of the same estimator.
  ///
  /// - Returns: refusals for population sizes that differ within a stratum.
  mutating func merge(_ other: EstimationAccumulator, layout: KeyLayout) -> [Finding] {
    var findings: [Finding] = []
    var codes: [[Int32]] = []
    for index in levels.indices {
      let texts = other.levels[index].texts
      codes.append(texts.map { levels[index].code(of: $0) })
    }
    let places = tree.merge(other.tree, codes: codes)
    for (stage, key) in layout.stages.enumerated() {
      for (node, value) in other.populations[stage].enumerated() where !value.isNaN {
        let place = Int(places[key.populationDepth][node])
        if let clash = setPopulation(value, stage: stage, node: place) {
          findings.append(.populationDiffers(layout.stages[stage].population ?? "", clash, value, file: nil, row: nil))
        }
      }
    }
    let cells = places[layout.columns.count]
    rows.merge(other.rows, places: cells)
    rowCount += other.rowCount
    for index in indicators.indices {
      var levelPlaces: [Int32] = []
      if var own = proportionLevels[index], let theirs = other.proportionLevels[index] {
        levelPlaces = theirs.texts.map { own.code(of: $0) }
        proportionLevels[index] = own
      }
      indicators[index].merge(other.indicators[index], places: cells, levels: levelPlaces)
    }
    for (key, sums) in other.crossProducts {
      var place = key
      if place.firstSlot >= 1000 { place.firstSlot = translated(place.firstSlot, index: place.first, other) }
      if place.secondSlot >= 1000 { place.secondSlot = translated(place.secondSlot, index: place.second, other) }
      crossProducts[place, default: CellSums()].merge(sums, places: cells)
    }
    return findings
  }

  private func translated(_ slot: Int, index: Int, _ other: EstimationAccumulator) -> Int {
    guard var own = proportionLevels[index], let theirs = other.proportionLevels[index] else { return slot }
    return 1000 + Int(own.code(of: theirs.texts[slot - 1000]))
  }

  /// Notes the population size of a stratum; the earlier one where it was another.
  mutating func setPopulation(_ value: Double, stage: Int, node: Int) -> Double? {
    while populations[stage].count <= node { populations[stage].append(.nan) }
    let known = populations[stage][node]
    if known.isNaN {
      populations[stage][node] = value
      return nil
    }
    return known == value ? nil : known
  }
}
