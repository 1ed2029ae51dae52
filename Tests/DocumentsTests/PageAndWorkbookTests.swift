import Documents
import Testing

@Suite struct HTMLTests {
  private let page = String(
    decoding: HTMLWriter().bytes(
      of: Document(
        title: "a <b> & c",
        language: .chinese,
        blocks: [
          .heading(level: 1, "<i>"), .paragraph("x & y"), .table(hostileTable),
          .definitions([.init("<t>", "\"q\"")]), .note("n"), .pageBreak,
          .figure(Figure(svg: "<svg></svg>", caption: "<c>", alternative: "\"alt\"")),
        ]
      )
    ),
    as: UTF8.self
  )

  @Test("no text of the data becomes markup")
  func escaping() {
    #expect(!page.contains("<script") && !page.contains("<i>") && !page.contains("<b>"))
    #expect(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"))
    #expect(page.contains("aria-label=\"&quot;alt&quot;\""))
  }

  @Test("the page asks nothing of the network and says its language")
  func selfContained() {
    for word in ["href=", "src=", "url(", "@import", "<script", "<link"] { #expect(!page.contains(word)) }
    #expect(page.contains("default-src 'none'") && page.contains("lang=\"zh-CN\""))
  }

  @Test("table heads repeat on paper and a reason stands where a figure is missing")
  func table() {
    #expect(page.contains("<thead>") && page.contains("table-header-group"))
    #expect(page.contains("<td class=\"reason\">无自由度</td>"))
    #expect(page.contains("1.23%") && page.contains("12,345"))
  }

  @Test("a table of many columns goes on a landscape page together with its heading")
  func wide() throws {
    let table = DocumentTable(
      title: "wide",
      columns: (0..<14).map { DocumentColumn("c\($0)", "c\($0)", .integer) },
      rows: [(0..<14).map { .integer(1_234_567 + $0) }]
    )
    let narrow = String(
      decoding: HTMLWriter().bytes(
        of: Document(title: "t", language: .english, blocks: [.table(hostileTable)])
      ),
      as: UTF8.self
    )
    #expect(!narrow.contains("<section class=\"wide\">"))
    let document = Document(
      title: "t",
      language: .english,
      blocks: [.paragraph("before"), .heading(level: 1, "Results"), .table(table)]
    )
    let text = String(decoding: HTMLWriter().bytes(of: document), as: UTF8.self)
    let section = try #require(text.firstRange(of: "<section class=\"wide\">"))
    #expect(text[section.upperBound...].contains("<h2>Results</h2>"))
    #expect(text[..<section.lowerBound].contains("before"))
  }
}

@Suite struct WorkbookTests {
  @Test("the same tables give the same bytes")
  func repeatable() throws {
    let folder = try ScratchFolder()
    for name in ["a", "b"] {
      try XLSXWriter().write(
        [hostileTable, hostileTable],
        to: "\(folder.path)/\(name).xlsx",
        overwrite: false
      )
    }
    let first = read("\(folder.path)/a.xlsx")
    #expect(first.count > 1_000 && first == read("\(folder.path)/b.xlsx"))
    #expect(folder.names == ["a.xlsx", "b.xlsx"])
  }

  @Test("codes and hostile text are typed text cells; figures are numbers; there is no formula")
  func cells() throws {
    let folder = try ScratchFolder()
    try XLSXWriter().write([hostileTable], to: "\(folder.path)/a.xlsx", overwrite: false)
    let sheet = part("xl/worksheets/sheet1.xml", of: "\(folder.path)/a.xlsx")
    let strings = part("xl/sharedStrings.xml", of: "\(folder.path)/a.xlsx")
    #expect(!sheet.contains("<f>") && !sheet.contains("<f "))
    #expect(strings.contains("<t>015012</t>") && strings.contains("=HYPERLINK"))
    for cell in ["A3", "A4", "B4"] {
      #expect(sheet.contains(cell) && sheet.firstMatch(ofCell: cell)?.contains("t=\"s\"") == true)
    }
    #expect(sheet.firstMatch(ofCell: "C3")?.contains("t=\"s\"") == false)
    #expect(sheet.contains("<v>0.012345</v>"))
    #expect(sheet.contains("state=\"frozen\""))
  }

  @Test("sheet names fit in 31 characters, hold nothing forbidden and differ")
  func names() {
    let long = String(repeating: "莫力达瓦达斡尔族自治旗", count: 4)
    let titles = [long, long, "a/b:c", "A B C", "'q'", ""]
    let names = XLSXWriter.sheetNames(
      of: titles.map { DocumentTable(title: $0, columns: [], rows: []) }
    )
    #expect(names.allSatisfy { $0.utf16.count <= 31 && !$0.isEmpty && !$0.hasPrefix("'") })
    #expect(Set(names.map { $0.lowercased() }).count == names.count)
    #expect(names[2] == "a b c" && names[3] == "A B C (2)")
  }

  @Test("a text longer than a cell holds is refused by name and nothing is written")
  func tooLong() throws {
    let folder = try ScratchFolder()
    let table = DocumentTable(
      title: "t",
      columns: [DocumentColumn("a", "a", .text)],
      rows: [[.text(String(repeating: "x", count: 32_768))]]
    )
    #expect(throws: WritingError.tooLarge(table: "t", what: "characters", count: 32_768, limit: 32_767)) {
      try XLSXWriter().write([table], to: "\(folder.path)/a.xlsx", overwrite: false)
    }
    #expect(folder.names.isEmpty)
  }
}

extension String {
  /// The `<c …>` tag of one cell.
  func firstMatch(ofCell name: String) -> String? {
    guard let start = firstRange(of: "<c r=\"\(name)\"") else { return nil }
    return String(self[start.lowerBound...].prefix { $0 != ">" })
  }
}
