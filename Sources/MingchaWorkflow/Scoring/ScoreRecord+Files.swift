internal import AssessmentReporting
internal import Documents
internal import PovertyAssessment
package import SurveyData
internal import SurveyReporting

extension ScoreRecord {
  /// The leagues' points, and every row of the rules by league, for the terminal.
  ///
  /// - Parameters:
  ///   - language: of the words.
  ///   - width: of the terminal; a wider table is printed as several blocks.
  /// - Returns: the text, with columns aligned by East Asian width.
  package func text(_ language: Language, width: Int? = nil) -> String {
    var document = ScoreSheet.document(input: sheet, language: language)
    // The sheet of each league stands in the files; a terminal gets the summary and the two matrices.
    document.blocks = document.tables.prefix(3).map { .table($0) }
    return TerminalWriter(width: width, leadingColumns: 2).text(of: document)
  }

  /// Writes `results/score.json`, `.xlsx` and `.html` of a survey folder.
  ///
  /// - Returns: the paths written.
  package func writeResults(in folder: SurveyFolder, language: Language) throws -> [String] {
    let files = try ResultFiles(folder)
    let document = ScoreSheet.document(input: sheet, language: language)
    return [try files.write(json(), to: "score.json")]
      + (try files.write(document, by: XLSXWriter(), to: "score.xlsx"))
      + (try files.write(document, by: HTMLWriter(), to: "score.html"))
  }

  /// Every row of every league for programs; a row without data is `missing`, with null for its points.
  package func json() -> [UInt8] {
    JSONValue.object([
      ("tool", .text(ToolVersion.text)),
      ("rubric", .text(rubric.id)),
      ("inputs", .array(sheet.inputs.map(\.json))),
      (
        "rows",
        .array(
          rubric.rows.map { row in
            .object([
              ("row", .text(row.id)), ("name", Self.json(row.name)), ("measured_by", .text(row.measurement.name)),
              ("estimate", .text(row.measurement.estimate)), ("regular_points", .number(row.regularPoints)),
              ("year_end_points", .number(row.yearEndPoints)),
            ])
          }
        )
      ),
      ("leagues", .array(zip(scores, sheet.leagues).map { Self.json($0, name: $1.name) })),
      ("assumptions", .array(sheet.assumptions.map(Self.json))),
    ]).bytes
  }

  private static func json(_ text: LocalizedText) -> JSONValue {
    .object([("zh", .text(text.zh)), ("en", .text(text.en))])
  }

  private static func json(_ league: LeagueScore, name: LocalizedText) -> JSONValue {
    .object([
      ("league", .text(league.league)), ("name", json(name)),
      ("regular", json(league.regular)), ("year_end", json(league.yearEnd)), ("total", json(league.total)),
      ("grade", league.grade.map(json) ?? .null),
      ("missing_rows", .texts(league.missingRows)), ("not_applicable_rows", .texts(league.noEligibleRows)),
      ("rows", .array(league.rows.map(json))),
    ])
  }

  private static func json(_ row: RowScore) -> JSONValue {
    let (status, reason): (String, JSONValue) =
      switch row.status {
      case .exact: ("exact", .null)
      case .estimated: ("estimated", .null)
      case .missing(let why): ("missing", json(why))
      case .noEligible: ("not-applicable", .null)
      }
    return .object([
      ("row", .text(row.row)), ("status", .text(status)), ("reason", reason),
      ("regular", json(row.regular)), ("year_end", json(row.yearEnd)),
      ("estimate", .number(row.estimate)), ("lower", .number(row.lower)), ("upper", .number(row.upper)),
      ("without_interval", .flag(row.hasNoInterval)),
    ])
  }

  private static func json(_ points: ScoredPoints?) -> JSONValue {
    guard let points else { return .null }
    return .object([
      ("points", .number(points.points)), ("low", .number(points.low)), ("high", .number(points.high)),
    ])
  }

  private static func json(_ sum: ScoreSum) -> JSONValue {
    .object([
      ("points", .number(sum.score.points)), ("low", .number(sum.score.low)), ("high", .number(sum.score.high)),
      ("available", .number(sum.available)), ("share", .number(sum.share)),
    ])
  }

  private static func json(_ grade: GradeResult) -> JSONValue {
    .object([
      ("grade", json(grade.grade.name)), ("worst", json(grade.worst.name)), ("best", json(grade.best.name)),
      ("partial", .flag(grade.isPartial)),
    ])
  }
}
