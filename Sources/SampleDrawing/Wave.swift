package import SurveyData
import SurveyDesign

/// What a further wave of reserves is asked for.
package struct WaveRequest: Sendable, Equatable {
  /// The stage whose units run out.
  package var stage: String
  /// The strata that get reserves, each as its values, its parent's id, or both joined by ", "; nil for all.
  package var only: [String]?
  /// Reserves in every stratum; nil for as many as the plan says.
  package var reserves: Int?

  package init(stage: String, only: [String]? = nil, reserves: Int? = nil) {
    self.stage = stage
    self.only = only
    self.reserves = reserves
  }
}

/// A draw with a further wave of reserves.
package struct WaveDraw: Sendable {
  /// The draw with the reserves of all waves.
  package var draw: Draw
  package var request: WaveRequest
  /// 2 for the first further wave: the draw's own reserves are the first.
  package var number: Int
  /// The wave's own seed.
  package var seed: Seed
  package var key: DrawKey
  /// The place of the request's stage.
  package var stage: Int
  /// The places of the strata that were asked for, among the stage's cells.
  package var cells: [Int]
  /// By those strata, the units that are neither selected nor in reserve now.
  package var left: [Int]

  /// The new reserves of a stratum, in their order.
  package func reserves(ofCell cell: Int) -> [DrawnUnit] {
    draw.stages[stage].cells[cell].units.filter { $0.wave == number }
  }

  /// The lines of the wave's list.
  package var paths: [DrawnPath] {
    draw.paths.filter { path in
      guard path.steps.count == stage + 1, let last = path.steps.last else { return false }
      return draw.unit(last, stage: stage).wave == number
    }
  }
}

/// Draws further reserves by fresh randomness among the units neither selected nor in reserve.
///
/// Whatever the method of the stage, they are the units with the smallest tickets under the wave's own key, with
/// equal chances: r of the units left, given everything drawn before. Their order goes on where the last reserve
/// of the stratum stands. Units of size 0 and units of earlier draws that the stage leaves out stay out.
/// - Parameters:
///   - request: the stage, the strata and how many.
///   - draw: the draw with the reserves of the waves before.
///   - number: of this wave, from 2.
///   - frames: the frame of each stage, as it was drawn from.
///   - seed: the wave's own.
/// - Returns: the draw with the new reserves.
/// - Throws: `wave-stage` and `wave-stratum` for a name that is not there, `wave-reserves` where neither request nor
///   plan gives a number, `wave-exhausted` where no stratum asked for by a name has a unit left, or the stage has no
///   stratum.
package func drawWave(
  _ request: WaveRequest,
  of draw: Draw,
  number: Int,
  frames: [Table],
  seed: Seed
) throws(InputRefusal) -> WaveDraw {
  guard let place = draw.stages.firstIndex(where: { sameBytes($0.plan.name, request.stage) }) else {
    throw InputRefusal(unknownStage(request.stage, draw: draw))
  }
  let stage = draw.stages[place]
  let frame = frames[place]
  let parents = place == 0 ? nil : draw.stages[place - 1].cells.flatMap { $0.selected.map(\.id) }
  let units = try StageUnits(stage.plan, frame: frame, parents: parents)
  let excluded = try ExcludedRows(
    stage.exclusion?.sources ?? [],
    plan: stage.plan,
    ids: units.ids,
    frame: frame,
    identity: stage.exclusion?.frame,
    isFirstStage: place == 0
  )
  let key = try DrawKey(seed: seed.text, group: draw.group, stage: stage.plan.name)
  let wanted = try wantedCells(request, stage: stage)
  let followsSize = SelectionMethods.named(stage.plan.method)?.followsSize(in: stage.plan) ?? false

  var wave = WaveDraw(
    draw: draw,
    request: request,
    number: number,
    seed: seed,
    key: key,
    stage: place,
    cells: wanted,
    left: []
  )
  var exhausted = Set<Int>()
  for cell in wanted {
    let drawn = stage.cells[cell]
    let taken = Set(drawn.units.map(\.frameRow))
    let rows = excluded.remaining(of: units.cells[cell].rows).filter { !taken.contains(Int($0)) }
    let view = CellUnits(label: "", key: key, frame: units.order, rows: rows[...], rotation: 0)
    let takable = followsSize ? view.positive : Array(0..<view.count)
    let wantedHere = request.reserves ?? stage.plan.reserves(inStratum: stratumKey(drawn.stratum))
    let chosen = view.byTicket(first: wantedHere, of: takable)
    if chosen.isEmpty, wantedHere > 0 { exhausted.insert(cell) }
    var order = drawn.units.last { $0.role == .reserve }?.order ?? 0
    for unit in chosen {
      order += 1
      let row = view.row(unit)
      wave.draw.stages[place].cells[cell].units.append(
        DrawnUnit(
          id: units.ids.levels[Int(units.ids.codes[row])],
          frameRow: row,
          role: .reserve,
          order: order,
          inclusionProbability: Double(chosen.count) / Double(takable.count),
          isCertainty: false,
          wave: number
        )
      )
    }
    wave.left.append(takable.count - chosen.count)
  }
  // What was asked for by one name is refused only where none of its strata has a unit left.
  let asked = request.only.map { $0.map { cells(named: $0, of: stage) } } ?? [wanted]
  let refused = Set(asked.filter { $0.allSatisfy(exhausted.contains) }.joined()).sorted()
  if !refused.isEmpty { throw InputRefusal(refused.map { exhaustedFinding(stage.cells[$0], plan: stage.plan) }) }
  return wave
}

/// The places of the strata that a request names; all where it names none.
private func wantedCells(_ request: WaveRequest, stage: StageDraw) throws(InputRefusal) -> [Int] {
  var findings = [Finding]()
  var wanted = Set<Int>()
  if let only = request.only {
    for name in only {
      let found = cells(named: name, of: stage)
      if found.isEmpty { findings.append(unknownStratum(name, stage: stage)) }
      wanted.formUnion(found)
    }
  } else {
    wanted = Set(stage.cells.indices)
  }
  if stage.cells.isEmpty { findings.append(noStratum(stage.plan)) }
  if request.reserves == nil {
    let planned = wanted.contains { stage.plan.reserves(inStratum: stratumKey(stage.cells[$0].stratum)) > 0 }
    if !planned, findings.isEmpty { findings.append(unstatedReserves(stage.plan)) }
  } else if let reserves = request.reserves, reserves < 1 {
    findings.append(unstatedReserves(stage.plan))
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  return wanted.sorted()
}

/// The places of the strata that one name stands for: a stratum's values, its parent's id, or both.
private func cells(named name: String, of stage: StageDraw) -> [Int] {
  stage.cells.indices.filter { place in
    let cell = stage.cells[place]
    return [cell.place, cell.stratumText, cell.parent ?? cell.place].contains(name)
  }
}

extension DrawnCell {
  /// Parent and strata values as one text.
  package var place: String {
    let text = stratumKey((parent.map { [$0] } ?? []) + stratum)
    return text.isEmpty ? "all" : text
  }
}

private func unknownStage(_ name: String, draw: Draw) -> Finding {
  let names = draw.stages.map(\.plan.name)
  let near = nearest(to: name, among: names)
  return Finding(
    "wave-stage",
    value: name,
    message: LocalizedText(zh: "该次抽样没有这个阶段。", en: "the draw has no such stage."),
    fix: LocalizedText(
      zh: near.map { "是否指“\($0)”？" } ?? "现有：\(names.joined(separator: "、"))。",
      en: near.map { "Did you mean \"\($0)\"?" } ?? "It has: \(names.joined(separator: ", "))."
    )
  )
}

private func unknownStratum(_ name: String, stage: StageDraw) -> Finding {
  let names = stage.cells.map(\.place)
  let near = nearest(to: name, among: names)
  let shown = names.prefix(10).joined(separator: "; ")
  return Finding(
    "wave-stratum",
    value: name,
    message: LocalizedText(
      zh: "阶段“\(stage.plan.name)”没有抽过这一层。",
      en: "stage \"\(stage.plan.name)\" was not drawn in such a stratum."
    ),
    fix: LocalizedText(
      zh: near.map { "是否指“\($0)”？" } ?? "有：\(shown)。",
      en: near.map { "Did you mean \"\($0)\"?" } ?? "There are: \(shown)."
    )
  )
}

private func unstatedReserves(_ plan: StagePlan) -> Finding {
  planFinding(
    plan,
    "wave-reserves",
    zh: "没有说明每层再抽几个备选。",
    en: "it is not said how many further reserves a stratum gets.",
    fixZh: "请用 --reserves 给出不小于 1 的数目。",
    fixEn: "Give a number of at least 1 by --reserves."
  )
}

private func noStratum(_ plan: StagePlan) -> Finding {
  Finding(
    "wave-exhausted",
    value: plan.name,
    message: LocalizedText(
      zh: "阶段“\(plan.name)”没有任何层：上一阶段没有抽中单元。",
      en: "stage \"\(plan.name)\" has no stratum: no unit of the stage before was drawn."
    ),
    fix: LocalizedText(zh: "没有可续抽的备选。", en: "There is nothing to take further reserves from.")
  )
}

private func exhaustedFinding(_ cell: DrawnCell, plan: StagePlan) -> Finding {
  Finding(
    "wave-exhausted",
    value: cell.place,
    message: LocalizedText(
      zh: "阶段“\(plan.name)”：这一层的 \(cell.populationSize) 个单元都已抽中、列为备选或被排除。",
      en: "stage \"\(plan.name)\": all \(cell.populationSize) units of this stratum are selected, in reserve or "
        + "left out."
    ),
    fix: LocalizedText(
      zh: "该层不能再有备选，请按无回答处理。",
      en: "There can be no further reserve here: account for it as nonresponse."
    )
  )
}
