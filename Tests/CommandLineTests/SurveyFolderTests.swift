import Foundation
import Testing

/// A round of three counties and twelve villages, small enough to make several times.
private struct SmallRound {
  let fixture: DrawFixture

  init() throws {
    fixture = try DrawFixture()
    var villages = "code,name_zh,county_code\n"
    for county in 1...3 {
      for village in 1...4 { villages += "15010\(county)00\(village),村\(county)\(village),15010\(county)\n" }
    }
    _ = try fixture.folder.write(villages, to: "round/frame/villages.csv")
    _ = try fixture.folder.write(
      "code,league_code,poverty_status\n150101,150100,national\n150102,150100,regional\n150103,150100,none\n",
      to: "round/frame/counties.csv"
    )
    try write(survey: Self.survey)
  }

  func write(survey: String) throws { _ = try fixture.folder.write(survey, to: "round/survey.yaml") }

  func run(_ arguments: String...) throws -> CommandRun { try fixture.run(arguments) }

  static let survey = """
    survey: {id: small, name: Small}
    frames:
      counties: {file: frame/counties.csv, id: code}
      villages: {file: frame/villages-synthetic.csv, id: code, parent: county_code}
      households: {files: frame/registers/*.csv, id: synthetic_household, parent: village_code}
    draws:
      visit: {stages: [{frame: counties, take: 1, reserves: 1}]}
      homes:
        stages:
          - {frame: counties, take: 2}
          - {frame: villages, take: 2}
          - {frame: households, strata: [synthetic_class], take: up-to 5}
    responses:
      households: {files: responses/households/*.csv, id: household}
      villages: {files: responses/villages/*.csv, id: village}
      draw: homes
      outcome: {column: result_code, respondent: ["1"], nonrespondent: ["2", "3", "4", "5"], unknown: ["8"], ineligible: ["10", "11"]}

    """
}

@Suite("survey folders: init, synthesize, draw")
struct SurveyFolderTests {
  @Test
  func `a template is copied whole, and only into an empty folder`() throws {
    let fixture = try DrawFixture()
    let run = try fixture.run(["init", "round", "--template", "inner-mongolia-2018"])
    #expect(run.status == 0, "\(run.messages)")
    for file in ["survey.yaml", "README.md", "frame/villages.csv", "rules/inner-mongolia-2018.yaml"] {
      #expect(run.output.contains("round/\(file)\n"))
      let bundled = URL(fileURLWithPath: repositoryPath + "/Surveys/inner-mongolia-2018/" + file)
      #expect(try fixture.bytes("round/" + file) == Data(contentsOf: bundled))
    }
    #expect(try fixture.run(["init", "round", "--template", "inner-mongolia-2018"]).status == 73)
    let unknown = try fixture.run(["init", "other", "--template", "inner-mongolia-2017"])
    #expect(unknown.status == 64 && unknown.messages.contains("Did you mean \"inner-mongolia-2018\"?"))
    #expect(!fixture.folder.names.contains("other"))
    #expect(try fixture.run(["init", "api", "--template", "california-schools"]).status == 0)
  }

  @Test
  func `templates are found where MINGCHA_SHARE says`() throws {
    let fixture = try DrawFixture()
    _ = try fixture.folder.write("survey: {id: a, name: A}\n", to: "share/Surveys/mine/survey.yaml")
    _ = try fixture.folder.write("x", to: "share/Surveys/mine/draws/visit/list.csv")
    let status = try shell(
      "MINGCHA_SHARE=$PWD/share \(CommandRun.command) init new --template mine; echo $?",
      in: fixture.folder.path
    )
    #expect(status == "new/survey.yaml\n0\n")
  }

  @Test
  func `registers are those of the villages that the draw selects, and the round goes on to its answers`() throws {
    let round = try SmallRound()
    let made = try round.run("synthesize", "round", "--seed", "a", "--draw", "homes", "--seed-file", "seed.txt")
    #expect(made.status == 0, "\(made.messages)")
    let again = try round.run("synthesize", "round", "--seed", "a", "--draw", "homes", "--seed-file", "seed.txt")
    #expect(again.status == 0 && again.output == made.output)
    let registers = made.output.split(separator: "\n").filter { $0.contains("/registers/") }.map(String.init)
    #expect(registers.count == 2)
    let drawn = try round.run("draw", "round", "homes", "--seed-file", "seed.txt")
    #expect(drawn.status == 0, "\(drawn.messages)")
    let list = try round.fixture.list("round/draws/homes/list.csv")
    let villages = Set(list.compactMap { $0["village_code"] })
    #expect(villages.count == 4)
    var households = 0
    for register in registers {
      let rows = try round.fixture.list(register)
      #expect(Set(rows.compactMap { $0["village_code"] }).isSubset(of: villages))
      households += rows.count
    }
    #expect(households > list.count)
    #expect(try round.run("verify", "round", "homes", "--seed-file", "seed.txt").status == 0)
    #expect(try round.run("synthesize", "round", "--answers", "--draw", "homes").status == 0)
    let answers = try round.fixture.list("round/responses/households/synthetic.csv")
    #expect(answers.compactMap { $0["household"] } == list.compactMap { $0["synthetic_household"] })
    #expect(answers.allSatisfy { $0["synthetic"] == "1" })
    #expect(try round.fixture.list("round/responses/villages/synthetic.csv").count == 4)
    #expect(try round.run("synthesize", "round", "--answers", "--draw", "homes").status == 0)
  }

  @Test
  func `the truth is a recount of the registers`() throws {
    let round = try SmallRound()
    #expect(try round.run("synthesize", "round", "--seed", "a", "--all").status == 0)
    let truth = try round.fixture.list("round/frame/truth-synthetic.csv")
    var exited = 0
    for county in 1...3 {
      let persons = try round.fixture.list("round/frame/registers/15010\(county)-synthetic.csv")
        .filter { $0["synthetic_class"] == "P2" }.compactMap { $0["synthetic_persons"].flatMap { Int($0) } }.reduce(
          0,
          +
        )
      exited += persons
      let row = truth.first { $0["code"] == "15010\(county)" && $0["indicator"] == "wrong_exit_rate" }
      #expect(row?["synthetic_denominator"] == String(persons))
    }
    let region = truth.first { $0["level"] == "region" && $0["indicator"] == "wrong_exit_rate" }
    #expect(region?["synthetic_denominator"] == String(exited) && exited > 0)
  }

  @Test
  func `another seed, another register and missing steps are refused`() throws {
    let round = try SmallRound()
    let none = try round.run("synthesize", "round")
    #expect(none.status == 65 && none.messages.contains("[synthesis-seed]"))
    #expect(try round.run("synthesize", "round", "--seed", "a", "--all").status == 0)
    #expect(try round.run("synthesize", "round", "--seed", "b").status == 65)
    let fewer = try round.run("synthesize", "round", "--draw", "homes", "--seed-file", "seed.txt")
    #expect(fewer.status == 73, "\(fewer.messages)")
    #expect(try round.run("synthesize", "round", "--answers", "--draw", "homes").status == 66)
    #expect(try round.run("synthesize", "round", "--answers").status == 64)
  }

  @Test
  func `a draw of the folder is made once, and its plan may not change`() throws {
    let round = try SmallRound()
    #expect(try round.run("draw", "round", "visit", "--seed-file", "seed.txt").status == 0)
    #expect(try round.run("draw", "round", "visit", "--seed-file", "seed.txt").status == 73)
    #expect(try round.run("verify", "round", "visit", "--seed-file", "seed.txt").status == 0)
    // The loose form repeats what the folder drew.
    let receipt = "round/draws/visit/receipt.json"
    let loose = try round.run("verify", receipt, "--frame", "round/frame/counties.csv", "--seed-file", "seed.txt")
    #expect(loose.status == 0, "\(loose.messages)\(loose.output)")
    try round.write(survey: SmallRound.survey.replacingOccurrences(of: "take: 1, reserves: 1", with: "take: 2"))
    let changed = try round.run("verify", "round", "visit", "--seed-file", "seed.txt")
    #expect(changed.status == 1 && changed.output.contains("[plan-differs]"))
  }

  @Test
  func `an unknown key names the one that was meant, and nothing is written`() throws {
    let round = try SmallRound()
    try round.write(survey: SmallRound.survey.replacingOccurrences(of: "reserves: 1", with: "reserve: 1"))
    let run = try round.run("draw", "round", "visit", "--seed-file", "seed.txt")
    #expect(run.status == 65)
    #expect(
      run.messages.contains(
        "round/survey.yaml:7 draws.visit.stages[1].reserve: unknown key. Did you mean \"reserves\"?"
      )
    )
    #expect(!FileManager.default.fileExists(atPath: round.fixture.folder.path + "/round/draws"))
  }

  @Test
  func `a wrong draw, a missing name and loose options are usage errors`() throws {
    let round = try SmallRound()
    let unknown = try round.run("draw", "round", "vist", "--seed-file", "seed.txt")
    #expect(unknown.status == 64 && unknown.messages.contains("Did you mean \"visit\"?"))
    let unnamed = try round.run("draw", "round", "--seed-file", "seed.txt")
    #expect(unnamed.status == 64 && unnamed.messages.contains("visit, homes"))
    let loose = try round.run("draw", "round", "visit", "--take", "2", "--seed-file", "seed.txt")
    #expect(loose.status == 64 && loose.messages.contains("--take"))
    #expect(try round.run("draw", "nosuch", "visit", "--seed-file", "seed.txt").status == 66)
  }
}
