import SurveyData
import TabularFiles
import Testing

@Suite("Encodings and cut files")
struct EncodingTests {
  private static let text = "编号,名称\n150121,圐圙补隆\n150122,ᠣᠷᠳᠣᠰ𠀀\n"

  /// The text in GB18030, as Python's codec writes it: two bytes a character, four where Mongolian.
  private static let gb18030: [UInt8] = [
    0xB1, 0xE0, 0xBA, 0xC5, 0x2C, 0xC3, 0xFB, 0xB3, 0xC6, 0x0A, 0x31, 0x35, 0x30, 0x31, 0x32, 0x31, 0x2C, 0x87,
    0xFD, 0x88, 0x47, 0xB2, 0xB9, 0xC2, 0xA1, 0x0A, 0x31, 0x35, 0x30, 0x31, 0x32, 0x32, 0x2C, 0x81, 0x34, 0xD6,
    0x33, 0x81, 0x34, 0xD8, 0x33, 0x81, 0x34, 0xD7, 0x39, 0x81, 0x34, 0xD6, 0x33, 0x81, 0x34, 0xD7, 0x36, 0x95,
    0x32, 0x82, 0x36, 0x0A,
  ]

  private static let utf16: [UInt16] = Array(text.utf16)

  @Test(
    "marked and unmarked encodings give the same table and are named",
    arguments: [
      (Array(text.utf8), []), ([0xEF, 0xBB, 0xBF] + Array(text.utf8), ["encoding-bom"]),
      ([0xFF, 0xFE] + utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, ["encoding-utf-16le"]),
      ([0xFE, 0xFF] + utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }, ["encoding-utf-16be"]),
      (gb18030, ["encoding-gb18030"]),
    ] as [([UInt8], [String])]
  )
  func accepted(bytes: [UInt8], codes: [String]) throws {
    for size in [1, 9, 4 << 20] {
      let (table, notes) = try read(bytes, options: ReadOptions(blockSize: size))
      #expect(table.columnNames == ["编号", "名称"])
      #expect(table.rows == [["150121", "圐圙补隆"], ["150122", "ᠣᠷᠳᠣᠰ𠀀"]])
      #expect(notes.map(\.code) == codes)
    }
  }

  @Test("GB18030 is found out also where it begins long after plain ASCII")
  func lateChinese() throws {
    let plain = Array("id,name\n".utf8) + (1...20_000).flatMap { Array("\($0),x\n".utf8) }
    let (table, notes) = try read(
      plain + [0x39, 0x2C, 0x87, 0xFD, 0x88, 0x47, 0x0A],
      options: ReadOptions(blockSize: 999)
    )
    #expect(table.rowCount == 20_001 && notes.map(\.code) == ["encoding-gb18030"])
    #expect(try table.cells("name").last == "圐圙")
  }

  @Test("two encodings in one file are refused at the first odd byte, with both readings")
  func mixed() throws {
    let bytes = Array("编号,名称\n1,髙家营\n2,".utf8) + [0x87, 0xFD, 0x88, 0x47, 0x0A]
    let findings = try refusal(bytes)
    #expect(findings.map(\.code) == ["encoding-mixed"])
    #expect(findings[0].row == 3 && findings[0].column == "#2" && findings[0].value == "87 FD 88 47")
    #expect(findings[0].message.en.contains("byte 28") && findings[0].message.en.contains("圐圙"))
    let late = Array("id,名称\n".utf8) + (1...20_000).flatMap { Array("\($0),x\n".utf8) }
    #expect(try refusal(late + [0x39, 0x2C, 0x87, 0xFD, 0x88, 0x47, 0x0A]).first?.row == 20_002)
  }

  @Test(
    "bytes of no encoding are refused: half a surrogate pair, overlong forms, half a UTF-16 unit",
    arguments: [
      Array("名\n".utf8) + [0xED, 0xA0, 0x80, 0x0A, 0x31, 0x0A], Array("名\n".utf8) + [0xC0, 0xAF, 0x0A, 0x31, 0x0A],
      Array("a\n".utf8) + [0x31, 0xFF, 0xFF, 0x0A], [0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00, 0x31],
      [0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00, 0x00, 0xD8, 0x0A, 0x00],
    ] as [[UInt8]]
  )
  func invalid(bytes: [UInt8]) throws {
    let codes = try refusal(bytes).map(\.code)
    #expect(codes == ["encoding-mixed"] || codes == ["encoding-invalid"])
  }

  @Test("a character cut at the end of the file is refused, a last row without line end is not")
  func cut() throws {
    let bytes = Array("名称,数\n圐圙,1\n髙家营".utf8)
    for lost in 1...2 {
      #expect(try refusal(Array(bytes.dropLast(lost))).map(\.code) == ["file-truncated"])
    }
    #expect(try refusal(bytes).map(\.code) == ["row-ragged"])
    let long = Array("名称\n".utf8) + (1...30_000).flatMap { _ in Array("圐圙\n".utf8) } + [0xE5, 0x9C]
    #expect(try refusal(long, options: ReadOptions(blockSize: 1_000)).map(\.code) == ["file-truncated"])
    let (table, notes) = try read(Array("名称\n圐圙".utf8))
    #expect(table.rows == [["圐圙"]] && notes.map(\.code) == ["last-line-unterminated"])
  }

  @Test("full-width and wide blank characters come through as they stand, for the checks of codes to judge")
  func fullWidth() throws {
    let table = try read("编号,名称\n１５０１\u{3000}, 圐圙\u{A0}\n").table
    #expect(table.rows == [["１５０１\u{3000}", " 圐圙\u{A0}"]])
    let (clean, findings) = normalizedIdentifiers(try table.column("编号"), of: table)
    #expect(clean.text(at: 0) == "1501" && findings.map(\.code) == ["id-normalized"])
  }

  @Test("a file that opens but gives no bytes is refused as unreadable")
  func unreadable() throws {
    let refusal = try #require(throws: InputRefusal.self) { try readTable(path: "/proc/self/mem") }
    #expect(refusal.findings.map(\.code) == ["file-unreadable"])
  }

  @Test("a row of a million cells is refused as ragged")
  func wideRow() throws {
    let findings = try refusal("a,b\n1,2\n" + String(repeating: ",", count: 999_999) + "x\n")
    #expect(findings.map(\.code) == ["row-ragged"] && findings[0].row == 3 && findings[0].value == "1000000")
  }
}
