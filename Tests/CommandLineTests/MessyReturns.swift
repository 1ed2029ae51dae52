import Foundation
import Testing

/// A round of 24 counties whose returns are as messy as they come, with the list of everything that was planted.
struct MessyReturns {
  /// A fault that was put in, where it has to be found.
  struct Planted: Hashable, CustomStringConvertible {
    var rule: String
    var file: String
    var row: Int?
    var description: String { "\(file):\(row ?? 0) [\(rule)]" }
  }

  private struct Unit {
    var id: String
    var village: String
    var county: Int
    var listRow: Int
    var isSelected: Bool
    var stratum: String
  }

  let fixture: DrawFixture
  private(set) var planted: Set<Planted> = []
  private var units: [Unit] = []
  /// The returned rows of each county.
  private var rows: [[[String: String]]] = Array(repeating: [], count: 24)
  static let items = (1...22).map { "q\($0)" }
  static let columns =
    ["household", "village_code", "class", "result", "interviewer", "start", "end", "reason", "replaced_by", "户主姓名"]
    + ["身份证号", "联系电话", "income_per_head", "备注"] + items

  /// Without faults it is a round in which nothing is to be found.
  init(plants: Bool = true) throws {
    fixture = try DrawFixture()
    try writeFrames()
    let drawn = try fixture.run(["draw", "round", "homes", "--seed-file", "seed.txt"])
    #expect(drawn.status == 0, "\(drawn.messages)")
    try readList()
    answerAll()
    if plants {
      plantCells()
      plantReturns()
      plantInterviews()
    }
    try writeReturns(plants: plants)
  }

  static func county(_ number: Int) -> String { "1501" + (number < 9 ? "0" : "") + String(number + 1) }
  static func file(_ county: Int, _ ending: String = "csv") -> String { "responses/\(Self.county(county)).\(ending)" }

  private func writeFrames() throws {
    var counties = "code,name_zh,league_code\n"
    var villages = "code,name_zh,township_code,county_code\n"
    var households = "household,village_code,class\n"
    var codes = "code,name_zh\n150100,甲市\n"
    for number in 0..<24 {
      let county = Self.county(number)
      counties += "\(county),第\(number + 1)旗,150100\n"
      codes += "\(county),第\(number + 1)旗\n\(county)100,东镇\n"
      for village in 1...3 {
        let code = "\(county)10020\(village)"
        villages += "\(code),\(["东", "西", "南"][village - 1])营子村委会,\(county)100,\(county)\n"
        codes += "\(code),\(["东", "西", "南"][village - 1])营子村委会\n"
        for home in 1...16 { households += "\(code)\(1_000 + home),\(code),\(home % 2 == 0 ? "P1" : "N0")\n" }
      }
    }
    _ = try fixture.folder.write(counties, to: "round/frame/counties.csv")
    _ = try fixture.folder.write(villages, to: "round/frame/villages.csv")
    _ = try fixture.folder.write(households, to: "round/frame/households.csv")
    _ = try fixture.folder.write(codes, to: "round/codes/2023.csv")
    _ = try fixture.folder.write(
      """
      survey: {id: messy, name: {zh: 乱数据, en: Messy}}
      frames:
        counties: {file: frame/counties.csv, id: code}
        villages: {file: frame/villages.csv, id: code, parent: county_code}
        households: {file: frame/households.csv, id: household, parent: village_code}
      draws:
        homes:
          stages:
            - {frame: counties, take: all}
            - {frame: villages, take: 2}
            - {frame: households, strata: [class], take: 3, reserves: 2}
      responses:
        households: {files: responses/*, id: household}
        draw: homes
        outcome: {column: result, completed: ["1"], away: ["3"], refused: ["5"], not-found: ["8"]}
      indicators:
        income: {mean: income_per_head, unit: households}
      checks:
        areas: {"2023": codes/2023.csv}
        thresholds: {interviewer-interviews: 10, significance: 0.05}
        missing: ["不详"]
        scales:
          - {of: households, items: [q1, q2, q3, q4, q5, q6]}
        columns:
          households:
            q7: {type: code, codes: ["1", "2", "3", "4", "5"], required: true}
            q8: {type: integer, min: 1, max: 5}
        rules:
          - id: income-of-the-poor
            level: warn
            of: households
            expression: "class != 'P1' or income_per_head < 15000"
            name: {zh: 未脱贫户收入偏高, en: A registered household is not rich}

      """,
      to: "round/survey.yaml"
    )
  }

  private mutating func readList() throws {
    for (place, line) in try fixture.list("round/draws/homes/list.csv").enumerated() {
      guard let id = line["household"], !id.isEmpty, let village = line.values.first(where: { $0.count == 12 }) else {
        continue
      }
      units.append(
        Unit(
          id: id,
          village: village,
          county: (Int(village.prefix(6)) ?? 0) - 150_101,
          listRow: place + 2,
          isSelected: line["role"] == "selected",
          stratum: line["households_stratum"] ?? ""
        )
      )
    }
    #expect(units.count { $0.isSelected } == 24 * 2 * 6)
  }

  /// A number that looks like chance and is the same in every run.
  private static func mixed(_ first: Int, _ second: Int) -> Int {
    var value = UInt64(truncatingIfNeeded: first &* 1_000_003 &+ second &* 7_919 &+ 12_345)
    for _ in 0..<3 {
      value ^= value >> 31
      value = value &* 0x9E37_79B9_7F4A_7C15
    }
    return Int(value >> 33)
  }

  private static func answer(_ unit: Unit, number: Int, place: Int) -> [String: String] {
    let minute = 8 * 60 + place % 6 * 45
    func clock(_ minute: Int) -> String {
      String(format: "2018-12-%02dT%02d:%02d:00", 3 + place / 6, minute / 60, minute % 60)
    }
    var row = [
      "household": unit.id, "village_code": unit.village, "class": unit.stratum, "result": "1",
      "interviewer": "W\(unit.county + 1)", "start": clock(minute), "end": clock(minute + 30), "户主姓名": "王小明",
      "身份证号": identity(17, "150121197\(number % 10)0\(1 + number % 9)1\(number % 10)" + String(format: "%03d", number)),
      "联系电话": "139" + String(format: "%08d", number), "income_per_head": String(3_001 + mixed(number, 99) % 9_997),
      "备注": "髙家嘎查、圐圙",
    ]
    for (item, name) in items.enumerated() { row[name] = String(1 + mixed(number, item) % 5) }
    return row
  }

  private static func identity(_ count: Int, _ digits: String) -> String {
    let first = digits.prefix(count)
    var sum = 0
    for (place, digit) in first.enumerated() {
      var weight = 1
      for _ in 0..<(count - place) { weight = weight * 2 % 11 }
      sum += (digit.wholeNumberValue ?? 0) * weight
    }
    return first + ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum % 11]
  }

  private mutating func answerAll() {
    for (number, unit) in units.enumerated() where unit.isSelected {
      rows[unit.county].append(Self.answer(unit, number: number, place: rows[unit.county].count))
    }
  }

  private mutating func plant(_ county: Int, _ row: Int, _ changes: [String: String], _ rules: String...) {
    for (column, value) in changes { rows[county][row][column] = value }
    for rule in rules { planted.insert(Planted(rule: rule, file: Self.file(county), row: row + 2)) }
  }

  private mutating func missing(_ id: String?) {
    guard let unit = units.first(where: { $0.id == id }) else { return }
    planted.insert(Planted(rule: "return-missing", file: "draws/homes/list.csv", row: unit.listRow))
  }

  private mutating func plantCells() {
    plant(0, 0, ["身份证号": "150121197001011234"], "identity-check")
    plant(0, 1, ["身份证号": Self.identity(17, "15012119700231001")], "identity-birth")
    plant(0, 2, ["身份证号": "15012119700101"], "identity-length")
    plant(0, 3, ["身份证号": rows[1][0]["身份证号"] ?? ""])
    planted.insert(Planted(rule: "person-twice", file: Self.file(1), row: 2))
    plant(1, 1, ["income_per_head": "1.2万"], "number-text")
    plant(1, 2, ["income_per_head": "—"], "number-text")
    plant(1, 3, ["income_per_head": "不详"])
    plant(1, 4, ["income_per_head": "0"], "register-income")
    plant(1, 5, ["income_per_head": "99999", "class": "N0"], "missing-code")
    if units.first(where: { $0.id == rows[1][5]["household"] })?.stratum == "P1" {
      planted.insert(Planted(rule: "return-class", file: Self.file(1), row: 7))
    }
    plant(1, 6, ["q7": "9"], "code-undeclared")
    plant(1, 7, ["q7": ""], "required-blank")
    plant(1, 8, ["q8": "6"], "value-range")
    plant(1, 9, ["result": "77"], "outcome-unknown")
    // Full-width digits and a blank behind: read as the id that is meant, and told.
    plant(2, 0, ["household": wide(rows[2][0]["household"] ?? "") + " "], "id-normalized")
    let lost = rows[2][1]["household"]
    missing(lost)
    plant(2, 1, ["household": "1.50103E+15"], "id-form")
    plant(2, 2, ["village_code": "150103100209"], "area-unknown", "return-parent")
    let poor = rows[2].firstIndex { $0["class"] == "P1" && $0["household"] != lost } ?? 5
    plant(2, poor, ["income_per_head": "20000"], "income-of-the-poor")
    plant(3, 0, ["start": "2018/12/3 8:00"], "date-form")
    plant(3, 1, ["end": "43437"], "date-form")
  }

  private func wide(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) }))
  }

  private mutating func plantReturns() {
    // The same household again, with other answers.
    var again = rows[4][0]
    again["备注"] = "再访"
    rows[4].append(again)
    planted.insert(Planted(rule: "id-duplicate", file: Self.file(4), row: rows[4].count + 1))
    planted.insert(Planted(rule: "person-twice", file: Self.file(4), row: rows[4].count + 1))
    planted.insert(Planted(rule: "interview-overlap", file: Self.file(4), row: rows[4].count + 1))
    // A household that was never drawn, in the place of one that was.
    missing(rows[5][0]["household"])
    plant(5, 0, ["household": (rows[5][0]["village_code"] ?? "") + "9999"], "return-not-drawn")
    let other = rows[5][1]["class"] == "P1" ? "N0" : "P1"
    plant(5, 1, ["class": other, "income_per_head": "5000"], "return-class")
    // A household that nobody visited.
    missing(rows[6].popLast()?["household"])
    plantReserves()
  }

  private mutating func plantReserves() {
    func reserves(of row: [String: String]) -> [Unit] {
      units.filter { !$0.isSelected && $0.village == row["village_code"] && $0.stratum == row["class"] }
    }
    // County 9: the second reserve before the first, and nobody says why or for whom.
    let first = reserves(of: rows[8][0])
    addReserve(first[1], to: 8)
    for rule in ["reserve-out-of-order", "reserve-without-reason", "reserve-unlinked"] {
      planted.insert(Planted(rule: rule, file: Self.file(8), row: rows[8].count + 1))
    }
    // County 10: as it should be, but two of six in one village.
    let village = rows[9][0]["village_code"]
    var used = [String: Int]()
    for place in rows[9].indices.filter({ rows[9][$0]["village_code"] == village }).prefix(2) {
      let stratum = rows[9][place]["class"] ?? ""
      let reserve = reserves(of: rows[9][place])[used[stratum, default: 0]]
      used[stratum, default: 0] += 1
      for name in Self.items + ["start", "end", "身份证号", "income_per_head"] { rows[9][place][name] = "" }
      rows[9][place]["result"] = "5"
      rows[9][place]["reason"] = "拒访"
      rows[9][place]["replaced_by"] = reserve.id
      addReserve(reserve, to: 9)
    }
    let list = units.first { $0.village == village }?.listRow
    planted.insert(Planted(rule: "replacement-rate", file: "draws/homes/list.csv", row: list))
  }

  private mutating func addReserve(_ unit: Unit, to county: Int) {
    let number = units.firstIndex { $0.id == unit.id } ?? 0
    rows[county].append(Self.answer(unit, number: number, place: rows[county].count))
  }

  private mutating func plantInterviews() {
    plant(10, 0, ["end": "2018-12-03T08:04:00"], "interview-short")
    plant(10, 1, ["start": "2018-12-03T23:10:00", "end": "2018-12-03T23:40:00"], "interview-night")
    plant(10, 2, ["end": "2018-12-03T09:00:00"], "interview-order")
    plant(10, 6, ["end": "2018-12-04T13:00:00"], "interview-long")
    // What was asked meanwhile cannot have been asked by the same person.
    for row in 7...11 { planted.insert(Planted(rule: "interview-overlap", file: Self.file(10), row: row + 2)) }
    plant(11, 0, ["q1": "4", "q2": "4", "q3": "4", "q4": "4", "q5": "4", "q6": "4"], "straight-line")
    // Two interviews of county 13 are one, but for two answers.
    for item in Self.items { rows[12][7][item] = rows[12][3][item] }
    rows[12][7]["q9"] = rows[12][3]["q9"] == "1" ? "2" : "1"
    rows[12][7]["q10"] = rows[12][3]["q10"] == "1" ? "2" : "1"
    planted.insert(Planted(rule: "near-duplicate", file: Self.file(12), row: 5))
    // An interviewer who rounds, and one who ticks the same box.
    for row in rows[13].indices { rows[13][row]["income_per_head"] = String(3_000 + row % 6 * 1_000) }
    planted.insert(Planted(rule: "interviewer-heaping", file: Self.file(13), row: 2))
    for row in rows[14].indices { rows[14][row]["q12"] = "5" }
    planted.insert(Planted(rule: "interviewer-mean", file: Self.file(14), row: 2))
  }

  // MARK: writing

  private mutating func writeReturns(plants: Bool) throws {
    for county in 0..<24 {
      let isSheet = plants && county >= 21
      if isSheet {
        try writeSheet(county)
      } else if plants, county == 19 {
        try writeStatistics(county)
      } else {
        try writeText(county, plants: plants)
      }
    }
    // The two workbooks that cannot be read leave their households without a return.
    guard plants else { return }
    for county in [22, 23] { for row in rows[county] { missing(row["household"]) } }
  }

  private mutating func writeText(_ county: Int, plants: Bool) throws {
    var columns = Self.columns
    // The other tablet's export has a column more.
    if plants, county == 15 || county == 16 {
      columns.insert("deviceid", at: 1)
      planted.insert(Planted(rule: "header-differs", file: Self.file(county), row: nil))
    }
    let lines = [columns] + rows[county].map { row in columns.map { row[$0] ?? ($0 == "deviceid" ? "tablet-7" : "") } }
    let separator = plants && county == 17 ? ";" : ","
    let text = lines.map { $0.joined(separator: separator) }.joined(separator: county % 2 == 0 ? "\r\n" : "\n") + "\n"
    let path = try fixture.folder.write((county % 4 == 1 ? "\u{FEFF}" : "") + text, to: "round/" + Self.file(county))
    guard plants, county % 4 >= 2 else { return }
    let encoding = county % 4 == 2 ? "GB18030" : "UTF-16"
    let told = try shell(
      "iconv -f UTF-8 -t \(encoding) '\(path)' > '\(path).new' && mv '\(path).new' '\(path)'",
      in: "/"
    )
    #expect(told.isEmpty)
  }

  /// 22: a sound workbook; 23: ids as numbers of sixteen digits; 24: a head over two merged cells.
  private func writeSheet(_ county: Int) throws {
    func text(_ value: String, _ cell: String) -> String {
      "<c r=\"\(cell)\" t=\"inlineStr\"><is><t>\(value)</t></is></c>"
    }
    func letters(_ column: Int) -> String {
      let last = String(UnicodeScalar(UInt8(65 + column % 26)))
      return column < 26 ? last : letters(column / 26 - 1) + last
    }
    let top = county == 23 ? 2 : 1
    let lines = [Self.columns] + rows[county].map { row in Self.columns.map { row[$0] ?? "" } }
    var xml = county == 23 ? "<row r=\"1\">\(text("入户问卷", "A1"))</row>" : ""
    for (line, cells) in lines.enumerated() {
      let inner = cells.enumerated().map { place, value -> String in
        let cell = "\(letters(place))\(line + top)"
        if value.isEmpty { return "" }
        return county == 22 && place == 0 && line > 0 ? "<c r=\"\(cell)\"><v>\(value)</v></c>" : text(value, cell)
      }
      xml += "<row r=\"\(line + top)\">\(inner.joined())</row>"
    }
    let merged = county == 23 ? "<mergeCells count=\"1\"><mergeCell ref=\"A1:F1\"/></mergeCells>" : ""
    _ = try fixture.folder.write(xml + "\n" + merged, to: "sheet.xml")
    _ = try fixture.folder.write(Self.packing, to: "pack.py")
    let told = try shell("python3 pack.py sheet.xml 'round/\(Self.file(county, "xlsx"))' 2>&1", in: fixture.folder.path)
    #expect(told.isEmpty, "\(told)")
  }

  /// A file of SPSS, every variable a text.
  private func writeStatistics(_ county: Int) throws {
    let lines = [Self.columns] + rows[county].map { row in Self.columns.map { row[$0] ?? "" } }
    _ = try fixture.folder.write(lines.map { $0.joined(separator: ",") + "\n" }.joined(), to: "answers.csv")
    _ = try fixture.folder.write(Self.saving, to: "save.py")
    let target = "round/" + Self.file(county, "sav")
    let told = try shell("python3 save.py answers.csv '\(target)' 2>&1", in: fixture.folder.path)
    #expect(told.isEmpty, "\(told)")
  }

  /// SPSS's system file format written out by hand, so that what writes it is not what reads it.
  private static let saving = #"""
    csv, struct, sys = map(__import__, ["csv", "struct", "sys"])
    rows = list(csv.reader(open(sys.argv[1], encoding="utf-8")))
    names, rows = rows[0], rows[1:]
    widths = [max([8] + [-(-len(row[place].encode()) // 8) * 8 for row in rows]) for place in range(len(names))]
    number = struct.Struct("<i").pack
    out = b"$FL2" + b"@(#) SPSS DATA FILE".ljust(60) + number(2) + number(sum(widths) // 8) + number(0) + number(0)
    out += number(len(rows)) + struct.pack("<d", 100) + b"03 Dec 18" + b"09:00:00" + b" " * 64 + b"\0" * 3
    for place, width in enumerate(widths):
        form = 1 << 16 | width << 8
        name = f"V{place}".encode().ljust(8)
        for segment in range(width // 8):
            out += number(2) + number(-1 if segment else width) + number(0) * 2 + number(form) * 2
            out += b" " * 8 if segment else name
    long = "\t".join(f"V{place}={name}" for place, name in enumerate(names)).encode()
    out += number(7) + number(13) + number(1) + number(len(long)) + long
    out += number(7) + number(20) + number(1) + number(5) + b"UTF-8" + number(999) + number(0)
    for row in rows:
        out += b"".join(cell.encode().ljust(width) for cell, width in zip(row, widths))
    open(sys.argv[2], "wb").write(out)

    """#

  private static let packing = """
    sys, zipfile = map(__import__, ["sys", "zipfile"])
    rows, merged = open(sys.argv[1], encoding="utf-8").read().split("\\n", 1)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
    link = '<Relationship Id="%s" Type="' + office + '/%s" Target="%s"/>'
    with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", links % (link % ("r1", "officeDocument", "xl/workbook.xml")))
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
                         '<sheet name="data" sheetId="1" r:id="s1"/></sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", links % (link % ("s1", "worksheet", "worksheets/sheet1.xml")))
        archive.writestr("xl/worksheets/sheet1.xml",
                         f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{merged.strip()}</worksheet>')

    """
}
