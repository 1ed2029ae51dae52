package import SurveyData
import SurveyDesign

/// The list of a draw as a table: what fieldwork visits and what estimation joins on.
///
/// Columns: `order`, `role`; for every stage its id, the columns carried from its frame, and
/// `STAGE_stratum`, `STAGE_population` (N), `STAGE_sample` (n), `STAGE_probability`; then
/// `inclusion_probability` and `weight`. Selected units are numbered 1, 2, … over the whole list, reserves
/// 1, 2, … within their stratum. A reserve has no overall probability and no weight: its
/// `STAGE_probability` is that of being a reserve, given the units selected. A reserve of an earlier
/// stage stands in a line of its own whose later stages are empty.
///
/// A stage that leaves out units of earlier draws has, before its `STAGE_probability`, the columns
/// `STAGE_excluded` (their number in the stratum), `STAGE_weights` (`whole` or `remaining`: the population that
/// the weights and `STAGE_population` speak for) and `STAGE_conditional_probability` (given the earlier draws).
///
/// A stage drawn with replacement has, before its `STAGE_probability`, the column `STAGE_hits`; its `STAGE_probability`
/// is the expected number of hits, `STAGE_sample` the number of draws, and `weight` has hits over expected hits.
///
/// Must-include units stand in a stratum of their own, named "… (certain)", with N and n of their own.
package enum DrawnList {
  /// - Parameter frames: the frame of each stage, as it was drawn from.
  package static func table(of draw: Draw, frames: [Table]) -> Table {
    table(of: draw, frames: frames, paths: draw.paths)
  }

  /// The lines of some paths of a draw.
  static func table(of draw: Draw, frames: [Table], paths: [DrawnPath]) -> Table {
    var builder = ListBuilder(draw: draw, paths: paths)
    builder.addOrder()
    for stage in draw.stages.indices { builder.addStage(stage, frame: frames[stage]) }
    builder.addProbabilities()
    return Table(columns: builder.columns, rowCount: paths.count)
  }

  /// Columns that a list never takes over: the population model's own.
  static let privatePrefix = "synthetic_"
  /// What marks the stratum of a stratum's must-include units.
  package static let certainSuffix = " (certain)"
}

extension StageDraw {
  /// Stratum, N and n as the list states them for a unit.
  ///
  /// Must-include units are a stratum of their own, "… (certain)", in which all are taken, and N and n of the
  /// others are what they leave: so the list is the design that estimation needs, in any software.
  func listed(_ unit: DrawnUnit, of cell: DrawnCell) -> (stratum: String, population: Int, sample: Int) {
    let certain = cell.mustIncludeCount
    if unit.isMustInclude { return (cell.stratumText + DrawnList.certainSuffix, certain, certain) }
    let sample = cell.drawCount ?? cell.sampleSize - certain
    return (cell.stratumText, weightedPopulation(cell) - certain, sample)
  }
}

extension StageDraw {
  /// Whether its method can select a unit more than once.
  var isWithReplacement: Bool { SelectionMethods.named(plan.method)?.isWithReplacement ?? false }
}

private struct ListBuilder {
  let draw: Draw
  let paths: [DrawnPath]
  private(set) var columns: [Column] = []
  private var names: Set<String> = []

  init(draw: Draw, paths: [DrawnPath]) {
    self.draw = draw
    self.paths = paths
    // The design columns keep their plain names whatever the frame's columns are called.
    names = ["inclusion_probability", "weight"]
    for stage in draw.stages {
      let own = stage.exclusion == nil ? [] : ["excluded", "weights", "conditional_probability"]
      if stage.isWithReplacement { names.insert("\(stage.plan.name)_hits") }
      for suffix in ["stratum", "population", "sample", "probability"] + own {
        names.insert("\(stage.plan.name)_\(suffix)")
      }
    }
  }

  mutating func addOrder() {
    var next = 0
    var orders = [Double]()
    var roles = [String?]()
    for path in paths {
      if draw.isSelected(path) {
        next += 1
        orders.append(Double(next))
        roles.append(DrawnUnit.Role.selected.rawValue)
      } else {
        orders.append(
          path.steps.last.map { Double(draw.unit($0, stage: path.steps.count - 1).order) } ?? .nan
        )
        roles.append(DrawnUnit.Role.reserve.rawValue)
      }
    }
    columns.append(Column("order", numbers: orders))
    columns.append(Column("role", texts: roles))
    names.insert("order")
    names.insert("role")
  }

  mutating func addStage(_ stage: Int, frame: Table) {
    let plan = draw.stages[stage].plan
    let rows = paths.map { path in
      stage < path.steps.count ? draw.unit(path.steps[stage], stage: stage).frameRow : nil
    }
    var carried = [plan.id]
    for name in frame.columnNames where !sameBytes(name, plan.id) {
      if name.hasPrefix(DrawnList.privatePrefix) { continue }
      if stage > 0, name == plan.parent, names.contains(name) { continue }
      carried.append(name)
    }
    for name in carried {
      guard let column = frame[name] else { continue }
      columns.append(
        taken(column, rows: rows, named: freeName(name, stage: plan.name), asText: name == plan.id)
      )
    }
    columns.append(
      Column(
        "\(plan.name)_stratum",
        texts: paths.map { path in
          guard stage < path.steps.count else { return nil }
          let step = path.steps[stage]
          return draw.stages[stage].listed(draw.unit(step, stage: stage), of: draw.cell(step, stage: stage)).stratum
        }
      )
    )
    let drawn = draw.stages[stage]
    addNumbers("\(plan.name)_population", stage) { Double(drawn.listed($1, of: $0).population) }
    addNumbers("\(plan.name)_sample", stage) { Double(drawn.listed($1, of: $0).sample) }
    if let exclusion = drawn.exclusion {
      addNumbers("\(plan.name)_excluded", stage) { cell, _ in Double(cell.excludedCount) }
      let weights = exclusion.weights.rawValue
      columns.append(
        Column("\(plan.name)_weights", texts: paths.map { stage < $0.steps.count ? weights : nil })
      )
      addNumbers("\(plan.name)_conditional_probability", stage) { _, unit in
        unit.role == .selected ? unit.conditionalProbability ?? .nan : .nan
      }
    }
    if drawn.isWithReplacement {
      addNumbers("\(plan.name)_hits", stage) { _, unit in unit.role == .selected ? Double(unit.hits) : .nan }
    }
    addNumbers("\(plan.name)_probability", stage) { _, unit in unit.inclusionProbability }
  }

  mutating func addProbabilities() {
    let probabilities = paths.map { draw.isSelected($0) ? draw.inclusionProbability($0) : .nan }
    columns.append(Column("inclusion_probability", numbers: probabilities))
    let weights = zip(paths, probabilities).map { draw.hits($0) / $1 }
    columns.append(Column("weight", numbers: weights))
  }

  private mutating func addNumbers(
    _ name: String,
    _ stage: Int,
    _ value: (DrawnCell, DrawnUnit) -> Double
  ) {
    columns.append(
      Column(
        name,
        numbers: paths.map { path in
          guard stage < path.steps.count else { return .nan }
          let step = path.steps[stage]
          return value(draw.cell(step, stage: stage), draw.unit(step, stage: stage))
        }
      )
    )
  }

  private mutating func freeName(_ name: String, stage: String) -> String {
    var free = name
    if names.contains(free) { free = "\(stage)_\(name)" }
    var number = 2
    while names.contains(free) {
      free = "\(stage)_\(name)_\(number)"
      number += 1
    }
    names.insert(free)
    return free
  }

  private func taken(_ column: Column, rows: [Int?], named name: String, asText: Bool) -> Column {
    if case .number(let values) = column.storage, !asText {
      return Column(name, numbers: rows.map { row in row.map { values[$0] } ?? .nan })
    }
    return Column(name, texts: rows.map { row in row.flatMap { column.text(at: $0) } })
  }
}
