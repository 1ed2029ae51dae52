import Foundation
import Testing

/// Allocation, must-include units and takes by class from the command line.
@Suite("mingcha draw, allocation")
struct AllocationCommandTests {
  /// The words of an allocation of the three leagues, four counties each.
  private func draw(_ words: String, _ options: [String] = [], _ fixture: DrawFixture) throws -> CommandRun {
    try fixture.run(
      [
        "draw", "counties.csv", "--id", "code", "--group", "2018/visit-1", "--strata", "league", "-o", "visits",
        "--seed-file", "seed.txt", "--allocate", words,
      ] + options
    )
  }

  @Test
  func `--explain shows every stratum and draws nothing, without a seed`() throws {
    let fixture = try DrawFixture()
    _ = try fixture.folder.write("league,sd\n1,4\n2,1\n3,1\n", to: "s.csv")
    let run = try fixture.run([
      "draw", "counties.csv", "--id", "code", "--strata", "league", "--explain", "--format", "json", "--allocate",
      "total=6 rule=neyman sd=s.csv", "--must-include", "code in ['15107', '15108']",
    ])
    #expect(run.status == 0, "\(run.messages)")
    let top = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: [[String: Any]]])
    let rows = try #require(top["unit"])
    #expect(rows.map { $0["sample"] as? Int } == [3, 2, 1])
    #expect(rows.map { $0["unrounded"] as? Double } == [3, 2, 1])
    #expect(rows.map { $0["population"] as? Int } == [4, 4, 4])
    #expect(rows[1]["must_include"] as? Int == 2)
    #expect(!fixture.folder.names.contains("visits"))
  }

  @Test
  func `an allocated draw keeps the total, stands in the receipt and verifies`() throws {
    let fixture = try DrawFixture()
    let run = try draw("total=7 rule=power q=0.5 size=villages min=2", ["--must-include", "code == '15104'"], fixture)
    #expect(run.status == 0, "\(run.messages)")
    let list = try fixture.list()
    #expect(list.count == 7)
    let certain = list.filter { $0["unit_stratum"] == "1 (certain)" }
    #expect(certain.map { $0["code"] } == ["15104"] && certain[0]["weight"] == "1")
    let receipt = try fixture.text("visits/receipt.json")
    for key in ["\"allocate\"", "\"exponent\" : 0.5", "\"must_include\" : \"code == '15104'\""] {
      #expect(receipt.contains(key))
    }
    #expect(try fixture.run(["verify", "visits", "--frame", "counties.csv", "--seed-file", "seed.txt"]).status == 0)
  }

  @Test
  func `words that are not understood are all named`() throws {
    let fixture = try DrawFixture()
    let run = try draw("totl=7 rule=equal min=x", [], fixture)
    #expect(run.status == 64)
    for word in ["Did you mean \"total\"?", "\"x\" is not a number", "the total (or up-to) is missing"] {
      #expect(run.messages.contains(word), "\(word)")
    }
    #expect(try draw("total=7 rule=equal", ["--take", "2"], fixture).status == 64)
    _ = try fixture.folder.write("league,sd\n1,4\n1,5\n2,many\n", to: "s.csv")
    let table = try draw("total=7 rule=neyman sd=s.csv", [], fixture)
    #expect(table.status == 65)
    for code in ["[stratum-duplicate]", "[number-text]"] { #expect(table.messages.contains(code)) }
    #expect(!fixture.folder.names.contains("visits"))
  }

  @Test
  func `takes and reserves by class, a star for the others`() throws {
    let fixture = try DrawFixture()
    let run = try fixture.draw(["--take", "1=all", "--take", "*=2", "--reserves", "2=2", "--reserves", "*=0"])
    #expect(run.status == 0, "\(run.messages)")
    let list = try fixture.list()
    #expect(list.count { $0["role"] == "selected" } == 8)
    #expect(list.filter { $0["role"] == "reserve" }.map { $0["league"] } == ["2", "2"])
    #expect(try fixture.draw(["--reserves", "x"], output: "other").status == 64)
  }

  @Test
  func `more must-include units than the sample are refused with the numbers`() throws {
    let fixture = try DrawFixture()
    let run = try fixture.draw(["--must-include", "villages > 0"])
    #expect(run.status == 65)
    #expect(run.messages.contains("has 4 must-include units, but n is only 1"))
    #expect(run.messages.components(separatedBy: "[must-include-exceeds]").count == 4)
  }
}
