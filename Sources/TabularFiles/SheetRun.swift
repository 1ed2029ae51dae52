internal import SurveyData

/// One reading of one worksheet: header, chunks, and everything found wrong.
///
/// A class, because the XML parser's events meet here.
final class SheetRun {
  private enum State {
    case seeking
    case reading(SheetLayout, ChunkBuilder)
    /// The header was refused; what follows can only explain why.
    case failed(headerRow: Int?, width: Int)
  }

  private static let headRows = 20
  private static let chunkRows = 64 << 10

  let file: String
  private let sheet: String
  private let dates: DateSystem
  private let options: ReadOptions
  private let missing: MissingNumbers
  private let consume: ((Table) throws -> Void)?
  private var state = State.seeking
  private var head: [SheetRow] = []
  private var chunkFirstRow = 0
  private var chunkBytes = 0
  private var chunkFindings = 0
  private var lastRow = 0
  private(set) var rows = 0
  private var oddities = SheetOddities()
  private var mergedColumns: Set<Int> = []
  private var headerFindings: [Finding] = []
  private var findings: [Finding] = []
  private var findingCount = 0
  private var tidied: [Finding] = []
  private var tidiedCount = 0
  private var thrown: (any Error)?

  /// Begins a reading; without `consume`, which takes the chunks, only the header is read.
  init(
    file: String,
    sheet: String,
    dates: DateSystem,
    options: ReadOptions,
    consume: ((Table) throws -> Void)?
  ) {
    self.file = file
    self.sheet = sheet
    self.dates = dates
    self.options = options
    self.consume = consume
    missing = MissingNumbers(options.missingNumbers)
  }

  var header: [String]? {
    if case .reading(let layout, _) = state { layout.header } else { nil }
  }

  /// Nothing more is needed: the header is known and wanted alone, or the consumer gave up.
  var isDone: Bool { thrown != nil || (consume == nil && header != nil) }

  func take(_ row: SheetRow) throws(InputRefusal) {
    guard !row.cells.isEmpty else {
      oddities.lastBlankRow = row.number
      return
    }
    switch state {
    case .failed: lastRow = row.number
    case .reading: add(row)
    case .seeking:
      guard let wanted = options.headerRow else {
        head.append(row)
        if head.count == Self.headRows { decide() }
        return
      }
      guard row.number >= wanted else { return }
      head.append(row)
      decide()
    }
  }

  func endRows() throws(InputRefusal) {
    if case .seeking = state { decide() }
    flush()
  }

  /// Takes the row named, or else the first, as the header, then the rows read ahead.
  private func decide() {
    let rows = head
    head = []
    guard let first = rows.first, options.headerRow.map({ $0 == first.number }) ?? true else {
      report(.noHeaderRow(file: file, sheet: sheet, row: options.headerRow))
      state = .failed(headerRow: nil, width: 0)
      return
    }
    if options.headerRow == nil, let likely = SheetLayout.likelyHeader(below: rows) {
      let title = first.cells.first.flatMap { first.text(of: $0, dates: dates) }
      report(.headerRowNeeded(file: file, sheet: sheet, row: first.number, title: title, likely: likely))
      lastRow = rows.last?.number ?? 0
      state = .failed(
        headerRow: likely,
        width: (rows.first { $0.number == likely }?.cells.last?.column ?? 0) + 1
      )
      return
    }
    do throws(InputRefusal) {
      let layout = try SheetLayout.make(first, file: file, sheet: sheet, dates: dates, options: options)
      state = .reading(layout, ChunkBuilder(layout.selection, capacity: 0))
      lastRow = first.number
    } catch {
      headerFindings = error.findings
      state = .failed(headerRow: first.number, width: (first.cells.last?.column ?? 0) + 1)
      lastRow = rows.last?.number ?? 0
      return
    }
    if !isDone { for row in rows.dropFirst() { add(row) } }
  }

  private func add(_ row: SheetRow) {
    guard thrown == nil, case .reading(let layout, var builder) = state else { return }
    if row.number > lastRow + 1 {
      flush()
      for blank in lastRow + 1..<row.number { report(.blankRow(file: file, sheet: sheet, row: blank)) }
      chunkFindings = 0
      builder = ChunkBuilder(layout.selection, capacity: 0)
    }
    // The builder is moved out, so that adding to it copies nothing.
    state = .seeking
    if builder.rowCount == 0 { chunkFirstRow = row.number }
    lastRow = row.number
    rows += 1
    if row.isHidden { oddities.addHiddenRow(row.number) }
    deliver(row, layout, &builder)
    chunkBytes += row.bytes.count + layout.selection.count
    let isFull = builder.rowCount >= Self.chunkRows || chunkBytes >= options.blockSize
    state = .reading(layout, builder)
    if isFull { flush() }
  }

  /// Hands the chunk on unless something in it was refused.
  private func flush() {
    guard case .reading(let layout, let builder) = state else { return }
    let isSound = chunkFindings == 0
    chunkFindings = 0
    chunkBytes = 0
    guard builder.rowCount > 0 else { return }
    state = .reading(layout, ChunkBuilder(layout.selection, capacity: builder.rowCount))
    guard isSound, thrown == nil, let consume else { return }
    do {
      try consume(builder.table(firstRow: chunkFirstRow, file: file, sheet: sheet))
    } catch let refusal as InputRefusal {
      for finding in refusal.findings { report(finding) }
      chunkFindings = 0
    } catch {
      thrown = error
    }
  }

  private func deliver(_ row: SheetRow, _ layout: SheetLayout, _ builder: inout ChunkBuilder) {
    var next = 0
    var isRagged = false
    row.bytes.withUnsafeBufferPointer { bytes in
      for cell in row.cells {
        guard cell.column < layout.targets.count else {
          if !isRagged {
            report(
              .beyondHeader(
                row.text(of: cell, dates: dates),
                columns: layout.header.count,
                file: file,
                sheet: sheet,
                row: row.number,
                column: cell.column + 1
              )
            )
          }
          isRagged = true
          continue
        }
        while next < cell.column {
          if layout.targets[next] >= 0 { builder.addMissing(to: layout.targets[next]) }
          next += 1
        }
        next = cell.column + 1
        let target = layout.targets[cell.column]
        guard target >= 0 else { continue }
        if !deliver(cell, of: row, UnsafeBufferPointer(rebasing: bytes[cell.range]), to: target, layout, &builder) {
          builder.addMissing(to: target)
        }
      }
    }
    while next < layout.targets.count {
      if layout.targets[next] >= 0 { builder.addMissing(to: layout.targets[next]) }
      next += 1
    }
    builder.endRow()
  }

  /// Adds a cell to its column; false if nothing was added, because the cell was refused.
  private func deliver(
    _ cell: SheetCell,
    of row: SheetRow,
    _ bytes: UnsafeBufferPointer<UInt8>,
    to target: Int,
    _ layout: SheetLayout,
    _ builder: inout ChunkBuilder
  ) -> Bool {
    let name = layout.header[cell.column]
    let isNumber = layout.selection[target].kind == .number
    if let refusal = row.refusal(
      of: cell,
      named: name,
      allowsFormulas: options.allowsFormulas,
      file: file,
      sheet: sheet
    ) {
      report(refusal)
      return false
    }
    if cell.isFormula { oddities.storedFormulas += 1 }
    let sink = CellSink(target: target, row: row.number, name: name)
    switch cell.kind {
    case .text:
      if let fault = cellFault(bytes, at: CellPlace(file: file, sheet: sheet, row: row.number, column: name)) {
        report(fault)
        return false
      }
      add(bytes, to: sink, &builder)
    case .number(nil):
      guard let value = parseNumber(bytes) else {
        report(.badCellValue(row: row.number, column: name, value: bytes, file: file, sheet: sheet))
        return false
      }
      if layout.areIdentifiers[target], abs(value) >= 1e15 {
        report(.numericIdentifier(shortest(value), file: file, sheet: sheet, row: row.number, column: name))
        return false
      }
      if isPlainInteger(bytes) || (isNumber && !missing.holds(value)) {
        add(bytes, to: sink, &builder)
      } else {
        add(shortest(value), to: sink, &builder)
      }
    case .boolean where isNumber: add(bytes, to: sink, &builder)
    case .number, .date, .boolean:
      guard let text = row.text(of: cell, dates: dates) else {
        report(.badCellValue(row: row.number, column: name, value: bytes, file: file, sheet: sheet))
        return false
      }
      add(text, to: sink, &builder)
    case .error, .uncomputed: return false
    }
    return true
  }

  /// Where a cell goes, and what it is called in a message.
  private struct CellSink {
    let target: Int
    let row: Int
    let name: String
  }

  private func add(_ text: String, to sink: CellSink, _ builder: inout ChunkBuilder) {
    var text = text
    text.withUTF8 { add($0, to: sink, &builder) }
  }

  private func add(_ bytes: UnsafeBufferPointer<UInt8>, to sink: CellSink, _ builder: inout ChunkBuilder) {
    guard !builder.add(bytes, to: sink.target, missing: missing) else { return }
    let value = String(decoding: bytes.prefix(60), as: UTF8.self)
    if let number = tidiedNumber(bytes) {
      builder.amend(sink.target, with: number, missing: missing)
      tidiedCount += 1
      guard tidied.count < InputRefusal.listedAtMost else { return }
      tidied.append(
        .numberTidied(value, to: number, file: file, sheet: sheet, row: sink.row, column: sink.name)
      )
      return
    }
    report(.notNumber(file: file, sheet: sheet, row: sink.row, column: sink.name, value: value))
  }

  /// Up to fifteen digits without leading zeros are their own shortest form.
  private func isPlainInteger(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = bytes.first, bytes.count <= 15 else { return false }
    if first == 0x30 { return bytes.count == 1 }
    return bytes.allSatisfy { $0 &- 0x30 < 10 }
  }

  private func report(_ finding: Finding) {
    findingCount += 1
    chunkFindings += 1
    if findings.count < InputRefusal.listedAtMost { findings.append(finding) }
  }
}

extension SheetRun {
  func takeHiddenColumns(_ columns: ClosedRange<Int>) { oddities.addHiddenColumns(columns) }

  func takeFilter(_ range: String) { oddities.filterRange = range }

  /// Merged cells come after all rows: those that touch header or data are refused.
  func takeMerged(_ text: String) {
    guard let range = CellRange(text), range.rows.count > 1 || range.columns.count > 1 else { return }
    let top: Int
    let width: Int
    switch state {
    case .seeking: return
    case .reading(let layout, _): (top, width) = (layout.headerRow, layout.header.count)
    case .failed(let headerRow, let columns):
      guard let headerRow else { return }
      (top, width) = (headerRow, columns)
    }
    guard range.rows.upperBound >= top, range.rows.lowerBound <= max(top, lastRow),
      range.columns.lowerBound <= width
    else { return }
    if range.rows.contains(top), findingCount < InputRefusal.listedAtMost { mergedColumns.formUnion(range.columns) }
    report(.mergedCells(text, file: file, sheet: sheet, row: range.rows.lowerBound, isHeader: range.rows.contains(top)))
  }

  /// Throws everything found wrong.
  func requireSound() throws {
    if let thrown { throw thrown }
    // An empty name within a merged header is explained by the merge.
    let explained = Set(mergedColumns.map { "#\($0)" })
    let header = headerFindings.filter { $0.code != "header-empty" || !explained.contains($0.column ?? "") }
    // What the header's refusal left out, its last line counts.
    guard header.isEmpty else { throw InputRefusal(header + findings) }
    guard findings.isEmpty else { throw InputRefusal(listing: findings, total: findingCount) }
    guard consume == nil || rows > 0 else { throw InputRefusal(.noRows(file: file, sheet: sheet)) }
  }

  var notes: [Finding] {
    guard case .reading(let layout, _) = state else { return [] }
    return layout.notes + Finding.listed(tidied, total: tidiedCount, file: file)
      + oddities.notes(layout, lastRow: lastRow, file: file, sheet: sheet)
  }
}
