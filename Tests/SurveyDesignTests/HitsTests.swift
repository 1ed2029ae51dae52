import SurveyData
import SurveyDesign
import Testing

/// What estimation reads of a list drawn with replacement, and of reserves without a stated probability.
@Suite struct HitsTests {
  private func table(_ list: Table) throws -> FieldworkTable {
    try fieldworkTable(
      list: list,
      stages: stages,
      unitStage: 1,
      responses: responses(["v1-1", "v1-2", "v2-1", "v2-2"].map { ($0, "1") }),
      responseID: "id",
      outcome: outcome,
      groupColumn: nil,
      lonelyUnits: .fail
    )
  }

  private func expectedHits() -> [Line] {
    var lines = twoVillages()
    for place in 0..<2 { lines[place].villageProbability = 1.25 }
    return lines
  }

  @Test("a village hit twice weighs twice the inverse of its expected hits")
  func weights() throws {
    var drawn = list(expectedHits())
    drawn.set(Column("village_hits", numbers: [2, 2, 1, 1]))
    #expect(throws: InputRefusal.self) { try table(list(expectedHits())) }
    // 2 / 1.25 · 5 and 1 / 0.5 · 5.
    let found = try numbers("design_weight", try table(drawn).table)
    #expect(zip(found, [8.0, 8, 10, 10]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test("hits that are no whole number of at least 1 are refused", arguments: [0, 1.5, -1])
  func badHits(hits: Double) {
    var drawn = list(expectedHits())
    drawn.set(Column("village_hits", numbers: [hits, hits, 1, 1]))
    #expect(throws: InputRefusal.self) { try table(drawn) }
  }

  @Test("a reserve may have no stated probability, a selected unit may not")
  func reserves() throws {
    var lines = twoVillages()
    lines.append(Line(village: "v2", household: "v2-3", householdProbability: .nan, role: "reserve"))
    #expect(try table(list(lines)).table.rowCount == 4)
    lines[4].role = "selected"
    #expect(throws: InputRefusal.self) { try table(list(lines)) }
  }
}
