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
  /// How the sample meets the totals of the balancing columns; empty where there are none.
  package var balance: [BalanceCheck] = []
  /// Balancing columns that are constant or determined by those named before them.
  package var redundantBalance: [String] = []

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
  /// How many draws a method with replacement made; nil for the others.
  package var drawCount: Int?
  /// Which probability stands for the units, where the method only comes near to λ.
  package var basis: ProbabilityBasis?
  /// The probabilities of pairs of the units that the method selected, in their order, where it states them.
  package var pairs: PairProbabilities?
  /// The units declared to be taken with certainty, which stand first among ``selected``.
  package var mustIncludeCount: Int
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
  /// At this stage; with replacement the expected number of times.
  ///
  /// For a reserve: the probability of being one,
  /// given the units selected; not a number where the method states none.
  package var inclusionProbability: Double
  /// Given the units that earlier draws took; nil where none are left out.
  package var conditionalProbability: Double?
  package var isCertainty: Bool
  /// Declared before the draw to be taken with certainty.
  package var isMustInclude = false
  /// How often it was selected: more than once only with replacement.
  package var hits = 1
  /// 1 for the draw itself; a further wave of reserves has its number.
  package var wave = 1
}

/// The text by which plans name a stratum.
package func stratumKey(_ values: [String]) -> String { values.joined(separator: ", ") }

/// Draws one stage.
///
/// From the second stage on `parents` are the units drawn before, and only their units can be taken.
/// Frames may hold more units; ids are unique over all of them.
/// Units of earlier draws that are left out count in N, but not in what the method sees; must-include units are
/// taken whatever earlier draws took.
/// `identity` names the whole frame where the table is what a filter left of it; earlier draws are compared with it.
/// Complexity: one pass over the frame and one ticket for every unit that can be taken.
/// - Throws: every finding of the plan, else every finding of the frame, else every stratum that cannot
///   give what is asked.
package func drawStage(
  _ plan: StagePlan,
  frame: Table,
  parents: [String]? = nil,
  key: DrawKey,
  excluding exclusions: [Exclusion] = [],
  from identity: FrameIdentity? = nil
) throws(InputRefusal) -> StageDraw {
  let faults = planFindings(plan)
  if !faults.isEmpty { throw InputRefusal(faults) }
  let units = try StageUnits(plan, frame: frame, parents: parents)
  let mask = try mustIncludeMask(plan, frame: frame)
  let excluded = try ExcludedRows(
    exclusions,
    plan: plan,
    ids: units.ids,
    frame: frame,
    identity: identity,
    isFirstStage: parents == nil
  )
  return try select(
    plan,
    from: units,
    certain: mask,
    excluded: excluded,
    exclusions: exclusions,
    parents: parents,
    key: key,
    frame: frame
  )
}

/// Draws one stage from units that are in memory.
/// - Parameter frame: for the names in findings, and for what an allocation sums up.
/// - Throws: every stratum that cannot give what is asked.
func select(
  _ plan: StagePlan,
  from units: StageUnits,
  certain mask: [Bool]? = nil,
  excluded: ExcludedRows? = nil,
  exclusions: [Exclusion] = [],
  parents: [String]?,
  key: DrawKey,
  frame: Table,
  workers: Int = 1
) throws(InputRefusal) -> StageDraw {
  guard let method = SelectionMethods.named(plan.method) else {
    return StageDraw(plan: plan, key: key, cells: [])
  }
  let prepared = preparedCells(
    plan,
    units: units,
    parents: parents,
    certain: mask,
    excluded: excluded,
    method: method,
    key: key
  )
  let takes = try takes(plan, of: prepared, strata: units.strata, frame: frame)
  var findings = [Finding]()
  var targets = [SelectionTarget]()
  targets.reserveCapacity(prepared.count)
  for (cell, take) in zip(prepared, takes) {
    do throws(InputRefusal) {
      try requireExactTotal(of: cell)
      targets.append(
        try target(take, of: cell, method: method, plan: plan, exclusions: exclusions, file: frame.file)
      )
    } catch {
      findings += error.findings
    }
  }
  if !findings.isEmpty { throw InputRefusal(findings) }

  let weights = excluded?.outcome?.weights
  let together = families(of: zip(prepared, targets), method: method)
  let outcomes = Workers.map(workers, together) { family in
    Result { () throws(InputRefusal) in
      let selections = try method.select(
        family.map(\.target),
        reserves: family.map { plan.reserves(inStratum: stratumKey($0.cell.stratum)) },
        from: family.map(\.cell.view),
        parent: family.first?.cell.parent ?? ""
      )
      return zip(family, selections).map { stratum, selection in
        drawnCell(stratum.cell, selection: selection, method: method, ids: units.order.ids, weights: weights)
      }
    }
  }
  var cells = [DrawnCell]()
  cells.reserveCapacity(prepared.count)
  for outcome in outcomes {
    switch outcome {
    case .success(let drawn): cells += drawn
    case .failure(let refusal): findings += refusal.findings
    }
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  return StageDraw(
    plan: plan,
    key: key,
    cells: cells,
    exclusion: excluded?.outcome,
    balance: balanceChecks(plan, cells: cells, of: prepared),
    redundantBalance: redundantColumns(plan, of: together.lazy.map { $0.map(\.cell.view) })
  )
}

/// Refuses a stratum whose sizes, those of must-include units with them, add up to 2^63 or more.
private func requireExactTotal(of cell: PreparedCell) throws(InputRefusal) {
  guard cell.certain.count > 0, cell.view.hasSizes else { return }
  var total: UInt128 = 0
  for unit in 0..<cell.certain.count { total += UInt128(cell.certain.size(unit)) }
  for unit in 0..<cell.view.count { total += UInt128(cell.view.size(unit)) }
  if total >= UInt128(1) << 63 { throw InputRefusal(sizeTotalFinding(total, in: cell.view)) }
}

/// The strata that are decided together, with what is asked of the method in them: each by itself, or those of one
/// parent, which stand together.
private func families(
  of cells: some Sequence<(PreparedCell, SelectionTarget)>,
  method: any SelectionMethod
) -> [[(cell: PreparedCell, target: SelectionTarget)]] {
  var families = [[(cell: PreparedCell, target: SelectionTarget)]]()
  for (cell, target) in cells {
    if method.decidesOverStrata, let last = families.last?.last,
      sameBytes(last.cell.parent ?? "", cell.parent ?? "")
    {
      families[families.count - 1].append((cell, target))
    } else {
      families.append([(cell, target)])
    }
  }
  return families
}

private func drawnCell(
  _ cell: PreparedCell,
  selection: Selection,
  method: any SelectionMethod,
  ids: UnitIdentifiers,
  weights: WeightsPopulation?
) -> DrawnCell {
  let view = cell.view
  let certain = cell.certain
  let sampleSize = certain.count + selection.selected.count
  // Equal probabilities in all rounds: n / N over the rounds together (protocol §5).
  let overRounds =
    weights == .whole ? Double(selection.selected.count) / Double(view.count + cell.excludedCount) : nil
  func id(ofRow row: Int) -> String { ids.text(row) }
  var units = [DrawnUnit]()
  units.reserveCapacity(sampleSize + selection.reserves.count)
  for (place, unit) in certain.byTicket(first: certain.count).enumerated() {
    units.append(
      DrawnUnit(
        id: id(ofRow: certain.row(unit)),
        frameRow: certain.row(unit),
        role: .selected,
        order: place + 1,
        inclusionProbability: 1,
        conditionalProbability: weights == nil ? nil : 1,
        isCertainty: true,
        isMustInclude: true
      )
    )
  }
  for (place, unit) in selection.selected.enumerated() {
    units.append(
      DrawnUnit(
        id: id(ofRow: view.row(unit.index)),
        frameRow: view.row(unit.index),
        role: .selected,
        order: certain.count + place + 1,
        inclusionProbability: overRounds ?? unit.probability,
        conditionalProbability: weights == nil ? nil : unit.probability,
        isCertainty: unit.isCertainty,
        hits: unit.hits
      )
    )
  }
  let left = cell.takable - sampleSize
  // Reserves that follow in an order by size are no equally likely part of the units left.
  let hasEqualReserves = !(method.needsSize && method.reserveRule == .nextInOrder)
  for (place, unit) in selection.reserves.enumerated() {
    units.append(
      DrawnUnit(
        id: id(ofRow: view.row(unit)),
        frameRow: view.row(unit),
        role: .reserve,
        order: place + 1,
        inclusionProbability: hasEqualReserves ? Double(selection.reserves.count) / Double(left) : .nan,
        isCertainty: false
      )
    )
  }
  var sizeTotal: UInt64?
  if view.hasSizes {
    var total: UInt64 = 0
    for unit in 0..<certain.count { total += certain.size(unit) }
    for unit in 0..<view.count { total += view.size(unit) }
    sizeTotal = total
  }
  let certaintyCount = units.count { $0.isCertainty }
  let allCertain = certaintyCount == sampleSize
  let allTaken =
    if method.isWithReplacement {
      cell.takable <= certain.count + 1
    } else {
      method.hasFixedSize ? allCertain || units.count == cell.takable : certaintyCount == cell.takable
    }
  return DrawnCell(
    parent: cell.parent,
    stratum: cell.stratum,
    populationSize: cell.population,
    excludedCount: cell.excludedCount,
    sizeTotal: sizeTotal,
    sizeZeroCount: certain.count + view.count - cell.takable,
    sampleSize: sampleSize,
    certaintyCount: certaintyCount,
    drawCount: method.isWithReplacement ? selection.selected.reduce(0) { $0 + $1.hits } : nil,
    basis: selection.basis,
    pairs: selection.pairs,
    mustIncludeCount: certain.count,
    nothingLeftToChance: allTaken && sampleSize > 0,
    units: units
  )
}
