import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

// What must hold of every method of the list, on random frames. Python repeats such frames unit by unit
// (Notebooks/agree.py); here stands what follows from the protocol without any second computation.

private let allNames = SelectionMethods.all.map(\.name)
private let fixedSizes = SelectionMethods.all.filter { $0.hasFixedSize && !$0.isWithReplacement }.map(\.name)

@Test("the order of the rows never matters, and a replay is the same draw", arguments: allNames)
func anyOrderOfRows(method: String) throws {
  for number in 0..<25 {
    var dice = Dice(state: UInt64(number))
    let frame = randomFrame(&dice)
    let plan = randomPlan(method, &dice)
    let shuffled = frame.rows(Array(0..<frame.rowCount).shuffled(using: &dice))
    let first = try drawn(plan, frame)
    #expect(try drawn(plan, shuffled) == first)
    #expect(try drawn(plan, frame) == first)
  }
}

@Test("exactly n units are taken for every n from 0 to all, reserves are others", arguments: fixedSizes)
func everySampleSize(method: String) throws {
  let rule = try #require(SelectionMethods.named(method))
  for number in 0..<6 {
    var dice = Dice(state: UInt64(100 + number))
    let frame = randomFrame(&dice, strata: ["甲"])
    let sizes = try frame.column("size").codedText
    let takable = rule.needsSize || rule.takesSize ? sizes.codes.count { sizes.levels[Int($0)] != "0" } : frame.rowCount
    for sample in rule.name == "all" ? [takable] : Array(0...takable) {
      var plan = randomPlan(method, &dice)
      plan.strata = ["h"]
      plan.take = rule.name == "all" ? .all : .count(sample)
      plan.reserves = rule.reserveRule == .none ? 0 : 3
      let cell = try #require(try drawStage(plan, frame: frame, key: key()).cells.first)
      #expect(cell.sampleSize == sample)
      #expect(cell.reserves.count == (rule.reserveRule == .none ? 0 : min(3, takable - sample)))
      #expect(Set(cell.units.map(\.id)).count == cell.units.count)
      #expect(cell.selected.allSatisfy { $0.inclusionProbability > 0 && $0.inclusionProbability <= 1 })
      if sample == takable { #expect(cell.selected.allSatisfy { $0.inclusionProbability == 1 }) }
    }
  }
}

@Test("an added unit moves no other unit of an order by ticket, and no other ticket", arguments: ["all", "srs"])
func addedUnitMovesNone(method: String) throws {
  for number in 0..<40 {
    var dice = Dice(state: UInt64(200 + number))
    let frame = randomFrame(&dice)
    var plan = randomPlan(method, &dice)
    plan.take = .all
    plan.reserves = 0
    let added = Int(dice.next() % UInt64(frame.rowCount))
    let fewer = frame.rows((0..<frame.rowCount).filter { $0 != added })
    let newcomer = try #require(frame["id"]?.text(at: added))
    let before = try drawStage(plan, frame: fewer, key: key())
    let after = try drawStage(plan, frame: frame, key: key())
    let without = after.cells.map { $0.selected.map(\.id).filter { $0 != newcomer } }.filter { !$0.isEmpty }
    #expect(without == before.cells.map { $0.selected.map(\.id) })
    for cell in before.cells {
      for unit in cell.selected { #expect(before.key.ticket(unit.id) == after.key.ticket(unit.id)) }
    }
  }
}

@Test("correcting one row changes at most one unit of its srs stratum and none of the others")
func correctedRow() throws {
  for number in 0..<60 {
    var dice = Dice(state: UInt64(300 + number))
    let frame = randomFrame(&dice)
    var plan = randomPlan("srs", &dice)
    plan.take = .upTo(1 + Int(dice.next() % 6))
    let row = Int(dice.next() % UInt64(frame.rowCount))
    let before = try selectedByStratum(plan, frame)
    // A corrected id, a corrected stratum, and a correction that is no matter of the draw.
    let renamed = try selectedByStratum(plan, frame.correcting("id", at: row, to: "corrected"))
    let moved = try selectedByStratum(plan, frame.correcting("h", at: row, to: "N0"))
    #expect(try selectedByStratum(plan, frame.correcting("x", at: row, to: "77")) == before)
    let own = try #require(frame["h"]?.text(at: row))
    for (changed, strata) in [(renamed, [own]), (moved, [own, "N0"])] {
      for stratum in Set(before.keys).union(changed.keys) {
        let left = before[stratum, default: []].subtracting(changed[stratum, default: []])
        let joined = changed[stratum, default: []].subtracting(before[stratum, default: []])
        if strata.contains(stratum) {
          #expect(left.count <= 1 && joined.count <= 1)
        } else {
          #expect(left.isEmpty && joined.isEmpty)
        }
      }
    }
  }
}

@Test("an srs sample is the head of the next larger one, its reserves are the units that follow, rotated or not")
func headOfTheNext() throws {
  for number in 0..<20 {
    var dice = Dice(state: UInt64(400 + number))
    let frame = randomFrame(&dice, strata: ["甲"])
    var plan = randomPlan("srs", &dice)
    plan.rotation = number % 2 == 0 ? 0 : Double(dice.next() >> 11) * 0x1p-53
    plan.take = .all
    plan.reserves = 0
    let whole = try drawStage(plan, frame: frame, key: key()).cells[0].units.map(\.id)
    for sample in 0...whole.count {
      plan.take = .count(sample)
      plan.reserves = 2
      let cell = try drawStage(plan, frame: frame, key: key()).cells[0]
      #expect(cell.selected.map(\.id) == Array(whole.prefix(sample)))
      #expect(cell.reserves.map(\.id) == Array(whole.dropFirst(sample).prefix(2)))
    }
  }
}

@Test(
  "without certainty units a smaller sample lies within the larger one",
  arguments: ["bernoulli", "poisson", "sequential-poisson"]
)
func nestedSamples(method: String) throws {
  for number in 0..<20 {
    var dice = Dice(state: UInt64(500 + number))
    // Sizes from 10 to 19 of 60 units: no unit is certain up to n = 20.
    let ids = (0..<60).map { "u\($0)" }
    let frame = Table(columns: [
      Column("id", texts: ids), Column("size", texts: ids.map { _ in String(10 + dice.next() % 10) }),
    ])
    var before = Set<String>()
    for sample in 1...20 {
      let take: Take = method == "bernoulli" ? .rate(Double(sample) / 60) : .count(sample)
      let plan = StagePlan(name: "unit", id: "id", method: method, take: take, size: "size")
      let cell = try drawStage(plan, frame: frame, key: key("0011223344556677889900aabbccdd\(10 + number)")).cells[0]
      let now = Set(cell.selected.map(\.id))
      #expect(cell.certaintyCount == 0)
      #expect(before.isSubset(of: now))
      before = now
    }
  }
}

@Test("systematic rules give exactly n different units for all N and n up to 500, equal and by size")
func systematicCounts() {
  var dice = Dice(state: 600)
  for population in 1...500 {
    let sizes = (0..<population).map { _ in dice.next() % 4 == 0 ? 1 + dice.next() % 1000 : 1 + dice.next() % 20 }
    var failures = 0
    for sample in 1...population {
      let start = dice.next() % UInt64(population)
      let places = systematicPlaces(start: start, population: population, sample: sample)
      if places.count != sample || !isRising(places, below: population) { failures += 1 }
      failures += sizedFailures(sizes, sample: sample, dice: dice.next())
    }
    #expect(failures == 0, "N = \(population)")
  }
}

/// 1 where a proportional systematic sample, certainty units first, has not exactly `sample` different units.
private func sizedFailures(_ sizes: [UInt64], sample: Int, dice: UInt64) -> Int {
  var rest = sizes
  var left = sample
  var total = rest.reduce(0, +)
  while left > 0 {
    let bar = total
    let count = UInt64(left)
    let kept = rest.filter { $0 * count < bar }
    if kept.count == rest.count { break }
    left -= rest.count - kept.count
    rest = kept
    total = rest.reduce(0, +)
  }
  if left == 0 { return 0 }
  let places = proportionalPlaces(start: dice % total, sizes: rest, total: total, sample: left)
  return places.count == left && isRising(places, below: rest.count) ? 0 : 1
}

private func isRising(_ places: [Int], below bound: Int) -> Bool {
  var before = -1
  for place in places {
    if place <= before { return false }
    before = place
  }
  return before < bound
}

/// A seeded source of numbers (SplitMix64), so that a failing case comes back.
private struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Up to 40 units with odd ids, sizes with zeros and certainties, and coordinates that repeat.
private func randomFrame(_ dice: inout Dice, strata: [String] = ["甲", "P2", "x, y"]) -> Table {
  let count = strata.count * 3 + Int(dice.next() % 30)
  let sizes: [UInt64] = [0, 1, 2, 3, 7, 7, 40, 90 + dice.next() % 1000]
  func pick<Value>(_ values: [Value]) -> Value { values[Int(dice.next() % UInt64(values.count))] }
  var columns: [[String?]] = [[], [], [], [], [], []]
  for row in 0..<count {
    columns[0].append(["1501", "嘎查-", "é "][row % 3] + String(row))
    // Every stratum has a unit that can be taken.
    columns[1].append(row < strata.count ? strata[row] : pick(strata))
    columns[2].append(row < strata.count ? "5" : String(pick(sizes)))
    columns[3].append(String(dice.next() % 4))
    columns[4].append(String(dice.next() % 6))
    columns[5].append(String(Double(dice.next() % 1000) / 8))
  }
  let names = ["id", "h", "size", "rank", "x", "y"]
  return Table(columns: zip(names, columns).map { Column($0, texts: $1) })
}

/// A plan that random frames can fulfil.
private func randomPlan(_ method: String, _ dice: inout Dice) -> StagePlan {
  let rule = SelectionMethods.named(method)
  var take = Take.upTo(1 + Int(dice.next() % 6))
  switch rule?.asks {
  case .everything: take = .all
  case .rate: take = .rate(Double(dice.next() % 100) / 100)
  case .number, nil: break
  }
  if rule?.isWithReplacement ?? false { take = .count(Int(dice.next() % 9)) }
  return StagePlan(
    name: "county",
    id: "id",
    strata: ["h"],
    method: method,
    take: take,
    reserves: rule?.reserveRule == ReserveRule.none ? 0 : Int(dice.next() % 3),
    size: "size",
    sort: dice.next() % 2 == 0 ? [] : [SortKey("rank", numeric: true, descending: true)]
  )
  .withMeasures(["x", "y"])
}

/// Everything that a draw says of its units.
private func drawn(_ plan: StagePlan, _ frame: Table) throws -> [String] {
  try drawStage(plan, frame: frame, key: key()).cells.flatMap { cell in
    ["\(cell.stratum) N \(cell.populationSize) n \(cell.sampleSize) certain \(cell.certaintyCount)"]
      + cell.units.map { "\($0.id) \($0.role) \($0.order) \($0.inclusionProbability) \($0.hits)" }
  }
}

private func selectedByStratum(_ plan: StagePlan, _ frame: Table) throws -> [String: Set<String>] {
  var found = [String: Set<String>]()
  for cell in try drawStage(plan, frame: frame, key: key()).cells {
    found[cell.stratumText] = Set(cell.selected.map(\.id))
  }
  return found
}

extension Table {
  fileprivate func correcting(_ name: String, at row: Int, to value: String) -> Table {
    var corrected = self
    guard let column = self[name] else { return self }
    corrected.set(Column(name, texts: (0..<rowCount).map { $0 == row ? value : column.text(at: $0) }))
    return corrected
  }
}
