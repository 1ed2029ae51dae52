import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

private let methodNames = SelectionMethods.all.map(\.name)
private let withoutReplacement = SelectionMethods.all.filter { !$0.isWithReplacement }.map(\.name)

private func plan(_ method: String, _ take: Take, reserves: Int = 0) -> StagePlan {
  StagePlan(
    name: "county",
    id: "code",
    strata: ["league_code"],
    method: method,
    take: take,
    reserves: reserves,
    size: "synthetic_households"
  )
  .withMeasures(["synthetic_households", "code"])
}

private func take(for method: String) -> Take {
  switch method {
  case "all": .all
  case "bernoulli": .rate(0.4)
  default: .count(3)
  }
}

@Test("the order of the rows changes nothing", arguments: methodNames)
func rowOrder(method: String) throws {
  let frame = bannerFrame()
  let plan = plan(method, take(for: method), reserves: method == "srs" ? 2 : 0)
  let straight = try drawStage(plan, frame: frame, key: key())
  let turned = try drawStage(plan, frame: reversed(frame), key: key())
  #expect(straight.cells.map(\.stratum) == turned.cells.map(\.stratum))
  #expect(straight.cells.map { $0.units.map(\.id) } == turned.cells.map { $0.units.map(\.id) })
  #expect(straight.cells.contains { !$0.units.isEmpty })
}

@Test("a census has inclusion probability 1 and leaves nothing to chance", arguments: withoutReplacement)
func census(method: String) throws {
  let stage = try drawStage(plan(method, .all), frame: bannerFrame(), key: key())
  for cell in stage.cells {
    #expect(cell.sampleSize == cell.populationSize)
    #expect(cell.units.allSatisfy { $0.inclusionProbability == 1 })
    #expect(cell.nothingLeftToChance)
  }
}

@Test("an added unit joins or displaces at most one selected unit, all others stay")
func addedUnit() throws {
  let frame = bannerFrame(perLeague: 9, leagues: 1)
  let fewer = frame.rows(Array(0..<8))
  for seed in 0..<40 {
    let key = try key("0011223344556677889900aabbccdd\(10 + seed)")
    let before = try drawStage(plan("srs", .count(3)), frame: fewer, key: key).cells[0].selected.map(\.id)
    let after = try drawStage(plan("srs", .count(3)), frame: frame, key: key).cells[0].selected.map(\.id)
    let newcomers = Set(after).subtracting(before)
    #expect(newcomers.isSubset(of: ["150109"]))
    #expect(Set(before).subtracting(after).count == newcomers.count)
  }
}

@Test("reserves are other units than the selected ones", arguments: ["srs", "systematic", "pps-systematic"])
func reservesDisjoint(method: String) throws {
  for reserves in [1, 3, 5, 50] {
    let stage = try drawStage(plan(method, .count(3), reserves: reserves), frame: bannerFrame(), key: key())
    for cell in stage.cells {
      #expect(Set(cell.units.map(\.id)).count == cell.units.count)
      #expect(cell.reserves.count == min(reserves, cell.populationSize - 3))
      #expect(cell.reserves.map(\.order) == Array(1...cell.reserves.count))
      #expect(cell.nothingLeftToChance == (reserves >= 5))
    }
  }
}

@Test("inclusion probabilities of a fixed-size method add up to n", arguments: ["srs", "systematic"])
func probabilitiesEqual(method: String) throws {
  for cell in try drawStage(plan(method, .count(3)), frame: bannerFrame(), key: key()).cells {
    #expect(cell.selected.allSatisfy { $0.inclusionProbability == 3.0 / 8.0 })
    #expect(cell.sampleSize == 3)
  }
}

@Test("units of size 0 are never taken and are counted")
func sizeZero() throws {
  let frame = Table(columns: [
    Column("code", texts: ["a", "b", "c", "d"]), Column("league_code", texts: ["x", "x", "x", "x"]),
    Column("synthetic_households", texts: ["0", "5", "0", "5"]),
  ])
  let cell = try drawStage(plan("pps-systematic", .all), frame: frame, key: key()).cells[0]
  #expect(Set(cell.units.map(\.id)) == ["b", "d"])
  #expect(cell.sizeZeroCount == 2)
  #expect(cell.sizeTotal == 10)
}

@Test("sort keys order by bytes, by numbers and downwards")
func sortKeys() throws {
  let frame = Table(columns: [
    Column("code", texts: ["a", "b", "c", "d"]), Column("league_code", texts: ["x", "x", "x", "x"]),
    Column("rank", texts: ["10", "9", "9", "100"]),
  ])
  func order(_ sort: SortKey) throws -> [String] {
    var plan = StagePlan(name: "county", id: "code", method: "systematic", take: .all)
    plan.sort = [sort]
    return try drawStage(plan, frame: frame, key: key()).cells[0].units.map(\.id)
  }
  #expect(try order(SortKey("rank")) == ["a", "d", "b", "c"])
  #expect(try order(SortKey("rank", numeric: true)) == ["b", "c", "a", "d"])
  #expect(try order(SortKey("rank", numeric: true, descending: true)) == ["d", "a", "b", "c"])
}

@Test("up to takes what there is, by stratum takes each its own")
func takes() throws {
  let frame = bannerFrame(perLeague: 4)
  let many = try drawStage(plan("srs", .upTo(9)), frame: frame, key: key())
  #expect(many.cells.map(\.sampleSize) == [4, 4, 4])
  let each = try drawStage(
    plan("srs", .byStratum(["1501": .count(1), "1502": .all, "1503": .upTo(3)])),
    frame: frame,
    key: key()
  )
  #expect(each.cells.map(\.sampleSize) == [1, 4, 3])
}
