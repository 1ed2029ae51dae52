/// The random walk from inclusion probabilities to a sample that keeps totals: flight and landing.
///
/// Every step goes along a direction that changes none of the kept totals, until a unit of the window is
/// taken or left out; the mean of each probability stays what it was, so inclusion probabilities are exact.
/// Source: Deville and Tillé (2004), Chauvet and Tillé (2006); annex-balanced, sections 2 and 3.
struct BalancedWalk: Sendable {
  /// The balancing columns, y/λ over the column's scale: unit by unit.
  private let balance: [Double]
  private let columnCount: Int
  /// The stratum of every unit; units of one stratum stand together.
  private let strata: [Int32]
  /// 0 and 1 are decided.
  private(set) var probabilities: [Double]
  private var stream: UniformStream
  private var direction = NullVector()

  /// - Parameters:
  ///   - units: what is balanced, in the order in which the walk meets it.
  ///   - stream: the numbers it uses, one a step.
  init(_ units: BalancedUnits, stream: UniformStream) {
    balance = units.balance
    columnCount = units.columnCount
    strata = units.strata
    probabilities = units.probabilities
    self.stream = stream
  }

  func isUndecided(_ unit: Int) -> Bool { probabilities[unit] > 0 && probabilities[unit] < 1 }

  /// Walks over some units until no direction is left.
  /// - Parameters:
  ///   - units: places of units, strata together.
  ///   - landing: gives up the columns from the last one on, so that at most one unit a stratum stays
  ///     undecided.
  /// - Returns: the units still undecided.
  mutating func walk(over units: some Sequence<Int>, landing: Bool) -> [Int] {
    var waiting = units.filter { isUndecided($0) }
    var next = 0
    var kept = columnCount
    var window = [Int]()
    while true {
      var stratumCount = countStrata(window)
      while window.count <= stratumCount + kept, next < waiting.count {
        let unit = waiting[next]
        if window.last.map({ strata[$0] != strata[unit] }) ?? true { stratumCount += 1 }
        window.append(unit)
        next += 1
      }
      if window.isEmpty { return [] }
      fillMatrix(window, stratumCount: stratumCount, kept: kept)
      if direction.solve() {
        step(window)
        window.removeAll { !isUndecided($0) }
      } else if landing, kept > 0 {
        kept -= 1
        waiting = window + waiting[next...]
        window = []
        next = 0
      } else {
        return window
      }
    }
  }

  private func countStrata(_ window: [Int]) -> Int {
    var count = 0
    for (place, unit) in window.enumerated() where place == 0 || strata[window[place - 1]] != strata[unit] {
      count += 1
    }
    return count
  }

  private mutating func fillMatrix(_ window: [Int], stratumCount: Int, kept: Int) {
    direction.begin(rows: stratumCount + kept, columns: window.count)
    var row = -1
    for (column, unit) in window.enumerated() {
      if column == 0 || strata[window[column - 1]] != strata[unit] { row += 1 }
      direction.set(1, row: row, column: column)
      for variable in 0..<kept {
        direction.set(balance[unit * columnCount + variable], row: stratumCount + variable, column: column)
      }
    }
  }

  /// Moves the window's probabilities one way or the other until one of them is 0 or 1.
  private mutating func step(_ window: [Int]) {
    var up = (length: Double.infinity, place: -1)
    var down = (length: Double.infinity, place: -1)
    for (place, unit) in window.enumerated() {
      let slope = direction.values[place]
      if slope == 0 { continue }
      let toOne = (1 - probabilities[unit]) / abs(slope)
      let toZero = probabilities[unit] / abs(slope)
      let upward = slope > 0 ? toOne : toZero
      let downward = slope > 0 ? toZero : toOne
      if upward < up.length { up = (upward, place) }
      if downward < down.length { down = (downward, place) }
    }
    let goesUp = stream.next() * (up.length + down.length) < down.length
    let length = goesUp ? up.length : -down.length
    let first = goesUp ? up.place : down.place
    for (place, unit) in window.enumerated() {
      var probability = probabilities[unit] + length * direction.values[place]
      if place == first { probability = (direction.values[place] > 0) == goesUp ? 1 : 0 }
      if probability < NullVector.tolerance { probability = 0 }
      if probability > 1 - NullVector.tolerance { probability = 1 }
      probabilities[unit] = probability
    }
  }
}
