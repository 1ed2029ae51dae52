import SampleDrawing
import SurveyData
import SurveyDesign
import TestSupport
import Testing

private func frame(ids: [String?], sizes: [String?]? = nil, strata: [String?]? = nil) -> Table {
  Table(
    columns: [
      Column("code", texts: ids), Column("league_code", texts: strata ?? ids.map { _ in "x" }),
      Column("size", texts: sizes ?? ids.map { _ in "1" }),
    ],
    file: "frame.csv"
  )
}

private func draws(_ frame: Table, _ plan: StagePlan) -> [String] {
  refusals { _ = try drawStage(plan, frame: frame, key: key()) }
}

private let onePlan = StagePlan(name: "county", id: "code", strata: ["league_code"], take: .count(1))

@Test(
  "a seed of less than 128 countable bits is refused",
  arguments: [
    "2018", String(repeating: "7", count: 38), String(repeating: "a", count: 31), "a sentence nobody knows",
    "dice" + String(repeating: " 4", count: 49), "dice" + String(repeating: " 7", count: 60),
  ]
)
func weakSeed(text: String) throws {
  #expect(refusals { _ = try Seed(declared: text) } == ["seed-weak"])
  #expect(refusals { _ = try Seed(contributions: [text]) } == ["seed-weak"])
  #expect(try Seed(declared: text, weakReason: "rehearsal").weakReason == "rehearsal")
}

@Test(
  "32 hex digits, 39 decimal digits or 50 dice are enough, and record no reason",
  arguments: [
    String(repeating: "a1", count: 16), String(repeating: "7", count: 39),
    "dice" + String(repeating: " 4", count: 50),
  ]
)
func strongSeeds(text: String) throws {
  #expect(try Seed(declared: text, weakReason: "not needed").weakReason == nil)
}

@Test("contributions add up their bits")
func addedBits() throws {
  let half = String(repeating: "a1", count: 8)
  #expect(refusals { _ = try Seed(contributions: [half]) } == ["seed-weak"])
  #expect(refusals { _ = try Seed(contributions: [half, half]) }.isEmpty)
}

@Test(
  "a seed text with control characters, edge blanks or another Unicode form is refused",
  arguments: ["", " x", "x ", "x\u{3000}", "a\tb", "a\r", "e\u{301}", "a\u{85}b", "\u{FEFF}x"]
)
func seedTexts(text: String) {
  #expect(refusals { _ = try Seed(declared: text, weakReason: "test") } == ["seed-text"])
}

@Test("a seed file loses one final line feed and nothing else")
func seedFile() throws {
  #expect(try Seed.text(ofFile: Array("abc\n".utf8), named: "seed.txt") == "abc")
  #expect(try Seed.text(ofFile: Array("abc".utf8), named: "seed.txt") == "abc")
  for bytes in [Array("abc\n\n".utf8), Array("abc\r\n".utf8), Array(" abc\n".utf8), [0xFF, 0x41], []] {
    #expect(refusals { _ = try Seed.text(ofFile: bytes, named: "seed.txt") } == ["seed-text"])
  }
}

@Test("n > N names every stratum that is too small")
func tooMany() {
  let small = frame(ids: ["1", "2", "3", "4"], strata: ["x", "x", "y", "z"])
  var plan = onePlan
  plan.take = .count(2)
  do {
    _ = try drawStage(plan, frame: small, key: key())
    Issue.record("it was drawn")
  } catch let refusal as InputRefusal {
    #expect(refusal.findings.map(\.code) == ["sample-exceeds-population", "sample-exceeds-population"])
    #expect(refusal.findings.map(\.value) == ["y", "z"])
    #expect(
      refusal.findings.allSatisfy { $0.message.en.contains("n = 2") && $0.message.zh.contains("N = 1") }
    )
  } catch {
    Issue.record("\(error)")
  }
}

@Test(
  "n above the units of positive size is refused for unequal probabilities",
  arguments: ["pps-systematic", "poisson"]
)
func tooManyOfSizeZero(method: String) {
  var plan = onePlan
  plan.method = method
  plan.size = "size"
  plan.take = .count(2)
  #expect(draws(frame(ids: ["1", "2"], sizes: ["4", "0"]), plan) == ["sample-exceeds-population"])
}

@Test("every repeated id is named with both rows, across strata too")
func duplicates() {
  let twice = frame(ids: ["1", "2", "1", "1"], strata: ["x", "x", "y", "y"])
  do {
    _ = try drawStage(onePlan, frame: twice, key: key())
    Issue.record("it was drawn")
  } catch let refusal as InputRefusal {
    #expect(refusal.findings.map(\.code) == ["id-duplicate", "id-duplicate"])
    #expect(refusal.findings.map(\.row) == [4, 5])
    #expect(refusal.findings.allSatisfy { $0.message.en.contains("row 2") })
  } catch {
    Issue.record("\(error)")
  }
}

@Test("ids that start anew in every parent are refused over the whole stage")
func idsWithinParent() {
  let villages = Table(columns: [
    Column("county", texts: ["a", "a", "b", "b"]), Column("village", texts: ["1", "2", "1", "2"]),
  ])
  let plan = StagePlan(name: "village", id: "village", parent: "county", take: .count(1))
  let found = refusals { _ = try drawStage(plan, frame: villages, parents: ["a"], key: key()) }
  #expect(found == ["id-duplicate", "id-duplicate"])
}

@Test("ids that are missing, hold control characters or another Unicode form are refused, all at once")
func badIds() {
  #expect(
    draws(frame(ids: ["ok", nil, "", "a\nb", "e\u{301}", "\t1", "a\u{9F}"]), onePlan)
      == Array(repeating: "id-invalid", count: 6)
  )
}

@Test("letters beyond ASCII in composed form are ids")
func goodIds() {
  #expect(draws(frame(ids: ["150121-团结村", "ᠠᠨᠢᠯ", "é", "𠮷", "a b", "가"]), onePlan).isEmpty)
}

@Test("a size that is no whole number is refused, row by row")
func badSizes() {
  var plan = onePlan
  plan.method = "pps-systematic"
  plan.size = "size"
  #expect(
    draws(frame(ids: ["1", "2", "3", "4", "5", "6"], sizes: ["3", "-1", "2.5", "many", nil, "1e3"]), plan)
      == Array(repeating: "size-invalid", count: 5)
  )
  let huge = String(UInt64(1) << 62)
  #expect(draws(frame(ids: ["1", "2"], sizes: [huge, huge]), plan) == ["size-total"])
}

@Test("a size column or an order that the method has no use for is refused, never passed over")
func unusedColumns() {
  func codes(_ plan: StagePlan) -> [String] { unusedColumnFindings(plan).map(\.code) }
  var sized = onePlan
  sized.size = "size"
  #expect(codes(sized) == ["size-unused"])
  sized.method = "pps-systematic"
  #expect(codes(sized).isEmpty)
  var sorted = onePlan
  sorted.sort = [SortKey("size")]
  #expect(codes(sorted) == ["sort-unused"])
  sorted.method = "systematic"
  #expect(codes(sorted).isEmpty)
}

@Test("sizes of must-include units and of an allocation that add up beyond exact numbers are refused")
func totalsBeyondExactness() {
  var plan = onePlan
  plan.method = "pps-systematic"
  plan.size = "size"
  plan.mustInclude = "size > 5"
  let huge = String(UInt64(9_000_000_000_000_000_000))
  plan.take = .count(4)
  #expect(draws(frame(ids: ["1", "2", "3", "4"], sizes: [huge, huge, huge, "1"]), plan) == ["size-total"])
  var allocated = onePlan
  allocated.take = .allocate(Allocation(total: 20, rule: "proportional", size: "size", minimum: 0))
  let most = String((UInt64(1) << 53) - 1)
  let rows = 2_100
  let found = draws(
    frame(ids: (0..<rows).map { String($0) }, sizes: [String?](repeating: most, count: rows)),
    allocated
  )
  #expect(found.contains("allocation-figure"))
}

@Test("more draws with replacement than memory holds are refused")
func tooManyDraws() {
  var plan = onePlan
  plan.method = "pps-with-replacement"
  plan.size = "size"
  plan.take = .count(1_000_000_000)
  #expect(draws(frame(ids: ["1", "2"]), plan) == ["draws-many"])
}

@Test(
  "a seed file as Windows editors write it is named as such",
  arguments: [("\u{FEFF}00112233445566778899aabbccddeeff\n", "BOM"), ("00112233445566778899aabbccddeeff\r\n", "CR LF")]
)
func windowsSeeds(text: String, word: String) {
  do {
    _ = try Seed.text(ofFile: Array(text.utf8), named: "seed.txt")
    Issue.record("it was read")
  } catch {
    #expect(error.findings.map(\.code) == ["seed-text"])
    #expect(error.findings.allSatisfy { $0.file == "seed.txt" && $0.message.en.contains(word) })
  }
}

@Test("a stratum value that is missing is refused")
func missingStratum() {
  #expect(draws(frame(ids: ["1", "2"], strata: ["x", nil]), onePlan) == ["stratum-invalid"])
}

@Test("takes by stratum and the frame's strata must be the same")
func takesAgainstStrata() {
  var plan = onePlan
  plan.take = .byStratum(["x": .count(1), "w": .all])
  #expect(
    draws(frame(ids: ["1", "2"], strata: ["x", "y"]), plan) == ["stratum-without-take", "stratum-unknown"]
  )
}

@Test("a missing column is named")
func missingColumn() {
  var plan = onePlan
  plan.id = "codes"
  plan.strata = ["league"]
  #expect(draws(frame(ids: ["1"]), plan) == ["column-missing", "column-missing"])
}

@Test("a plan that contradicts itself is refused before the frame is read")
func badPlans() {
  let table = frame(ids: ["1", "2"])
  func changed(_ change: (inout StagePlan) -> Void) -> [String] {
    var plan = onePlan
    change(&plan)
    return draws(table, plan)
  }
  #expect(changed { $0.method = "srss" } == ["method-unknown"])
  #expect(changed { $0.method = "poisson" } == ["size-missing"])
  #expect(changed { $0.take = .count(-1) } == ["take"])
  #expect(changed { $0.take = .rate(0.5) } == ["take"])
  #expect(changed { $0.take = .byStratum(["x": .byStratum([:])]) } == ["take"])
  #expect(changed { $0.method = "all" } == ["take"])
  #expect(
    changed {
      $0.method = "bernoulli"
      $0.take = .rate(1.5)
    } == ["take"]
  )
  #expect(
    changed {
      $0.method = "bernoulli"
      $0.take = .rate(0.5)
      $0.reserves = 1
    } == ["reserves"]
  )
  #expect(changed { $0.reserves = -1 } == ["reserves"])
  #expect(changed { $0.rotation = 1 } == ["rotation"])
  #expect(changed { $0.rotation = .nan } == ["rotation"])
  #expect(changed { $0.reserves = .max }.isEmpty)
}

@Test("an empty frame, an empty parent, a stage without parent column and a repeated stage are refused")
func badStages() throws {
  #expect(draws(frame(ids: []), onePlan) == ["frame-empty"])
  let seed = try Seed(declared: strongSeed)
  let counties = bannerFrame()
  let villages = villageFrame(of: counties)
  func both(_ second: StagePlan, _ table: Table) -> [String] {
    refusals { _ = try draw(stages: [(countyPlan, counties), (second, table)], seed: seed, group: "g") }
  }
  #expect(both(villagePlan, villages).isEmpty)
  #expect(both(villagePlan, villages.rows([0])).contains("parent-empty"))
  var orphan = villagePlan
  orphan.parent = nil
  #expect(both(orphan, villages) == ["parent-missing"])
  var same = villagePlan
  same.name = countyPlan.name
  #expect(both(same, villages) == ["stage-duplicate"])
  #expect(refusals { _ = try draw(stages: [(countyPlan, counties)], seed: seed, group: "") } == ["draw-name"])
}

@Test("a thousand findings are listed and the rest are counted")
func manyFindings() {
  let same = frame(ids: Array(repeating: "1", count: 3_001))
  do {
    _ = try drawStage(onePlan, frame: same, key: key())
    Issue.record("it was drawn")
  } catch let refusal as InputRefusal {
    #expect(refusal.findings.count == InputRefusal.listedAtMost + 1)
    #expect(refusal.findings.last?.code == "findings-more")
    #expect(refusal.findings.last?.message.en.contains("2000") == true)
  } catch {
    Issue.record("\(error)")
  }
}

@Test("a fault in a filtered frame is named with its row of the file, not of what the filter left")
func filteredRows() {
  let filtered = frame(ids: ["a", "b", "c", nil, "e"]).rows([1, 3, 4])
  let found = findings { _ = try drawStage(onePlan, frame: filtered, key: key()) }
  #expect(found.map(\.row) == [5])
}
