import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

private let otherSeeds = ["ffeeddccbbaa99887766554433221100", "a1b2c3d4e5f60718293a4b5c6d7e8f90"]

/// A draw of two stages and what a further wave needs.
private struct Round {
  let counties = bannerFrame()
  let villages: Table
  let drawn: Draw
  let sealed: Receipt
  let open: Receipt

  init(method: String = "srs", take: Take = .count(2)) throws {
    villages = villageFrame(of: counties)
    var plan = villagePlan
    plan.method = method
    plan.take = take
    drawn = try draw(
      stages: [(countyPlan, counties), (plan, villages)],
      seed: Seed(declared: strongSeed),
      group: "test/waves"
    )
    let frames = [ReceiptFrame(whole: counties), ReceiptFrame(whole: villages)]
    sealed = try Receipt(of: drawn, frames: frames, toolVersion: "0", survey: "test")
    open = try sealed.revealed(by: drawn, frames: frames)
  }

  var frames: [ReceiptFrame] { [ReceiptFrame(whole: counties), ReceiptFrame(whole: villages)] }
  var tables: [Table] { [counties, villages] }

  func wave(
    _ request: WaveRequest = WaveRequest(stage: "village"),
    number: Int = 2,
    of draw: Draw? = nil,
    seed: String = otherSeeds[0]
  ) throws -> WaveDraw {
    try drawWave(
      request,
      of: draw ?? drawn,
      number: number,
      frames: tables,
      seed: Seed(declared: seed, weakReason: "replay")
    )
  }

  func receipt(_ wave: WaveDraw, after chain: [Receipt]? = nil) throws -> Receipt {
    try Receipt(of: wave, frames: frames, chain: chain ?? [open], toolVersion: "0")
  }
}

@Test("a wave takes, by ticket under its own key, units neither selected nor in reserve, and their order goes on")
func waveByTicket() throws {
  let round = try Round()
  // Three villages of a kind in a banner, two selected and one in reserve: none is left anywhere.
  #expect(refusals { _ = try round.wave() } == [String](repeating: "wave-exhausted", count: 12))
  let smaller = try Round(take: .count(1))
  let one = try smaller.wave()
  for place in one.cells {
    let before = smaller.drawn.stages[1].cells[place]
    let ids = (0..<smaller.villages.rowCount).filter {
      smaller.villages["county_code"]?.text(at: $0) == before.parent
        && smaller.villages["kind"]?.text(at: $0) == before.stratum[0]
    }.compactMap { smaller.villages["village"]?.text(at: $0) }
    let left = ids.filter { id in !before.units.contains { $0.id == id } }
    let reserves = one.reserves(ofCell: place)
    #expect(left.count == 1 && reserves.map(\.id) == left)
    #expect(reserves[0].order == 2 && reserves[0].role == .reserve && reserves[0].inclusionProbability == 1)
    #expect(one.draw.stages[1].cells[place].selected.map(\.id) == before.selected.map(\.id))
  }
  // At the first stage eight banners leave five, taken by ticket.
  let counties = try round.wave(WaveRequest(stage: "county", reserves: 3))
  for place in counties.cells {
    let drawn = Set(round.drawn.stages[0].cells[place].units.map(\.id))
    let league = round.drawn.stages[0].cells[place].stratum[0]
    let left = (0..<round.counties.rowCount).filter { round.counties["league_code"]?.text(at: $0) == league }
      .compactMap { round.counties["code"]?.text(at: $0) }.filter { !drawn.contains($0) }
    let byTicket = left.sorted { counties.key.ticket($0) < counties.key.ticket($1) }.prefix(3)
    #expect(counties.reserves(ofCell: place).map(\.id) == Array(byTicket))
    #expect(counties.reserves(ofCell: place).map(\.order) == [2, 3, 4])
  }
  #expect(counties.left == [2, 2, 2])
}

@Test("over replays every unit left is as often a new reserve as stated; a unit of size 0 never is")
func waveFrequencies() throws {
  let frame = Table(columns: [
    Column("code", texts: ["a", "b", "c", "d", "e", "f", "g", "h", "i"]),
    Column("size", texts: ["3", "1", "4", "1", "5", "9", "2", "6", "0"]),
  ])
  let plan = StagePlan(
    name: "unit",
    id: "code",
    method: "pps-systematic",
    take: .count(2),
    reserves: 1,
    size: "size"
  )
  let drawn = try draw(stages: [(plan, frame)], seed: Seed(declared: strongSeed), group: "g")
  let gone = Set(drawn.stages[0].cells[0].units.map(\.id)).union(["i"])
  var met = [String: Int]()
  let replays = 4_000
  for number in 0..<replays {
    let seed = try Seed(declared: "wave \(number)", weakReason: "replay")
    let request = WaveRequest(stage: "unit", reserves: 2)
    let wave = try drawWave(request, of: drawn, number: 2, frames: [frame], seed: seed)
    #expect(wave.left == [3])
    for unit in wave.reserves(ofCell: 0) {
      met[unit.id, default: 0] += 1
      #expect(unit.inclusionProbability == 0.4)
    }
  }
  #expect(met.count == 5 && gone.isDisjoint(with: met.keys))
  for (id, count) in met {
    let error = (0.4 * 0.6 / Double(replays)).squareRoot()
    #expect(abs(Double(count) / Double(replays) - 0.4) <= 4.5 * error, "\(id)")
  }
}

@Test("strata are named by parent, by values or by both; what is not there or has no unit left is refused")
func waveStrata() throws {
  let round = try Round(take: .count(1))
  let cell = round.drawn.stages[1].cells[3]
  let parent = try #require(cell.parent)
  func cells(_ only: [String]) throws -> [DrawnCell] {
    let wave = try round.wave(WaveRequest(stage: "village", only: only))
    return wave.cells.map { wave.draw.stages[1].cells[$0] }
  }
  #expect(try cells(["\(parent), \(cell.stratum[0])"]).map(\.place) == [cell.place])
  #expect(try cells([parent]).count == 2)
  #expect(try cells(["poor"]).allSatisfy { $0.stratum == ["poor"] })
  #expect(try cells(["poor", parent]).count == 7)
  #expect(refusals { _ = try cells(["rich", "pore"]) } == ["wave-stratum", "wave-stratum"])
  #expect(refusals { _ = try round.wave(WaveRequest(stage: "house")) } == ["wave-stage"])
  #expect(refusals { _ = try round.wave(WaveRequest(stage: "village", reserves: 0)) } == ["wave-reserves"])
  var none = round.drawn
  none.stages[1].plan.reserves = 0
  #expect(refusals { _ = try round.wave(of: none) } == ["wave-reserves"])
  none.stages[1].cells = []
  for reserves in [nil, 2] {
    let request = WaveRequest(stage: "village", reserves: reserves)
    #expect(refusals { _ = try round.wave(request, of: none) } == ["wave-exhausted"])
  }
  let full = try Round()
  let request = WaveRequest(stage: "village", only: [full.drawn.stages[1].cells[3].place])
  #expect(refusals { _ = try full.wave(request) } == ["wave-exhausted"])
}

@Test("a parent of which some strata are exhausted gives reserves in the others; refused only where all are")
func partlyExhausted() throws {
  let round = try Round(take: .byStratum(["poor": .count(2), "other": .count(1)]))
  let parent = try #require(round.drawn.stages[1].cells[0].parent)
  let wave = try round.wave(WaveRequest(stage: "village", only: [parent], reserves: 1))
  let cells = wave.cells.map { wave.draw.stages[1].cells[$0] }
  #expect(cells.count == 2 && cells.allSatisfy { $0.parent == parent })
  for (place, left) in zip(wave.cells, wave.left) {
    let isPoor = wave.draw.stages[1].cells[place].stratum == ["poor"]
    #expect(wave.reserves(ofCell: place).count == (isPoor ? 0 : 1) && left == 0)
  }
  let both = WaveRequest(stage: "village", only: [parent, "\(parent), poor"], reserves: 1)
  #expect(refusals { _ = try round.wave(both) } == ["wave-exhausted"])
  let receipt = try round.receipt(wave)
  #expect(receipt.wave?.only == [parent])
}

@Test("a wave's receipt names the one before, keeps its secrets while sealed, and reads back as written")
func waveReceipt() throws {
  let round = try Round(take: .count(1))
  let wave = try round.wave()
  let sealed = try round.receipt(wave)
  let open = try sealed.revealed(by: wave, frames: round.frames)
  #expect(sealed.wave?.receipts == [Digest(of: try round.sealed.json()).hex])
  #expect(sealed.previousReceipt == sealed.wave?.receipts.last)
  let text = String(decoding: try sealed.json(), as: UTF8.self)
  for place in wave.cells {
    for unit in wave.reserves(ofCell: place) { #expect(!text.contains(unit.id)) }
  }
  #expect(!text.contains(otherSeeds[0]) && !text.contains(wave.key.hex))
  for receipt in [sealed, open] { #expect(try Receipt(json: receipt.json()) == receipt) }
  #expect(open.sealed == sealed)
  // One village of a kind was left in every banner: the wave takes it, and chance has no say.
  #expect(open.stages[1].cells?.allSatisfy { $0.nothingLeftToChance && $0.reserves == 1 } ?? false)
  let list = DrawnList.table(of: wave, frames: round.tables)
  #expect(list.rowCount == 12)
  #expect((0..<12).allSatisfy { list["role"]?.text(at: $0) == "reserve" && list["order"]?.text(at: $0) == "2" })
  let whole = DrawnList.table(of: round.drawn, frames: round.tables)
  #expect(list.columnNames == whole.columnNames)
}

@Test("waves verify in a chain, each by its own seed, and what is missing or altered is named")
func waveVerification() throws {
  let round = try Round(take: .count(1))
  let second = try round.wave(WaveRequest(stage: "county"))
  let secondReceipt = try round.receipt(second).revealed(by: second, frames: round.frames)
  let third = try round.wave(WaveRequest(stage: "county"), number: 3, of: second.draw, seed: otherSeeds[1])
  let thirdSealed = try round.receipt(third, after: [round.open, secondReceipt])
  let thirdReceipt = try thirdSealed.revealed(by: third, frames: round.frames)
  #expect(third.reserves(ofCell: 0).map(\.order) == [3])
  let first = EarlierDraw(receipt: round.open, file: "first")
  let chain = [first, EarlierDraw(receipt: secondReceipt, file: "second")]
  func code(_ receipt: Receipt, _ earlier: [EarlierDraw], seed: Seed? = nil, list: Table? = nil) -> String? {
    verify(receipt, frames: round.frames, seed: seed, list: list, earlier: earlier).difference?.code
  }
  #expect(code(secondReceipt, chain) == nil)
  #expect(code(thirdReceipt, chain.reversed()) == nil)
  #expect(code(thirdSealed, chain, seed: try Seed(declared: otherSeeds[1])) == nil)
  #expect(code(thirdSealed, chain) == "seed-missing")
  #expect(code(thirdReceipt, [first]) == "earlier-missing")
  let sealedFirst = EarlierDraw(receipt: round.sealed, file: "first")
  #expect(code(secondReceipt, [sealedFirst]) == "earlier-seed-missing")
  var known = sealedFirst
  known.seed = try Seed(declared: strongSeed)
  #expect(code(secondReceipt, [known]) == nil)

  func altered(_ change: (inout Receipt) -> Void) -> String? {
    var receipt = thirdReceipt
    change(&receipt)
    return code(receipt, chain)
  }
  #expect(altered { $0.stages[0].cells?[0].reserve?[0].id = "150108x" } == "selection-differs")
  #expect(altered { $0.stages[0].cells?[0].reserves = 2 } == "reserves-differ")
  #expect(altered { $0.stages[0].key = strongSeed } == "key-differs")
  #expect(altered { $0.stages[0].cells = nil } == "strata-missing")
  #expect(altered { $0.wave?.number = 2 } == "wave-missing")
  #expect(altered { $0.wave?.receipts.swapAt(0, 1) } == "wave-missing")
  #expect(altered { $0.wave?.reserves = 2 } == "reserves-differ")
  #expect(altered { $0.stages[1].plan.take = .count(2) } == "plan-differs")
  #expect(altered { $0.listCommitment = "0" } == "list-differs")
  #expect(altered { $0.revealed?.listDigest = "0" } == "list-differs")
  let list = DrawnList.table(of: third, frames: round.tables)
  #expect(code(thirdReceipt, chain, list: list) == nil)
  #expect(code(thirdReceipt, chain, list: list.rows([0])) == "list-differs")
  // Chance that was used before is no fresh chance.
  let stale = try round.wave(WaveRequest(stage: "county"), seed: strongSeed)
  let staleReceipt = try round.receipt(stale).revealed(by: stale, frames: round.frames)
  #expect(code(staleReceipt, [first]) == "wave-seed")
}
