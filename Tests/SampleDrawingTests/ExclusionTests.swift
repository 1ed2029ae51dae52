import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

/// With at most 9 units a case, a sound rule raises a false alarm at 4.5 standard errors with probability below
/// 9 · 7·10⁻⁶ for a new set of seeds; these seeds are fixed.
private let allowedErrors = 4.5
private let replays = 4_000

private let nineUnits = Table(columns: [
  Column("code", texts: ["a", "b", "c", "d", "e", "f", "g", "h", "i"]),
  Column("half", texts: ["1", "1", "1", "1", "2", "2", "2", "2", "2"]),
  Column("size", texts: ["3", "1", "4", "1", "5", "9", "2", "6", "8"]),
])

private func plan(_ method: String, _ count: Int, strata: [String] = []) -> StagePlan {
  StagePlan(name: "unit", id: "code", strata: strata, method: method, take: .count(count), size: "size")
}

/// Draws one round of one stage and leaves out what earlier rounds drew.
private func round(
  _ plan: StagePlan,
  seed: String,
  frame: Table = nineUnits,
  after earlier: [EarlierDraw] = []
) throws -> (draw: Draw, earlier: EarlierDraw) {
  let seed = try Seed(declared: seed, weakReason: "replay")
  let exclusions = try earlier.map { try $0.exclusion(ofStage: plan.name) }
  let drawn = try draw(stages: [(plan, frame)], seed: seed, group: "test/rounds", excluding: [exclusions])
  let frames = [ReceiptFrame(whole: frame)]
  let receipt = try Receipt(of: drawn, frames: frames, toolVersion: "0").revealed(by: drawn, frames: frames)
  return (drawn, EarlierDraw(receipt: receipt, file: "receipt.json"))
}

/// How often each unit was selected in the last round, and its stated probability.
private func replay(_ plans: [StagePlan], excluding: Bool = true) throws -> (
  share: [String: Double], stated: [String: Double], weights: WeightsPopulation?
) {
  var met = [String: Int]()
  var stated = [String: Double]()
  var weights: WeightsPopulation?
  for number in 0..<replays {
    var earlier = [EarlierDraw]()
    for (place, plan) in plans.enumerated() {
      let made = try round(plan, seed: "round \(place) replay \(number)", after: earlier)
      earlier.append(made.earlier)
      guard place + 1 == plans.count else { continue }
      weights = made.draw.stages[0].exclusion?.weights
      for unit in made.draw.stages[0].cells.flatMap(\.selected) {
        met[unit.id, default: 0] += 1
        stated[unit.id] = unit.inclusionProbability
      }
    }
  }
  return (met.mapValues { Double($0) / Double(replays) }, stated, weights)
}

@Test(
  "over two or three rounds of equal probabilities every unit is drawn with the stated n/N in the last one",
  arguments: [
    [plan("srs", 3), plan("srs", 2)],
    [plan("srs", 3), plan("srs", 1, strata: ["half"])],
    [plan("srs", 2, strata: ["half"]), plan("srs", 1, strata: ["half"])],
    [plan("systematic", 3), plan("srs", 2)],
    [plan("srs", 3), plan("systematic", 2)],
    [plan("systematic", 2), plan("systematic", 2), plan("srs", 2)],
  ]
)
func equalProbabilities(plans: [StagePlan]) throws {
  let found = try replay(plans)
  #expect(found.weights == .whole)
  let last = plans[plans.count - 1]
  #expect(found.share.count == 9)
  for (id, share) in found.share {
    let size = last.strata.isEmpty ? 9.0 : "abcd".contains(id) ? 4 : 5
    guard case .count(let sample) = last.take else { continue }
    let expected = Double(sample) / size
    #expect(found.stated[id] == expected)
    let standardError = (expected * (1 - expected) / Double(replays)).squareRoot()
    #expect(abs(share - expected) <= allowedErrors * standardError, "\(id): \(share), \(expected)")
  }
}

@Test("after a first round with unequal probabilities n/N would be wrong, and the conditional probability is stated")
func unequalProbabilities() throws {
  let found = try replay([plan("pps-systematic", 3), plan("srs", 2)])
  #expect(found.weights == .remaining)
  let sizes = ["a": 3.0, "b": 1, "c": 4, "d": 1, "e": 5, "f": 9, "g": 2, "h": 6, "i": 8]
  let total = 39.0
  var largestGap = 0.0
  for (id, size) in sizes {
    // A fixed number e = 3 is excluded: π₂ = (1 − π₁) · n / (N − e).
    let expected = (1 - 3 * size / total) * 2 / 6
    let share = found.share[id] ?? 0
    let standardError = (expected * (1 - expected) / Double(replays)).squareRoot()
    #expect(abs(share - expected) <= allowedErrors * standardError, "\(id): \(share), \(expected)")
    largestGap = max(largestGap, abs(share - 2.0 / 9) / standardError)
    #expect(found.stated[id] == 2.0 / 6)
  }
  #expect(largestGap > 10)
}

@Test("given the first round, every unit left is drawn as often as its conditional probability, excluded ones never")
func conditionalProbabilities() throws {
  let first = try round(plan("srs", 3), seed: "first")
  let gone = Set(try first.earlier.drawnUnits(stage: 0).selected)
  for method in ["srs", "pps-systematic"] {
    var met = [String: Int]()
    var stated = [String: Double]()
    for number in 0..<replays {
      let made = try round(plan(method, 2), seed: "second \(number)", after: [first.earlier])
      for unit in made.draw.stages[0].cells[0].selected {
        met[unit.id, default: 0] += 1
        stated[unit.id] = unit.conditionalProbability
      }
      let cell = made.draw.stages[0].cells[0]
      #expect(cell.populationSize == 9 && cell.excludedCount == 3)
    }
    #expect(gone.isDisjoint(with: met.keys) && met.count == 6)
    #expect(abs(stated.values.reduce(0, +) - 2) < 1e-12)
    for (id, expected) in stated {
      let share = Double(met[id] ?? 0) / Double(replays)
      let standardError = (expected * (1 - expected) / Double(replays)).squareRoot()
      #expect(abs(share - expected) <= allowedErrors * standardError, "\(method) \(id)")
    }
  }
}

@Test("what the weights speak for follows from how the rounds were drawn")
func weightsFollowDesigns() throws {
  func weights(_ plans: [StagePlan]) throws -> WeightsPopulation? {
    var earlier = [EarlierDraw]()
    var last: WeightsPopulation?
    for (place, plan) in plans.enumerated() {
      let made = try round(plan, seed: "weights \(place)", after: earlier)
      last = made.draw.stages[0].exclusion?.weights
      earlier.append(made.earlier)
    }
    return last
  }
  #expect(try weights([plan("srs", 2)]) == nil)
  #expect(try weights([plan("srs", 2), plan("pps-systematic", 2)]) == .remaining)
  // A systematic first round is not exchangeable within finer strata; a stratified one has other chances in others.
  #expect(try weights([plan("systematic", 2), plan("srs", 1, strata: ["half"])]) == .remaining)
  #expect(try weights([plan("srs", 1, strata: ["half"]), plan("srs", 2)]) == .remaining)
  // The third round inherits that the second one's probabilities were unequal over the rounds.
  #expect(try weights([plan("pps-systematic", 2), plan("srs", 2), plan("srs", 2)]) == .remaining)
  var everyone = plan("srs", 1)
  everyone.take = .all
  #expect(try weights([plan("srs", 2), everyone]) == .whole)
  everyone.strata = ["half"]
  #expect(try weights([plan("srs", 2), everyone]) == .remaining)
}

@Test("the list and the receipt state both probabilities, the population and the number left out")
func listAndReceipt() throws {
  let first = try round(countyPlan, seed: "one", frame: bannerFrame())
  for (method, population, probability) in [("srs", "8", "0.25"), ("pps-systematic", "6", nil)] {
    var second = countyPlan
    second.method = method
    second.size = "synthetic_households"
    let made = try round(second, seed: "two", frame: bannerFrame(), after: [first.earlier])
    let list = DrawnList.table(of: made.draw, frames: [bannerFrame()])
    #expect(list["county_population"]?.text(at: 0) == population)
    #expect(list["county_excluded"]?.text(at: 0) == "2")
    #expect(list["county_weights"]?.text(at: 0) == (method == "srs" ? "whole" : "remaining"))
    let conditional = list["county_conditional_probability"]?.text(at: 0)
    let stated = list["county_probability"]?.text(at: 0)
    #expect(stated == (probability ?? conditional))
    if method == "srs" { #expect(conditional == "\(2.0 / 6)") }
    #expect(DrawnList.idColumns(of: list, stageNames: ["county"]) == ["code"])
    let stage = made.earlier.receipt.stages[0]
    #expect(stage.weights?.rawValue == list["county_weights"]?.text(at: 0))
    #expect(stage.cells?.allSatisfy { $0.excluded == 2 && $0.population == 8 } ?? false)
    #expect(stage.exclusions?.first?.ids == (try first.earlier.drawnUnits(stage: 0).selected.sorted()))
    let notes = made.draw.notes.filter { $0.code == "exclusion" }
    #expect(notes.count == 1 && notes[0].message.en.contains("6 units"))
  }
}

@Test("too few units left stop the draw, with every stratum, its numbers and the oldest round")
func tooFewLeft() throws {
  let first = try round(plan("srs", 3, strata: ["half"]), seed: "one")
  let found = findingsOf { _ = try round(plan("srs", 3, strata: ["half"]), seed: "two", after: [first.earlier]) }
  #expect(found.map(\.code) == ["exclusion-leaves-too-few", "exclusion-leaves-too-few"])
  #expect(found[0].value == "1" && found[0].message.en.contains("n = 3") && found[0].message.en.contains("1 are left"))
  #expect(found[0].fix.en.contains("test/rounds"))
  var everyone = plan("srs", 1)
  everyone.take = .all
  let all = try round(everyone, seed: "one")
  for take in [Take.upTo(2), .all, .count(1)] {
    var again = plan("srs", 1)
    again.take = take
    let empty = findingsOf { _ = try round(again, seed: "two", after: [all.earlier]) }
    #expect(empty.map(\.code) == ["exclusion-empties-stratum"])
  }
  var none = plan("srs", 0)
  none.take = .count(0)
  #expect(try round(none, seed: "two", after: [all.earlier]).draw.stages[0].cells[0].sampleSize == 0)
}

@Test("a receipt twice, one of another stage and one of another frame are refused; a unit that left is named")
func wrongReceipts() throws {
  let first = try round(plan("srs", 3), seed: "one")
  #expect(
    refusals { _ = try round(plan("srs", 2), seed: "two", after: [first.earlier, first.earlier]) }
      == ["exclusion-duplicate"]
  )
  var other = plan("srs", 2)
  other.name = "village"
  #expect(refusals { _ = try round(other, seed: "two", after: [first.earlier]) } == ["exclusion-stage"])
  let elsewhere = try round(StagePlan(name: "unit", id: "code", take: .count(2)), seed: "x", frame: bannerFrame())
  #expect(refusals { _ = try round(plan("srs", 2), seed: "two", after: [elsewhere.earlier]) } == ["exclusion-foreign"])
  let gone = try first.earlier.drawnUnits(stage: 0).selected[0]
  let rows = (0..<9).filter { nineUnits["code"]?.text(at: $0) != gone }
  let made = try round(plan("srs", 2), seed: "two", frame: nineUnits.rows(rows), after: [first.earlier])
  #expect(made.draw.stages[0].cells[0].excludedCount == 2)
  let note = try #require(made.draw.notes.first { $0.code == "exclusion-not-in-frame" })
  #expect(note.message.en.contains(": \(gone)."))
}

private func findingsOf(_ body: () throws -> Void) -> [Finding] {
  do {
    try body()
  } catch let refusal as InputRefusal {
    return refusal.findings
  } catch {
    return []
  }
  return []
}
