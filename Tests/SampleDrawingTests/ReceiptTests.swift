import Foundation
import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

/// A draw of two stages with everything that goes with it.
private struct Round {
  var counties = bannerFrame()
  var villages: Table
  var seed: Seed
  var drawn: Draw
  var list: Table
  var sealed: Receipt
  var open: Receipt

  init() throws {
    villages = villageFrame(of: counties)
    seed = try Seed(contributions: [strongSeed, "lottery 436"])
    drawn = try draw(
      stages: [(countyPlan, counties), (villagePlan, villages)],
      seed: seed,
      group: "test/receipt"
    )
    list = DrawnList.table(of: drawn, frames: [counties, villages])
    let frames = [ReceiptFrame(whole: counties), ReceiptFrame(whole: villages)]
    sealed = try Receipt(of: drawn, frames: frames, toolVersion: "0", survey: "test", date: "2018-12-01")
    open = try sealed.revealed(by: drawn, frames: frames)
  }

  var frames: [ReceiptFrame] { [ReceiptFrame(whole: counties), ReceiptFrame(whole: villages)] }

  func code(_ receipt: Receipt? = nil, seed: Seed? = nil, list: Table? = nil) -> String? {
    verify(receipt ?? open, frames: frames, seed: seed, list: list).difference?.code
  }
}

@Test("a receipt reads back as it was written, sealed and revealed")
func receiptRoundTrip() throws {
  let round = try Round()
  for receipt in [round.sealed, round.open] {
    let again = try Receipt(json: receipt.json())
    #expect(again == receipt)
    #expect(try again.json() == receipt.json())
  }
  var plan = countyPlan
  plan.take = .byStratum(["poor_village": .all, "Ab_c": .upTo(2), "x": .count(1), "y": .rate(0.25)])
  var receipt = round.sealed
  receipt.stages[0].plan = plan
  #expect(try Receipt(json: receipt.json()).stages[0].plan == plan)
}

@Test("a draw whose first stage takes nothing has no strata below and verifies")
func nothingTaken() throws {
  let round = try Round()
  var none = countyPlan
  none.take = .count(0)
  none.reserves = 0
  let drawn = try draw(
    stages: [(none, round.counties), (villagePlan, round.villages)],
    seed: round.seed,
    group: "test/receipt"
  )
  let receipt = try Receipt(of: drawn, frames: round.frames, toolVersion: "0")
    .revealed(by: drawn, frames: round.frames)
  #expect(receipt.stages[1].cells == [])
  #expect(round.code(receipt) == nil)
}

@Test("a sealed receipt holds no seed, key, ticket, drawn unit or plain digest of the list")
func sealedKeepsSecrets() throws {
  let round = try Round()
  let text = String(decoding: try round.sealed.json(), as: UTF8.self)
  var secrets = [round.seed.text] + round.seed.contributions + round.drawn.stages.map(\.key.hex)
  secrets.append(Digest(of: canonicalText(of: round.list)).hex)
  for stage in round.drawn.stages {
    for unit in stage.cells.flatMap(\.units) {
      secrets.append(unit.id)
      secrets.append(stage.key.ticket(unit.id).hex)
    }
  }
  for secret in secrets { #expect(!text.contains(secret), "\(secret)") }
  #expect(round.sealed.stages[1].cells == nil)
  let open = String(decoding: try round.open.json(), as: UTF8.self)
  for secret in secrets { #expect(open.contains(secret), "\(secret)") }
}

@Test("a draw verifies: revealed by itself, sealed with its seed, frames in any order of rows")
func verifies() throws {
  var round = try Round()
  #expect(round.code(list: round.list) == nil)
  #expect(round.code(round.sealed, seed: round.seed, list: round.list) == nil)
  #expect(round.code(round.sealed) == "seed-missing")
  round.counties = reversed(round.counties)
  round.villages = reversed(round.villages)
  #expect(round.code(list: round.list) == nil)
}

@Test("a weak seed's reason stands in the receipt, and the draw verifies with it")
func weakReasonRecorded() throws {
  let seed = try Seed(declared: "2018", weakReason: "rehearsal")
  let frames = [ReceiptFrame(whole: bannerFrame())]
  let drawn = try draw(stages: [(countyPlan, bannerFrame())], seed: seed, group: "g")
  let receipt = try Receipt(of: drawn, frames: frames, toolVersion: "0").revealed(by: drawn, frames: frames)
  #expect(receipt.weakSeedReason == "rehearsal")
  #expect(verify(receipt, frames: frames).isVerified)
}

@Test("another seed is named before anything else")
func wrongSeed() throws {
  let round = try Round()
  let other = try Seed(declared: strongSeed)
  #expect(round.code(round.sealed, seed: other) == "seed-differs")
  #expect(round.code(round.open, seed: other) == "seed-differs")
  var promised = round.sealed
  promised.contributionCommitments.reverse()
  #expect(round.code(promised, seed: round.seed) == "seed-differs")
  var forged = round.open
  forged.revealed?.contributions[1] = "lottery 437"
  #expect(round.code(forged) == "seed-differs")
  let drawn = try draw(stages: [(countyPlan, round.counties)], seed: other, group: "test/receipt")
  #expect(refusals { _ = try round.sealed.revealed(by: drawn, frames: round.frames) } == ["seed-differs"])
}

@Test("a changed frame is named, with the stratum where one tells the difference")
func changedFrame() throws {
  var round = try Round()
  let counties = round.counties
  round.counties.set(Column("name", texts: (0..<counties.rowCount).map { "旗\($0)" }))
  let renamed = try #require(verify(round.open, frames: round.frames).difference)
  #expect(renamed.code == "frame-changed")
  #expect(renamed.message.en.contains("counties.csv"))
  round.counties = counties.rows(Array(1..<counties.rowCount))
  let fewer = try #require(verify(round.open, frames: round.frames).difference)
  #expect(fewer.code == "population-differs")
  #expect(fewer.message.en.contains("1501") && fewer.message.en.contains("N = 7"))
  round.counties = counties.rows(Array(8..<counties.rowCount))
  let missing = try #require(verify(round.open, frames: round.frames).difference)
  #expect(missing.code == "stratum-missing")
  #expect(missing.message.zh.contains("1501"))
  round.counties = counties
  round.villages.set(Column("size", texts: (0..<round.villages.rowCount).map { _ in "10" }))
  let second = try #require(verify(round.open, frames: round.frames).difference)
  #expect(second.code == "frame-changed")
  #expect(second.message.en.contains("villages.csv"))
}

@Test("what was altered in the receipt is named first where it stands")
func alteredReceipt() throws {
  let round = try Round()
  func altered(_ change: (inout Receipt) -> Void) -> String? {
    var receipt = round.open
    change(&receipt)
    return round.code(receipt)
  }
  #expect(altered { $0.stages[0].cells?[1].stratum = ["1599"] } == "stratum-missing")
  #expect(altered { $0.stages[0].cells?[1].population += 1 } == "population-differs")
  #expect(altered { $0.stages[0].cells?[1].sample = 3 } == "sample-differs")
  #expect(altered { $0.stages[0].cells?[1].selected?[0].id = "150205" + "9" } == "selection-differs")
  #expect(altered { $0.stages[0].cells?[1].selected?[0].ticket = "0" } == "ticket-differs")
  #expect(altered { $0.stages[0].cells?.removeLast() } == "stratum-extra")
  #expect(altered { $0.stages[0].cells = nil } == "strata-missing")
  #expect(altered { $0.stages[1].key = strongSeed } == "key-differs")
  #expect(altered { $0.stages[1].cells?[0].certainties += 1 } == "certainty-differs")
  #expect(altered { $0.stages[1].cells?[0].sizeTotal = .max } == "size-differs")
  #expect(altered { $0.group = "test/other" } == "key-differs")
  #expect(altered { $0.stages[0].plan.take = .count(9) } == "sample-exceeds-population")
  #expect(altered { $0.stages[0].plan.method = "nearest" } == "method-unknown")
  #expect(altered { $0.listCommitment = "0" } == "list-differs")
  #expect(altered { $0.revealed?.listDigest = "0" } == "list-differs")
  #expect(altered { $0.stages.removeLast() } == "stages-differ")
}

@Test("an altered list is named by row and column")
func alteredList() throws {
  let round = try Round()
  var list = round.list
  var codes = (0..<list.rowCount).map { list["code"]?.text(at: $0) }
  codes[2] = "150199"
  list.set(Column("code", texts: codes))
  let difference = try #require(verify(round.open, frames: round.frames, list: list).difference)
  #expect(difference.code == "list-differs")
  #expect(difference.message.en.contains("row 4") && difference.message.en.contains("150199"))
  #expect(round.code(list: round.list.rows(Array(0..<3))) == "list-differs")
  #expect(round.code(list: Table(columns: [Column("order", numbers: [])])) == "list-differs")
}

@Test("what is no receipt, or one of another protocol, is refused")
func unreadableReceipt() throws {
  let receipt = try Round().open
  let json = try receipt.json()
  #expect(refusals { _ = try Receipt(json: Array("{}".utf8)) } == ["receipt-unreadable"])
  #expect(refusals { _ = try Receipt(json: Array(json.prefix(500))) } == ["receipt-unreadable"])
  var later = receipt
  later.protocolVersion = 2
  #expect(refusals { _ = try Receipt(json: try later.json()) } == ["receipt-version"])
  // A later protocol need not even have the same members.
  #expect(refusals { _ = try Receipt(json: Array(#"{"protocol_version": 2}"#.utf8)) } == ["receipt-version"])
  let text = String(decoding: json, as: UTF8.self)
  for (place, added) in [("\"state\"", "\"sealing\": true, "), ("\"take\"", "\"leave_out\": [\"a\"], ")] {
    let more = text.replacingOccurrences(of: place, with: added + place)
    #expect(refusals { _ = try Receipt(json: Array(more.utf8)) } == ["receipt-keys"], "\(added)")
  }
  let empty = text.replacingOccurrences(of: "\"state\"", with: "\"sealing\": null, \"parts\": [], \"state\"")
  #expect(try Receipt(json: Array(empty.utf8)) == receipt)
}
