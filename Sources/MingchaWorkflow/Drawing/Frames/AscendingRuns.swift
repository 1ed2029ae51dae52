internal import Glibc
internal import SampleDrawing
internal import SurveyData

/// A stretch of a file in which ids ascend strictly and every line is as it stands in the canonical frame.
struct AscendingRun: Sendable {
  var file: Int32
  /// Its first byte, and the byte behind its last line feed.
  var start: Int
  var end: Int
  var first: [UInt8]
  var last: [UInt8]
}

/// The runs that one worker finds, block by block.
struct AscendingRuns: Sendable {
  /// More runs than this are cheaper to sort than to merge.
  static let most = 256

  private(set) var runs: [AscendingRun] = []
  /// The order is too broken, or an id stands twice in a row.
  private(set) var isBroken = false

  /// Adds the runs of a block whose records are canonical lines with the id in front.
  mutating func add(_ block: CellBlock, file: Int32) {
    if isBroken { return }
    block.withCells { cells in
      var begin = 0
      var beforeHead: UInt64 = 0
      for row in 0..<cells.rowCount {
        let id = cells.cell(row, 0)
        let head = leadingBytes(of: id)
        if row > 0, head <= beforeHead, !(head == beforeHead && precedes(cells.cell(row - 1, 0), id)) {
          close(block, cells, begin, row, file: file)
          if isBroken { return }
          begin = row
        }
        beforeHead = head
      }
      close(block, cells, begin, cells.rowCount, file: file)
    }
  }

  /// A block has lines that do not stand as they are.
  mutating func breakOff() { isBroken = true }

  private mutating func close(_ block: CellBlock, _ cells: CellView, _ begin: Int, _ end: Int, file: Int32) {
    if begin == end { return }
    let last = cells.record(end - 1)
    runs.append(
      AscendingRun(
        file: file,
        start: block.fileOffset + cells.record(begin).start,
        end: block.fileOffset + last.start + last.count + 1,
        first: Array(cells.cell(begin, 0)),
        last: Array(cells.cell(end - 1, 0))
      )
    )
    // Most runs begin and end at a block's edge and are joined later.
    if runs.count > 64 * AscendingRuns.most { isBroken = true }
  }

  /// The runs of all workers, those that continue each other joined; `nil` where there are too many.
  static func joined(_ workers: [AscendingRuns]) -> [AscendingRun]? {
    if workers.contains(where: \.isBroken) { return nil }
    let all = workers.flatMap(\.runs).sorted { ($0.file, $0.start) < ($1.file, $1.start) }
    var joined = [AscendingRun]()
    for run in all {
      if let before = joined.last, before.file == run.file, before.end == run.start,
        before.last.lexicographicallyPrecedes(run.first)
      {
        joined[joined.count - 1].end = run.end
        joined[joined.count - 1].last = run.last
      } else {
        joined.append(run)
        if joined.count > most { return nil }
      }
    }
    return joined
  }
}

/// Whether one id stands before another in the order of bytes.
func precedes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
  guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return left.count < right.count }
  let order = memcmp(leftBase, rightBase, min(left.count, right.count))
  return order == 0 ? left.count < right.count : order < 0
}
