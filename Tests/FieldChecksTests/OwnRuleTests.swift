import FieldChecks
import SurveyData
import Testing

@Suite struct OwnRuleTests {
  private func rule(_ expression: String, failsOnMissing: Bool = false) throws -> OwnRule {
    OwnRule(
      id: "own",
      level: .stop,
      source: "households",
      expression: try Expression(parsing: expression),
      name: LocalizedText(zh: "规则", en: "a rule"),
      fix: LocalizedText(zh: "改", en: "mend it"),
      failsOnMissing: failsOnMissing
    )
  }

  private func rows(_ rule: OwnRule) -> [Int] {
    var settings = CheckSettings()
    settings.rules = [rule]
    let answers = "household,class,exit_year,persons\na,P2,2016,3\nb,P2,,2\nc,N0,,1\nd,P2,2013,x\n"
    return Checked([.responses(answers)], settings: settings).rows("own")
  }

  @Test("true is fine, false fails; with an empty cell it is decided only where it is true all the same")
  func missing() throws {
    #expect(rows(try rule("class != 'P2' or exit_year >= 2014")) == [5])
    #expect(rows(try rule("class != 'P2' or exit_year >= 2014", failsOnMissing: true)) == [3, 5])
    #expect(rows(try rule("persons >= 2")) == [4], "what is no number is another rule's")
  }

  @Test("a rule whose column or table is absent is not tried, and says so")
  func absent() throws {
    for (expression, source) in [("nothing > 1", "households"), ("persons > 1", "villages")] {
      var own = try rule(expression)
      own.source = source
      var settings = CheckSettings()
      settings.rules = [own]
      let checked = Checked([.responses("household,persons\na,1\n")], settings: settings)
      let outcome = try #require(checked.report.outcomes.first { $0.id == "own" })
      #expect(outcome.isSkipped && !outcome.notes.isEmpty)
    }
  }

  @Test("the failing row shows the values that made it fail, private ones masked")
  func values() throws {
    var settings = CheckSettings()
    settings.rules = [try rule("姓名 == 'x'")]
    let problem = Checked([.responses("household,姓名\na,王小明\n")], settings: settings).problems("own").first
    #expect(problem?.message.en == "a rule (姓名 = 王*).")
  }

  @Test("the same report with any number of workers, and every failure counted beyond those kept")
  func workers() {
    let text = "household,income_per_head\n" + (0..<3_000).map { "h\($0),0\n" }.joined()
    let checked = Checked([.responses(text)])
    #expect(checked.problems("register-income").count == 3_000)
    #expect(checked.report.level == .warn)
  }
}
