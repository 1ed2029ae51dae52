import Foundation
import Testing

/// Rows 1 to 4 of the table of bad input: in which bytes a text comes.
@Suite("bad input, rows 1 to 4: encodings and characters")
struct EncodingRowsTests {
  static let text = "code,name,x\n150121,圐圙,1\n150122,和林,2\n150123,ᠣᠷᠳᠣᠰ,3\n"

  private static func units(_ mark: [UInt8], low: Bool) -> [UInt8] {
    mark + text.utf16.flatMap { low ? [UInt8($0 & 255), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 255)] }
  }

  /// 150121,圐圙,1 and so on as Python's codec writes them; the Mongolian letters take four bytes each.
  private static func chinese(lineEnd: String, delimiter: String = ",") -> [UInt8] {
    let comma = Array(delimiter.utf8)
    let end = Array(lineEnd.utf8)
    func row(_ code: String, _ name: [UInt8], _ value: String) -> [UInt8] {
      Array(code.utf8) + comma + name + comma + Array(value.utf8) + end
    }
    let ordos: [UInt8] = [
      0x81, 0x34, 0xD6, 0x33, 0x81, 0x34, 0xD8, 0x33, 0x81, 0x34, 0xD7, 0x39, 0x81, 0x34, 0xD6, 0x33, 0x81, 0x34, 0xD7,
      0x36,
    ]
    return row("code", Array("name".utf8), "x") + row("150121", [0x87, 0xFD, 0x88, 0x47], "1")
      + row("150122", [0xBA, 0xCD, 0xC1, 0xD6], "2") + row("150123", ordos, "3")
  }

  @Test(
    "1, 2: marked encodings and GB18030 are taken with a note, and give the same list as plain UTF-8",
    arguments: [
      BadFile("UTF-8 with mark", [0xEF, 0xBB, 0xBF] + Array(text.utf8), status: 0, [.init("encoding-bom")]),
      BadFile("UTF-16LE", units([0xFF, 0xFE], low: true), status: 0, [.init("encoding-utf-16le")]),
      BadFile("UTF-16BE", units([0xFE, 0xFF], low: false), status: 0, [.init("encoding-utf-16be")]),
      BadFile("GB18030", chinese(lineEnd: "\n"), status: 0, [.init("encoding-gb18030")]),
      BadFile("GB18030 by CRLF", chinese(lineEnd: "\r\n"), status: 0, [.init("encoding-gb18030")]),
      BadFile(
        "GB18030 with semicolons",
        chinese(lineEnd: "\r\n", delimiter: ";"),
        status: 0,
        [.init("encoding-gb18030"), .init("delimiter")]
      ),
    ]
  )
  func encodings(file: BadFile) throws {
    let folder = try BadInputFolder()
    let plain = try folder.check(BadFile("plain", Self.text, by: [.draw], options: ["--take", "all"], status: 0, []))
    var file = file
    file.commands = [.draw]
    file.options = ["--take", "all"]
    let read = try folder.check(file)
    #expect(read[0].list == plain[0].list && read[0].list.contains("ᠣᠷᠳᠣᠰ"))
    file.commands = [.estimate]
    file.options = []
    try folder.check(file)
  }

  private static let village: [UInt8] = [0x87, 0xFD, 0x88, 0x47]

  @Test(
    "3: two encodings in one file are refused at the first byte that does not fit, with both readings",
    arguments: [
      BadFile(
        "GB18030 below UTF-8",
        Array("code,name,x\n15,和林,1\n16,".utf8) + village + Array(",2\n".utf8),
        [.init("encoding-mixed", 3, "#2")],
        mend: "one encoding"
      ),
      BadFile(
        "UTF-8 below GB18030",
        Array("code,name,x\n15,".utf8) + village + Array(",1\n16,和林,2\n".utf8),
        [.init("encoding-mixed", 2, "#2")],
        mend: "one encoding"
      ),
      BadFile(
        "names of columns in UTF-8, cells in GB18030",
        Array("code,x,名称\n15,1,".utf8) + village + Array("\n16,2,a\n".utf8),
        [.init("encoding-mixed", 2, "#3")],
        mend: "one encoding"
      ),
      BadFile(
        "GB18030 far behind",
        Array("code,name,x\n".utf8) + (1...20_000).flatMap { Array("\($0),旗,1\n".utf8) } + Array("0,".utf8) + village
          + Array(",1\n".utf8),
        [.init("encoding-mixed", 20_002, "#2")],
        mend: "one encoding"
      ),
    ]
  )
  func mixed(file: BadFile) throws {
    let runs = try BadInputFolder().check(file)
    #expect(runs.allSatisfy { $0.text("value") == "87 FD 88 47" && $0.text("expected").contains("圐圙") })
    #expect(runs.allSatisfy { $0.text("expected").contains("at byte ") })
  }

  @Test(
    "4: characters that no text holds are refused with their cell",
    arguments: [
      BadFile(
        "NUL",
        "code,name,x\n15,a\u{0}b,1\n16,c,2\n",
        [.init("cell-character", 2, "name")],
        mend: "export it again"
      ),
      BadFile(
        "start of heading, twice",
        "code,name,x\n15,\u{1},1\n16,c,2\n17,\u{1},3\n",
        [.init("cell-character", 2, "name"), .init("cell-character", 4, "name")],
        mend: "export it again"
      ),
      BadFile(
        "escape in a code",
        "code,name,x\n15,a,1\n1\u{1B}6,c,2\n",
        [.init("cell-character", 3, "code")],
        mend: "export it again"
      ),
      BadFile(
        "replacement character",
        "code,name,x\n15,a,1\n16,损\u{FFFD}坏,2\n",
        [.init("cell-character", 3, "name")],
        mend: "export it again"
      ),
      BadFile(
        "half a surrogate pair among Chinese",
        Array("code,name,x\n15,旗,1\n16,".utf8) + [0xED, 0xA0, 0x80] + Array(",2\n".utf8),
        [.init("encoding-mixed", 3, "#2")],
        mend: "Export"
      ),
    ]
  )
  func characters(file: BadFile) throws { try BadInputFolder().check(file) }
}
