import Foundation
import Testing

@Suite("mingcha draw")
struct DrawCommandTests {
  @Test
  func `the draw is the one that sha256sum and sort make`() throws {
    let fixture = try DrawFixture()
    let run = try fixture.draw(["--take", "2", "--reserves", "1"])
    #expect(run.status == 0, "\(run.messages)")
    let list = try fixture.list()
    #expect(list.count == 9)
    for league in 1...3 {
      // The recipe of the protocol, §7, on the ids of one stratum.
      let byHand = try shell(
        """
        K=$(printf 'mingcha draw 1\\nseed %s\\ngroup %s\\nstage %s\\n' \(DrawFixture.seed) 2018/visit-1 unit \
          | sha256sum | cut -c1-64)
        grep ',\(league),' counties.csv | cut -d, -f1 | while IFS= read -r id; do
          printf '%s %s\\n' "$(printf '%s%s' "$K" "$id" | sha256sum | cut -c1-64)" "$id"
        done | LC_ALL=C sort | head -n 3 | cut -d' ' -f2
        """,
        in: fixture.folder.path
      )
      let drawn = list.filter { $0["league"] == String(league) }
      #expect(drawn.compactMap { $0["code"] } == byHand.split(separator: "\n").map(String.init))
      #expect(drawn.map { $0["role"] } == ["selected", "selected", "reserve"])
      #expect(drawn[0]["inclusion_probability"] == "0.5" && drawn[0]["weight"] == "2")
    }
  }

  @Test
  func `two runs write the same bytes, and the folder holds three files`() throws {
    let fixture = try DrawFixture()
    #expect(try fixture.draw(output: "a").status == 0)
    #expect(try fixture.draw(output: "b").status == 0)
    for name in ["list.csv", "list.xlsx", "receipt.json"] {
      #expect(try fixture.bytes("a/" + name) == fixture.bytes("b/" + name), "\(name)")
    }
    #expect(fixture.folder.names == ["a", "b", "counties.csv", "seed.txt"])
    #expect(try fixture.text("a/list.csv").hasPrefix("\u{FEFF}order,role,code"))
  }

  @Test
  func `a sealed receipt holds neither seed nor units; a revealed one does`() throws {
    let fixture = try DrawFixture()
    #expect(try fixture.draw(output: "sealed").status == 0)
    #expect(try fixture.draw(["--reveal"], output: "open").status == 0)
    let sealed = try fixture.text("sealed/receipt.json")
    let open = try fixture.text("open/receipt.json")
    let codes = try fixture.list("sealed/list.csv").compactMap { $0["code"] }
    #expect(!sealed.contains(DrawFixture.seed) && codes.allSatisfy { !sealed.contains($0) })
    #expect(open.contains(DrawFixture.seed) && codes.allSatisfy { open.contains($0) })
  }

  @Test
  func `a draw that is there is not overwritten`() throws {
    let fixture = try DrawFixture()
    #expect(try fixture.draw().status == 0)
    let before = try fixture.bytes("visits/receipt.json")
    let again = try fixture.draw(["--take", "2"])
    #expect(again.status == 73 && again.output.isEmpty)
    #expect(again.messages.contains("visits: holds a draw") && again.messages.contains("[draw-exists]"))
    #expect(try fixture.bytes("visits/receipt.json") == before)
    try FileManager.default.createSymbolicLink(
      atPath: fixture.folder.path + "/link",
      withDestinationPath: fixture.folder.path + "/elsewhere"
    )
    #expect(try fixture.draw(output: "link").status == 73)
  }

  @Test
  func `standard input and filters are drawn from`() throws {
    let fixture = try DrawFixture()
    let run = try fixture.draw(
      ["--take", "all", "--where", "villages > 100"],
      frame: "-",
      input: Array(try fixture.bytes("counties.csv"))
    )
    #expect(run.status == 0, "\(run.messages)")
    #expect(try Set(fixture.list().compactMap { $0["code"] }) == ["15111", "15112"])
    #expect(run.messages.contains("[nothing-left-to-chance]"))
  }

  @Test
  func `sizes by stratum, reserves that run short and certainty are told`() throws {
    let fixture = try DrawFixture()
    let run = try fixture.draw(["--take", "1=1", "--take", "2=up-to 9", "--take", "3=0", "--reserves", "4"])
    #expect(run.status == 0, "\(run.messages)")
    #expect(try fixture.list().filter { $0["role"] == "selected" }.count == 5)
    #expect(run.messages.contains("[reserves-short]"))
    let sized = try fixture.draw(
      ["--take", "2", "--method", "pps-systematic", "--size", "villages", "--sort", "villages:numeric:descending"],
      output: "sized"
    )
    #expect(sized.status == 0, "\(sized.messages)")
    #expect(try fixture.list("sized/list.csv").count == 6)
  }

  @Test
  func `a ceremony's contributions are committed to one by one`() throws {
    let fixture = try DrawFixture()
    _ = try fixture.folder.write("dice 1 2 3\n", to: "dice.txt")
    let files = ["--contribution-file", "seed.txt", "--contribution-file", "dice.txt"]
    #expect(try fixture.draw(seed: files).status == 0)
    let receipt = try fixture.text("visits/receipt.json")
    for file in ["seed.txt", "dice.txt"] {
      let commitment = try fixture.run(["commit", file]).output
      let byHand = try shell(
        "(printf 'mingcha commitment 1\\n'; cat \(file)) | sha256sum | cut -c1-64",
        in: fixture.folder.path
      )
      #expect(commitment == byHand)
      #expect(receipt.contains(commitment.dropLast()))
    }
    #expect(try fixture.run(["verify", "visits", "--frame", "counties.csv"] + files).status == 0)
  }

  @Test
  func `a second attempt names the receipt before it`() throws {
    let fixture = try DrawFixture()
    #expect(try fixture.draw().status == 0)
    #expect(try fixture.draw(["--previous", "visits/receipt.json"], output: "again").status == 0)
    let digest = try shell("sha256sum visits/receipt.json | cut -c1-64", in: fixture.folder.path).dropLast()
    let receipt = try fixture.text("again/receipt.json")
    #expect(receipt.contains("\"attempt\" : 2") && receipt.contains(digest))
  }
}
