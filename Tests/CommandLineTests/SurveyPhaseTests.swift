import Foundation
import Testing

/// What a reviewer found of second phases and draws in survey folders.
@Suite("estimate: second phases and hits, in files and in survey folders")
struct SurveyPhaseTests {
  /// Three strata far apart, of eight rows each, half of them judged again.
  private func file(_ folder: TemporaryFolder) throws {
    var rows = "h,N,w,s,x,y\n"
    for stratum in 0..<3 {
      for row in 0..<8 {
        let x = 50 * stratum + (row * 5) % 7
        rows += "\(stratum),1000000000,10,\(row % 2),\(x),\(row % 2 == 1 ? "\(x + row % 3)" : "")\n"
      }
    }
    _ = try folder.write(rows, to: "rows.csv")
  }

  private func estimates(_ result: [String: Any]?) -> [[String: Any]] {
    (result?["parts"] as? [[String: Any]] ?? []).flatMap { $0["estimates"] as? [[String: Any]] ?? [] }
  }

  private func error(_ options: String, in folder: TemporaryFolder, key: String) throws -> Double {
    let command =
      "\(CommandRun.command) estimate rows.csv --weights w --second-phase s \(options) --format json 2>/dev/null"
    let text = try shell(command, in: folder.path)
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let found = estimates(object).first { ($0["indicator"] as? String)?.hasPrefix(key) == true }
    return found?["standard_error"] as? Double ?? .nan
  }

  @Test("a first phase without a population size has the full variance of one without end, strata and all")
  func withoutPopulation() throws {
    let folder = try TemporaryFolder()
    try file(folder)
    for strata in ["--strata h --second-strata h", ""] {
      for figure in ["--mean x", "--total x"] {
        let key = figure == "--mean x" ? "mean" : "total"
        let open = try error("\(strata) \(figure)", in: folder, key: key)
        let endless = try error("\(strata) --fpc N \(figure)", in: folder, key: key)
        #expect(open > 0 && abs(open / endless - 1) < 1e-6, "\(strata) \(figure): \(open), \(endless)")
      }
    }
    // The strata's distance is no chance: it does not enter.
    #expect(try error("--strata h --second-strata h --mean x", in: folder, key: "mean") < 2)
  }

  /// Twelve of a hundred homes drawn; the last two are vacant, five of the ten respondents were judged again.
  private func round() throws -> DrawFixture {
    let fixture = try DrawFixture()
    let homes = (1...100).map { "h\($0)" }
    _ = try fixture.folder.write("home\n" + homes.joined(separator: "\n") + "\n", to: "round/frame/homes.csv")
    _ = try fixture.folder.write(
      """
      survey: {id: small, name: {zh: 小, en: Small}}
      frames: {homes: {file: frame/homes.csv, id: home}}
      draws: {visit: {stages: [{frame: homes, take: 12, method: srs}]}}
      responses:
        homes: {file: answers.csv, id: home}
        draw: visit
        outcome: {column: result, completed: ["1"], vacant: ["6"]}
      indicators:
        m: {mean: y1}
        judged: {double-sampling: {second: y2, first: y1, second-phase: again, method: difference}}

      """,
      to: "round/survey.yaml"
    )
    #expect(try fixture.run(["draw", "round", "visit", "--seed-file", "seed.txt"]).status == 0)
    var answers = "home,result,y1,y2,again\n"
    let selected = try fixture.list("round/draws/visit/list.csv").filter { $0["role"] == "selected" }
    for (place, row) in selected.enumerated() {
      let home = row["home"] ?? row["id"] ?? ""
      let (first, second) = (place < 5 ? 1 : 0, [1, 1, 0, 1, 0])
      // (x, y) of those judged again: (1,1) (1,1) (1,0) (0,1) (0,0).
      let again = [0, 1, 2, 5, 6].firstIndex(of: place)
      answers +=
        place < 10
        ? "\(home),1,\(first),\(again.map { "\(second[$0])" } ?? ""),\(again == nil ? 0 : 1)\n" : "\(home),6,,,0\n"
    }
    _ = try fixture.folder.write(answers, to: "round/answers.csv")
    return fixture
  }

  @Test("vacant homes are no part of the second phase: the figure by hand")
  func ineligible() throws {
    let fixture = try round()
    let run = try fixture.run(["estimate", "round", "--format", "json"])
    #expect(run.status == 0, "\(run.messages)")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let found = estimates(object).first { $0["indicator"] as? String == "judged" }
    // x̄₁ = 0.5, ȳ₂ − x̄₂ = 0.6 − 0.6; the second phase: (1/5 − 1/10) · s²_e, e = 0, 0, −1, 1, 0.
    #expect(abs((found?["estimate"] as? Double ?? .nan) - 0.5) < 1e-12)
    let second = 0.1 * 0.5
    // The first phase: 12 of 100 homes, of which 10 count; full, with what the two phases share, by the program's own
    // covariance of one phase over the same rows lies near 0.88 · s²/10.
    let error = found?["standard_error"] as? Double ?? .nan
    let whole = 0.88 * 0.3 / 10 + second
    #expect(abs(error * error / whole - 1) < 0.06, "\(error * error) for \(whole)")
  }

  @Test("a survey file that asks for two variances is refused in its own words")
  func settings() throws {
    let twice = try round()
    let survey = try twice.text("round/survey.yaml")
    let both = "estimate: {systematic: successive-differences, replicates: {method: jkn}}\n"
    _ = try twice.folder.write(survey + both, to: "round/survey.yaml")
    let refused = try twice.run(["estimate", "round"])
    #expect(refused.status == 65 && refused.messages.contains("[variance-twice]"), "\(refused.messages)")
    #expect(refused.messages.contains("survey.yaml:") && refused.messages.contains("method: sdr"))
  }

  @Test("units drawn more than once count as one draw in the variance, and a note says so")
  func hits() throws {
    let fixture = try DrawFixture()
    let homes = (1...9).map { "h\($0),\($0 + 10)" }
    _ = try fixture.folder.write("home,size\n" + homes.joined(separator: "\n") + "\n", to: "round/frame/homes.csv")
    _ = try fixture.folder.write(
      """
      survey: {id: small, name: {zh: 小, en: Small}}
      frames: {homes: {file: frame/homes.csv, id: home}}
      draws: {visit: {stages: [{frame: homes, take: 20, method: pps-with-replacement, size: size}]}}
      responses:
        homes: {file: answers.csv, id: home}
        draw: visit
      indicators: {m: {mean: y}}

      """,
      to: "round/survey.yaml"
    )
    let drawn = try fixture.run(["draw", "round", "visit", "--seed-file", "seed.txt"])
    #expect(drawn.status == 0, "\(drawn.messages)")
    let list = try fixture.list("round/draws/visit/list.csv").filter { $0["role"] == "selected" }
    let answers = list.enumerated().map { "\($1["home"] ?? $1["id"] ?? ""),\($0)" }
    _ = try fixture.folder.write("home,y\n" + answers.joined(separator: "\n") + "\n", to: "round/answers.csv")
    let run = try fixture.run(["estimate", "round"])
    #expect(run.messages.contains("[hits-count-once]"), "\(run.messages) \(run.output)")
  }
}
