import Foundation
import TestSupport
import Testing

/// Rows 11 to 13 and 16 to 18 of the table of bad input: workbooks.
@Suite("bad input, rows 11 to 13 and 16 to 18: workbooks")
struct WorkbookRowsTests {
  private static let rows = [["code", "name", "x"], ["15", "a", "1"], ["16", "b", "2"], ["17", "c", "4"]]
  private static let honest = WorkbookMaker(rows)

  private static func changed(_ change: (inout WorkbookMaker) -> Void) -> WorkbookMaker {
    var maker = honest
    change(&maker)
    return maker
  }

  private static func merged(_ ranges: String..., cells: [[String]] = rows) -> WorkbookMaker {
    let inner = ranges.map { "<mergeCell ref=\"\($0)\"/>" }.joined()
    return WorkbookMaker(cells, after: "<mergeCells>\(inner)</mergeCells>")
  }

  private static let twoSheets = changed {
    let other = [["code", "x"], ["1", "5"], ["2", "7"]]
    $0.sheets.append(.init(name: "登记册", content: "<sheetData>\(WorkbookMaker.rows(other))</sheetData>"))
  }

  private static let titled = WorkbookMaker([["2018 年名单"], []] + rows)

  @Test(
    "11: merged cells, several sheets and titles are named, nothing is filled forward",
    arguments: [
      BadFile(
        "merged heads",
        merged("A1:B1", cells: [["code", "", "x"]] + rows.dropFirst()),
        [.init("cells-merged", 1)],
        mend: "Unmerge"
      ),
      BadFile("merged cells", merged("B2:B3"), [.init("cells-merged", 2)], mend: "Unmerge"),
      BadFile(
        "merged twice",
        merged("B2:B3", "A3:A4"),
        [.init("cells-merged", 2), .init("cells-merged", 3)],
        mend: "fill in each cell"
      ),
      BadFile("two sheets", twoSheets, [.init("sheet-needed")], mend: "--sheet"),
      BadFile("no such sheet", twoSheets, options: ["--sheet", "名册"], [.init("sheet-missing")], mend: "登记册"),
      BadFile("a title above", titled, [.init("header-row-needed", 1)], mend: "--header-row 3"),
      BadFile(
        "a header row that is blank",
        titled,
        options: ["--header-row", "2"],
        [.init("file-no-rows", 2)],
        mend: "header row"
      ),
      BadFile(
        "hidden rows and a filter",
        WorkbookMaker(
          rows: WorkbookMaker.rows(rows).replacingOccurrences(of: "<row r=\"3\">", with: "<row r=\"3\" hidden=\"1\">"),
          after: "<autoFilter ref=\"A1:C4\"/>"
        ),
        status: 0,
        [.init("rows-hidden", 3)]
      ),
      BadFile("a sheet by its name", twoSheets, options: ["--sheet", "登记册"], status: 0, []),
      BadFile("a header row by its number", titled, options: ["--header-row", "3"], status: 0, []),
    ]
  )
  func shapes(file: BadFile) throws { try BadInputFolder().check(file) }

  private static func cells(_ cells: String...) -> WorkbookMaker {
    WorkbookMaker(
      rows: WorkbookMaker.rows([["code", "x"]])
        + cells.enumerated().map { place, cell in
          "<row r=\"\(place + 2)\"><c r=\"A\(place + 2)\"><v>\(place + 15)</v></c>\(cell)</row>"
        }.joined()
    )
  }

  @Test(
    "12: formulas are taken only when asked, by what is stored, and their errors never",
    arguments: [
      BadFile(
        "formulas",
        cells("<c r=\"B2\"><f>1+1</f><v>2</v></c>", "<c r=\"B3\"><v>3</v></c>", "<c r=\"B4\"><f>B2</f><v>2</v></c>"),
        [.init("cell-formula", 2, "x"), .init("cell-formula", 4, "x")],
        mend: "--allow-formulas"
      ),
      BadFile(
        "an error",
        cells("<c r=\"B2\" t=\"e\"><v>#REF!</v></c>", "<c r=\"B3\"><v>3</v></c>"),
        options: ["--allow-formulas"],
        [.init("cell-error", 2, "x")],
        mend: "Mend the formula"
      ),
      BadFile(
        "an error of a formula",
        cells("<c r=\"B2\"><v>3</v></c>", "<c r=\"B3\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"),
        [.init("cell-error", 3, "x")],
        mend: "Mend the formula"
      ),
      BadFile(
        "nothing stored",
        cells("<c r=\"B2\"><f>1+1</f></c>", "<c r=\"B3\"><v>3</v></c>"),
        options: ["--allow-formulas"],
        [.init("cell-uncomputed", 2, "x")],
        mend: "recalculate"
      ),
      BadFile(
        "taken",
        cells("<c r=\"B2\"><f>1+1</f><v>2</v></c>", "<c r=\"B3\"><v>3</v></c>"),
        options: ["--allow-formulas"],
        status: 0,
        [.init("formulas-stored")]
      ),
    ]
  )
  func formulas(file: BadFile) throws { try BadInputFolder().check(file) }

  @Test("12: a draw from stored results is verified with the same option")
  func verifiedFormulas() throws {
    let folder = try BadInputFolder()
    let book = Self.cells("<c r=\"B2\"><f>1+1</f><v>2</v></c>", "<c r=\"B3\"><v>3</v></c>")
    try folder.write(book.bytes, to: "in.xlsx")
    let draw = folder.arguments(.draw, "in.xlsx", ["--allow-formulas"])
    #expect(try CommandRun(draw, in: folder.folder.path).status == 0)
    let verify = ["verify", "out", "--frame", "in.xlsx", "--seed-file", "seed.txt"]
    #expect(try CommandRun(verify, in: folder.folder.path).status == 65)
    #expect(try CommandRun(verify + ["--allow-formulas"], in: folder.folder.path).status == 0)
  }

  @Test(
    "13: a serial number is a date where its format says so, by the workbook's own system",
    arguments: [(43_325, false), (41_863, true), (36_585, false)]
  )
  func dates(serial: Int, is1904: Bool) throws {
    var book = Self.cells("<c r=\"B2\" s=\"1\"><v>\(serial)</v></c>", "<c r=\"B3\"><v>\(serial)</v></c>")
    book.styles = [0, 14]
    book.is1904 = is1904
    let file = BadFile("date", book, by: [.draw], options: ["--take", "all"], status: 0, [])
    let list = try BadInputFolder().check(file)[0].list
    let day = serial == 36_585 ? "2000-02-29" : "2018-08-13"
    #expect(list.contains(",15,\(day),") && list.contains(",16,\(serial),"), "\(list)")
  }

  private static func fixture(_ name: String) -> [UInt8] {
    Array(FileManager.default.contents(atPath: repositoryPath + "/Tests/Fixtures/xlsx/" + name) ?? Data())
  }

  @Test(
    "16: archives that would fill memory or lie about their sizes are not unpacked, within 256 MiB",
    arguments: [
      BadFile("ratio", fixture("bomb.xlsx"), suffix: "xlsx", [.init("archive-too-large")], mend: "export CSV"),
      BadFile(
        "false size",
        fixture("bomb-declared-small.xlsx"),
        suffix: "xlsx",
        [.init("archive-damaged")],
        mend: "Get it again"
      ),
      BadFile(
        "more than 1 GiB",
        changed { maker in
          maker.extra = (0..<3).map { .init(name: "xl/media/\($0)", bytes: [0], declaredBytes: 400 << 20) }
        },
        [.init("archive-too-large")],
        mend: "export CSV"
      ),
      BadFile(
        "ten thousand entries and more",
        changed { $0.extra = (0..<10_001).map { .init(name: "x\($0)", bytes: []) } },
        [.init("archive-too-large")],
        mend: "export CSV"
      ),
      BadFile(
        "a size too small by one",
        changed { maker in
          let sheet = maker.entries.first { $0.name == "xl/worksheets/sheet1.xml" }?.bytes ?? []
          maker.extra = [
            .init(name: "xl/worksheets/sheet1.xml", bytes: sheet, declaredBytes: sheet.count - 1)
          ]
        },
        [.init("archive-damaged")],
        mend: "Get it again"
      ),
    ]
  )
  func bombs(file: BadFile) throws {
    let folder = try BadInputFolder()
    try folder.check(file)
    let peak = try PeakMemory.kibibytes(of: folder.arguments(.draw, file.name, []), in: folder.folder.path)
    #expect(peak > 0 && peak < 256 << 10, "\(peak) KiB")
  }

  @Test(
    "17: document types, entities, depth and endless tags are refused",
    arguments: [
      BadFile(
        "entities that grow",
        changed { $0.prolog = "<!DOCTYPE worksheet [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>" },
        [.init("workbook-damaged")],
        mend: "save it as .xlsx again"
      ),
      BadFile(
        "a file of this machine",
        changed { $0.prolog = "<!DOCTYPE worksheet [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>" },
        [.init("workbook-damaged")],
        mend: "save it as .xlsx again"
      ),
      BadFile(
        "a document type of the network",
        changed { $0.prolog = "<!DOCTYPE worksheet SYSTEM \"http://192.0.2.1/x.dtd\">" },
        [.init("workbook-damaged")],
        mend: "save it as .xlsx again"
      ),
      BadFile(
        "a hundred thousand levels",
        WorkbookMaker(
          rows,
          after: String(repeating: "<x>", count: 100_000) + String(repeating: "</x>", count: 100_000)
        ),
        [.init("workbook-damaged")],
        mend: "save it as .xlsx again"
      ),
      BadFile(
        "an endless tag",
        WorkbookMaker(rows, after: "<x y=\"" + String(repeating: "z", count: 2 << 20) + "\"/>"),
        [.init("workbook-damaged")],
        mend: "save it as .xlsx again"
      ),
    ]
  )
  func markup(file: BadFile) throws { try BadInputFolder().check(file) }

  @Test(
    "18: entries that lead out of the archive are refused, and nothing is written",
    arguments: [
      BadFile(
        "up",
        changed { $0.extra = [.init(name: "../x", bytes: [1])] },
        [.init("archive-path")],
        mend: "Do not use"
      ),
      BadFile(
        "absolute",
        changed { $0.extra = [.init(name: "/tmp/x", bytes: [1])] },
        [.init("archive-path")],
        mend: "Do not use"
      ),
      BadFile(
        "up on Windows",
        changed { $0.extra = [.init(name: "xl\\..\\..\\x", bytes: [1])] },
        [.init("archive-path")],
        mend: "Do not use"
      ),
      BadFile(
        "a link",
        changed { $0.extra = [.init(name: "xl/link", bytes: Array("/etc/passwd".utf8), mode: 0o120777)] },
        [.init("archive-path")],
        mend: "Do not use"
      ),
    ]
  )
  func paths(file: BadFile) throws { try BadInputFolder().check(file) }

  @Test("18: an output that is a symbolic link is not followed, and what is there is not overwritten: 73")
  func outputs() throws {
    let folder = try BadInputFolder()
    let place = folder.folder.path
    try folder.write(Self.honest.bytes, to: "in.xlsx")
    _ = try folder.folder.write("kept", to: "kept.csv")
    try FileManager.default.createDirectory(atPath: place + "/elsewhere", withIntermediateDirectories: true)
    let links = ["out": "elsewhere", "dangling": "nowhere", "link.csv": "kept.csv"]
    for (name, target) in links {
      try FileManager.default.createSymbolicLink(atPath: place + "/" + name, withDestinationPath: target)
    }
    let estimate = folder.arguments(.estimate, "in.xlsx", ["--format", "csv", "--lang", "en", "--output"])
    let draw = folder.arguments(.draw, "in.xlsx", ["--lang", "en"])
    let dangling = draw.map { $0 == "out" ? "dangling" : $0 }
    let runs = [
      (draw, "out: the target is a symbolic link"), (dangling, "dangling: the target is a symbolic link"),
      (estimate + ["link.csv"], "link.csv: the target is a symbolic link"),
      (estimate + ["kept.csv"], "kept.csv: exists"),
    ]
    for (arguments, words) in runs {
      let run = try CommandRun(arguments, in: place)
      #expect(run.status == 73 && run.messages.contains(words) && run.output.isEmpty, "\(run.messages)")
    }
    #expect(try String(contentsOfFile: place + "/kept.csv", encoding: .utf8) == "kept")
    let names = try FileManager.default.subpathsOfDirectory(atPath: place).sorted()
    #expect(names == ["dangling", "elsewhere", "in.xlsx", "kept.csv", "link.csv", "out", "seed.txt"], "\(names)")
  }
}
