import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

/// With at most 30 units a case, a sound rule raises a false alarm at 4.5 standard errors with probability below
/// 30 · 7·10⁻⁶ for a new set of seeds; these seeds are fixed.
private let allowedErrors = 4.5
private let replays = 2_000

/// Thirty units, of which the first ten are poor.
private let thirty = Table(columns: [
  Column("code", texts: (10..<40).map { "u\($0)" }), Column("poor", texts: (0..<30).map { $0 < 10 ? "1" : "0" }),
])

/// The same with something else in a column that no plan names.
private let renamed = Table(columns: thirty.columns + [Column("name", texts: (0..<30).map { "n\($0)" })])

/// Four villages of county A and sixteen of B.
private let counties = Table(columns: [Column("county", texts: ["A", "B"])])
private let villages = Table(columns: [
  Column("code", texts: (10..<30).map { "v\($0)" }), Column("county", texts: (0..<20).map { $0 < 4 ? "A" : "B" }),
])

private let filter = "poor == 1"

/// What a round is drawn from: a whole frame, and which of its rows the filter leaves.
private struct Source {
  var plan: StagePlan
  var whole: Table
  var filter: String?

  var frame: ReceiptFrame {
    let rows = (0..<whole.rowCount).filter { filter == nil || whole["poor"]?.text(at: $0) == "1" }
    return ReceiptFrame(whole: whole, units: whole.rows(rows), filter: filter)
  }
}

private func unit(_ count: Int, method: String = "srs", strata: [String] = [], parent: String? = nil) -> StagePlan {
  StagePlan(name: "unit", id: "code", parent: parent, strata: strata, method: method, take: .count(count))
}

private let allCounties = StagePlan(name: "county", id: "county", method: "all", take: .all)

/// Draws one round, whose last stage leaves out what earlier rounds drew there.
private func round(
  _ sources: [Source],
  seed: String,
  after earlier: [EarlierDraw] = []
) throws -> (draw: Draw, sealed: Receipt, earlier: EarlierDraw) {
  let seed = try Seed(declared: seed, weakReason: "replay")
  var drawn = Draw(seed: seed, group: "test/units", stages: [])
  var parents: [String]?
  for (place, source) in sources.enumerated() {
    var frame = source.frame
    let excluded = place + 1 < sources.count ? [] : try earlier.map { try $0.exclusion(ofStage: source.plan.name) }
    let stage = try drawStage(
      source.plan,
      frame: frame.units,
      parents: parents,
      key: DrawKey(seed: seed.text, group: drawn.group, stage: source.plan.name),
      excluding: excluded,
      from: frame.identity(id: source.plan.id)
    )
    parents = stage.cells.flatMap { $0.selected.map(\.id) }
    drawn.stages.append(stage)
  }
  let frames = sources.map(\.frame)
  let sealed = try Receipt(of: drawn, frames: frames, toolVersion: "0")
  let open = try sealed.revealed(by: drawn, frames: frames)
  return (drawn, sealed, EarlierDraw(receipt: open, file: "receipt.json"))
}

/// A pair of rounds, what their weights speak for, and the probability over both rounds of a unit.
private struct Pair: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let first: [Source]
  let second: [Source]
  let weights: WeightsPopulation
  /// Over both rounds, of the first unit and of the last one.
  let expected: (first: Double, last: Double)
  /// A part of the cause that is told.
  var cause = ""
}

private let pairs = [
  Pair(
    testDescription: "the same frame twice",
    first: [Source(plan: unit(5), whole: thirty)],
    second: [Source(plan: unit(10), whole: thirty)],
    weights: .whole,
    expected: (10.0 / 30, 10.0 / 30)
  ),
  Pair(
    testDescription: "the same filter twice",
    first: [Source(plan: unit(5), whole: thirty, filter: filter)],
    second: [Source(plan: unit(3), whole: thirty, filter: filter)],
    weights: .whole,
    expected: (0.3, 0.3)
  ),
  Pair(
    testDescription: "a filter in the first round only",
    first: [Source(plan: unit(5), whole: thirty, filter: filter)],
    second: [Source(plan: unit(10), whole: thirty)],
    weights: .remaining,
    expected: (0.5 * 10 / 25, 10.0 / 25),
    cause: "filter"
  ),
  Pair(
    testDescription: "a frame that grew",
    first: [Source(plan: unit(5), whole: thirty.rows(Array(0..<10)))],
    second: [Source(plan: unit(10), whole: thirty)],
    weights: .remaining,
    expected: (0.5 * 10 / 25, 10.0 / 25),
    cause: "another frame"
  ),
  Pair(
    testDescription: "three villages of each county, then five of all",
    first: [Source(plan: allCounties, whole: counties), Source(plan: unit(3, parent: "county"), whole: villages)],
    second: [Source(plan: unit(5), whole: villages)],
    weights: .remaining,
    expected: (0.25 * 5 / 14, 13.0 / 16 * 5 / 14),
    cause: "within each county"
  ),
  Pair(
    testDescription: "villages of each county twice",
    first: [Source(plan: allCounties, whole: counties), Source(plan: unit(3, parent: "county"), whole: villages)],
    second: [Source(plan: allCounties, whole: counties), Source(plan: unit(1, parent: "county"), whole: villages)],
    weights: .whole,
    expected: (1.0 / 4, 1.0 / 16)
  ),
  Pair(
    testDescription: "villages of each county, then with the county as stratum",
    first: [Source(plan: allCounties, whole: counties), Source(plan: unit(3, parent: "county"), whole: villages)],
    second: [Source(plan: unit(1, strata: ["county"]), whole: villages)],
    weights: .whole,
    expected: (1.0 / 4, 1.0 / 16)
  ),
  Pair(
    testDescription: "five of all villages, then one of each county",
    first: [Source(plan: unit(3), whole: villages)],
    second: [Source(plan: allCounties, whole: counties), Source(plan: unit(1, parent: "county"), whole: villages)],
    weights: .whole,
    expected: (1.0 / 4, 1.0 / 16)
  ),
]

@Test(
  "over two rounds every unit is drawn as often as stated: over both where the weights are whole, given the first else",
  arguments: pairs
)
private func frequencies(pair: Pair) throws {
  var taken = [String: Int]()
  var left = [String: Int]()
  var takenOfLeft = [String: Int]()
  var stated = [String: Set<Double>]()
  let last = try #require(pair.second.last)
  let units = last.frame.units
  let ids = (0..<units.rowCount).compactMap { units["code"]?.text(at: $0) }
  for number in 0..<replays {
    let first = try round(pair.first, seed: "first \(number)")
    let gone = Set(try first.earlier.drawnUnits(stage: pair.first.count - 1).selected)
    let second = try round(pair.second, seed: "second \(number)", after: [first.earlier])
    let stage = try #require(second.draw.stages.last)
    #expect(stage.exclusion?.weights == pair.weights)
    for id in ids where !gone.contains(id) { left[id, default: 0] += 1 }
    for unit in stage.cells.flatMap(\.selected) {
      #expect(!gone.contains(unit.id))
      taken[unit.id, default: 0] += 1
      takenOfLeft[unit.id, default: 0] += 1
      stated[unit.id, default: []].insert(unit.inclusionProbability)
    }
    if number == 0 {
      let note = try #require(second.draw.notes.first { $0.code == "exclusion" })
      #expect(note.message.en.contains(pair.cause) && note.message.en.contains("because") == (pair.cause != ""))
    }
  }
  func check(_ count: Int, of trials: Int, _ expected: Double, _ what: String) {
    let share = Double(count) / Double(trials)
    let standardError = (expected * (1 - expected) / Double(trials)).squareRoot()
    #expect(abs(share - expected) <= allowedErrors * standardError, "\(what): \(share), \(expected)")
  }
  #expect(taken.count == ids.count)
  for id in ids {
    let probabilities = try #require(stated[id])
    #expect(probabilities.count == 1, "\(id)")
    let probability = try #require(probabilities.first)
    switch pair.weights {
    case .whole: check(taken[id] ?? 0, of: replays, probability, id)
    case .remaining: check(takenOfLeft[id] ?? 0, of: left[id] ?? 0, probability, "\(id), given that it was left")
    }
  }
  // The truth over both rounds, from the design by hand.
  check(taken[ids[0]] ?? 0, of: replays, pair.expected.first, ids[0])
  check(taken[ids[ids.count - 1]] ?? 0, of: replays, pair.expected.last, ids[ids.count - 1])
}

@Test("a round that left out a systematic one does not look the same under exchanges, unless that one is left out too")
func inheritedOrder() throws {
  let halves = Table(columns: thirty.columns + [Column("half", texts: (0..<30).map { $0 < 15 ? "1" : "2" })])
  let first = try round([Source(plan: unit(3, method: "systematic"), whole: halves)], seed: "one")
  let second = try round([Source(plan: unit(3), whole: halves)], seed: "two", after: [first.earlier])
  #expect(second.draw.stages[0].exclusion?.weights == .whole)
  let finer = [Source(plan: unit(2, strata: ["half"]), whole: halves)]
  let third = try round(finer, seed: "three", after: [second.earlier])
  #expect(third.draw.stages[0].exclusion?.weights == .remaining)
  // The same rounds by srs, all of them left out, are alike for all units.
  let random = try round([Source(plan: unit(3), whole: halves)], seed: "one")
  let next = try round([Source(plan: unit(3), whole: halves)], seed: "two", after: [random.earlier])
  let last = try round(finer, seed: "three", after: [random.earlier, next.earlier])
  #expect(last.draw.stages[0].exclusion?.weights == .whole)
  let forgetful = try round(finer, seed: "three", after: [next.earlier])
  #expect(forgetful.draw.stages[0].exclusion?.weights == .remaining)
}

@Test("the receipt records frame and filter of the earlier draw, and verifies by itself and with that draw at hand")
func recordedFrame() throws {
  for (first, second, weights) in [
    (filter, filter, WeightsPopulation.whole), (filter, nil, .remaining), (nil, nil, .whole),
  ] as [(String?, String?, WeightsPopulation)] {
    let one = try round([Source(plan: unit(5), whole: thirty, filter: first)], seed: "one")
    let source = Source(plan: unit(3), whole: thirty, filter: second)
    let two = try round([source], seed: "two", after: [one.earlier])
    let record = try #require(two.sealed.stages[0].exclusions?.first)
    #expect(record.frameDigest == one.sealed.inputs[0].frameDigest && record.filter == first)
    #expect(two.sealed.stages[0].weights == weights)
    let open = two.earlier.receipt
    #expect(try open.sealed.json() == two.sealed.json() && Receipt(json: open.json()) == open)
    func code(_ receipt: Receipt, earlier: [EarlierDraw] = [], seed: Seed? = nil) -> String? {
      verify(receipt, frames: [source.frame], seed: seed, earlier: earlier).difference?.code
    }
    #expect(code(open) == nil)
    #expect(code(two.sealed, earlier: [one.earlier], seed: two.draw.seed) == nil)
    var other = open
    other.stages[0].exclusions?[0].frameDigest = String(repeating: "0", count: 64)
    #expect(code(other, earlier: [one.earlier]) == "exclusion-differs")
    #expect(code(other) == (weights == .whole ? "weights-differ" : nil))
    other = open
    other.stages[0].exclusions?[0].filter = "poor == 2"
    #expect(code(other, earlier: [one.earlier]) == "exclusion-differs")
    // Whoever takes the frame's digest away does not make the weights speak for the whole.
    other = open
    other.stages[0].exclusions?[0].frameDigest = nil
    other.stages[0].exclusions?[0].filter = nil
    other.stages[0].weights = .whole
    #expect(code(other) == "weights-differ")
  }
}

@Test("numbers left out of another frame are no fixed ones, so they stay out of the sealed receipt")
func hiddenCountsOfAnotherFrame() throws {
  for (whole, isPublic) in [(thirty, true), (renamed, false)] {
    let one = try round([Source(plan: unit(5), whole: thirty)], seed: "one")
    var sealedEarlier = one.earlier
    sealedEarlier.receipt = one.sealed
    sealedEarlier.list = DrawnList.table(of: one.draw, frames: [thirty])
    let two = try round([Source(plan: unit(3), whole: whole)], seed: "two", after: [sealedEarlier])
    #expect((two.sealed.stages[0].exclusions?.first?.units == nil) == !isPublic)
    #expect((two.sealed.stages[0].cells?[0].excluded == nil) == !isPublic)
    #expect(try two.earlier.receipt.sealed.json() == two.sealed.json())
  }
}
