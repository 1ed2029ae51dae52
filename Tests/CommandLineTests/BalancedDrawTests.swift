import Foundation
import Testing

@Suite("mingcha draw, balanced and spread")
struct BalancedDrawTests {
  /// The twelve counties with two columns more, which a balanced draw meets.
  private func fixture() throws -> DrawFixture {
    let fixture = try DrawFixture()
    var frame = "code,league,households,east,north\n"
    for number in 1...24 {
      frame += "15\(100 + number),\((number + 7) / 8),\(300 + number * number % 89),\(number % 5),\(number / 5)\n"
    }
    _ = try fixture.folder.write(frame, to: "counties.csv")
    return fixture
  }

  @Test(arguments: ["cube", "stratified-cube"])
  func `a balanced draw prints how well totals are met, and its sealed receipt does not`(method: String) throws {
    let fixture = try fixture()
    let run = try fixture.draw([
      "--take", "3", "--method", method, "--balance", "households,east", "--balance", "north",
    ])
    #expect(run.status == 0, "\(run.messages)")
    #expect(run.output.contains("Relative deviation") && run.output.contains("households"))
    #expect(try fixture.list().count == 9)
    #expect(try fixture.list().allSatisfy { $0["households"] != nil && $0["north"] != nil })
    let receipt = try fixture.text("visits/receipt.json")
    #expect(!receipt.contains("deviation") && receipt.contains("\"balance\""))
    let verified = try fixture.run(
      ["verify", "visits/receipt.json", "--frame", "counties.csv", "--seed-file", "seed.txt"]
    )
    #expect(verified.status == 0, "\(verified.messages)")
    let json = try fixture.draw(
      ["--take", "3", "--method", method, "--balance", "households", "--format", "json"],
      output: "json"
    )
    let parsed = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    let balance = parsed?["balance"] as? [[String: Any]]
    #expect(balance?.count == 1)
    // By hand: the total of the frame, and households over π = 3/8 of the list.
    let drawn = try fixture.list("json/list.csv").compactMap { $0["households"].flatMap(Double.init) }
    let total = (1...24).reduce(0.0) { $0 + Double(300 + $1 * $1 % 89) }
    #expect(balance?[0]["total"] as? Double == total)
    let estimate = balance?[0]["estimate"] as? Double ?? .nan
    #expect(abs(estimate - drawn.reduce(0, +) * 8 / 3) < 1e-9 * total)
    #expect(abs((balance?[0]["relative_deviation"] as? Double ?? .nan) - (estimate / total - 1)) < 1e-12)
  }

  @Test
  func `a spread draw takes its coordinates from the options, and refuses a row without them`() throws {
    let fixture = try fixture()
    let options = ["--take", "2", "--method", "local-pivotal", "--coordinates", "east,north", "--reserves", "1"]
    let run = try fixture.draw(options)
    #expect(run.status == 0, "\(run.messages)")
    #expect(try fixture.list().count == 9)
    let frame = try fixture.text("counties.csv")
    _ = try fixture.folder.write(frame.replacing("15103,1,309,3,0", with: "15103,1,309,,0"), to: "gap.csv")
    let refused = try fixture.draw(options, frame: "gap.csv", output: "none")
    #expect(refused.status == 65)
    #expect(refused.messages.contains("gap.csv:4 east: the coordinate is missing."), "\(refused.messages)")
    let unused = try fixture.draw(["--coordinates", "east"], output: "none")
    #expect(unused.status == 65 && unused.messages.contains("[coordinates-unused]"), "\(unused.messages)")
    #expect(!fixture.folder.names.contains("none"))
  }

  @Test
  func `a survey file names balancing columns and coordinates of a stage`() throws {
    let fixture = try fixture()
    try FileManager.default.createDirectory(
      atPath: fixture.folder.path + "/round/frame",
      withIntermediateDirectories: true
    )
    _ = try fixture.folder.write(try fixture.text("counties.csv"), to: "round/frame/counties.csv")
    _ = try fixture.folder.write(
      """
      survey: {id: round, name: {zh: 轮, en: Round}}
      frames:
        counties: {files: frame/counties.csv, id: code}
      draws:
        met: {stages: [{frame: counties, take: 4, strata: [league], method: cube, balance: [households, east]}]}
        wide: {stages: [{frame: counties, take: 4, method: local-pivotal, coordinates: [east, north]}]}
        none: {stages: [{frame: counties, take: 4, method: cube}]}

      """,
      to: "round/survey.yaml"
    )
    for name in ["met", "wide"] {
      let run = try fixture.run(["draw", "round", name, "--seed-file", "seed.txt"])
      #expect(run.status == 0, "\(run.messages)")
      let verified = try fixture.run(["verify", "round", name, "--seed-file", "seed.txt"])
      #expect(verified.status == 0, "\(verified.messages)")
    }
    let refused = try fixture.run(["draw", "round", "none", "--seed-file", "seed.txt"])
    #expect(refused.status == 65 && refused.messages.contains("[balance-missing]"), "\(refused.messages)")
  }
}
