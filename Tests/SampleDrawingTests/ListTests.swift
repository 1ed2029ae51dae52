import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

@Test("the list has one line for each last-stage unit, weights that expand to the frame, and codes as text")
func listOfTwoStages() throws {
  let counties = bannerFrame()
  let villages = villageFrame(of: counties)
  var secondPlan = villagePlan
  secondPlan.method = "srs"
  let drawn = try draw(
    stages: [(countyPlan, counties), (secondPlan, villages)],
    seed: Seed(declared: strongSeed),
    group: "g"
  )
  let list = DrawnList.table(of: drawn, frames: [counties, villages])
  #expect(
    list.columnNames == [
      "order", "role", "code", "league_code", "name", "county_stratum", "county_population", "county_sample",
      "county_probability", "village", "county_code", "kind", "size", "village_name", "village_stratum",
      "village_population", "village_sample", "village_probability", "inclusion_probability", "weight",
    ]
  )
  // 3 leagues × 2 banners × 2 kinds × (2 villages + 1 reserve), and one reserve banner a league.
  #expect(list.rowCount == 3 * 2 * 2 * 3 + 3)
  let selected = (0..<list.rowCount).filter { list["role"]?.text(at: $0) == "selected" }
  #expect(selected.count == 24)
  #expect(selected.map { list["order"]?.text(at: $0) } == (1...24).map { String($0) })
  var total = 0.0
  for row in 0..<list.rowCount {
    let weight = list["weight"]?.text(at: row)
    #expect((weight == nil) == !selected.contains(row))
    if let weight { total += Double(weight) ?? .nan }
    if let village = list["village"]?.text(at: row), let code = list["code"]?.text(at: row) {
      #expect(village.hasPrefix(code))
    }
  }
  // Simple random sampling in every stratum: the weights add up to the villages of the frame exactly.
  #expect(abs(total - Double(villages.rowCount)) < 1e-9)
  #expect(list["county_population"]?.text(at: 0) == "8")
  #expect(list["village_population"]?.text(at: 0) == "3")
}

@Test("a stage without strata is one stratum named all, and private columns stay out")
func listWithoutStrata() throws {
  let counties = bannerFrame()
  let plan = StagePlan(
    name: "county",
    id: "code",
    method: "pps-systematic",
    take: .count(5),
    size: "synthetic_households"
  )
  let drawn = try draw(stages: [(plan, counties)], seed: Seed(declared: strongSeed), group: "g")
  let list = DrawnList.table(of: drawn, frames: [counties])
  #expect(list["county_stratum"]?.text(at: 0) == "all")
  #expect(list["synthetic_households"] == nil)
  #expect(list.rowCount == 5)
  for row in 0..<5 {
    let probability = list["inclusion_probability"]?.text(at: row).flatMap { Double($0) } ?? .nan
    let weight = list["weight"]?.text(at: row).flatMap { Double($0) } ?? .nan
    #expect(abs(probability * weight - 1) < 1e-15)
  }
}

@Test("a draw says where nothing is left to chance, where reserves are short and what is never taken")
func notes() throws {
  let frame = Table(columns: [
    Column("code", texts: ["a", "b", "c", "d", "e", "f"]),
    Column("league_code", texts: ["x", "x", "y", "y", "y", "y"]),
    Column("size", texts: ["1", "1", "1", "1", "1", "0"]),
  ])
  let seed = try Seed(declared: strongSeed)
  var plan = StagePlan(name: "county", id: "code", strata: ["league_code"], take: .count(1), reserves: 1)
  let drawn = try draw(stages: [(plan, frame)], seed: seed, group: "g")
  #expect(drawn.notes.map(\.code) == ["nothing-left-to-chance"])
  #expect(drawn.notes[0].message.en.hasSuffix("in these strata: x."))
  plan.method = "pps-systematic"
  plan.size = "size"
  plan.reserves = 2
  let sized = try draw(stages: [(plan, frame)], seed: seed, group: "g")
  #expect(sized.notes.map(\.code) == ["nothing-left-to-chance", "reserves-short", "size-zero"])
  #expect(sized.notes[1].message.en.hasSuffix("(there are / asked for): x 1 / 2."))
  #expect(sized.notes[2].message.en.hasSuffix("strata: y."))
  #expect(sized.notes.allSatisfy { $0.severity == .note })
}
