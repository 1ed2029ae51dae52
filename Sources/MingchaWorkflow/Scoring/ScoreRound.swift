internal import AssessmentReporting
internal import PovertyAssessment
package import SurveyData
internal import SurveyEstimation
internal import SurveyReporting
internal import TabularFiles

/// The points of a round: what the score sheet prints and the files hold.
package struct ScoreRecord: Sendable {
  let rubric: Rubric
  let scores: [LeagueScore]
  let sheet: ScoreSheetInput
  package var notes: [Finding]
}

/// Scores every league of a survey by the rules that its survey file names.
///
/// Leagues are the values of the first single column under `estimate.by`, in the order of their frame.
/// A row without data is missing and leaves the points that can be had; it never counts as zero.
/// - Parameters:
///   - folder: the survey.
///   - report: the estimates of the same folder.
/// - Returns: every league with every row of the rules.
/// - Throws: an `InputRefusal` with every problem of survey file, rules and administrative shares.
package func scoreRound(_ folder: SurveyFolder, report: EstimationReport) throws -> ScoreRecord {
  guard let settings = folder.survey.score else { throw InputRefusal(folder.missingKey("score")) }
  guard let variable = folder.survey.estimate.by.first(where: { $0.count == 1 })?.first else {
    throw InputRefusal(folder.missingKey("estimate.by"))
  }
  let rubric = try folder.rubric(settings.rules)
  let problems = folder.rowProblems(rubric)
  if !problems.isEmpty { throw InputRefusal(problems) }
  let leagues = try folder.frame(namedBy: variable).map { try folder.unitCodes(of: $0) } ?? report.values(of: variable)
  var inputs = report.inputs
  folder.record(folder.path(of: settings.rules), in: &inputs)
  var administrative = AdministrativeScores.none
  if let file = settings.administrative {
    let path = folder.path(of: file)
    administrative = try AdministrativeScores(
      try readTable(path: path, options: ReadOptions(identifiers: ["league_code", "row"])).table,
      rubric: rubric,
      leagues: leagues
    )
    folder.record(path, in: &inputs)
  }
  let scores = score(
    rubric,
    estimates: report.estimates,
    leagueVariable: variable,
    leagues: leagues,
    administrative: administrative
  )
  let names = report.domains.names[variable] ?? [:]
  return ScoreRecord(
    rubric: rubric,
    scores: scores,
    sheet: ScoreSheetInput(
      title: folder.survey.name,
      rows: rubric.rows.map(sheetRow),
      leagues: scores.map { sheetLeague($0, name: names[$0.league] ?? LocalizedText($0.league)) },
      assumptions: rubric.allAssumptions,
      inputs: inputs,
      software: ToolVersion.text
    ),
    notes: report.allNotes
  )
}

extension EstimationReport {
  /// The values of a by-variable in the order of the estimates.
  fileprivate func values(of variable: String) -> [String] {
    var seen = Set<String>()
    return estimates.compactMap { estimate in
      guard estimate.domain.count == 1, estimate.domain[0].variable == variable else { return nil }
      return seen.insert(estimate.domain[0].value).inserted ? estimate.domain[0].value : nil
    }
  }
}

extension SurveyFolder {
  func rubric(_ rules: String) throws -> Rubric {
    let file = path(of: rules)
    guard let text = String(validating: try readBytes(file), as: UTF8.self) else {
      throw InputRefusal(
        Finding(
          "encoding",
          file: file,
          message: LocalizedText(zh: "不是 UTF-8 文本。", en: "is not UTF-8 text."),
          fix: LocalizedText(zh: "请以 UTF-8 另存。", en: "Save it as UTF-8.")
        )
      )
    }
    return try RubricFile.read(text, file: file)
  }

  /// Where survey file and rules speak of different things: a row's estimate that is no indicator, and an
  /// indicator whose `row` is another's.
  fileprivate func rowProblems(_ rubric: Rubric) -> [Finding] {
    var findings = [Finding]()
    let keys = survey.indicators.map(\.indicator.key)
    for row in rubric.rows {
      guard let key = row.measurement.estimate, !keys.contains(key) else { continue }
      let near = nearest(to: key, among: keys)
      findings.append(
        Finding(
          "estimate-unknown",
          file: survey.score.map { path(of: $0.rules) },
          column: "rows.\(row.id).estimate",
          value: key,
          message: LocalizedText(zh: "调查文件没有这个指标。", en: "the survey file has no such indicator."),
          fix: LocalizedText(
            zh: near.map { "是否指“\($0)”？" } ?? "现有：\(keys.joined(separator: "、"))。",
            en: near.map { "Did you mean \"\($0)\"?" } ?? "It has: \(keys.joined(separator: ", "))."
          )
        )
      )
    }
    for indicator in survey.indicators {
      guard let id = indicator.row else { continue }
      let row = rubric.rows.first { $0.id == id }
      if row?.measurement.estimate == indicator.indicator.key { continue }
      findings.append(
        Finding(
          "row-differs",
          file: path + "/survey.yaml",
          column: "indicators.\(indicator.indicator.key).row",
          value: id,
          message: LocalizedText(
            zh: row == nil ? "计分规则没有该项。" : "计分规则的该项用的是另一指标。",
            en: row == nil ? "the rules have no such row." : "the rules' row uses another estimate."
          ),
          fix: LocalizedText(zh: "请使两处一致。", en: "Make the two agree.")
        )
      )
    }
    return findings
  }
}

extension RubricRow.Measurement {
  /// The key of the estimate behind the row, if any.
  var estimate: String? {
    switch self {
    case .survey(let estimate, _), .mixed(let estimate, _, _): estimate
    case .administrative: nil
    }
  }

  /// How the row is measured, in words.
  var title: LocalizedText {
    switch self {
    case .survey: LocalizedText(zh: "抽样", en: "Survey")
    case .administrative: LocalizedText(zh: "部门", en: "Office")
    case .mixed: LocalizedText(zh: "抽样+部门", en: "Survey + office")
    }
  }
}

private func sheetRow(_ row: RubricRow) -> ScoreSheetRow {
  ScoreSheetRow(
    id: row.id,
    name: row.name,
    block: row.block,
    regularPoints: row.regularPoints,
    yearEndPoints: row.yearEndPoints,
    measurement: row.measurement.title
  )
}

private func sheetLeague(_ score: LeagueScore, name: LocalizedText) -> ScoreSheetLeague {
  ScoreSheetLeague(
    code: score.league,
    name: name,
    scores: score.rows.map { row in
      ScoreSheetScore(
        row: row.row,
        status: sheetStatus(row.status),
        regular: row.regular.map(range),
        yearEnd: row.yearEnd.map(range),
        estimate: row.estimate,
        lower: row.lower,
        upper: row.upper
      )
    },
    grade: score.grade.map(gradeText)
  )
}

private func sheetStatus(_ status: RowScore.Status) -> ScoreSheetScore.Status {
  switch status {
  case .exact: .exact
  case .estimated: .estimated
  case .missing(let why): .missing(why)
  case .noEligible:
    .notApplicable(LocalizedText(zh: "没有符合条件的户", en: "nobody in the sample is eligible"))
  }
}

private func range(_ points: ScoredPoints) -> PointRange {
  PointRange(points: points.points, low: points.low, high: points.high)
}

/// The grade, the grades at the ends of its range where they differ, and whether rows are missing.
private func gradeText(_ result: GradeResult) -> LocalizedText {
  var zh = result.grade.name.zh
  var en = result.grade.name.en
  if result.worst != result.best {
    zh += "（\(result.worst.name.zh)至\(result.best.name.zh)）"
    en += " (\(result.worst.name.en) to \(result.best.name.en))"
  }
  if result.isPartial {
    zh += "，不完整"
    en += ", partial"
  }
  return LocalizedText(zh: zh, en: en)
}
