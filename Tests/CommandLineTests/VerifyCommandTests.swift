import Foundation
import Testing

@Suite("mingcha verify and reveal")
struct VerifyCommandTests {
  private let seed = ["--seed-file", "seed.txt"]

  private func drawn() throws -> DrawFixture {
    let fixture = try DrawFixture()
    try #require(try fixture.draw(["--reserves", "1"]).status == 0)
    return fixture
  }

  private func verify(_ fixture: DrawFixture, _ options: [String]) throws -> CommandRun {
    try fixture.run(["verify", "visits/receipt.json", "--frame", "counties.csv"] + options)
  }

  @Test
  func `an honest draw verifies, whatever the order of the rows`() throws {
    let fixture = try drawn()
    let run = try verify(fixture, seed)
    #expect(run.status == 0 && run.output.contains("the draw repeats in full, 6 units. The list was compared."))
    _ = try shell(
      "(head -1 counties.csv; tail -n +2 counties.csv | sort -r) >x && mv x counties.csv",
      in: fixture.folder.path
    )
    #expect(try verify(fixture, seed).status == 0)
  }

  @Test
  func `a draw that takes nothing has an empty list and verifies`() throws {
    let fixture = try DrawFixture()
    try #require(try fixture.draw(["--take", "0"]).status == 0)
    #expect(try fixture.list().isEmpty)
    let run = try verify(fixture, seed)
    #expect(run.status == 0 && run.output.contains("0 units. The list was compared."), "\(run.messages)")
    _ = try shell("sed -n 2p counties.csv >>visits/list.csv", in: fixture.folder.path)
    #expect(try verify(fixture, seed).status != 0)
  }

  @Test
  func `a sealed receipt without the seed decides nothing`() throws {
    let run = try verify(try drawn(), [])
    #expect(run.status == 69 && run.output.contains("[seed-missing]"))
  }

  @Test(
    arguments: [
      ("sed -i 's/旗3/旗4/' counties.csv", "frame-changed"),
      ("sed -i '/,2,/d' counties.csv", "stratum-missing"),
      ("echo 15999,旗,3,1 >>counties.csv", "population-differs"),
      ("sed -i '1s/code/id/' counties.csv", "frame-changed"),
      ("sed -i 's/,reserve,\\([0-9]*\\)/,reserve,9\\1/' visits/list.csv", "list-differs"),
      ("sed -i '$d' visits/list.csv", "list-differs"),
      ("echo ffeeddccbbaa99887766554433221100 >seed.txt", "seed-differs"),
    ])
  func `what was changed is named`(change: String, code: String) throws {
    let fixture = try drawn()
    _ = try shell(change, in: fixture.folder.path)
    let run = try verify(fixture, seed)
    #expect(run.status == 1, "\(run.messages)")
    #expect(run.output.contains("[\(code)]"), "\(run.output)")
  }

  @Test
  func `what cannot be read is no difference`() throws {
    let fixture = try drawn()
    #expect(try fixture.run(["verify", "no.json"] + seed).status == 66)
    #expect(try fixture.run(["verify", "counties.csv"] + seed).status == 65)
    #expect(try fixture.run(["verify", "visits", "--frame", "a", "--frame", "b"] + seed).status == 64)
    #expect(try fixture.run(["verify", "visits", "--frame", "no.csv"] + seed).status == 66)
  }

  @Test
  func `reveal opens the receipt after the draw repeats, and not before`() throws {
    let fixture = try drawn()
    let sealed = try fixture.bytes("visits/receipt.json")
    _ = try shell("cp counties.csv honest; sed -i 's/旗3/旗4/' counties.csv", in: fixture.folder.path)
    let refused = try fixture.run(["reveal", "visits", "--frame", "counties.csv"] + seed)
    #expect(refused.status == 1 && refused.output.contains("[frame-changed]"))
    #expect(try fixture.bytes("visits/receipt.json") == sealed)
    _ = try shell("mv honest counties.csv", in: fixture.folder.path)
    #expect(try fixture.run(["reveal", "visits", "--frame", "counties.csv"] + seed).status == 0)
    #expect(try fixture.draw(["--reserves", "1", "--reveal"], output: "open").status == 0)
    #expect(try fixture.bytes("visits/receipt.json") == fixture.bytes("open/receipt.json"))
    #expect(try verify(fixture, []).status == 0)
  }

  @Test
  func `a tampered receipt is told`() throws {
    let fixture = try drawn()
    try #require(try fixture.run(["reveal", "visits", "--frame", "counties.csv"] + seed).status == 0)
    let first = try #require(try fixture.list().first?["code"])
    _ = try shell("sed -i 's/\"id\" : \"\(first)\"/\"id\" : \"15999\"/' visits/receipt.json", in: fixture.folder.path)
    let run = try verify(fixture, [])
    #expect(run.status == 1 && run.output.contains("15999"))
  }
}
