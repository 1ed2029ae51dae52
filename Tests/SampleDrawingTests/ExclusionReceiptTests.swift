import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

/// Two rounds of county visits; the second leaves out the counties of the first.
private struct TwoRounds {
  let frame = bannerFrame()
  let firstSeed: Seed
  let secondSeed: Seed
  let firstSealed: Receipt
  let firstOpen: Receipt
  let firstList: Table
  let sealed: Receipt
  let open: Receipt

  // Whether the first receipt is still sealed when the second round is drawn, and how the first was stratified.
  init(isSealed: Bool = true, firstStrata: [String] = ["league_code"]) throws {
    firstSeed = try Seed(declared: strongSeed)
    secondSeed = try Seed(declared: "ffeeddccbbaa99887766554433221100")
    let frames = [ReceiptFrame(whole: frame)]
    var plan = countyPlan
    plan.strata = firstStrata
    let first = try draw(stages: [(plan, frame)], seed: firstSeed, group: "test/one")
    firstSealed = try Receipt(of: first, frames: frames, toolVersion: "0", date: "2018-10-01")
    firstOpen = try firstSealed.revealed(by: first, frames: frames)
    firstList = DrawnList.table(of: first, frames: [frame])
    let earlier = EarlierDraw(receipt: isSealed ? firstSealed : firstOpen, file: "one/receipt.json", list: firstList)
    let second = try draw(
      stages: [(countyPlan, frame)],
      seed: secondSeed,
      group: "test/two",
      excluding: [[try earlier.exclusion(ofStage: "county")]]
    )
    sealed = try Receipt(of: second, frames: frames, toolVersion: "0")
    open = try sealed.revealed(by: second, frames: frames)
  }

  func code(_ receipt: Receipt, seed: Seed? = nil, earlier: [EarlierDraw] = []) -> String? {
    verify(receipt, frames: [ReceiptFrame(whole: frame)], seed: seed, earlier: earlier).difference?.code
  }
}

@Test("a sealed receipt names the earlier draw, the numbers left out and no unit of either list")
func sealedExclusion() throws {
  let rounds = try TwoRounds()
  let text = String(decoding: try rounds.sealed.json(), as: UTF8.self)
  for row in 0..<rounds.firstList.rowCount {
    let id = try #require(rounds.firstList["code"]?.text(at: row))
    #expect(!text.contains("\"\(id)\""))
  }
  let record = try #require(rounds.sealed.stages[0].exclusions?.first)
  #expect(record.group == "test/one" && record.date == "2018-10-01" && record.state == .sealed && !record.checked)
  #expect(record.receipt == Digest(of: try rounds.firstSealed.json()).hex)
  #expect(record.units == 6 && record.ids == nil)
  #expect(rounds.sealed.stages[0].cells?.allSatisfy { $0.excluded == 2 } ?? false)
  #expect(rounds.sealed.stages[0].weights == .whole)
  #expect(try Receipt(json: rounds.sealed.json()) == rounds.sealed)
  #expect(try Receipt(json: rounds.open.json()) == rounds.open)
}

@Test("numbers that would tell something of an earlier sealed list stay out of the sealed receipt")
func hiddenCounts() throws {
  // Drawn over all leagues at once: how many of each league are left out is part of the first list's secret.
  let hidden = try TwoRounds(firstStrata: [])
  #expect(hidden.sealed.stages[0].cells?.allSatisfy { $0.excluded == nil } ?? false)
  #expect(hidden.sealed.stages[0].exclusions?.first?.units == nil)
  #expect(hidden.open.stages[0].cells?.contains { $0.excluded != nil } ?? false)
  let told = try TwoRounds(isSealed: false, firstStrata: [])
  #expect(told.sealed.stages[0].cells?.contains { $0.excluded != nil } ?? false)
  for rounds in [hidden, told] { #expect(rounds.open.sealed == rounds.sealed) }
}

@Test("revealing changes neither the sealed form nor the digest by which later receipts name a draw")
func sealedForm() throws {
  let rounds = try TwoRounds()
  #expect(try rounds.firstOpen.sealed.json() == rounds.firstSealed.json())
  #expect(try rounds.open.sealed.json() == rounds.sealed.json())
  let before = try rounds.firstSealed.digest().hex
  #expect(try rounds.firstSealed.isNamed(by: before) && rounds.firstOpen.isNamed(by: before))
  #expect(try rounds.firstOpen.isNamed(by: rounds.firstOpen.digest().hex))
  #expect(try !rounds.sealed.isNamed(by: before))
}

@Test("a draw that leaves units out verifies: sealed with the earlier list, revealed by itself")
func verifiesExclusion() throws {
  let rounds = try TwoRounds()
  let listed = EarlierDraw(receipt: rounds.firstSealed, file: "r", list: rounds.firstList)
  let revealed = EarlierDraw(receipt: rounds.firstOpen, file: "r")
  #expect(rounds.code(rounds.sealed, seed: rounds.secondSeed, earlier: [listed]) == nil)
  #expect(rounds.code(rounds.sealed, seed: rounds.secondSeed, earlier: [revealed]) == nil)
  #expect(rounds.code(rounds.open) == nil)
  #expect(rounds.code(rounds.open, earlier: [revealed]) == nil)
  let missing = verify(rounds.sealed, frames: [ReceiptFrame(whole: rounds.frame)], seed: rounds.secondSeed)
  #expect(missing.difference?.code == "exclusion-missing")
  #expect(missing.difference?.message.en.contains("test/one") ?? false)
  #expect(missing.difference?.message.en.contains(try rounds.firstSealed.digest().hex) ?? false)
}

@Test("what was altered of an exclusion is named")
func alteredExclusion() throws {
  let rounds = try TwoRounds()
  func altered(_ change: (inout Receipt.Stage) -> Void) -> String? {
    var receipt = rounds.open
    change(&receipt.stages[0])
    return rounds.code(receipt)
  }
  #expect(altered { $0.exclusions?[0].ids?[0] = "150108" } == "exclusion-differs")
  #expect(altered { $0.exclusions?[0].ids?.removeLast() } == "exclusion-differs")
  #expect(altered { $0.exclusions?[0].commitment = "0" } == "exclusion-differs")
  #expect(altered { $0.cells?[0].excluded = 3 } == "exclusion-differs")
  #expect(altered { $0.weights = .remaining } == "weights-differ")
  #expect(altered { $0.exclusions = nil } == "weights-differ")
  let revealed = EarlierDraw(receipt: rounds.firstOpen, file: "r")
  var other = rounds.open
  other.stages[0].exclusions?[0].plan.reserves = 0
  #expect(rounds.code(other, earlier: [revealed]) == "exclusion-differs")
}

@Test("an earlier list that is not the receipt's is refused: by its digest with the seed, by its sizes without")
func alteredEarlierList() throws {
  let rounds = try TwoRounds()
  let list = rounds.firstList
  var codes = (0..<list.rowCount).map { list["code"]?.text(at: $0) }
  codes[0] = "150108"
  var changed = list
  changed.set(Column("code", texts: codes))
  func code(_ list: Table?, receipt: Receipt? = nil, seed: Seed? = nil) -> [String] {
    let draw = EarlierDraw(receipt: receipt ?? rounds.firstSealed, file: "r", list: list, seed: seed)
    return refusals { _ = try draw.exclusion(ofStage: "county") }
  }
  #expect(code(list, seed: rounds.firstSeed) == [])
  #expect(code(changed, seed: rounds.firstSeed) == ["list-altered"])
  #expect(code(changed, receipt: rounds.firstOpen) == ["list-altered"])
  #expect(code(list.rows(Array(1..<list.rowCount))) == ["list-altered"])
  #expect(code(nil) == ["exclusion-list-missing"])
  let checked = EarlierDraw(receipt: rounds.firstSealed, file: "r", list: list, seed: rounds.firstSeed)
  #expect(try checked.exclusion(ofStage: "county").record.checked)
}

@Test("of a list of two stages, the units of each are found, without reserves unless they came into use")
func twoStageList() throws {
  let counties = bannerFrame()
  let villages = villageFrame(of: counties)
  let drawn = try draw(
    stages: [(countyPlan, counties), (villagePlan, villages)],
    seed: Seed(declared: strongSeed),
    group: "g"
  )
  let list = DrawnList.table(of: drawn, frames: [counties, villages])
  let frames = [ReceiptFrame(whole: counties), ReceiptFrame(whole: villages)]
  let sealed = try Receipt(of: drawn, frames: frames, toolVersion: "0")
  for (place, stage) in drawn.stages.enumerated() {
    var earlier = EarlierDraw(receipt: sealed, file: "r", list: list)
    let selected = stage.cells.flatMap { $0.selected.map(\.id) }
    let reserves = stage.cells.flatMap { $0.reserves.map(\.id) }
    #expect(try Set(earlier.exclusion(ofStage: stage.plan.name).ids) == Set(selected))
    let open = EarlierDraw(receipt: try sealed.revealed(by: drawn, frames: frames), file: "r")
    #expect(try Set(open.drawnUnits(stage: place).reserves) == Set(reserves))
    earlier.fieldwork = [
      EarlierDraw.VisitedUnit(stage: stage.plan.name, unit: selected[0]),
      EarlierDraw.VisitedUnit(stage: stage.plan.name, unit: reserves[0]),
      EarlierDraw.VisitedUnit(stage: "elsewhere", unit: reserves[1]),
    ]
    let used = try earlier.exclusion(ofStage: stage.plan.name)
    #expect(Set(used.ids) == Set(selected + [reserves[0]]) && used.record.usedReserves == true)
    #expect(used.record.fieldworkRecords == 3)
  }
}

@Test("reserves in use are left out by the fieldwork record as it was at the draw, and verify so when it has grown")
func usedReserves() throws {
  let rounds = try TwoRounds()
  let reserves = (0..<rounds.firstList.rowCount).filter { rounds.firstList["role"]?.text(at: $0) == "reserve" }
    .compactMap { rounds.firstList["code"]?.text(at: $0) }
  func visited(_ ids: [String]) -> [EarlierDraw.VisitedUnit] {
    ids.map { EarlierDraw.VisitedUnit(stage: "county", unit: $0) }
  }
  var earlier = EarlierDraw(receipt: rounds.firstSealed, file: "one/receipt.json", list: rounds.firstList)
  earlier.fieldwork = visited([reserves[0]])
  let frames = [ReceiptFrame(whole: rounds.frame)]
  let drawn = try draw(
    stages: [(countyPlan, rounds.frame)],
    seed: rounds.secondSeed,
    group: "test/two",
    excluding: [[try earlier.exclusion(ofStage: "county")]]
  )
  #expect(drawn.stages[0].cells.map(\.excludedCount) == [3, 2, 2])
  // Which reserve came into use depends on who refused: no longer the same chance for all.
  #expect(drawn.stages[0].exclusion?.weights == .remaining)
  let sealed = try Receipt(of: drawn, frames: frames, toolVersion: "0")
  let open = try sealed.revealed(by: drawn, frames: frames)
  earlier.fieldwork = visited(Array(reserves.prefix(2)))
  #expect(rounds.code(sealed, seed: rounds.secondSeed, earlier: [earlier]) == nil)
  #expect(rounds.code(open, earlier: [earlier]) == nil)
  #expect(rounds.code(open) == nil)
  earlier.fieldwork = visited([reserves[1]])
  #expect(rounds.code(sealed, seed: rounds.secondSeed, earlier: [earlier]) == "exclusion-differs")
  earlier.fieldwork = nil
  #expect(rounds.code(sealed, seed: rounds.secondSeed, earlier: [earlier]) == "exclusion-fieldwork-missing")
  #expect(rounds.code(open, earlier: [earlier]) == nil)
}

@Test("a list whose must-include units stand in strata of their own is the list of its sealed receipt")
func mustIncludeInEarlierList() throws {
  let frame = bannerFrame()
  var plan = countyPlan
  plan.mustInclude = "synthetic_households == 210"
  let first = try draw(stages: [(plan, frame)], seed: Seed(declared: strongSeed), group: "test/one")
  #expect(first.stages[0].cells.contains { $0.mustIncludeCount > 0 })
  let receipt = try Receipt(of: first, frames: [ReceiptFrame(whole: frame)], toolVersion: "0")
  let list = DrawnList.table(of: first, frames: [frame])
  let earlier = EarlierDraw(receipt: receipt, file: "one/receipt.json", list: list)
  #expect(try earlier.exclusion(ofStage: "county").ids.count == first.stages[0].cells.reduce(0) { $0 + $1.sampleSize })
  let shortened = list.rows(Array(1..<list.rowCount))
  let altered = EarlierDraw(receipt: receipt, file: "one/receipt.json", list: shortened)
  #expect(refusals { _ = try altered.exclusion(ofStage: "county") } == ["list-altered"])
}
