import AssessmentReporting
import Documents
import SurveyData
import SurveyReporting
import Testing

/// An invented sheet: 18 rows, 12 leagues, rows missing and not applicable among them.
enum SampleScores {
  static let rows: [ScoreSheetRow] = (1...18).map { index in
    let isSurvey = [4, 5, 8, 9, 10, 11, 12, 13, 15, 16].contains(index)
    return ScoreSheetRow(
      id: index < 10 ? "0\(index)" : "\(index)",
      name: LocalizedText(
        zh: "第\(index)行：按照标准核查贫困人口识别精准度（%）",
        en: "Row \(index): accuracy of identification checked by the standard"
      ),
      block: LocalizedText(zh: "精准识别退出", en: "Identification"),
      regularPoints: index <= 3 ? 0 : 4,
      yearEndPoints: index == 18 ? 0 : 4,
      measurement: isSurvey
        ? LocalizedText(zh: "抽样调查", en: "survey") : LocalizedText(zh: "行政数据", en: "administrative")
    )
  }

  static func score(_ row: ScoreSheetRow, league: Int) -> ScoreSheetScore {
    let isSurvey = row.measurement.en == "survey"
    if row.id == "14" && league % 4 == 1 {
      return ScoreSheetScore(
        row: row.id,
        status: .missing(LocalizedText(zh: "没有行政数据", en: "no administrative data")),
        regular: nil,
        yearEnd: nil
      )
    }
    if row.id == "08" && league == 2 {
      return ScoreSheetScore(
        row: row.id,
        status: .notApplicable(LocalizedText(zh: "没有符合条件的户", en: "no eligible household")),
        regular: nil,
        yearEnd: nil
      )
    }
    let points = 3.2 + Double((league * 7 + row.id.utf8.count) % 5) / 10
    let spread = isSurvey ? 0.25 : 0
    let range = PointRange(points: points, low: points - spread, high: points + spread)
    return ScoreSheetScore(
      row: row.id,
      status: isSurvey ? .estimated : .exact,
      regular: row.regularPoints > 0 ? range : nil,
      yearEnd: row.yearEndPoints > 0 ? range : nil,
      estimate: isSurvey ? 0.9712 : nil,
      lower: isSurvey ? 0.9523 : nil,
      upper: isSurvey ? 0.9831 : nil
    )
  }

  static let input = ScoreSheetInput(
    title: LocalizedText(zh: "2018年度盟市扶贫成效考核", en: "2018 assessment of the leagues"),
    rows: rows,
    leagues: SampleRound.leagues.enumerated().map { index, league in
      ScoreSheetLeague(
        code: league.code,
        name: LocalizedText(zh: league.zh, en: league.en),
        scores: rows.map { score($0, league: index) },
        grade: LocalizedText(zh: "较好（部分）", en: "good (partial)")
      )
    },
    assumptions: [LocalizedText(zh: "等次分界 90／80／60。", en: "Grade cut-offs 90 / 80 / 60.")],
    inputs: SampleRound.annex.inputs,
    software: "mingcha 0.1.0"
  )
}

@Suite struct ScoreSheetTests {
  private func table(_ key: String, _ input: ScoreSheetInput = SampleScores.input) throws -> DocumentTable {
    try #require(ScoreSheet.document(input: input, language: .chinese).tables.first { $0.key == key })
  }

  private func cell(_ table: DocumentTable, row: Int, _ key: String) throws -> Cell {
    table.rows[row][try #require(table.columns.firstIndex { $0.key == key })]
  }

  @Test("a sheet for every league with 18 rows each, and two matrices without the rows not asked")
  func shape() throws {
    let tables = ScoreSheet.document(input: SampleScores.input, language: .english).tables
    #expect(
      tables.filter { $0.key.hasPrefix("league-") }.map(\.rows.count) == [Int](repeating: 18, count: 12)
    )
    #expect(try table("matrix-regular").rows.count == 15)
    #expect(try table("matrix-yearend").rows.count == 17)
  }

  @Test("a missing row is said to be missing, counts no points, and its maximum is listed apart")
  func missing() throws {
    let matrix = try table("matrix-yearend")
    let row = try #require(matrix.rows.firstIndex { $0[0] == .text("14") })
    #expect(try cell(matrix, row: row, "150200") == .empty(reason: "缺"))
    let summary = try table("summary")
    #expect(try cell(summary, row: 1, "missing") == .number(8))
    #expect(try cell(summary, row: 0, "missing") == .number(0))
    let sheet = try table("league-150200")
    #expect(try cell(sheet, row: 13, "remark") == .text("没有行政数据"))
    #expect(try cell(sheet, row: 13, "year_end") == .empty(reason: "缺"))
  }

  @Test("a row that nobody is eligible for is neither missing nor available")
  func notApplicable() throws {
    let summary = try table("summary")
    #expect(try cell(summary, row: 2, "not_applicable") == .number(8))
    #expect(try cell(summary, row: 2, "missing") == .number(0))
  }

  @Test("exact, estimated, missing and not applicable add up to everything the rubric can give")
  func parts() throws {
    let summary = try table("summary")
    let whole = SampleScores.rows.reduce(0) { $0 + $1.regularPoints + $1.yearEndPoints }
    for row in summary.rows.indices {
      var sum = 0.0
      for key in ["exact", "estimated", "missing", "not_applicable"] {
        if case .number(let value) = try cell(summary, row: row, key) { sum += value }
      }
      #expect(sum == whole)
    }
  }

  @Test("the range of a total is the sum of its rows' ranges; exact rows add no width")
  func range() throws {
    var input = SampleScores.input
    input.rows = Array(input.rows.prefix(5))
    input.leagues = [input.leagues[0]]
    let scores = input.leagues[0].scores.prefix(5)
    let low = scores.compactMap(\.yearEnd).reduce(0) { $0 + $1.low }
    let high = scores.compactMap(\.yearEnd).reduce(0) { $0 + $1.high }
    #expect(abs(high - low - 1) < 1e-12)
    let text = "\(NumberText.fixed(low, digits: 2))–\(NumberText.fixed(high, digits: 2))"
    #expect(try cell(try table("summary", input), row: 0, "year_end_range") == .text(text))
  }

  @Test("a league without any score has no total rather than zero")
  func nothing() throws {
    var input = SampleScores.input
    input.leagues[0].scores = []
    let summary = try table("summary", input)
    #expect(try cell(summary, row: 0, "total") == .empty(reason: "缺"))
    #expect(try cell(try table("league-150100", input), row: 0, "remark") == .text("本行没有得分记录"))
  }
}
