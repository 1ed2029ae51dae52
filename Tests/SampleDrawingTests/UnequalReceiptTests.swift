import Foundation
import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

private let annexMethods = [
  "pps-randomized-systematic", "pps-chromy", "pps-brewer", "pps-sampford", "conditional-poisson", "pps-tille",
  "pps-with-replacement",
]

/// A draw of counties by one method and of villages within them, with its receipts.
private struct UnequalRound {
  let counties = bannerFrame()
  let villages: Table
  let drawn: Draw
  let sealed: Receipt
  let open: Receipt

  init(_ method: String, take: Take = .count(3), mustInclude: String? = nil) throws {
    villages = villageFrame(of: counties)
    var plan = countyPlan
    plan.method = method
    plan.take = take
    plan.reserves = method == "pps-with-replacement" ? 0 : 1
    plan.size = "synthetic_households"
    plan.mustInclude = mustInclude
    drawn = try draw(
      stages: [(plan, counties), (villagePlan, villages)],
      seed: Seed(declared: strongSeed),
      group: "test/unequal"
    )
    let frames = [ReceiptFrame(whole: counties), ReceiptFrame(whole: villages)]
    sealed = try Receipt(of: drawn, frames: frames, toolVersion: "0")
    open = try sealed.revealed(by: drawn, frames: frames)
  }

  var list: Table { DrawnList.table(of: drawn, frames: [counties, villages]) }

  func code(_ receipt: Receipt? = nil, list: Table? = nil, joint: Table? = nil) throws -> String? {
    verify(
      receipt ?? open,
      frames: [ReceiptFrame(whole: counties), ReceiptFrame(whole: villages)],
      seed: try Seed(declared: strongSeed),
      list: list,
      joint: joint
    ).difference?.code
  }
}

@Test("a draw by every method of the annex verifies, sealed and revealed", arguments: annexMethods)
func verifies(method: String) throws {
  let round = try UnequalRound(method)
  #expect(try round.code(round.sealed, list: round.list) == nil)
  #expect(try round.code(list: round.list, joint: JointList.table(of: round.drawn)) == nil)
  #expect(try Receipt(json: round.open.json()) == round.open)
  let sealed = String(decoding: try round.sealed.json(), as: UTF8.self)
  #expect(!sealed.contains("joint_digest"))
}

@Test("pairs are listed once, in the list's order, and a change of one is found")
func jointList() throws {
  let round = try UnequalRound("pps-sampford", take: .count(4), mustInclude: "code == \"150103\"")
  let joint = try #require(JointList.table(of: round.drawn))
  #expect(joint.columnNames == ["stage", "parent", "stratum", "unit", "other", "probability"])
  // Three leagues of 4 counties, and 12 counties of two kinds of 2 villages by pps-systematic.
  #expect(joint.rowCount == 3 * 6 + 12 * 2)
  let first = round.drawn.stages[0].cells[0]
  #expect(first.selected.first?.id == "150103")
  #expect(joint["unit"]?.text(at: 0) == "150103")
  // With a certain unit the pair has the probability of the other, to twelve digits.
  let other = Array(first.selected)[1]
  let written = joint["probability"]?.text(at: 0).flatMap { Double($0) } ?? .nan
  #expect(abs(written / other.inclusionProbability - 1) < 1e-11)

  var texts = (0..<joint.rowCount).map { joint["probability"]?.text(at: $0) }
  texts[5] = "0.5"
  let columns = joint.columns.dropLast() + [Column("probability", texts: texts)]
  #expect(try round.code(joint: Table(columns: Array(columns), rowCount: joint.rowCount)) == "joint-differs")
  #expect(try round.code(joint: joint.rows([0, 1])) == "joint-differs")

  var altered = round.open
  altered.revealed?.jointDigest = String(repeating: "0", count: 64)
  #expect(try round.code(altered) == "joint-differs")
  // Receipts of versions that wrote no pairs have no digest of them.
  altered.revealed?.jointDigest = nil
  #expect(try round.code(altered) == nil)
}

@Test("methods without stated pairs have no such file")
func withoutPairs() throws {
  let counties = bannerFrame()
  for method in ["pps-pareto", "pps-chromy", "pps-randomized-systematic", "srs"] {
    let plan = StagePlan(
      name: "county",
      id: "code",
      method: method,
      take: .count(5),
      size: "synthetic_households"
    )
    let drawn = try draw(stages: [(plan, counties)], seed: Seed(declared: strongSeed), group: "g")
    #expect(JointList.table(of: drawn) == nil)
  }
}

@Test("cells of more than 200 selected units have no pairs")
func manyPairs() throws {
  let frame = Table(columns: [
    Column("code", texts: (0..<500).map { "u\($0)" }), Column("size", texts: (0..<500).map { String(20 + $0 % 7) }),
  ])
  for (take, isStated) in [(200, true), (201, false)] {
    let plan = StagePlan(name: "unit", id: "code", method: "pps-tille", take: .count(take), size: "size")
    #expect((try drawStage(plan, frame: frame, key: key()).cells[0].pairs != nil) == isStated)
  }
}

@Test("with replacement the list counts hits, and weights are hits over expected hits")
func hitsInTheList() throws {
  // 30 draws among 8 counties: some are hit more than once.
  let round = try UnequalRound("pps-with-replacement", take: .count(30))
  let list = round.list
  var seen = Set<String>()
  var hits = 0.0
  for row in 0..<list.rowCount where list["role"]?.text(at: row) == "selected" {
    func number(_ name: String) -> Double { list[name]?.text(at: row).flatMap { Double($0) } ?? .nan }
    #expect(number("county_sample") == 30)
    let expected = number("county_probability") * number("village_probability")
    #expect(abs(number("inclusion_probability") - expected) < 1e-15)
    #expect(abs(number("weight") / (number("county_hits") / expected) - 1) < 1e-15)
    if seen.insert(list["code"]?.text(at: row) ?? "").inserted { hits += number("county_hits") }
  }
  #expect(hits == 90)
  let cell = try #require(round.sealed.stages[0].cells?.first)
  #expect(cell.draws == 30 && cell.sample == nil && !cell.nothingLeftToChance)
  #expect(round.open.stages[0].cells?.first?.sample == round.drawn.stages[0].cells[0].selected.count)
}

@Test("what a receipt says of draws and probabilities is compared")
func alteredReceipts() throws {
  let hits = try UnequalRound("pps-with-replacement")
  var altered = hits.open
  altered.stages[0].cells?[0].draws = 4
  #expect(try hits.code(altered) == "draws-differ")

  let pareto = try UnequalRound("pps-pareto")
  #expect(pareto.sealed.stages[0].cells?.allSatisfy { $0.probability == .exact } == true)
  altered = pareto.open
  altered.stages[0].cells?[0].probability = .lambda
  #expect(try pareto.code(altered) == "probability-differs")
  let text = String(decoding: try UnequalRound("pps-tille").sealed.json(), as: UTF8.self)
  #expect(!text.contains("\"draws\"") && !text.contains("\"probability\""))
}

@Test(
  "sizes beyond what a rule computes exactly are refused",
  arguments: annexMethods + ["pps-pareto", "sequential-poisson"]
)
func hugeSizes(method: String) {
  let size = String(UInt64(1) << (method == "pps-randomized-systematic" ? 61 : 51))
  let frame = Table(columns: [
    Column("code", texts: ["a", "b", "c", "d"]), Column("size", texts: Array(repeating: size, count: 4)),
  ])
  let plan = StagePlan(name: "unit", id: "code", method: method, take: .count(2), size: "size")
  #expect(refusals { _ = try drawStage(plan, frame: frame, key: key()) } == ["size-total"])
}

@Test("with replacement takes a number of draws, of at least one unit with a size, and has no reserves")
func replacementPlans() throws {
  func codes(_ take: Take, sizes: [String] = ["1", "0"], reserves: Int = 0) -> [String] {
    let frame = Table(columns: [Column("code", texts: ["a", "b"]), Column("size", texts: sizes)])
    let plan = StagePlan(
      name: "unit",
      id: "code",
      method: "pps-with-replacement",
      take: take,
      reserves: reserves,
      size: "size"
    )
    return refusals { _ = try drawStage(plan, frame: frame, key: key()) }
  }
  #expect(codes(.all) == ["take"])
  #expect(codes(.upTo(1)) == ["take"])
  #expect(codes(.count(1), reserves: 1) == ["reserves"])
  #expect(codes(.count(1), sizes: ["0", "0"]) == ["sample-exceeds-population"])
  #expect(codes(.count(0), sizes: ["0", "0"]).isEmpty)
  #expect(codes(.count(7)).isEmpty)
}

@Test("a rotation or another order of reserves does not go with order sampling by size")
func noRotation() {
  var plan = countyPlan
  plan.method = "pps-pareto"
  plan.size = "synthetic_households"
  plan.rotation = 0.25
  #expect(refusals { _ = try drawStage(plan, frame: bannerFrame(), key: key()) } == ["rotation"])
}
