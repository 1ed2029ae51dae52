import Foundation
import Testing

/// Each has one clear message, one exit code, nothing on standard output and nothing written.
@Suite("mingcha draw, bad input")
struct DrawBadInputTests {
  private func expectRefusal(
    _ run: CommandRun,
    _ fixture: DrawFixture,
    status: Int32,
    _ words: String...
  ) {
    #expect(run.status == status, "\(run.messages)")
    #expect(run.output.isEmpty)
    for word in words { #expect(run.messages.contains(word), "\(word) in \(run.messages)") }
    #expect(!fixture.folder.names.contains("visits"))
    #expect(fixture.folder.names.allSatisfy { !$0.hasSuffix(".mingcha-tmp") })
  }

  @Test
  func `a missing column names the nearest`() throws {
    let fixture = try DrawFixture()
    expectRefusal(
      try fixture.draw(["--strata", "leagu"]),
      fixture,
      status: 65,
      "counties.csv leagu:",
      "Did you mean \"league\"?",
      "[column-missing]"
    )
  }

  @Test(arguments: [[String](), ["--must-include", "code == 'u1'"], ["--method", "systematic"]])
  func `strata that lists could not tell apart are refused, both named`(options: [String]) throws {
    let fixture = try DrawFixture()
    func write(_ strata: [(String, Int)]) throws {
      let rows = strata.flatMap { Array(repeating: $0.0, count: $0.1) }
      let lines = rows.enumerated().map { "u\($0.offset),\($0.element)\n" }
      _ = try fixture.folder.write("code,league,kind\n" + lines.joined(), to: "odd.csv")
    }
    func draw() throws -> CommandRun { try fixture.draw(["--strata", "kind"] + options, frame: "odd.csv") }
    try write([("\"a, b\",c", 4), ("a,\"b, c\"", 20)])
    expectRefusal(try draw(), fixture, status: 65, "odd.csv", "(a | b, c)", "(a, b | c)", "[stratum-ambiguous]")
    try write([("caf\u{E9},x", 6), ("cafe\u{301},x", 10)])
    expectRefusal(try draw(), fixture, status: 65, "cafe\\u{301}", "[stratum-ambiguous]")
    try write([("a,x", 6), ("a,x (certain)", 10)])
    expectRefusal(try draw(), fixture, status: 65, "a, x (certain)", "[stratum-reserved]")
    try write([("a,x", 6), ("a (certain),x", 10)])
    #expect(try draw().status == 0)
  }

  @Test
  func `an attempt before this one whose number cannot be is refused`() throws {
    let fixture = try DrawFixture()
    #expect(try fixture.draw(output: "one").status == 0)
    let text = try fixture.text("one/receipt.json")
    for number in ["9223372036854775807", "0", "-5"] {
      let altered = text.replacingOccurrences(of: "\"attempt\" : 1", with: "\"attempt\" : \(number)")
      _ = try fixture.folder.write(altered, to: "before.json")
      expectRefusal(
        try fixture.draw(["--previous", "before.json"]),
        fixture,
        status: 65,
        "before.json attempt: \"\(number)\"",
        "[receipt-range]"
      )
    }
  }

  @Test(arguments: [[String](), ["--where", "villages > 0"]])
  func `a repeated id names both rows`(options: [String]) throws {
    let fixture = try DrawFixture()
    _ = try fixture.folder.write("code,league,villages\na,1,1\nb,1,0\nc,1,1\na,2,1\n", to: "twice.csv")
    expectRefusal(
      try fixture.draw(options, frame: "twice.csv"),
      fixture,
      status: 65,
      "twice.csv:5 code:",
      "row 2",
      "[id-duplicate]"
    )
    _ = try fixture.folder.write("code,league\na,1\nb,2\na,1\n", to: "same.csv")
    expectRefusal(try fixture.draw(frame: "same.csv"), fixture, status: 65, "[id-duplicate]")
    let run = try fixture.draw(["--dedupe"], frame: "same.csv")
    #expect(run.status == 0 && run.messages.contains("same.csv:4: equals row 2"))
    #expect(try fixture.text("visits/receipt.json").contains("row 4: equals row 2"))
    #expect(
      try fixture.run(["verify", "visits", "--frame", "same.csv", "--dedupe", "--seed-file", "seed.txt"]).status == 0
    )
  }

  @Test
  func `a sample larger than its stratum is refused`() throws {
    let fixture = try DrawFixture()
    expectRefusal(
      try fixture.draw(["--take", "5"]),
      fixture,
      status: 65,
      "n = 5",
      "N = 4",
      "[sample-exceeds-population]"
    )
  }

  @Test
  func `a weak seed needs a reason, which the receipt keeps`() throws {
    let fixture = try DrawFixture()
    _ = try fixture.folder.write("2018\n", to: "seed.txt")
    expectRefusal(try fixture.draw(), fixture, status: 65, "13 countable bits", "[seed-weak]")
    #expect(try fixture.draw(["--weak-seed-reason", "rehearsal"]).status == 0)
    #expect(try fixture.text("visits/receipt.json").contains("\"weak_seed_reason\" : \"rehearsal\""))
    #expect(try fixture.run(["verify", "visits", "--frame", "counties.csv", "--seed-file", "seed.txt"]).status == 0)
  }

  @Test
  func `a size that is no number is refused with its row`() throws {
    let fixture = try DrawFixture()
    _ = try fixture.folder.write("code,league,size\na,1,1\nb,1,many\n", to: "size.csv")
    expectRefusal(
      try fixture.draw(["--method", "pps-systematic", "--size", "size"], frame: "size.csv"),
      fixture,
      status: 65,
      "size.csv:3 size: \"many\"",
      "[size-invalid]"
    )
  }

  @Test
  func `an id that a spreadsheet cut is refused`() throws {
    let fixture = try DrawFixture()
    _ = try fixture.folder.write("code,league\n1.50121E+17,1\n", to: "cut.csv")
    expectRefusal(try fixture.draw(frame: "cut.csv"), fixture, status: 65, "cut.csv:2 code:", "[id-scientific]")
  }

  @Test
  func `full-width ids are read as plain ones, and the receipt lists the change`() throws {
    let fixture = try DrawFixture()
    _ = try fixture.folder.write("code,league\n１５,1\n16,1\n", to: "wide.csv")
    let run = try fixture.draw(["--take", "all"], frame: "wide.csv")
    #expect(run.status == 0 && run.messages.contains("wide.csv:2 code: \"１５\" was read as \"15\"."))
    #expect(try fixture.list().compactMap { $0["code"] }.sorted() == ["15", "16"])
    #expect(try fixture.text("visits/receipt.json").contains("row 2, code: "))
    #expect(try fixture.run(["verify", "visits", "--frame", "wide.csv", "--seed-file", "seed.txt"]).status == 0)
  }

  @Test(
    arguments: [
      (["--frame", "x"], 64), (["--take", "two"], 64), (["--take", "1", "--up-to", "1"], 64),
      (["--method", "srss"], 65), (["--where", "villages >"], 65),
    ] as [([String], Int32)]
  )
  func `wrong options`(options: [String], status: Int32) throws {
    let fixture = try DrawFixture()
    expectRefusal(try fixture.draw(options), fixture, status: status)
  }

  @Test
  func `missing inputs have their codes`() throws {
    let fixture = try DrawFixture()
    expectRefusal(try fixture.draw(frame: "no.csv"), fixture, status: 66, "no.csv: does not exist", "[file-missing]")
    expectRefusal(try fixture.draw(seed: ["--seed-file", "no.txt"]), fixture, status: 66, "no.txt")
    expectRefusal(try fixture.draw(seed: []), fixture, status: 64, "--seed-file")
    expectRefusal(
      try fixture.run(["draw", "counties.csv", "--seed-file", "seed.txt"]),
      fixture,
      status: 64,
      "--id",
      "--group",
      "--output"
    )
  }

  @Test
  func `findings come as JSON on request`() throws {
    let fixture = try DrawFixture()
    let run = try fixture.draw(["--strata", "leagu", "--format", "json"])
    #expect(run.status == 65 && run.output.isEmpty)
    let findings = try JSONSerialization.jsonObject(with: Data(run.messages.utf8)) as? [[String: Any]]
    #expect(findings?.first?["code"] as? String == "column-missing")
    #expect(findings?.first?["column"] as? String == "leagu")
  }

  @Test
  func `standard output that takes nothing ends in 74`() throws {
    let fixture = try DrawFixture()
    let command = CommandRun.command
    #expect(try shell("\(command) --help >/dev/full 2>/dev/null; echo $?", in: fixture.folder.path) == "74\n")
    let closed = try shell(
      "(trap '' PIPE; sleep 1; \(command) commit seed.txt 2>/dev/null; echo $? >status) | true; sleep 2; cat status",
      in: fixture.folder.path
    )
    #expect(closed == "74\n")
  }
}
