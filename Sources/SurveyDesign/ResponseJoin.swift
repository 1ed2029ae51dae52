package import SurveyData

/// A survey file ready for estimation: answers, domains, weights and design in one table.
package struct FieldworkTable: Sendable {
  /// Respondents and ineligible units in the order of the list. Columns: those of the list, those of the
  /// response file, `fieldwork_disposition`, `design_weight` and `design_K_stratum`, `design_K_unit`,
  /// `design_K_population` of each stage K = 1, 2, …; `design_K_probability` where chances differed within a
  /// stratum, `design_K_order` where the variance takes successive differences.
  package var table: Table
  package var design: SampleDesign
  /// All units first (empty group), then by the group column.
  package var counts: [ResponseCount]
  /// What the weights had to make up for.
  package var notes: [Finding]
}

/// Joins what came back to the list of the draw: the one place where nonresponse weights are made.
///
/// Ineligible units keep their place in the sample with every answer missing, so that they fall into no
/// domain. Where list and response file have a column of the same name, the list's is kept and the other
/// becomes `response_NAME`. Weights and joined strata: see `FieldworkWeights`.
/// - Parameters:
///   - list: the draw's list; every stage with its id, stratum, population and probability.
///   - stages: the draw's stages, first to last.
///   - unitStage: the stage whose units answered (a village form belongs to the villages' stage).
///   - responses: one row a unit.
///   - responseID: the response file's column with the unit's id.
///   - outcome: what result codes mean; `nil`: every row is a respondent.
///   - groupColumn: the list's column by which response is counted.
///   - lonelyUnits: what a first-stage stratum with one unit adds to a variance.
///   - takesDifferences: the variance of systematic stages is taken from successive differences in the list's order.
/// - Throws: a refusal naming all of: units that were not drawn, units answered twice, missing ids,
///   unknown result codes, missing columns; and when nothing came back.
package func fieldworkTable(
  list: Table,
  stages: [ListedStage],
  unitStage: Int,
  responses: Table,
  responseID: String,
  outcome: OutcomeCodes?,
  groupColumn: String?,
  lonelyUnits: LonelyUnitPolicy,
  takesDifferences: Bool = false
) throws(InputRefusal) -> FieldworkTable {
  precondition(stages.indices.contains(unitStage), "the unit's stage is one of the draw's")
  let units = try ListedUnits(list: list, stages: stages, unitStage: unitStage)
  let returned = try ReturnedUnits(
    units: units.nodes[unitStage],
    responses: responses,
    responseID: responseID,
    outcome: outcome
  )
  let dispositions = returned.dispositions
  let isBack = dispositions.map { $0 == .respondent || $0 == .ineligible }
  guard dispositions.contains(.respondent) else {
    throw InputRefusal(
      Finding(
        "responses-none",
        file: responses.file,
        message: LocalizedText(zh: "没有任何完成的回答。", en: "no unit was interviewed."),
        fix: LocalizedText(zh: "请核对结果代码与文件。", en: "Check the result codes and the files.")
      )
    )
  }
  let weights = FieldworkWeights(units: units, stages: stages, isBack: isBack)
  let kept = units.nodes[unitStage].indices.filter { isBack[$0] }

  var table = list.rows(kept.map { units.nodes[unitStage][$0].row })
  let answers = responses.rows(kept.map { returned.row[$0] })
  let isIneligible = kept.map { dispositions[$0] == .ineligible }
  var notes = returned.notes
  for column in answers.columns where column.name != responseID {
    var answer = column.name == outcome?.column ? column : blanked(column, where: isIneligible)
    if table[answer.name] != nil {
      notes.append(
        Finding(
          "column-renamed",
          severity: .note,
          file: responses.file,
          column: answer.name,
          message: LocalizedText(zh: "名单中已有同名列。", en: "the list has a column of this name."),
          fix: LocalizedText(
            zh: "回答中的该列改称 response_\(answer.name)。",
            en: "The answers' column is called response_\(answer.name)."
          )
        )
      )
      answer.name = "response_" + answer.name
    }
    table.set(answer)
  }
  if table[responseID] == nil { table.set(answers.columns[answers.index(of: responseID) ?? 0]) }
  table.set(Column("fieldwork_disposition", texts: kept.map { dispositions[$0]?.rawValue }))
  table.set(Column("design_weight", numbers: kept.map { weights.weights[unitStage][$0] }))
  let design = addDesign(
    to: &table,
    kept: kept,
    units: units,
    weights: weights,
    stages: stages,
    lonelyUnits: lonelyUnits,
    takesDifferences: takesDifferences
  )
  let counts = try responseCounts(
    list: list,
    units: units,
    unitStage: unitStage,
    returned: returned,
    groupColumn: groupColumn
  )
  for (place, stage) in stages.enumerated() where stage.chances == .withReplacement {
    let again = units.nodes[place].count { $0.isSelected && $0.hits > 1 }
    if again > 0 { notes.append(.hitsCountOnce(again, stage: stage.name, file: list.file)) }
  }
  return FieldworkTable(table: table, design: design, counts: counts, notes: notes + weights.notes)
}

private func addDesign(
  to table: inout Table,
  kept: [Int],
  units: ListedUnits,
  weights: FieldworkWeights,
  stages: [ListedStage],
  lonelyUnits: LonelyUnitPolicy,
  takesDifferences: Bool
) -> SampleDesign {
  let last = units.nodes.count - 1
  var places = kept
  var columns = [Column]()
  var designStages = [SampleDesign.Stage]()
  for stage in stride(from: last, through: 0, by: -1) {
    let nodes = units.nodes[stage]
    let prefix = "design_\(stage + 1)"
    columns += [
      Column("\(prefix)_stratum", texts: places.map { weights.stratum($0, stage: stage) }),
      Column("\(prefix)_unit", texts: places.map { nodes[$0].id }),
      Column("\(prefix)_population", numbers: places.map { weights.populations[stage][nodes[$0].cell] }),
    ]
    let isUnequal = stages[stage].chances == .unequal
    let hasOrder = takesDifferences && stages[stage].isSystematic
    if isUnequal {
      columns.append(Column("\(prefix)_probability", numbers: places.map { weights.probabilities[stage][$0] }))
    }
    if hasOrder { columns.append(Column("\(prefix)_order", numbers: places.map { Double(nodes[$0].row + 1) })) }
    var designStage = SampleDesign.Stage(
      strata: ["\(prefix)_stratum"],
      unit: stage == last && !isUnequal && !hasOrder ? .row : .column("\(prefix)_unit"),
      isProportional: isUnequal
    )
    switch stages[stage].chances {
    case .equal: designStage.populationSize = "\(prefix)_population"
    case .unequal: designStage.populationSize = "\(prefix)_probability"
    case .withReplacement: break
    }
    if hasOrder { designStage.order = .column("\(prefix)_order") }
    designStages.append(designStage)
    places = places.map { nodes[$0].parent }
  }
  for column in columns { table.set(column) }
  return SampleDesign(
    stages: designStages.reversed(),
    weights: .expression(Expression(column: "design_weight")),
    lonelyUnits: lonelyUnits,
    adjustsLonelyDomains: false,
    unitsNestedInStrata: false
  )
}

private func blanked(_ column: Column, where isBlank: [Bool]) -> Column {
  guard isBlank.contains(true) else { return column }
  switch column.storage {
  case .text(let text):
    let codes = zip(text.codes, isBlank).map { $1 ? -1 : $0 }
    return Column(column.name, .text(CodedText(levels: text.levels, codes: codes)))
  case .number(let values):
    return Column(column.name, numbers: zip(values, isBlank).map { $1 ? .nan : $0 })
  }
}

/// What came back of each drawn unit.
private struct ReturnedUnits {
  /// By unit; `nil`: nothing came back.
  private(set) var dispositions: [Disposition?]
  /// By unit, the row of the response file; −1 where there is none.
  private(set) var row: [Int]
  private(set) var codes: [String?]
  private(set) var notes: [Finding] = []

  init(
    units: [ListedUnits.Node],
    responses: Table,
    responseID: String,
    outcome: OutcomeCodes?
  ) throws(InputRefusal) {
    let ids = try responses.column(responseID)
    let results: Column? = if let outcome { try responses.column(outcome.column) } else { nil }
    var placeByID = [String: Int](minimumCapacity: units.count)
    for (place, unit) in units.enumerated() { placeByID[unit.id] = place }
    dispositions = [Disposition?](repeating: nil, count: units.count)
    row = [Int](repeating: -1, count: units.count)
    codes = [String?](repeating: nil, count: units.count)
    var findings = [Finding]()
    for line in 0..<responses.rowCount {
      func refuse(_ code: String, _ column: String, _ value: String?, _ text: LocalizedText, _ fix: LocalizedText) {
        findings.append(
          Finding(
            code,
            file: responses.file,
            row: responses.fileRow(of: line),
            column: column,
            value: value,
            message: text,
            fix: fix
          )
        )
      }
      guard let id = ids.text(at: line), let place = placeByID[id] else {
        refuse(
          "response-not-drawn",
          responseID,
          ids.text(at: line),
          LocalizedText(zh: "名单中没有这个单位。", en: "the draw's list has no such unit."),
          LocalizedText(zh: "请核对编号，或删去未抽中的单位。", en: "Check the id, or remove units that were not drawn.")
        )
        continue
      }
      if row[place] >= 0 {
        refuse(
          "id-duplicate",
          responseID,
          id,
          LocalizedText(
            zh: "与第 \(responses.fileRow(of: row[place])) 行重复。",
            en: "the same unit as in row \(responses.fileRow(of: row[place]))."
          ),
          LocalizedText(zh: "每个单位只留一行。", en: "Keep one row a unit.")
        )
        continue
      }
      row[place] = line
      guard let outcome, let results else {
        dispositions[place] = .respondent
        continue
      }
      let code = results.text(at: line) ?? ""
      codes[place] = code
      if let disposition = outcome.dispositions[code] {
        dispositions[place] = disposition
      } else {
        let known = outcome.dispositions.keys.sorted().joined(separator: ", ")
        refuse(
          "result-code-unknown",
          outcome.column,
          code,
          LocalizedText(zh: "未定义的结果代码。", en: "a result code that the survey file does not name."),
          LocalizedText(zh: "可用：\(known)。", en: "Known: \(known).")
        )
      }
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    let silent = units.indices.filter { units[$0].isSelected && row[$0] < 0 }
    if !silent.isEmpty {
      let listed = silent.prefix(10).map { units[$0].id }.joined(separator: ", ")
      notes.append(
        Finding(
          "return-missing",
          severity: .note,
          file: responses.file,
          message: LocalizedText(
            zh: "\(silent.count) 个抽中单位没有返回记录，按未回答处理：\(listed)。",
            en: "\(silent.count) selected units have no record and count as nonrespondents: \(listed)."
          ),
          fix: LocalizedText(zh: "请确认资料齐全。", en: "Check that all files are there.")
        )
      )
    }
  }
}

private func responseCounts(
  list: Table,
  units: ListedUnits,
  unitStage: Int,
  returned: ReturnedUnits,
  groupColumn: String?
) throws(InputRefusal) -> [ResponseCount] {
  let groups: Column? = if let groupColumn { try list.column(groupColumn) } else { nil }
  var all = ResponseCount(group: "")
  var byGroup = [String: ResponseCount]()
  for (place, node) in units.nodes[unitStage].enumerated() {
    let line = DrawnOutcome(
      node: node,
      weight: units.designWeight(place, stage: unitStage),
      disposition: returned.dispositions[place],
      isReturned: returned.row[place] >= 0,
      code: returned.codes[place]
    )
    all.add(line)
    if let group = groups?.text(at: node.row) {
      byGroup[group, default: ResponseCount(group: group)].add(line)
    }
  }
  let ordered = byGroup.keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  return [all] + ordered.compactMap { byGroup[$0] }
}

private struct DrawnOutcome {
  var node: ListedUnits.Node
  var weight: Double
  var disposition: Disposition?
  var isReturned: Bool
  var code: String?
}

extension ResponseCount {
  fileprivate mutating func add(_ line: DrawnOutcome) {
    if line.node.isSelected {
      selected += 1
      if !line.isReturned { withoutReturn += 1 }
      // Weighted rates speak of the units selected: a reserve's probability is another thing.
      if line.disposition != .ineligible { weightedEligible += line.weight }
      if line.disposition == .respondent { weightedRespondents += line.weight }
    } else if line.isReturned {
      reservesUsed += 1
    }
    if let code = line.code { codes[code, default: 0] += 1 }
    switch line.disposition {
    case .respondent: respondents += 1
    case .nonrespondent: nonrespondents += 1
    case .unknown: unknown += 1
    case .ineligible: ineligible += 1
    case nil: break
    }
  }
}

extension Finding {
  fileprivate static func hitsCountOnce(_ count: Int, stage: String, file: String?) -> Finding {
    Finding(
      "hits-count-once",
      severity: .note,
      file: file,
      column: "\(stage)_hits",
      value: "\(count)",
      message: LocalizedText(
        zh: "有 \(count) 个单位被重复抽中；方差把每个单位算作一次抽取，偏大而稳妥。",
        en:
          "\(count) units were drawn more than once; the variance counts each as one draw, which errs on the safe side."
      ),
      fix: LocalizedText(
        zh: "要按每次抽取计方差，请为每次抽中写一行（权数除以次数），用散文件估计。",
        en:
          "For the variance of the draws themselves, write a row a hit (its weight over the hits) and estimate that file."
      )
    )
  }
}
