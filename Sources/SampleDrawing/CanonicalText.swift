package import SurveyData

/// The one text of a frame that everyone gets from the same data, whatever the order of its rows.
///
/// The id column first, then the others in the file's order; the header, then the rows by id as bytes;
/// RFC 4180 quotes only where needed; LF; UTF-8 without BOM. Source: draw protocol §6.
package struct CanonicalFrame: Sendable {
  private let columns: [CodedText]
  private let header: [String]
  private let order: [Int]

  /// - Throws: `column-missing` when the frame has no such id column.
  package init(_ table: Table, id: String) throws(InputRefusal) {
    let first = try table.column(id)
    let others = table.columns.filter { !sameBytes($0.name, first.name) }
    columns = ([first] + others).map(\.codedText)
    header = [first.name] + others.map(\.name)
    let ids = UnitIdentifiers(levels: columns[0].levels, codes: columns[0].codes)
    order = Array(0..<table.rowCount).sorted { ids.precedes($0, $1) }
  }

  /// How many rows, and leaves of the tree, there are.
  package var rowCount: Int { order.count }

  /// SHA-256 of the canonical text.
  package var digest: Digest {
    var stream = DigestStream()
    stream.update(headerLine)
    forEachLine { stream.update($0) }
    return stream.finished
  }

  /// The RFC 9162 tree hash over the row lines, for frames that are public and need no salt.
  package var merkleRoot: Digest {
    var tree = MerkleTree()
    forEachLine { tree.append(leaf: $0) }
    return tree.root
  }

  /// The whole canonical text in memory; ``digest`` needs no such copy.
  package var text: String {
    var bytes = headerLine
    forEachLine { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  private var headerLine: [UInt8] {
    var line = [UInt8]()
    for (index, name) in header.enumerated() {
      if index > 0 { line.append(comma) }
      appendField(name, to: &line)
    }
    line.append(lineFeed)
    return line
  }

  private func forEachLine(_ body: ([UInt8]) -> Void) {
    var line = [UInt8]()
    for row in order {
      line.removeAll(keepingCapacity: true)
      for index in columns.indices {
        if index > 0 { line.append(comma) }
        let code = columns[index].codes[row]
        if code >= 0 { appendField(columns[index].levels[Int(code)], to: &line) }
      }
      line.append(lineFeed)
      body(line)
    }
  }
}

/// A table as canonical CSV in its own order of rows and columns: what a list's digest is taken of.
package func canonicalText(of table: Table) -> String {
  var bytes = [UInt8]()
  for (index, column) in table.columns.enumerated() {
    if index > 0 { bytes.append(comma) }
    appendField(column.name, to: &bytes)
  }
  bytes.append(lineFeed)
  let columns = table.columns.map(\.codedText)
  for row in 0..<table.rowCount {
    for index in columns.indices {
      if index > 0 { bytes.append(comma) }
      let code = columns[index].codes[row]
      if code >= 0 { appendField(columns[index].levels[Int(code)], to: &bytes) }
    }
    bytes.append(lineFeed)
  }
  return String(decoding: bytes, as: UTF8.self)
}

private let comma = UInt8(ascii: ",")
private let quote = UInt8(ascii: "\"")
private let lineFeed = UInt8(ascii: "\n")

/// The header line of a canonical frame: the id column first, then the others in their order.
package func canonicalHeader(_ names: [String], idColumn: Int) -> [UInt8] {
  var line = [UInt8]()
  appendField(names[idColumn], to: &line)
  for (place, name) in names.enumerated() where place != idColumn {
    line.append(comma)
    appendField(name, to: &line)
  }
  line.append(lineFeed)
  return line
}

/// Adds a field as it stands in canonical text: in quotes only where it needs them.
package func appendCanonicalField(_ field: UnsafeBufferPointer<UInt8>, to line: inout [UInt8]) {
  var needsQuotes = false
  for byte in field where byte == comma || byte == quote || byte == lineFeed || byte == UInt8(ascii: "\r") {
    needsQuotes = true
    break
  }
  guard needsQuotes else {
    line.append(contentsOf: field)
    return
  }
  line.append(quote)
  for byte in field {
    if byte == quote { line.append(quote) }
    line.append(byte)
  }
  line.append(quote)
}

private func appendField(_ field: String, to line: inout [UInt8]) {
  var field = field
  field.withUTF8 { appendCanonicalField($0, to: &line) }
}
