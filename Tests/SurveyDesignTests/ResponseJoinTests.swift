import Foundation
import SurveyData
import SurveyDesign
import TestSupport
import Testing

private let everyone: [(id: String?, code: String?)] = ["v1-1", "v1-2", "v2-1", "v2-2"].map { ($0, "1") }

@Suite struct ResponseJoinTests {
  @Test("rows stand in the list's order with the list's columns, the answers and the design")
  func table() throws {
    let result = try joined(twoVillages(), responses(everyone.reversed()))
    #expect(try texts("household", result.table) == ["v1-1", "v1-2", "v2-1", "v2-2"])
    for name in [
      "village_code", "answer", "word", "fieldwork_disposition", "design_weight", "design_1_stratum",
      "design_1_unit", "design_1_population", "design_2_stratum", "design_2_unit", "design_2_population",
    ] {
      #expect(result.table[name] != nil, "\(name)")
    }
    #expect(result.design.stages.count == 2 && result.design.stages[1].unit == .row)
    #expect(result.design.stages.map(\.populationSize) == ["design_1_population", "design_2_population"])
    #expect(result.notes.isEmpty && result.design.lonelyUnits == .fail)
  }

  @Test("an ineligible unit has no answers, so that it falls into no domain")
  func ineligible() throws {
    var lines = everyone
    lines[1].code = "6"
    let table = try joined(twoVillages(), responses(lines)).table
    #expect(try texts("fieldwork_disposition", table) == ["respondent", "ineligible", "respondent", "respondent"])
    #expect(try texts("answer", table)[1] == nil && texts("word", table)[1] == nil)
    #expect(try texts("result", table)[1] == "6")
  }

  @Test("a column that the list has already keeps the list's values; the answers' is renamed, and said")
  func collision() throws {
    var answers = responses(everyone)
    answers.set(Column("name", texts: ["a", "b", "c", "d"]))
    let result = try joined(twoVillages(), answers)
    #expect(try texts("name", result.table)[0] == "户v1-1" && texts("response_name", result.table)[0] == "a")
    #expect(result.notes.map(\.code) == ["column-renamed"])
  }

  @Test("without codes every line is an interview")
  func noCodes() throws {
    let result = try joined(twoVillages(), responses([("v1-1", nil), ("v2-1", nil)]), outcome: nil)
    #expect(result.table.rowCount == 2 && result.counts[0].respondents == 2)
  }

  @Test("a method with replacement gives no population size to the variance")
  func withReplacement() throws {
    let repeated = [ListedStage(name: "village", id: "village_code", chances: .withReplacement), stages[1]]
    let result = try joined(twoVillages(), responses(everyone), stages: repeated)
    #expect(result.design.stages[0].populationSize == nil && result.design.stages[1].populationSize != nil)
  }

  private static let sized = [
    ListedStage(name: "village", id: "village_code", chances: .unequal),
    ListedStage(name: "household", id: "household", chances: .unequal),
  ]

  @Test("unequal chances reach the variance at every stage, lowered by those that did not come back")
  func unequal() throws {
    var lines = twoVillages()
    for place in 2...3 { lines[place].villageProbability = 0.8 }
    lines[1].householdProbability = 0.4
    let result = try joined(lines, responses(everyone), stages: Self.sized)
    #expect(result.design.stages.map(\.isProportional) == [true, true])
    #expect(result.design.stages.map(\.populationSize) == ["design_1_probability", "design_2_probability"])
    #expect(result.design.stages.map(\.unit) == [.column("design_1_unit"), .column("design_2_unit")])
    #expect(try numbers("design_1_probability", result.table) == [0.5, 0.5, 0.8, 0.8])
    #expect(try numbers("design_2_probability", result.table) == [0.2, 0.4, 0.2, 0.2])
    // Of the weights 5 + 2.5 the first household brings 5: it stands for both, and its chance is 0.2 · 5/7.5.
    let lost = try joined(lines, responses([("v1-1", "1"), ("v2-1", "1"), ("v2-2", "1")]), stages: Self.sized)
    let chances = try numbers("design_2_probability", lost.table)
    // Alone in its village: it has no variance of its own, which is said.
    #expect(chances == [1, 0.2, 0.2] && lost.notes.map(\.code).contains("unit-alone"))
    #expect(try numbers("design_weight", lost.table)[0] == 15)
  }

  @Test(
    "units that were certain are a stratum of their own; one other beside them stays with them below the first stage"
  )
  func certain() throws {
    var lines = twoVillages()
    lines += [Line(village: "v3", household: "v3-1"), Line(village: "v3", household: "v3-2")]
    for place in 0...1 { lines[place].villageProbability = 1 }
    lines[2].householdProbability = 1
    let answers = responses(everyone + [("v3-1", "1"), ("v3-2", "1")])
    let result = try joined(lines, answers, stages: Self.sized)
    #expect(
      try texts("design_1_stratum", result.table) == [
        "poor (certain)", "poor (certain)", "poor", "poor", "poor", "poor",
      ]
    )
    #expect(try texts("design_2_stratum", result.table) == ["P2", "P2", "P2", "P2", "P2", "P2"])
  }

  @Test("systematic stages bring the list's order where successive differences are wanted, and only then")
  func systematic() throws {
    let listed = [stages[0], ListedStage(name: "household", id: "household", isSystematic: true)]
    let plain = try joined(twoVillages(), responses(everyone), stages: listed)
    #expect(plain.design.stages[1].order == nil && plain.design.stages[1].unit == .row)
    let ordered = try joined(twoVillages(), responses(everyone.reversed()), stages: listed, takesDifferences: true)
    #expect(ordered.design.stages[0].order == nil && ordered.design.stages[1].order == .column("design_2_order"))
    #expect(ordered.design.stages[1].unit == .column("design_2_unit"))
    #expect(try numbers("design_2_order", ordered.table) == [1, 2, 3, 4])
  }

  @Test("a village's form is joined at the villages' stage, one row a village")
  func earlierStage() throws {
    let result = try joined(twoVillages(), responses([("v1", "1"), ("v2", "1")]), unitStage: 0)
    #expect(result.table.rowCount == 2 && result.design.stages.count == 1)
    #expect(try numbers("design_weight", result.table) == [2, 2])
  }

  @Test("a stratum of which one unit came back joins its neighbour in the variance, not in the weights")
  func joinedStrata() throws {
    let lines =
      twoVillages() + [
        Line(village: "v1", household: "v1-9", householdClass: "N1", households: 6, householdProbability: 1.0 / 6),
        Line(village: "v2", household: "v2-9", householdClass: "N1", households: 1, householdProbability: 1),
      ]
    let result = try joined(lines, responses(everyone + [("v1-9", "1"), ("v2-9", "1")]))
    let strata = try texts("design_2_stratum", result.table)
    let sizes = try numbers("design_2_population", result.table)
    let weights = try numbers("design_weight", result.table)
    for (row, id) in try texts("household", result.table).enumerated() {
      switch id {
      case "v1-1", "v1-9": #expect(strata[row] == "N1 + P2" && sizes[row] == 16)
      case "v2-9": #expect(strata[row] == "N1" && sizes[row] == 1 && weights[row] == 2)
      case "v2-1": #expect(strata[row] == "P2" && sizes[row] == 10)
      default: break
      }
      if id == "v1-9" { #expect(abs(weights[row] - 12) < 1e-9) }
    }
    #expect(result.notes.map(\.code) == ["strata-joined"])
  }

  @Test("a single unit without a neighbour adds nothing, and that is said")
  func alone() throws {
    let result = try joined(twoVillages(), responses(everyone.filter { $0.id != "v2-2" }))
    #expect(try numbers("design_2_population", result.table) == [10, 10, 1])
    #expect(result.notes.map(\.code).contains("unit-alone"))
  }

  @Test("villages without any return are named")
  func emptyVillage() throws {
    let notes = try joined(twoVillages(), responses([("v1-1", "1"), ("v1-2", "1")])).notes
    #expect(notes.map(\.code).contains("return-missing"))
    #expect(notes.first { $0.code == "unit-without-response" }?.message.en.contains("v2") == true)
  }

  @Test("response is counted by disposition, code and group; weighted rates speak of the selected")
  func counts() throws {
    var reserve = Line(village: "v2", household: "v2-7")
    reserve.role = "reserve"
    let answers = responses([("v1-1", "1"), ("v1-2", "6"), ("v2-1", "3"), ("v2-7", "1")])
    let counts = try joined(twoVillages() + [reserve], answers, group: "village_code").counts
    #expect(counts.map(\.group) == ["", "v1", "v2"])
    let all = counts[0]
    #expect(all.selected == 4 && all.respondents == 2 && all.nonrespondents == 1 && all.ineligible == 1)
    #expect(all.withoutReturn == 1 && all.reservesUsed == 1 && all.codes == ["1": 2, "3": 1, "6": 1])
    #expect(all.weightedEligible == 30 && all.weightedRespondents == 10)
    #expect(counts[1].selected + counts[2].selected == all.selected)
  }
}

@Suite struct ResponseRefusalTests {
  private func codes(_ lines: [Line], _ answers: Table) -> [String] {
    findings { _ = try joined(lines, answers) }.map(\.code)
  }

  @Test("units not drawn, answered twice, without id or with an unknown code are refused, all at once")
  func bad() {
    let answers = responses([("v1-1", "1"), ("v9-9", "1"), ("v1-1", "1"), (nil, "1"), ("v1-2", "77"), ("v2-1", nil)])
    let found = findings { _ = try joined(twoVillages(), answers) }
    #expect(
      found.map(\.code) == [
        "response-not-drawn", "id-duplicate", "response-not-drawn", "result-code-unknown", "result-code-unknown",
      ]
    )
    #expect(found.map(\.row) == [3, 4, 5, 6, 7] && found.allSatisfy { $0.file == "responses.csv" })
    #expect(found[1].message.en.contains("row 2") && found[3].fix.en.contains("1, 3, 6, 8"))
  }

  @Test("when nobody was interviewed there is nothing to estimate")
  func nobody() {
    #expect(codes(twoVillages(), responses([("v1-1", "3"), ("v2-1", "6")])) == ["responses-none"])
    #expect(codes(twoVillages(), responses([])) == ["responses-none"])
  }

  @Test("a missing id or result column is named")
  func columns() {
    let noCode = Table(columns: [Column("id", texts: ["v1-1"])], file: "responses.csv")
    #expect(codes(twoVillages(), noCode) == ["column-missing"])
    let noId = Table(columns: [Column("result", texts: ["1"])], file: "responses.csv")
    #expect(codes(twoVillages(), noId) == ["column-missing"])
  }

  @Test("a list that lost its design, or holds a unit under two parents, is refused")
  func brokenList() {
    var lines = twoVillages()
    lines[0].householdProbability = 0
    lines[1].households = .nan
    #expect(codes(lines, responses(everyone)) == ["list-line", "list-line"])
    var twice = twoVillages()
    twice[2].household = "v1-1"
    #expect(codes(twice, responses(everyone)).contains("id-duplicate"))
  }
}

@Suite struct TakeTests {
  @Test("a take is written and read back as the same")
  func roundTrip() throws {
    for take: Take in [
      .all, .count(3), .upTo(8), .rate(0.1), .byStratum(["P1": .all, "P2": .upTo(20), "N0": .count(1)]),
    ] {
      let data = try JSONEncoder().encode(take)
      #expect(try JSONDecoder().decode(Take.self, from: data) == take)
    }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Take.self, from: Data("\"some\"".utf8)) }
  }
}
