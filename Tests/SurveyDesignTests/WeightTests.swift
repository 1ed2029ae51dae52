import SurveyData
import SurveyDesign
import Testing

@Suite struct WeightTests {
  private func isNear(_ found: Double?, _ wanted: Double) -> Bool { abs((found ?? .nan) - wanted) < 1e-9 }

  private func total(_ weights: [String: Double]) -> Double { weights.values.reduce(0, +) }

  private func weights(_ lines: [Line], _ codes: [String: String]) throws -> [String: Double] {
    let answers = lines.compactMap(\.household).compactMap { id in codes[id].map { (id: id, code: $0) } }
    let result = try joined(lines, responses(answers.map { (id: $0.id, code: $0.code) }))
    let ids = try texts("household", result.table).map { $0 ?? "" }
    return Dictionary(uniqueKeysWithValues: zip(ids, try numbers("design_weight", result.table)))
  }

  @Test("when everyone answers the weights are the draw's")
  func complete() throws {
    let result = try weights(twoVillages(), ["v1-1": "1", "v1-2": "1", "v2-1": "1", "v2-2": "1"])
    #expect(result == ["v1-1": 10, "v1-2": 10, "v2-1": 10, "v2-2": 10])
  }

  @Test("who is left of a stratum carries those who did not answer; the sum stays the population")
  func nonresponse() throws {
    for code in ["3", "8"] {
      let result = try weights(twoVillages(), ["v1-1": "1", "v1-2": code, "v2-1": "1", "v2-2": "1"])
      #expect(result == ["v1-1": 20, "v2-1": 10, "v2-2": 10])
    }
    let silent = try weights(twoVillages(), ["v1-1": "1", "v2-1": "1", "v2-2": "1"])
    #expect(silent == ["v1-1": 20, "v2-1": 10, "v2-2": 10])
  }

  @Test("an ineligible unit keeps its place and its weight: it stands for others that are not there either")
  func ineligible() throws {
    let result = try weights(twoVillages(), ["v1-1": "1", "v1-2": "6", "v2-1": "1", "v2-2": "1"])
    #expect(result == ["v1-1": 10, "v1-2": 10, "v2-1": 10, "v2-2": 10])
  }

  @Test("a village that gave nothing is carried by the villages of its stratum")
  func emptyVillage() throws {
    let result = try weights(twoVillages(), ["v1-1": "1", "v1-2": "1", "v2-1": "3"])
    #expect(result == ["v1-1": 20, "v1-2": 20])
  }

  @Test("a class without an answer in one village goes to the same class of the same first-stage unit, or is lost")
  func emptyClass() throws {
    let three = [
      ListedStage(name: "county", id: "county"), ListedStage(name: "village", id: "village_code"),
      ListedStage(name: "household", id: "household"),
    ]
    var table = list(
      twoVillages()
        + [
          Line(village: "v1", household: "v1-9", householdClass: "N1"),
          Line(village: "v2", household: "v2-9", householdClass: "N1"),
        ].map {
          var line = $0
          line.households = 5
          line.householdProbability = 0.2
          return line
        }
    )
    table.set(Column("county", texts: (0..<6).map { _ in "c" }))
    table.set(Column("county_stratum", texts: (0..<6).map { _ in "l" }))
    table.set(Column("county_population", numbers: (0..<6).map { _ in 3 }))
    table.set(Column("county_probability", numbers: (0..<6).map { _ in 1.0 / 3 }))
    func sum(_ ids: [String]) throws -> ([String: Double], [String]) {
      let result = try fieldworkTable(
        list: table,
        stages: three,
        unitStage: 2,
        responses: responses(ids.map { (id: $0, code: "1") }),
        responseID: "id",
        outcome: outcome,
        groupColumn: nil,
        lonelyUnits: .fail
      )
      let found = try texts("household", result.table).map { $0 ?? "" }
      let weights = Dictionary(uniqueKeysWithValues: zip(found, try numbers("design_weight", result.table)))
      return (weights, result.notes.map(\.code))
    }
    let all = ["v1-1", "v1-2", "v2-1", "v2-2", "v1-9", "v2-9"]
    let (full, _) = try sum(all)
    // Three counties of four villages with ten exited and five other households each.
    #expect(isNear(total(full), 180))
    let (spread, notes) = try sum(all.filter { $0 != "v1-9" })
    #expect(isNear(total(spread), 180))
    #expect(isNear(spread["v2-9"], 2 * (full["v2-9"] ?? 0)))
    #expect(notes.contains("stratum-without-response"))
    let (lost, lostNotes) = try sum(Array(all.prefix(4)))
    #expect(isNear(total(lost), 120) && lostNotes.contains("stratum-lost"))
  }

  @Test("weights add to the population of every stratum that answered, whoever is missing", arguments: 1..<16)
  func population(answered: Int) throws {
    var codes = [String: String]()
    for (place, line) in twoVillages().enumerated() {
      codes[line.household ?? ""] = answered & (1 << place) != 0 ? "1" : "3"
    }
    let result = try weights(twoVillages(), codes)
    #expect(isNear(total(result), 40))
  }

  @Test("a reserve in use stands for the unit that it replaced")
  func reserve() throws {
    var reserve = Line(village: "v1", household: "v1-7")
    reserve.role = "reserve"
    reserve.householdProbability = 0.125
    let lines = twoVillages() + [reserve]
    let result = try weights(lines, ["v1-1": "1", "v1-2": "3", "v1-7": "1", "v2-1": "1", "v2-2": "1"])
    #expect(result == ["v1-1": 10, "v1-7": 10, "v2-1": 10, "v2-2": 10])
    let unused = try weights(lines, ["v1-1": "1", "v1-2": "1", "v2-1": "1", "v2-2": "1"])
    #expect(unused["v1-7"] == nil && total(unused) == 40)
  }

  @Test("unequal probabilities keep their proportion")
  func unequal() throws {
    var lines = twoVillages()
    lines[0].householdProbability = 0.5
    let result = try weights(lines, ["v1-1": "1", "v1-2": "1", "v2-1": "1", "v2-2": "1"])
    #expect(result["v1-1"] == 4 && result["v1-2"] == 10)
    let alone = try weights(lines, ["v1-1": "1", "v2-1": "1", "v2-2": "1"])
    #expect(isNear(alone["v1-1"], 14))
  }
}
