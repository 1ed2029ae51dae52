import Foundation
import Testing

/// Draws by size: probabilities of pairs beside the list, hits, and what a user sees of them.
@Suite("mingcha draw by size")
struct UnequalDrawTests {
  private let fixture: DrawFixture

  init() throws { fixture = try DrawFixture() }

  private func draw(_ method: String, _ options: [String] = ["--take", "2"]) throws -> CommandRun {
    try fixture.draw(["--method", method, "--size", "villages"] + options)
  }

  private func verify() throws -> CommandRun {
    try fixture.run(["verify", "visits/receipt.json", "--frame", "counties.csv", "--seed-file", "seed.txt"])
  }

  @Test
  func `pairs stand beside the list, are verified with it, and a changed one is named`() throws {
    let run = try draw("conditional-poisson", ["--take", "3", "--reveal"])
    #expect(run.status == 0, "\(run.messages)")
    #expect(run.messages.contains("joint.csv"))
    let pairs = try fixture.list("visits/joint.csv")
    #expect(pairs.count == 3 * 3)
    #expect(pairs[0]["stage"] == "unit" && pairs[0]["stratum"] == "1")
    #expect(try fixture.text("visits/receipt.json").contains("joint_digest"))
    #expect(try verify().status == 0)
    let first = pairs[0]["probability"] ?? "?"
    _ = try shell("sed -i '2s/\(first)/0.25/' visits/joint.csv", in: fixture.folder.path)
    let altered = try verify()
    #expect(altered.status == 1)
    #expect(altered.output.contains("joint-differs") && altered.output.contains(first), "\(altered.output)")
  }

  @Test
  func `a sealed draw verifies with its pairs and gets their digest when revealed`() throws {
    try #require(try draw("pps-sampford").status == 0)
    #expect(!(try fixture.text("visits/receipt.json").contains("joint")))
    let reveal = try fixture.run([
      "reveal", "visits/receipt.json", "--frame", "counties.csv", "--seed-file", "seed.txt",
    ])
    #expect(reveal.status == 0, "\(reveal.messages)")
    #expect(try fixture.text("visits/receipt.json").contains("joint_digest"))
    _ = try shell("rm visits/joint.csv", in: fixture.folder.path)
    #expect(try verify().status == 0)
  }

  @Test
  func `with replacement hits are counted, and all of a stratum cannot be asked for`() throws {
    let run = try draw("pps-with-replacement", ["--take", "9"])
    #expect(run.status == 0, "\(run.messages)")
    let rows = try fixture.list()
    #expect(rows.reduce(0) { $0 + (Int($1["unit_hits"] ?? "") ?? 0) } == 27)
    for row in rows {
      let hits = Double(row["unit_hits"] ?? "") ?? .nan
      let expected = Double(row["unit_probability"] ?? "") ?? .nan
      #expect(Double(row["weight"] ?? "") == hits / expected)
      #expect(row["unit_sample"] == "9")
    }
    #expect(try verify().status == 0)
    _ = try shell("rm -r visits", in: fixture.folder.path)
    let all = try draw("pps-with-replacement", ["--take", "all"])
    #expect(all.status != 0 && all.messages.contains("a number of draws"), "\(all.messages)")
  }

  @Test
  func `the receipt says which probability a Pareto sample uses; its reserves state none`() throws {
    try #require(try draw("pps-pareto", ["--take", "2", "--reserves", "1"]).status == 0)
    #expect(try fixture.text("visits/receipt.json").contains("\"probability\" : \"exact\""))
    let reserves = try fixture.list().filter { $0["role"] == "reserve" }
    #expect(reserves.count == 3 && reserves.allSatisfy { $0["unit_probability"] == "" })
    #expect(try verify().status == 0)
  }
}
