import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

/// With at most 9 units and 36 pairs for each method at 4.5 standard errors, a sound rule raises a false alarm with
/// probability below 45 · 7·10⁻⁶ = 0.0003 for a new set of seeds; these seeds are fixed.
private let allowedErrors = 4.5
private let replays = 4_000

private let smallFrame = Table(columns: [
  Column("code", texts: ["a", "b", "c", "d", "e", "f", "g", "h", "i"]),
  Column("size", texts: ["3", "1", "4", "1", "5", "9", "2", "6", "40"]),
])

private let fixedSize = SelectionMethods.all.filter { $0.hasFixedSize && $0.asksForNumber }.map(\.name)

extension SelectionMethod {
  fileprivate var asksForNumber: Bool {
    if case .number = asks { true } else { false }
  }
}

/// Draws again and again, each time with another key.
private func replay(_ method: String, take: Take, _ body: (DrawnCell) throws -> Void) throws {
  let plan = StagePlan(name: "unit", id: "code", method: method, take: take, size: "size").withMeasures(["size"])
  for replay in 0..<replays {
    let key = try DrawKey(seed: "replay \(replay)", group: "test/inclusion", stage: "unit")
    try body(try drawStage(plan, frame: smallFrame, key: key).cells[0])
  }
}

private func expectShare(_ count: Int, _ expected: Double, _ what: String) {
  let share = Double(count) / Double(replays)
  let standardError = (expected * (1 - expected) / Double(replays)).squareRoot()
  #expect(abs(share - expected) <= allowedErrors * standardError + 1e-12, "\(what): \(share), \(expected)")
}

@Test("over replays every unit is taken as often as its probability", arguments: fixedSize)
func frequencies(method: String) throws {
  var met = [String: Int]()
  var probability = [String: Double]()
  try replay(method, take: .count(4)) { cell in
    #expect(cell.sampleSize == 4)
    for unit in cell.selected {
      met[unit.id, default: 0] += 1
      probability[unit.id] = unit.inclusionProbability
    }
  }
  #expect(probability.count == 9)
  for (id, expected) in probability { expectShare(met[id] ?? 0, expected, "\(method) \(id)") }
  // π of units that are never drawn would go unseen above: together they must give n.
  #expect(abs(probability.values.reduce(0, +) - 4) < 1e-9)
}

@Test("over replays every pair is taken together as often as the method states", arguments: fixedSize)
func pairFrequencies(method: String) throws {
  var met = [String: Int]()
  var stated = [String: Double]()
  // Brewer states pairs for two units beside the certain one.
  try replay(method, take: .count(method == "pps-brewer" ? 3 : 4)) { cell in
    let units = cell.selected.enumerated().sorted { $0.element.id < $1.element.id }
    for (place, one) in units.enumerated() {
      for other in units[(place + 1)...] {
        met[one.element.id + other.element.id, default: 0] += 1
        if let pairs = cell.pairs { stated[one.element.id + other.element.id] = pairs[one.offset, other.offset] }
      }
    }
  }
  if method == "srs" { for pair in met.keys { stated[pair] = 4.0 * 3 / (9 * 8) } }
  for (pair, expected) in stated { expectShare(met[pair] ?? 0, expected, "\(method) \(pair)") }
  // A pair that never occurs has no share to compare: all stated ones together must be n(n − 1)/2.
  if ["srs", "pps-sampford", "conditional-poisson", "pps-tille", "pps-brewer", "pps-systematic"].contains(method) {
    let sum = stated.values.reduce(0, +)
    #expect(abs(sum - (method == "pps-brewer" ? 3 : 6)) < 1e-9, "\(method): \(sum)")
  }
}

@Test("over replays every unit is hit as often as expected with replacement, and n times together")
func hits() throws {
  var met = [String: Int]()
  var squares = [String: Int]()
  var expected = [String: Double]()
  try replay("pps-with-replacement", take: .count(4)) { cell in
    #expect(cell.drawCount == 4)
    #expect(cell.selected.reduce(0) { $0 + $1.hits } == 4)
    for unit in cell.selected {
      met[unit.id, default: 0] += unit.hits
      squares[unit.id, default: 0] += unit.hits * unit.hits
      expected[unit.id] = unit.inclusionProbability
    }
  }
  #expect(abs(expected.values.reduce(0, +) - 4) < 1e-12)
  for (id, mean) in expected {
    // Hits are binomial: n draws with probability x / X.
    let error = (mean * (1 - mean / 4) / Double(replays)).squareRoot()
    let found = Double(met[id] ?? 0) / Double(replays)
    #expect(abs(found - mean) <= allowedErrors * error, "\(id): \(found), \(mean)")
  }
  // 40 of 71: hit twice and more often than not.
  #expect((squares["i"] ?? 0) > 2 * (met["i"] ?? 0))
}

@Test(
  "over replays of a size left to chance every unit and every pair is taken as often as stated, units independently",
  arguments: [("bernoulli", Take.rate(0.3)), ("poisson", .count(4))]
)
func independentFrequencies(method: String, take: Take) throws {
  var met = [String: Int]()
  var pairs = [String: Int]()
  var probability = [String: Double]()
  var sizes = Set<Int>()
  try replay(method, take: take) { cell in
    let ids = cell.selected.map(\.id).sorted()
    sizes.insert(ids.count)
    for unit in cell.selected { probability[unit.id] = unit.inclusionProbability }
    for (place, id) in ids.enumerated() {
      met[id, default: 0] += 1
      for other in ids[(place + 1)...] { pairs[id + other, default: 0] += 1 }
    }
  }
  #expect(probability.count == 9 && sizes.count > 3)
  let ids = probability.keys.sorted()
  for (place, id) in ids.enumerated() {
    let own = try #require(probability[id])
    expectShare(met[id] ?? 0, own, "\(method) \(id)")
    for other in ids[(place + 1)...] {
      expectShare(pairs[id + other] ?? 0, own * (probability[other] ?? 0), "\(method) \(id)\(other)")
    }
  }
  // Bernoulli: the rate for all; Poisson: the certain unit, and 3 · x / 31 for the others.
  let total = probability.values.reduce(0, +)
  #expect(abs(total - (method == "bernoulli" ? 9 * 0.3 : 4)) < 1e-12)
  #expect(probability["i"] == (method == "bernoulli" ? 0.3 : 1))
  #expect(probability["a"] == (method == "bernoulli" ? 0.3 : 9.0 / 31))
}
