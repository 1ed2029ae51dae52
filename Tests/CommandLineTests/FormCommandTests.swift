import Foundation
import Testing

/// The small drawn round, with the bundled forms and the outcome codes that they use.
private struct FormRound {
  let round: FieldworkFixture
  var fixture: DrawFixture { round.fixture }

  init() throws {
    round = try FieldworkFixture()
    let judgement = "judgement: {of: households, policy: any, income-line: 2995}\n"
    _ = try fixture.folder.write(try fixture.text("round/survey.yaml") + judgement, to: "round/survey.yaml")
    for name in ["household", "village"] {
      _ = try fixture.folder.write(try Self.bundled(name), to: "round/forms/\(name).yaml")
    }
  }

  static func bundled(_ name: String) throws -> String {
    try String(
      contentsOf: URL(fileURLWithPath: repositoryPath + "/Surveys/inner-mongolia-2018/forms/\(name).yaml"),
      encoding: .utf8
    )
  }

  func run(_ arguments: String...) throws -> CommandRun { try fixture.run(["form", "round"] + arguments) }

  /// The cells of a sheet as lines `A1<tab>text`, by a reader that is not ours.
  func cells(_ sheet: Int, of workbook: String) throws -> [String: String] {
    _ = try fixture.folder.write(Self.reading, to: "cells.py")
    let lines = try shell("python3 cells.py '\(workbook)' \(sheet)", in: fixture.folder.path).split(separator: "\n")
    return Dictionary(
      lines.map { line in
        let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), String(parts[1]))
      }
    ) { first, _ in first }
  }

  /// The rows of a sheet by the heads of its first row.
  func rows(_ sheet: Int, of workbook: String) throws -> [[String: String]] {
    let cells = try cells(sheet, of: workbook)
    var rows = [Int: [String: String]]()
    for (place, text) in cells {
      let column = place.prefix { $0.isLetter }
      guard let row = Int(place.dropFirst(column.count)), row > 1, let head = cells["\(column)1"] else { continue }
      rows[row, default: [:]][head] = text
    }
    return rows.sorted { $0.key < $1.key }.map(\.value)
  }

  private static let reading = """
    html, re, sys, zipfile = map(__import__, ["html", "re", "sys", "zipfile"])
    book = zipfile.ZipFile(sys.argv[1])
    strings = re.findall(r"<si>(.*?)</si>", book.read("xl/sharedStrings.xml").decode(), re.S)
    sheet = book.read(f"xl/worksheets/sheet{sys.argv[2]}.xml").decode()
    for cell, value in re.findall(r'<c r="([A-Z]+[0-9]+)"[^>]*?t="s"[^>]*?><v>([0-9]+)</v>', sheet):
        text = "".join(re.findall(r"<t[^>]*>(.*?)</t>", strings[int(value)], re.S))
        print(cell, html.unescape(text).replace("\\n", " "), sep="\\t")

    """
}

@Suite("mingcha form")
struct FormCommandTests {
  @Test
  func `the tablet's form offers the drawn units step by step, their ids as text, and takes what the list knows`()
    throws
  {
    let form = try FormRound()
    let run = try form.run("household", "--draw", "homes", "-o", "tablet.xlsx")
    #expect(run.status == 0, "\(run.messages)")
    #expect(
      run.output.split(separator: "\n").map(String.init) == [
        "tablet.xlsx", "household_county.csv", "household_village.csv", "household_household.csv",
      ]
    )
    let survey = try form.rows(1, of: "tablet.xlsx")
    func row(_ name: String) throws -> [String: String] {
      try #require(survey.first { $0["name"] == name && $0["type"] != "end_group" })
    }
    #expect(try row("household")["type"] == "select_one_from_file household_household.csv")
    #expect(try row("household")["choice_filter"] == "village = ${village}")
    #expect(try row("class")["calculation"] == "instance('household_household')/root/item[name = ${household}]/class")
    #expect(try row("housing")["label::中文 (zh)"] == "住房安全等级")
    #expect(try row("persons")["constraint"] == ". >= 1 and . <= 20")
    #expect(try row("persons")["required"] == "yes" && row("food")["required"] == nil)
    #expect(try row("result_reason")["choice_filter"] == "for = ${result_code}")
    #expect(survey.allSatisfy { $0["type"] != "geopoint" })
    let list = try form.fixture.list("round/draws/homes/list.csv").filter { $0["household"] != "" }
    let units = try form.fixture.list("household_household.csv")
    #expect(units.map { $0["name"] } == list.map { $0["household"] })
    #expect(units.map { $0["class"] } == list.map { $0["households_stratum"] })
    #expect(units.map { $0["village"] } == list.map { $0["village_code"] })
    #expect(units.first { $0["unit_role"] == "reserve" }?["label"]?.contains("备选 reserve 1") == true)
    // Villages in reserve have no drawn households: nobody goes there.
    #expect(try form.fixture.list("household_village.csv").count == 4)
    #expect(try form.fixture.bytes("household_county.csv").first == UInt8(ascii: "n"))
  }

  @Test
  func `the version follows from source and lists, and nothing is replaced unless told`() throws {
    let form = try FormRound()
    func version(_ name: String) throws -> String { try #require(try form.rows(3, of: name).first?["version"]) }
    #expect(try form.run("household", "-o", "a.xlsx").status == 0)
    #expect(try form.run("household", "-o", "b.xlsx").status == 0)
    #expect(try form.fixture.bytes("a.xlsx") == form.fixture.bytes("b.xlsx"))
    #expect(try form.run("household", "-o", "a.xlsx").status == 73)
    let source = try FormRound.bundled("household")
    _ = try form.fixture.folder.write(source + "# another edition\n", to: "round/forms/household.yaml")
    #expect(try form.run("household", "-o", "a.xlsx", "--force").status == 0)
    #expect(try version("a.xlsx") != version("b.xlsx"))
    #expect(try form.run("household", "--draw", "homes", "-o", "c.xlsx").status == 0)
    #expect(try version("c.xlsx") != version("a.xlsx"))
    _ = try form.fixture.folder.write("there", to: "d/household_village.csv")
    #expect(try form.run("household", "--draw", "homes", "-o", "d/c.xlsx").status == 73)
    #expect(try FileManager.default.contentsOfDirectory(atPath: form.fixture.folder.path + "/d").count == 1)
  }

  @Test
  func `a place on the map is asked only where it was asked for, and one language alone can be`() throws {
    let form = try FormRound()
    #expect(try form.run("village", "--location", "--form-language", "en", "-o", "v.xlsx").status == 0)
    let survey = try form.rows(1, of: "v.xlsx")
    #expect(survey.contains { $0["type"] == "geopoint" && $0["required"] == nil })
    #expect(survey.allSatisfy { row in !row.keys.contains { $0.hasPrefix("label::中文") } })
    #expect(survey.contains { $0["constraint"]?.hasPrefix("not(selected(., 'none')") == true })
  }

  @Test
  func `on paper skips are words, codes have boxes, and what is worked out says how`() throws {
    let form = try FormRound()
    let run = try form.run("household", "--format", "html")
    #expect(run.status == 0, "\(run.messages)")
    let page = run.output
    #expect(page.contains("仅当A8 为 reserve（备选户）时填。") && page.contains("Only if A8 is reserve (Reserve)."))
    #expect(page.contains("计算：B9 ÷ B1") && page.contains("Work out: B9 ÷ B1"))
    #expect(page.contains("class=\"boxes\"") && page.contains("size: A4"))
    #expect(!page.contains("<script") && page.contains("default-src 'none'"))
    #expect(!page.contains("${") && !page.contains("geopoint"))
  }

  @Test
  func `the codebook has a row a column with its codes, range and what uses it`() throws {
    let fixture = try DrawFixture()
    #expect(try fixture.run(["init", "round", "--template", "inner-mongolia-2018"]).status == 0)
    let run = try fixture.run(["form", "round", "household", "--format", "codebook-csv"])
    #expect(run.status == 0 && run.messages.isEmpty, "\(run.messages)")
    let lines = run.output.split(separator: "\r\n").map(String.init)
    let housing = try #require(lines.first { $0.hasPrefix("housing,") })
    #expect(housing.contains("A = A级; B = B级") && housing.contains("judgement of the household"))
    #expect(try #require(lines.first { $0.hasPrefix("schooling_aid,") }).contains("row 08: Schooling aid"))
    #expect(try #require(lines.first { $0.hasPrefix("persons,") }).contains(",1,20,"))
    for name in ["household", "village"] {
      let json = try fixture.run(["form", "round", name, "--format", "json"])
      #expect(json.status == 0 && json.messages.isEmpty, "\(json.messages)")
      let root = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect((root?["sections"] as? [Any])?.count ?? 0 >= 3)
    }
    #expect(try fixture.run(["form", "round", "household", "--format", "codebook-xlsx", "-o", "b.xlsx"]).status == 0)
  }

  @Test
  func `every fault of a source is named at once, with its line and mend`() throws {
    let form = try FormRound()
    let source = """
      form: {id: broken, title: {zh: 问卷, en: Form}}
      lists:
        yesno:
          - {code: "1", zh: 是, en: "Yes"}
          - {code: "1", zh: 否, en: "No"}
        gap:
          - {code: "1", zh: 是}
      sections:
        - name: first
          label: {zh: 一, en: One}
          relevant: later == 1
          questions:
            - {name: food, type: select_one, choices: yes_no, label: {zh: 吃, en: Food}}
            - {name: Food, type: integer, label: {zh: 吃, en: Food}}
            - {name: instanceID, type: text, label: {zh: 号, en: Id}}
            - {name: 水, type: text, label: {zh: 水, en: Water}}
            - {name: later, type: integer, label: {zh: 后, en: Later}, relevant: fod == '1'}
            - {name: range, type: integer, label: {zh: 数, en: Number}, constraint: range < 5}
            - {name: code, type: select_one, choices: yesno, label: {zh: 码, en: Code}}
            - {name: next, type: text, label: {zh: 下, en: Next}, relevant: code == '3'}
            - {name: words, type: text, label: {zh: 文, en: Words}, relevant: next < 'b'}

      """
    _ = try form.fixture.folder.write(source, to: "round/forms/broken.yaml")
    let run = try form.run("broken", "-o", "broken.xlsx")
    #expect(run.status == 65 && !form.fixture.folder.names.contains("broken.xlsx"))
    let lines = run.messages.split(separator: "\n")
    for (line, code) in [
      (5, "choice-twice"), (7, "label-language"), (11, "question-later"), (13, "list-unknown"), (14, "name-twice"),
      (15, "name-reserved"), (16, "name-form"), (17, "question-unknown"), (18, "constraint-message"),
      (20, "code-unknown"), (21, "form-expression"),
    ] {
      let found = lines.filter { $0.contains("broken.yaml:\(line) ") && $0.hasSuffix("[\(code)]") }
      #expect(found.count == 1, "\(code) in \(run.messages)")
    }
    #expect(lines.count == 11, "\(run.messages)")
    #expect(run.messages.contains("Did you mean \"yesno\"?") && run.messages.contains("Did you mean \"Food\"?"))
  }

  @Test
  func `a form that is not there, a draw without its columns and options that do not go together are refused`() throws {
    let form = try FormRound()
    let name = try form.run("houshold", "-o", "a.xlsx")
    #expect(name.status == 65 && name.messages.contains("Did you mean \"household\"?"))
    let source = try FormRound.bundled("household")
    _ = try form.fixture.folder.write(
      source.replacingOccurrences(of: "drawn: households_stratum", with: "drawn: household_stratum"),
      to: "round/forms/other.yaml"
    )
    let column = try form.run("other", "--draw", "homes", "-o", "a.xlsx")
    #expect(column.status == 65 && column.messages.contains("Did you mean \"households_stratum\"?"))
    #expect(try form.run("household").status == 64)
    #expect(try form.run("household", "--draw", "homes", "--format", "html").status == 64)
    #expect(!form.fixture.folder.names.contains("a.xlsx"))
  }

  @Test
  func `what a form server exports of the form is estimated as it comes, groups and all`() throws {
    let form = try FormRound()
    let survey = try form.fixture.text("round/survey.yaml").components(separatedBy: "responses:")[0]
    _ = try form.fixture.folder.write(
      survey + """
        responses:
          households: {files: responses/*.csv, id: household, export: odk, form: tablet/household.xlsx}
          draw: homes
          outcome: {column: result_code, completed: ["1"], refused: ["5"], not-found: ["8"], vacant: ["6"]}
        judgement: {of: households, policy: any, income-line: 2995}
        indicators:
          approval: {mean: approves, unit: household}
          # the frame has a column class of its own
          failing: {mean: wrong_exit_persons > 0, where: response_class == 'P2', unit: household}

        """,
      to: "round/survey.yaml"
    )
    let made = try form.run("household", "--draw", "homes", "-o", "round/tablet.xlsx")
    #expect(made.status == 0, "\(made.messages)")
    _ = try form.fixture.folder.write("", to: "round/tablet/empty")
    _ = try shell("mv round/tablet.xlsx round/tablet/household.xlsx", in: form.fixture.folder.path)
    // Heads as ODK Central writes them: group-name, for every question of the form.
    var heads = ["SubmissionDate"]
    var group = ""
    for row in try form.rows(1, of: "round/tablet/household.xlsx") {
      switch row["type"] {
      case "begin_group": group = row["name"] ?? ""
      case "end_group", "note": continue
      default: heads.append("\(group)-\(row["name"] ?? "")")
      }
    }
    heads += ["meta-instanceID", "KEY", "ReviewState"]
    var lines = [heads.joined(separator: ",")]
    for (number, unit) in try form.round.selected().enumerated() {
      let answers = [
        "visit-household": unit, "visit-village": String(unit.prefix(9)), "visit-class": number == 0 ? "P2" : "N0",
        "visit-result_code": number == 15 ? "5" : "1", "household_facts-persons": "3", "items-food": "1",
        "items-water": "1", "items-clothing": "1", "items-education": "9", "items-medical": "1",
        "items-housing": number == 0 ? "C" : "A", "household_facts-income_per_head": "4000.5",
        "items-review_status": number == 0 ? "3" : "0", "items-wrong_exit_persons": number == 0 ? "3" : "",
        "items-omitted_persons": number == 0 ? "" : "0", "opinion-approves": number % 3 == 0 ? "0" : "1",
        "KEY": "uuid:\(number)",
      ]
      lines.append(
        heads.map { number == 15 && !$0.hasPrefix("visit-") && $0 != "KEY" ? "" : answers[$0] ?? "" }
          .joined(separator: ",")
      )
    }
    _ = try form.fixture.folder.write(lines.joined(separator: "\n") + "\n", to: "round/responses/export.csv")
    let run = try form.fixture.run(["estimate", "round", "--format", "json"])
    #expect(run.status == 0, "\(run.messages)")
    let root = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let parts = root?["parts"] as? [[String: Any]] ?? []
    let estimates = parts.first?["estimates"] as? [[String: Any]] ?? []
    func value(_ key: String) -> Double? {
      estimates.first { $0["indicator"] as? String == key }?["estimate"] as? Double
    }
    // The one P2 household was confirmed as wrongly exited.
    #expect(value("failing") == 1)
    let approval = try #require(value("approval"))
    #expect(approval > 0.6 && approval < 0.7)
  }
}
