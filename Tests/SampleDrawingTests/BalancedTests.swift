import SampleDrawing
import SurveyData
import SurveyDesign
import TestSupport
import Testing

/// 40 villages in four strata with two balancing columns, a constant one, and coordinates on a grid of
/// which every third point is taken twice.
private func villages(strata: Int = 4, perStratum: Int = 10) -> Table {
  var columns = [String: [String?]]()
  for stratum in 0..<strata {
    for unit in 0..<perStratum {
      let place = stratum * perStratum + unit
      let spot = place % 3 == 1 ? place - 1 : place
      columns["id", default: []].append("v\(1000 + place)")
      columns["stratum", default: []].append("s\(stratum)")
      columns["size", default: []].append(String(20 + (place * 37) % 61 + (unit == 3 ? 60 : 0)))
      columns["poor", default: []].append(String(3 + (place * 17) % 23))
      columns["height", default: []].append("\(900 + (place * 53) % 301).5")
      columns["same", default: []].append("7")
      columns["east", default: []].append(String(spot % 7))
      columns["north", default: []].append(String(spot / 7))
    }
  }
  let names = ["id", "stratum", "size", "poor", "height", "same", "east", "north"]
  return Table(columns: names.map { Column($0, texts: columns[$0] ?? []) }, file: "villages.csv")
}

private func plan(
  _ method: String,
  take: Take = .count(3),
  size: String? = "size",
  strata: [String] = ["stratum"],
  columns: [String]? = nil
) -> StagePlan {
  let isSpatial = method == "local-pivotal"
  let columns = columns ?? (isSpatial ? ["east", "north"] : ["poor", "height"])
  return StagePlan(
    name: "village",
    id: "id",
    strata: strata,
    method: method,
    take: take,
    size: size,
    balance: isSpatial ? [] : columns,
    coordinates: isSpatial ? columns : []
  )
}

private let methods = ["cube", "stratified-cube", "local-pivotal"]

/// 40 units, 3 methods with and without sizes, at 4.5 standard errors (7·10⁻⁶ two-sided): a sound rule
/// raises a false alarm with probability below 0.002 for a new set of seeds; these seeds are fixed.
private let allowedErrors = 4.5

@Test(
  "over replays every unit is taken as often as its probability, and n are taken in every stratum",
  arguments: methods,
  [true, false]
)
func balancedFrequencies(method: String, hasSize: Bool) throws {
  let replays = 3_000
  let frame = villages()
  let plan = plan(method, size: hasSize ? "size" : nil)
  var met = [String: Int]()
  var probability = [String: Double]()
  for replay in 0..<replays {
    let key = try DrawKey(seed: "replay \(replay)", group: "test/balanced", stage: "village")
    for cell in try drawStage(plan, frame: frame, key: key).cells {
      #expect(cell.sampleSize == 3)
      for unit in cell.selected {
        met[unit.id, default: 0] += 1
        probability[unit.id] = unit.inclusionProbability
      }
    }
  }
  #expect(probability.count == 40)
  #expect(abs(probability.values.reduce(0, +) - 12) < 1e-12)
  for (id, expected) in probability {
    let share = Double(met[id] ?? 0) / Double(replays)
    let standardError = (expected * (1 - expected) / Double(replays)).squareRoot()
    #expect(abs(share - expected) <= allowedErrors * standardError, "\(method) \(id): \(share), \(expected)")
  }
}

@Test("the order of the rows changes nothing, where units lie at one point neither", arguments: methods)
func balancedRowOrder(method: String) throws {
  let frame = villages()
  let plan = plan(method)
  let straight = try drawStage(plan, frame: frame, key: key())
  let turned = try drawStage(plan, frame: reversed(frame), key: key())
  #expect(straight.cells.map { $0.units.map(\.id) } == turned.cells.map { $0.units.map(\.id) })
  #expect(straight.balance == turned.balance)
}

@Test("certainty units are taken, units of size 0 are not, and the rest still gives n", arguments: methods)
func balancedCertainty(method: String) throws {
  var frame = villages(strata: 2)
  var sizes = (0..<frame.rowCount).map { frame["size"]?.text(at: $0) }
  (sizes[2], sizes[5], sizes[12]) = ("90000", "0", "0")
  frame.set(Column("size", texts: sizes))
  for replay in 0..<50 {
    let key = try DrawKey(seed: "certain \(replay)", group: "test/balanced", stage: "village")
    let cells = try drawStage(plan(method), frame: frame, key: key).cells
    #expect(cells.map(\.sampleSize) == [3, 3])
    #expect(cells.map(\.certaintyCount) == [1, 0])
    #expect(cells[0].selected.contains { $0.id == "v1002" && $0.inclusionProbability == 1 })
    #expect(!cells.flatMap(\.selected).contains { $0.id == "v1005" || $0.id == "v1012" })
  }
}

@Test("0, 1, all but one and all units can be taken", arguments: methods)
func balancedExtremes(method: String) throws {
  for count in [0, 1, 9, 10] {
    let stage = try drawStage(plan(method, take: .count(count), size: nil), frame: villages(), key: key())
    #expect(stage.cells.allSatisfy { $0.sampleSize == count })
    #expect(stage.cells.allSatisfy { $0.selected.allSatisfy { $0.inclusionProbability == Double(count) / 10 } })
  }
}

@Test("constant and repeated balancing columns are drawn with, and named")
func redundantBalance() throws {
  let seed = try Seed(declared: strongSeed)
  for method in ["cube", "stratified-cube"] {
    let plan = plan(method, size: nil, columns: ["poor", "same", "height", "poor"])
    let drawn = try draw(stages: [(plan, villages())], seed: seed, group: "g")
    let notes = drawn.notes.filter { $0.code == "balance-redundant" }
    #expect(notes.count == 1)
    #expect(drawn.stages[0].redundantBalance == ["same", "poor"])
    let plain = plan.changed { $0.balance = ["poor", "height"] }
    let without = try draw(stages: [(plain, villages())], seed: seed, group: "g")
    #expect(without.notes.isEmpty)
  }
  // A column that goes with another in a proportion of its own in each stratum has a total of its own over strata.
  var frame = villages()
  let levels = (0..<frame.rowCount).map { String(1 + $0 / 10) }
  frame.set(Column("level", texts: levels))
  for (method, redundant) in [("cube", ["same"]), ("stratified-cube", [])] {
    let both = plan(method, columns: ["level", "same"])
    #expect(try drawStage(both, frame: frame, key: key()).redundantBalance == redundant)
  }
  // With sizes the size itself is what the probabilities keep already, and a constant is not.
  let sized = plan("cube", columns: ["size", "same"])
  #expect(try drawStage(sized, frame: villages(), key: key()).redundantBalance == ["size"])
}

/// Mean absolute relative deviation of each balancing column over replays.
private func meanDeviations(_ plan: StagePlan, _ frame: Table, replays: Int) throws -> [Double] {
  var sums = [Double](repeating: 0, count: plan.balance.count)
  for replay in 0..<replays {
    let key = try DrawKey(seed: "balance \(replay)", group: "test/balanced", stage: "village")
    for (place, check) in try drawStage(plan, frame: frame, key: key).balance.enumerated() {
      sums[place] += abs(check.relativeDeviation ?? .nan)
    }
  }
  return sums.map { $0 / Double(replays) }
}

@Test("a balanced sample meets totals far better than a sample that only has the same probabilities")
func balanceShrinks() throws {
  let frame = villages(strata: 4, perStratum: 50)
  let columns = ["poor", "height"]
  func deviations(_ method: String, _ strata: [String], _ count: Int) throws -> [Double] {
    try meanDeviations(
      plan(method, take: .count(count), size: nil, strata: strata, columns: columns),
      frame,
      replays: 200
    )
  }
  // Simple random sampling of 40 from 200 with the same key for every replay: |t̂/t − 1| by hand.
  var plain = [0.0, 0.0]
  let random = plan("srs", take: .count(40), size: nil, strata: []).changed { $0.balance = [] }
  for replay in 0..<200 {
    let key = try DrawKey(seed: "balance \(replay)", group: "test/balanced", stage: "village")
    let cell = try drawStage(random, frame: frame, key: key).cells[0]
    for (place, name) in columns.enumerated() {
      let values = (0..<200).map { Double(frame[name]?.text(at: $0) ?? "") ?? .nan }
      let estimate = cell.selected.reduce(0) { $0 + values[$1.frameRow] } * 5
      plain[place] += abs(estimate / values.reduce(0, +) - 1) / 200
    }
  }
  let cube = try deviations("cube", [], 40)
  let within = try deviations("cube", ["stratum"], 10)
  let together = try deviations("stratified-cube", ["stratum"], 10)
  for place in columns.indices {
    #expect(cube[place] < plain[place] / 4, "\(cube) against \(plain)")
    #expect(together[place] < plain[place] / 4, "\(together) against \(plain)")
    #expect(together[place] < within[place], "\(together) against \(within)")
  }
}

@Test("the stratified cube balances each parent by itself, with the parent's own stream")
func stratifiedWithinParents() throws {
  let counties = bannerFrame(perLeague: 2, leagues: 1)
  let frame = villageFrame(of: counties, perBanner: 12)
  let second = villagePlan.changed {
    $0.method = "stratified-cube"
    $0.take = .count(3)
    $0.balance = ["size"]
    $0.size = nil
    $0.reserves = 0
  }
  let parents = ["150101", "150102"]
  let both = try drawStage(second, frame: frame, parents: parents, key: key(stage: "village"))
  for (place, parent) in parents.enumerated() {
    let alone = try drawStage(second, frame: frame, parents: [parent], key: key(stage: "village"))
    #expect(
      alone.cells.flatMap { $0.units.map(\.id) }
        == both.cells[(2 * place)..<(2 * place + 2)].flatMap { $0.units.map(\.id) }
    )
  }
  #expect(both.cells.allSatisfy { $0.sampleSize == 3 })
}

@Test("columns asked of a method that has no use for them, or missing where needed, are refused")
func measuresOfOtherMethods() {
  func refused(_ plan: StagePlan) -> [String] {
    refusals { _ = try drawStage(plan, frame: villages(), key: key()) }
  }
  #expect(refused(plan("cube", columns: [])) == ["balance-missing"])
  #expect(refused(plan("local-pivotal", columns: [])) == ["coordinates-missing"])
  #expect(refused(plan("srs")) == ["balance-unused"])
  #expect(refused(plan("cube").changed { $0.coordinates = ["east"] }) == ["coordinates-unused"])
  #expect(refused(plan("local-pivotal").changed { $0.balance = ["poor"] }) == ["balance-unused"])
  #expect(refused(plan("cube", columns: ["poors"])) == ["column-missing"])
}

@Test("a value that is missing or no number is named with its row, every row at once", arguments: methods)
func badMeasures(method: String) throws {
  var frame = villages()
  let column = method == "local-pivotal" ? "north" : "height"
  var values = (0..<frame.rowCount).map { frame[column]?.text(at: $0) }
  (values[1], values[7], values[8], values[39]) = (nil, "high", "1e101", "12,5")
  frame.set(Column(column, texts: values))
  let found = findings { _ = try drawStage(plan(method), frame: frame, key: key()) }
  let code = method == "local-pivotal" ? "coordinate-invalid" : "balance-invalid"
  #expect(found.map(\.code) == [code, code, code, code])
  #expect(found.map(\.row) == [3, 9, 10, 41])
  #expect(found.map(\.value) == [nil, "high", "1e101", "12,5"])
  #expect(found.allSatisfy { $0.column == column })
}

@Test("a plan with balancing columns reads back from its receipt, and the draw verifies", arguments: methods)
func balancedReceipt(method: String) throws {
  let frames = [ReceiptFrame(whole: villages())]
  let seed = try Seed(declared: strongSeed)
  let drawn = try draw(stages: [(plan(method), villages())], seed: seed, group: "g")
  let sealed = try Receipt(of: drawn, frames: frames, toolVersion: "0")
  let open = try sealed.revealed(by: drawn, frames: frames)
  let again = try Receipt(json: open.json())
  #expect(again == open)
  #expect(again.stages[0].plan == plan(method))
  #expect(verify(again, frames: [ReceiptFrame(whole: reversed(villages()))]).isVerified)
  var other = open
  other.stages[0].plan.balance = other.stages[0].plan.balance.isEmpty ? [] : ["east"]
  other.stages[0].plan.coordinates = other.stages[0].plan.coordinates.isEmpty ? [] : ["poor"]
  #expect(!verify(other, frames: frames).isVerified)
}
