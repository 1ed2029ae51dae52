/// Builds workbooks part by part, also ones that no spreadsheet program would write.
package struct WorkbookMaker {
  package struct Entry {
    package var name: String
    package var bytes: [UInt8]
    package var flags: UInt16 = 0
    /// The upper half of the external attributes: the mode on a Unix system.
    package var mode: UInt16 = 0o100644
    /// What is declared instead of the true size.
    package var declaredBytes: Int?

    package init(
      name: String,
      bytes: [UInt8],
      flags: UInt16 = 0,
      mode: UInt16 = 0o100644,
      declaredBytes: Int? = nil
    ) {
      self.name = name
      self.bytes = bytes
      self.flags = flags
      self.mode = mode
      self.declaredBytes = declaredBytes
    }
  }

  package struct Sheet {
    package var name: String
    /// What stands within the worksheet element.
    package var content: String
    package var state = "visible"

    package init(name: String, content: String, state: String = "visible") {
      self.name = name
      self.content = content
      self.state = state
    }
  }

  package var sheets: [Sheet]
  /// The inside of each `si` element.
  package var strings: [String] = []
  /// Number format ids by style; further formats by id.
  package var styles: [Int] = [0]
  package var formats: [Int: String] = [:]
  package var is1904 = false
  /// Put before the root element of the first worksheet.
  package var prolog = ""
  /// Further entries, and replacements of the usual ones.
  package var extra: [Entry] = []
  package var removed: Set<String> = []

  /// One sheet whose rows are given as XML.
  package init(rows: String, after: String = "", before: String = "") {
    sheets = [Sheet(name: "数据", content: "\(before)<sheetData>\(rows)</sheetData>\(after)")]
  }

  /// One sheet of text cells.
  package init(_ texts: [[String]], after: String = "", before: String = "") {
    self.init(rows: Self.rows(texts), after: after, before: before)
  }

  /// Rows of text cells from row 1; empty texts make no cell.
  package static func rows(_ texts: [[String]], from first: Int = 1) -> String {
    texts.enumerated().map { index, cells in
      let number = first + index
      let inner = cells.enumerated().map { column, text in
        text.isEmpty
          ? "" : "<c r=\"\(letters(column))\(number)\" t=\"inlineStr\"><is><t>\(text)</t></is></c>"
      }.joined()
      return "<row r=\"\(number)\">\(inner)</row>"
    }.joined()
  }

  private static func letters(_ column: Int) -> String {
    let last = String(UnicodeScalar(UInt8(65 + column % 26)))
    return column < 26 ? last : letters(column / 26 - 1) + last
  }

  private static let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  private static let packageRelations = "http://schemas.openxmlformats.org/package/2006/relationships"

  private static func links(_ links: [(id: String, type: String, target: String)]) -> String {
    "<Relationships xmlns=\"\(packageRelations)\">"
      + links.map { "<Relationship Id=\"\($0.id)\" Type=\"\(relation)/\($0.type)\" Target=\"\($0.target)\"/>" }
      .joined() + "</Relationships>"
  }

  package var entries: [Entry] {
    var parts: [(String, String)] = [
      ("[Content_Types].xml", "<Types/>"),
      ("_rels/.rels", Self.links([("r1", "officeDocument", "xl/workbook.xml")])),
    ]
    let list = sheets.enumerated().map {
      "<sheet name=\"\($1.name)\" sheetId=\"\($0 + 1)\" state=\"\($1.state)\" r:id=\"s\($0)\"/>"
    }.joined()
    parts.append(
      (
        "xl/workbook.xml",
        "<workbook xmlns=\"\(Self.main)\" xmlns:r=\"\(Self.relation)\">"
          + "<workbookPr date1904=\"\(is1904 ? 1 : 0)\"/><sheets>\(list)</sheets></workbook>"
      )
    )
    let targets = sheets.indices.map { ("s\($0)", "worksheet", "worksheets/sheet\($0 + 1).xml") }
    parts.append(
      (
        "xl/_rels/workbook.xml.rels",
        Self.links(targets + [("st", "styles", "styles.xml"), ("ss", "sharedStrings", "/xl/sharedStrings.xml")])
      )
    )
    let custom = formats.sorted { $0.key < $1.key }
      .map { "<numFmt numFmtId=\"\($0.key)\" formatCode=\"\($0.value)\"/>" }.joined()
    parts.append(
      (
        "xl/styles.xml",
        "<styleSheet><numFmts>\(custom)</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>"
          + styles.map { "<xf numFmtId=\"\($0)\"/>" }.joined() + "</cellXfs></styleSheet>"
      )
    )
    parts.append(("xl/sharedStrings.xml", "<sst>" + strings.map { "<si>\($0)</si>" }.joined() + "</sst>"))
    for (index, sheet) in sheets.enumerated() {
      let before = index == 0 ? prolog : ""
      parts.append(
        (
          "xl/worksheets/sheet\(index + 1).xml",
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\(before)<worksheet xmlns=\"\(Self.main)\">\(sheet.content)</worksheet>"
        )
      )
    }
    let replaced = Set(extra.map(\.name)).union(removed)
    return parts.filter { !replaced.contains($0.0) }.map { Entry(name: $0.0, bytes: Array($0.1.utf8)) } + extra
  }

  /// The workbook as an archive whose entries are not compressed.
  package var bytes: [UInt8] { Self.archive(entries) }

  package static func archive(_ entries: [Entry]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let start = bytes.count
      let name = Array(entry.name.utf8)
      var common: [UInt8] = []
      common.add(20 as UInt16, entry.flags, 0, 0, 0x4C21)
      common.add(checksum(entry.bytes), UInt32(entry.bytes.count), UInt32(entry.declaredBytes ?? entry.bytes.count))
      common.add(UInt16(name.count), 0)
      bytes.add(0x0403_4B50 as UInt32)
      bytes += common + name + entry.bytes
      directory.add(0x0201_4B50 as UInt32)
      directory.add(0x0314 as UInt16)
      directory += common
      directory.add(0 as UInt16, 0, 0)
      directory.add(UInt32(entry.mode) << 16, UInt32(start))
      directory += name
    }
    let start = bytes.count
    bytes += directory
    bytes.add(0x0605_4B50 as UInt32)
    bytes.add(0 as UInt16, 0, UInt16(entries.count), UInt16(entries.count))
    bytes.add(UInt32(directory.count), UInt32(start))
    bytes.add(0 as UInt16)
    return bytes
  }

  /// CRC-32 as zip archives use it.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }
}

extension [UInt8] {
  /// Little-endian.
  fileprivate mutating func add<Number: FixedWidthInteger>(_ numbers: Number...) {
    for number in numbers {
      for shift in 0..<Number.bitWidth / 8 { append(UInt8(truncatingIfNeeded: number >> (8 * Number(shift)))) }
    }
  }
}
