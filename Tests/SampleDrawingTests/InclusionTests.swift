import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

/// With 9 units and 3 methods (and 36 pairs for srs) at 4.5 standard errors, a sound rule raises a false
/// alarm with probability below 63 · 7·10⁻⁶ = 0.0005 for a new set of seeds; these seeds are fixed.
private let allowedErrors = 4.5
private let replays = 4_000

private let smallFrame = Table(columns: [
  Column("code", texts: ["a", "b", "c", "d", "e", "f", "g", "h", "i"]),
  Column("size", texts: ["3", "1", "4", "1", "5", "9", "2", "6", "40"]),
])

@Test(
  "over replays every unit is taken as often as its probability",
  arguments: ["srs", "systematic", "pps-systematic"]
)
func frequencies(method: String) throws {
  let plan = StagePlan(name: "unit", id: "code", method: method, take: .count(4), size: "size")
  var met = [String: Int]()
  var probability = [String: Double]()
  for replay in 0..<replays {
    let key = try DrawKey(seed: "replay \(replay)", group: "test/inclusion", stage: "unit")
    let cell = try drawStage(plan, frame: smallFrame, key: key).cells[0]
    #expect(cell.sampleSize == 4)
    for unit in cell.selected {
      met[unit.id, default: 0] += 1
      probability[unit.id] = unit.inclusionProbability
    }
  }
  #expect(probability.count == 9)
  for (id, expected) in probability {
    let share = Double(met[id] ?? 0) / Double(replays)
    let standardError = (expected * (1 - expected) / Double(replays)).squareRoot()
    #expect(abs(share - expected) <= allowedErrors * standardError, "\(method) \(id): \(share), \(expected)")
  }
  // π of units that are never drawn would go unseen above: together they must give n.
  #expect(abs(probability.values.reduce(0, +) - 4) < 1e-12)
}

@Test("over replays every pair is taken together as often as simple random sampling says")
func pairFrequencies() throws {
  let plan = StagePlan(name: "unit", id: "code", method: "srs", take: .count(4))
  var met = [String: Int]()
  for replay in 0..<replays {
    let key = try DrawKey(seed: "pair \(replay)", group: "test/inclusion", stage: "unit")
    let ids = try drawStage(plan, frame: smallFrame, key: key).cells[0].selected.map(\.id).sorted()
    for (place, id) in ids.enumerated() {
      for other in ids[(place + 1)...] { met[id + other, default: 0] += 1 }
    }
  }
  let expected = 4.0 * 3 / (9 * 8)
  let standardError = (expected * (1 - expected) / Double(replays)).squareRoot()
  #expect(met.count == 36)
  for (pair, count) in met {
    #expect(abs(Double(count) / Double(replays) - expected) <= allowedErrors * standardError, "\(pair)")
  }
}
