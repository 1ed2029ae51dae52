import Foundation
import TestSupport
import Testing

/// Rows 5 to 7 of the table of bad input: codes, and numbers typed by hand.
@Suite("bad input, rows 5 to 7: codes")
struct IdentifierRowsTests {
  @Test(
    "5: full-width characters and blanks around a code are mended; the list holds the plain code, the receipt the change",
    arguments: [
      "１５", "15\u{A0}", "\u{3000}15", "15 ", "\u{2003}15\u{2003}",
    ]
  )
  func codes(written: String) throws {
    let file = BadFile(
      "code",
      "code,name,x\n\(written),a,1\n16,b,2\n",
      by: [.draw],
      options: ["--take", "all"],
      status: 0,
      [.init("id-normalized", 2, "code")],
      mend: "mended"
    )
    let run = try BadInputFolder().check(file)[0]
    #expect(run.list.contains(",15,a,1,") && !run.list.contains(written))
    let receipt = String(decoding: run.written["receipt.json"] ?? Data(), as: UTF8.self)
    #expect(receipt.contains("row 2, code: "))
  }

  @Test(
    "5: invisible and direction marks in a code are refused",
    arguments: [
      BadFile("zero-width space", "code,x\n1\u{200B}5,1\n16,2\n", by: [.draw], [.init("id-invisible", 2, "code")]),
      BadFile(
        "right-to-left override",
        "code,x\n15,1\n\u{202E}16,2\n",
        by: [.draw],
        [.init("id-invisible", 3, "code")]
      ),
      BadFile("soft hyphen", "code,x\n15\u{AD}01,1\n16,2\n", by: [.draw], [.init("id-invisible", 2, "code")]),
      BadFile(
        "two of them",
        "code,x\n15\u{2060},1\n16\u{FEFF},2\n",
        by: [.draw],
        [.init("id-invisible", 2, "code"), .init("id-invisible", 3, "code")],
        mend: "Delete it"
      ),
    ]
  )
  func marks(file: BadFile) throws { try BadInputFolder().check(file) }

  @Test(
    "5: numbers in full-width digits or with blanks around them are taken, each with a note",
    arguments: ["１", "1\u{3000}", " 1", "1\u{A0}", "１．０"]
  )
  func numbers(written: String) throws {
    let folder = try BadInputFolder()
    func figures() throws -> String {
      let arguments = folder.arguments(.estimate, "in.csv", ["--by", "code", "--format", "csv"])
      return try CommandRun(arguments, in: folder.folder.path).output
    }
    try folder.check(BadFile("plain", "code,x\n15,1\n16,2\n17,4\n", by: [.estimate], status: 0, []))
    let plain = try figures()
    try folder.check(
      BadFile(
        "number",
        "code,x\n15,\(written)\n16,2\n17,4\n",
        by: [.estimate],
        status: 0,
        [.init("number-normalized", 2, "x")],
        mend: "mended"
      )
    )
    #expect(try figures() == plain && plain.contains("mean(x)"))
  }

  @Test("5: a name stays as it was typed", arguments: ["Ａ旗", "旗\u{A0}", "\u{3000}旗", "乌\u{200B}审"])
  func names(written: String) throws {
    let file = BadFile(
      "name",
      "code,name,x\n15,\(written),1\n16,b,2\n",
      by: [.draw],
      options: ["--take", "all"],
      status: 0,
      []
    )
    #expect(try BadInputFolder().check(file)[0].list.contains(written))
  }

  @Test(
    "6: a code that stands twice is refused and both rows named",
    arguments: [
      BadFile("twice", "code,x\n15,1\n16,2\n15,3\n", by: [.draw], [.init("id-duplicate", 4, "code")]),
      BadFile(
        "twice when mended",
        "code,x\n15,1\n16,2\n１５,3\n",
        by: [.draw],
        [.init("id-duplicate", 4, "code")]
      ),
      BadFile("equal rows", "code,x\n15,1\n16,2\n15,1\n", by: [.draw], [.init("id-duplicate", 4, "code")]),
      BadFile(
        "other rows, asked to drop equal ones",
        "code,x\n15,1\n16,2\n15,3\n",
        by: [.draw],
        options: ["--dedupe"],
        [.init("id-duplicate", 4, "code")]
      ),
    ]
  )
  func duplicates(file: BadFile) throws {
    let run = try BadInputFolder().check(file)[0]
    #expect(run.text("expected").contains("row 2") && run.text("fix").contains("--dedupe"))
  }

  @Test("6: rows equal in every cell are dropped on request, and named")
  func equalRows() throws {
    for rows in ["15,1\n16,2\n15,1\n", "15,1\n16,2\n15,1\n16,2\n", "15,1\n15,1\n15,1\n16,2\n"] {
      let doubled = rows.split(separator: "\n").indices.filter { place in
        rows.split(separator: "\n")[..<place].contains(rows.split(separator: "\n")[place])
      }
      let folder = try BadInputFolder()
      try folder.write(Array(("code,x\n" + rows).utf8), to: "in.csv")
      let run = try folder.run(.draw, "in.csv", ["--take", "all", "--dedupe"])
      #expect(run.run.status == 0 && run.places.compactMap(\.row) == doubled.map { $0 + 2 }, "\(run.run.messages)")
      #expect(run.list.split(separator: "\r\n").count == 3)
    }
  }

  @Test(
    "7: codes that a spreadsheet made numbers of are refused, never guessed",
    arguments: [
      BadFile("power of ten", "code,x\n1.50121E+17,1\n16,2\n", by: [.draw], [.init("id-scientific", 2, "code")]),
      BadFile("few digits", "code,x\n16,2\n1.50E+17,1\n", by: [.draw], [.init("id-scientific", 3, "code")]),
      BadFile(
        "zeros at the end",
        "code,x\n150121198001010000,1\n150121198001020000,2\n150121198001030000,3\n",
        by: [.draw],
        // The second of them ends by right: its check character fits.
        [.init("id-scientific", 2, "code"), .init("id-scientific", 4, "code")]
      ),
      BadFile(
        "numbers in a workbook",
        WorkbookMaker(
          rows: WorkbookMaker.rows([["code", "x"]])
            + "<row r=\"2\"><c r=\"A2\"><v>150121198001010012</v></c><c r=\"B2\"><v>1</v></c></row>"
            + "<row r=\"3\"><c r=\"A3\"><v>1.5012119800102E+17</v></c><c r=\"B3\"><v>2</v></c></row>"
        ),
        by: [.draw],
        [.init("id-scientific", 2, "code"), .init("id-scientific", 3, "code")]
      ),
    ]
  )
  func cutDigits(file: BadFile) throws {
    let run = try BadInputFolder().check(file)[0]
    #expect(run.text("fix").contains("to text in the spreadsheet and export again"))
    #expect(!run.run.messages.contains("19800101"), "an identity number is masked")
  }
}
