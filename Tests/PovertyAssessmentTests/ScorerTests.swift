import PovertyAssessment
import SurveyData
import SurveyEstimation
import TestSupport
import Testing

private func row(_ id: String, _ measurement: RubricRow.Measurement, regular: Double = 4, yearEnd: Double = 6)
  -> RubricRow
{
  RubricRow(
    id: id,
    name: LocalizedText("row \(id)"),
    block: LocalizedText("block"),
    regularPoints: regular,
    yearEndPoints: yearEnd,
    measurement: measurement
  )
}

private func estimate(
  _ indicator: String,
  _ rate: Double?,
  _ limits: (Double, Double)? = nil,
  domain: [DomainValue] = [DomainValue("league_code", "9901")],
  reason: Reason? = nil
) -> Estimate {
  Estimate(
    indicator: indicator,
    domain: domain,
    estimate: rate,
    standardError: nil,
    unweightedCount: 100,
    weightedCount: 100,
    events: nil,
    degreesOfFreedom: 9,
    domainDegreesOfFreedom: 9,
    designEffect: nil,
    isProportion: true,
    interval: limits.map { Interval(method: "logit", level: 0.95, lower: $0.0, upper: $0.1) },
    comparison: nil,
    oneSided: nil,
    verdict: nil,
    isWithinUnit: false,
    reason: reason
  )
}

@Suite struct ScorerTests {
  private let rule: any ScoringRule
  private let rubric: Rubric

  init() throws {
    let proportional = try #require(ProportionalRule(["zero": 0.5, "full": 1]))
    rule = proportional
    rubric = Rubric(
      id: "test",
      name: LocalizedText("test"),
      rows: [
        row("01", .administrative), row("02", .survey(estimate: "rate", rule: proportional)),
        row("03", .mixed(estimate: "rate", rule: proportional, surveyShare: 0.25)),
      ],
      grades: [
        Rubric.Grade(name: LocalizedText("good"), atLeast: 0.8), Rubric.Grade(name: LocalizedText("poor"), atLeast: 0),
      ],
      assumptions: []
    )
  }

  private func shares(_ lines: [(String, Double?)], league: String = "9901") throws -> AdministrativeScores {
    try AdministrativeScores(
      Table(columns: [
        Column("league_code", texts: lines.map { _ in league }), Column("row", texts: lines.map(\.0)),
        Column("share", numbers: lines.map { $0.1 ?? .nan }),
      ]),
      rubric: rubric,
      leagues: ["9901", "9902"]
    )
  }

  private func score(_ estimates: [Estimate], _ office: AdministrativeScores) throws -> LeagueScore {
    try #require(
      PovertyAssessment.score(
        rubric,
        estimates: estimates,
        leagueVariable: "league_code",
        leagues: ["9901"],
        administrative: office
      ).first
    )
  }

  @Test("points are the maximum times the share; the range follows the interval; exact rows have none")
  func points() throws {
    let result = try score([estimate("rate", 0.9, (0.75, 1))], try shares([("01", 0.5), ("03", 0.6)]))
    #expect(result.rows[0].status == .exact && result.rows[0].yearEnd == ScoredPoints(points: 3, low: 3, high: 3))
    let survey = try #require(result.rows[1].yearEnd)
    #expect(abs(survey.points - 6 * 0.8) < 1e-12 && survey.low == 3 && survey.high == 6)
    #expect(result.rows[1].status == .estimated && result.rows[1].estimate == 0.9 && result.rows[1].lower == 0.75)
    // A quarter by the survey, the rest by the office.
    let mixed = try #require(result.rows[2].regular)
    #expect(abs(mixed.points - 4 * (0.25 * 0.8 + 0.75 * 0.6)) < 1e-12)
    #expect(abs(mixed.high - mixed.low - 4 * 0.25 * 0.5) < 1e-12)
    #expect(result.missingRows.isEmpty && result.total.available == 30)
    #expect(abs(result.total.score.points - (result.regular.score.points + result.yearEnd.score.points)) < 1e-12)
  }

  @Test("a row without data is missing: no points, nothing available, a partial grade, never zero")
  func missing() throws {
    let result = try score([], try shares([("01", 1)]))
    #expect(result.missingRows == ["02", "03"])
    #expect(result.rows[1].regular == nil && result.rows[1].yearEnd == nil)
    #expect(result.total.available == 10 && result.total.share == 1)
    #expect(result.grade?.isPartial == true && result.grade?.grade.name.en == "good")
    let nothing = try score([], .none)
    #expect(nothing.missingRows == ["01", "02", "03"] && nothing.grade == nil && nothing.total.share == nil)
  }

  @Test("an office's empty share is missing too, and a mixed row without its office says which half it lacks")
  func missingShare() throws {
    let result = try score([estimate("rate", 0.9, (0.8, 1))], try shares([("01", nil)]))
    #expect(result.missingRows == ["01", "03"])
    guard case .missing(let reason) = result.rows[0].status else {
      Issue.record("row 01 is not missing")
      return
    }
    #expect(!reason.zh.isEmpty && !reason.en.isEmpty)
  }

  @Test(
    "nobody eligible leaves the maximum, and is not called missing",
    arguments: [Reason.emptyDomain, .zeroDenominator]
  )
  func nobody(reason: Reason) throws {
    let result = try score([estimate("rate", nil, reason: reason)], try shares([("01", 1), ("03", 0.5)]))
    #expect(result.noEligibleRows == ["02"] && result.missingRows.isEmpty)
    #expect(result.total.available == 20 && result.grade?.isPartial == false)
    // The office's part stands for the whole mixed row.
    #expect(result.rows[2].status == .exact && result.rows[2].regular?.points == 2)
  }

  @Test(
    "what could not be estimated is missing",
    arguments: [Reason.missingValues, .noDegreesOfFreedom, .negativeVariance]
  )
  func notEstimated(reason: Reason) throws {
    #expect(try score([estimate("rate", nil, reason: reason)], .none).missingRows.contains("02"))
  }

  @Test("an estimate without an interval ranges over everything the rule can give, and says so")
  func noInterval() throws {
    let result = try score([estimate("rate", 0.9)], .none)
    #expect(result.rows[1].hasNoInterval && result.rows[1].regular?.low == 0 && result.rows[1].regular?.high == 4)
  }

  @Test("only the domain of exactly this league is read")
  func domains() throws {
    let others = [
      estimate("rate", 0.6, domain: []), estimate("rate", 0.6, domain: [DomainValue("county_code", "9901")]),
      estimate("rate", 0.6, domain: [DomainValue("league_code", "9902")]),
      estimate("rate", 0.6, domain: [DomainValue("league_code", "9901"), DomainValue("class", "P2")]),
      estimate("other", 0.6),
    ]
    #expect(try score(others, .none).missingRows.contains("02"))
    #expect(try score(others + [estimate("rate", 1, (1, 1))], .none).rows[1].regular?.points == 4)
  }

  @Test("grades at both ends of the range; the cut itself belongs to the better one")
  func grades() throws {
    let office = try shares([("01", 0.8), ("03", 0.8)])
    let result = try score([estimate("rate", 0.9, (0.5, 1))], office)
    let grade = try #require(result.grade)
    #expect(grade.grade.name.en == "good" && grade.worst.name.en == "poor" && grade.best.name.en == "good")
    #expect(rubric.grade(atShare: 0.8)?.name.en == "good" && rubric.grade(atShare: 0.8.nextDown)?.name.en == "poor")
  }

  @Test("administrative lines are refused all at once: league, row, survey row, repetition, range")
  func administrative() {
    let table = Table(
      columns: [
        Column("league_code", texts: ["9901", "9909", "9901", "9901", "9901", "9902"]),
        Column("row", texts: ["01", "01", "99", "02", "01", "01"]),
        Column("share", texts: ["0.5", "0.5", "0.5", "0.5", "0.5", "85"]),
      ],
      file: "shares.csv"
    )
    let found = findings { _ = try AdministrativeScores(table, rubric: rubric, leagues: ["9901", "9902"]) }
    #expect(
      found.map(\.code) == ["league-unknown", "row-unknown", "row-not-administrative", "id-duplicate", "share-range"]
    )
    #expect(found.map(\.row) == [3, 4, 5, 6, 7])
  }
}
