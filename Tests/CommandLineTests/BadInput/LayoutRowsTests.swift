import Foundation
import Testing

/// Rows 19 to 22 of the table of bad input: what rows, cells and files look like.
@Suite("bad input, rows 19 to 22: layout")
struct LayoutRowsTests {
  private static let head = "code,name,x\n"
  private static let whole = head + "15,a,1\n16,b,2\n17,c,4\n"

  @Test(
    "19: absurd sizes are refused where they begin, an open quote in the row that opens it",
    arguments: [
      BadFile(
        "a cell of 100 MB",
        Array((head + "15,a,1\n16,").utf8) + [UInt8](repeating: 0x7A, count: 100 << 20) + Array(",2\n".utf8),
        by: [.estimate],
        [.init("cell-too-long", 3, "name")],
        mend: "quotes"
      ),
      BadFile(
        "a cell of 2 MiB",
        head + "15," + String(repeating: "z", count: 2 << 20) + ",1\n16,a,2\n",
        [.init("cell-too-long", 2, "name")],
        mend: "quotes"
      ),
      BadFile(
        "a row of a million cells",
        head + "15,a,1\n16," + String(repeating: ",", count: 999_998) + "\n",
        [.init("row-ragged", 3)],
        mend: "delimiter"
      ),
      BadFile(
        "twenty thousand columns",
        "code,x," + (0..<20_000).map { "c\($0)" }.joined(separator: ",") + "\n15,1\n",
        [.init("columns-too-many", 1)],
        mend: "delimiter"
      ),
      BadFile(
        "a quote never closed",
        head + "15,a,1\n16,\"open,2\n" + (100...20_000).map { "\($0),b,3\n" }.joined(),
        [.init("csv-quote-unclosed", 3, "name")],
        mend: "Close it"
      ),
      BadFile("a quote open in the head", "code,\"name,x\n15,a,1\n16,b,2\n", [.init("csv-quote-unclosed", 1)]),
      BadFile("a quote within a cell", head + "15,op\"en,1\n16,a,2\n", [.init("csv-quote", 2, "name")]),
    ]
  )
  func sizes(file: BadFile) throws { try BadInputFolder().check(file) }

  @Test(
    "20: a last row without line end is taken when it is complete, else the file is cut off",
    arguments: [
      BadFile("no line end", String(whole.dropLast()), status: 0, [.init("last-line-unterminated")]),
      BadFile("within a row", whole + "18,d", [.init("row-ragged", 5)], mend: "cut off"),
      BadFile("within a code", whole + "1", [.init("row-ragged", 5)], mend: "cut off"),
      BadFile(
        "within a character",
        Array((head + "15,旗,1\n16,圐").utf8.dropLast()),
        [.init("file-truncated")],
        mend: "Export"
      ),
      BadFile("within a quote", whole + "18,\"圐圙", [.init("csv-quote-unclosed", 5, "name")], mend: "Close it"),
    ]
  )
  func truncated(file: BadFile) throws { try BadInputFolder().check(file) }

  @Test("20: a workbook cut off anywhere is refused")
  func truncatedWorkbook() throws {
    let name = repositoryPath + "/Tests/Fixtures/xlsx/openpyxl.xlsx"
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: name)))
    let folder = try BadInputFolder()
    for count in [200, bytes.count / 2, bytes.count - 30, bytes.count - 10, bytes.count - 1] {
      try folder.check(
        BadFile(
          "\(count) bytes",
          Array(bytes.prefix(count)),
          suffix: "xlsx",
          [.init("archive-damaged")],
          mend: "Get it again"
        )
      )
    }
  }

  private static func lines(_ end: String, by delimiter: String = ",", before: String = "") -> String {
    before + whole.replacingOccurrences(of: ",", with: delimiter).replacingOccurrences(of: "\n", with: end)
  }

  @Test(
    "21: line ends and delimiters are found out and said, and change nothing in the list",
    arguments: [
      BadFile("CR", lines("\r"), status: 0, [.init("line-ends-cr")]),
      BadFile("CRLF", lines("\r\n"), status: 0, []),
      BadFile("LF and CRLF", head + "15,a,1\r\n16,b,2\n17,c,4\r\n", status: 0, [.init("line-ends-mixed")]),
      BadFile("semicolons", lines("\n", by: ";"), status: 0, [.init("delimiter")]),
      BadFile("tabs", lines("\r\n", by: "\t"), status: 0, [.init("delimiter")]),
      BadFile("sep=;", lines("\r\n", by: ";", before: "sep=;\r\n"), status: 0, [.init("delimiter")]),
      BadFile("sep=|", lines("\n", by: "|", before: "sep=|\n"), status: 0, [.init("delimiter")]),
    ]
  )
  func delimiters(file: BadFile) throws {
    let folder = try BadInputFolder()
    let plain = try folder.check(BadFile("plain", Self.whole, status: 0, []))
    let read = try folder.check(file)
    #expect(read[0].list == plain[0].list && !plain[0].list.isEmpty)
    #expect(read[1].run.output.contains("\"estimate\""))
  }

  @Test(
    "21: ragged rows are refused, all at once",
    arguments: [
      BadFile(
        "one more, one less",
        head + "15,a,1,9\n16,b,2\n17,c\n18,d,3\n",
        [.init("row-ragged", 2), .init("row-ragged", 4)],
        mend: "Quote cells"
      ),
      BadFile(
        "a comma in a name",
        head + "15,a,b,1\n16,b,2\n",
        by: [.draw],
        [.init("row-ragged", 2)],
        mend: "Quote cells"
      ),
      BadFile("a decimal comma", head + "15,a,1,5\n16,b,2,5\n", [.init("row-ragged", 2), .init("row-ragged", 3)]),
      BadFile("a blank row within", head + "15,a,1\n\n16,b,2\n", [.init("row-blank", 3)], mend: "Remove"),
    ]
  )
  func ragged(file: BadFile) throws { try BadInputFolder().check(file) }

  @Test(
    "22: files without rows are refused",
    arguments: [
      BadFile("nothing", "", [.init("file-empty")], mend: "Export or download it again"),
      BadFile("a head alone", "code,name,x\n", [.init("file-no-rows")], mend: "Check what was exported"),
      BadFile("a head without line end", "code,name,x", [.init("file-no-rows")], mend: "Check what was exported"),
      BadFile("a mark alone", [0xEF, 0xBB, 0xBF], [.init("file-no-rows", 1)], mend: "header row"),
      BadFile("line ends alone", "\n\n\n", [.init("header-empty", 1, "#1")], mend: "Name the column"),
    ]
  )
  func empty(file: BadFile) throws { try BadInputFolder().check(file) }

  @Test("22: a missing file ends with 66, a folder or a pipe for a file with 65, an unreadable one with 74")
  func notFiles() throws {
    let folder = try BadInputFolder()
    let place = folder.folder.path
    _ = try shell("mkdir folder; mkfifo pipe.csv; ln -s nowhere.csv link.csv", in: place)
    func expect(_ arguments: [String], status: Int32, _ words: String) throws {
      let run = try CommandRun(arguments + ["--lang", "en"], in: place)
      #expect(run.status == status && run.messages.contains(words) && run.output.isEmpty, "\(run.messages)")
    }
    for command in [BadFile.Command.draw, .estimate] {
      for missing in ["nowhere.csv", "link.csv", "folder/x.csv"] {
        try expect(folder.arguments(command, missing, []), status: 66, "\(missing): does not exist. Check the path")
      }
      for other in ["pipe.csv", "/dev/null"] {
        try expect(folder.arguments(command, other, []), status: 65, "\(other): is no regular file. Name a file")
      }
      try expect(folder.arguments(command, "/proc/self/mem", []), status: 74, "cannot be read")
    }
    // A folder is a survey folder, which has a survey file; where only a file can be meant it is refused.
    try expect(folder.arguments(.draw, "folder", []), status: 66, "folder/survey.yaml: does not exist.")
    try folder.write(Array(Self.whole.utf8), to: "in.csv")
    #expect(try CommandRun(folder.arguments(.draw, "in.csv", []), in: place).status == 0)
    let verify = ["verify", "out", "--seed-file", "seed.txt", "--frame"]
    try expect(verify + ["folder"], status: 65, "folder: is a folder, not a file.")
    try expect(verify + ["pipe.csv"], status: 65, "pipe.csv: is no regular file.")
    try expect(verify + ["nowhere.csv"], status: 66, "nowhere.csv: matches no file. Check the path")
  }
}
