internal import Glibc
internal import SurveyData

/// Cuts a worksheet's XML into rows and hands them on.
final class SheetReader: MarkupReader {
  private enum Capture { case nothing, value, text, formula }

  private let run: SheetRun
  private let part: String
  private let strings: SharedStrings
  private let formats: [DateFormat?]
  private var isInData = false
  private var row = SheetRow()
  private var previousRow = 0
  /// The current cell.
  private var column = -1
  private var type = CellType.number
  private var format: DateFormat?
  private var isFormula = false
  private var capture = Capture.nothing
  private var value: [UInt8] = []
  private var formula: [UInt8] = []
  private var runs = TextRuns()

  private static let trueFormula = Array("TRUE()".utf8)
  private static let falseFormula = Array("FALSE()".utf8)

  private enum CellType { case number, shared, inline, formulaText, boolean, error, date }

  init(_ run: SheetRun, part: String, strings: SharedStrings, formats: [DateFormat?]) {
    self.run = run
    self.part = part
    self.strings = strings
    self.formats = formats
  }

  override func start(_ name: MarkupName, _ attributes: MarkupAttributes) throws(InputRefusal) {
    guard isInData else { return try startOutside(name, attributes) }
    if name == "c" {
      try startCell(attributes)
    } else if name == "v" {
      capture = .value
    } else if name == "row" {
      try startRow(attributes)
    } else if name == "f" {
      isFormula = true
      formula.removeAll(keepingCapacity: true)
      capture = .formula
    } else if name == "is" {
      capture = .text
    } else if capture == .text {
      runs.start(name)
    }
  }

  private func startOutside(_ name: MarkupName, _ attributes: MarkupAttributes) throws(InputRefusal) {
    if name == "sheetData" {
      isInData = true
    } else if name == "mergeCell", let range = attributes.string("ref") {
      run.takeMerged(range)
    } else if name == "col", attributes.isTrue("hidden"), let first = attributes.integer("min"),
      let last = attributes.integer("max"), first <= last
    {
      run.takeHiddenColumns(first...last)
    } else if name == "autoFilter", let range = attributes.string("ref") {
      run.takeFilter(range)
    }
  }

  private func startRow(_ attributes: MarkupAttributes) throws(InputRefusal) {
    row.number = previousRow + 1
    if let number = attributes.string("r") { row.number = Int(number) ?? 0 }
    guard row.number > previousRow, row.number <= Limits.worksheetRows else {
      throw damaged(zh: "行号 \(row.number) 次序有误", en: "row \(row.number) is out of order")
    }
    previousRow = row.number
    row.isHidden = attributes.isTrue("hidden")
    row.cells.removeAll(keepingCapacity: true)
    row.bytes.removeAll(keepingCapacity: true)
    column = -1
  }

  private func startCell(_ attributes: MarkupAttributes) throws(InputRefusal) {
    var next = column + 1
    if let place = attributes.bytes("r") {
      let bytes = UnsafeRawBufferPointer(start: place, count: strlen(place))
      guard let reference = CellReference(bytes), reference.row == row.number, reference.column > next else {
        let shown = String(cString: place)
        throw damaged(zh: "单元格 \(shown) 次序有误", en: "cell \(shown) is out of order")
      }
      next = reference.column - 1
    }
    guard next < Limits.columns else {
      throw damaged(
        zh: "第 \(row.number) 行超过 \(Limits.columns) 列",
        en: "row \(row.number) has more than \(Limits.columns) columns"
      )
    }
    column = next
    isFormula = false
    value.removeAll(keepingCapacity: true)
    format = nil
    type = .number
    if let code = attributes.bytes("t") {
      switch String(cString: code) {
      case "s": type = .shared
      case "inlineStr": type = .inline
      case "str": type = .formulaText
      case "b": type = .boolean
      case "e": type = .error
      case "d": type = .date
      default: break
      }
    }
    if type == .number, let style = attributes.integer("s"), formats.indices.contains(style) {
      format = formats[style]
    }
  }

  override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    switch capture {
    case .value: if value.count <= Limits.cellBytes { value.append(contentsOf: bytes) }
    case .text: runs.text(bytes)
    // Only constants matter, and they are short.
    case .formula: if formula.count < 16 { formula.append(contentsOf: bytes.prefix(16)) }
    case .nothing: break
    }
  }

  override func end(_ name: MarkupName) throws(InputRefusal) {
    guard isInData else { return }
    if name == "c" {
      try endCell()
    } else if name == "v" || name == "f" {
      capture = .nothing
    } else if name == "row" {
      try run.take(row)
      isDone = run.isDone
    } else if name == "is" {
      capture = .nothing
      value = runs.take()
    } else if name == "sheetData" {
      isInData = false
      try run.endRows()
      isDone = run.isDone
    } else if capture == .text {
      runs.end(name)
    }
  }

  private func endCell() throws(InputRefusal) {
    // LibreOffice writes every truth value as a formula; a constant cannot be out of date.
    if isFormula, type == .boolean, formula == Self.trueFormula || formula == Self.falseFormula {
      isFormula = false
    }
    if value.isEmpty {
      // A formula's empty text is a value; no value at all is none.
      if isFormula { append(type == .formulaText ? .text : .uncomputed, []) }
      return
    }
    switch type {
    case .number: append(.number(format), trimmed(value))
    case .shared:
      guard let index = Int(String(decoding: trimmed(value), as: UTF8.self)), let text = strings.bytes(at: index)
      else {
        throw damaged(
          zh: "第 \(row.number) 行第 \(column + 1) 列引用的文本不存在",
          en: "row \(row.number), column \(column + 1) refers to a text that is not there"
        )
      }
      if !text.isEmpty || isFormula { append(.text, text) }
    case .inline: append(.text, value)
    case .formulaText: append(.text, unescaped(value))
    case .boolean: append(.boolean, trimmed(value))
    case .error: append(.error, value)
    case .date: append(.date, trimmed(value))
    }
    guard row.bytes.count <= Limits.recordBytes else {
      throw damaged(zh: "第 \(row.number) 行过长", en: "row \(row.number) is too long")
    }
  }

  private func append(_ kind: SheetCell.Kind, _ bytes: some Collection<UInt8>) {
    let start = row.bytes.count
    row.bytes.append(contentsOf: bytes)
    row.cells.append(SheetCell(column: column, kind: kind, isFormula: isFormula, range: start..<row.bytes.count))
  }

  private func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var slice = bytes[...]
    while let first = slice.first, first <= 0x20 { slice.removeFirst() }
    while let last = slice.last, last <= 0x20 { slice.removeLast() }
    return slice
  }

  private func damaged(zh: String, en: String) -> InputRefusal {
    InputRefusal(.partDamaged(part, file: run.file, LocalizedText(zh: zh, en: en)))
  }
}

/// Finds out whether any cell of a worksheet holds something.
final class SheetProbe: MarkupReader {
  private(set) var holdsData = false
  private var isInValue = false

  override func start(_ name: MarkupName, _ attributes: MarkupAttributes) throws(InputRefusal) {
    isInValue = name == "v" || name == "t"
    if name == "f" { find() }
  }

  override func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if isInValue, !bytes.isEmpty { holdsData = true }
  }

  override func end(_ name: MarkupName) throws(InputRefusal) {
    isInValue = false
    if holdsData || name == "sheetData" { isDone = true }
  }

  private func find() {
    holdsData = true
    isDone = true
  }
}
