package import SurveyData
package import SurveyDesign

/// What was drawn at one stage.
package struct StageDraw: Sendable {
  package var plan: StagePlan
  package var key: DrawKey
  /// In the order of the parents, then of the strata values' bytes; never in the order of the rows.
  package var cells: [DrawnCell]
  /// The units of earlier draws that were left out, and what that means for the weights.
  package var exclusion: StageExclusion?

  /// The size of the population for which the weights of a stratum speak.
  package func weightedPopulation(_ cell: DrawnCell) -> Int {
    exclusion?.weights == .remaining ? cell.populationSize - cell.excludedCount : cell.populationSize
  }
}

/// What was drawn in one stratum within one parent.
package struct DrawnCell: Sendable {
  /// The id of the unit of the stage before.
  package var parent: String?
  package var stratum: [String]
  /// N, with the units that are excluded.
  package var populationSize: Int
  /// Units of earlier draws that were left out.
  package var excludedCount: Int = 0
  /// X, where the method needs sizes.
  package var sizeTotal: UInt64?
  /// Units of size 0, which the method never takes.
  package var sizeZeroCount: Int
  /// n: the number selected.
  package var sampleSize: Int
  package var certaintyCount: Int
  /// Everything that can be taken is selected or in reserve, or every selected unit was certain.
  package var nothingLeftToChance: Bool
  /// The selected units in visiting order, then the reserves in theirs.
  package var units: [DrawnUnit]

  /// The selected units in visiting order.
  package var selected: ArraySlice<DrawnUnit> { units.prefix(sampleSize) }
  /// The reserves in the order in which they may be used.
  package var reserves: ArraySlice<DrawnUnit> { units.dropFirst(sampleSize) }

  /// The strata values as one text; "all" where there are no strata columns.
  package var stratumText: String { stratum.isEmpty ? "all" : stratumKey(stratum) }
}

/// One unit that was drawn.
package struct DrawnUnit: Sendable {
  package enum Role: String, Sendable, Codable {
    case selected
    case reserve
  }

  package var id: String
  /// Its row in the frame.
  package var frameRow: Int
  package var role: Role
  /// The visiting order within the stratum, from 1; reserves are counted by themselves.
  package var order: Int
  /// At this stage. For a reserve: the probability of being one, given the units selected.
  package var inclusionProbability: Double
  /// Given the units that earlier draws took; nil where none are left out.
  package var conditionalProbability: Double?
  package var isCertainty: Bool
}

/// The text by which plans name a stratum.
package func stratumKey(_ values: [String]) -> String { values.joined(separator: ", ") }

/// Draws one stage.
///
/// From the second stage on `parents` are the units drawn before, and only their units can be taken.
/// Frames may hold more units; ids are unique over all of them.
/// Units of earlier draws that are left out count in N, but not in what the method sees.
/// Complexity: one pass over the frame and one ticket for every unit that can be taken.
/// - Throws: every finding of the plan, else every finding of the frame, else every stratum that cannot
///   give what is asked.
package func drawStage(
  _ plan: StagePlan,
  frame: Table,
  parents: [String]? = nil,
  key: DrawKey,
  excluding exclusions: [Exclusion] = []
) throws(InputRefusal) -> StageDraw {
  let faults = planFindings(plan)
  if !faults.isEmpty { throw InputRefusal(faults) }
  guard let method = SelectionMethods.named(plan.method) else {
    return StageDraw(plan: plan, key: key, cells: [])
  }
  let units = try StageUnits(plan, frame: frame, parents: parents)
  let takes = try takesByStratum(plan, strata: units.strata, file: frame.file)
  let excluded = try ExcludedRows(
    exclusions,
    plan: plan,
    ids: units.ids,
    frame: frame,
    isFirstStage: parents == nil
  )

  var findings = [Finding]()
  var prepared = [PreparedCell]()
  prepared.reserveCapacity(units.cells.count)
  for cell in units.cells {
    let values = units.strata[cell.stratum]
    let parent = cell.parent.flatMap { parents?[$0] }
    let label = ((parent.map { [$0] } ?? []) + values).joined(separator: "\n")
    let view = CellUnits(
      label: label,
      key: key,
      frame: units.order,
      rows: excluded.remaining(of: cell.rows),
      rotation: plan.rotation
    )
    let excludedCount = cell.rows.count - view.count
    let takable = method.takable(in: view)
    let target: SelectionTarget
    switch takes[cell.stratum] {
    case .count(let count):
      target = .number(count)
      if count > takable, excludedCount == 0 {
        findings.append(
          shortage(plan, frame: frame, parent: parent, stratum: values, asked: count, has: takable)
        )
      }
    case .upTo(let count): target = .number(min(count, takable))
    case .all: target = method.hasRate ? .rate(1) : .number(takable)
    case .rate(let rate): target = .rate(rate)
    case .byStratum: target = .number(0)  // refused as nested by the plan's check
    }
    let asked = takes[cell.stratum].leastCount
    if excludedCount > 0, asked > takable {
      findings.append(
        exclusionShortage(
          plan,
          place: stratumKey((parent.map { [$0] } ?? []) + values),
          asked: asked,
          population: cell.rows.count,
          left: takable,
          exclusions: exclusions,
          file: frame.file
        )
      )
    }
    prepared.append(
      PreparedCell(
        parent: parent,
        stratum: values,
        view: view,
        takable: takable,
        target: target,
        excludedCount: excludedCount
      )
    )
  }
  if !findings.isEmpty { throw InputRefusal(findings) }

  var cells = [DrawnCell]()
  cells.reserveCapacity(prepared.count)
  for cell in prepared {
    do throws(InputRefusal) {
      let selection = try method.select(cell.target, reserves: plan.reserves, from: cell.view)
      cells.append(
        drawnCell(cell, selection: selection, method: method, ids: units.ids, weights: excluded.outcome?.weights)
      )
    } catch {
      findings += error.findings
    }
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  return StageDraw(plan: plan, key: key, cells: cells, exclusion: excluded.outcome)
}

private struct PreparedCell {
  var parent: String?
  var stratum: [String]
  var view: CellUnits
  var takable: Int
  var target: SelectionTarget
  var excludedCount: Int
}

extension SelectionMethod {
  fileprivate var hasRate: Bool {
    if case .rate = asks { true } else { false }
  }
}

private func drawnCell(
  _ cell: PreparedCell,
  selection: Selection,
  method: any SelectionMethod,
  ids: CodedText,
  weights: WeightsPopulation?
) -> DrawnCell {
  let view = cell.view
  let population = view.count + cell.excludedCount
  // Equal probabilities in all rounds: n / N over the rounds together (protocol §5).
  let overRounds = weights == .whole ? Double(selection.selected.count) / Double(population) : nil
  func id(_ unit: Int) -> String { ids.levels[Int(ids.codes[view.row(unit)])] }
  var units = [DrawnUnit]()
  units.reserveCapacity(selection.selected.count + selection.reserves.count)
  for (place, unit) in selection.selected.enumerated() {
    units.append(
      DrawnUnit(
        id: id(unit.index),
        frameRow: view.row(unit.index),
        role: .selected,
        order: place + 1,
        inclusionProbability: overRounds ?? unit.probability,
        conditionalProbability: weights == nil ? nil : unit.probability,
        isCertainty: unit.isCertainty
      )
    )
  }
  let left = cell.takable - selection.selected.count
  for (place, unit) in selection.reserves.enumerated() {
    units.append(
      DrawnUnit(
        id: id(unit),
        frameRow: view.row(unit),
        role: .reserve,
        order: place + 1,
        inclusionProbability: Double(selection.reserves.count) / Double(left),
        isCertainty: false
      )
    )
  }
  var sizeTotal: UInt64?
  if method.needsSize {
    var total: UInt64 = 0
    for unit in 0..<view.count { total += view.size(unit) }
    sizeTotal = total
  }
  let certaintyCount = selection.selected.count { $0.isCertainty }
  let allCertain = certaintyCount == selection.selected.count
  let allTaken =
    method.hasFixedSize ? allCertain || units.count == cell.takable : certaintyCount == cell.takable
  return DrawnCell(
    parent: cell.parent,
    stratum: cell.stratum,
    populationSize: population,
    excludedCount: cell.excludedCount,
    sizeTotal: sizeTotal,
    sizeZeroCount: view.count - cell.takable,
    sampleSize: selection.selected.count,
    certaintyCount: certaintyCount,
    nothingLeftToChance: allTaken && !selection.selected.isEmpty,
    units: units
  )
}

extension Take {
  /// The fewest units that a stratum must have left when earlier draws leave some out.
  fileprivate var leastCount: Int {
    switch self {
    case .count(let count): count
    case .upTo(let count): min(count, 1)
    case .all, .rate: 1
    case .byStratum: 0
    }
  }
}

/// The rule for every stratum of the frame.
/// - Throws: every stratum without a rule, and every rule without a stratum.
private func takesByStratum(
  _ plan: StagePlan,
  strata: [[String]],
  file: String
) throws(InputRefusal) -> [Take] {
  guard case .byStratum(let takes) = plan.take else { return strata.map { _ in plan.take } }
  var findings = [Finding]()
  var found = [Take]()
  var named = Set<String>()
  for stratum in strata {
    let key = stratumKey(stratum)
    named.insert(key)
    if let take = takes[key] {
      found.append(take)
    } else {
      findings.append(
        strataFinding(
          plan,
          "stratum-without-take",
          key,
          file: file,
          zh: "抽样框中的这一层没有给出样本量。",
          en: "the plan says nothing about this stratum of the frame."
        )
      )
    }
  }
  for key in takes.keys.sorted(by: precedesAsBytes) where !named.contains(key) {
    findings.append(
      strataFinding(
        plan,
        "stratum-unknown",
        key,
        file: file,
        zh: "抽样框中没有这一层。",
        en: "the frame has no such stratum."
      )
    )
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  return found
}

private func strataFinding(
  _ plan: StagePlan,
  _ code: String,
  _ stratum: String,
  file: String,
  zh: String,
  en: String
) -> Finding {
  Finding(
    code,
    file: file,
    column: stratumKey(plan.strata),
    value: stratum,
    message: LocalizedText(zh: "阶段“\(plan.name)”：\(zh)", en: "stage \"\(plan.name)\": \(en)"),
    fix: LocalizedText(
      zh: "请使各层的样本量与抽样框的层一致。",
      en: "Give each stratum of the frame its sample size, and no other."
    )
  )
}

private func shortage(
  _ plan: StagePlan,
  frame: Table,
  parent: String?,
  stratum: [String],
  asked: Int,
  has: Int
) -> Finding {
  let place = ((parent.map { [$0] } ?? []) + stratum).joined(separator: ", ")
  let shown = place.isEmpty ? "all" : place
  return Finding(
    "sample-exceeds-population",
    file: frame.file,
    value: shown,
    message: LocalizedText(
      zh: "阶段“\(plan.name)”：层“\(shown)”要抽 n = \(asked)，可抽的只有 N = \(has)。",
      en:
        "stage \"\(plan.name)\": stratum \"\(shown)\" is asked for n = \(asked) but has only N = \(has) to take."
    ),
    fix: LocalizedText(
      zh: "请减少样本量，或写成“至多 \(asked)”。",
      en: "Ask for fewer, or for \"up to \(asked)\"."
    )
  )
}
