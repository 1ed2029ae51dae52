/// The rows of ``SubsetRow`` for the units i, i+1, …, M−1 of a list, for every i, read with i rising.
///
/// Whole tables of M · n numbers would not fit into memory for long lists: rows at block ends are kept and
/// the rows of one block are worked out again when it is entered, which gives the same bits.
/// Complexity: O(M · n) operations, twice for long lists; memory O(√M · n).
struct SuffixSums: Sendable {
  let p: [Double]
  let q: [Double]
  /// One mark a unit; empty where no marks are summed.
  let marks: [Double]
  /// Where a row adds a whole group instead of a unit: one group a row; else empty.
  private let groups: [GroupPolynomial]
  let limit: Int
  private let blockLength: Int
  /// Rows at the ends of the blocks, by block.
  private var ends: [SubsetRow] = []
  private var loaded = -1
  private var counts: [Double]
  private var marked: [Double]
  private var windows: [SubsetWindow]

  private static let wholeTableAtMost = 1 << 21

  /// - Parameters:
  ///   - p: a unit's weight in a subset.
  ///   - q: its weight out of it.
  ///   - marks: one a unit; empty where none are summed.
  ///   - limit: the largest number of units that is asked for.
  init(p: [Double], q: [Double], marks: [Double] = [], limit: Int) {
    self.init(p: p, q: q, marks: marks, groups: [], limit: limit)
  }

  /// Rows that add a group of equal units each, with marks.
  init(groups: [GroupPolynomial], limit: Int) {
    self.init(p: [], q: [], marks: groups.map(\.mark), groups: groups, limit: limit)
  }

  private init(p: [Double], q: [Double], marks: [Double], groups: [GroupPolynomial], limit: Int) {
    self.p = p
    self.q = q
    self.marks = marks
    self.groups = groups
    self.limit = limit
    let units = max(p.count, groups.count)
    var length = max(1, units)
    if (units + 1) * (limit + 1) > SuffixSums.wholeTableAtMost {
      length = 1
      while length * length < units { length += 1 }
    }
    blockLength = length
    let size = (length + 1) * (limit + 1)
    counts = [Double](repeating: 0, count: size)
    marked = [Double](repeating: 0, count: marks.isEmpty ? 0 : size)
    windows = [SubsetWindow](repeating: SubsetWindow(first: 0, last: 0), count: length + 1)
    var row = SubsetRow(limit: limit, hasMarks: !marks.isEmpty)
    let blocks = max(1, (units + length - 1) / length)
    ends = [SubsetRow](repeating: row, count: blocks)
    var unit = units - 1
    for block in stride(from: blocks - 1, to: 0, by: -1) {
      ends[block] = row
      while unit >= block * length {
        if groups.isEmpty {
          row.add(p[unit], q[unit], mark: marks.isEmpty ? 0 : marks[unit])
        } else {
          row.add(groups[unit])
        }
        unit -= 1
      }
    }
    ends[0] = row
  }

  /// The sum over the k-subsets of the units from `unit` on; `marked` with each subset's marks.
  mutating func values(from unit: Int, _ k: Int) -> (count: Double, marked: Double) {
    let row = enter(unit)
    if !windows[row].holds(k) { return (0, 0) }
    let place = row * (limit + 1) + k
    return (counts[place], marks.isEmpty ? 0 : marked[place])
  }

  /// Calls a function with the row of the units from `unit` on.
  mutating func withRow<Result>(
    from unit: Int,
    _ body: (UnsafePointer<Double>, UnsafePointer<Double>?, SubsetWindow) -> Result?
  ) -> Result? {
    let row = enter(unit)
    let offset = row * (limit + 1)
    return counts.withUnsafeBufferPointer { counts in
      marked.withUnsafeBufferPointer { marked in
        guard let base = counts.baseAddress else { return nil }
        return body(base + offset, marks.isEmpty ? nil : marked.baseAddress.map { $0 + offset }, windows[row])
      }
    }
  }

  /// Loads the block that holds a row and says which row of the block it is.
  private mutating func enter(_ unit: Int) -> Int {
    let block = min(unit / blockLength, ends.count - 1)
    if block != loaded { load(block) }
    return unit - block * blockLength
  }

  private mutating func load(_ block: Int) {
    loaded = block
    let begin = block * blockLength
    let end = min(begin + blockLength, max(p.count, groups.count))
    let width = limit + 1
    let last = end - begin
    let row = ends[block]
    windows[last] = row.window
    if !row.window.isEmpty {
      for k in row.window.first...row.window.last {
        counts[last * width + k] = row.counts[k]
        if !marks.isEmpty { marked[last * width + k] = row.marked[k] }
      }
    }
    for unit in stride(from: end - 1, through: begin, by: -1) { step(unit, row: unit - begin) }
  }

  private mutating func step(_ unit: Int, row: Int) {
    let width = limit + 1
    let old = windows[row + 1]
    var window = old.grown(to: limit)
    counts.withUnsafeMutableBufferPointer { counts in
      marked.withUnsafeMutableBufferPointer { marked in
        guard let base = counts.baseAddress else { return }
        let source = base + (row + 1) * width
        let target = base + row * width
        let markBase = marks.isEmpty ? nil : marked.baseAddress
        let markSource = markBase.map { $0 + (row + 1) * width }
        let markTarget = markBase.map { $0 + row * width }
        if !groups.isEmpty {
          window = addGroup(groups[unit], source, markSource.map { UnsafePointer($0) }, target, markTarget, old, limit)
        } else {
          addCounts(source, target, old, limit, p[unit], q[unit])
          if let markSource, let markTarget {
            addMarked(source, markSource, markTarget, old, limit, p[unit], q[unit], marks[unit])
          }
        }
        func isEmpty(_ k: Int) -> Bool {
          target[k] == 0 && (markTarget.map { $0[k] == 0 } ?? true)
        }
        while window.first <= window.last, isEmpty(window.first) { window.first += 1 }
        while window.last >= window.first, isEmpty(window.last) { window.last -= 1 }
      }
    }
    windows[row] = window
  }
}
