import Foundation
import SurveyData
import TabularFiles
import TestSupport
import Testing

@Suite("Workbooks")
struct WorkbookTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/xlsx")

  @Test(
    "three writers, one table: long codes, Chinese, Mongolian script, dates of both epochs",
    arguments: ["openpyxl.xlsx", "libreoffice.xlsx", "xlsxwriter.xlsx"]
  )
  func writers(name: String) throws {
    let path = Self.fixtures.appendingPathComponent(name).path
    let (table, notes) = try readTable(path: path, options: ReadOptions(identifiers: ["编号"]))
    #expect(notes.isEmpty)
    #expect(table.sheet == "住户" && table.firstRow == 2)
    #expect(table.columnNames == ["编号", "名称", "ᠮᠣᠩᠭᠣᠯ", "日期", "时刻", "人数", "比例", "在册"])
    #expect(
      table.rows == [
        [
          "150121199001011234", "圐圙补隆村", "ᠬᠥᠬᠡᠬᠣᠲᠠ", "2018-08-13", "2018-08-13T14:30:00", "1204", "0.1", "TRUE",
        ],
        ["01502", "髙家营", "ᠣᠷᠳᠣᠰ", "2020-02-29", "1999-12-31T23:59:59", "-3", "1e-07", "FALSE"],
        ["150121199001010000", nil, "ᠠᠯᠠᠱᠠ", "1904-01-02", nil, "0", "1234567.891", "TRUE"],
      ]
    )
    #expect(try readHeader(path: path) == table.columnNames)
  }

  @Test("shared texts: runs are joined, pronunciation is left out, escapes are undone, blanks kept")
  func sharedTexts() throws {
    var maker = WorkbookMaker(
      rows: """
        <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
        <row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row>
        <row r="3"><c r="A3" t="inlineStr"><is><r><t>嘎</t></r><r><t>查</t></r><rPh sb="0" eb="1"><t>ga</t></rPh></is></c>
        <c r="B3" t="s"><v>4</v></c></row>
        <row><c t="s"><v>2</v></c><c t="s"><v>5</v></c></row>
        """
    )
    maker.strings = [
      "<t>a</t>", "<r><rPr><b/></rPr><t>名</t></r><r><t>称</t></r>",
      "<t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh><phoneticPr fontId=\"1\"/>",
      "<t xml:space=\"preserve\"> x_x000D_&#10;y </t>", "<t>_x005F_x0041_ _x00</t>", "<t></t>",
    ]
    let (table, notes) = try maker.read()
    #expect(table.columnNames == ["a", "名称"] && notes.isEmpty)
    #expect(try table.cells("a") == ["東京", "嘎查", "東京"])
    #expect(try table.cells("名称") == [" x\r\ny ", "_x0041_ _x00", "∅"])
  }

  @Test("numbers as their shortest text, or as numbers; truth values as words, or as 1 and 0")
  func numbers() throws {
    let raw = ["1", "-3", "0.10000000000000001", "1E3", "123456789012345", "5.0", "-0", "1.5e-7", "007", "1e300"]
    let rows = raw.enumerated().map {
      "<row><c><v>\($1)</v></c><c t=\"n\"><v> \($1) </v></c><c t=\"b\"><v>\($0 % 2)</v></c><c t=\"b\"><v>\($0 % 2)</v></c></row>"
    }.joined()
    let maker = WorkbookMaker(rows: WorkbookMaker.rows([["t", "n", "b", "c"]]) + rows)
    let options = ReadOptions(
      columns: [.init("t", .text), .init("n", .number), .init("b", .text), .init("c", .number)],
      missingNumbers: ["-3", "0.1"]
    )
    let table = try maker.read(options).table
    #expect(
      try table.cells("t")
        == ["1", "-3", "0.1", "1000", "123456789012345", "5", "0", "1.5e-07", "7", "1e+300"]
    )
    #expect(
      try table.cells("n") == ["1", "∅", "∅", "1000", "123456789012345", "5", "0", "1.5e-07", "7", "1e+300"]
    )
    #expect(try table.cells("b") == (0..<10).map { $0 % 2 == 1 ? "TRUE" : "FALSE" })
    #expect(try table.cells("c") == (0..<10).map { "\($0 % 2)" })
    guard case .number = try table.column("c").storage else {
      Issue.record("numbers expected")
      return
    }
  }

  @Test("text in a number column is refused with its cell, a number in it is not")
  func textNumbers() throws {
    let maker = WorkbookMaker([["x"], ["1,200"], ["1.2万"], ["—"], ["3"], ["NA"]])
    let findings = try maker.refusal(ReadOptions(columns: [.init("x", .number)]))
    #expect(findings.map(\.code) == ["number-text", "number-text", "number-text"])
    #expect(findings.map(\.row) == [2, 3, 4] && findings.allSatisfy { $0.sheet == "数据" && $0.column == "x" })
    #expect(findings[1].fix.zh.contains("12000"))
  }

  @Test("a long number is refused where a code is wanted; the same digits as text are kept")
  func identifiers() throws {
    let head = WorkbookMaker.rows([["编号", "数"]])
    let maker = WorkbookMaker(
      rows: head + "<row><c><v>1.50121199001011E+17</v></c><c><v>1.5E+17</v></c></row>"
        + "<row><c t=\"str\"><v>150121199001011234</v></c><c><v>2</v></c></row>"
        + "<row><c><v>999999999999999</v></c></row><row><c><v>1501211990010110</v></c></row>"
    )
    let findings = try maker.refusal(ReadOptions(identifiers: ["编号"]))
    #expect(findings.map(\.code) == ["id-scientific", "id-scientific"])
    #expect(findings.map(\.row) == [2, 5] && findings.allSatisfy { $0.column == "编号" })
    #expect(findings[1].value == "150121****0110" && findings[0].fix.zh.contains("文本"))
    #expect(try maker.read().table.cells("编号")[1] == "150121199001011234")
  }

  @Test("formulas are refused, or taken by their stored result; errors never are")
  func formulas() throws {
    let head = WorkbookMaker.rows([["a", "b"]])
    let maker = WorkbookMaker(
      rows: head + "<row><c><f>1+1</f><v>2</v></c><c t=\"str\"><f>\"x\"</f><v>x</v></c></row>"
        + "<row><c><f t=\"shared\" si=\"0\"/><v>3</v></c><c t=\"str\"><f>\"\"</f><v></v></c></row>"
    )
    let findings = try maker.refusal()
    #expect(findings.map(\.code) == Array(repeating: "cell-formula", count: 4))
    #expect(findings.map(\.row) == [2, 2, 3, 3])
    let (table, notes) = try maker.read(ReadOptions(allowsFormulas: true))
    #expect(table.rows == [["2", "x"], ["3", nil]])
    #expect(notes.map(\.code) == ["formulas-stored"] && notes[0].value == "4")
    let damaged = WorkbookMaker(
      rows: head + "<row><c t=\"e\"><f>A9</f><v>#REF!</v></c><c><f>NOW()</f></c></row>"
        + "<row><c t=\"e\"><v>#N/A</v></c><c><v>1</v></c></row>"
    )
    let errors = try damaged.refusal(ReadOptions(allowsFormulas: true))
    #expect(errors.map(\.code) == ["cell-error", "cell-uncomputed", "cell-error"])
    #expect(errors.map(\.value) == ["#REF!", nil, "#N/A"])
    let untouched = try damaged.refusal(ReadOptions(columns: [.init("b", .text)], allowsFormulas: true))
    #expect(untouched.map(\.code) == ["cell-uncomputed"])
    let constants = WorkbookMaker(
      rows: head + "<row><c t=\"b\"><f>TRUE()</f><v>1</v></c><c t=\"b\"><f aca=\"false\">FALSE()</f><v>0</v></c></row>"
    )
    #expect(try constants.read().table.rows == [["TRUE", "FALSE"]])
    let header = WorkbookMaker(rows: "<row><c t=\"str\"><f>B1</f><v>a</v></c></row><row><c><v>1</v></c></row>")
    #expect(try header.refusal().map(\.code) == ["cell-formula"])
  }

  @Test(
    "a damaged cell or row order is refused, never guessed",
    arguments: [
      ("<row r=\"1\"><c t=\"s\"><v>7</v></c></row>", "workbook-damaged"),
      ("<row r=\"2\"><c><v>1</v></c></row><row r=\"1\"><c><v>1</v></c></row>", "workbook-damaged"),
      ("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>", "workbook-damaged"),
      ("<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>", "workbook-damaged"),
      ("<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>", "workbook-damaged"),
      ("<row r=\"1048577\"><c><v>1</v></c></row>", "workbook-damaged"),
      ("<row><c t=\"str\"><v>a</v></c></row><row><c><v>one</v></c></row>", "cell-value"),
      ("<row><c t=\"str\"><v>a</v></c></row><row><c t=\"str\"><v>x_x0001_</v></c></row>", "cell-character"),
      ("<row><c t=\"str\"><v>a</v></c></row><row><c t=\"str\"><v>x_xD83D_</v></c></row>", "cell-character"),
      ("<row><c t=\"str\"><v>a</v></c></row><row><c t=\"str\"><v>损\u{FFFD}坏</v></c></row>", "cell-character"),
      ("<row><c t=\"str\"><v>a</v></c></row>", "file-no-rows"), ("", "file-no-rows"),
      ("<row><c t=\"str\"><v>a</v></c></row><row", "workbook-damaged"),
    ]
  )
  func damage(rows: String, code: String) throws {
    #expect(try WorkbookMaker(rows: rows).refusal().map(\.code) == [code])
  }

  @Test("only requested columns are delivered, in the order asked for")
  func requests() throws {
    let maker = WorkbookMaker([["a", "b", "c"], ["1", "", "3"], ["", "5", ""]])
    let table = try maker.read(ReadOptions(columns: [.init("c", .number), .init("a", .text)])).table
    #expect(table.columnNames == ["c", "a"] && table.rows == [["3", "1"], [nil, nil]])
    let absent = try maker.refusal(ReadOptions(columns: [.init("d", .text)]))
    #expect(absent.map(\.code) == ["column-missing"] && absent[0].sheet == "数据")
  }

  @Test("chunks change nothing; a worker's refusal is joined to the rest, another error ends the reading")
  func chunks() throws {
    struct Stop: Error {}
    let texts = [["id", "x"]] + (1...300).map { ["\($0)", $0 % 7 == 0 ? "" : "v\($0 % 5)"] }
    let file = try TemporaryFile(WorkbookMaker(texts).bytes, suffix: ".xlsx")
    let path = file.path
    let whole = try readTable(path: path).table
    #expect(whole.rowCount == 300)
    for size in [1, 7, 50, 1_000] {
      for threads in 1...2 {
        let reading = try readChunks(
          path: path,
          options: ReadOptions(blockSize: size),
          threads: threads,
          make: { [Table]() },
          body: { $0.append($1) }
        )
        let chunks = reading.partials.flatMap { $0 }
        #expect(reading.rows == 300 && chunks.count > 1)
        var next = 2
        for chunk in chunks {
          #expect(chunk.firstRow == next && chunk.sheet == "数据")
          next += chunk.rowCount
        }
        #expect(try Table.concatenated(chunks).rows == whole.rows)
      }
    }
    let refusal = try #require(throws: InputRefusal.self) {
      _ = try readChunks(
        path: path,
        options: ReadOptions(blockSize: 200),
        threads: 1,
        make: { 0 },
        body: { count, chunk in
          count += 1
          if count % 2 == 0 { throw InputRefusal(Finding.ofTest(chunk.firstRow)) }
        }
      )
    }
    #expect(refusal.findings.count > 3 && refusal.findings.allSatisfy { $0.code == "test" })
    #expect(throws: Stop.self) {
      _ = try readChunks(path: path, options: ReadOptions(), threads: 1, make: { 0 }, body: { _, _ in throw Stop() })
    }
  }
}

extension Finding {
  fileprivate static func ofTest(_ row: Int) -> Finding {
    Finding("test", row: row, message: LocalizedText("x"), fix: LocalizedText("y"))
  }
}
