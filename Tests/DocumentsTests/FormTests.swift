import Documents
import Testing

@Suite struct FormTests {
  private let form = DocumentTable(
    title: "东村 <1>",
    columns: [
      DocumentColumn("unit", "编号", .code, width: 12),
      DocumentColumn("outcome", "结果", .text, entry: .choice(["完成", "拒访"]), width: 10),
      DocumentColumn("reason", "原因", .text, entry: .text, width: 20),
    ],
    rows: [
      [.text("0150"), .empty(reason: nil), .empty(reason: nil)],
      [.text("=1+1"), .empty(reason: nil), .empty(reason: nil)],
    ],
    notes: ["a < b"],
    form: FormLayout(
      sheetName: "东村",
      lead: ["一盟 & 甲旗", "how to fill it in"],
      ruledRows: [1],
      footer: ["commitment abc & def"],
      signatures: ["访员 <x>"]
    )
  )

  @Test("a form's sheet has its heads in the row that is told, ids as text, lists to choose from, A4, and a foot")
  func sheet() throws {
    let folder = try ScratchFolder()
    let path = "\(folder.path)/a.xlsx"
    try XLSXWriter().write([form, form], to: path, overwrite: false)
    let sheet = part("xl/worksheets/sheet1.xml", of: path)
    let book = part("xl/workbook.xml", of: path)
    #expect(DocumentTable.headRow(leadLines: 2) == 4)
    for cell in ["A4", "B4", "C4", "A5", "A6"] { #expect(sheet.firstMatch(ofCell: cell)?.contains("t=\"s\"") == true) }
    #expect(!sheet.contains("<f>") && sheet.contains("sqref=\"B5:B6\"") && sheet.contains("完成,拒访"))
    #expect(sheet.contains("paperSize=\"9\"") && sheet.contains("commitment abc"))
    #expect(sheet.contains("ySplit=\"4\"") && book.contains("$1:$4"))
    #expect(book.contains("name=\"东村\"") && book.contains("name=\"东村 (2)\""))
    // Nothing stands under the last row: what comes back is a table.
    #expect(!sheet.contains("<c r=\"A7\"") && !part("xl/sharedStrings.xml", of: path).contains("访员"))
  }

  @Test("the same form gives the same bytes")
  func repeatable() throws {
    let folder = try ScratchFolder()
    for name in ["a", "b"] { try XLSXWriter().write([form], to: "\(folder.path)/\(name).xlsx", overwrite: false) }
    #expect(read("\(folder.path)/a.xlsx") == read("\(folder.path)/b.xlsx"))
  }

  @Test("a list that a spreadsheet cannot hold is an error, and nothing is written")
  func longChoices() throws {
    let folder = try ScratchFolder()
    var long = form
    long.columns[1].entry = .choice((0..<60).map { "choice \($0)" })
    #expect(throws: WritingError.self) {
      try XLSXWriter().write([long], to: "\(folder.path)/a.xlsx", overwrite: false)
    }
    #expect(folder.names.isEmpty)
  }

  @Test("Excel keeps the name History for itself")
  func reservedName() {
    var table = form
    table.form?.sheetName = "History"
    #expect(XLSXWriter.sheetNames(of: [table]) == ["History (2)"])
  }

  @Test("on paper each form begins a page, its name and foot stand on every page, and data stay data")
  func handout() {
    let document = Document(
      title: "t & u",
      language: .chinese,
      blocks: [.table(form), .pageBreak, .table(form)],
      layout: .handouts
    )
    let page = String(decoding: HTMLWriter().bytes(of: document), as: UTF8.self)
    #expect(page.split(separator: "<section class=\"handout\">").count == 3 && !page.contains("<h1>"))
    #expect(page.contains("<tfoot><tr><td colspan=\"3\">commitment abc &amp; def</td></tr></tfoot>"))
    #expect(page.contains("<tr class=\"again\"><td colspan=\"3\">东村</td></tr>"))
    #expect(page.contains("<tr class=\"ruled\"><td class=\"l code n\">=1+1</td>"))
    #expect(page.contains("东村 &lt;1&gt;") && page.contains("访员 &lt;x&gt;<span></span>") && page.contains("a &lt; b"))
    #expect(page.contains(".handout + .handout { break-before: page; }"))
  }

  @Test("a form too wide for an upright page lies on its side, in a workbook and on paper; codes stay on one line")
  func wide() throws {
    var wide = form
    for number in 0..<6 {
      wide.columns.append(DocumentColumn("c\(number)", "列\(number)", .text, width: 12))
      for row in wide.rows.indices { wide.rows[row].append(.text("x")) }
    }
    let folder = try ScratchFolder()
    for (table, orientation) in [(form, "portrait"), (wide, "landscape")] {
      let path = "\(folder.path)/\(orientation).xlsx"
      try XLSXWriter().write([table], to: path, overwrite: false)
      #expect(part("xl/worksheets/sheet1.xml", of: path).contains("orientation=\"\(orientation)\""))
      let page = HTMLWriter().bytes(
        of: Document(title: "t", language: .chinese, blocks: [.table(table)], layout: .handouts)
      )
      let html = String(decoding: page, as: UTF8.self)
      #expect(html.contains("<section class=\"handout wide\">") == (orientation == "landscape"))
      #expect(html.contains(".handout tbody .code, .handout tbody .c, .handout tbody .n { white-space: nowrap; }"))
    }
  }

  @Test("a table too wide to be read on one page repeats the columns that name its rows on further pages")
  func tooWide() throws {
    var columns = [DocumentColumn("id", "编号", .code), DocumentColumn("name", "名称", .text)]
    columns += (0..<24).map { DocumentColumn("c\($0)", "列\($0)", .text) }
    let cells = columns.map { _ in Cell.text("twelve signs") }
    let folder = try ScratchFolder()
    let path = "\(folder.path)/a.xlsx"
    try XLSXWriter().write(
      [DocumentTable(title: "t", columns: columns, rows: [cells], leadingColumns: 2)],
      to: path,
      overwrite: false
    )
    let sheet = part("xl/worksheets/sheet1.xml", of: path)
    #expect(sheet.contains("scale=\"60\"") && !sheet.contains("fitToHeight") && sheet.contains("xSplit=\"2\""))
    #expect(part("xl/workbook.xml", of: path).contains("$A:$B"))
  }
}
