import SurveyData
import TabularFiles
import TestSupport
import Testing

@Suite("Sheets, headers and merged cells")
struct WorkbookShapeTests {
  private static let table = [["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]]

  @Test("several sheets with data need a name; empty and hidden ones do not count")
  func sheets() throws {
    var maker = WorkbookMaker(Self.table)
    let other = "<sheetData>\(WorkbookMaker.rows([["x"], ["9"]]))</sheetData>"
    maker.sheets.append(.init(name: "空", content: "<sheetData><row r=\"1\"><c s=\"0\"/></row></sheetData>"))
    #expect(try maker.read().table.sheet == "数据")
    maker.sheets.append(.init(name: "选项", content: other, state: "veryHidden"))
    let (table, notes) = try maker.read()
    #expect(table.rowCount == 2 && notes.map(\.code) == ["sheet-hidden"] && notes[0].value == "选项")
    #expect(try maker.read(ReadOptions(sheet: "选项")).table.rows == [["9"]])
    maker.sheets.append(.init(name: "村", content: other))
    let findings = try maker.refusal()
    #expect(findings.map(\.code) == ["sheet-needed"])
    #expect(findings[0].message.zh.contains("“数据”、“村”") && !findings[0].message.zh.contains("选项"))
    let absent = try maker.refusal(ReadOptions(sheet: "数 据"))
    #expect(absent.map(\.code) == ["sheet-missing"] && absent[0].fix.zh.contains("“数据”"))
    maker.sheets = [.init(name: "空", content: "<sheetData/>"), .init(name: "藏", content: other, state: "hidden")]
    #expect(try maker.refusal().map(\.code) == ["sheet-needed"])
  }

  @Test("a title above the header asks for the header's row, which is then used")
  func titles() throws {
    let rows = WorkbookMaker.rows([["2018年名单"], [], ["a", "b", "c"], ["1", "2", "3"]])
    let maker = WorkbookMaker(rows: rows, after: "<mergeCells><mergeCell ref=\"A1:C1\"/></mergeCells>")
    let findings = try maker.refusal()
    #expect(findings.map(\.code) == ["header-row-needed"] && findings[0].row == 1 && findings[0].value == "2018年名单")
    #expect(findings[0].fix.en.contains("--header-row 3"))
    let (table, notes) = try maker.read(ReadOptions(headerRow: 3))
    #expect(table.columnNames == ["a", "b", "c"] && table.rows == [["1", "2", "3"]] && table.firstRow == 4)
    #expect(notes.isEmpty)
    #expect(try maker.refusal(ReadOptions(headerRow: 2)).map(\.code) == ["file-no-rows"])
    #expect(try maker.refusal(ReadOptions(headerRow: 40)).map(\.code) == ["file-no-rows"])
    let low = try WorkbookMaker(rows: WorkbookMaker.rows(Self.table, from: 3)).refusal()
    #expect(low.map(\.code) == ["header-row-needed"] && low[0].fix.zh.contains("--header-row 3"))
  }

  @Test(
    "merged cells that touch header or data are refused with their range",
    arguments: [
      ("A1:B1", ["cells-merged"]), ("B2:B3", ["cells-merged"]), ("C3:D9", ["cells-merged"]), ("A1:A1", []),
      ("D1:E3", []), ("A4:C4", []),
    ]
  )
  func merged(range: String, codes: [String]) throws {
    let maker = WorkbookMaker(Self.table, after: "<mergeCells><mergeCell ref=\"\(range)\"/></mergeCells>")
    if codes.isEmpty {
      #expect(try maker.read().table.rowCount == 2)
    } else {
      let findings = try maker.refusal()
      #expect(findings.map(\.code) == codes && findings[0].value == range)
    }
  }

  @Test("a merged header is named by its range, not by the empty names it leaves")
  func mergedHeader() throws {
    let texts = [["人口", "", "c", ""], ["1", "2", "3", "4"], ["4", "5", "6", "7"]]
    let merge = "<mergeCells count=\"1\"><mergeCell ref=\"A1:B1\"/></mergeCells>"
    var texts2 = texts
    texts2[0][3] = "d"
    let findings = try WorkbookMaker(texts2, after: merge).refusal()
    #expect(findings.map(\.code) == ["cells-merged"] && findings[0].value == "A1:B1")
    let gap = try WorkbookMaker(texts2).refusal()
    #expect(gap.map(\.code) == ["header-empty"] && gap[0].column == "#2")
    let header = try #require(throws: InputRefusal.self) {
      let file = try TemporaryFile(WorkbookMaker(texts2, after: merge).bytes, suffix: ".xlsx")
      _ = try readHeader(path: file.path)
    }
    #expect(header.findings.map(\.code) == ["cells-merged"])
  }

  @Test(
    "headers and rows that do not fit are refused with their place",
    arguments: [
      ([["a", "a"], ["1", "2"]], [("header-duplicate", 1)]),
      ([["a", "b\u{200B}"], ["1", "2"]], [("header-invisible", 1)]),
      (
        [["a", "b", "c"], ["1", "2", "3", "4"], ["1", "2", "3", "", "5", "6"]], [("row-ragged", 2), ("row-ragged", 3)]
      ),
      ([["a", "b"], ["1", "2"], [], [], ["3", "4"]], [("row-blank", 3), ("row-blank", 4)]),
      ([["a", "b"], [], ["3", "4"]], [("row-blank", 2)]),
    ] as [([[String]], [(String, Int)])]
  )
  func misfits(texts: [[String]], expected: [(String, Int)]) throws {
    let findings = try WorkbookMaker(texts).refusal()
    #expect(findings.map(\.code) == expected.map(\.0))
    #expect(findings.map(\.row) == expected.map(\.1))
  }

  @Test("a thousand faults of a header are listed and the rest counted")
  func manyFaults() throws {
    let same = [String](repeating: "a", count: 1_500)
    let findings = try WorkbookMaker([same, same]).refusal()
    #expect(findings.count == 1_001 && findings[0].code == "header-duplicate")
    #expect(findings.last?.message.en == "has 499 more problems.")
  }

  @Test("rows left out of the file are as blank as those without values; thousands are counted")
  func gaps() throws {
    let rows = WorkbookMaker.rows([["a", "b"], ["1", "2"]]) + WorkbookMaker.rows([["3", "4"]], from: 5_003)
    let findings = try WorkbookMaker(rows: rows).refusal()
    #expect(findings.count == 1_001 && findings[0].row == 3 && findings[0].code == "row-blank")
    #expect(findings.last?.message.en == "has 4000 more problems.")
  }

  @Test("short rows end in missing cells; blank rows at the end are ignored and said")
  func ends() throws {
    let rows = WorkbookMaker.rows([["a", "b"], ["1"], ["", "2"], [], []])
    let (table, notes) = try WorkbookMaker(rows: rows).read()
    #expect(table.rows == [["1", nil], [nil, "2"]])
    #expect(notes.map(\.code) == ["rows-blank-end"] && notes[0].row == 4)
  }

  @Test("hidden rows, columns and filters are read and said; outer blanks of names are cut and said")
  func hidden() throws {
    let rows =
      WorkbookMaker.rows([[" a ", "b"], ["1", "2"]])
      + "<row r=\"3\" hidden=\"1\"><c><v>3</v></c></row><row r=\"4\" hidden=\"1\"><c><v>4</v></c></row>"
    let maker = WorkbookMaker(
      rows: rows,
      after: "<autoFilter ref=\"A1:B4\"/>",
      before: "<cols><col min=\"2\" max=\"9\" hidden=\"1\"/></cols>"
    )
    let (table, notes) = try maker.read()
    #expect(table.rows == [["1", "2"], ["3", nil], ["4", nil]])
    #expect(notes.map(\.code) == ["header-trimmed", "rows-hidden", "columns-hidden"])
    #expect(notes[1].value == "2" && notes[1].row == 3 && notes[1].message.zh.contains("A1:B4"))
    #expect(notes[2].value == "b" && notes.allSatisfy { $0.severity == .note && $0.sheet == "数据" })
  }
}
