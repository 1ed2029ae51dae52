import Foundation
import Testing

/// A round of two counties with two villages each (a third in reserve) and two strata of households, each with
/// two households and two reserves; drawn.
struct FieldworkFixture {
  let fixture: DrawFixture

  init(draws: Bool = true) throws {
    fixture = try DrawFixture()
    var villages = "code,name_zh,county_code,township_code\n"
    var households = "household,village_code,class\n"
    for county in 1...2 {
      for village in 1...3 {
        let code = "15010\(county)00\(village)"
        // Two villages of one name, which become two sheets.
        villages += "\(code),\(village == 3 ? "西" : "东")营子村,15010\(county),15010\(county)00\n"
        for number in 1...12 { households += "\(code)-\(number + 10),\(code),\(number % 2 == 0 ? "A" : "B")\n" }
      }
    }
    _ = try fixture.folder.write(villages, to: "round/frame/villages.csv")
    _ = try fixture.folder.write(households, to: "round/frame/households.csv")
    _ = try fixture.folder.write(
      "code,name_zh,league_code,league_name\n150101,甲旗,150100,一盟\n150102,乙旗,150100,一盟\n",
      to: "round/frame/counties.csv"
    )
    _ = try fixture.folder.write(
      """
      survey: {id: small, name: {zh: 小调查, en: Small}}
      frames:
        counties: {file: frame/counties.csv, id: code, name: {zh: 旗县, en: County}}
        villages: {file: frame/villages.csv, id: code, parent: county_code, name: {zh: 嘎查村, en: Village}}
        households: {file: frame/households.csv, id: household, parent: village_code}
      draws:
        homes:
          stages:
            - {frame: counties, take: all}
            - {frame: villages, take: 2, reserves: 1}
            - {frame: households, strata: [class], take: 2, reserves: 2}
      responses:
        households: {files: responses/*.csv, id: household}
        draw: homes
        outcome: {column: result, completed: ["1"], refused: ["5"], not-found: ["8"], vacant: ["6"]}

      """,
      to: "round/survey.yaml"
    )
    if draws {
      let run = try fixture.run(["draw", "round", "homes", "--seed-file", "seed.txt"])
      #expect(run.status == 0, "\(run.messages)")
    }
  }

  func run(_ arguments: String...) throws -> CommandRun { try fixture.run(arguments) }

  /// `mingcha field record round homes …`.
  @discardableResult
  func record(_ unit: String, _ outcome: String, _ options: String...) throws -> CommandRun {
    try fixture.run(["field", "record", "round", "homes", "--unit", unit, "--outcome", outcome] + options)
  }

  func report(_ options: String...) throws -> CommandRun {
    try fixture.run(["field", "report", "round", "homes"] + options)
  }

  /// The lines of the record, without its header.
  func recordLines() throws -> [Substring] {
    Array(try fixture.text("round/draws/homes/fieldwork.csv").split(separator: "\r\n").dropFirst())
  }

  /// Ids of a cell: its selected units, then its reserves in their order.
  func cell(_ village: Int, _ stratum: String) throws -> (selected: [String], reserves: [String]) {
    let rows = try fixture.list("round/draws/homes/list.csv")
    let villages = rows.compactMap { $0["village_code"] }.reduce(into: [String]()) { names, code in
      if !code.isEmpty, !names.contains(code) { names.append(code) }
    }
    let own = rows.filter { $0["village_code"] == villages[village] && $0["households_stratum"] == stratum }
    func ids(_ role: String) -> [String] { own.filter { $0["role"] == role }.compactMap { $0["household"] } }
    return (ids("selected"), ids("reserve"))
  }

  /// The name of the team whose workbook opens with the first cell of the list.
  func firstTeam() throws -> String {
    try cell(0, "A").selected[0].hasPrefix("150101") ? "150101-甲旗" : "150102-乙旗"
  }

  /// Every selected unit of the list.
  func selected() throws -> [String] {
    try fixture.list("round/draws/homes/list.csv").filter { $0["role"] == "selected" }.compactMap { $0["household"] }
  }

  /// Writes texts into cells of a workbook as a team does: `sheet number:cell=text`.
  func fill(_ workbook: String, _ cells: [String], to name: String) throws {
    _ = try fixture.folder.write(Self.filling, to: "fill.py")
    let quoted = ([workbook, name] + cells).map { "'\($0)'" }.joined(separator: " ")
    let outcome = try shell("python3 fill.py \(quoted) 2>&1", in: fixture.folder.path)
    #expect(outcome.isEmpty, "\(outcome)")
  }

  /// Python's zipfile, so that what fills a workbook is not what wrote it.
  private static let filling = """
    re, sys, zipfile = map(__import__, ["re", "sys", "zipfile"])
    source, target, *edits = sys.argv[1:]
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for edit in edits:
        place, text = edit.split("=", 1)
        sheet, cell = place.split(":")
        name = f"xl/worksheets/sheet{sheet}.xml"
        new = lambda found: f'<c r="{cell}"{found.group(1)} t="inlineStr"><is><t>{text}</t></is></c>'
        pattern = r'<c r="%s"((?: s="\\d+")?)(?: t="s")?(?:/>|>.*?</c>)' % cell
        parts[name], count = re.subn(pattern, new, parts[name].decode(), count=1)
        parts[name] = parts[name].encode()
        if count != 1:
            print("no cell", edit)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)

    """
}
