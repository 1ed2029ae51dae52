import Foundation
import Glibc
import SurveyData
import TabularFiles
import TestSupport
import Testing

@Suite("Archives that cannot be trusted")
struct ArchiveTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/xlsx")

  private static let honest = WorkbookMaker([["a", "b"], ["1", "2"]])

  private func codes(_ path: String) throws -> [String] {
    try #require(throws: InputRefusal.self) { try readTable(path: path) }.findings.map(\.code)
  }

  @Test("bombs are not unpacked, whatever size they declare")
  func bombs() throws {
    #expect(try codes(Self.fixtures.appendingPathComponent("bomb.xlsx").path) == ["archive-too-large"])
    #expect(try codes(Self.fixtures.appendingPathComponent("bomb-declared-small.xlsx").path) == ["archive-damaged"])
    var maker = Self.honest
    for index in 0..<3 {
      maker.extra.append(.init(name: "xl/media/\(index)", bytes: [0], declaredBytes: 400 << 20))
    }
    #expect(try maker.refusal().map(\.code) == ["archive-too-large"])
    maker = Self.honest
    maker.extra = (0..<10_001).map { .init(name: "x\($0)", bytes: []) }
    #expect(try maker.refusal().map(\.code) == ["archive-too-large"])
  }

  @Test(
    "entries that lead elsewhere are refused, and nothing is written",
    arguments: ["../x", "xl/../../x", "/etc/x", "\\x", "xl\\..\\x", "C:x"]
  )
  func paths(name: String) throws {
    var maker = Self.honest
    maker.extra = [.init(name: name, bytes: [1])]
    let findings = try maker.refusal()
    #expect(findings.map(\.code) == ["archive-path"] && findings[0].value == name)
  }

  @Test("links, passwords, two entries of one name and a false size are refused")
  func entries() throws {
    func code(_ entry: WorkbookMaker.Entry) throws -> [String] {
      var maker = Self.honest
      maker.extra = [entry]
      return try maker.refusal().map(\.code)
    }
    #expect(try code(.init(name: "xl/link", bytes: Array("/etc/passwd".utf8), mode: 0o120777)) == ["archive-path"])
    #expect(try code(.init(name: "xl/locked", bytes: [1], flags: 1)) == ["archive-encrypted"])
    let sheet = try #require(Self.honest.entries.first { $0.name == "xl/worksheets/sheet1.xml" })
    #expect(try code(.init(name: "XL/worksheets/SHEET1.xml", bytes: sheet.bytes)) == ["archive-damaged"])
    for size in [sheet.bytes.count - 1, sheet.bytes.count + 1] {
      #expect(try code(.init(name: sheet.name, bytes: sheet.bytes, declaredBytes: size)) == ["archive-damaged"])
    }
    var overlapping = WorkbookMaker.archive(Self.honest.entries)
    let last = try #require(overlapping.indices.last { overlapping[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    for index in 0..<4 { overlapping[last + 42 + index] = 0 }
    #expect(try refusal(overlapping, suffix: ".xlsx").map(\.code) == ["archive-damaged"])
  }

  @Test("a file cut anywhere, or with one byte changed in its sheet, is refused")
  func truncated() throws {
    let bytes = try Array(Data(contentsOf: Self.fixtures.appendingPathComponent("openpyxl.xlsx")))
    for length in Array(stride(from: 4, to: bytes.count, by: 97)) + (bytes.count - 22..<bytes.count) {
      #expect(try refusal(Array(bytes[..<length]), suffix: ".xlsx").map(\.code) == ["archive-damaged"])
    }
    var changed = Self.honest.bytes
    let text = Array("<t>2</t>".utf8)
    let place = try #require(changed.indices.first { changed[$0...].starts(with: text) })
    changed[place + 3] = 0x33
    #expect(try refusal(changed, suffix: ".xlsx").map(\.code) == ["archive-damaged"])
  }

  @Test("document types, deep nesting and endless tags are refused")
  func markup() throws {
    var maker = Self.honest
    maker.prolog = "<!DOCTYPE worksheet [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>"
    let findings = try maker.refusal()
    #expect(findings.map(\.code) == ["workbook-damaged"] && findings[0].message.en.contains("DTD"))
    maker.prolog = "<!DOCTYPE worksheet SYSTEM \"file:///etc/passwd\">"
    #expect(try maker.refusal()[0].message.en.contains("DTD"))
    let deep = WorkbookMaker(
      [["a"], ["1"]],
      after: String(repeating: "<x>", count: 100_000) + String(repeating: "</x>", count: 100_000)
    )
    #expect(try deep.refusal()[0].message.en.contains("64"))
    let fine = WorkbookMaker(
      [["a"], ["1"]],
      after: String(repeating: "<x>", count: 63) + String(repeating: "</x>", count: 63)
    )
    #expect(try fine.read().table.rowCount == 1)
    let endless = WorkbookMaker([["a"], ["1"]], after: "<x y=\"" + String(repeating: "z", count: 2 << 20) + "\"/>")
    #expect(try endless.refusal()[0].message.en.contains("1 MiB"))
  }

  @Test("a cell of 2 MiB is refused, shared or not")
  func longCell() throws {
    let long = String(repeating: "x", count: 2 << 20)
    let written = try WorkbookMaker([["a"], [long]]).refusal()
    #expect(written.map(\.code) == ["cell-too-long"] && written[0].row == 2)
    var shared = WorkbookMaker(rows: WorkbookMaker.rows([["a"]]) + "<row><c t=\"s\"><v>0</v></c></row>")
    shared.strings = ["<t>\(long)</t>"]
    #expect(try shared.refusal().map(\.code) == ["cell-too-long"])
  }

  @Test("what is no workbook is said to be none")
  func others() throws {
    func message(_ entries: [WorkbookMaker.Entry], suffix: String = ".xlsx") throws -> String {
      let findings = try refusal(WorkbookMaker.archive(entries), suffix: suffix)
      #expect(findings.map(\.code) == ["format-unknown"])
      return findings[0].message.en
    }
    #expect(try message([.init(name: "a.csv", bytes: Array("a\n1\n".utf8))], suffix: ".zip").contains("no workbook"))
    #expect(try message([], suffix: ".zip").contains("no workbook"))
    #expect(
      try message([.init(name: "mimetype", bytes: []), .init(name: "content.xml", bytes: [])]).contains("OpenDocument")
    )
    var document = Self.honest
    document.extra = [.init(name: "xl/workbook.xml", bytes: Array("<document/>".utf8))]
    #expect(try message(document.entries).contains("no workbook"))
    var binary = Self.honest
    let links = try #require(binary.entries.first { $0.name == "_rels/.rels" })
    let text = String(decoding: links.bytes, as: UTF8.self).replacingOccurrences(
      of: "workbook.xml",
      with: "workbook.bin"
    )
    binary.extra = [.init(name: "_rels/.rels", bytes: Array(text.utf8)), .init(name: "xl/workbook.bin", bytes: [1])]
    #expect(try message(binary.entries).contains(".xlsb"))
    var lacking = Self.honest
    lacking.removed = ["xl/worksheets/sheet1.xml"]
    #expect(try lacking.refusal().map(\.code) == ["workbook-damaged"])
  }

  @Test("a workbook that comes through a pipe is read like a file")
  func pipe() throws {
    let bytes = Self.honest.bytes
    var ends: [Int32] = [0, 0]
    try #require(Glibc.pipe(&ends) == 0)
    // Small enough for the pipe's own buffer.
    try #require(write(ends[1], bytes, bytes.count) == bytes.count)
    close(ends[1])
    let standardInput = dup(STDIN_FILENO)
    dup2(ends[0], STDIN_FILENO)
    close(ends[0])
    defer {
      dup2(standardInput, STDIN_FILENO)
      close(standardInput)
    }
    #expect(try readTable(path: "-").table.rows == [["1", "2"]])
  }

  @Test("a macro workbook, and one under another name, are read by their content")
  func names() throws {
    var maker = Self.honest
    maker.extra = [.init(name: "xl/vbaProject.bin", bytes: [1, 2, 3])]
    for suffix in [".xlsm", ".csv", ".dat"] {
      let file = try TemporaryFile(maker.bytes, suffix: suffix)
      #expect(try readTable(path: file.path).table.rows == [["1", "2"]])
    }
  }
}
