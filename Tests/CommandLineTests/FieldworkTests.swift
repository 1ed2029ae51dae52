import Foundation
import Testing

@Suite("mingcha field")
struct FieldworkTests {
  @Test
  func `a round in which everything is right has no fault and the rates that a hand computes`() throws {
    let round = try FieldworkFixture()
    let cell = try round.cell(0, "A")
    let refusing = cell.selected[0]
    for unit in try round.selected() {
      if unit == refusing {
        try round.record(unit, "refused", "--reason", "no time", "--replaced-by", cell.reserves[0])
      } else {
        try round.record(unit, "完成", "--date", "2018-11-20", "--by", "王")
      }
    }
    #expect(try round.record(cell.reserves[0], "completed").status == 0)
    let run = try round.report("--format", "json")
    #expect(run.status == 0 && run.messages.isEmpty, "\(run.messages)")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let summary = try #require(report["summary"] as? [[String: Any]])
    func value(_ key: String, _ column: String = "value") -> Double? {
      summary.first { $0["key"] as? String == key }?[column] as? Double
    }
    // Sixteen selected, all with the same weight; one refused, one reserve in its place.
    #expect(value("selected") == 16 && value("without_outcome") == 0 && value("interviews") == 16)
    #expect(value("rr1") == 15.0 / 16 && value("rr1", "weighted") == 15.0 / 16 && value("rr5") == 15.0 / 16)
    #expect(value("ref1") == 1.0 / 16 && value("replacement_rate") == 1.0 / 16 && value("completion_rate") == 1)
    #expect((report["cells"] as? [Any])?.count == 8 && (report["first_stage"] as? [Any])?.count == 2)
    #expect((report["units"] as? [Any])?.count == 32 && (report["faults"] as? [Any])?.isEmpty == true)
    let reserves = try #require(report["reserves"] as? [[String: Any]])
    #expect(reserves.count == 1 && reserves[0]["replaces"] as? String == refusing)
    #expect(reserves[0]["reason"] as? String == "no time")
  }

  @Test
  func `the record is only added to, and a correction names the line it corrects`() throws {
    let round = try FieldworkFixture()
    let unit = try round.cell(0, "A").selected[0]
    #expect(try round.record(unit, "absent").status == 0)
    let before = try round.fixture.bytes("round/draws/homes/fieldwork.csv")
    let again = try round.record(unit, "completed")
    #expect(again.status == 65 && again.messages.contains("[unit-twice]") && again.messages.contains("--correct"))
    #expect(again.messages.contains("fieldwork.csv:2 unit:"))
    #expect(try round.fixture.bytes("round/draws/homes/fieldwork.csv") == before)
    #expect(try round.record(unit, "completed", "--correct").status == 0)
    let after = try round.fixture.bytes("round/draws/homes/fieldwork.csv")
    #expect(after.starts(with: before))
    #expect(
      try round.recordLines().map(String.init) == [
        "1,households,\(unit),absent,,,,,,", "2,households,\(unit),completed,,,,,1,",
      ]
    )
    #expect(!(try round.report().messages.contains("[unit-twice]")))
    let other = try round.cell(0, "A").selected[1]
    #expect(try round.record(other, "completed", "--correct").status == 64)
  }

  @Test
  func `a line that was taken out of the record shows`() throws {
    let round = try FieldworkFixture()
    for unit in try round.selected().prefix(3) { try round.record(unit, "completed") }
    let path = "round/draws/homes/fieldwork.csv"
    var lines = try round.fixture.text(path).components(separatedBy: "\r\n")
    lines.remove(at: 2)
    _ = try round.fixture.folder.write(lines.joined(separator: "\r\n"), to: path)
    let run = try round.report()
    #expect(run.status == 65 && run.output.isEmpty)
    #expect(run.messages.contains("fieldwork.csv:3 record: \"3\" record 2 is expected here."))
    #expect(run.messages.contains("[record-broken]"))
  }

  @Test
  func `reserves out of order, without a reason, from elsewhere and from nowhere are named with file and row`() throws {
    let round = try FieldworkFixture()
    let (first, other, third) = (try round.cell(0, "A"), try round.cell(1, "A"), try round.cell(2, "B"))
    // Row 2: the second reserve, while the first was not used; told at once.
    let early = try round.record(first.selected[0], "refused", "--replaced-by", first.reserves[1], "--reason", "no")
    #expect(early.status == 0)
    let used = try round.record(first.reserves[1], "completed")
    #expect(used.status == 0 && used.messages.contains("[reserve-out-of-order]"), "\(used.messages)")
    // Rows 4 and 5: a reserve of another village, and no reason.
    let elsewhere = try round.record(other.selected[0], "absent", "--replaced-by", third.reserves[0])
    #expect(elsewhere.messages.contains("[reserve-elsewhere]") && elsewhere.messages.contains(other.reserves[0]))
    try round.record(third.reserves[0], "completed")
    // Row 6: nobody of the list. Row 7: a selected unit.
    let nobody = try round.record(other.selected[1], "absent", "--replaced-by", "the neighbour", "--reason", "no")
    #expect(nobody.status == 65 && nobody.messages.contains("[reserve-not-listed]"))
    #expect(nobody.messages.contains("in order: \(other.reserves.joined(separator: ", "))."))
    let file = "round/draws/homes/fieldwork.csv"
    let before = try round.fixture.text(file)
    #expect(before.split(separator: "\r\n").count == 5)
    let byHand = "5,households,\(other.selected[1]),absent,no,,,the neighbour,,\r\n"
    _ = try round.fixture.folder.write(before + byHand, to: file)
    try round.record(third.selected[0], "absent", "--replaced-by", third.selected[1], "--reason", "no")
    // Row 8: replaced, and completed all the same; the reserve has no outcome.
    let last = try round.cell(3, "A")
    try round.record(last.selected[0], "completed", "--replaced-by", last.reserves[0], "--reason", "no")
    // Row 9: a reserve that nobody says was needed.
    let alone = try round.cell(3, "B")
    try round.record(alone.reserves[0], "completed", "--reason", "on the way")
    let run = try round.report()
    #expect(run.status == 1 && !run.output.isEmpty)
    for (place, code) in [
      (":3 unit: \"\(first.reserves[1])\"", "reserve-out-of-order"),
      (":4 replaced_by: \"\(third.reserves[0])\"", "reserve-elsewhere"),
      (":5 reason: \"\(third.reserves[0])\"", "reserve-without-reason"),
      (":6 replaced_by: \"the neighbour\"", "reserve-not-listed"),
      (":7 replaced_by: \"\(third.selected[1])\"", "reserve-selected"),
      (":8 replaced_by: \"\(last.reserves[0])\"", "replaced-unit-completed"),
      (":8 replaced_by: \"\(last.reserves[0])\"", "reserve-without-outcome"),
      (":9 unit: \"\(alone.reserves[0])\"", "reserve-unlinked"),
    ] {
      let lines = run.messages.split(separator: "\n").filter { $0.hasPrefix(file + place) && $0.hasSuffix("[\(code)]") }
      #expect(lines.count == 1, "\(code) in \(run.messages)")
    }
    // The mend names what may be used.
    #expect(run.messages.contains("in order: \(other.reserves.joined(separator: ", "))."))
  }

  @Test
  func `every selected unit without an outcome is named by its row of the list`() throws {
    let round = try FieldworkFixture()
    let units = try round.selected()
    for unit in units.dropLast(2) { try round.record(unit, "completed") }
    let run = try round.report("--format", "json")
    #expect(run.status == 1)
    let findings = try #require(
      try JSONSerialization.jsonObject(with: Data(run.messages.utf8)) as? [[String: Any]]
    )
    #expect(findings.compactMap { $0["value"] as? String } == Array(units.suffix(2)))
    let rows = try round.fixture.list("round/draws/homes/list.csv").map { $0["household"] }
    for finding in findings {
      let row = try #require(finding["row"] as? Int)
      #expect(finding["code"] as? String == "unit-without-outcome" && rows[row - 2] == finding["value"] as? String)
      #expect(finding["file"] as? String == "round/draws/homes/list.csv")
    }
  }

  @Test
  func `a word that is no outcome is refused with the nearest, and nothing is recorded`() throws {
    let round = try FieldworkFixture()
    let unit = try round.cell(0, "A").selected[0]
    let run = try round.record(unit, "refusd")
    #expect(run.status == 65 && run.output.isEmpty)
    #expect(run.messages.contains("Did you mean \"refused\"?") && run.messages.contains("absent 无人在家"))
    let unknown = try round.record(unit + "0", "completed")
    #expect(unknown.status == 65 && unknown.messages.contains("Did you mean \"\(unit)\"?"))
    #expect(!FileManager.default.fileExists(atPath: round.fixture.folder.path + "/round/draws/homes/fieldwork.csv"))
    let none = try round.report()
    #expect(none.status == 66 && none.messages.contains("mingcha field record"))
  }

  @Test
  func `answers with the survey's own codes are read as what the survey file says they are`() throws {
    let round = try FieldworkFixture()
    let units = try round.selected()
    let codes = ["1", "5", "8", "6"]
    var answers = "household,result,answer\n"
    for (place, unit) in units.enumerated() { answers += "\(unit),\(codes[place % 4]),x\n" }
    _ = try round.fixture.folder.write(answers, to: "answers.csv")
    let run = try round.run("field", "read", "round", "homes", "answers.csv")
    #expect(run.status == 0 && run.output.contains("16 lines, 16 recorded"), "\(run.messages)")
    let piped = try round.fixture.run(
      ["field", "read", "round", "homes", "-"],
      input: Array(answers.utf8)
    )
    #expect(piped.status == 0 && piped.output.contains("0 recorded, 16 known"), "\(piped.messages)")
    let outcomes = try round.recordLines().prefix(4).map { $0.split(separator: ",")[3] }
    #expect(outcomes == ["completed", "refused", "not-found", "vacant"])
    let report = try round.report()
    // Four each: RR1 = 4 / (4 + 4 + 4), e = 8 / 12, RR3 = 4 / (8 + 4 · 2/3), RR5 = 4 / 8.
    #expect(report.status == 0)
    for (name, rate) in [("RR1", "33.3%"), ("RR3", "37.5%"), ("RR5", "50.0%")] {
      let line = report.output.split(separator: "\n").first { $0.hasPrefix("response rate \(name)") }
      #expect(line?.contains(rate) == true, "\(name) in \(report.output)")
    }
  }

  @Test
  func `the forms of the report are files of their own, never written over another`() throws {
    let round = try FieldworkFixture()
    for unit in try round.selected() { try round.record(unit, "completed") }
    #expect(try round.report("-o", "r.xlsx").status == 0)
    #expect(try round.report("-o", "r.xlsx").status == 73)
    #expect(try round.report("-o", "r.xlsx", "--force").status == 0)
    #expect(try round.report("-o", "r.csv").status == 0)
    #expect(round.fixture.folder.names.contains("r-units.csv") && round.fixture.folder.names.contains("r-cells.csv"))
    #expect(try round.fixture.list("r-units.csv").count == 32)
    #expect(try round.report("--format", "xlsx").status == 64)
    #expect(try round.report("--stage", "vilages").messages.contains("Did you mean \"villages\"?"))
  }

  @Test
  func `a loose draw has its record beside its list, named by folder or by list`() throws {
    let fixture = try DrawFixture()
    #expect(try fixture.draw(["--reserves", "1"]).status == 0)
    let list = try fixture.list()
    let selected = list.filter { $0["role"] == "selected" }.compactMap { $0["code"] }
    for unit in selected.dropLast() {
      #expect(try fixture.run(["field", "record", "visits", "--unit", unit, "--outcome", "completed"]).status == 0)
    }
    let last = ["--unit", selected[2], "--outcome", "completed"]
    #expect(try fixture.run(["field", "record", "--list", "visits/list.csv"] + last).status == 0)
    for name in [["visits"], ["visits/"], ["--list", "visits/list.csv"]] {
      let run = try fixture.run(["field", "report"] + name)
      #expect(run.status == 0, "\(run.messages)")
    }
    #expect(try fixture.run(["field", "report"]).status == 64)
    #expect(try fixture.run(["field", "report", "counties.csv"]).status != 0)
    let frame = try fixture.run(["field", "report", "--list", "counties.csv"])
    #expect(frame.status == 65 && frame.messages.contains("[list-not-drawn]"))
  }

  @Test
  func `the reserves of a further wave stand after those of the draw, in the same record`() throws {
    let round = try FieldworkFixture()
    _ = try round.fixture.folder.write("ffeeddccbbaa99887766554433221100\n", to: "new.txt")
    let wave = try round.run(
      "wave",
      "round",
      "homes",
      "--seed-file",
      "new.txt",
      "--earlier-seed-file",
      "seed.txt"
    )
    #expect(wave.status == 0, "\(wave.messages)")
    let cell = try round.cell(0, "A")
    let more = try round.fixture.list("round/draws/homes-wave-2/list.csv").filter {
      $0["village_code"] == String(cell.selected[0].prefix(9)) && $0["households_stratum"] == "A"
    }.compactMap { $0["household"] }
    #expect(!more.isEmpty)
    try round.record(cell.selected[0], "absent", "--replaced-by", more[0], "--reason", "no")
    // Two reserves of the draw come before it.
    #expect(try round.record(more[0], "completed").messages.contains("is reserve 3 of its stratum"))
    let lists = try round.run("lists", "round", "homes-wave-2", "-o", "further", "--format", "csv")
    #expect(lists.status == 0, "\(lists.messages)")
    let units = try round.fixture.list("further/\(round.firstTeam()).csv")
    #expect(units.allSatisfy { $0["role"] == "reserve" } && units.contains { $0["unit"] == more[0] })
    _ = try round.fixture.folder.write("unit,outcome\n\(more[1]),refused\n", to: "back.csv")
    #expect(try round.run("field", "read", "round", "homes-wave-2", "back.csv").status == 0)
    #expect(try round.recordLines().count == 3)
    let loose = try round.run(
      "field",
      "report",
      "--list",
      "round/draws/homes/list.csv",
      "--wave",
      "round/draws/homes-wave-2/list.csv"
    )
    #expect(loose.status == 1 && loose.messages.contains("[reserve-out-of-order]"))
  }

  @Test
  func `while another run writes the record, this one says so and ends with 75`() throws {
    let round = try FieldworkFixture()
    let unit = try round.cell(0, "A").selected[0]
    let status = try shell(
      """
      flock round/draws/homes \(CommandRun.command) field record round homes --unit \(unit) --outcome completed \
        >/dev/null 2>&1; echo $?
      """,
      in: round.fixture.folder.path
    )
    #expect(status == "75\n")
    #expect(try round.record(unit, "completed").status == 0)
  }

  @Test
  func `a record that another program saved otherwise is not added to`() throws {
    let round = try FieldworkFixture()
    let units = try round.selected()
    try round.record(units[0], "completed")
    let path = "round/draws/homes/fieldwork.csv"
    let text = try round.fixture.text(path).replacingOccurrences(of: ",", with: ";")
    _ = try round.fixture.folder.write(text, to: path)
    let run = try round.record(units[1], "completed")
    #expect(run.status == 65 && run.messages.contains("[record-resaved]"), "\(run.messages)")
    #expect(try round.fixture.text(path) == text)
  }
}
