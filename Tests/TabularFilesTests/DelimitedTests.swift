import Glibc
import SurveyData
import TabularFiles
import TestSupport
import Testing

@Suite("Delimited files")
struct DelimitedTests {
  @Test("quotes, doubled quotes, line breaks and delimiters within cells come through")
  func quotes() throws {
    let (table, notes) = try read("id,名称\r\n1,\"a,b\"\r\n2,\"say \"\"hi\"\"\"\r\n3,\"two\nlines\"\r\n4,\"\"\r\n5,\r\n")
    #expect(table.columnNames == ["id", "名称"])
    #expect(try table.cells("名称") == ["a,b", "say \"hi\"", "two\nlines", "∅", "∅"])
    #expect(notes.isEmpty)
    #expect(table.firstRow == 2)
  }

  @Test(
    "delimiters and line ends are found out and said",
    arguments: [
      ("a;b\n1;2\n3;4\n", ["delimiter"]), ("a\tb\n1\t2\n3\t4\n", ["delimiter"]),
      ("sep=;\r\na;b\r\n1;2\r\n3;4\r\n", ["delimiter"]), ("a,b\r1,2\r3,4\r", ["line-ends-cr"]),
      ("a,b\r\n1,2\n3,4\r\n", ["line-ends-mixed"]), ("a,b\n1,2\n3,4", ["last-line-unterminated"]),
      ("a,b\n1,2\n3,4\n\n\n", ["rows-blank-end"]), ("a,b\n1,2\n3,4\n,\n,\n", ["rows-blank-end"]),
      ("\u{FEFF}a,b\n1,2\n3,4\n", ["encoding-bom"]), (" a ,b\n1,2\n3,4\n", ["header-trimmed"]),
    ] as [(String, [String])]
  )
  func shapes(text: String, codes: [String]) throws {
    let (table, notes) = try read(text)
    #expect(table.columnNames == ["a", "b"])
    #expect(table.rows == [["1", "2"], ["3", "4"]])
    #expect(notes.map(\.code) == codes)
    #expect(notes.allSatisfy { $0.severity == .note })
  }

  @Test("only requested columns are delivered, as text or as numbers")
  func requests() throws {
    let text = "code,x,y,z\n0101,1,-2.5e3,q\n0102,NA,.5,r\n0103,,0.1234567890123456789,s\n"
    let options = ReadOptions(columns: [
      ColumnRequest("y", .number), ColumnRequest("code", .text), ColumnRequest("x", .number),
    ])
    let table = try read(text, options: options).table
    #expect(table.columnNames == ["y", "code", "x"])
    guard case .number(let y) = try table.column("y").storage, case .number(let x) = try table.column("x").storage
    else {
      Issue.record("numbers expected")
      return
    }
    #expect(y == [-2500, 0.5, 0.1234567890123456789])
    #expect(x[0] == 1 && x[1].isNaN && x[2].isNaN)
    #expect(try table.cells("code") == ["0101", "0102", "0103"])
    let absent = try refusal(
      text,
      options: ReadOptions(columns: [ColumnRequest("cod", .text), ColumnRequest("w", .text)])
    )
    #expect(absent.map(\.code) == ["column-missing", "column-missing"])
    #expect(absent[0].fix.en.contains("\"code\""))
  }

  @Test("numbers read from bytes are those that Swift reads from text")
  func numbers() throws {
    var generator = SplitMix(seed: 7)
    var texts = [
      "0", "-0", "+5", "1.", ".5", "1e22", "1e-22", "9007199254740993", "0.1", "123456789012345",
      "1234567890.12345", "000000000000000000001.5", "1e400", "-1.7976931348623157e308", "4.9e-324",
    ]
    for _ in 0..<5_000 {
      let value = Double(bitPattern: generator.next())
      if value.isFinite { texts.append("\(value)") }
      texts.append("\(Double(Int64(bitPattern: generator.next()) >> 20) / 1e6)")
      texts.append("\(generator.next() % 100_000).\(generator.next() % 10_000)")
    }
    texts.removeAll { plainNumber($0) == nil }
    let table = try read(
      "x\n" + texts.joined(separator: "\n") + "\n",
      options: ReadOptions(columns: [ColumnRequest("x", .number)])
    ).table
    guard case .number(let values) = try table.column("x").storage else {
      Issue.record("numbers")
      return
    }
    for (value, text) in zip(values, texts) {
      #expect(value.bitPattern == plainNumber(text)?.bitPattern, "\(text)")
    }
  }

  @Test("text in a number column is refused in each row, and declared codes are missing")
  func textNumbers() throws {
    let text = "x,y\n\"1,200\",1\n1 200,2\n1.2万,3\n—,4\n-9,5\n3,6\n"
    let options = ReadOptions(columns: [ColumnRequest("x", .number)], missingNumbers: ["-9"])
    let findings = try refusal(text, options: options)
    #expect(findings.map(\.code) == ["number-text", "number-text", "number-text", "number-text"])
    #expect(findings.map(\.row) == [2, 3, 4, 5])
    #expect(findings.map(\.value) == ["1,200", "1 200", "1.2万", "—"])
    #expect(findings[2].fix.zh.contains("12000"))
    let fine = try read("x\n-9\n3\n", options: options).table
    #expect(try fine.cells("x") == ["∅", "3"])
  }

  @Test("full-width digits and blanks around a number are taken, each with a note; a declared code stays one")
  func tidiedNumbers() throws {
    let options = ReadOptions(columns: [ColumnRequest("x", .number)], missingNumbers: ["-9"])
    let cells = ["１２００", "\u{3000}1.5", "2\u{A0}", " 3 ", "－９", "1e3", "－１．５"]
    let (table, notes) = try read("x,y\n" + cells.map { $0 + ",a\n" }.joined(), options: options)
    #expect(try table.cells("x") == ["1200", "1.5", "2", "3", "∅", "1000", "-1.5"])
    #expect(notes.map(\.code) == [String](repeating: "number-normalized", count: 6))
    #expect(notes.map(\.row) == [2, 3, 4, 5, 6, 8] && notes.allSatisfy { $0.column == "x" && $0.severity == .note })
    #expect(notes[0].value == "１２００" && notes[0].message.en == "was read as 1200.")
    for size in [1, 7, 4 << 20] {
      let many = "x\n" + (1...2_500).map { "\($0) \n" }.joined()
      let (_, notes) = try read(many, options: ReadOptions(columns: options.columns, blockSize: size))
      #expect(notes.count == 1_001 && notes[999].row == 1_001 && notes[1_000].message.en.hasPrefix("1500 more"))
    }
    for cell in ["1\u{200B}", "１ ２", "　", "Ｎａ"] {
      #expect(try refusal("x,y\n\(cell),a\n", options: options).map(\.code) == ["number-text"], "\(cell)")
    }
    let book = try WorkbookMaker([["x"], ["１２"], ["3 "]]).read(options)
    #expect(try book.table.cells("x") == ["12", "3"] && book.notes.map(\.row) == [2, 3])
  }

  @Test(
    "a damaged file is refused where the damage is",
    arguments: [
      ("a,b\n1,2\n3\n4,5,6\n7,8\n", [("row-ragged", 3), ("row-ragged", 4)]),
      ("a,b\n1,2\n\n3,4\n", [("row-blank", 3)]), ("a,b\n1,2\n,\n3,4\n", [("row-blank", 3)]),
      ("a,a\n1,2\n", [("header-duplicate", 1)]), ("a,\n1,2\n", [("header-empty", 1)]),
      ("a\u{200B},b\n1,2\n", [("header-invisible", 1)]), ("a,b\n1,\"2\n3,4\n5,6\n", [("csv-quote-unclosed", 2)]),
      ("a,b\n1,2\n3,x\"4\n", [("csv-quote", 3)]), ("a,b\n1,\"2\"x\n", [("csv-quote", 2)]),
      ("a,b\n1,2\u{0}\n", [("cell-character", 2)]), ("a,b\n1,2\n\u{1},2\n", [("cell-character", 3)]),
      ("a,b\n1,损\u{FFFD}坏\n", [("cell-character", 2)]), ("a,b\n", [("file-no-rows", nil)]), ("", [("file-empty", nil)]),
    ] as [(String, [(String, Int?)])]
  )
  func damage(text: String, expected: [(String, Int?)]) throws {
    let findings = try refusal(text)
    #expect(findings.map(\.code) == expected.map(\.0))
    #expect(findings.map(\.row) == expected.map(\.1))
    #expect(
      findings.allSatisfy {
        !$0.message.zh.isEmpty && !$0.message.en.isEmpty && !$0.fix.zh.isEmpty && !$0.fix.en.isEmpty
      }
    )
  }

  @Test("a thousand problems are listed and the rest counted")
  func manyProblems() throws {
    let findings = try refusal("a,b\n" + String(repeating: "1\n", count: 2_500))
    #expect(findings.count == 1_001)
    #expect(findings.last?.message.en == "has 1500 more problems.")
  }

  @Test("absurd sizes are refused: a cell of 2 MiB, a quote open over 70 MiB, a header of 20,000 columns")
  func limits() throws {
    let long = try refusal("a,b\n1," + String(repeating: "x", count: 2 << 20) + "\n")
    #expect(long.map(\.code) == ["cell-too-long"] && long[0].row == 2)
    let open = try refusal(
      "a,b\n1,2\n3,\"" + String(repeating: "abcdefg,1\n", count: 7_400_000),
      options: ReadOptions()
    )
    #expect(open.map(\.code) == ["csv-quote-unclosed"] && open[0].row == 3)
    let wide = try refusal((0..<20_000).map { "c\($0)" }.joined(separator: ",") + "\n")
    #expect(wide.map(\.code) == ["columns-too-many"])
  }

  @Test("a missing path, a folder, a pipe and a disguised file are told apart")
  func paths() throws {
    func code(_ path: String) throws -> String? {
      try #require(throws: InputRefusal.self) { try readTable(path: path) }.findings.first?.code
    }
    #expect(try code("/nonexistent/a.csv") == "file-missing")
    #expect(try code("/tmp") == "file-not-regular")
    let fifo = "/tmp/mingcha-test-fifo-\(getpid())"
    mkfifo(fifo, 0o600)
    defer { unlink(fifo) }
    #expect(try code(fifo) == "file-not-regular")
    #expect(try refusal([0xD0, 0xCF, 0x11, 0xE0, 0xA1], suffix: ".xls").first?.code == "format-unknown")
    #expect(try refusal(Array("a,b\n1,2\n".utf8), suffix: ".xlsx").first?.code == "format-unknown")
  }

  @Test("a header row further down is used when it is named")
  func headerRow() throws {
    let table = try read("2018年名单,\n,\na,b\n1,2\n", options: ReadOptions(headerRow: 3)).table
    #expect(table.columnNames == ["a", "b"] && table.rows == [["1", "2"]] && table.firstRow == 4)
  }

  @Test("a file that grows while it is read is refused")
  func growing() throws {
    let file = try TemporaryFile("a,b\n" + String(repeating: "1,2\n", count: 50_000))
    let path = file.path
    let options = ReadOptions(blockSize: 1_000)
    let refusal = try #require(throws: InputRefusal.self) {
      _ = try readChunks(
        path: path,
        options: options,
        threads: 1,
        make: { 0 },
        body: { count, chunk in
          if count == 0 {
            let descriptor = open(path, O_WRONLY | O_APPEND)
            _ = write(descriptor, "3,4\n", 4)
            close(descriptor)
          }
          count += chunk.rowCount
        }
      )
    }
    #expect(refusal.findings.map(\.code) == ["file-changed"])
  }
}

/// A small seeded generator for tests.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
