package import SurveyData
package import SurveyDesign

/// How many units a plan takes in one stratum within its parent.
package struct StratumSize: Sendable {
  package var parent: String?
  package var stratum: [String]
  /// N.
  package var populationSize: Int
  /// The units that can be taken at all.
  package var takable: Int
  package var mustIncludeCount: Int
  /// n; nil where the method leaves it to chance.
  package var sampleSize: Int?
  /// How the number came about, where a total is shared out.
  package var allocation: AllocatedStratum?

  /// The strata values as one text; "all" where there are no strata columns.
  package var stratumText: String { stratum.isEmpty ? "all" : stratumKey(stratum) }
}

/// What a stage would take in every stratum of its frame, without drawing: no seed, no ticket.
///
/// - Parameters:
///   - plan: the stage.
///   - frame: its frame.
///   - parentFrame: the units of the stage before, all of which count as drawn; nil for a first stage.
///   - parentID: the id column of `parentFrame`.
/// - Returns: one line a stratum within its parent, in the order of a draw's strata.
/// - Throws: what a draw of the stage would be refused for.
package func stratumSizes(
  _ plan: StagePlan,
  frame: Table,
  parentFrame: Table? = nil,
  parentID: String? = nil
) throws(InputRefusal) -> [StratumSize] {
  let faults = planFindings(plan)
  if !faults.isEmpty { throw InputRefusal(faults) }
  guard let method = SelectionMethods.named(plan.method) else { return [] }
  var parents: [String]?
  if let parentFrame, let parentID, let name = plan.parent {
    let known = Set(try parentFrame.column(parentID).codedText.levels)
    let used = try frame.column(name).codedText
    let isUsed = used.codes.reduce(into: [Bool](repeating: false, count: used.levels.count)) { marks, code in
      if code >= 0 { marks[Int(code)] = true }
    }
    parents = used.levels.indices.filter { isUsed[$0] && known.contains(used.levels[$0]) }.map { used.levels[$0] }
      .sorted(by: precedesAsBytes)
  }
  let units = try StageUnits(plan, frame: frame, parents: parents)
  let cells = preparedCells(
    plan,
    units: units,
    parents: parents,
    certain: try mustIncludeMask(plan, frame: frame),
    excluded: try ExcludedRows([], plan: plan, ids: units.ids, frame: frame, isFirstStage: parents == nil),
    method: method,
    // No ticket is computed with it.
    key: try DrawKey(seed: "none", group: "none", stage: plan.name)
  )
  var lines = [AllocationLine]()
  if case .allocate(let allocation) = plan.take {
    lines = try allocated(allocation, plan, to: cells, strata: units.strata, frame: frame)
  }
  let takes =
    lines.isEmpty
    ? try takes(plan, of: cells, strata: units.strata, frame: frame) : lines.map { .count($0.result.sampleSize) }
  var sizes = [StratumSize]()
  var findings = [Finding]()
  for (place, cell) in cells.enumerated() {
    var size = StratumSize(
      parent: cell.parent,
      stratum: cell.stratum,
      populationSize: cell.population,
      takable: cell.takable,
      mustIncludeCount: cell.certain.count,
      allocation: lines.isEmpty ? nil : lines[place].result
    )
    do throws(InputRefusal) {
      let target = try target(takes[place], of: cell, method: method, plan: plan, exclusions: [], file: frame.file)
      if case .number(let number) = target, method.hasFixedSize { size.sampleSize = number + cell.certain.count }
    } catch {
      findings += error.findings
    }
    sizes.append(size)
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  return sizes
}
