import MingchaWorkflow
import SurveyData
import SurveyDesign
import SurveyEstimation
import Testing

@Suite("the survey file")
struct SurveyFileTests {
  private static let frames = """
    survey: {id: s, name: {zh: 调查, en: Survey}}
    frames:
      counties: {file: c.csv, id: code, keep: "villages > 0"}
      villages: {files: [v1.csv, v2.csv], id: code, parent: county_code}

    """

  private func findings(_ text: String) -> [Finding] {
    do {
      _ = try SurveyFile.read(text, file: "survey.yaml")
      return []
    } catch let refusal as InputRefusal {
      return refusal.findings
    } catch {
      Issue.record(error)
      return []
    }
  }

  @Test func `the bundled survey is read whole`() throws {
    let folder = try SurveyFolder(path: repository + "/Surveys/inner-mongolia-2018")
    let survey = folder.survey
    #expect(survey.id == "im-2018-yearend")
    #expect(survey.frames.map(\.name) == ["leagues", "counties", "villages", "households"])
    #expect(survey.draws.map(\.name) == ["county-visit", "households"])
    let households = try folder.draw("households")
    #expect(households.stages.map(\.plan.parent) == [nil, "county_code", "village_code"])
    #expect(households.stages[0].plan.take == .upTo(4))
    #expect(households.stages[1].plan.take == .byStratum(["1": .upTo(8), "0": .upTo(8)]))
    #expect(survey.indicators.count == 17)
    #expect(survey.rates.map(\.key) == ["composite_poverty_incidence"] && survey.rates[0].unit == "household")
    let exit = try #require(survey.indicators.first { $0.indicator.key == "exit_accuracy" })
    #expect(exit.indicator.isComplement && exit.unit == "household" && exit.row == "05")
    #expect(exit.indicator.filter?.source == "class == 'P2'")
    let responses = try #require(survey.responses)
    #expect(responses.outcome?.dispositions["8"] == .unknown)
    #expect(responses.source(ofUnit: "village")?.name == "villages")
    #expect(survey.estimate.by == [["league_code"], ["county_code"]])
    #expect(survey.estimate.defaulted == ["domain-variance", "domain-df", "deff", "missing"])
    #expect(survey.annex.languages == [.chinese, .english])
  }

  @Test func `must-include, allocation and reserves by class are read as they are written`() throws {
    let survey = try SurveyFile.read(
      Self.frames + """
        draws:
          visit:
            stages:
              - frame: counties
                strata: league
                must-include: "code == '150121'"
                allocate: {up-to: 40, rule: neyman, sd: {"1501": 0.5, "*": 2}, min: 2, max: 9, take-all-up-to: 3}
                reserves: {"1501": 4, "*": 1}
              - {frame: villages, strata: [poor], allocate: {total: 5, rule: power, q: 0.5, size: x, cv: spread}}
        """,
      file: "survey.yaml"
    )
    let plans = try #require(survey.draw("visit")).stages.map(\.plan)
    #expect(plans[0].mustInclude == "code == '150121'")
    #expect(plans[0].reserves == 1 && plans[0].reservesByStratum == ["1501": 4])
    #expect(
      plans[0].take
        == .allocate(
          Allocation(
            total: 40,
            totalIsLimit: true,
            rule: "neyman",
            deviation: .byStratum(["1501": 0.5, "*": 2]),
            minimum: 2,
            maximum: 9,
            takeAllUpTo: 3
          )
        )
    )
    #expect(
      plans[1].take
        == .allocate(
          Allocation(total: 5, rule: "power", exponent: 0.5, size: "x", variation: .column("spread"), minimum: 1)
        )
    )
  }

  @Test func `what is wrong in an allocation is named with its line, all at once`() {
    let found = findings(
      Self.frames + """
        draws:
          visit:
            stages:
              - frame: counties
                strata: league
                must-include: "code =="
                take: 1
                allocate: {rule: nyman, sd: {"1501": much}, mim: 2}
                reserves: {"1501": few}
        """
    )
    let codes = Set(found.map(\.code))
    #expect(codes.isSuperset(of: ["key-missing", "allocation-rule-unknown", "key-kind", "key-unknown", "take-twice"]))
    #expect(found.contains { $0.fix.en.contains("Did you mean \"neyman\"?") })
    #expect(found.contains { $0.fix.en.contains("Did you mean \"min\"?") })
    #expect(found.allSatisfy { $0.row != nil })
  }

  @Test func `every unknown key is named with the key that was meant`() {
    let found = findings(
      Self.frames + """
        draws:
          visit:
            stages: [{frame: countys, stratum: [league], take: 1, reserve: 1}]
        estimat: {}
        """
    )
    #expect(found.map(\.code).sorted() == ["frame-unknown", "key-unknown", "key-unknown", "key-unknown"])
    let fixes = found.map(\.fix.en)
    for meant in ["counties", "strata", "reserves", "estimate"] {
      #expect(fixes.contains { $0.contains("\"\(meant)\"") }, "\(meant)")
    }
    #expect(found.allSatisfy { $0.row != nil })
  }

  @Test(
    arguments: [
      ("take: none", "take-text"), ("take: {a: some}", "take-text"), ("reserves: 1.5, take: 1", "key-kind"),
      ("reserves: 1", "key-missing"), ("take: up-to -3", "take-text"),
    ])
  func `a wrong stage is refused`(stage: String, code: String) {
    let found = findings(Self.frames + "draws: {d: {stages: [{frame: counties, \(stage)}]}}\n")
    #expect(found.map(\.code) == [code])
  }

  @Test(
    arguments: [
      ("3", Take.count(3)), ("up-to 3", .upTo(3)), ("all", .all), ("rate 0.25", .rate(0.25)),
    ])
  func `takes are written as they are read`(text: String, take: Take) {
    #expect(TakeText.take(text) == take)
  }

  @Test func `sort keys say how they compare`() {
    #expect(SortText.key("size:numeric:descending") == SortKey("size", numeric: true, descending: true))
    #expect(SortText.key("a:b") == SortKey("a:b"))
  }

  @Test(
    arguments: [
      ("mean: a, ratio: a / b", "indicator-statistic"), ("ratio: a / b / c", "ratio-text"),
      ("ratio: a", "ratio-text"), ("mean: a, limit: {at-most: 2}", "share-range"),
      ("mean: a, interval: logits", "interval-unknown"), ("complement-of: y", "indicator-unknown"),
      ("mean: a +", "expression-syntax"), ("mean: a, unit: vilage", "unit-unknown"),
    ])
  func `a wrong indicator is refused`(text: String, code: String) {
    let found = findings(
      Self.frames + """
        responses: {files: {files: r.csv}, design: {weights: equal}}
        indicators: {x: {\(text)}}
        """
    )
    #expect(found.map(\.code) == [code])
  }

  @Test func `a ratio splits at its one division`() throws {
    let parts = try #require(try ratioParts("(a / b) * c / `d/e`"))
    #expect(parts.denominator.columns == ["d/e"])
    #expect(parts.numerator.columns == ["a", "b", "c"])
  }

  @Test func `a design stands in the data's columns`() throws {
    let survey = try SurveyFile.read(
      """
      survey: {id: api, name: API}
      responses:
        schools: {file: data/apiclus2.csv}
        design: {strata: [stype * region, none], units: [dnum, snum], fpc: [fpc1, fpc2], weights: pw}
      indicators:
        enrolment: {ratio: api.stu / enroll}
      """,
      file: "survey.yaml"
    )
    guard case .columns(let design)? = survey.responses?.design else {
      Issue.record("no design")
      return
    }
    #expect(design.stages.map(\.strata) == [["stype", "region"], []])
    #expect(design.stages.map(\.unit) == [.column("dnum"), .column("snum")])
    #expect(design.stages.map(\.populationSize) == ["fpc1", "fpc2"])
  }

  @Test func `a misspelt design is no source of answers`() {
    let found = findings("survey: {id: a, name: a}\nresponses: {rows: {file: a.csv}, desing: {weights: w}}\n")
    #expect(found.contains { $0.code == "key-unknown" && $0.fix.en.contains("\"design\"") })
  }
}

/// The package's folder, which holds the bundled surveys.
let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
