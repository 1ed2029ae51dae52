import Foundation
import Testing

/// A survey whose design stands in columns: two leagues, three counties of four households each, drawn one by one.
private struct RateSurvey {
  let folder: TemporaryFolder

  /// County 13 has neither a wrong exit nor an omission; every second household was judged again.
  static let data = """
    household,league,county,exited,wrong,others,omitted,poor,poor_again,again
    1,1,11,1,1,0,0,1,1,1
    2,1,11,1,0,0,0,0,,0
    3,1,11,0,0,1,0,0,1,1
    4,1,11,0,0,1,1,1,,0
    5,1,12,1,0,0,0,0,0,1
    6,1,12,1,0,0,0,0,,0
    7,1,12,0,0,1,1,1,1,1
    8,1,12,0,0,1,0,0,,0
    9,2,13,1,0,0,0,0,0,1
    10,2,13,1,0,0,0,0,,0
    11,2,13,0,0,1,0,1,0,1
    12,2,13,0,0,1,0,0,,0

    """
  static let register = """
    league,county,remaining,exited,unregistered,population
    1,11,10,40,50,100
    1,12,0,100,100,200
    2,13,5,45,50,100

    """
  static let rates = """
      composite_rate:
        composite: {wrong-exit: wrong_exit, omission: omission, register: register.csv}
        limit: {at-most: 0.03}
        name: {zh: 综合贫困发生率, en: Composite poverty incidence}
    """

  init(rates: String = rates, register: String = register, estimate: String = "by: [league, county]") throws {
    folder = try TemporaryFolder()
    _ = try folder.write(Self.data, to: "s/data.csv")
    _ = try folder.write(register, to: "s/register.csv")
    _ = try folder.write(
      """
      survey: {id: rates, name: {zh: 比率, en: Rates}}
      responses:
        households: {file: data.csv, id: household}
        design: {weights: equal}
      indicators:
        wrong_exit: {ratio: wrong / exited, name: {zh: 错退率, en: Wrong exit rate}}
        omission: {ratio: omitted / others, name: {zh: 漏评率, en: Omission rate}}
        apparent: {mean: poor}
        exited_persons: {total: exited}
        income: {mean: 100 * exited}
      \(rates)
      estimate: {\(estimate), domain-variance: unconditional}

      """,
      to: "s/survey.yaml"
    )
  }

  func run(_ command: String = "estimate") throws -> CommandRun {
    try CommandRun([command, "s", "--lang", "en"], in: folder.path)
  }

  struct Figure {
    var estimate: Double?
    var error: Double?
    var lower: Double?
    var upper: Double?
    var reason: String?
    var verdict: String?
    var isProportion: Bool
  }

  /// The figures of one indicator by the values of their domains, joined by "/".
  func figures(_ key: String) throws -> [String: Figure] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/s/results/estimates.json"))
    let root = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    let part = try #require((root["parts"] as? [[String: Any]])?.first)
    var found = [String: Figure]()
    for row in part["estimates"] as? [[String: Any]] ?? [] where row["indicator"] as? String == key {
      let domain = (row["domain"] as? [String: String] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
      let interval = row["interval"] as? [String: Any]
      found[domain.joined(separator: "/")] = Figure(
        estimate: row["estimate"] as? Double,
        error: row["standard_error"] as? Double,
        lower: interval?["lower"] as? Double,
        upper: interval?["upper"] as? Double,
        reason: row["reason"] as? String,
        verdict: row["verdict"] as? String,
        isProportion: row["is_proportion"] as? Bool ?? false
      )
    }
    return found
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path + "/s/results/" + name, encoding: .utf8)
  }
}

@Suite("survey folders: composite and corrected rates, double sampling")
struct SurveyRateTests {
  // The whole: r_w = 1/6, r_m = 2/6 of R = 15, E = 185, U = 200, P = 400. z_i = 185/400 (w − x/6)/6 + 200/400 (o − y/3)/6,
  // 12 units with replacement; a household is either exited or not, but both rates vary by the same households.
  @Test func `every domain has the counts of its own areas and the joint covariance, by hand`() throws {
    let survey = try RateSurvey()
    let run = try survey.run()
    try #require(run.status == 0, "\(run.messages)")
    let figures = try survey.figures("composite_rate")
    let wrong = try survey.figures("wrong_exit")
    let omitted = try survey.figures("omission")
    #expect(Set(figures.keys) == ["", "1", "2", "11", "12", "13"])
    let counts: [String: [Double]] = [
      "": [15, 185, 200, 400], "1": [10, 140, 150, 300], "2": [5, 45, 50, 100], "11": [10, 40, 50, 100],
      "12": [0, 100, 100, 200], "13": [5, 45, 50, 100],
    ]
    for (domain, own) in counts {
      let (w, o) = (try #require(wrong[domain]?.estimate), try #require(omitted[domain]?.estimate))
      let expected = (own[0] + own[1] * w + own[2] * o) / own[3]
      #expect(abs((figures[domain]?.estimate ?? .nan) - expected) < 1e-12, "\(domain)")
    }
    let isExited: [Double] = [1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0]
    let isWrong: [Double] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let isOmitted: [Double] = [0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0]
    var squares = 0.0
    for row in 0..<12 {
      let exit = (isWrong[row] - isExited[row] / 6) / 6
      let omission = (isOmitted[row] - (1 - isExited[row]) / 3) / 6
      let z = 185.0 / 400 * exit + 200.0 / 400 * omission
      squares += z * z
    }
    let error = (squares * 12 / 11).squareRoot()
    #expect(abs((figures[""]?.error ?? .nan) - error) < 1e-12)
  }

  @Test func `a county without an event keeps the width of its rates' limits, and annex and tables tell the formula`()
    throws
  {
    let survey = try RateSurvey()
    try #require(try survey.run().status == 0)
    let own = try #require(try survey.figures("composite_rate")["13"])
    let (wrong, omitted) = (
      try #require(try survey.figures("wrong_exit")["13"]?.upper),
      try #require(try survey.figures("omission")["13"]?.upper)
    )
    #expect(own.estimate == 0.05 && own.error == 0 && own.lower == 0.05 && own.isProportion)
    // Neither shows an error, so nothing of a correlation: √((.45 u_w)² + (.5 u_m)²) above the estimate.
    let width = (0.45 * wrong * 0.45 * wrong + 0.5 * omitted * 0.5 * omitted).squareRoot()
    #expect(abs((own.upper ?? 0) - 0.05 - width) < 1e-12 && width > 0.2)
    #expect(own.verdict == "shown-above", "the register alone holds 5 % above the limit of 3 %")
    let annex = try survey.run("annex")
    try #require(annex.status == 0, "\(annex.messages)")
    let page = try survey.text("annex-en.html")
    #expect(page.contains("Composite poverty incidence") && page.contains("(R + E·wrong_exit + U·omission) / P"))
    #expect(page.contains("recovered"))
    #expect(try survey.text("estimates.json").contains("register.csv"), "the register is an input with its digest")
  }

  @Test func `an area without a row has a reason, and so have the larger areas around it`() throws {
    let register = RateSurvey.register.replacing("1,12,0,100,100,200\n", with: "")
    let survey = try RateSurvey(register: register)
    let run = try survey.run()
    try #require(run.status == 0, "\(run.messages)")
    #expect(run.messages.contains("register-area-missing") || run.messages.contains("no such area"))
    let figures = try survey.figures("composite_rate")
    for domain in ["", "1", "12"] {
      #expect(figures[domain]?.estimate == nil && figures[domain]?.reason == "register-missing", "\(domain)")
    }
    #expect(figures["11"]?.estimate != nil && figures["2"]?.estimate == 0.05)
  }

  @Test func `four counts speak of the whole alone`() throws {
    let survey = try RateSurvey(
      rates: """
          composite_rate:
            composite:
              wrong-exit: wrong_exit
              omission: omission
              register: {remaining: 15, exited: 185, unregistered: 200, population: 400}
        """
    )
    let run = try survey.run()
    try #require(run.status == 0, "\(run.messages)")
    let figures = try survey.figures("composite_rate")
    #expect(Set(figures.keys) == [""])
    #expect(abs((figures[""]?.estimate ?? 0) - (15 + 185.0 / 6 + 200.0 / 3) / 400) < 1e-12)
  }

  // (4/12 + .95 − 1)/.85, its limits those of the apparent rate on the same line.
  @Test func `a corrected rate follows the limits of the apparent one`() throws {
    let survey = try RateSurvey(
      rates: "  true_poor: {corrected: {of: apparent, sensitivity: 0.9, specificity: 0.95}}"
    )
    let run = try survey.run()
    try #require(run.status == 0, "\(run.messages)")
    let own = try #require(try survey.figures("true_poor")[""])
    let apparent = try #require(try survey.figures("apparent")[""])
    let line = { (rate: Double?) in ((rate ?? .nan) - 0.05) / 0.85 }
    #expect(abs((own.estimate ?? .nan) - line(apparent.estimate)) < 1e-12)
    #expect(abs((own.error ?? .nan) - (apparent.error ?? .nan) / 0.85) < 1e-12)
    #expect(abs((own.lower ?? .nan) - line(apparent.lower)) < 1e-12)
    #expect(abs((own.upper ?? .nan) - line(apparent.upper)) < 1e-12)
    let known = try RateSurvey(
      rates: """
          true_poor:
            corrected: {of: apparent, sensitivity: 0.9, specificity: 0.95, sensitivity-rows: 50, specificity-rows: 80}
        """
    )
    try #require(try known.run().status == 0)
    let wider = try #require(try known.figures("true_poor")[""])
    #expect((wider.error ?? 0) > (own.error ?? 1) && (wider.upper ?? 0) > (own.upper ?? 1))
  }

  @Test(arguments: ["difference", "regression"])
  func `double sampling gives the figures of the options, other indicators stay as they were`(method: String) throws {
    let survey = try RateSurvey(
      rates: """
          judged_again:
            double-sampling: {second: poor_again, first: poor, second-phase: again, method: \(method)}
        """
    )
    let run = try survey.run()
    try #require(run.status == 0, "\(run.messages)")
    let own = try #require(try survey.figures("judged_again")[""])
    let loose = try CommandRun(
      [
        "estimate", "s/data.csv", "--unweighted", "--double-sampling", "poor_again ~ poor", "--second-phase", "again",
        "--double-method", method, "--format", "json",
      ],
      in: survey.folder.path
    )
    try #require(loose.status == 0, "\(loose.messages)")
    let root = try JSONSerialization.jsonObject(with: Data(loose.output.utf8)) as? [String: Any]
    let part = try #require((root?["parts"] as? [[String: Any]])?.first)
    let row = try #require((part["estimates"] as? [[String: Any]])?.first)
    #expect(own.estimate == row["estimate"] as? Double && own.error == row["standard_error"] as? Double)
    #expect(own.isProportion)
    #expect(abs((try survey.figures("apparent")[""]?.estimate ?? 0) - 4.0 / 12) < 1e-12, "all twelve rows")
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    var rates: String
    var register = RateSurvey.register
    var code: String
    var named: String
    var testDescription: String { code + " " + named }
  }

  static let composite = "  c: {composite: {wrong-exit: wrong_exit, omission: omission, register: register.csv}}"
  static let refusals: [Refusal] = [
    Refusal(
      rates: "  c: {composite: {wrong-exit: wrong_exits, omission: omission, register: register.csv}}",
      code: "indicator-unknown",
      named: "Did you mean \"wrong_exit\"?"
    ),
    Refusal(
      rates: "  c: {composite: {wrong-exit: exited_persons, omission: omission, register: register.csv}}",
      code: "indicator-not-rate",
      named: "wrong-exit"
    ),
    Refusal(
      rates: "  c: {composite: {wrong-exit: income, omission: omission, register: register.csv}}",
      code: "indicator-not-rate",
      named: "estimated at"
    ),
    Refusal(
      rates: "  c: {composite: {wrong-exit: wrong_exit, omission: omission}}",
      code: "key-missing",
      named: "register"
    ),
    Refusal(
      rates: "  c: {composite: {wrong-exit: wrong_exit, omission: omission, registry: register.csv}}",
      code: "key-unknown",
      named: "Did you mean \"register\"?"
    ),
    Refusal(
      rates:
        "  c: {composite: {wrong-exit: wrong_exit, omission: omission, register: {remaining: 9, exited: 9, unregistered: 9, population: 20}}}",
      code: "register-parts",
      named: "population"
    ),
    Refusal(
      rates: composite,
      register: RateSurvey.register.replacing("10,40", with: "-10,40"),
      code: "register-count",
      named: "\"row\": 2"
    ),
    Refusal(
      rates: composite,
      register: RateSurvey.register.replacing("100,100,200", with: "100,101,200"),
      code: "register-parts",
      named: "\"row\": 3"
    ),
    Refusal(
      rates: composite,
      register: RateSurvey.register.replacing("2,13,", with: "1,12,"),
      code: "register-twice",
      named: "\"row\": 4"
    ),
    Refusal(
      rates: composite,
      register: RateSurvey.register.replacing("2,13,", with: "2,,"),
      code: "register-code",
      named: "county"
    ),
    Refusal(
      rates: composite,
      register: RateSurvey.register.replacing("unregistered", with: "others"),
      code: "column-missing",
      named: "unregistered"
    ),
    Refusal(
      rates: "  c: {corrected: {of: apparent, sensitivity: 0.4, specificity: 0.6}}",
      code: "key-value",
      named: "no better than chance"
    ),
    Refusal(
      rates: "  c: {corrected: {of: apparent, sensitivity: 90, specificity: 0.6}}",
      code: "key-value",
      named: "0.9 for 90 %"
    ),
    Refusal(rates: "  c: {corrected: {of: apparent, sensitivity: 0.9}}", code: "key-missing", named: "specificity"),
    Refusal(
      rates: "  c: {corrected: {of: nothing, sensitivity: 0.9, specificity: 0.9}}",
      code: "indicator-unknown",
      named: "nothing"
    ),
    Refusal(
      rates: "  c: {double-sampling: {second: poor_again, first: poor}}",
      code: "key-missing",
      named: "second-phase"
    ),
    Refusal(
      rates: "  c: {double-sampling: {second: poor_again, first: poor, second-phase: other}}",
      code: "column-missing",
      named: "other"
    ),
    Refusal(
      rates: "  c: {double-sampling: {second: poor_again, first: poor, second-phase: again, method: ratio}}",
      code: "choice-unknown",
      named: "regression, difference, post-stratified"
    ),
    Refusal(
      rates: "  c: {composite: {wrong-exit: wrong_exit, omission: omission, register: register.csv}, mean: poor}",
      code: "indicator-statistic",
      named: "exactly one"
    ),
  ]

  @Test(arguments: refusals)
  func `what is wrong is one finding with its place`(own: Refusal) throws {
    let survey = try RateSurvey(rates: own.rates, register: own.register)
    let run = try CommandRun(["estimate", "s", "--lang", "en", "--format", "json"], in: survey.folder.path)
    #expect(run.status == 65, "\(run.messages)")
    let all = run.output + run.messages
    let named = [own.named, own.named.replacing("\"", with: "\\\"")]
    #expect(all.contains("\"\(own.code)\"") && named.contains { all.contains($0) }, "\(all)")
    #expect(!FileManager.default.fileExists(atPath: survey.folder.path + "/s/results/estimates.json"))
  }
}
