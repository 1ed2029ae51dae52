import SurveyEstimation
import SurveyReporting
import Testing

/// A generator of 64-bit numbers with a seed (Knuth's constants), so that the tables are always the same.
private struct Numbers {
  var state: UInt64
  mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }
  /// Many small counts, some empty.
  mutating func count() -> Int { below(3) == 0 ? below(8) : below(60) }
}

@Suite("withheld cells cannot be worked out")
struct DisclosureTests {
  @Test("in 400 random two-way tables with margins, the bounds of every small cell leave room")
  func twoWay() {
    var numbers = Numbers(state: 20_180_801)
    var exposedBefore = 0
    for _ in 0..<400 {
      let cells = twoWayTable(&numbers)
      let small = cells.counts.indices.filter { (1..<5).contains(cells.counts[$0]) }
      exposedBefore += check(Attack(cells, Set(small)), small, isSafe: false)
      let hidden = cells.withheld(below: 5)
      #expect(hidden.isSuperset(of: small))
      #expect(cells.sums.allSatisfy { cells.isSafe($0, hidden, 5) })
      _ = check(Attack(cells, hidden), small, isSafe: true)
    }
    // The intruder is no paper tiger: without partners he finds many.
    #expect(exposedBefore > 400)
  }

  @Test("and in leagues, counties and classes together")
  func hierarchy() {
    var numbers = Numbers(state: 7)
    for _ in 0..<60 {
      var estimates: [Estimate] = []
      var counts: [[DomainValue]: Int] = [:]
      for league in 1...(2 + numbers.below(3)) {
        for county in 1...(1 + numbers.below(4)) {
          for level in ["A", "B"] {
            let count = numbers.count()
            let (l, c) = (DomainValue("league", "150\(league)00"), DomainValue("county", "150\(league)2\(county)"))
            let k = DomainValue("class", level)
            for domain in [[], [l], [c], [k], [l, k], [c, k]] { counts[domain, default: 0] += count }
          }
        }
      }
      for (domain, count) in counts.sorted(by: { "\($0.key)" < "\($1.key)" }) {
        estimates.append(estimate(domain, count))
      }
      let withheld = WithheldEstimates(estimates, below: 5)
      #expect(withheld.estimates.allSatisfy { $0.isWithheld || $0.unweightedCount == 0 || $0.unweightedCount >= 5 })
      #expect(withheld.estimates.filter(\.isWithheld).allSatisfy { $0.unweightedCount == 0 && $0.estimate == nil })
      let places = Dictionary(uniqueKeysWithValues: estimates.indices.map { (estimates[$0].domain, $0) })
      let cells = AdditiveCells(counts: estimates.map(\.unweightedCount), sums: honestSums(estimates, places))
      let hidden = Set(withheld.estimates.indices.filter { withheld.estimates[$0].isWithheld })
      let small = estimates.indices.filter { (1..<5).contains(estimates[$0].unweightedCount) }
      _ = check(Attack(cells, hidden), small, isSafe: true)
    }
  }

  @Test("a bridge between two blocks is found: two withheld in each row and column are not enough")
  func bridge() {
    // Rows and columns 0, 1 form a block, 2 and 3 another, and (1, 2) joins them.
    let pattern = [[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1], [0, 0, 1, 1]]
    let counts = pattern.map { $0.map { $0 == 1 ? 3 : 40 } }
    let cells = additive(counts)
    let blocks = Set(cells.counts.indices.filter { (1..<5).contains(cells.counts[$0]) })
    #expect(cells.sums.allSatisfy { cells.isSafe($0, blocks, 5) })
    #expect(cells.determined(blocks) == [1 * 4 + 2])
    #expect(cells.determined(cells.withheld(below: 5)).isDisjoint(with: blocks))
  }

  @Test("nothing is withheld without a small cell, and nothing below a threshold of one")
  func nothing() {
    let cells = additive([[9, 8], [0, 7]])
    #expect(cells.withheld(below: 5).isEmpty)
    #expect(additive([[1, 8], [2, 7]]).withheld(below: 1).isEmpty)
  }

  @Test("counties lie in leagues by their codes, by crossed domains, or by what is said; names alone show nothing")
  func nestings() {
    let league = ["150100", "150200"].map { [DomainValue("league", $0)] }
    let county = ["150102", "150121", "150202"].map { [DomainValue("county", $0)] }
    let found = Nesting.found(in: league + county)
    #expect(found.count == 1 && found.first?.variable == "county" && found.first?.parents["150121"] == "150100")
    let names = [("a", "x"), ("b", "x"), ("c", "y")].map { [DomainValue("n", $0.0), DomainValue("m", $0.1)] }
    #expect(Nesting.found(in: names).first?.parents == ["a": "x", "b": "x", "c": "y"])
    #expect(Nesting.found(in: names.flatMap { [[$0[0]], [$0[1]]] }).isEmpty)
  }

  // MARK: tables

  private func twoWayTable(_ numbers: inout Numbers) -> AdditiveCells {
    let (height, width) = (2 + numbers.below(4), 2 + numbers.below(4))
    return additive((0..<height).map { _ in (0..<width).map { _ in numbers.count() } })
  }

  /// Cells row by row, then the rows' totals, the columns' and the whole.
  private func additive(_ counts: [[Int]]) -> AdditiveCells {
    let (height, width) = (counts.count, counts[0].count)
    let rows = counts.map { $0.reduce(0, +) }
    let columns = (0..<width).map { column in counts.reduce(0) { $0 + $1[column] } }
    let start = height * width
    var sums = (0..<height).map { row in
      AdditiveCells.Sum(whole: start + row, parts: (0..<width).map { row * width + $0 })
    }
    sums += (0..<width).map { column in
      AdditiveCells.Sum(whole: start + height + column, parts: (0..<height).map { $0 * width + column })
    }
    let whole = start + height + width
    sums.append(AdditiveCells.Sum(whole: whole, parts: (0..<height).map { start + $0 }))
    sums.append(AdditiveCells.Sum(whole: whole, parts: (0..<width).map { start + height + $0 }))
    return AdditiveCells(counts: counts.flatMap { $0 } + rows + columns + [rows.reduce(0, +)], sums: sums)
  }

  private func estimate(_ domain: [DomainValue], _ count: Int) -> Estimate {
    var own = Estimate(unanswered: "rate", domain: domain, unweightedCount: count, weightedCount: Double(count) * 3)
    own.estimate = 0.5
    return own
  }

  /// What an intruder with a list of counties knows: written out anew, not taken from the code under test.
  private func honestSums(_ estimates: [Estimate], _ places: [[DomainValue]: Int]) -> [AdditiveCells.Sum] {
    var sums: [AdditiveCells.Sum] = []
    func value(_ domain: [DomainValue], _ name: String) -> String? { domain.first { $0.variable == name }?.value }
    for (place, estimate) in estimates.enumerated() {
      let own = estimate.domain
      func parts(_ isPart: ([DomainValue]) -> Bool) -> [Int] {
        places.filter { isPart($0.key) }.map(\.value).sorted()
      }
      let (league, county, level) = (value(own, "league"), value(own, "county"), value(own, "class"))
      if level == nil {
        let byClass = parts {
          value($0, "class") != nil && value($0, "league") == league && value($0, "county") == county
        }
        sums.append(AdditiveCells.Sum(whole: place, parts: byClass))
      }
      if county == nil {
        let byCounty = parts { domain in
          guard let code = value(domain, "county"), value(domain, "class") == level else { return false }
          return league.map { code.hasPrefix($0.prefix(4)) } ?? true
        }
        sums.append(AdditiveCells.Sum(whole: place, parts: byCounty))
        if league == nil {
          sums.append(
            AdditiveCells.Sum(whole: place, parts: parts { value($0, "league") != nil && value($0, "class") == level })
          )
        }
      }
    }
    return sums
  }

  /// How many small cells the intruder pins down; with `isSafe` each is a failure.
  private func check(_ attack: Attack, _ small: [Int], isSafe: Bool) -> Int {
    var exposed = 0
    for cell in small {
      let (least, most) = attack.bounds(of: cell)
      let count = Double(attack.cells.counts[cell])
      #expect(least <= count + 1e-6 && most >= count - 1e-6, "the truth lies within the bounds")
      if most - least < 0.5 { exposed += 1 }
      if isSafe { #expect(most - least > 0.5, "cell \(cell) of \(attack.cells.counts): \(least) to \(most)") }
    }
    return exposed
  }
}

/// An intruder who knows every sum and every cell that is shown, and that counts are not negative.
private struct Attack {
  let cells: AdditiveCells
  private let unknowns: [Int]
  private let rows: [[Double]]
  private let values: [Double]

  init(_ cells: AdditiveCells, _ hidden: Set<Int>) {
    self.cells = cells
    unknowns = hidden.sorted()
    var rows: [[Double]] = []
    var values: [Double] = []
    for sum in cells.sums {
      var row = [Double](repeating: 0, count: unknowns.count)
      var value = 0.0
      for (cell, sign) in sum.parts.map({ ($0, 1.0) }) + [(sum.whole, -1.0)] {
        if let place = unknowns.firstIndex(of: cell) {
          row[place] += sign
        } else {
          value -= sign * Double(cells.counts[cell])
        }
      }
      guard row.contains(where: { $0 != 0 }) else { continue }
      rows.append(value < 0 ? row.map { -$0 } : row)
      values.append(abs(value))
    }
    self.rows = rows
    self.values = values
  }

  /// The least and the most that a cell can hold, by linear programming.
  func bounds(of cell: Int) -> (least: Double, most: Double) {
    guard let place = unknowns.firstIndex(of: cell) else {
      return (Double(cells.counts[cell]), Double(cells.counts[cell]))
    }
    return (-maximum(of: place, sign: -1), maximum(of: place, sign: 1))
  }

  /// The simplex method in two phases with Bland's rule: max sign · x(place), rows · x = values, x ≥ 0.
  private func maximum(of place: Int, sign: Double) -> Double {
    let (count, height) = (unknowns.count, rows.count)
    var table = rows.indices.map { row in
      rows[row] + (0..<height).map { $0 == row ? 1.0 : 0 } + [values[row]]
    }
    var basis = (0..<height).map { count + $0 }
    let width = count + height
    func pivot(_ row: Int, _ column: Int) {
      let factor = table[row][column]
      table[row] = table[row].map { $0 / factor }
      for other in table.indices where other != row && table[other][column] != 0 {
        let own = table[other][column]
        for index in table[other].indices { table[other][index] -= own * table[row][index] }
      }
      basis[row] = column
    }
    func run(_ gain: [Double], _ columns: Range<Int>) -> Double? {
      while true {
        let entering = columns.first { column in
          gain[column] - basis.indices.reduce(0) { $0 + gain[basis[$1]] * table[$1][column] } > 1e-9
        }
        guard let entering else { return basis.indices.reduce(0) { $0 + gain[basis[$1]] * table[$1][width] } }
        let rows = table.indices.filter { table[$0][entering] > 1e-9 }
        guard
          let leaving = rows.min(by: {
            let (one, other) = (table[$0][width] / table[$0][entering], table[$1][width] / table[$1][entering])
            return abs(one - other) > 1e-12 ? one < other : basis[$0] < basis[$1]
          })
        else { return nil }
        pivot(leaving, entering)
      }
    }
    let artificial = (0..<width).map { $0 < count ? 0.0 : -1 }
    _ = run(artificial, 0..<width)
    for row in table.indices where basis[row] >= count {
      if let column = (0..<count).first(where: { abs(table[row][$0]) > 1e-9 }) { pivot(row, column) }
    }
    var gain = [Double](repeating: 0, count: width)
    gain[place] = sign
    return run(gain, 0..<count) ?? .infinity
  }
}
