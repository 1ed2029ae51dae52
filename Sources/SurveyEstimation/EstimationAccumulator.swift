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
  /// How units of the last stage with a single row are kept.
  var units: UnitCells
  /// Accumulators that kept units in different ways were brought together.
  private(set) var isMixed = false
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

  init(layout: KeyLayout, indicators: [IndicatorPlan], units: UnitCells) {
    self.units = units
    levels = layout.columns.map { _ in ByteLevels() }
    tree = PathTree(depth: layout.columns.count)
    populations = layout.stages.map { _ in [] }
    self.indicators = indicators.map { IndicatorSums(quantityCount: $0.quantities.count) }
    for (index, plan) in indicators.enumerated() where plan.isProportions { proportionLevels[index] = ByteLevels() }
  }

  /// An accumulator without sums for a second pass, which knows the codes, strata and units of the first.
  func emptied(layout: KeyLayout, indicators: [IndicatorPlan]) -> EstimationAccumulator {
    var empty = EstimationAccumulator(layout: layout, indicators: indicators, units: units)
    guard case .shared(let found) = units, let depth = layout.sharedDepth else { return empty }
    empty.units = .shared(found.known)
    empty.levels = levels
    empty.tree = tree
    empty.tree.cut(below: depth - 1)
    return empty
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
    mergeUnits(other, layout: layout, codes: codes, places: places)
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

  private mutating func mergeUnits(
    _ other: EstimationAccumulator,
    layout: KeyLayout,
    codes: [[Int32]],
    places: [[Int32]]
  ) {
    isMixed = isMixed || other.isMixed
    switch (units, other.units) {
    case (_, .undecided), (.own, .own): return
    case (.undecided, .own): units = .own
    case (.undecided, .shared(let theirs)):
      var own = theirs.isKnown ? theirs : LoneUnits()
      if let depth = layout.sharedDepth { own.merge(theirs, strata: places[depth - 1], codes: codes[depth - 1]) }
      units = .shared(own)
    case (.shared(var own), .shared(let theirs)):
      units = .undecided
      if let depth = layout.sharedDepth { own.merge(theirs, strata: places[depth - 1], codes: codes[depth - 1]) }
      units = .shared(own)
    case (.own, .shared), (.shared, .own): isMixed = true
    }
  }

  /// The same sums with the units of a single row in their strata's shared cells.
  ///
  /// Which units share a cell is then a matter of the data alone, however they were kept while rows were added.
  func sharingLoneUnits(layout: KeyLayout, indicators plans: [IndicatorPlan]) -> EstimationAccumulator {
    guard case .own = units, let depth = layout.sharedDepth else { return self }
    let level = tree.levels[depth - 1]
    let unitOfCell = tree.ancestors[depth]
    var rowsOfUnit = [Int](repeating: 0, count: level.count)
    for (cell, unit) in unitOfCell.enumerated() { rowsOfUnit[Int(unit)] += rows.counts[cell] }
    let isLone = rowsOfUnit.map { $0 == 1 }
    guard isLone.contains(true) else { return self }
    let cells = unitOfCell.indices.filter { isLone[Int(unitOfCell[$0])] && rows.counts[$0] == 1 }
    var shared = EstimationAccumulator(layout: layout, indicators: plans, units: .shared(LoneUnits(level: level)))
    shared.levels = levels
    shared.proportionLevels = proportionLevels
    shared.populations = populations
    shared.rowCount = rowCount
    let places = shared.tree.merge(tree, codes: nil, sharedDepth: depth, isShared: isLone)[layout.columns.count]
    shared.rows.merge(rows, places: places)
    for index in indicators.indices {
      var own = indicators[index]
      own.square(cells, weights: rows.weights)
      let codes = own.levelSums.keys.max().map { (0...$0).map { $0 } } ?? []
      shared.indicators[index].merge(own, places: places, levels: codes)
    }
    return shared
  }

  /// The mean of the values of a mean or variance, where so little is left of them without it that digits of the
  /// deviation, and so of every error, would be lost.
  ///
  /// Taken over all rows, from exact sums: the same whatever the order of the rows.
  func center(of index: Int, _ plan: IndicatorPlan) -> Double? {
    // The terms of the value and of its square.
    let value: Int
    let squared: (Int, Int)
    switch plan.indicator.statistic {
    case .variance: (value, squared) = (2, (0, 1))
    case .mean: (value, squared) = (1, (1, 1))
    case .total, .ratio, .proportions: return nil
    }
    if indicators[index].outside == 0, value == 1 { return nil }
    var weight = ExactSum()
    var sum = ExactSum()
    var square = ExactSum()
    let figure = Figure(indicator: index, level: nil, key: "", plan: plan, sums: self)
    for cell in rows.counts.counts.indices where figure.rowCount(cell) > 0 {
      weight.add(figure.total(0, cell))
      square.add(figure.product(squared.0, squared.1, cell))
      sum.add(figure.total(value, cell))
    }
    guard weight.value > 0 else { return nil }
    let mean = sum.value / weight.value
    let spread = square.value / weight.value - mean * mean
    return mean * mean > 1000 * spread && mean != 0 && mean.isFinite ? mean : nil
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
