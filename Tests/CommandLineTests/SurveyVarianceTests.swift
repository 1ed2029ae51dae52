import Foundation
import Testing

/// One part's estimates of a result in JSON, by their keys; the whole sample's.
private func figures(_ data: Data, part: Int = 0) throws -> [String: (estimate: Double, error: Double, lower: Double)] {
  let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  let parts = try #require(root["parts"] as? [[String: Any]])
  var found: [String: (estimate: Double, error: Double, lower: Double)] = [:]
  for row in parts[part]["estimates"] as? [[String: Any]] ?? [] where (row["domain"] as? [String: Any])?.isEmpty == true
  {
    guard let key = row["indicator"] as? String, let estimate = row["estimate"] as? Double else { continue }
    let lower = (row["interval"] as? [String: Any])?["lower"] as? Double
    found[key] = (estimate, row["standard_error"] as? Double ?? .nan, lower ?? .nan)
  }
  return found
}

@Suite("estimate: the variance of the stages really drawn, and from replicates")
struct SurveyVarianceTests {
  // R survey 4.1.1: svydesign(~u+v, fpc = ~p1+p2, weights = ~w, pps = "brewer"), svytotal and svymean.
  private static let twoStages = """
    u,v,p1,p2,y,w
    a,a1,0.5,0.4,3,5
    a,a2,0.5,0.6,5,3.3333333333333335
    b,b1,0.3,0.5,2,6.666666666666667
    b,b2,0.3,0.25,9,13.333333333333334
    b,b3,0.3,0.25,4,13.333333333333334
    c,c1,0.2,0.8,1,6.25
    c,c2,0.2,0.6,8,8.333333333333334
    d,d1,1,0.5,7,2
    d,d2,1,0.5,6,2

    """

  @Test func `Brewer's approximation at two stages has R survey's figures`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.twoStages, to: "d.csv")
    let options = [
      "estimate", "d.csv", "--psu", "u,v", "--fpc", "p1,p2", "--weights", "w", "--total", "y", "--mean", "y",
    ]
    let run = try CommandRun(options + ["--pps", "brewer,brewer", "--format", "json"], in: folder.path)
    try #require(run.status == 0, "\(run.messages)")
    let own = try figures(Data(run.output.utf8))
    #expect(abs((own["total(y)"]?.error ?? 0) - 119.27470820974) < 1e-9)
    #expect(abs((own["mean(y)"]?.error ?? 0) - 0.623932334104594) < 1e-12)
    for (method, named) in [("brewer,none,none", "3 stages"), ("brewer,overton", "overton")] {
      let wrong = try CommandRun(options + ["--pps", method, "--lang", "en"], in: folder.path)
      #expect(wrong.status == 64 && wrong.messages.contains(named), "\(wrong.messages)")
    }
  }

  @Test func `successive differences by option, in the order of the file or of a column`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("y,n,place\n1,16,4\n3,16,3\n7,16,2\n2,16,1\n", to: "d.csv")
    _ = try folder.write("y,n,place\n3,16,3\n2,16,1\n1,16,4\n7,16,2\n", to: "mixed.csv")
    let options = ["--fpc", "n", "--unweighted", "--total", "y", "--format", "json", "--lang", "en"]
    let systematic = ["--systematic", "successive-differences"]
    let plain = try CommandRun(["estimate", "d.csv", "--explain"] + options + systematic, in: folder.path)
    try #require(plain.status == 0, "\(plain.messages)")
    // (1 − 1/4) · 4/6 · (4 + 16 + 25).
    let error: Double = 22.5.squareRoot()
    #expect(abs((try figures(Data(plain.output.utf8))["total(y)"]?.error ?? 0) - error) < 1e-12)
    #expect(plain.output.contains("successive differences, Wolter 2007"))
    let named = try CommandRun(
      ["estimate", "mixed.csv"] + options + systematic + ["--order", "place"],
      in: folder.path
    )
    #expect(abs((try figures(Data(named.output.utf8))["total(y)"]?.error ?? 0) - error) < 1e-12)
    let wrongs: [([String], String)] = [
      (["--order", "place"], "--systematic"), (["--systematic", "sucessive-differences"], "successive-differences"),
      (systematic + ["--replicates-of", "sdr"], "--replicates-of"),
      (systematic + ["--crosscheck", "r"], "--crosscheck"), (["--systematic", "none,random"], "2 stages"),
    ]
    for (wrong, text) in wrongs {
      let settings = wrong.contains("--crosscheck") ? ["--unweighted", "--total", "y", "--lang", "en"] : options
      let run = try CommandRun(["estimate", "d.csv"] + settings + wrong, in: folder.path)
      #expect(run.status == 64 && (run.messages + run.output).contains(text), "\(run.messages)")
    }
  }

  /// Villages drawn by size, systematically, in two strata; households at random; one village is certain.
  private struct SizedRound {
    let fixture: DrawFixture

    /// - Parameter isJudged: with two judgements and a home that was vacant.
    init(estimate: String = "lonely-psu: fail", isJudged: Bool = false) throws {
      fixture = try DrawFixture()
      var villages = "code,name_zh,zone,size\n"
      var homes = "home,village,y\n"
      for number in 1...14 {
        let size = number == 3 ? 400 : 10 + 7 * number
        villages += "v\(number + 10),村\(number),\(number <= 8 ? "east" : "west"),\(size)\n"
        for home in 1...6 { homes += "h\(number + 10)-\(home),v\(number + 10),\((number * 5 + home * home) % 7)\n" }
      }
      _ = try fixture.folder.write(villages, to: "round/frame/villages.csv")
      _ = try fixture.folder.write(homes, to: "round/frame/homes.csv")
      _ = try fixture.folder.write(
        """
        survey: {id: sized, name: {zh: 规模, en: Sized}}
        frames:
          villages: {file: frame/villages.csv, id: code}
          homes: {file: frame/homes.csv, id: home, parent: village}
        draws:
          visit:
            stages:
              - {frame: villages, strata: [zone], take: 4, method: pps-systematic, size: size}
              - {frame: homes, take: 3, method: systematic}
        responses:
          homes: {file: answers.csv, id: home}
          draw: visit
        \(isJudged ? "  outcome: {column: result, completed: [\"1\"], vacant: [\"6\"]}" : "")
        indicators:
          answers: {total: answer}
        \(isJudged ? "  judged: {double-sampling: {second: y2, first: y1, second-phase: again, method: difference}}" : "")
        estimate: {\(estimate)}

        """,
        to: "round/survey.yaml"
      )
      let run = try fixture.run(["draw", "round", "visit", "--seed-file", "seed.txt"])
      try #require(run.status == 0, "\(run.messages)")
      var answers = "home,answer" + (isJudged ? ",result,y1,y2,again\n" : "\n")
      for (place, row) in try list.enumerated() {
        answers += "\(row["home"] ?? ""),\(row["y"] ?? "")"
        if isJudged { answers += place == Self.vacant ? ",6,,," : ",1," + Self.judgements(place) }
        answers += "\n"
      }
      _ = try fixture.folder.write(answers, to: "round/answers.csv")
    }

    static let vacant = 4

    /// First and second judgement and the mark of the second: every other home was judged again.
    static func judgements(_ place: Int) -> String {
      let first = place % 3 == 0 ? 1 : 0
      return place % 2 == 0 ? "\(first),\(place % 5 == 0 ? 1 : first),1" : "\(first),,0"
    }

    var list: [[String: String]] { get throws { try fixture.list("round/draws/visit/list.csv") } }

    func run(_ command: String = "estimate") throws -> CommandRun { try fixture.run([command, "round"]) }

    func error() throws -> Double {
      try #require(try figures(try fixture.bytes("round/results/estimates.json"))["answers"]?.error)
    }

    struct Village {
      var stratum: String
      var chance: Double
      var population: Double
      /// Weighted answers in the list's order.
      var values: [Double]
    }

    /// By village in the list's order, read from the list alone.
    var villages: [Village] {
      get throws {
        var order: [String] = []
        var found: [String: Village] = [:]
        for row in try list {
          let code = row["code"] ?? ""
          func number(_ name: String) -> Double { Double(row[name] ?? "") ?? .nan }
          let (chance, population) = (number("villages_probability"), number("homes_population"))
          if found[code] == nil {
            order.append(code)
            let stratum = (row["villages_stratum"] ?? "") + (chance == 1 ? " (certain)" : "")
            found[code] = Village(stratum: stratum, chance: chance, population: population, values: [])
          }
          found[code]?.values.append(number("y") * population / 3 / chance)
        }
        return order.compactMap { found[$0] }
      }
    }
  }

  @Test func `a draw by size is estimated by Brewer's approximation, its certain village alone, by hand`() throws {
    let round = try SizedRound()
    let run = try round.run()
    try #require(run.status == 0, "\(run.messages)")
    let villages = try round.villages
    #expect(villages.count == 8 && villages.count { $0.chance == 1 } == 1)
    var variance = 0.0
    for own in Dictionary(grouping: villages, by: \.stratum).values {
      let totals = own.map { $0.values.reduce(0, +) }
      let (size, mean) = (Double(own.count), totals.reduce(0, +) / Double(own.count))
      if own.count > 1 {
        for (total, village) in zip(totals, own) {
          variance += size / (size - 1) * (1 - village.chance) * (total - mean) * (total - mean)
        }
      }
      for village in own {
        let mean = village.values.reduce(0, +) / 3
        let square = village.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        variance += village.chance * (1 - 3 / village.population) * 3 / 2 * square
      }
    }
    #expect(abs(try round.error() - variance.squareRoot()) < 1e-9 * variance.squareRoot())
    #expect(run.output.contains("Brewer's approximation"))
    let annex = try round.run("annex")
    try #require(annex.status == 0, "\(annex.messages)")
    #expect(try round.fixture.text("round/results/annex-en.html").contains("Brewer"))
    #expect(try round.fixture.text("round/results/annex-zh.html").contains("Brewer 近似"))
  }

  @Test func `successive differences follow the list at both stages, by hand`() throws {
    let round = try SizedRound(estimate: "systematic: successive-differences")
    let run = try round.run()
    try #require(run.status == 0, "\(run.messages)")
    var variance = 0.0
    for own in Dictionary(grouping: try round.villages, by: \.stratum).values {
      let totals = own.map { $0.values.reduce(0, +) }
      let size = Double(own.count)
      for place in own.indices.dropFirst() {
        let correction = 1 - (own[place].chance + own[place - 1].chance) / 2
        let difference = totals[place] - totals[place - 1]
        variance += size / (2 * (size - 1)) * correction * difference * difference
      }
      for village in own {
        for place in 1..<3 {
          let difference = village.values[place] - village.values[place - 1]
          variance += village.chance * (1 - 3 / village.population) * 3 / 4 * difference * difference
        }
      }
    }
    #expect(abs(try round.error() - variance.squareRoot()) < 1e-9 * variance.squareRoot())
    #expect(run.output.contains("successive differences"))
    try #require(try round.run("annex").status == 0)
    #expect(try round.fixture.text("round/results/annex-en.html").contains("successive differences"))
  }

  // x̄₁ + (ȳ₂ − x̄₂) over those who answered; the vacant home is of neither phase.
  @Test func `a draw's part that was judged again corrects the first judgements, by hand`() throws {
    let round = try SizedRound(isJudged: true)
    let run = try round.run()
    try #require(run.status == 0, "\(run.messages)")
    var (first, weight, shift, second) = (0.0, 0.0, 0.0, 0.0)
    for (place, row) in try round.list.enumerated() where place != SizedRound.vacant {
      let own = try #require(Double(row["weight"] ?? ""))
      let cells = SizedRound.judgements(place).split(separator: ",", omittingEmptySubsequences: false)
      let x = try #require(Double(cells[0]))
      first += own * x
      weight += own
      guard cells[2] == "1", let y = Double(cells[1]) else { continue }
      shift += own * (y - x)
      second += own
    }
    let own = try #require(try figures(try round.fixture.bytes("round/results/estimates.json"))["judged"])
    #expect(abs(own.estimate - (first / weight + shift / second)) < 1e-12)
    #expect(own.error > 0 && own.lower < own.estimate)
  }

  @Test func `replicates of a draw by size say what they leave out`() throws {
    let round = try SizedRound(estimate: "replicates: {method: jkn}")
    let run = try round.run()
    try #require(run.status == 0, "\(run.messages)")
    // With replacement at the first stage: no (1 − π), the villages' totals alone.
    var variance = 0.0
    for own in Dictionary(grouping: try round.villages, by: \.stratum).values where own.count > 1 {
      let totals = own.map { $0.values.reduce(0, +) }
      let (size, mean) = (Double(own.count), totals.reduce(0, +) / Double(own.count))
      for total in totals { variance += size / (size - 1) * (total - mean) * (total - mean) }
    }
    #expect(abs(try round.error() - variance.squareRoot()) < 1e-9 * variance.squareRoot())
    for text in ["not repeated", "with replacement"] { #expect(run.messages.contains(text), "\(run.messages)") }
  }
}

@Suite("estimate: a survey folder takes its variances from replicates and writes them")
struct SurveyReplicateTests {
  private static let schools = repositoryPath + "/Surveys/california-schools"

  private func survey(_ replicates: String, design: String? = nil) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: Self.schools, toPath: folder.path + "/s")
    let path = folder.path + "/s/survey.yaml"
    var text = try String(contentsOfFile: path, encoding: .utf8)
    text = text.replacing("  by: [stype]\n", with: "  by: [stype]\n  replicates: {\(replicates)}\n")
    if let design { text = text.replacing("fpc: [fpc1, fpc2]", with: design) }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return folder
  }

  @Test(
    arguments: [
      ("method: jkn", ["jkn"]),
      ("method: rao-wu, count: 60, seed: 7, mse: true", ["rao-wu", "--replicate-count", "60", "--seed", "7", "--mse"]),
      ("method: preston, count: 80", ["preston", "--replicate-count", "80"]), ("method: sdr", ["sdr"]),
    ])
  func `the survey file says the same as the options, and the file written gives it once more`(
    replicates: String,
    options: [String]
  ) throws {
    let folder = try survey(replicates + ", write: results/replicate-weights.csv")
    let run = try CommandRun(["estimate", "s", "--lang", "en"], in: folder.path)
    try #require(run.status == 0, "\(run.messages)")
    #expect(run.messages.contains("results/replicate-weights.csv"))
    let own = try figures(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/s/results/estimates.json")))
    let loose = try CommandRun(
      [
        "estimate", "s/data/apiclus2.csv", "--psu", "dnum,snum", "--fpc", "fpc1,fpc2", "--mean", "api00", "--format",
        "json",
        "--replicates-of",
      ] + options,
      in: folder.path
    )
    try #require(loose.status == 0, "\(loose.messages)")
    #expect(own["api_2000"]?.error == (try figures(Data(loose.output.utf8)))["mean(api00)"]?.error)
    let file = "s/results/replicate-weights"
    let again = try CommandRun(
      ["estimate", file + ".csv", "--replicates", file + ".json", "--mean", "api00", "--format", "json"],
      in: folder.path
    )
    try #require(again.status == 0, "\(again.messages)")
    let error = try #require(try figures(Data(again.output.utf8))["mean(api00)"]?.error)
    #expect(abs(error - (own["api_2000"]?.error ?? 0)) < 1e-9 * error)
    // A second run replaces what the first one wrote.
    #expect(try CommandRun(["estimate", "s"], in: folder.path).status == 0)
  }

  @Test(
    arguments: [
      ("method: jknn", "Did you mean \"jkn\"?"), ("method: fay", "fay"),
      ("method: jkn, fay: 0.5", "no meaning for jkn"),
      ("method: jkn, seed: 4", "rao-wu"), ("method: rao-wu, count: 1", "2 to 1000000"), ("count: 80", "method"),
      ("method: rao-wu, seed: -1", "whole number"), ("method: jkn, writes: x.csv", "Did you mean \"write\"?"),
      ("method: jkn, write: data/apiclus2.csv", "results/replicate-weights.csv"),
      ("method: jkn, write: results/estimates.csv", "no other result"), ("method: jkn, unit: pupils", "unit"),
    ])
  func `what is wrong is named with its line`(replicates: String, named: String) throws {
    let folder = try survey(replicates)
    let run = try CommandRun(["estimate", "s", "--lang", "en"], in: folder.path)
    #expect(run.status == 65, "\(run.messages)")
    #expect(run.messages.contains(named) && run.messages.contains("survey.yaml"), "\(run.messages)")
    #expect(!run.messages.contains("--"), "no option of the command line: \(run.messages)")
  }

  @Test func `a design without sampling error has no replicates`() throws {
    let folder = try survey("method: jkn", design: "weights: equal\n    fpc: [one, one]")
    let data = folder.path + "/s/data/apiclus2.csv"
    let text = try String(contentsOfFile: data, encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline)
    let complete = lines.enumerated().map { $0.element + ($0.offset == 0 ? ",one" : ",1") }.joined(separator: "\n")
    try complete.write(toFile: data, atomically: true, encoding: .utf8)
    let run = try CommandRun(["estimate", "s", "--lang", "en"], in: folder.path)
    #expect(run.status == 65, "\(run.messages)")
    #expect(
      run.messages.contains("no sampling error") && run.messages.contains("estimate.replicates"),
      "\(run.messages)"
    )
  }
}
