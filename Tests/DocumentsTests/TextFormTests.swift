import Documents
import Testing

@Suite struct CSVTests {
  private let text = String(decoding: CSVWriter().bytes(of: hostileTable), as: UTF8.self)

  @Test("people get a byte order mark, programs none")
  func mark() {
    #expect(CSVWriter().bytes(of: hostileTable).starts(with: [0xEF, 0xBB, 0xBF]))
    #expect(!CSVWriter(byteOrderMark: false).bytes(of: hostileTable).starts(with: [0xEF]))
  }

  @Test("codes keep their zeros, figures every digit; why one is missing is for people only")
  func rows() {
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[1] == "015012,土默特左旗,0.012345,12345")
    #expect(lines[3] == "150122,<script>alert('1')</script>,无自由度,0")
    let plain = String(
      decoding: CSVWriter(byteOrderMark: false, isForPrograms: true).bytes(of: hostileTable),
      as: UTF8.self
    )
    #expect(plain.hasPrefix("code,name,rate,count\r\n"))
    #expect(plain.contains("150122,<script>alert('1')</script>,,0\r\n"))
    #expect(lines.count == 5 && lines[4].isEmpty)
  }

  @Test(
    "a text that a spreadsheet would run gets an apostrophe and quotes",
    arguments: ["=1+1", "+1", "-x", "-1+2", "-1.2.3", "-1e", "-", "@x", "\tx", "\rx", "\u{0}x", "＝1", "＋1", "－1", "＠x", "\u{2212}1"]
  )
  func formula(_ text: String) {
    #expect(CSVWriter.field(text, isText: true) == "\"'\(text)\"")
  }

  @Test("numbers below zero and harmless texts are left alone", arguments: ["-7", "-0.5"])
  func number(_ text: String) {
    #expect(CSVWriter.field(text, isText: false) == text)
    #expect(CSVWriter.field(text, isText: true) == text)
    #expect(CSVWriter.field(text + "e-3", isText: true) == text + "e-3")
    #expect(self.text.contains(",-0.5,-7\r\n"))
    #expect(CSVWriter.field("150102001007", isText: true) == "150102001007")
  }

  @Test("quotes, commas and line ends are quoted as RFC 4180 has it")
  func quoting() {
    #expect(CSVWriter.field("a\"b", isText: true) == "\"a\"\"b\"")
    #expect(CSVWriter.field("a,b", isText: true) == "\"a,b\"")
    #expect(CSVWriter.field("a\r\nb", isText: true) == "\"a\r\nb\"")
  }

  @Test("several tables become several files with names of their own")
  func files() {
    let document = Document(
      title: "t",
      language: .english,
      blocks: [.table(hostileTable), .table(hostileTable)]
    )
    let paths = CSVWriter().files(of: document, at: "out/annex.csv").map(\.path)
    #expect(paths == ["out/annex-rates.csv", "out/annex-rates-2.csv"])
  }
}

@Suite struct TerminalTests {
  @Test(
    "a text takes as many cells as a terminal gives it",
    arguments: [
      ("abc", 3), ("错退率", 6), ("ᠮᠣᠩᠭᠣᠯ", 6), ("e\u{301}", 1), ("（）", 4), ("a\u{200B}b", 2),
      ("𠀀", 2), ("", 0), ("—", 1),
    ]
  )
  func width(_ text: String, _ cells: Int) {
    #expect(DisplayWidth.of(text) == cells)
  }

  @Test("every column starts at the same terminal cell in each line")
  func aligned() {
    let table = DocumentTable(
      title: "",
      columns: [DocumentColumn("a", "旗县", .text), DocumentColumn("b", "x", .text)],
      rows: [[.text("土默特左旗"), .text("|")], [.text("ab"), .text("|")], [.text("ᠮᠣᠩ"), .text("|")]]
    )
    let lines = TerminalWriter().text(of: table).split(separator: "\n")
    let starts = lines.dropFirst(2).map { line in
      DisplayWidth.of(String(line.prefix { $0 != "|" }))
    }
    #expect(starts == [12, 12, 12])
  }

  @Test("a narrow terminal gets blocks of columns, each led by the row's name")
  func blocks() {
    let table = DocumentTable(
      title: "",
      columns: (0..<6).map { DocumentColumn("c\($0)", "heading \($0)", .text) },
      rows: [(0..<6).map { .text("value \($0)") }]
    )
    let text = TerminalWriter(width: 40).text(of: table)
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 40 })
    #expect((0..<6).allSatisfy { text.contains("value \($0)") })
    #expect(text.components("heading 0") > 1)
  }

  @Test("an escape sequence in a name does not reach the terminal")
  func escape() {
    let table = DocumentTable(
      title: "",
      columns: [DocumentColumn("a", "a", .text)],
      rows: [[.text("\u{1B}[31mred")]]
    )
    #expect(!TerminalWriter().text(of: table).unicodeScalars.contains("\u{1B}"))
  }
}

@Suite struct JSONTests {
  @Test("records carry codes as text, figures as numbers and missing ones as null")
  func records() {
    let text = JSONWriter.records(of: hostileTable)
    #expect(text.contains("\"code\": \"015012\""))
    #expect(text.contains("\"rate\": 0.012345"))
    #expect(text.contains("\"rate\": null"))
    #expect(text.contains("\"name\": \"=HYPERLINK(\\\"x\\\")\""))
  }

  @Test("control characters are escaped")
  func control() {
    #expect(Escaping.json("a\u{1}\n") == "\"a\\u0001\\n\"")
  }
}

@Suite struct NumberTextTests {
  @Test("a rate that is not zero is never printed as zero")
  func small() {
    #expect(NumberText.percent(0.0000412, digits: 2) == "0.0041%")
    #expect(NumberText.percent(0.000000031, digits: 2) == "<0.00001%")
    #expect(NumberText.fixed(-0.00000031, digits: 2) == ">-0.00001")
    #expect(NumberText.percent(0, digits: 2) == "0.00%")
    #expect(NumberText.percent(0.01234, digits: 2) == "1.23%")
  }

  @Test("thousands are grouped on request only, and zero has no sign")
  func grouping() {
    #expect(NumberText.fixed(1_234_567.5, digits: 1, grouped: true) == "1,234,567.5")
    #expect(NumberText.fixed(-12_345, digits: 0, grouped: true) == "-12,345")
    #expect(NumberText.fixed(12_345, digits: 0) == "12345")
    #expect(NumberText.fixed(-0.0, digits: 2) == "0.00")
  }
}

extension String {
  /// How often a piece occurs.
  func components(_ piece: String) -> Int {
    var count = 0
    var rest = self[...]
    while let found = rest.firstRange(of: piece) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }
}
