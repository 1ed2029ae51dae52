package import SurveyData
package import SurveyDesign

/// A whole draw: one stage after the other, each within the units selected before.
package struct Draw: Sendable {
  package var seed: Seed
  /// What draws must share to give a unit the same number (protocol §2).
  package var group: String
  package var stages: [StageDraw]

  package init(seed: Seed, group: String, stages: [StageDraw]) {
    self.seed = seed
    self.group = group
    self.stages = stages
  }
}

/// Draws all stages; a unit's overall inclusion probability is the product over its stages.
///
/// - Parameters:
///   - stages: plan and frame of each, the first stage first.
///   - seed: of the draw.
///   - group: what draws must share to give a unit the same number.
///   - exclusions: by stage, the units of earlier draws that are left out; none where it is shorter.
///   - within: where it is given, the last stage is drawn only within these units of the stage before.
/// - Returns: the draw.
/// - Throws: as ``drawStage(_:frame:parents:key:excluding:from:)``; and when two stages bear the same name.
package func draw(
  stages: [(plan: StagePlan, frame: Table)],
  seed: Seed,
  group: String,
  excluding exclusions: [[Exclusion]] = [],
  within: [String]? = nil
) throws(InputRefusal) -> Draw {
  try checkPlans(stages.map(\.plan))
  var drawn = [StageDraw]()
  var parents: [String]?
  for (place, stage) in stages.enumerated() {
    if let within, place == stages.count - 1 {
      parents = try restricted(parents ?? [], to: within, stage: stage.plan)
    }
    let key = try DrawKey(seed: seed.text, group: group, stage: stage.plan.name)
    let result = try drawStage(
      stage.plan,
      frame: stage.frame,
      parents: parents,
      key: key,
      excluding: place < exclusions.count ? exclusions[place] : []
    )
    parents = result.cells.flatMap { $0.selected.map(\.id) }
    drawn.append(result)
  }
  return Draw(seed: seed, group: group, stages: drawn)
}

/// The drawn units that the last stage is confined to, in the draw's order.
/// - Throws: every unit that was not drawn.
package func restricted(
  _ parents: [String],
  to wanted: [String],
  stage: StagePlan
) throws(InputRefusal) -> [String] {
  let findings = wanted.filter { unit in !parents.contains { sameBytes($0, unit) } }.map { unit in
    Finding(
      "within-not-drawn",
      value: masked(unit),
      message: LocalizedText(
        zh: "阶段“\(stage.name)”：这个上级单元没有被抽中。",
        en: "stage \"\(stage.name)\": this unit of the stage before was not drawn."
      ),
      fix: LocalizedText(zh: "请核对编号。", en: "Check its id.")
    )
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  return parents.filter { parent in wanted.contains { sameBytes($0, parent) } }
}

/// Refuses plans that contradict themselves, before any frame is looked at.
/// - Throws: every finding of every stage; and when two stages bear the same name.
package func checkPlans(_ plans: [StagePlan]) throws(InputRefusal) {
  var names = Set<String>()
  var findings = [Finding]()
  if plans.isEmpty {
    findings.append(
      Finding(
        "stages-missing",
        message: LocalizedText(zh: "没有抽样阶段。", en: "there is no stage to draw."),
        fix: LocalizedText(zh: "请至少给出一个阶段。", en: "Give at least one stage.")
      )
    )
  }
  for plan in plans {
    if !names.insert(plan.name).inserted {
      findings.append(
        planFinding(
          plan,
          "stage-duplicate",
          zh: "阶段名重复。",
          en: "another stage has the same name.",
          fixZh: "请给每个阶段不同的名称。",
          fixEn: "Give each stage a name of its own."
        )
      )
    }
    findings += planFindings(plan)
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
}

/// One line of a draw's list: the unit of every stage, from the first to the last one drawn.
package struct DrawnPath: Sendable {
  /// The place of a unit: its stratum among the stage's cells, and its place there.
  package struct Step: Sendable, Hashable {
    package var cell: Int
    package var unit: Int
  }

  /// One step a stage, the first stage first.
  package var steps: [Step]
}

extension Draw {
  /// The stratum that a path passes through at a stage.
  package func cell(_ step: DrawnPath.Step, stage: Int) -> DrawnCell { stages[stage].cells[step.cell] }

  /// The unit that a path passes through at a stage.
  package func unit(_ step: DrawnPath.Step, stage: Int) -> DrawnUnit {
    stages[stage].cells[step.cell].units[step.unit]
  }

  /// The last-stage units in visiting order, each stratum's reserves after its selected units.
  ///
  /// A reserve of an earlier stage has no units below it until it comes into use: its path ends there.
  package var paths: [DrawnPath] {
    var cellsOfParent = [[String: [Int]]]()
    for stage in stages {
      var places = [String: [Int]]()
      for (place, cell) in stage.cells.enumerated() { places[cell.parent ?? "", default: []].append(place) }
      cellsOfParent.append(places)
    }
    var paths = [DrawnPath]()
    func walk(_ stage: Int, parent: String, before: [DrawnPath.Step]) {
      for place in cellsOfParent[stage][parent] ?? [] {
        for (number, unit) in stages[stage].cells[place].units.enumerated() {
          let steps = before + [DrawnPath.Step(cell: place, unit: number)]
          if unit.role == .selected, stage + 1 < stages.count {
            walk(stage + 1, parent: unit.id, before: steps)
          } else {
            paths.append(DrawnPath(steps: steps))
          }
        }
      }
    }
    if !stages.isEmpty { walk(0, parent: "", before: []) }
    return paths
  }

  /// Whether a path is a selected unit of the last stage.
  package func isSelected(_ path: DrawnPath) -> Bool {
    guard path.steps.count == stages.count, let last = path.steps.last else { return false }
    return unit(last, stage: stages.count - 1).role == .selected
  }

  /// How often a path was selected: the product of the hits over the stages, 1 without replacement.
  package func hits(_ path: DrawnPath) -> Double {
    var product = 1.0
    for (stage, step) in path.steps.enumerated() { product *= Double(unit(step, stage: stage).hits) }
    return product
  }

  /// The product of the inclusion probabilities over the stages; the design weight is hits over it.
  package func inclusionProbability(_ path: DrawnPath) -> Double {
    var product = 1.0
    for (stage, step) in path.steps.enumerated() {
      product *= unit(step, stage: stage).inclusionProbability
    }
    return product
  }
}
