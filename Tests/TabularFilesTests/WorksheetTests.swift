import SurveyData
import TabularFiles
import TestSupport
import Testing

@Suite struct WorksheetTests {
  private func sheet(_ name: String, _ texts: [[String]], state: String = "visible") -> WorkbookMaker.Sheet {
    WorkbookMaker.Sheet(name: name, content: "<sheetData>\(WorkbookMaker.rows(texts))</sheetData>", state: state)
  }

  private func read(_ sheets: [WorkbookMaker.Sheet]) throws -> WorksheetReading {
    var maker = WorkbookMaker([[]])
    maker.sheets = sheets
    let file = try TemporaryFile(maker.bytes, suffix: ".xlsx")
    return try readWorksheets(path: file.path) { $0.contains("id") && $0.contains("result") }
  }

  @Test("every visible sheet is read from the row of its heads, wherever they stand")
  func heads() throws {
    let reading = try read([
      sheet("a", [["id", "result"], ["1", "x"]]),
      sheet("b", [["a title"], ["more, and more"], ["n", "result", "id"], ["7", "y", "2"], ["8", "", "3"]]),
      sheet("about", [["item", "value"], ["x", "y"]]), sheet("old", [["id", "result"], ["9", "z"]], state: "hidden"),
      sheet("empty", []),
    ])
    #expect(reading.tables.map(\.sheet) == ["a", "b"] && reading.withoutHeads == ["about"])
    #expect(reading.tables[1].rowCount == 2 && reading.tables[1].fileRow(of: 1) == 5)
    #expect(reading.tables[1]["id"]?.text(at: 1) == "3" && reading.tables[1]["result"]?.text(at: 1) == nil)
    #expect(reading.notes.map(\.code) == ["sheet-hidden"])
  }

  @Test("what is wrong in any sheet is told, of all sheets at once")
  func faults() throws {
    let refusal = try #require(throws: InputRefusal.self) {
      try read([
        sheet("a", [["id", "result"], ["1", "x", "beyond"]]), sheet("b", [["id", "result"], ["2", "y", "", "more"]]),
      ])
    }
    #expect(refusal.findings.map(\.sheet) == ["a", "b"] && refusal.findings.allSatisfy { $0.code == "row-ragged" })
  }

  @Test("text files are one table without a sheet")
  func text() throws {
    let file = try TemporaryFile(Array("id,result\n1,x\n".utf8), suffix: ".csv")
    let reading = try readWorksheets(path: file.path) { _ in false }
    #expect(reading.tables.count == 1 && reading.tables[0].sheet == nil)
  }
}
