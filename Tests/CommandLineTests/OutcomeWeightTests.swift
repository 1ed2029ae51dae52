import Foundation
import Testing

@Suite("estimate: weights from the outcomes of units")
struct OutcomeWeightTests {
  /// Class A: 40 units, of which one is unknown and one refused; class B: 40, one unknown, one ineligible, one absent.
  private static let data = """
    id,class,outcome,y,size,w
    1,A,completed,1,2,10
    2,A,1.2,3,3,10
    3,A,refused,,2,10
    4,A,,,4,10
    5,B,完成,5,5,10
    6,B,ineligible,,1,10
    7,B,not-found,,2,10
    8,B,absent,,3,10

    """

  private func run(_ options: [String], data: String = data) throws -> CommandRun {
    let folder = try TemporaryFolder()
    _ = try folder.write(data, to: "r.csv")
    return try CommandRun(
      ["estimate", "r.csv", "--weights", "w", "--total", "y", "--format", "json", "--lang", "en"] + options,
      in: folder.path
    )
  }

  private func part(_ run: CommandRun) throws -> [String: Any] {
    try #require(run.status == 0, "\(run.messages)")
    let top = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    return try #require((top?["parts"] as? [[String: Any]])?.first)
  }

  private func total(_ options: [String]) throws -> Double {
    let estimates = try #require(try part(try run(options))["estimates"] as? [[String: Any]])
    return try #require(estimates[0]["estimate"] as? Double)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var options: [String]
    var expected: Double
    var testDescription: String { options.joined(separator: " ") }

    init(_ options: [String], _ expected: Double) {
      self.options = options
      self.expected = expected
    }
  }

  /// 20 · 1 + 20 · 3 + 26 2/3 · 5.
  private static let byClass = 80 + 400.0 / 3
  static let cases: [Case] = [
    Case(["--eligibility-by", "class", "--response-by", "class"], byClass),
    Case(["--eligibility-by", "class", "--response-by", "class", "--eligible-share", "0.5"], 195), Case([], 200),
    // Logistic regression on the class alone gives its response rates: 2/3 and 1/2.
    Case(["--eligibility-by", "class", "--propensity", "class", "--propensity-classes", "none"], byClass),
    Case(["--eligibility-by", "class", "--propensity", "class", "--propensity-classes", "2"], byClass),
  ]

  @Test(arguments: cases)
  func `units without answers are shared out, by hand`(own: Case) throws {
    #expect(abs(try total(["--outcome", "outcome"] + own.options) - own.expected) < 1e-9)
  }

  // In one class 80/6 for each of known eligibility; in B then 26 2/3 for the respondent and 13 1/3 for the ineligible
  // unit, which keeps a third of the 70.
  @Test func `totals that count ineligible units leave them their part`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.data, to: "r.csv")
    _ = try folder.write("class,total\nA,50\nB,70\n", to: "t.csv")
    let run = try CommandRun(
      [
        "estimate", "r.csv", "--weights", "w", "--total", "y", "--outcome", "outcome", "--response-by", "class",
        "--ineligible", "keep", "--post-stratify", "t.csv", "--format", "json",
      ],
      in: folder.path
    )
    let estimates = try #require(try part(run)["estimates"] as? [[String: Any]])
    let expected = 100 + 700.0 / 3
    #expect(abs((estimates[0]["estimate"] as? Double ?? 0) - expected) < 1e-9)
  }

  @Test func `the table of weights has a line for each step`() throws {
    let part = try part(try run(["--outcome", "outcome", "--eligibility-by", "class", "--response-by", "class"]))
    let weighting = try #require(part["weighting"] as? [String: Any])
    let steps = try #require(weighting["steps"] as? [[String: Any]])
    #expect(steps.count == 2 && (steps[0]["en"] as? String)?.contains("unknown eligibility") == true)
    let last = try #require(steps[1]["weights"] as? [String: Any])
    #expect(last["rows"] as? Int == 3)
    // (20² + 20² + 26.67²) · 3 / 66.67² − 1.
    let squares: Double = 800 + 6400.0 / 9
    let kish = 3 * squares / (40000.0 / 9)
    #expect(abs((last["kish_effect"] as? Double ?? 0) - kish) < 1e-12)
  }

  static let refusals: [OptionRefusal] = [
    OptionRefusal(["--eligibility-by", "class"], "--outcome", 64),
    OptionRefusal(["--propensity", "size"], "--outcome", 64),
    OptionRefusal(["--outcome", "outcome", "--propensity", "size", "--response-by", "class"], "--response-by", 64),
    OptionRefusal(["--outcome", "outcome", "--propensity-classes", "3"], "--propensity", 64),
    OptionRefusal(["--outcome", "outcome", "--propensity", "size", "--propensity-classes", "1"], "2 to 1000", 64),
    OptionRefusal(["--outcome", "outcome", "--eligible-share", "90"], "--eligible-share", 64),
    OptionRefusal(["--outcome", "outcome", "--ineligible", "lose"], "drop", 64),
    OptionRefusal(["--outcome", "outcome", "--propensity", "y"], "propensity-missing", 65),
    OptionRefusal(["--outcome", "outcome", "--response-by", "id"], "class-without-takers", 65),
    OptionRefusal(["--outcome", "class"], "outcome-unknown", 65),
    OptionRefusal(["--outcome", "result"], "column-missing", 65),
  ]

  @Test(arguments: refusals)
  func `what cannot be done is named`(own: OptionRefusal) throws {
    let run = try run(own.options)
    #expect(run.status == own.status && run.messages.contains(own.named), "\(run.messages)")
  }

  @Test func `a script that R could not follow is not written`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.data, to: "r.csv")
    let run = try CommandRun(
      ["estimate", "r.csv", "--weights", "w", "--total", "y", "--outcome", "outcome", "--crosscheck", "r"],
      in: folder.path
    )
    #expect(run.status == 64 && run.messages.contains("--write-weights"), "\(run.messages)")
  }

  @Test func `a survey folder says the same with its own codes`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.data.replacing("completed", with: "11").replacing("refused", with: "22"), to: "s/r.csv")
    let survey = """
      survey: {id: outcomes, name: {zh: 结果, en: Outcomes}}
      responses:
        units: {file: r.csv}
        design: {weights: w}
        outcome:
          column: outcome
          completed: ["11", "1.2", 完成]
          refused: ["22"]
          absent: [absent]
          unknown: [not-found]
          ineligible: [ineligible]
        nonresponse: {eligibility-by: [class], adjust-within: [class]}
      indicators:
        y: {total: y, name: {zh: 总量, en: Total}}

      """
    _ = try folder.write(survey, to: "s/survey.yaml")
    let part = try part(try CommandRun(["estimate", folder.path + "/s", "--format", "json", "--lang", "en"]))
    let estimates = try #require(part["estimates"] as? [[String: Any]])
    #expect(abs((estimates[0]["estimate"] as? Double ?? 0) - (80 + 400.0 / 3)) < 1e-9)
    for (text, named) in [
      ("nonresponse: {adjust-by: [class]}", "adjust-within"),
      ("nonresponse: {adjust-within: [class], propensity: [size]}", "nonresponse-setting"),
      ("nonresponse: {eligible-share: 3}", "nonresponse-setting"),
    ] {
      let wrong = survey.replacing("nonresponse: {eligibility-by: [class], adjust-within: [class]}", with: text)
      _ = try folder.write(wrong, to: "s/survey.yaml")
      let run = try CommandRun(["estimate", folder.path + "/s", "--lang", "en"])
      #expect(run.status == 65 && run.messages.contains(named), "\(run.messages)")
    }
  }
}
