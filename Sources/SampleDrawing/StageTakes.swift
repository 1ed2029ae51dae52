import SurveyData
import SurveyDesign

/// One stratum within one parent, ready for the method.
struct PreparedCell {
  var parent: String?
  var stratum: [String]
  /// Every row of the stratum that is in memory.
  var rows: ArraySlice<Int32>
  /// N.
  var population: Int
  /// The must-include units.
  var certain: CellUnits
  /// The units that the method draws among.
  var view: CellUnits
  /// The units that can be taken, must-include units among them.
  var takable: Int
  /// The units that earlier draws leave out.
  var excludedCount: Int

  /// Parent and strata values as one text.
  var place: String {
    let text = stratumKey((parent.map { [$0] } ?? []) + stratum)
    return text.isEmpty ? "all" : text
  }
}

/// The strata within their parents, each divided into must-include units, excluded units and the rest.
func preparedCells(
  _ plan: StagePlan,
  units: StageUnits,
  parents: [String]?,
  certain mask: [Bool]?,
  excluded: ExcludedRows?,
  method: any SelectionMethod,
  key: DrawKey
) -> [PreparedCell] {
  var prepared = [PreparedCell]()
  prepared.reserveCapacity(units.cells.count)
  for cell in units.cells {
    let values = units.strata[cell.stratum]
    let parent = cell.parent.flatMap { parents?[$0] }
    let label = ((parent.map { [$0] } ?? []) + values).joined(separator: "\n")
    func view(_ rows: ArraySlice<Int32>, population: Int? = nil) -> CellUnits {
      CellUnits(
        label: label,
        key: key,
        frame: units.order,
        rows: rows,
        population: population,
        rotation: plan.rotation
      )
    }
    let rows = divided(cell.rows, by: mask)
    let remaining = excluded?.remaining(of: rows.rest) ?? rows.rest
    let rest = view(remaining, population: cell.population - (cell.rows.count - remaining.count))
    prepared.append(
      PreparedCell(
        parent: parent,
        stratum: values,
        rows: cell.rows,
        population: cell.population,
        certain: view(rows.certain[...]),
        view: rest,
        takable: rows.certain.count + method.takable(in: rest),
        excludedCount: rows.rest.count - remaining.count
      )
    )
  }
  return prepared
}

/// What is taken in every stratum within its parent, by strata and allocation; never `byStratum` or `allocate`.
/// - Throws: every stratum without a rule, every rule of a first stage without a stratum, and everything that
///   keeps the total from being shared out.
func takes(
  _ plan: StagePlan,
  of cells: [PreparedCell],
  strata: [[String]],
  frame: Table
) throws(InputRefusal) -> [Take] {
  var findings = unknownStrata(
    plan,
    Array(plan.reservesByStratum.keys),
    strata: strata,
    file: frame.file,
    isFirst: isFirstStage(cells)
  )
  var found = [Take]()
  switch plan.take {
  case .allocate(let allocation):
    do throws(InputRefusal) {
      found = try allocated(allocation, plan, to: cells, strata: strata, frame: frame).map {
        .count($0.result.sampleSize)
      }
    } catch {
      findings += error.findings
    }
  case .byStratum(let takes):
    for stratum in strata where takes[stratumKey(stratum)] == nil && takes[Take.otherStrata] == nil {
      findings.append(
        strataFinding(
          plan,
          "stratum-without-take",
          stratumKey(stratum),
          file: frame.file,
          zh: "抽样框中的这一层没有给出样本量。",
          en: "the plan says nothing about this stratum of the frame."
        )
      )
    }
    findings += unknownStrata(
      plan,
      Array(takes.keys),
      strata: strata,
      file: frame.file,
      isFirst: isFirstStage(cells)
    )
    found = cells.map { takes[stratumKey($0.stratum)] ?? takes[Take.otherStrata] ?? .count(0) }
  case .count, .upTo, .all, .rate: found = cells.map { _ in plan.take }
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  return found
}

/// Whether cells are those of a first stage; a later stage whose units drawn before have no units has no cells at all.
func isFirstStage(_ cells: [PreparedCell]) -> Bool { !cells.isEmpty && cells.allSatisfy { $0.parent == nil } }

/// Names of strata that a first stage's frame does not have.
///
/// At later stages a class may be absent from the units drawn before: that is told with the draw, not refused.
func unknownStrata(
  _ plan: StagePlan,
  _ names: [String],
  strata: [[String]],
  file: String,
  isFirst: Bool
) -> [Finding] {
  if !isFirst { return [] }
  let known = Set(strata.map(stratumKey))
  return names.sorted(by: precedesAsBytes).filter { $0 != Take.otherStrata && !known.contains($0) }.map { name in
    strataFinding(
      plan,
      "stratum-unknown",
      name,
      file: file,
      zh: "抽样框中没有这一层。",
      en: "the frame has no such stratum."
    )
  }
}

func strataFinding(
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
      zh: "请使各层的样本量与抽样框的层一致；“*”代表其余各层。",
      en: "Give each stratum of the frame its own, and no other; \"*\" stands for those not named."
    )
  )
}

/// What the method is asked for in a stratum, once its must-include units are taken.
/// - Throws: more asked for than there is, or fewer than must be included.
func target(
  _ take: Take,
  of cell: PreparedCell,
  method: any SelectionMethod,
  plan: StagePlan,
  exclusions: [Exclusion],
  file: String
) throws(InputRefusal) -> SelectionTarget {
  let certain = cell.certain.count
  if cell.excludedCount > 0, take.leastCount > cell.takable {
    throw InputRefusal(
      exclusionShortage(
        plan,
        place: cell.place,
        asked: take.leastCount,
        population: cell.population,
        left: cell.takable,
        exclusions: exclusions,
        file: file
      )
    )
  }
  switch take {
  case .count(let count), .upTo(let count):
    if count < certain {
      throw InputRefusal(mustIncludeExcess(plan, file: file, place: cell.place, asked: count, certain: certain))
    }
    // With replacement one unit is enough for any number of draws.
    if method.isWithReplacement, cell.takable > certain || count == certain { return .number(count - certain) }
    if count > cell.takable, case .count = take {
      throw InputRefusal(shortage(plan, file: file, place: cell.place, asked: count, has: cell.takable))
    }
    return .number(min(count, cell.takable) - certain)
  case .all: return method.hasRate ? .rate(1) : .number(cell.takable - certain)
  case .rate(let rate): return .rate(rate)
  case .byStratum, .allocate: return .number(0)  // resolved by ``takes(_:of:strata:frame:)``
  }
}

extension SelectionMethod {
  fileprivate var hasRate: Bool {
    if case .rate = asks { true } else { false }
  }
}

extension Take {
  /// The fewest units that a stratum must have left when earlier draws leave some out.
  fileprivate var leastCount: Int {
    switch self {
    case .count(let count): count
    case .upTo(let count): min(count, 1)
    case .all, .rate: 1
    case .byStratum, .allocate: 0
    }
  }
}

private func shortage(_ plan: StagePlan, file: String, place: String, asked: Int, has: Int) -> Finding {
  Finding(
    "sample-exceeds-population",
    file: file,
    value: place,
    message: LocalizedText(
      zh: "阶段“\(plan.name)”：层“\(place)”要抽 n = \(asked)，可抽的只有 N = \(has)。",
      en: "stage \"\(plan.name)\": stratum \"\(place)\" is asked for n = \(asked) but has only N = \(has) to take."
    ),
    fix: LocalizedText(
      zh: "请减少样本量，或写成“up-to \(asked)”（至多 \(asked)）。",
      en: "Ask for fewer, or for \"up-to \(asked)\"."
    )
  )
}

private func mustIncludeExcess(
  _ plan: StagePlan,
  file: String,
  place: String,
  asked: Int,
  certain: Int
) -> Finding {
  Finding(
    "must-include-exceeds",
    file: file,
    value: place,
    message: LocalizedText(
      zh: "阶段“\(plan.name)”：层“\(place)”有 \(certain) 个必选单元，样本量只有 n = \(asked)。",
      en: "stage \"\(plan.name)\": stratum \"\(place)\" has \(certain) must-include units, but n is only \(asked)."
    ),
    fix: LocalizedText(
      zh: "n 包括必选单元：请增加到至少 \(certain)，或减少必选单元。",
      en: "n counts them: make it at least \(certain), or declare fewer."
    )
  )
}
