package import SurveyData

/// CSV and its relatives with semicolons or tabs.
package struct DelimitedFormat: TableFormat {
  package let name = "CSV"
  package let extensions = ["csv", "tsv", "txt"]

  package init() {}

  /// Any text will do, so this format stands last in the list; a zip archive is no text.
  package func recognizes(_ head: [UInt8]) -> Bool { !head.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

  package func header(of file: OpenFile, options: ReadOptions) throws -> [String] {
    var options = options
    options.columns = nil
    var cutter = try makeCutter(file, options)
    return try CSVLayout(&cutter, file: file.input, options: options).header
  }

  package func read(
    _ file: OpenFile,
    options: ReadOptions,
    workers: Int,
    consume: @escaping @Sendable (Int, Table) throws -> Void
  ) throws -> ReadSummary {
    var cutter = try makeCutter(file, options)
    let layout = try CSVLayout(&cutter, file: file.input, options: options)
    let run = DelimitedRun(cutter, layout: layout, workers: workers) { worker, block, parsed in
      parsed = CSVParser.parse(block, layout: layout)
      if let table = parsed.table, table.rowCount > 0 { try consume(worker, table) }
    }
    Workers.run(workers) { run.work(as: $0) }
    return try run.finish(file.input)
  }

  /// Delivers all rows as cells that stay bytes.
  ///
  /// - Parameters:
  ///   - file: open, at its begin.
  ///   - options: what is wanted; a selection of columns is not heeded.
  ///   - workers: how many blocks may be in work at once.
  ///   - begin: gets the column names and where the first record begins, before any block.
  ///   - inOrder: gets each block's bytes as they stand in the file, one after the other.
  ///   - consume: as in ``read(_:options:workers:consume:)``, with the file's column names.
  /// - Returns: what is worth telling, and how many rows there were; `nil` where a block holds what only a
  ///   reading as a table can take, such as quotes within cells or a text in another encoding than UTF-8.
  /// - Throws: a refusal with everything found wrong; whatever `consume` throws.
  func readCells(
    _ file: OpenFile,
    options: ReadOptions,
    workers: Int,
    begin: (CellSource) throws -> Void,
    inOrder: @escaping @Sendable (UnsafeRawBufferPointer) -> Void,
    consume: @escaping @Sendable (Int, CellBlock) throws -> Void
  ) throws -> ReadSummary? {
    var options = options
    options.columns = nil
    var cutter = try makeCutter(file, options)
    let layout = try CSVLayout(&cutter, file: file.input, options: options)
    guard let start = cutter.fileOffset else { return nil }
    try begin(
      CellSource(
        file: layout.file,
        header: layout.header,
        delimiter: layout.delimiter,
        start: start,
        stamp: file.input.identity
      )
    )
    let run = DelimitedRun(cutter, layout: layout, workers: workers, inOrder: inOrder) { worker, block, parsed in
      let columnCount = layout.header.count
      var cells = CellSplitter.split(block, delimiter: layout.delimiter, columnCount: columnCount)
      if let cells {
        parsed.rowCount = cells.rowCount
        parsed.lastDataRow = block.firstRow + cells.rowCount - 1
      } else {
        parsed = CSVParser.parse(block, layout: layout)
        if parsed.findingCount > 0 || parsed.rowCount == 0 { return }
        var content = block.withoutBlankEnd(delimiter: layout.delimiter)
        content.records = parsed.rowCount
        cells = CellSplitter.split(content, delimiter: layout.delimiter, columnCount: columnCount)
        if cells?.rowCount != parsed.rowCount { throw NotSplit() }
      }
      if let cells, cells.rowCount > 0 { try consume(worker, cells) }
    }
    Workers.run(workers) { run.work(as: $0) }
    do {
      return try run.finish(file.input)
    } catch is NotSplit {
      return nil
    }
  }

  /// A block that has nothing wrong in it but cannot be taken as bytes where they stand.
  private struct NotSplit: Error {}

  private func makeCutter(_ file: OpenFile, _ options: ReadOptions) throws -> RecordCutter {
    let text = try TextDecoding.begin(file.input, encoding: options.encoding)
    return try RecordCutter(text, file: file.input, blockSize: options.blockSize)
  }
}

/// One reading of one delimited file by several workers.
///
/// Everything that changes is touched in `lock` only; a class, because the workers share it.
private final class DelimitedRun: @unchecked Sendable {
  private let layout: CSVLayout
  private let lock: TurnLock
  private let inOrder: (@Sendable (UnsafeRawBufferPointer) -> Void)?
  private let handle: @Sendable (Int, RecordBlock, inout ParsedBlock) throws -> Void
  private var cutter: RecordCutter
  private var isStopped = false
  private var cutterError: InputRefusal?
  private var otherError: (row: Int, error: any Error)?
  private var findings: [Finding] = []
  private var findingCount = 0
  private var tidied: [Finding] = []
  private var tidiedCount = 0
  private var brokenRow = Int.max
  private var blankRows: [Int] = []
  private var lastDataRow = 0
  private var rows = 0
  private var isUnterminated = false

  init(
    _ cutter: RecordCutter,
    layout: CSVLayout,
    workers: Int,
    inOrder: (@Sendable (UnsafeRawBufferPointer) -> Void)? = nil,
    handle: @escaping @Sendable (Int, RecordBlock, inout ParsedBlock) throws -> Void
  ) {
    self.cutter = cutter
    self.layout = layout
    self.inOrder = inOrder
    self.handle = handle
    lock = TurnLock(workers: workers)
  }

  func work(as worker: Int) {
    while let block = lock.inTurn(of: worker, { nextBlock() }) {
      var parsed = ParsedBlock()
      var refused: [Finding] = []
      var thrown: (any Error)?
      do {
        try handle(worker, block, &parsed)
      } catch let refusal as InputRefusal {
        refused = refusal.findings
      } catch {
        thrown = error
      }
      lock.alone { record(parsed, block, refused: refused, thrown: thrown) }
    }
  }

  private func nextBlock() -> RecordBlock? {
    guard !isStopped else { return nil }
    do throws(InputRefusal) {
      let block = try cutter.next()
      if let block {
        isUnterminated = block.isUnterminated
        if let inOrder { block.bytes.withUnsafeBytes { inOrder(UnsafeRawBufferPointer(rebasing: $0[..<block.count])) } }
      }
      return block
    } catch {
      cutterError = error
      isStopped = true
      return nil
    }
  }

  private func record(_ parsed: ParsedBlock, _ block: RecordBlock, refused: [Finding], thrown: (any Error)?) {
    findings += parsed.findings + refused
    findingCount += parsed.findingCount + refused.count
    if findings.count > 4 * InputRefusal.listedAtMost {
      findings.sort { ($0.row ?? 0) < ($1.row ?? 0) }
      findings.removeLast(findings.count - InputRefusal.listedAtMost)
    }
    tidied += parsed.notes
    tidiedCount += parsed.noteCount
    if tidied.count > 4 * InputRefusal.listedAtMost {
      tidied.sort { ($0.row ?? 0) < ($1.row ?? 0) }
      tidied.removeLast(tidied.count - InputRefusal.listedAtMost)
    }
    if blankRows.count < 4 * InputRefusal.listedAtMost { blankRows += parsed.blankRows }
    lastDataRow = max(lastDataRow, parsed.lastDataRow)
    rows += parsed.rowCount
    if let broken = parsed.brokenRow {
      brokenRow = min(brokenRow, broken)
      isStopped = true
    }
    if let thrown {
      isStopped = true
      if otherError.map({ block.firstRow < $0.row }) ?? true { otherError = (block.firstRow, thrown) }
    }
  }

  func finish(_ file: InputFile) throws -> ReadSummary {
    if let otherError { throw otherError.error }
    let late = findings.filter { ($0.row ?? 0) > brokenRow }.count
    var listed = findings.filter { ($0.row ?? 0) <= brokenRow }
    var count = findingCount - late
    for row in blankRows where row < lastDataRow && row <= brokenRow {
      listed.append(.blankRow(file: file.name, sheet: nil, row: row))
      count += 1
    }
    if let cutterError {
      listed += cutterError.findings
      count += cutterError.findings.count
    }
    guard listed.isEmpty else { throw InputRefusal(listing: listed, total: count) }
    try file.requireUnchanged()
    guard rows > 0 else { throw InputRefusal(.noRows(file: file.name)) }
    let numbers = Finding.listed(tidied, total: tidiedCount, file: file.name)
    return ReadSummary(notes: cutter.notes + layout.notes + numbers + endNotes(file.name), rows: rows)
  }

  private func endNotes(_ file: String) -> [Finding] {
    var notes: [Finding] = []
    func add(_ code: String, row: Int? = nil, zh: String, en: String) {
      notes.append(
        Finding(
          code,
          severity: .note,
          file: file,
          row: row,
          message: LocalizedText(zh: zh, en: en),
          fix: LocalizedText("")
        )
      )
    }
    let ends = cutter.lineEnds
    if [ends.lineFeeds, ends.returns, ends.pairs].filter({ $0 > 0 }).count > 1 {
      add("line-ends-mixed", zh: "换行符不一致，已照常读取。", en: "has line ends of several kinds; all were taken.")
    } else if ends.returns > 0 {
      add("line-ends-cr", zh: "以 CR 换行，已照常读取。", en: "has lines that end in CR; they were taken.")
    }
    if let first = blankRows.min() {
      add("rows-blank-end", row: first, zh: "起的末尾空行已忽略。", en: "and after: blank rows at the end were ignored.")
    }
    if isUnterminated {
      add(
        "last-line-unterminated",
        zh: "末行没有换行符，单元格数完整，已读取。",
        en: "has no line end after its last row; the row is complete and was taken."
      )
    }
    return notes
  }
}
