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
    let run = DelimitedRun(cutter, layout: layout, workers: workers, consume: consume)
    TurnLock.run(workers: workers) { run.work(as: $0) }
    return try run.finish(file.input)
  }

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
  private let consume: @Sendable (Int, Table) throws -> Void
  private var cutter: RecordCutter
  private var isStopped = false
  private var cutterError: InputRefusal?
  private var otherError: (row: Int, error: any Error)?
  private var findings: [Finding] = []
  private var findingCount = 0
  private var brokenRow = Int.max
  private var blankRows: [Int] = []
  private var lastDataRow = 0
  private var rows = 0
  private var isUnterminated = false

  init(
    _ cutter: RecordCutter,
    layout: CSVLayout,
    workers: Int,
    consume: @escaping @Sendable (Int, Table) throws -> Void
  ) {
    self.cutter = cutter
    self.layout = layout
    self.consume = consume
    lock = TurnLock(workers: workers)
  }

  func work(as worker: Int) {
    while let block = lock.inTurn(of: worker, { nextBlock() }) {
      let parsed = CSVParser.parse(block, layout: layout)
      var refused: [Finding] = []
      var thrown: (any Error)?
      if let table = parsed.table, table.rowCount > 0 {
        do {
          try consume(worker, table)
        } catch let refusal as InputRefusal {
          refused = refusal.findings
        } catch {
          thrown = error
        }
      }
      lock.alone { record(parsed, block, refused: refused, thrown: thrown) }
    }
  }

  private func nextBlock() -> RecordBlock? {
    guard !isStopped else { return nil }
    do throws(InputRefusal) {
      let block = try cutter.next()
      if let block { isUnterminated = block.isUnterminated }
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
    if blankRows.count < 4 * InputRefusal.listedAtMost { blankRows += parsed.blankRows }
    lastDataRow = max(lastDataRow, parsed.lastDataRow)
    rows += parsed.table?.rowCount ?? 0
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
    return ReadSummary(notes: cutter.notes + layout.notes + endNotes(file.name), rows: rows)
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
