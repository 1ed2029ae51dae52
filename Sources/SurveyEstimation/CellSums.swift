internal import StatisticalFunctions

/// Exact sums by cell, allocated when the first number arrives.
struct CellSums: Sendable {
  private(set) var sums: [ExactSum] = []

  /// The sum of a cell; zero where nothing was added.
  subscript(cell: Int) -> ExactSum { cell < sums.count ? sums[cell] : ExactSum() }

  @inline(__always)
  mutating func add(_ value: Double, at cell: Int) {
    if cell >= sums.count { grow(to: cell + 1) }
    sums[cell].add(value)
  }

  /// Adds a number several times.
  @inline(__always)
  mutating func add(_ value: Double, times count: Int, at cell: Int) {
    if cell >= sums.count { grow(to: cell + 1) }
    sums[cell].add(value, times: count)
  }

  /// Adds a product without rounding it, so that sums of squares that cancel in theory cancel here.
  ///
  /// Source: Dekker (1971), the error of a product.
  @inline(__always)
  mutating func addProduct(_ left: Double, _ right: Double, times count: Int = 1, at cell: Int) {
    let product = left * right
    add(product, times: count, at: cell)
    let error = (-product).addingProduct(left, right)
    if error != 0, error.isFinite { sums[cell].add(error, times: count) }
  }

  @inline(never)
  private mutating func grow(to count: Int) {
    // Only when it is full: asked for at every new cell, the room would double each time.
    if count > sums.capacity { sums.reserveCapacity(max(count, 2 * sums.capacity)) }
    while sums.count < count { sums.append(ExactSum()) }
  }

  /// Takes in the sums of another accumulator, whose cells are here at `places`.
  mutating func merge(_ other: CellSums, places: [Int32]) {
    guard !other.sums.isEmpty else { return }
    for (cell, sum) in other.sums.enumerated() {
      let place = Int(places[cell])
      if place >= sums.count { grow(to: place + 1) }
      sums[place].add(sum)
    }
  }
}

/// Numbers of rows by cell.
struct CellCounts: Sendable {
  private(set) var counts: [Int] = []

  subscript(cell: Int) -> Int { cell < counts.count ? counts[cell] : 0 }

  @inline(__always)
  mutating func add(_ count: Int, at cell: Int) {
    if cell >= counts.count { grow(to: cell + 1) }
    counts[cell] += count
  }

  @inline(never)
  private mutating func grow(to count: Int) {
    counts.append(contentsOf: repeatElement(0, count: max(count, 2 * counts.count) - counts.count))
  }

  mutating func merge(_ other: CellCounts, places: [Int32]) {
    for (cell, count) in other.counts.enumerated() where count != 0 { add(count, at: Int(places[cell])) }
  }
}
