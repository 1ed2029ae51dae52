internal import SurveyData

/// How a delimited text file is built, found from its first rows.
struct CSVLayout {
  let file: String
  let delimiter: UInt8
  let header: [String]
  let selection: [SelectedColumn]
  /// For each column of the file its place in the selection, or −1.
  let targets: [Int]
  let missing: MissingNumbers
  private(set) var notes: [Finding] = []

  /// Reads the header and leaves the cutter at the first data row.
  init(_ cutter: inout RecordCutter, file: InputFile, options: ReadOptions) throws(InputRefusal) {
    self.file = file.name
    let declared = Self.declaredDelimiter(cutter.pending)
    if let declared { cutter.skip(bytes: declared.length, records: 0) }
    let delimiter =
      options.delimiter?.asciiValue ?? declared?.delimiter
      ?? Self.mostLikelyDelimiter(cutter.pending, isWhole: cutter.holdsEnd)
    self.delimiter = delimiter
    if delimiter != 0x2C {
      let shown = delimiter == 0x09 ? "TAB" : String(UnicodeScalar(delimiter))
      notes.append(
        Finding(
          "delimiter",
          severity: .note,
          file: file.name,
          value: shown,
          message: LocalizedText(zh: "用作分隔符。", en: "was taken as the delimiter."),
          fix: LocalizedText("")
        )
      )
    }
    let headerRow = options.headerRow ?? 1
    var cells: [[UInt8]] = []
    for number in 1...max(1, headerRow) {
      cells = try Self.nextRecord(&cutter, delimiter: delimiter, row: number, file: file.name)
    }
    let names = HeaderNames(cells.map { String(decoding: $0, as: UTF8.self) }, row: headerRow, file: file.name)
    header = try names.checked()
    notes += names.notes
    selection = try options.selection(from: header, file: file.name, sheet: nil)
    var targets = [Int](repeating: -1, count: header.count)
    for (index, selected) in selection.enumerated() { targets[selected.position] = index }
    self.targets = targets
    missing = MissingNumbers(options.missingNumbers)
  }

  /// The line `sep=;` that spreadsheets put before the header.
  private static func declaredDelimiter(_ bytes: [UInt8]) -> (delimiter: UInt8, length: Int)? {
    guard bytes.count > 5, bytes.prefix(4).elementsEqual("sep=".utf8) || bytes.prefix(4).elementsEqual("SEP=".utf8)
    else { return nil }
    guard [0x2C, 0x3B, 0x09, 0x7C].contains(bytes[4]), [0x0D, 0x0A].contains(bytes[5]) else { return nil }
    let isPair = bytes[5] == 0x0D && bytes.count > 6 && bytes[6] == 0x0A
    return (bytes[4], isPair ? 7 : 6)
  }

  /// The candidate that cuts the first rows into the same number of cells; else the most frequent one.
  private static func mostLikelyDelimiter(_ bytes: [UInt8], isWhole: Bool) -> UInt8 {
    var best: (delimiter: UInt8, isEven: Bool, cells: Int) = (0x2C, false, 1)
    for candidate in [0x2C, 0x3B, 0x09] as [UInt8] {
      var reader = RecordReader(bytes, delimiter: candidate)
      var counts: [Int] = []
      while counts.count < 50, case .record(let cells, let end) = reader.next() {
        if end == bytes.count, !isWhole { break }
        if cells.count > 1 || cells.first?.isEmpty == false { counts.append(cells.count) }
      }
      guard let first = counts.first, first > 1 else { continue }
      let isEven = counts.allSatisfy { $0 == first }
      if (isEven && !best.isEven) || (isEven == best.isEven && first > best.cells) {
        best = (candidate, isEven, first)
      }
    }
    return best.delimiter
  }

  private static func nextRecord(
    _ cutter: inout RecordCutter,
    delimiter: UInt8,
    row: Int,
    file: String
  ) throws(InputRefusal) -> [[UInt8]] {
    var size = Limits.headBytes
    while true {
      try cutter.fill(to: size)
      var reader = RecordReader(cutter.pending, delimiter: delimiter)
      switch reader.next() {
      case .record(let cells, let end):
        if end < cutter.pending.count || cutter.holdsEnd {
          cutter.skip(bytes: end, records: 1)
          return cells
        }
      case .end:
        throw InputRefusal(
          Finding(
            "file-no-rows",
            file: file,
            row: row,
            message: LocalizedText(zh: "没有表头行。", en: "has no header row."),
            fix: LocalizedText(zh: "请核对表头行号。", en: "Check the number of the header row.")
          )
        )
      case .malformed(let isUnclosed):
        if !isUnclosed || cutter.holdsEnd { throw InputRefusal(.badQuote(isUnclosed, file: file, row: row)) }
      }
      guard size < Limits.recordBytes else {
        throw InputRefusal(.badQuote(true, file: file, row: row))
      }
      size *= 2
    }
  }
}

/// Reads records one by one and whole; for headers and samples, where speed is no matter.
struct RecordReader {
  enum Outcome {
    /// The cells, unquoted, and the offset behind the record's line end.
    case record([[UInt8]], end: Int)
    case malformed(isUnclosed: Bool)
    case end
  }

  private let bytes: [UInt8]
  private let delimiter: UInt8
  private var index = 0

  init(_ bytes: [UInt8], delimiter: UInt8) {
    self.bytes = bytes
    self.delimiter = delimiter
  }

  mutating func next() -> Outcome {
    guard index < bytes.count else { return .end }
    var cells: [[UInt8]] = []
    while true {
      var cell: [UInt8] = []
      if index < bytes.count, bytes[index] == 0x22 {
        index += 1
        while true {
          guard index < bytes.count else { return .malformed(isUnclosed: true) }
          let byte = bytes[index]
          index += 1
          if byte == 0x22 {
            guard index < bytes.count, bytes[index] == 0x22 else { break }
            index += 1
          }
          cell.append(byte)
        }
      } else {
        while index < bytes.count, !isCellEnd(bytes[index]) {
          if bytes[index] == 0x22 { return .malformed(isUnclosed: false) }
          cell.append(bytes[index])
          index += 1
        }
      }
      cells.append(cell)
      guard index < bytes.count else { return .record(cells, end: index) }
      let byte = bytes[index]
      guard isCellEnd(byte) else { return .malformed(isUnclosed: false) }
      index += 1
      if byte == delimiter { continue }
      if byte == 0x0D, index < bytes.count, bytes[index] == 0x0A { index += 1 }
      return .record(cells, end: index)
    }
  }

  private func isCellEnd(_ byte: UInt8) -> Bool {
    byte == delimiter || byte == 0x0A || byte == 0x0D
  }
}
