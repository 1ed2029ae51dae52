internal import Glibc
internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign
internal import TabularFiles

/// One pass over a frame's files: what the draw needs of every unit, and the way to the frame digest.
///
/// A class, because the workers that read share it; each touches its own slot, begin and bytes come in turn.
final class FrameScan: CellReader, @unchecked Sendable {
  /// What one worker gathers.
  struct Slot {
    var collector: FrameCollector?
    var runs = AscendingRuns()
    var changes: [Change] = []
    var isTroubled = false
    var line: [UInt8] = []
  }

  /// An id that reading changed, for the receipt and the notes.
  struct Change {
    var row: Int
    var value: String
    var clean: String
  }

  let plan: StagePlan
  private let source: FrameSource
  private let key: DrawKey
  private let parents: [String]?
  private let workers: Int
  private let needsFileDigest: Bool
  /// Sort lines in parts even where the files ascend.
  private let sortsAlways: Bool
  let slots: UnsafeMutableBufferPointer<Slot>
  private(set) var canonicalHeader: [UInt8] = []
  private(set) var spool: RowSpool?
  private(set) var fileName = ""
  private var idColumn = 0
  private var linesStand = false
  private var keepColumns: [(name: String, position: Int)] = []
  private var fileStream = DigestStream()
  /// The first file's header does not hold what the plan needs, or a file cannot be looked at.
  private(set) var isTroubled = false

  init(
    _ source: FrameSource,
    plan: StagePlan,
    key: DrawKey,
    parents: [String]?,
    workers: Int,
    needsFileDigest: Bool,
    sortsAlways: Bool
  ) {
    self.source = source
    self.plan = plan
    self.key = key
    self.parents = parents
    self.workers = workers
    self.needsFileDigest = needsFileDigest && source.paths.count == 1
    self.sortsAlways = sortsAlways
    slots = .allocate(capacity: workers)
    slots.initialize(repeating: Slot())
  }

  deinit {
    slots.deinitialize()
    slots.deallocate()
  }

  func begin(file: Int, source: CellSource) throws {
    guard file == 0 else { return }
    fileName = source.file
    guard let idColumn = source.header.firstIndex(where: { $0.utf8.elementsEqual(plan.id.utf8) }) else {
      isTroubled = true
      return
    }
    self.idColumn = idColumn
    canonicalHeader = SampleDrawing.canonicalHeader(source.header, idColumn: idColumn)
    linesStand = idColumn == 0 && source.delimiter == UInt8(ascii: ",")
    for name in self.source.keep?.columns ?? [] {
      guard let position = source.header.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) else {
        isTroubled = true
        return
      }
      keepColumns.append((name, position))
    }
    guard
      let collector = FrameCollector(
        plan,
        key: key,
        parents: parents,
        parentColumn: self.source.parent,
        header: source.header,
        file: source.file
      )
    else {
      isTroubled = true
      return
    }
    for worker in slots.indices { slots[worker].collector = collector }
    let sizes = self.source.paths.map { (start: source.start, size: fileSize($0)) }
    let order = FrameOrder(
      paths: self.source.paths,
      sources: sizes,
      idColumn: idColumn,
      delimiter: source.delimiter,
      parts: RowSpool.parts
    )
    if !linesStand || sortsAlways || !order.mostlyAscends {
      spool = RowSpool(order: order, workers: workers, bytes: sizes.reduce(0) { $0 + $1.size })
      if spool == nil { isTroubled = true }
    }
    if needsFileDigest { isTroubled = !hashBegin(of: self.source.paths[0], count: source.start) || isTroubled }
  }

  func passBytes(file: Int, _ bytes: UnsafeRawBufferPointer) {
    if needsFileDigest { fileStream.update(bytes) }
  }

  func take(worker: Int, file: Int, _ block: CellBlock) throws {
    if isTroubled || slots[worker].isTroubled { return }
    var mask: [Bool]?
    if let keep = source.keep { mask = try keep.mask(over: block.table(of: keepColumns, file: fileName)) }
    let changed = slots[worker].collector?.take(block, file: Int32(file), mask: mask) ?? []
    if slots[worker].collector?.isTroubled != false { slots[worker].isTroubled = true }
    if !changed.isEmpty {
      // A filter on ids sees them as they are read, and rows are counted over all files.
      let filtersIDs = keepColumns.contains { $0.position == idColumn }
      if filtersIDs || source.paths.count > 1 { slots[worker].isTroubled = true }
      slots[worker].changes += changed.map {
        Change(row: block.firstRow + $0.row, value: $0.value, clean: $0.clean)
      }
    }
    if let spool {
      addLines(of: block, changed: changed, worker: worker, to: spool)
    } else if changed.isEmpty, !block.hasQuotes, !block.hasReturns {
      slots[worker].runs.add(block, file: Int32(file))
    } else {
      slots[worker].runs.breakOff()
    }
  }

  /// The runs found, joined; `nil` where sorting is needed.
  var runs: [AscendingRun]? { AscendingRuns.joined(slots.map(\.runs)) }

  /// SHA-256 of the file's bytes, where there is one file.
  var fileDigest: String? { needsFileDigest ? fileStream.finished.hex : nil }

  private func addLines(of block: CellBlock, changed: [FrameCollector.ChangedID], worker: Int, to spool: RowSpool) {
    let standsAsItIs = linesStand && !block.hasQuotes && !block.hasReturns
    var next = 0
    block.withCells { cells in
      for row in 0..<cells.rowCount {
        let id = cells.cell(row, idColumn)
        if next < changed.count, changed[next].row == row {
          var clean = changed[next].clean
          clean.withUTF8 { addLine(cells, row, id: $0, worker: worker, to: spool) }
          next += 1
        } else if standsAsItIs {
          spool.add(id: id, line: cells.lineBytes(row), isQuoted: false, worker: worker)
        } else {
          addLine(cells, row, id: id, worker: worker, to: spool)
        }
      }
    }
  }

  /// Adds a line made of its cells.
  private func addLine(
    _ cells: CellView,
    _ row: Int,
    id: UnsafeBufferPointer<UInt8>,
    worker: Int,
    to spool: RowSpool
  ) {
    slots[worker].line.removeAll(keepingCapacity: true)
    appendCanonicalField(id, to: &slots[worker].line)
    let isQuoted = slots[worker].line.count != id.count
    for column in 0..<cells.columnCount where column != idColumn {
      slots[worker].line.append(UInt8(ascii: ","))
      appendCanonicalField(cells.cell(row, column), to: &slots[worker].line)
    }
    slots[worker].line.append(UInt8(ascii: "\n"))
    slots[worker].line.withUnsafeBufferPointer { spool.add(id: id, line: $0, isQuoted: isQuoted, worker: worker) }
  }

  private func hashBegin(of path: String, count: Int) -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(file, $0.baseAddress.map { $0 + done }, count - done, off_t(done))
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return false }
      done += got
    }
    fileStream.update(bytes)
    return true
  }

  private func fileSize(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
