import Foundation
import Testing

/// Rounds of county visits in a survey folder: the second leaves out the first, two rotate.
private struct Rounds {
  let fixture: DrawFixture

  init(_ survey: String = Rounds.survey) throws {
    fixture = try DrawFixture()
    try FileManager.default.createDirectory(
      atPath: fixture.folder.path + "/round/frame",
      withIntermediateDirectories: true
    )
    _ = try fixture.folder.write(try fixture.text("counties.csv"), to: "round/frame/counties.csv")
    _ = try fixture.folder.write(survey, to: "round/survey.yaml")
    _ = try fixture.folder.write("ffeeddccbbaa99887766554433221100\n", to: "seed2.txt")
    _ = try fixture.folder.write("a1b2c3d4e5f60718293a4b5c6d7e8f90\n", to: "seed3.txt")
  }

  func run(_ arguments: String...) throws -> CommandRun { try fixture.run(arguments) }

  func codes(_ list: String) throws -> Set<String> {
    try Set(fixture.list(list).filter { $0["role"] == "selected" }.compactMap { $0["code"] })
  }

  static let survey = """
    survey: {id: visits, name: Visits}
    frames:
      counties: {file: frame/counties.csv, id: code}
    draws:
      visit-1: {stages: [{frame: counties, strata: [league], take: 1, reserves: 1}]}
      visit-2: {exclude: [visit-1], stages: [{frame: counties, strata: [league], take: 1}]}
      visit-3: {stages: [{frame: counties, strata: [league], take: 2, exclude: [visit-1, visit-2]}]}
      visit-4: {stages: [{frame: counties, strata: [league], take: 1, exclude: [visit-1, visit-2, visit-3]}]}
      panel-1: {group: panel, stages: [{frame: counties, strata: [league], take: 2}]}
      panel-2: {group: panel, stages: [{frame: counties, strata: [league], take: 2, rotation: 0.25}]}

    """
}

@Suite("rounds: exclusion")
struct ExclusionCommandTests {
  @Test
  func `three visits of a folder share no county, verify while sealed, and are revealed one by one`() throws {
    let rounds = try Rounds()
    for (number, seed) in [(1, "seed.txt"), (2, "seed2.txt"), (3, "seed3.txt")] {
      let run = try rounds.run("draw", "round", "visit-\(number)", "--seed-file", seed)
      #expect(run.status == 0, "\(run.messages)")
      if number > 1 {
        #expect(run.messages.contains("stays n/N") && run.messages.contains("[exclusion-list-trusted]"))
      }
    }
    let visits = try (1...3).map { try rounds.codes("round/draws/visit-\($0)/list.csv") }
    #expect(visits.map(\.count) == [3, 3, 6])
    #expect(visits[0].union(visits[1]).union(visits[2]).count == 12)
    let third = try rounds.fixture.list("round/draws/visit-3/list.csv")[0]
    #expect(third["counties_population"] == "4" && third["counties_excluded"] == "2")
    #expect(third["counties_probability"] == "0.5" && third["counties_conditional_probability"] == "1")
    #expect(third["weight"] == "2")
    let receipt = try rounds.fixture.text("round/draws/visit-3/receipt.json")
    let digest = try shell("sha256sum round/draws/visit-1/receipt.json | cut -c1-64", in: rounds.fixture.folder.path)
    #expect(receipt.contains(digest.dropLast()) && receipt.contains("\"weights\" : \"whole\""))
    #expect(visits.joined().allSatisfy { !receipt.contains($0) })
    let used = try rounds.run("draw", "round", "visit-4", "--seed-file", "seed.txt")
    #expect(used.status == 65 && used.messages.contains("[exclusion-empties-stratum]"))
    #expect(used.messages.contains("\"3\"") && used.messages.contains("visits/visit-1"))
    for (number, seed) in [(2, "seed2.txt"), (3, "seed3.txt")] {
      let verified = try rounds.run("verify", "round", "visit-\(number)", "--seed-file", seed)
      #expect(verified.status == 0, "\(verified.output)\(verified.messages)")
    }
    // Revealing a round changes its receipt's bytes, not the name that later receipts have for it.
    #expect(try rounds.run("reveal", "round", "visit-1", "--seed-file", "seed.txt").status == 0)
    #expect(try rounds.run("verify", "round", "visit-3", "--seed-file", "seed3.txt").status == 0)
    #expect(try rounds.run("reveal", "round", "visit-3", "--seed-file", "seed3.txt").status == 0)
    try FileManager.default.removeItem(atPath: rounds.fixture.folder.path + "/round/draws/visit-1")
    try FileManager.default.removeItem(atPath: rounds.fixture.folder.path + "/round/draws/visit-2")
    let alone = try rounds.run("verify", "round", "visit-3")
    #expect(alone.status == 0, "\(alone.output)\(alone.messages)")
  }

  @Test
  func `loose draws leave out a receipt, compare its list with the seed, and verify with it`() throws {
    let rounds = try Rounds()
    #expect(try rounds.fixture.draw(output: "one").status == 0)
    let second = try rounds.fixture.draw(
      ["--exclude", "one", "--earlier-seed-file", "seed.txt"],
      seed: ["--seed-file", "seed2.txt"],
      output: "two"
    )
    #expect(second.status == 0, "\(second.messages)")
    #expect(!second.messages.contains("[exclusion-list-trusted]"))
    #expect(try rounds.codes("one/list.csv").isDisjoint(with: rounds.codes("two/list.csv")))
    let verify = ["verify", "two", "--frame", "counties.csv", "--seed-file", "seed2.txt"]
    let undecided = try rounds.fixture.run(verify)
    #expect(undecided.status == 69 && undecided.output.contains("[exclusion-missing]"))
    #expect(undecided.output.contains("2018/visit-1"))
    #expect(try rounds.fixture.run(verify + ["--earlier", "one/receipt.json"]).status == 0)
    let wrong = try rounds.fixture.draw(
      ["--exclude", "one", "--earlier-seed-file", "seed3.txt"],
      seed: ["--seed-file", "seed2.txt"],
      output: "three"
    )
    #expect(wrong.status == 65 && wrong.messages.contains("seed3.txt") && wrong.messages.contains("[seed-differs]"))
  }

  @Test
  func `after a round under another filter or from a frame that grew, weights speak for the units left, and why`()
    throws
  {
    let rounds = try Rounds()
    let frame = try rounds.fixture.text("counties.csv")
    _ = try rounds.fixture.folder.write(frame + "15113,旗13,1,130\n", to: "grown.csv")
    #expect(try rounds.fixture.draw(["--where", "villages > 20"], output: "one").status == 0)
    for (source, options, weights, cause) in [
      ("counties.csv", ["--where", "villages > 20"], "whole", "stays n/N"),
      ("counties.csv", [], "remaining", "because \"2018/visit-1\" was drawn under another filter"),
      (
        "grown.csv", ["--where", "villages > 20"], "remaining", "because \"2018/visit-1\" was drawn from another frame"
      ),
    ] as [(String, [String], String, String)] {
      let output = "two-\(weights)-\(options.count)"
      let run = try rounds.fixture.draw(
        options + ["--exclude", "one"],
        frame: source,
        seed: ["--seed-file", "seed2.txt"],
        output: output
      )
      #expect(run.status == 0 && run.messages.contains(cause), "\(run.messages)")
      #expect(try rounds.fixture.text(output + "/receipt.json").contains("\"weights\" : \"\(weights)\""))
      #expect(try rounds.fixture.list(output + "/list.csv").allSatisfy { $0["unit_weights"] == weights })
      let verified = try rounds.run(
        "verify",
        output,
        "--frame",
        source,
        "--seed-file",
        "seed2.txt",
        "--earlier",
        "one"
      )
      #expect(verified.status == 0, "\(verified.output)\(verified.messages)")
    }
  }

  @Test
  func `the seed of an earlier ceremony of one party is its contribution's file`() throws {
    let rounds = try Rounds()
    #expect(try rounds.fixture.draw(seed: ["--contribution-file", "seed.txt"], output: "one").status == 0)
    let second = try rounds.fixture.draw(
      ["--exclude", "one", "--earlier-seed-file", "seed.txt"],
      seed: ["--seed-file", "seed2.txt"],
      output: "two"
    )
    #expect(second.status == 0 && !second.messages.contains("[exclusion-list-trusted]"), "\(second.messages)")
  }

  @Test
  func `what is wrong with an earlier receipt is named, all at once, and nothing is written`() throws {
    let rounds = try Rounds()
    #expect(try rounds.fixture.draw(output: "one").status == 0)
    _ = try rounds.fixture.draw(["--stage", "county"], output: "stage")
    let text = try rounds.fixture.text("one/receipt.json")
    _ = try rounds.fixture.folder.write(
      text.replacingOccurrences(of: "\"protocol_version\" : 1", with: "\"protocol_version\" : 2"),
      to: "later/receipt.json"
    )
    _ = try rounds.fixture.folder.write(
      text.replacingOccurrences(of: "\"state\" :", with: "\"blind\" : true, \"state\" :"),
      to: "strange/receipt.json"
    )
    _ = try rounds.fixture.folder.write(text, to: "listless/receipt.json")
    let wrong = try rounds.fixture.draw(
      ["stage", "later", "strange", "listless", "nowhere"].flatMap { ["--exclude", $0] },
      seed: ["--seed-file", "seed2.txt"],
      output: "two"
    )
    #expect(wrong.status == 65)
    for code in [
      "exclusion-stage", "receipt-version", "receipt-keys", "exclusion-list-missing", "file-missing",
    ] { #expect(wrong.messages.contains("[\(code)]"), "\(code)") }
    let twice = try rounds.fixture.draw(
      ["--exclude", "one", "--exclude", "one/receipt.json"],
      seed: ["--seed-file", "seed2.txt"],
      output: "two"
    )
    #expect(twice.status == 65 && twice.messages.contains("[exclusion-duplicate]"))
    let list = try rounds.fixture.text("one/list.csv")
    let drawn = try #require(try rounds.codes("one/list.csv").min())
    _ = try rounds.fixture.folder.write(list.replacingOccurrences(of: drawn, with: "15999"), to: "one/list.csv")
    let altered = try rounds.fixture.draw(
      ["--exclude", "one", "--earlier-seed-file", "seed.txt"],
      seed: ["--seed-file", "seed2.txt"],
      output: "two"
    )
    #expect(altered.status == 65 && altered.messages.contains("[list-altered]"))
    #expect(!FileManager.default.fileExists(atPath: rounds.fixture.folder.path + "/two"))
    let early = try rounds.run("draw", "round", "visit-2", "--seed-file", "seed.txt")
    #expect(early.status == 65 && early.messages.contains("[exclusion-not-drawn]"))
    #expect(try rounds.run("draw", "round", "visit-1", "--exclude", "one", "--seed-file", "seed.txt").status == 64)
  }

  @Test
  func `a survey file that excludes an unknown draw or no stage of several is refused with its line`() throws {
    let rounds = try Rounds(
      Rounds.survey.replacingOccurrences(of: "exclude: [visit-1], ", with: "exclude: [visit-l], ")
        .replacingOccurrences(
          of: "visit-3: {stages: [{frame: counties, strata: [league], take: 2, exclude: [visit-1, visit-2]}]}",
          with: "visit-3: {exclude: [visit-1], stages: [{frame: counties, take: 2}, {frame: counties, take: 1}]}"
        )
    )
    let run = try rounds.run("draw", "round", "visit-1", "--seed-file", "seed.txt")
    #expect(run.status == 65)
    #expect(run.messages.contains("round/survey.yaml:6 draws.visit-2.exclude: \"visit-l\""))
    #expect(run.messages.contains("Did you mean \"visit-1\"?"))
    #expect(run.messages.contains("[exclude-stage]"))
  }
}

@Suite("rounds: rotation")
struct RotationCommandTests {
  @Test
  func `the rounds of a series share group and seed, and the overlap is told`() throws {
    let rounds = try Rounds()
    #expect(try rounds.run("draw", "round", "panel-1", "--seed-file", "seed.txt").status == 0)
    let other = try rounds.run("draw", "round", "panel-2", "--seed-file", "seed2.txt")
    #expect(other.status == 65 && other.messages.contains("[series-differs]") && other.messages.contains("the seed"))
    let second = try rounds.run("draw", "round", "panel-2", "--seed-file", "seed.txt")
    #expect(second.status == 0, "\(second.messages)")
    let before = try rounds.codes("round/draws/panel-1/list.csv")
    let now = try rounds.codes("round/draws/panel-2/list.csv")
    let kept = before.intersection(now).count
    #expect(second.messages.contains("\(kept) units kept, \(6 - kept) new, \(6 - kept) dropped"))
    // K ~ Binomial(4, ¼) units a league are passed over: 3 · (2·81 + 108 + 12 + 2·1) / 256 = 3.328.
    #expect(second.messages.contains("(3.33 expected"))
    let digest = try shell("sha256sum round/draws/panel-1/receipt.json | cut -c1-64", in: rounds.fixture.folder.path)
    #expect(try rounds.fixture.text("round/draws/panel-2/receipt.json").contains(digest.dropLast()))
    #expect(try rounds.run("verify", "round", "panel-2", "--seed-file", "seed.txt").status == 0)
  }

  @Test
  func `a seed that an earlier receipt has made public is refused, or its reason recorded`() throws {
    let rounds = try Rounds()
    #expect(try rounds.run("draw", "round", "panel-1", "--seed-file", "seed.txt").status == 0)
    #expect(try rounds.run("reveal", "round", "panel-1", "--seed-file", "seed.txt").status == 0)
    let refused = try rounds.run("draw", "round", "panel-2", "--seed-file", "seed.txt")
    #expect(refused.status == 65 && refused.messages.contains("[seed-revealed]"))
    let reason = ["--public-seed-reason", "rehearsal"]
    let accepted = try rounds.fixture.run(["draw", "round", "panel-2", "--seed-file", "seed.txt"] + reason)
    #expect(accepted.status == 0, "\(accepted.messages)")
    #expect(try rounds.fixture.text("round/draws/panel-2/receipt.json").contains("\"rehearsal\""))
    #expect(try rounds.run("verify", "round", "panel-2", "--seed-file", "seed.txt").status == 0)
  }

  @Test
  func `loose rounds rotate by --rotation and name their series`() throws {
    let rounds = try Rounds()
    #expect(try rounds.fixture.draw(["--take", "2"], output: "one").status == 0)
    let second = try rounds.fixture.draw(["--take", "2", "--rotation", "0.25", "--series", "one"], output: "two")
    #expect(second.status == 0, "\(second.messages)")
    #expect(second.messages.contains("[rotation-overlap]"))
    let other = try rounds.fixture.run([
      "draw", "counties.csv", "--id", "code", "--strata", "league", "--take", "2", "--group", "2018/other", "-o", "x",
      "--rotation", "0.25", "--series", "one", "--seed-file", "seed.txt",
    ])
    #expect(other.status == 65 && other.messages.contains("the group"))
  }

  @Test
  func `must-include units count as kept for certain, and another filter leaves nothing to expect`() throws {
    let rounds = try Rounds()
    let design = ["--take", "2", "--must-include", "villages in [10, 50, 90]"]
    #expect(try rounds.fixture.draw(design, output: "one").status == 0)
    let turned = design + ["--rotation", "0.25", "--series", "one"]
    let second = try rounds.fixture.draw(turned, output: "two")
    // Beside the certain unit a league has one of three: it stays where the turn passes none or all, (27 + 1) / 64.
    #expect(second.messages.contains("(4.31 expected"), "\(second.messages)")
    let third = try rounds.fixture.draw(turned + ["--where", "villages > 0"], output: "three")
    #expect(third.status == 0 && third.messages.contains("[rotation-overlap]"))
    #expect(!third.messages.contains("expected to be kept"))
    let text = try rounds.fixture.text("one/receipt.json")
    for shift in ["-1", "5", "1e300"] {
      let altered = text.replacingOccurrences(of: "\"rotation\" : 0", with: "\"rotation\" : \(shift)")
      _ = try rounds.fixture.folder.write(altered, to: "odd/receipt.json")
      _ = try rounds.fixture.folder.write(try rounds.fixture.text("one/list.csv"), to: "odd/list.csv")
      let refused = try rounds.fixture.draw(design + ["--rotation", "0.25", "--series", "odd"], output: "four")
      #expect(refused.status == 65 && refused.messages.contains("[receipt-range]"), "\(refused.messages)")
    }
  }
}

@Suite("rounds: further waves")
struct WaveCommandTests {
  @Test
  func `waves of a folder continue its reserves, verify and are revealed`() throws {
    let rounds = try Rounds()
    #expect(try rounds.run("draw", "round", "visit-1", "--seed-file", "seed.txt").status == 0)
    let sealed = try rounds.run("wave", "round", "visit-1", "--seed-file", "seed2.txt")
    #expect(sealed.status == 65 && sealed.messages.contains("[earlier-seed-missing]"))
    let known = ["--earlier-seed-file", "seed.txt"]
    let same = try rounds.fixture.run(["wave", "round", "visit-1", "--seed-file", "seed.txt"] + known)
    #expect(same.status == 65 && same.messages.contains("[wave-seed]"))
    let second = try rounds.fixture.run(["wave", "round", "visit-1", "--seed-file", "seed2.txt"] + known)
    #expect(second.status == 0, "\(second.messages)")
    #expect(try rounds.run("reveal", "round", "visit-1", "--seed-file", "seed.txt").status == 0)
    let third = try rounds.run(
      "wave",
      "round",
      "visit-1",
      "--seed-file",
      "seed3.txt",
      "--earlier-seed-file",
      "seed2.txt",
      "--only",
      "2"
    )
    #expect(third.status == 0, "\(third.messages)")
    let lists = try ["visit-1", "visit-1-wave-2", "visit-1-wave-3"].map {
      try rounds.fixture.list("round/draws/\($0)/list.csv")
    }
    #expect(lists.map(\.count) == [6, 3, 1])
    #expect(
      lists[1].allSatisfy { $0["order"] == "2" && $0["role"] == "reserve" && $0["counties_probability"] == "0.5" }
    )
    #expect(lists[2][0]["order"] == "3" && lists[2][0]["league"] == "2" && lists[2][0]["counties_probability"] == "1")
    #expect(Set(lists.joined().compactMap { $0["code"] }).count == 10)
    let fourth = try rounds.run(
      "wave",
      "round",
      "visit-1",
      "--seed-file",
      "seed3.txt",
      "--earlier-seed-file",
      "seed2.txt",
      "--only",
      "2"
    )
    #expect(fourth.status == 65 && fourth.messages.contains("[wave-seed]"))
    let verify = ["verify", "round", "visit-1-wave-3", "--earlier-seed-file", "seed2.txt", "--seed-file", "seed3.txt"]
    #expect(try rounds.fixture.run(verify).status == 0)
    #expect(
      try rounds.run("reveal", "round", "visit-1-wave-2", "--seed-file", "seed2.txt").status == 0
    )
    #expect(try rounds.fixture.text("round/draws/visit-1-wave-2/receipt.json").contains("\"revealed\""))
    #expect(try rounds.run("verify", "round", "visit-1-wave-2").status == 0)
  }

  @Test
  func `a wave of a loose draw needs its receipt; an unknown stratum is named and nothing is written`() throws {
    let rounds = try Rounds()
    #expect(try rounds.fixture.draw(["--reserves", "1", "--reveal"], output: "one").status == 0)
    func wave(_ more: String..., output: String = "two") throws -> CommandRun {
      try rounds.fixture.run(
        ["wave", "one", "--frame", "counties.csv", "--seed-file", "seed2.txt", "-o", output] + more
      )
    }
    let unknown = try wave("--only", "4")
    #expect(unknown.status == 65 && unknown.messages.contains("\"4\"") && unknown.messages.contains("[wave-stratum]"))
    let made = try wave("--only", "3", "--reserves", "5", "--reveal")
    #expect(made.status == 0 && made.messages.contains("[reserves-short]"), "\(made.messages)")
    #expect(made.messages.contains("[nothing-left-to-chance]"))
    let excluding = try rounds.fixture.draw(["--exclude", "two"], seed: ["--seed-file", "seed3.txt"], output: "three")
    #expect(excluding.status == 65 && excluding.messages.contains("[exclusion-wave]"))
    #expect(try rounds.fixture.list("two/list.csv").count == 2)
    let exhausted = try wave("--only", "3", "--after", "two", output: "three")
    #expect(exhausted.status == 65 && exhausted.messages.contains("[wave-seed]"))
    #expect(!FileManager.default.fileExists(atPath: rounds.fixture.folder.path + "/three"))
    #expect(try rounds.run("verify", "two", "--frame", "counties.csv", "--earlier", "one").status == 0)
    let alone = try rounds.run("verify", "two", "--frame", "counties.csv")
    #expect(alone.status == 69 && alone.output.contains("[earlier-missing]"))
    let frame = try rounds.fixture.text("counties.csv").replacingOccurrences(of: "旗3", with: "旗三")
    _ = try rounds.fixture.folder.write(frame, to: "counties.csv")
    let changed = try wave("--only", "1", output: "three")
    #expect(changed.status == 65 && changed.messages.contains("[frame-changed]"))
  }
}

@Suite("rounds: burden and rotation tables")
struct BurdenCommandTests {
  @Test
  func `a frame row without an id is named, not met as a crash`() throws {
    let rounds = try Rounds()
    #expect(try rounds.run("draw", "round", "visit-1", "--seed-file", "seed.txt").status == 0)
    _ = try rounds.fixture.folder.write("code,league\n150101,1501\n,1501\n", to: "gaps.csv")
    let run = try rounds.run("burden", "round/draws/visit-1", "--frame", "gaps.csv", "--id", "code")
    #expect(run.status == 65 && run.messages.contains("gaps.csv:3"), "\(run.status) \(run.messages)")
  }

  @Test
  func `the burden of a folder's counties is counted over its draws, with the least gap in draws and days`() throws {
    let rounds = try Rounds()
    #expect(try rounds.run("burden", "round").status == 65)
    for (name, seed, date) in [
      ("visit-1", "seed.txt", "2018-03-01"), ("visit-2", "seed2.txt", "2018-06-01"),
      ("panel-1", "seed3.txt", "2018-06-11"),
    ] {
      #expect(try rounds.run("draw", "round", name, "--seed-file", seed, "--date", date).status == 0)
    }
    let run = try rounds.run("burden", "round", "--output", "burden.csv")
    #expect(run.status == 0, "\(run.messages)")
    let rows = try rounds.fixture.list("burden.csv")
    let visits = try ["visit-1", "visit-2", "panel-1"].map { try rounds.codes("round/draws/\($0)/list.csv") }
    #expect(rows.count == 12 && rows.reduce(0) { $0 + (Int($1["times"] ?? "") ?? 0) } == 12)
    for row in rows {
      let code = try #require(row["unit"])
      let met = visits.indices.filter { visits[$0].contains(code) }
      #expect(row["times"] == String(met.count) && row["in_frame"] == "yes")
      let days = [2: met == [0, 2] ? "102" : "10"][met.count] ?? ""
      #expect(row["least_days"] == days)
      #expect(row["least_gap"] == (met.count < 2 ? "" : met == [0, 2] ? "2" : "1"))
      #expect(row["last_date"] == (met.last.map { ["2018-03-01", "2018-06-01", "2018-06-11"][$0] } ?? ""))
    }
    let text = try rounds.run("burden", "round")
    #expect(text.output.contains("Never visited") && text.output.contains("visit-1 (2018-03-01), visit-2"))
    #expect(try rounds.run("burden", "round", "--output", "burden.csv").status == 73)
    #expect(try rounds.run("burden", "round", "--output", "burden.xlsx").status == 0)
    let json = try rounds.run("burden", "round", "--format", "json")
    #expect(json.output.contains("\"units\": [") && json.output.contains("\"strata\": ["))
    let stage = try rounds.run("burden", "round", "--stage", "countys")
    #expect(stage.status == 64 && stage.messages.contains("Did you mean \"counties\"?"))
  }

  @Test
  func `receipts by themselves are counted with or without a frame; one given twice is refused`() throws {
    let rounds = try Rounds()
    #expect(try rounds.fixture.draw(output: "one").status == 0)
    #expect(try rounds.fixture.draw(["--reveal"], seed: ["--seed-file", "seed2.txt"], output: "two").status == 0)
    let bare = try rounds.run("burden", "one", "two/receipt.json", "--format", "csv")
    #expect(bare.status == 0 && bare.messages.contains("[burden-no-frame]"))
    let named = try rounds.run(
      "burden",
      "one",
      "two",
      "--frame",
      "counties.csv",
      "--id",
      "code",
      "--strata",
      "league"
    )
    #expect(named.status == 0 && named.output.contains("one, two."), "\(named.messages)")
    let twice = try rounds.run("burden", "one", "one/receipt.json")
    #expect(twice.status == 65 && twice.messages.contains("[receipt-repeated]"))
    try FileManager.default.removeItem(atPath: rounds.fixture.folder.path + "/one/list.csv")
    let sealed = try rounds.run("burden", "one", "two")
    #expect(sealed.status == 65 && sealed.messages.contains("[exclusion-list-missing]"))
    #expect(try rounds.run("burden", "one", "--frame", "counties.csv").status == 64)
  }

  @Test
  func `the worked example of the guide is what the command prints`() throws {
    let guide = try String(contentsOfFile: repositoryPath + "/docs/rounds.md", encoding: .utf8)
    let run = try DrawFixture().run([
      "rotation", "--population", "400", "--take", "20", "--overlap", "0.75", "--rounds", "4",
    ])
    let rows = run.output.split(separator: "\n").filter { $0.first == " " }
    #expect(rows.count == 4)
    for row in rows { #expect(guide.contains(row), "\(row)") }
  }

  @Test
  func `rotation prints the shifts and says when units come back`() throws {
    let fixture = try DrawFixture()
    let plan = ["rotation", "--population", "40", "--take", "16", "--overlap", "0.75", "--rounds", "8"]
    let run = try fixture.run(plan + ["--format", "csv"])
    #expect(run.status == 0)
    let lines = run.output.split(whereSeparator: \.isNewline)
    #expect(lines.count == 9 && lines[2].hasPrefix("2,0.1,12"), "\(run.output)")
    #expect(run.messages.contains("from round 8 on") && run.messages.contains("[rotation-returns]"))
    #expect(
      try fixture.run([
        "rotation", "--population", "9223372036854775807", "--take", "9223372036854775807", "--overlap", "0.5",
        "--rounds", "3",
      ]).status == 64
    )
    #expect(
      try fixture.run(["rotation", "--population", "2147483648", "--take", "5", "--overlap", "0.5", "--rounds", "2"])
        .status == 64
    )
    #expect(
      try fixture.run(["rotation", "--population", "4", "--take", "5", "--overlap", "0.5", "--rounds", "2"]).status
        == 64
    )
  }
}

@Suite("rounds: reserves in use")
struct UsedReserveTests {
  @Test
  func `reserves that the fieldwork record shows in use are left out on demand`() throws {
    let rounds = try Rounds(
      Rounds.survey.replacingOccurrences(
        of: "visit-2: {exclude: [visit-1],",
        with: "visit-2: {exclude: [visit-1], exclude-used-reserves: true,"
      )
    )
    #expect(try rounds.run("draw", "round", "visit-1", "--seed-file", "seed.txt").status == 0)
    let early = try rounds.run("draw", "round", "visit-2", "--seed-file", "seed2.txt")
    #expect(early.status == 65 && early.messages.contains("[exclusion-fieldwork-missing]"))
    let list = try rounds.fixture.list("round/draws/visit-1/list.csv").filter { $0["league"] == "2" }
    let selected = try #require(list.first { $0["role"] == "selected" }?["code"])
    let reserve = try #require(list.first { $0["role"] == "reserve" }?["code"])
    for more in [
      [selected, "--outcome", "refused", "--reason", "gate shut", "--replaced-by", reserve],
      [reserve, "--outcome", "completed"],
    ] {
      let run = try rounds.fixture.run(["field", "record", "round", "visit-1", "--unit"] + more)
      #expect(run.status == 0, "\(run.messages)")
    }
    let second = try rounds.run("draw", "round", "visit-2", "--seed-file", "seed2.txt")
    #expect(second.status == 0 && second.messages.contains("4 units of earlier draws"), "\(second.messages)")
    let drawn = try rounds.fixture.list("round/draws/visit-2/list.csv")
    #expect(drawn.allSatisfy { $0["code"] != reserve && $0["counties_weights"] == "remaining" })
    #expect(drawn.first { $0["league"] == "2" }?["counties_excluded"] == "2")
    // A line added later does not count for the draw that was made.
    let other = try #require(try rounds.fixture.list("round/draws/visit-1/list.csv").first?["code"])
    #expect(
      try rounds.run("field", "record", "round", "visit-1", "--unit", other, "--outcome", "completed").status == 0
    )
    #expect(try rounds.run("verify", "round", "visit-2", "--seed-file", "seed2.txt").status == 0)
  }
}
