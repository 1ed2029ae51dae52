import Foundation
import Testing

@Suite("mingcha lists")
struct TeamListTests {
  private func part(_ name: String, of workbook: String, _ round: FieldworkFixture) throws -> String {
    try shell(
      "python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' "
        + "'\(workbook)' '\(name)'",
      in: round.fixture.folder.path
    )
  }

  @Test
  func `a county is a team with a sheet a village; the reserve villages stay in the office`() throws {
    let round = try FieldworkFixture()
    let run = try round.run("lists", "round", "homes", "-o", "teams", "--format", "xlsx,html,csv,json")
    #expect(run.status == 0, "\(run.messages)")
    let names = try FileManager.default.contentsOfDirectory(atPath: round.fixture.folder.path + "/teams").sorted()
    #expect(
      names == ["150101-甲旗", "150102-乙旗"].flatMap { name in ["csv", "html", "json", "xlsx"].map { "\(name).\($0)" } }
        + ["office-reserves.xlsx"]
    )
    let sheets = try part("xl/workbook.xml", of: "teams/150101-甲旗.xlsx", round)
    let count = sheets.components(separatedBy: "<sheet name=").count - 1
    #expect(count == 3 && sheets.contains("<sheet name=\"About\""))
    let units = try round.fixture.list("teams/150101-甲旗.csv")
    #expect(units.count == 16 && units.allSatisfy { $0["outcome"] == "" })
    let office = try part("xl/sharedStrings.xml", of: "teams/office-reserves.xlsx", round)
    let reserves = try round.fixture.list("round/draws/homes/list.csv").filter { $0["household"] == "" }
    #expect(reserves.count == 2)
    for row in reserves { #expect(office.contains(try #require(row["villages_code"]))) }
    // As they were handed out, the workbooks tell nothing yet, that of the office included.
    let files = try shell("ls teams/*.xlsx", in: round.fixture.folder.path).split(separator: "\n").map(String.init)
    let read = try round.fixture.run(["field", "read", "round", "homes"] + files)
    #expect(read.status == 0 && files.count == 3, "\(read.messages)")
    #expect(read.output.components(separatedBy: ", 0 recorded, 0 known").count - 1 == 3)
  }

  @Test
  func `a sheet holds place, drop-down list, text ids and the reserves after the selected`() throws {
    let round = try FieldworkFixture()
    #expect(try round.run("lists", "round", "homes", "-o", "teams").status == 0)
    let sheet = try part("xl/worksheets/sheet1.xml", of: "teams/150101-甲旗.xlsx", round)
    let strings = try part("xl/sharedStrings.xml", of: "teams/150101-甲旗.xlsx", round)
    #expect(sheet.contains("<dataValidation type=\"list\"") && sheet.contains("refused"))
    #expect(sheet.contains("paperSize=\"9\"") && sheet.contains("fitToWidth") == false)
    #expect(sheet.contains("List commitment"))
    for word in ["盟市 / League：一盟 150100", "旗县 / County：甲旗 150101", "嘎查村 / Village：", "乡镇代码 / Township code：15010100"] {
      #expect(strings.contains(word), "\(word)")
    }
    let units = try round.fixture.list("round/draws/homes/list.csv")
    for unit in units where unit["code"] == "150101" && unit["household"] != "" {
      #expect(strings.contains("<t>\(try #require(unit["household"]))</t>"))
    }
    // Four selected, then four reserves: order and role in the rows under the heads.
    let rows = try round.fixture.run([
      "lists", "round", "homes", "-o", "plain", "--format", "csv",
    ])
    #expect(rows.status == 0)
    let plain = try round.fixture.list("plain/150101-甲旗.csv").prefix(8)
    #expect(
      plain.map { $0["role"] ?? "" } == ["selected", "selected", "selected", "selected"]
        + Array(repeating: "reserve", count: 4)
    )
    #expect(plain.suffix(4).map { $0["order"] ?? "" } == ["1", "2", "1", "2"])
  }

  @Test
  func `no list tells a seed, a key, a ticket or a probability, and two runs write the same bytes`() throws {
    let round = try FieldworkFixture()
    for name in ["a", "b"] {
      #expect(try round.run("lists", "round", "homes", "-o", name, "--format", "xlsx,html,csv,json").status == 0)
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: round.fixture.folder.path + "/a") {
      #expect(try round.fixture.bytes("a/" + name) == round.fixture.bytes("b/" + name), "\(name)")
    }
    let columns = try #require(try round.fixture.list("a/150101-甲旗.csv").first).keys.sorted()
    #expect(
      columns == [
        "class", "date", "interviewer", "list_order", "order", "outcome", "page", "reason", "replaced_by", "role",
        "stratum", "unit",
      ]
    )
    let page = try round.fixture.text("a/150101-甲旗.html")
    #expect(!page.contains(DrawFixture.seed) && !page.contains("probability"))
    let receipt = try round.fixture.text("round/draws/homes/receipt.json")
    let commitment = try #require(receipt.firstMatch(of: #/"list_commitment" : "([0-9a-f]{64})"/#)?.1)
    #expect(page.contains(commitment))
    let digest = try shell("sha256sum round/draws/homes/receipt.json | cut -c1-64", in: round.fixture.folder.path)
    #expect(page.contains(digest.dropLast()))
  }

  @Test
  func `printed, every village is a page of its own with lines to sign`() throws {
    let round = try FieldworkFixture()
    #expect(try round.run("lists", "round", "homes", "-o", "teams", "--format", "html", "--teams", "1").status == 0)
    let page = try round.fixture.text("teams/team-1.html")
    #expect(page.components(separatedBy: "<section class=\"handout\">").count - 1 == 4)
    #expect(page.components(separatedBy: "class=\"signatures\"").count - 1 == 4)
    #expect(page.components(separatedBy: "<tr class=\"ruled\">").count - 1 == 4)
    #expect(page.contains("访员签名 / Interviewer") && page.contains("break-before: page"))
    #expect(!page.contains("<script") && page.contains("default-src 'none'"))
  }

  @Test
  func `every village is numbered from 1, its strata stand beside the order, and the title is the draw's name`() throws
  {
    let round = try FieldworkFixture()
    let survey = try round.fixture.text("round/survey.yaml")
    _ = try round.fixture.folder.write(
      survey.replacingOccurrences(of: "  homes:\n", with: "  homes:\n    name: {zh: 入户, en: Home interviews}\n"),
      to: "round/survey.yaml"
    )
    #expect(try round.run("lists", "round", "homes", "-o", "teams", "--format", "csv,html").status == 0)
    let list = try round.fixture.list("round/draws/homes/list.csv")
    for team in ["150101-甲旗", "150102-乙旗"] {
      let rows = try round.fixture.list("teams/\(team).csv")
      #expect(rows.count == 16)
      for half in [rows.prefix(8), rows.suffix(8)] {
        let selected = half.filter { $0["role"] == "selected" }
        #expect(selected.map { $0["order"] ?? "" } == ["1", "2", "3", "4"])
        for row in half {
          let own = try #require(list.first { $0["household"] == row["unit"] })
          #expect(row["list_order"] == own["order"] && row["stratum"] == own["households_stratum"])
        }
      }
      let page = try round.fixture.text("teams/\(team).html")
      let heads = try #require(page.firstRange(of: "<tr><th"))
      let row = page[heads.lowerBound...].prefix(400)
      #expect(row.contains("顺序 / Order</th><th scope=\"col\" class=\"c\">层 / Stratum</th>"))
      #expect(page.contains("Small: Home interviews") && page.contains("within a stratum they are used in their order"))
    }
  }

  @Test
  func `in a draw of one stage --team-by makes the sheets too, and --columns says what they show`() throws {
    let fixture = try DrawFixture()
    #expect(try fixture.draw(["--take", "2", "--reserves", "1"]).status == 0)
    let run = try fixture.run(["lists", "visits", "--team-by", "league", "-o", "teams", "--format", "csv,html,xlsx"])
    #expect(run.status == 0, "\(run.messages)")
    for league in 1...3 {
      let rows = try fixture.list("teams/\(league).csv")
      #expect(rows.count == 3 && rows.allSatisfy { $0["league"] == "\(league)" && $0["page"] == "\(league)" })
      #expect(rows.map { $0["order"] ?? "" } == ["1", "2", "1"])
      // One stratum a page: reserves need no stratum beside their order.
      #expect(try !fixture.text("teams/\(league).html").contains("Stratum"))
    }
    let shown = try fixture.run(["lists", "visits", "--columns", "villages", "-o", "shown", "--format", "html"])
    #expect(shown.status == 0)
    let page = try fixture.text("shown/Sample-2018-visit-1.html")
    #expect(page.contains(">村 / Village</th>") && !page.contains("旗1") && page.contains("Stratum"))
    let wrong = try fixture.run(["lists", "visits", "--columns", "vilages,weight", "-o", "wrong"])
    #expect(wrong.status == 65 && wrong.messages.contains("Did you mean \"villages\"?"))
    #expect(wrong.messages.contains("weight") && !fixture.folder.names.contains("wrong"))
  }

  @Test
  func `teams by number keep villages whole, and too many are refused`() throws {
    let round = try FieldworkFixture()
    #expect(try round.run("lists", "round", "homes", "-o", "two", "--format", "csv", "--teams", "3").status == 0)
    var seen = [String: Set<Int>]()
    var count = 0
    for team in 1...3 {
      for row in try round.fixture.list("two/team-\(team).csv") {
        seen[String(try #require(row["unit"]).prefix(9)), default: []].insert(team)
        count += 1
      }
    }
    #expect(count == 32 && seen.count == 4 && seen.values.allSatisfy { $0.count == 1 })
    let many = try round.run("lists", "round", "homes", "-o", "many", "--teams", "5")
    #expect(many.status == 64 && many.messages.contains("[teams-count]"))
    let torn = try round.run("lists", "round", "homes", "-o", "torn", "--team-by", "households_stratum")
    #expect(torn.status == 65 && torn.messages.contains("[team-tears-page]"))
    let column = try round.run("lists", "round", "homes", "-o", "torn", "--team-by", "league_cod")
    #expect(column.status == 65 && column.messages.contains("Did you mean \"league_code\"?"))
    #expect(try round.run("lists", "round", "homes", "-o", "two").status == 73)
    #expect(!round.fixture.folder.names.contains("many") && !round.fixture.folder.names.contains("torn"))
  }

  @Test
  func `a team's workbook comes back filled in, twice, and is recorded once`() throws {
    let round = try FieldworkFixture()
    #expect(try round.run("lists", "round", "homes", "-o", "teams", "--lang", "zh").status == 0)
    // Heads stand in row 4: A order, B stratum, C role, D unit, E outcome, F reason, G replaced by, H date, I who.
    let first = try round.cell(0, "A")
    try round.fill(
      "teams/\(try round.firstTeam()).xlsx",
      [
        "1:E5=拒访", "1:F5=不愿", "1:G5=\(first.reserves[0])", "1:E6=完成", "1:H6=2018-11-20", "1:I6=王", "2:E5=空置", "1:E9=完成",
      ],
      to: "returned.xlsx"
    )
    let run = try round.run("field", "read", "round", "homes", "returned.xlsx")
    #expect(run.status == 0 && run.messages.isEmpty, "\(run.messages)")
    #expect(run.output == "returned.xlsx: 16 lines, 4 recorded, 0 known, 12 not filled in\n")
    let lines = try round.recordLines().map(String.init)
    #expect(lines[0].hasPrefix("1,households,\(first.selected[0]),refused,不愿,,,\(first.reserves[0]),,returned.xlsx["))
    #expect(lines[1].hasPrefix("2,households,\(first.selected[1]),completed,,2018-11-20,王,,,returned.xlsx["))
    #expect(lines[2].hasPrefix("3,households,\(first.reserves[0]),completed,") && lines[2].hasSuffix("]:9"))
    #expect(lines[3].contains(",vacant,"))
    let again = try round.run("field", "read", "round", "homes", "returned.xlsx")
    #expect(again.status == 0 && again.output.contains("0 recorded, 4 known"))
    #expect(try round.recordLines().count == 4)
    let report = try round.report()
    #expect(report.status == 1 && !report.messages.contains("reserve-"))
    #expect(report.messages.split(separator: "\n").count == 13)
  }

  @Test
  func `what is wrong in a returned workbook is named by file, sheet and row, and nothing is recorded`() throws {
    let round = try FieldworkFixture()
    #expect(try round.run("lists", "round", "homes", "-o", "teams").status == 0)
    let cell = try round.cell(0, "A")
    try round.fill(
      "teams/\(try round.firstTeam()).xlsx",
      [
        "1:E5=refussed", "1:D6=15010x001-99", "1:E6=completed", "1:F7=why", "1:D8=\(cell.selected[0])",
        "1:E8=absent", "2:D5=\(cell.selected[0])", "2:E5=absent",
      ],
      to: "returned.xlsx"
    )
    let run = try round.run("field", "read", "round", "homes", "returned.xlsx")
    #expect(run.status == 65 && run.output.isEmpty)
    let lines = run.messages.split(separator: "\n")
    for (row, code) in [
      (5, "outcome-unknown"), (6, "unit-not-drawn"), (7, "field-cell-empty"), (5, "unit-twice"),
    ] {
      let found = lines.filter { $0.contains("]:\(row) ") && $0.hasSuffix("[\(code)]") }
      #expect(found.count == 1, "\(code) in \(run.messages)")
    }
    #expect(run.messages.contains("Did you mean \"refused\"?"))
    #expect(lines.count == 4)
    #expect(!FileManager.default.fileExists(atPath: round.fixture.folder.path + "/round/draws/homes/fieldwork.csv"))
    try round.fill("teams/\(try round.firstTeam()).xlsx", ["1:E4=Result"], to: "headless.xlsx")
    let heads = try round.run("field", "read", "round", "homes", "headless.xlsx")
    #expect(heads.status == 65 && heads.messages.contains("[field-sheet-heads]"))
  }

  @Test
  func `what differs from the record is recorded as a correction only when asked`() throws {
    let round = try FieldworkFixture()
    #expect(try round.run("lists", "round", "homes", "-o", "teams").status == 0)
    try round.fill("teams/\(try round.firstTeam()).xlsx", ["1:E5=absent"], to: "first.xlsx")
    try round.fill("teams/\(try round.firstTeam()).xlsx", ["1:E5=completed"], to: "second.xlsx")
    #expect(try round.run("field", "read", "round", "homes", "first.xlsx").status == 0)
    let refused = try round.run("field", "read", "round", "homes", "second.xlsx")
    #expect(refused.status == 65 && refused.messages.contains("]:5 unit:") && refused.messages.contains("[unit-twice]"))
    #expect(try round.run("field", "read", "round", "homes", "second.xlsx", "--correct").status == 0)
    let lines = try round.recordLines()
    #expect(lines.count == 2 && lines[1].contains(",completed,,,,,1,second.xlsx["))
  }
}
