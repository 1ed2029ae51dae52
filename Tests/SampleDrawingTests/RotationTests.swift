import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

private let frame = Table(columns: [Column("code", texts: (0..<40).map { "u\($0)" })])

private func selected(_ seed: String, shift: Double, sample: Int) throws -> StageDraw {
  let plan = StagePlan(name: "unit", id: "code", take: .count(sample), rotation: shift)
  return try drawStage(plan, frame: frame, key: DrawKey(seed: seed, group: "g", stage: "unit"))
}

@Test(
  "over replays rounds share as many units as stated, also where the turn comes back to the first units",
  arguments: [
    (shift: 0.05, before: 8, now: 8), (shift: 0.1, before: 8, now: 12), (shift: 0.3, before: 16, now: 8),
    (shift: 0.9, before: 16, now: 16), (shift: 0.7, before: 16, now: 20),
  ]
)
func statedOverlap(rounds: (shift: Double, before: Int, now: Int)) throws {
  let expected = expectedOverlap(population: 40, before: rounds.before, now: rounds.now, turn: rounds.shift)
  var sum = 0.0
  var squares = 0.0
  let replays = 1_000
  for number in 0..<replays {
    let first = try selected("overlap \(number)", shift: 0.2, sample: rounds.before).cells[0].selected.map(\.id)
    let shift = 0.2 + rounds.shift
    let second = try selected("overlap \(number)", shift: shift < 1 ? shift : shift - 1, sample: rounds.now)
    let kept = Double(Set(first).intersection(second.cells[0].selected.map(\.id)).count)
    sum += kept
    squares += kept * kept
  }
  let mean = sum / Double(replays)
  let standardError = ((squares / Double(replays) - mean * mean) / Double(replays)).squareRoot()
  #expect(abs(mean - expected) <= 4.5 * standardError, "\(mean) ± \(standardError), stated \(expected)")
}

@Test("the stated overlap has the values that follow by hand, and n when nothing turns")
func overlapByHand() {
  #expect(expectedOverlap(population: 10, before: 4, now: 3, turn: 0) == 3)
  // N = 2, n = 1: the unit stays when the turn passes none, or passes both.
  #expect(abs(expectedOverlap(population: 2, before: 1, now: 1, turn: 0.25) - (0.5625 + 0.0625)) < 1e-12)
  #expect(expectedOverlap(population: 3, before: 3, now: 2, turn: 0.4) == 2)
  // Large strata: the share kept is 1 − d·N/n.
  let share = expectedOverlap(population: 1_000_000, before: 20_000, now: 20_000, turn: 0.005) / 20_000
  #expect(abs(share - 0.75) < 1e-9)
}

@Test("the shifts of a rotation keep the share asked for, round after round")
func plannedShifts() throws {
  #expect(rotationShift(round: 0, population: 400, sample: 20, overlap: 0.75) == 0)
  #expect(rotationShift(round: 3, population: 400, sample: 20, overlap: 0.75) == 0.0375)
  #expect(abs(rotationShift(round: 7, population: 10, sample: 5, overlap: 0.5) - 0.75) < 1e-12)
  var kept = 0.0
  var pairs = 0
  for number in 0..<300 {
    var before: Set<String>?
    for round in 0..<4 {
      let shift = rotationShift(round: round, population: 40, sample: 16, overlap: 0.75)
      let now = Set(try selected("plan \(number)", shift: shift, sample: 16).cells[0].selected.map(\.id))
      if let before {
        kept += Double(before.intersection(now).count)
        pairs += 1
      }
      before = now
    }
  }
  let stated = expectedOverlap(population: 40, before: 16, now: 16, turn: 0.1)
  #expect(abs(stated - 12) < 0.01)
  // K has variance 40 · 0.1 · 0.9; the three pairs of a replay turn over different units, so nearly independent.
  #expect(abs(kept / Double(pairs) - stated) <= 4.5 * (3.6 / Double(pairs)).squareRoot())
}

@Test("a round's overlap counts kept, new and dropped units and states what was expected")
func roundOverlap() throws {
  let seed = try Seed(declared: "count", weakReason: "test")
  let plan = StagePlan(name: "unit", id: "code", take: .count(10))
  let drawn = try draw(stages: [(plan, frame)], seed: seed, group: "g")
  let first = drawn.stages[0]
  let before = first.cells[0].selected.map(\.id)
  let receipt = try Receipt(
    of: drawn,
    frames: [ReceiptFrame(whole: frame)],
    toolVersion: "0"
  )
  let second = try selected("count", shift: 0.1, sample: 12)
  let overlap = try #require(second.overlap(with: receipt, selected: before))
  let kept = Set(before).intersection(second.cells[0].selected.map(\.id)).count
  #expect(overlap.kept == kept && overlap.new == 12 - kept && overlap.dropped == 10 - kept)
  #expect(overlap.expected == expectedOverlap(population: 40, before: 10, now: 12, turn: 0.1))
  var other = second
  other.plan.method = "systematic"
  #expect(other.overlap(with: receipt, selected: before)?.kept == kept)
  #expect(other.overlap(with: receipt, selected: before)?.expected == nil)
  other.plan.name = "village"
  #expect(other.overlap(with: receipt, selected: before) == nil)
}

@Test("must-include units do not turn: over replays a round keeps as many units as stated with them")
func overlapWithMustInclude() throws {
  let units = Table(columns: [
    Column("code", texts: (0..<24).map { "u\($0)" }), Column("seat", texts: (0..<24).map { $0 < 6 ? "1" : "0" }),
  ])
  func plan(_ shift: Double) -> StagePlan {
    StagePlan(name: "unit", id: "code", take: .count(9), mustInclude: "seat == 1", rotation: shift)
  }
  let expected = 6 + expectedOverlap(population: 18, before: 3, now: 3, turn: 0.1)
  #expect(expected > 7 && expected < 8)
  var sum = 0.0
  var squares = 0.0
  let replays = 1_000
  for number in 0..<replays {
    let seed = try Seed(declared: "must \(number)", weakReason: "test")
    let before = try draw(stages: [(plan(0), units)], seed: seed, group: "g")
    let now = try draw(stages: [(plan(0.1), units)], seed: seed, group: "g")
    let receipt = try Receipt(of: before, frames: [ReceiptFrame(whole: units)], toolVersion: "0")
    let overlap = try #require(
      now.stages[0].overlap(with: receipt, selected: before.stages[0].cells[0].selected.map(\.id))
    )
    #expect(overlap.expected == expected)
    sum += Double(overlap.kept)
    squares += Double(overlap.kept * overlap.kept)
  }
  let mean = sum / Double(replays)
  let standardError = ((squares / Double(replays) - mean * mean) / Double(replays)).squareRoot()
  #expect(abs(mean - expected) <= 4.5 * standardError, "\(mean) ± \(standardError), stated \(expected)")
}

@Test("no overlap is expected where two rounds differ in their units, their strata or what must be included")
func noExpectation() throws {
  let units = Table(columns: [
    Column("code", texts: (0..<24).map { "u\($0)" }), Column("seat", texts: (0..<24).map { $0 < 6 ? "1" : "0" }),
  ])
  let seed = try Seed(declared: "count", weakReason: "test")
  let plan = StagePlan(name: "unit", id: "code", take: .count(9), mustInclude: "seat == 1")
  let drawn = try draw(stages: [(plan, units)], seed: seed, group: "g")
  let receipt = try Receipt(of: drawn, frames: [ReceiptFrame(whole: units)], toolVersion: "0")
  let now = drawn.stages[0]
  func expected(_ receipt: Receipt, filter: String? = nil) -> Double? {
    now.overlap(with: receipt, selected: [], filter: filter)?.expected
  }
  #expect(expected(receipt) == 9)
  #expect(expected(receipt, filter: "seat < 2") == nil)
  func changed(_ change: (inout Receipt) -> Void) -> Double? {
    var other = receipt
    change(&other)
    return expected(other)
  }
  #expect(changed { $0.inputs[0].filter = "seat < 2" } == nil)
  #expect(changed { $0.stages[0].cells?[0].population = 23 } == nil)
  #expect(changed { $0.stages[0].cells?[0].mustInclude = 5 } == nil)
  #expect(changed { $0.stages[0].plan.mustInclude = nil } == nil)
  #expect(changed { $0.stages[0].cells = ($0.stages[0].cells ?? []) + ($0.stages[0].cells ?? []) } == nil)
  // What no receipt that is read can hold ends nothing either.
  for shift in [-1, 5, 1e300, -Double.infinity] { #expect(changed { $0.stages[0].plan.rotation = shift } == nil) }
  for sample in [Int.min, -1, 5, 25, Int.max] { #expect(changed { $0.stages[0].cells?[0].sample = sample } == nil) }
}

@Test("outside its domain nothing is expected, and it neither ends nor lasts")
func overlapOutsideDomain() {
  #expect(expectedOverlap(population: .max, before: .max, now: .max, turn: 0.5).isNaN)
  #expect(expectedOverlap(population: 10, before: 11, now: 3, turn: 0.5).isNaN)
  #expect(expectedOverlap(population: 10, before: 3, now: -1, turn: 0.5).isNaN)
  for turn in [-0.1, 1, 1e300, .nan] { #expect(expectedOverlap(population: 10, before: 3, now: 3, turn: turn).isNaN) }
  #expect(expectedOverlap(population: 0, before: 0, now: 0, turn: 0.5) == 0)
}
