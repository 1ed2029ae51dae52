/// Sums over the subsets of some units, by the number of units in the subset.
///
/// For k = 0…limit: `counts[k]` is the sum over all k-subsets of Π p over its units times Π q over the others;
/// `marked[k]` the same with each subset's product times the sum of its units' marks. With p + q = 1 the
/// counts are the probabilities of a sum of independent indicators. Values below 2^−200 are 0 (annex §5), and
/// outside `first…last` everything is 0.
struct SubsetRow: Sendable {
  private(set) var counts: [Double]
  private(set) var marked: [Double]
  private(set) var window: SubsetWindow
  private var spareCounts: [Double]
  private var spareMarked: [Double]
  private let hasMarks: Bool

  /// No unit yet: the empty subset has the product 1.
  init(limit: Int, hasMarks: Bool) {
    self.hasMarks = hasMarks
    counts = [Double](repeating: 0, count: limit + 1)
    counts[0] = 1
    marked = [Double](repeating: 0, count: hasMarks ? limit + 1 : 0)
    spareCounts = [Double](repeating: 0, count: limit + 1)
    spareMarked = marked
    window = SubsetWindow(first: 0, last: 0)
  }

  /// The largest number of units counted.
  var limit: Int { counts.count - 1 }

  /// Adds a unit that is in a subset with weight p, out of it with weight q.
  mutating func add(_ p: Double, _ q: Double, mark: Double = 0) {
    let limit = limit
    let old = window
    counts.withUnsafeBufferPointer { from in
      spareCounts.withUnsafeMutableBufferPointer { to in
        guard let source = from.baseAddress, let target = to.baseAddress else { return }
        addCounts(source, target, old, limit, p, q)
      }
    }
    if hasMarks {
      counts.withUnsafeBufferPointer { from in
        marked.withUnsafeBufferPointer { fromMarked in
          spareMarked.withUnsafeMutableBufferPointer { to in
            guard let source = from.baseAddress, let marks = fromMarked.baseAddress,
              let target = to.baseAddress
            else { return }
            addMarked(source, marks, target, old, limit, p, q, mark)
          }
        }
      }
    }
    swap(&counts, &spareCounts)
    swap(&marked, &spareMarked)
    window = old.grown(to: limit)
    trim()
  }

  /// Adds units one after the other, with the bits of adding each by itself.
  mutating func add(_ p: [Double], _ q: [Double], marks: [Double]) {
    let limit = limit
    var window = window
    counts.withUnsafeMutableBufferPointer { counts in
      marked.withUnsafeMutableBufferPointer { marked in
        guard let base = counts.baseAddress else { return }
        let markBase = hasMarks ? marked.baseAddress : nil
        for unit in p.indices where !window.isEmpty {
          if let markBase { addMarkedInPlace(base, markBase, window, limit, p[unit], q[unit], marks[unit]) }
          addCountsInPlace(base, window, limit, p[unit], q[unit])
          window = window.grown(to: limit)
          while window.first <= window.last, base[window.first] == 0, markBase?[window.first] ?? 0 == 0 {
            window.first += 1
          }
          while window.last >= window.first, base[window.last] == 0, markBase?[window.last] ?? 0 == 0 {
            window.last -= 1
          }
        }
      }
    }
    self.window = window
  }

  /// Adds several units of the same weights at once.
  mutating func add(_ group: GroupPolynomial) {
    let limit = limit
    let old = window
    var grown = old
    counts.withUnsafeBufferPointer { from in
      marked.withUnsafeBufferPointer { fromMarked in
        spareCounts.withUnsafeMutableBufferPointer { to in
          spareMarked.withUnsafeMutableBufferPointer { toMarked in
            guard let source = from.baseAddress, let target = to.baseAddress else { return }
            grown = addGroup(
              group,
              source,
              hasMarks ? fromMarked.baseAddress : nil,
              target,
              hasMarks ? toMarked.baseAddress : nil,
              old,
              limit
            )
          }
        }
      }
    }
    swap(&counts, &spareCounts)
    swap(&marked, &spareMarked)
    window = grown
    trim()
  }

  private mutating func trim() {
    func isEmpty(_ k: Int) -> Bool { counts[k] == 0 && (!hasMarks || marked[k] == 0) }
    while window.first <= window.last, isEmpty(window.first) { window.first += 1 }
    while window.last >= window.first, isEmpty(window.last) { window.last -= 1 }
  }

  /// The value of a row outside of which everything is 0.
  func count(_ k: Int) -> Double { window.holds(k) ? counts[k] : 0 }

  /// The marked value at a number of units.
  func markedSum(_ k: Int) -> Double { window.holds(k) ? marked[k] : 0 }
}

/// The numbers of units, both ends included, between which a row has values above 0.
struct SubsetWindow: Sendable {
  var first: Int
  var last: Int

  func holds(_ k: Int) -> Bool { k >= first && k <= last }

  var isEmpty: Bool { first > last }

  /// The window after one more unit.
  func grown(to limit: Int) -> SubsetWindow {
    isEmpty ? self : SubsetWindow(first: first, last: min(last + 1, limit))
  }
}

/// Below this a value is left out: 2^−200.
private let cut = 0x1p-200

/// Formula: target(k) = q · source(k) + p · source(k − 1), in this order, then cut.
func addCounts(
  _ source: UnsafePointer<Double>,
  _ target: UnsafeMutablePointer<Double>,
  _ window: SubsetWindow,
  _ limit: Int,
  _ p: Double,
  _ q: Double
) {
  if window.isEmpty { return }
  target[window.first] = kept(q * source[window.first])
  var k = window.first + 1
  while k <= window.last {
    target[k] = kept(q * source[k] + p * source[k - 1])
    k += 1
  }
  if window.last < limit { target[window.last + 1] = kept(p * source[window.last]) }
}

/// Formula: target(k) = q · marks(k) + p · (marks(k − 1) + mark · source(k − 1)), in this order, then cut.
func addMarked(
  _ source: UnsafePointer<Double>,
  _ marks: UnsafePointer<Double>,
  _ target: UnsafeMutablePointer<Double>,
  _ window: SubsetWindow,
  _ limit: Int,
  _ p: Double,
  _ q: Double,
  _ mark: Double
) {
  if window.isEmpty { return }
  target[window.first] = kept(q * marks[window.first])
  var k = window.first + 1
  while k <= window.last {
    target[k] = kept(q * marks[k] + p * (marks[k - 1] + mark * source[k - 1]))
    k += 1
  }
  let last = window.last
  if last < limit { target[last + 1] = kept(p * (marks[last] + mark * source[last])) }
}

/// As ``addCounts(_:_:_:_:_:_:)`` within one row, from the largest number down.
private func addCountsInPlace(
  _ row: UnsafeMutablePointer<Double>,
  _ window: SubsetWindow,
  _ limit: Int,
  _ p: Double,
  _ q: Double
) {
  if window.last < limit { row[window.last + 1] = kept(p * row[window.last]) }
  var k = window.last
  while k > window.first {
    row[k] = kept(q * row[k] + p * row[k - 1])
    k -= 1
  }
  row[window.first] = kept(q * row[window.first])
}

/// As ``addMarked(_:_:_:_:_:_:_:_:)`` within one row of marks, the counts being those before the unit.
private func addMarkedInPlace(
  _ counts: UnsafeMutablePointer<Double>,
  _ row: UnsafeMutablePointer<Double>,
  _ window: SubsetWindow,
  _ limit: Int,
  _ p: Double,
  _ q: Double,
  _ mark: Double
) {
  let last = window.last
  if last < limit { row[last + 1] = kept(p * (row[last] + mark * counts[last])) }
  var k = last
  while k > window.first {
    row[k] = kept(q * row[k] + p * (row[k - 1] + mark * counts[k - 1]))
    k -= 1
  }
  row[window.first] = kept(q * row[window.first])
}

private func kept(_ value: Double) -> Double { value < cut ? 0 : value }

/// The sum over i of one row at i times another at `total` − i, i rising.
func convolved(
  _ left: UnsafePointer<Double>,
  _ leftWindow: SubsetWindow,
  _ right: UnsafePointer<Double>,
  _ rightWindow: SubsetWindow,
  at total: Int
) -> Double {
  var sum = 0.0
  var i = max(leftWindow.first, total - rightWindow.last)
  let last = min(leftWindow.last, total - rightWindow.first)
  while i <= last {
    sum += left[i] * right[total - i]
    i += 1
  }
  return sum
}
