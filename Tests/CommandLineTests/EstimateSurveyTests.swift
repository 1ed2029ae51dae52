import Foundation
import Testing

/// The bundled round, synthesized, drawn and answered: what estimate, annex and score work on.
private struct AnsweredRound {
  let fixture: DrawFixture

  init() throws {
    fixture = try DrawFixture()
    let seed = ["--seed-file", "seed.txt"]
    for arguments in [
      ["init", "round", "--template", "inner-mongolia-2018"],
      ["synthesize", "round", "--seed", "demo", "--draw", "households"] + seed,
      ["draw", "round", "households"] + seed,
      ["synthesize", "round", "--answers", "--draw", "households"],
    ] {
      let run = try fixture.run(arguments)
      try #require(run.status == 0, "\(run.messages)")
    }
  }

  func json(_ name: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: try fixture.bytes("round/results/" + name)) as? [String: Any])
  }

  /// Changes a file of the round.
  func rewrite(_ name: String, _ change: (String) -> String) throws {
    _ = try fixture.folder.write(change(try fixture.text("round/" + name)), to: "round/" + name)
  }

  static let answers = "responses/households/synthetic.csv"
}

@Suite("survey folders: estimate, annex, score")
struct EstimateSurveyTests {
  @Test
  func `respondents of a draw are calibrated to totals of its list`() throws {
    let round = try AnsweredRound()
    _ = try round.fixture.folder.write(
      "term,total\n(intercept),2400000\nhouseholds_stratum == 'P2',390000\n",
      to: "round/frame/totals.csv"
    )
    try round.rewrite("survey.yaml") {
      $0.replacing("\n  outcome:", with: "\n  calibrate: {to: frame/totals.csv, unit: households}\n  outcome:")
    }
    let run = try round.fixture.run(["estimate", "round"])
    try #require(run.status == 0, "\(run.messages)")
    let result = try round.json("estimates.json")
    let parts = try #require(result["parts"] as? [[String: Any]])
    let weighting = try #require(parts[0]["weighting"] as? [String: Any])
    let sum = try #require((weighting["final"] as? [String: Any])?["sum"] as? Double)
    #expect(abs(sum - 2_400_000) < 1e-3)
    #expect(parts[1]["weighting"] == nil, "villages are not households")
    let inputs = try #require(result["inputs"] as? [[String: Any]]).compactMap { $0["file"] as? String }
    #expect(inputs.contains("frame/totals.csv"))
  }

  @Test
  func `households and villages are estimated for the region, leagues and counties`() throws {
    let round = try AnsweredRound()
    let run = try round.fixture.run(["estimate", "round"])
    try #require(run.status == 0, "\(run.messages)")
    #expect(run.output.contains("Wrong exit rate") && run.output.contains("Hohhot City"))
    let result = try round.json("estimates.json")
    let parts = try #require(result["parts"] as? [[String: Any]])
    #expect(parts.compactMap { $0["name"] as? String } == ["households", "villages"])
    let estimates = try parts.map { try #require($0["estimates"] as? [[String: Any]]) }
    // 15 indicators of households, the composite rate and 2 of villages; the region, 12 leagues, the 45 counties drawn.
    #expect(estimates.map(\.count) == [16 * 58, 2 * 58])
    let inputs = try #require(result["inputs"] as? [[String: Any]]).compactMap { $0["file"] as? String }
    for file in [
      "survey.yaml", "draws/households/list.csv", "draws/households/receipt.json", AnsweredRound.answers,
      "responses/villages/synthetic.csv",
    ] {
      #expect(inputs.contains(file), "\(file)")
    }
    // An accuracy rate is the mirrored error rate, interval and all.
    func whole(_ key: String) throws -> [String: Any] {
      try #require(
        estimates[0].first {
          $0["indicator"] as? String == key && ($0["domain"] as? [String: Any])?.isEmpty == true
        }
      )
    }
    let wrong = try whole("wrong_exit_rate")
    let accuracy = try whole("exit_accuracy")
    let rate = try #require(wrong["estimate"] as? Double)
    #expect(abs((accuracy["estimate"] as? Double ?? 0) - (1 - rate)) < 1e-12)
    let upper = try #require((wrong["interval"] as? [String: Any])?["upper"] as? Double)
    let lower = try #require((accuracy["interval"] as? [String: Any])?["lower"] as? Double)
    #expect(abs(lower - (1 - upper)) < 1e-12)
    // Every county has the composite rate of its own register.
    let composites = estimates[0].filter { $0["indicator"] as? String == "composite_poverty_incidence" }
    let register = try round.fixture.list("round/frame/register-totals-synthetic.csv")
    for county in composites {
      guard let code = (county["domain"] as? [String: String])?["county_code"] else { continue }
      func rate(_ key: String) -> Double? {
        estimates[0].first {
          $0["indicator"] as? String == key && ($0["domain"] as? [String: String])?["county_code"] == code
        }?["estimate"] as? Double
      }
      let row = try #require(register.first { $0["county_code"] == code })
      let counts = ["remaining", "exited", "unregistered", "population"].map { Double(row[$0] ?? "") ?? .nan }
      let expected = rate("wrong_exit_rate").flatMap { wrong in
        rate("omission_rate").map { (counts[0] + counts[1] * wrong + counts[2] * $0) / counts[3] }
      }
      let own = county["estimate"] as? Double
      #expect((own == nil) == (expected == nil) && abs((own ?? 0) - (expected ?? 0)) < 1e-12, "\(code)")
    }
    let again = try round.fixture.bytes("round/results/estimates.json")
    #expect(try round.fixture.run(["estimate", "round", "--threads", "2"]).status == 0)
    #expect(try round.fixture.bytes("round/results/estimates.json") == again)
  }

  @Test
  func `the annex tells the draw, the response by league and every digest, in both languages`() throws {
    let round = try AnsweredRound()
    let run = try round.fixture.run(["annex", "round", "--format", "html,xlsx,csv"])
    try #require(run.status == 0, "\(run.messages)")
    let receipt = try #require(
      try JSONSerialization.jsonObject(with: try round.fixture.bytes("round/draws/households/receipt.json"))
        as? [String: Any]
    )
    let commitment = try #require(receipt["seed_commitment"] as? String)
    for (language, words) in [
      ("zh", ["呼和浩特市", "错退率", "嘎查村", "假设"]), ("en", ["Hohhot City", "Wrong exit rate", "Village"]),
    ] {
      let page = try round.fixture.text("round/results/annex-\(language).html")
      for word in words + [commitment, "<svg"] { #expect(page.contains(word), "\(language): \(word)") }
      #expect(!page.contains("00112233445566778899aabbccddeeff"), "a sealed seed stays out")
      let response = try round.fixture.text("round/results/annex-\(language)-response.csv")
      #expect(response.split(separator: "\r\n").count == 1 + 12 + 1)
    }
  }

  @Test
  func `every league is scored in 18 rows, and a row without data is missing`() throws {
    let round = try AnsweredRound()
    let run = try round.fixture.run(["score", "round"])
    try #require(run.status == 0, "\(run.messages)")
    let result = try round.json("score.json")
    let leagues = try #require(result["leagues"] as? [[String: Any]])
    #expect(leagues.count == 12)
    for league in leagues {
      let rows = try #require(league["rows"] as? [[String: Any]])
      #expect(rows.count == 18)
      for row in rows {
        let halves = ["regular", "year_end"].compactMap { row[$0] as? [String: Double] }
        if row["status"] as? String == "missing" { #expect(halves.isEmpty) }
        for half in halves {
          let points = try #require(half["points"])
          #expect(try #require(half["low"]) <= points && points <= #require(half["high"]))
        }
      }
      let missing = rows.filter { $0["status"] as? String == "missing" }.compactMap { $0["row"] as? String }
      #expect(missing == league["missing_rows"] as? [String])
    }
    // The bundled file leaves out row 18 of Baotou, row 2 of Wuhai and row 17 of Alxa.
    #expect(leagues.flatMap { $0["missing_rows"] as? [String] ?? [] } == ["18", "02", "17"])
    for file in ["score.xlsx", "score.html"] {
      #expect(FileManager.default.fileExists(atPath: round.fixture.folder.path + "/round/results/" + file))
    }
  }

  @Test
  func `answers that contradict draw, form or judgement are refused by row, and nothing is written`() throws {
    let round = try AnsweredRound()
    let original = try round.fixture.text("round/" + AnsweredRound.answers)
    let lines = original.split(separator: "\r\n").map(String.init)
    let first = try #require(lines.dropFirst().first { $0.contains(",met,") })
    let faults: [(code: String, text: String)] = [
      ("verdict-differs", original.replacing(first, with: first.replacing(",met,", with: ",not-met,"))),
      ("id-duplicate", original + first + "\r\n"),
      ("response-not-drawn", original.replacing(first, with: first.replacing("-", with: "-9"))),
    ]
    for fault in faults {
      try round.rewrite(AnsweredRound.answers) { _ in fault.text }
      let run = try round.fixture.run(["estimate", "round"])
      #expect(run.status == 65, "\(fault.code): \(run.messages)")
      #expect(run.messages.contains("[\(fault.code)]"), "\(run.messages.prefix(500))")
      #expect(!FileManager.default.fileExists(atPath: round.fixture.folder.path + "/round/results"))
    }
  }

  @Test
  func `rules that name another estimate are refused with the one that was meant`() throws {
    let round = try AnsweredRound()
    try round.rewrite("rules/inner-mongolia-2018.yaml") {
      $0.replacing("estimate: exit_accuracy", with: "estimate: exit_acuracy")
    }
    let run = try round.fixture.run(["score", "round"])
    #expect(run.status == 65)
    #expect(run.messages.contains("[estimate-unknown]") && run.messages.contains("\"exit_accuracy\""))
    #expect(!FileManager.default.fileExists(atPath: round.fixture.folder.path + "/round/results"))
  }
}
