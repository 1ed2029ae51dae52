import Foundation
import Testing

@Suite("mingcha convert")
struct ConvertCommandTests {
  private static let fixtures = repositoryPath + "/Tests/Fixtures/statistics/"

  private func run(_ arguments: [String], input: String? = nil) throws -> CommandRun {
    try CommandRun(["convert", "--lang", "en"] + arguments, input: input.map { Array($0.utf8) })
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  @Test("an SPSS file becomes CSV: codes or labels, dates, missing values counted")
  func spss() throws {
    let folder = try TemporaryFolder()
    let out = folder.path + "/a.csv"
    let codes = try run([Self.fixtures + "table.sav", "--columns", "household,class,visited", "-o", out])
    #expect(codes.status == 0 && codes.messages.contains("9 (拒答) × 1") && codes.messages.contains("(4 rows)"))
    #expect(
      try text(out)
        == "\u{FEFF}household,class,visited\r\n150121001,1,2018-08-13\r\n150121002,2,1904-02-29\r\n150121003,,\r\n"
        + "150121004,1,2018-12-31\r\n"
    )
    let again = try run([Self.fixtures + "table.sav", "-o", out])
    #expect(again.status == 73)
    let labels = try run([
      Self.fixtures + "table.sav", "--columns", "class", "--labels", "labels", "--keep-missing", "-o", "-", "--format",
      "csv",
    ])
    #expect(labels.output == "\u{FEFF}class\r\n建档立卡户\r\n一般户\r\n拒答\r\n建档立卡户\r\n")
  }

  @Test("CSV → form → CSV gives back every cell", arguments: ["xlsx", "sav", "zsav", "dta"])
  func roundTrip(form: String) throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "长", count: 900)
    let csv =
      "\u{FEFF}户编号,code,amount,village,day,moment,remark,identity\r\n"
      + "150121001,007,-12.5,圐圙补隆,2018-08-13,2018-08-13T14:30:05,,150121199001011234\r\n"
      + "150121002,010,0.1,ᠬᠥᠬᠡᠬᠣᠲᠠ,1904-02-29,1999-12-31T23:59:59,\"a,\"\"b\"\"\",150121199001010000\r\n"
      + "150121003,999,,包头,,,\(long),\r\n"
    let source = try folder.write(csv, to: "a.csv")
    let middle = folder.path + "/b." + form
    let there = try run([source, "-o", middle])
    #expect(there.status == 0, "\(there.messages)")
    let back = try run([middle, "-o", folder.path + "/c.csv"])
    #expect(back.status == 0, "\(back.messages)")
    #expect(try text(folder.path + "/c.csv") == csv)
    let twice = try run([source, "-o", folder.path + "/d." + form])
    #expect(twice.status == 0)
    let first = try Data(contentsOf: URL(fileURLWithPath: middle))
    let second = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/d." + form))
    #expect(first == second, "the same rows give the same bytes")
  }

  @Test("an SPSS file keeps labels, missing values and dates through every form", arguments: ["sav", "zsav", "dta"])
  func labelled(form: String) throws {
    let folder = try TemporaryFolder()
    let middle = folder.path + "/b." + form
    #expect(try run([Self.fixtures + "table.sav", "-o", middle, "--keep-missing"]).status == 0)
    func json(_ file: String) throws -> [String: Any] {
      let output = try run([file, "--keep-missing", "-o", "-", "--format", "json"]).output
      return try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }
    let before = try json(Self.fixtures + "table.sav")
    let after = try json(middle)
    #expect((before["records"] as? [NSDictionary]) == (after["records"] as? [NSDictionary]))
    let labels = (after["variables"] as? [[String: Any]])?.first { $0["name"] as? String == "class" }?["labels"]
    #expect(labels as? [String: String] == ["1": "建档立卡户", "2": "一般户", "9": "拒答"])
    if form != "dta" {
      #expect((before["variables"] as? [NSDictionary]) == (after["variables"] as? [NSDictionary]))
    }
  }

  @Test(
    "all names of the frame go CSV → XLSX → CSV unchanged",
    arguments: [("leagues", 13), ("counties", 104), ("townships", 1_226), ("villages", 11_627)]
  )
  func frames(name: String, lines: Int) throws {
    let folder = try TemporaryFolder()
    let frame = repositoryPath + "/Surveys/inner-mongolia-2018/frame/\(name).csv"
    let plain = folder.path + "/a.csv"
    #expect(try run([frame, "-o", plain]).status == 0)
    let whole = try text(plain)
    #expect(whole.split(whereSeparator: \.isNewline).count == lines)
    #expect(try run([plain, "-o", folder.path + "/b.xlsx"]).status == 0)
    #expect(try run([folder.path + "/b.xlsx", "-o", folder.path + "/c.csv"]).status == 0)
    #expect(try text(folder.path + "/c.csv") == whole)
  }

  @Test("what a spreadsheet would take for a formula is defused, and numbers stay numbers")
  func formulas() throws {
    let source = "a,b\n=1+1,-5\n@x,+3\n＝2,-5.5\n-x,1e3\n"
    let run = try run(["-", "-o", "-", "--format", "csv"], input: source)
    #expect(run.output == "\u{FEFF}a,b\r\n\"'=1+1\",-5\r\n\"'@x\",+3\r\n\"'＝2\",-5.5\r\n\"'-x\",1e3\r\n")
  }

  @Test("files of a folder become one table by the names of their columns")
  func folder() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("a,b\n1,x\n", to: "in/1.csv")
    _ = try folder.write("b,a\ny,2\n", to: "in/2.csv")
    _ = try folder.write("notes", to: "in/readme.md")
    let joined = try run([folder.path + "/in", "--file-column", "source", "-o", "-", "--format", "csv"])
    #expect(joined.status == 0 && joined.messages.contains("readme.md"))
    #expect(joined.output == "\u{FEFF}source,a,b\r\n1.csv,1,x\r\n2.csv,2,y\r\n")
    _ = try folder.write("a,c\n3,z\n", to: "in/3.csv")
    let refused = try run([folder.path + "/in/*.csv", "-o", "-", "--format", "csv"])
    #expect(
      refused.status == 65 && refused.messages.contains("[header-differs]") && refused.messages.contains("3.csv:1")
    )
    let union = try run([folder.path + "/in", "--union", "-o", "-", "--format", "csv"])
    #expect(union.output == "\u{FEFF}a,b,c\r\n1,x,\r\n2,y,\r\n3,,z\r\n")
    #expect(union.messages.contains("[columns-filled]"))
  }

  @Test(
    "bad input ends with its exit code and writes nothing",
    arguments: [
      ("truncated.sav", 65), ("truncated.dta", 65), ("version-120.dta", 65), ("mixed.sav", 65), ("identity.sav", 65),
      ("none.sav", 66), ("", 0),
    ] as [(String, Int32)]
  )
  func bad(file: String, status: Int32) throws {
    let folder = try TemporaryFolder()
    let out = folder.path + "/x.csv"
    let run = try run([Self.fixtures + (file.isEmpty ? "table.sav" : file), "-o", out])
    #expect(run.status == status, "\(run.messages)")
    #expect(folder.names == (status == 0 ? ["x.csv"] : []))
  }

  @Test("usage is told: no form, a workbook to a pipe, options of exports alone")
  func usage() throws {
    #expect(try run(["a.csv", "-o", "x.what"]).status == 64)
    #expect(try run(["a.csv", "-o", "-", "--format", "sav"]).status == 64)
    #expect(try run(["a.csv", "-o", "x.csv", "--repeat", "members"]).status == 64)
    #expect(try run([Self.fixtures + "table.sav", "-o", "/nonexistent/x.csv"]).status == 73)
    #expect(try run([Self.fixtures + "table.sav", "-o", "/dev/full", "--format", "csv"]).status == 74)
  }
}

@Suite("Exports of tablet programs")
struct FormExportTests {
  private static let main = """
    SubmissionDate,head-name,head-village,needs,members_count,ReviewState,KEY
    2018-08-13,张三,圐圙补隆,water road,2,approved,uuid:1
    2018-08-14,李四,包头,,1,rejected,uuid:2
    2018-08-15,王五,包头,road,1,hasIssues,uuid:3

    """
  private static let members = """
    age,head-name,PARENT_KEY,KEY
    40,张三,uuid:1,uuid:1/members[1]
    12,小张,uuid:1,uuid:1/members[2]
    33,李四,uuid:2,uuid:2/members[1]
    50,王五,uuid:3,uuid:3/members[1]

    """

  private func run(_ arguments: [String]) throws -> CommandRun {
    try CommandRun(["convert", "--lang", "en", "-o", "-", "--format", "csv"] + arguments)
  }

  @Test("ODK's submissions: groups, several answers, rejected ones")
  func submissions() throws {
    let folder = try TemporaryFolder()
    let main = try folder.write(Self.main, to: "round.csv")
    let run = try run([
      main, "--export", "odk", "--multiple", "needs", "--columns", "name,village,needs.road,needs.water,KEY",
    ])
    #expect(
      run.output
        == "\u{FEFF}name,village,needs.road,needs.water,KEY\r\n张三,圐圙补隆,1,1,uuid:1\r\n王五,包头,1,0,uuid:3\r\n",
      "\(run.messages)"
    )
    #expect(run.messages.contains("[submission-rejected]") && run.messages.contains("rows 3"))
    #expect(run.messages.contains("[submission-doubtful]"))
  }

  @Test("ODK's repeat carries its submission's answers")
  func repeats() throws {
    let folder = try TemporaryFolder()
    let main = try folder.write(Self.main, to: "round.csv")
    _ = try folder.write(Self.members, to: "round-members.csv")
    let run = try run([main, "--export", "odk", "--repeat", "members", "--columns", "age,name,name.parent,village"])
    #expect(
      run.output
        == "\u{FEFF}age,name,name.parent,village\r\n40,张三,张三,圐圙补隆\r\n12,小张,张三,圐圙补隆\r\n50,王五,王五,包头\r\n",
      "\(run.messages)"
    )
  }

  @Test("members without their submission and keys that stand twice are refused by row")
  func faults() throws {
    let folder = try TemporaryFolder()
    let main = try folder.write(Self.main, to: "round.csv")
    _ = try folder.write(Self.members + "9,x,uuid:9,uuid:9/members[1]\n", to: "round-members.csv")
    let orphan = try run([main, "--export", "odk", "--repeat", "members"])
    #expect(
      orphan.status == 65 && orphan.messages.contains("round-members.csv:6") && orphan.messages.contains("uuid:9")
    )
    let twice = try folder.write(Self.main + "2018-08-16,赵六,包头,,1,,uuid:1\n", to: "twice.csv")
    let duplicate = try run([twice, "--export", "odk"])
    #expect(
      duplicate.status == 65 && duplicate.messages.contains("twice.csv:5")
        && duplicate.messages.contains("[id-duplicate]")
    )
    let folderRun = try run([folder.path, "--export", "odk", "--columns", "KEY"])
    #expect(folderRun.status == 65 && folderRun.messages.contains("twice.csv:5"), "\(folderRun.messages)")
    #expect(!folderRun.messages.contains("round-members"), "a repeat is no file of submissions")
    let absent = try run([main, "--export", "odk", "--repeat", "animals"])
    #expect(absent.status == 65 && absent.messages.contains("[repeat-missing]"))
    let wrong = try run([main, "--export", "kobo"])
    #expect(wrong.status == 65 && wrong.messages.contains("_index"))
  }

  @Test("a survey folder estimates from an export's repeat, and from an SPSS file with its labels")
  func survey() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.main, to: "s/responses/round.csv")
    _ = try folder.write(Self.members, to: "s/responses/round-members.csv")
    func yaml(_ source: String, by: String) -> String {
      """
      survey: {id: x, name: {zh: 试点, en: Pilot}}
      responses:
        members: {\(source)}
        design: {weights: equal}
      indicators:
        age: {mean: \(by == "village" ? "age" : "weight"), name: {zh: 平均, en: Mean}}
      estimate: {by: [\(by)]}

      """
    }
    let source = "file: responses/round.csv, export: odk, repeat: members"
    _ = try folder.write(yaml(source, by: "village"), to: "s/survey.yaml")
    let run = try CommandRun(["estimate", folder.path + "/s", "--format", "json", "--lang", "en"])
    #expect(run.status == 0, "\(run.messages)")
    #expect(run.output.contains("\"estimate\": 34") && run.output.contains("圐圙补隆"), "\(run.output)")
    let wrong = try folder.write(yaml("file: responses/round.csv, export: odx", by: "village"), to: "s/survey.yaml")
    #expect(FileManager.default.fileExists(atPath: wrong))
    let refused = try CommandRun(["estimate", folder.path + "/s", "--lang", "en"])
    #expect(refused.status == 65 && refused.messages.contains("[export-unknown]"), "\(refused.messages)")
    let sav = repositoryPath + "/Tests/Fixtures/statistics/table.sav"
    try FileManager.default.copyItem(atPath: sav, toPath: folder.path + "/s/responses/table.sav")
    _ = try folder.write(yaml("files: responses/*.sav", by: "class"), to: "s/survey.yaml")
    let spss = try CommandRun(["estimate", folder.path + "/s"])
    #expect(spss.status == 0 && spss.output.contains("建档立卡户"), "\(spss.messages)\(spss.output)")
  }

  @Test("Kobo's split columns become one of 0 and 1 for each choice")
  func split() throws {
    let folder = try TemporaryFolder()
    let csv = """
      g/area,g/needs,g/needs/water,g/needs/road,_index,_validation_status
      城镇,用水 道路,1,1,1,
      乡村,道路,0,1,2,Not Approved
      外地,,,,3,

      """
    let main = try folder.write(csv, to: "kobo.csv")
    let run = try run([main, "--export", "kobo", "--columns", "area,needs,needs.water,needs.road"])
    #expect(
      run.output == "\u{FEFF}area,needs,needs.water,needs.road\r\n城镇,用水 道路,1,1\r\n外地,,,\r\n",
      "\(run.messages)"
    )
  }

  @Test("with the form, Kobo's labels become names of choices, and labels go into statistics files")
  func labels() throws {
    let fixtures = repositoryPath + "/Tests/Fixtures/exports/"
    let options = ["--export", "kobo", "--form", fixtures + "form.xlsx"]
    let main = try run([fixtures + "kobo-labels.xlsx", "--columns", "area,needs,needs.water,needs.road"] + options)
    #expect(
      main.output == "\u{FEFF}area,needs,needs.water,needs.road\r\n1,water road,1,1\r\n外地,,,\r\n",
      "\(main.messages)"
    )
    #expect(main.messages.contains("[choices-labels]") && main.messages.contains("[choices-unknown]"))
    let members = try run(
      [fixtures + "kobo-labels.xlsx", "--repeat", "members", "--columns", "age,name,name.parent,area"] + options
    )
    #expect(
      members.output == "\u{FEFF}age,name,name.parent,area\r\n40,张三,张三,1\r\n12,小张,张三,1\r\n50,王五,王五,外地\r\n",
      "\(members.messages)"
    )
    let folder = try TemporaryFolder()
    let file = folder.path + "/a.sav"
    let written = try CommandRun(
      ["convert", fixtures + "kobo-labels.xlsx", "-o", file, "--columns", "needs.water,needs.road,area"] + options
    )
    #expect(written.status == 0, "\(written.messages)")
    let json = try CommandRun(["convert", file, "-o", "-", "--format", "json"]).output
    #expect(json.contains("\"label\": \"需求：道路\"") && json.contains("\"1\": \"城镇\""))
  }
}

@Suite("Estimates from statistics files")
struct StatisticsEstimateTests {
  private static let sav = repositoryPath + "/Tests/Fixtures/statistics/table.sav"

  @Test("an SPSS file is estimated like the CSV of its cells, and a domain's label is shown")
  func estimate() throws {
    let folder = try TemporaryFolder()
    let csv = folder.path + "/a.csv"
    #expect(try CommandRun(["convert", Self.sav, "-o", csv]).status == 0)
    let options = [
      "--weights", "weight/2", "--mean", "weight", "--by", "class", "--format", "json", "--lang", "en",
    ]
    let own = try CommandRun(["estimate", Self.sav] + options)
    let other = try CommandRun(["estimate", csv] + options)
    #expect(own.status == 0, "\(own.messages)")
    // Titles, inputs and notes name the files.
    func estimates(_ text: String) -> String {
      let from = text.components(separatedBy: "\"estimates\"").last ?? ""
      return from.components(separatedBy: "\"notes\"").first ?? ""
    }
    #expect(!estimates(own.output).isEmpty && estimates(own.output) == estimates(other.output))
    let table = try CommandRun([
      "estimate", Self.sav, "--weights", "weight", "--mean", "weight", "--by", "class",
    ])
    #expect(table.output.contains("建档立卡户"), "\(table.output)")
  }

  @Test("weights go to SPSS and Stata with strata and units labelled", arguments: ["sav", "dta"])
  func weights(form: String) throws {
    let folder = try TemporaryFolder()
    let source = repositoryPath + "/Tests/Fixtures/reference/data/apistrat.csv"
    let out = folder.path + "/w." + form
    let run = try CommandRun([
      "estimate", source, "--strata", "stype", "--fpc", "fpc", "--weights", "pw", "--mean", "api00", "--write-weights",
      out,
      "--id", "stype,api00",
    ])
    #expect(run.status == 0, "\(run.messages)")
    #expect(folder.names == ["w.\(form)", "w.json"].sorted())
    let json = try CommandRun(["convert", out, "-o", "-", "--format", "json", "--lang", "en"])
    #expect(json.output.contains("层 stratum") && json.output.contains("最终权数 final weight"))
    #expect(json.messages.contains("final_weight") == (form == "sav"))
  }
}
