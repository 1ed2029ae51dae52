import SurveyData
import SurveySimulation
import TestSupport
import Testing

private let model = PopulationModel.innerMongolia2018

private func population(
  seed: String = "tests",
  villages: Table = TwelveCounties.villages(perCounty: 4)
) throws -> Population {
  try Population(model: model, seed: seed, counties: TwelveCounties.counties, villages: villages)
}

/// A table as one text, so that two can be compared to the last bit of their numbers.
private func text(_ table: Table) -> String {
  var lines = [table.columnNames.joined(separator: ",")]
  for row in 0..<table.rowCount {
    lines.append(table.columns.map { $0.text(at: row) ?? "" }.joined(separator: ","))
  }
  return lines.joined(separator: "\n")
}

/// FNV-1a, to pin what a seed gives in one number.
private func fingerprint(_ text: String) -> UInt64 {
  text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
}

private func allCodes(_ population: Population) -> [String] { population.villages.map(\.code) }

@Suite struct PopulationTests {
  @Test("a seed gives the same registers and answers, bit for bit, as on the day this was written")
  func pinned() throws {
    let population = try population()
    let register = try population.register(ofVillages: Array(allCodes(population).prefix(5)))
    let answers = try population.answers(ofHouseholds: try register.column("synthetic_household"))
    #expect(fingerprint(text(register)) == 17_581_519_862_435_990_885)
    #expect(fingerprint(text(answers)) == 1_117_263_576_943_983_488)
  }

  @Test("another seed gives another population")
  func otherSeed() throws {
    let one = try population()
    let other = try population(seed: "tests2")
    let codes = Array(allCodes(one).prefix(3))
    #expect(text(try one.register(ofVillages: codes)) == text(try population().register(ofVillages: codes)))
    #expect(text(try one.register(ofVillages: codes)) != text(try other.register(ofVillages: codes)))
  }

  @Test("a village does not depend on the others, on their order, or on what was asked before")
  func independence() throws {
    let table = TwelveCounties.villages(perCounty: 4)
    let whole = try population()
    let turned = try population(villages: table.rows(Array((0..<table.rowCount).reversed())))
    let alone = try population(villages: table.rows([7]))
    let code = alone.villages[0].code
    let register = text(try whole.register(ofVillages: [code]))
    #expect(register == text(try turned.register(ofVillages: [code])))
    #expect(register == text(try alone.register(ofVillages: [code])))
    let pair = try whole.register(ofVillages: [allCodes(whole)[2], code])
    let first = try whole.register(ofVillages: [allCodes(whole)[2]])
    #expect(pair.rowCount == first.rowCount + (try alone.register(ofVillages: [code])).rowCount)
    #expect(text(pair.rows(Array(first.rowCount..<pair.rowCount))) == register)
  }

  @Test("answers belong to a household, not to the list they were asked with")
  func answersAlone() throws {
    let population = try population()
    let ids = try population.register(ofVillages: Array(allCodes(population).prefix(2))).column("synthetic_household")
    let all = try population.answers(ofHouseholds: ids)
    let some = [40, 3, 17]
    #expect(text(try population.answers(ofHouseholds: ids.rows(some))) == text(all.rows(some)))
  }

  @Test("every column that is not the frame's says that it is synthetic")
  func columns() throws {
    let population = try population()
    let register = try population.register(ofVillages: [allCodes(population)[0]])
    for name in register.columnNames where !["village_code", "county_code"].contains(name) {
      #expect(name.hasPrefix("synthetic_"), "\(name)")
    }
    for name in population.truth().table.columnNames where !["level", "code", "indicator"].contains(name) {
      #expect(name.hasPrefix("synthetic_"), "\(name)")
    }
    let villages = TwelveCounties.villages(perCounty: 4)
    let synthesized = try population.synthesize(villages: villages)
    #expect(
      Set(synthesized.columnNames).subtracting(villages.columnNames)
        == ["synthetic_poor_village", "synthetic_households"]
    )
    for answers in [
      try population.answers(ofHouseholds: try register.column("synthetic_household")),
      try population.answers(ofVillages: Column("village", texts: [allCodes(population)[0]])),
    ] {
      let marks = try answers.column("synthetic")
      #expect((0..<answers.rowCount).allSatisfy { marks.text(at: $0) == "1" })
    }
  }

  @Test("household ids are unique over the region and lead back to their village")
  func identifiers() throws {
    let population = try population()
    let register = try population.register(ofVillages: allCodes(population))
    let ids = try register.column("synthetic_household").codedText
    #expect(ids.levels.count == register.rowCount)
    #expect(register.rowCount == population.villages.reduce(0) { $0 + $1.householdCount })
    let villages = try register.column("village_code")
    for row in stride(from: 0, to: register.rowCount, by: 97) {
      #expect(ids.levels[Int(ids.codes[row])].hasPrefix((villages.text(at: row) ?? "?") + "-"))
    }
  }
}

@Suite struct PopulationRefusalTests {
  @Test("unknown statuses, missing and repeated codes are refused, all at once")
  func counties() {
    let counties = Table(
      columns: [
        Column("code", texts: ["a", "a", nil]), Column("league_code", texts: ["l", "l", "l"]),
        Column("poverty_status", texts: ["national", "poor", "none"]),
      ],
      file: "counties.csv"
    )
    let found = findings {
      _ = try Population(
        model: model,
        seed: "s",
        counties: counties,
        villages: TwelveCounties.villages(perCounty: 1)
      )
    }
    #expect(found.map(\.code).sorted() == ["code-missing", "id-duplicate", "poverty-status-unknown"])
    #expect(found.allSatisfy { $0.file == "counties.csv" && $0.row != nil })
  }

  @Test("villages and households that the population lacks are refused by name")
  func unknown() throws {
    let population = try population()
    #expect(findings { _ = try population.register(ofVillages: ["nowhere"]) }.map(\.code) == ["village-unknown"])
    let village = allCodes(population)[0]
    let ids = Column("household", texts: [village + "-0001", village + "-1", village + "-9999", "x", nil])
    let found = findings { _ = try population.answers(ofHouseholds: ids) }
    #expect(found.map(\.code) == Array(repeating: "household-unknown", count: 4))
  }
}
