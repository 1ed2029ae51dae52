import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

private func frame(_ values: [(first: String, second: String, count: Int)]) -> Table {
  let rows = values.flatMap { Array(repeating: $0, count: $0.count) }
  return Table(
    columns: [
      Column("code", texts: rows.indices.map { "u\(100 + $0)" }), Column("p", texts: rows.map(\.first)),
      Column("q", texts: rows.map(\.second)),
    ],
    file: "frame.csv"
  )
}

private func findings(_ table: Table, mustInclude: String? = nil, strata: [String] = ["p", "q"]) -> [Finding] {
  var plan = StagePlan(name: "unit", id: "code", strata: strata, take: .count(2))
  plan.mustInclude = mustInclude
  do {
    _ = try drawStage(plan, frame: table, key: key(stage: "unit"))
  } catch let refusal as InputRefusal {
    return refusal.findings
  } catch {
    Issue.record(error)
  }
  return []
}

@Test("two strata whose values make one text are refused, with both named", arguments: [nil, "code == 'u100'"])
func ambiguousTexts(mustInclude: String?) throws {
  let table = frame([("a, b", "c", 4), ("a", "b, c", 20), ("a", "b", 3)])
  let found = findings(table, mustInclude: mustInclude)
  #expect(found.map(\.code) == ["stratum-ambiguous"])
  #expect(found[0].value == "a, b, c" && found[0].file == "frame.csv")
  #expect(found[0].message.en.contains("(a | b, c)") && found[0].message.en.contains("(a, b | c)"))
  #expect(findings(table, strata: ["p"]).isEmpty && findings(table, strata: ["q"]).isEmpty)
}

@Test("two strata that differ in their Unicode form only are refused, with the code points of the odd one")
func canonicalEquivalents() {
  let found = findings(frame([("caf\u{E9}", "x", 6), ("cafe\u{301}", "x", 10)]))
  #expect(found.map(\.code) == ["stratum-ambiguous"])
  #expect(found.first?.message.en.contains("cafe\\u{301}") ?? false)
  // One form alone is a stratum as any other.
  #expect(findings(frame([("cafe\u{301}", "x", 10)])).isEmpty)
}

@Test("a stratum whose text ends as that of must-include units is refused; elsewhere the words are free")
func reservedEnding() {
  let found = findings(frame([("a", "x (certain)", 4), ("b", "y", 4), ("c, d", "e", 4), ("c", "d, e", 4)]))
  #expect(found.map(\.code).sorted() == ["stratum-ambiguous", "stratum-reserved"])
  #expect(found.first { $0.code == "stratum-reserved" }?.value == "a, x (certain)")
  #expect(findings(frame([("a (certain)", "x", 4), ("a", "(certain)", 4)])).isEmpty)
}

@Test("a draw verifies where the texts of parent and stratum together are those of another parent's stratum")
func parentsAndStrata() throws {
  let parents = Table(columns: [Column("parent", texts: ["a", "a, b"])], file: "parents.csv")
  let rows = [("a", "b, c", 5), ("a, b", "c", 3)].flatMap { Array(repeating: ($0.0, $0.1), count: $0.2) }
  let units = Table(
    columns: [
      Column("code", texts: rows.indices.map { "u\($0)" }), Column("parent", texts: rows.map(\.0)),
      Column("kind", texts: rows.map(\.1)),
    ],
    file: "units.csv"
  )
  let stages = [
    (StagePlan(name: "parent", id: "parent", method: "all", take: .all), parents),
    (StagePlan(name: "unit", id: "code", parent: "parent", strata: ["kind"], take: .count(2)), units),
  ]
  let drawn = try draw(stages: stages, seed: Seed(declared: strongSeed), group: "test/texts")
  #expect(Set(drawn.stages[1].cells.map(\.place)) == ["a, b, c"])
  let frames = [ReceiptFrame(whole: parents), ReceiptFrame(whole: units)]
  let receipt = try Receipt(of: drawn, frames: frames, toolVersion: "0").revealed(by: drawn, frames: frames)
  #expect(verify(receipt, frames: frames).difference == nil)
  var other = receipt
  other.stages[1].cells?[0].population = 8
  #expect(verify(other, frames: frames).difference?.code == "population-differs")
}
