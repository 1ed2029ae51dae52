import Foundation
import Testing

/// What `mingcha check --format json` says.
private struct CheckResult {
  let run: CommandRun
  let root: [String: Any]

  init(_ messy: MessyReturns, _ options: [String] = []) throws {
    run = try messy.fixture.run(["check", "round", "--format", "json"] + options)
    root = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any],
      "\(run.messages)"
    )
  }

  var problems: [[String: Any]] { root["problems"] as? [[String: Any]] ?? [] }
  var unreadable: [[String: Any]] { root["unreadable"] as? [[String: Any]] ?? [] }

  var places: Set<MessyReturns.Planted> {
    Set(
      problems.map {
        MessyReturns.Planted(
          rule: $0["rule"] as? String ?? "",
          file: $0["file"] as? String ?? "",
          row: $0["row"] as? Int
        )
      }
    )
  }
}

@Suite struct CheckCommandTests {
  @Test("returns of 24 counties: every planted fault is found at its place, and none that isn't there")
  func messy() throws {
    let messy = try MessyReturns()
    let result = try CheckResult(messy)
    let missed = messy.planted.subtracting(result.places)
    let extra = result.places.subtracting(messy.planted)
    #expect(missed.isEmpty, "not found: \(missed.map(\.description).sorted())")
    #expect(extra.isEmpty, "not planted: \(extra.map(\.description).sorted())")
    #expect(messy.planted.count > 70)
    // Two workbooks cannot be read; they are named, the others are checked all the same.
    #expect(
      Set(result.unreadable.compactMap { $0["file"] as? String }) == ["responses/150123.xlsx", "responses/150124.xlsx"]
    )
    #expect(result.run.status == 65)
    for problem in result.problems + result.unreadable {
      for key in ["expected", "fix"] {
        let words = try #require(problem[key] as? [String: String])
        #expect(words["zh"]?.isEmpty == false && words["en"]?.isEmpty == false, "\(problem)")
      }
    }
  }

  @Test("the same round without faults is clean")
  func clean() throws {
    let result = try CheckResult(try MessyReturns(plants: false))
    #expect(result.places.isEmpty, "\(result.places.map(\.description).sorted())")
    #expect(result.unreadable.isEmpty)
    #expect(result.run.status == 0)
    #expect(result.root["level"] as? String == "pass")
  }

  @Test("no name, identity number or telephone number leaves in any form")
  func privacy() throws {
    let messy = try MessyReturns()
    let identity = try NSRegularExpression(pattern: "[0-9]{17}[0-9Xx]|139[0-9]{8}")
    for form in ["table", "json", "html", "csv"] {
      let run = try messy.fixture.run(["check", "round", "--format", form])
      let text = run.output + run.messages
      #expect(!text.contains("王小明"))
      #expect(identity.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) == nil, "\(form)")
      #expect(text.contains("150121****"), "\(form)")
    }
  }

  @Test("each team gets a workbook with filters, frozen heads and a list of answers to choose from")
  func workbooks() throws {
    let messy = try MessyReturns()
    let run = try messy.fixture.run(["check", "round", "-o", "checked", "--format", "xlsx,html,json,csv"])
    #expect(run.status == 65)
    let names = try FileManager.default.contentsOfDirectory(atPath: messy.fixture.folder.path + "/checked").sorted()
    #expect(names == ["check.html", "check.json", "problems.csv", "problems.xlsx", "teams"])
    let teams = try FileManager.default.contentsOfDirectory(atPath: messy.fixture.folder.path + "/checked/teams")
    #expect(teams.contains("problems-150102-第2旗.xlsx"))
    let sheet = try shell(
      "unzip -p checked/teams/problems-150102-*.xlsx xl/worksheets/sheet1.xml",
      in: messy.fixture.folder.path
    )
    for part in ["<autoFilter ", "<dataValidation type=\"list\"", "state=\"frozen\"", "mended,right as it is"] {
      #expect(sheet.contains(part), "\(part)")
    }
    let again = try messy.fixture.run(["check", "round", "-o", "checked"])
    #expect(again.status == 73, "a folder that is there is left as it is")
  }

  @Test("parts are chosen by kind or name; an unknown one names the nearest")
  func only() throws {
    let messy = try MessyReturns()
    let frames = try CheckResult(messy, ["--only", "frames"])
    #expect(frames.run.status == 0 && frames.places.isEmpty)
    let answers = try CheckResult(messy, ["--only", "responses"])
    #expect(answers.places == messy.planted, "answers are held against their draw's list")
    let wrong = try messy.fixture.run(["check", "round", "--only", "response"])
    #expect(wrong.status == 64 && wrong.messages.contains("responses"))
  }

  @Test("a level is changed with a reason, which the report repeats; without one it is refused")
  func levels() throws {
    let messy = try MessyReturns(plants: false)
    let path = "round/survey.yaml"
    let survey = try messy.fixture.text(path)
    _ = try messy.fixture.folder.write(
      "household,village_code,class,result\n1,,,1\n",
      to: "round/responses/more.csv"
    )
    #expect(try messy.fixture.run(["check", "round"]).status == 1)
    let off = ["return-not-drawn", "header-differs"].map { "    \($0): {level: off, reason: a trial}\n" }.joined()
    _ = try messy.fixture.folder.write(survey + "  levels:\n" + off, to: path)
    let run = try messy.fixture.run(["check", "round", "--format", "html"])
    #expect(run.status == 0, "\(run.messages)")
    #expect(run.output.contains("off: a trial"))
    _ = try messy.fixture.folder.write(survey + "  levels:\n    id-form: {level: warn}\n", to: path)
    let refused = try messy.fixture.run(["check", "round"])
    #expect(refused.status == 65 && refused.messages.contains("checks.levels.id-form.reason"))
    _ = try messy.fixture.folder.write(survey + "  levels:\n    id-from: {level: warn, reason: x}\n", to: path)
    #expect(try messy.fixture.run(["check", "round"]).messages.contains("id-form"))
  }

  @Test("rules may stand in rules/checks.yaml; a rule that is about nothing, or named twice, is refused")
  func ownFile() throws {
    let messy = try MessyReturns(plants: false)
    func write(_ rules: String) throws -> CommandRun {
      _ = try messy.fixture.folder.write("rules:\n" + rules, to: "round/rules/checks.yaml")
      return try messy.fixture.run(["check", "round"])
    }
    let fine = try write("  - {id: a, level: stop, of: households, expression: \"q1 < 6\", name: answers are 1 to 5}\n")
    #expect(fine.status == 0, "\(fine.messages)")
    let failing = try write(
      "  - {id: a, level: stop, of: frames.households, expression: \"class == 'P1'\", name: all are P1}\n"
    )
    #expect(failing.status == 1 && failing.output.contains("[a]"))
    let unknown = try write("  - {id: a, level: stop, of: household, expression: \"q1 < 6\"}\n")
    #expect(unknown.status == 65 && unknown.messages.contains("households"))
    let twice = try write("  - {id: id-form, level: stop, of: households, expression: \"q1 <\"}\n")
    #expect(twice.status == 65 && twice.messages.contains("id-duplicate"))
  }

  @Test("a folder in which nothing is there yet, and a workbook on standard output, are refused")
  func nothing() throws {
    let fixture = try DrawFixture()
    _ = try fixture.folder.write(
      "survey: {id: s}\nframes:\n  counties: {file: none.csv, id: code}\n",
      to: "round/survey.yaml"
    )
    #expect(try fixture.run(["check", "round"]).status == 66)
    #expect(try fixture.run(["check", "round", "--format", "xlsx"]).status == 64)
    #expect(try fixture.run(["check", "round", "--format", "pdf"]).status == 64)
  }
}
