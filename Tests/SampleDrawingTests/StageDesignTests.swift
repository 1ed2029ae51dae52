import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

/// Must-include units, takes and reserves by stratum, and allocation within a draw.
@Suite("designs of a stage")
struct StageDesignTests {
  private func drawn(_ plan: StagePlan, _ frame: Table, seed: String = strongSeed) throws -> StageDraw {
    try drawStage(plan, frame: frame, key: key(seed))
  }

  private func plan(
    _ take: Take,
    method: String = "srs",
    include: String? = nil,
    reserves: Int = 0,
    size: String? = nil
  ) -> StagePlan {
    StagePlan(
      name: "county",
      id: "code",
      strata: ["league_code"],
      method: method,
      take: take,
      reserves: reserves,
      mustInclude: include,
      size: size
    )
  }

  /// A plan of three for every method that can have one; a rate where the method takes rates.
  private func plan(of method: any SelectionMethod, include: String?) -> StagePlan {
    let take: Take =
      switch method.asks {
      case .everything: .all
      case .number: .count(4)
      case .rate: .rate(0.5)
      }
    return plan(
      take,
      method: method.name,
      include: include,
      size: method.needsSize ? "synthetic_households" : nil
    )
    .withMeasures(["synthetic_households", "code"])
  }

  @Test("must-include units come first with probability 1, n counts them, the others are drawn among themselves")
  func certain() throws {
    let frame = bannerFrame()
    let include = "code in ['150103', '150107', '150305']"
    let result = try drawn(plan(.count(4), include: include, reserves: 2), frame)
    #expect(result.cells.map(\.mustIncludeCount) == [2, 0, 1])
    for cell in result.cells {
      #expect(cell.sampleSize == 4 && cell.populationSize == 8)
      #expect(
        cell.selected.prefix(cell.mustIncludeCount).allSatisfy { $0.isMustInclude && $0.inclusionProbability == 1 }
      )
      let others = cell.selected.dropFirst(cell.mustIncludeCount)
      let rest = 8 - cell.mustIncludeCount
      #expect(others.allSatisfy { $0.inclusionProbability == Double(4 - cell.mustIncludeCount) / Double(rest) })
      #expect(cell.units.map(\.order) == Array(1...4) + [1, 2])
    }
    // The others are the draw of a frame without them: a ticket does not depend on other units.
    let without = try Expression(parsing: "not (\(include))")
    let rest = frame.filtered(by: try without.mask(over: frame))
    let alone = try drawn(
      plan(.byStratum(["1501": .count(2), "1502": .count(4), "1503": .count(3)]), reserves: 2),
      rest
    )
    for (cell, other) in zip(result.cells, alone.cells) {
      #expect(cell.units.filter { !$0.isMustInclude }.map(\.id) == other.units.map(\.id))
    }
  }

  @Test("a must-include unit is taken by every method and never twice", arguments: SelectionMethods.all.map(\.name))
  func everyMethod(name: String) throws {
    let method = try #require(SelectionMethods.named(name))
    for number in 0..<20 {
      let result = try drawn(
        plan(of: method, include: "code == '150203'"),
        bannerFrame(),
        seed: strongSeed + "\(number)"
      )
      let ids = result.cells.flatMap { $0.selected.map(\.id) }
      #expect(ids.count { $0 == "150203" } == 1)
      if method.hasFixedSize, case .number = method.asks { #expect(result.cells.allSatisfy { $0.sampleSize == 4 }) }
    }
  }

  @Test("the list names must-include units as a stratum of their own, with its N and n")
  func list() throws {
    let frame = bannerFrame()
    let draw = try draw(
      stages: [(plan(.count(4), include: "code == '150103' or code == '150107'"), frame)],
      seed: try Seed(declared: strongSeed),
      group: "test/draw"
    )
    let list = DrawnList.table(of: draw, frames: [frame])
    let lines = (0..<list.rowCount).map { row in
      ["county_stratum", "county_population", "county_sample"].map { list[$0]?.text(at: row) ?? "" }
        .joined(separator: "|")
    }
    #expect(lines.filter { $0 == "1501 (certain)|2|2" }.count == 2)
    #expect(lines.filter { $0 == "1501|6|2" }.count == 2)
    #expect(lines.filter { $0 == "1502|8|4" }.count == 4)
  }

  @Test("more must-include units than the sample are refused with stratum and numbers")
  func excess() throws {
    do {
      _ = try drawn(plan(.count(1), include: "synthetic_households > 0"), bannerFrame())
      Issue.record("nothing was refused")
    } catch let refusal as InputRefusal {
      #expect(refusal.findings.map(\.code) == [String](repeating: "must-include-exceeds", count: 3))
      #expect(refusal.findings[0].value == "1501")
      #expect(refusal.findings[0].message.en.contains("8 must-include units, but n is only 1"))
    }
    #expect(refusals { _ = try drawn(plan(.count(1), include: "leage == 1"), bannerFrame()) } == ["column-missing"])
    #expect(refusals { _ = try drawn(plan(.count(1), include: "1 == 1"), bannerFrame()) } == ["must-include"])
    #expect(refusals { _ = try drawn(plan(.count(1), include: "code =="), bannerFrame()) }.count == 1)
  }

  @Test("take all, must-include or not, takes all")
  func takeAll() throws {
    let result = try drawn(plan(.all, include: "code == '150103'"), bannerFrame())
    #expect(result.cells.allSatisfy { $0.sampleSize == 8 && $0.nothingLeftToChance })
  }

  @Test("a star speaks for the strata that are not named, for takes and for reserves")
  func others() throws {
    var own = plan(.byStratum(["1501": .all, "*": .upTo(3)]), reserves: 1)
    own.reservesByStratum = ["1502": 4]
    let result = try drawn(own, bannerFrame())
    #expect(result.cells.map(\.sampleSize) == [8, 3, 3])
    #expect(result.cells.map(\.reserves.count) == [0, 4, 1])
    own.reservesByStratum = ["1509": 4]
    #expect(refusals { _ = try drawn(own, bannerFrame()) } == ["stratum-unknown"])
    own.reservesByStratum = ["1502": -1]
    #expect(refusals { _ = try drawn(own, bannerFrame()) } == ["reserves"])
  }

  @Test("beside a must-include unit, leaving out an earlier round keeps n/N for the others over both rounds")
  func exclusion() throws {
    let frame = bannerFrame(perLeague: 8, leagues: 1)
    let first = plan(.count(3))
    let second = plan(.count(3), include: "code == '150104'")
    let rounds = 4_000
    var counts = [String: Int]()
    for round in 0..<rounds {
      let seed = try Seed(declared: strongSeed + "\(round)")
      let earlier = try draw(stages: [(first, frame)], seed: seed, group: "test/first")
      let receipt = try Receipt(of: earlier, frames: [ReceiptFrame(whole: frame)], toolVersion: "test")
      let left = try Exclusion(
        of: receipt,
        stage: receipt.stages[0],
        ids: earlier.stages[0].cells[0].selected.map(\.id),
        isChecked: true
      )
      let later = try draw(stages: [(second, frame)], seed: seed, group: "test/second", excluding: [[left]])
      for unit in later.stages[0].cells[0].selected {
        counts[unit.id, default: 0] += 1
        #expect(abs(unit.inclusionProbability - (unit.isMustInclude ? 1 : 2.0 / 7)) < 1e-15)
      }
    }
    #expect(counts["150104"] == rounds)
    let error = (2.0 / 7 * 5 / 7 / Double(rounds)).squareRoot()
    for (id, count) in counts where id != "150104" {
      #expect(abs(Double(count) / Double(rounds) - 2.0 / 7) < 4.5 * error, "\(id)")
    }
  }

  @Test("with sizes, the others are taken with n·x/X of what the must-include units leave")
  func proportional() throws {
    let frame = bannerFrame(perLeague: 8, leagues: 1)
    let own = plan(.count(3), method: "pps-systematic", include: "code == '150104'", size: "synthetic_households")
    let rounds = 3_000
    var counts = [String: Int]()
    var stated = [String: Double]()
    for round in 0..<rounds {
      let cell = try drawn(own, frame, seed: strongSeed + "\(round)").cells[0]
      for unit in cell.selected {
        counts[unit.id, default: 0] += 1
        stated[unit.id] = unit.inclusionProbability
      }
    }
    let sizes = (0..<8).map { row in Double(frame["synthetic_households"]?.text(at: row) ?? "") ?? 0 }
    let rest = sizes.reduce(0, +) - sizes[3]
    #expect(counts["150104"] == rounds && stated["150104"] == 1)
    for row in 0..<8 where row != 3 {
      let id = "15010\(row + 1)"
      let probability = 2 * sizes[row] / rest
      #expect(abs((stated[id] ?? 0) - probability) < 1e-15)
      let error = (probability * (1 - probability) / Double(rounds)).squareRoot()
      #expect(abs(Double(counts[id] ?? 0) / Double(rounds) - probability) < 4.5 * error, "\(id)")
    }
  }

  @Test("four stages with strata at each: every unit stands within a drawn one, and the receipt verifies")
  func fourStages() throws {
    let counties = bannerFrame()
    let villages = villageFrame(of: counties)
    let leagues = Table(
      columns: [
        Column("league", texts: ["1501", "1502", "1503"]), Column("part", texts: ["east", "east", "west"]),
      ],
      file: "leagues.csv"
    )
    var households = [[String?]](repeating: [], count: 3)
    for row in 0..<villages.rowCount {
      for number in 1...7 {
        let village = villages["village"]?.text(at: row) ?? ""
        households[0].append("\(village)/\(number)")
        households[1].append(village)
        households[2].append(number % 2 == 0 ? "P" : "N")
      }
    }
    let register = Table(
      columns: zip(["household", "village", "class"], households).map { Column($0, texts: $1) },
      file: "households.csv"
    )
    var second = countyPlan
    second.parent = "league_code"
    second.strata = []
    second.reserves = 0
    var third = villagePlan
    third.reserves = 0
    third.take = .byStratum(["poor": .all, "*": .count(1)])
    let stages = [
      (plan: StagePlan(name: "league", id: "league", strata: ["part"], take: .count(1)), frame: leagues),
      (plan: second, frame: counties), (plan: third, frame: villages),
      (
        plan: StagePlan(
          name: "household",
          id: "household",
          parent: "village",
          strata: ["class"],
          take: .byStratum(["P": .upTo(9), "N": .count(2)])
        ),
        frame: register
      ),
    ]
    let draw = try draw(stages: stages, seed: try Seed(declared: strongSeed), group: "test/draw")
    // 2 leagues, 2 counties each, 3 poor villages and 1 other in each, 3 + 2 households in each.
    #expect(draw.stages.map { $0.cells.reduce(0) { $0 + $1.sampleSize } } == [2, 4, 16, 80])
    let paths = draw.paths.filter { draw.isSelected($0) }
    #expect(paths.count == 80)
    for path in paths {
      let ids = path.steps.enumerated().map { draw.unit($1, stage: $0).id }
      #expect(ids[1].hasPrefix(ids[0]) && ids[2].hasPrefix(ids[1]) && ids[3].hasPrefix(ids[2] + "/"))
      let east = ids[0] == "1503" ? 1.0 : 0.5
      let poor = draw.cell(path.steps[2], stage: 2).stratum == ["poor"]
      let inVillage = draw.cell(path.steps[3], stage: 3).stratum == ["P"] ? 1.0 : 2.0 / 4
      let third = draw.unit(path.steps[2], stage: 2).inclusionProbability
      #expect(poor ? third == 1 : third < 1)
      #expect(abs(draw.inclusionProbability(path) - east * (2.0 / 8) * third * inVillage) < 1e-15)
    }
    let frames = stages.map { ReceiptFrame(whole: $0.frame) }
    let receipt = try Receipt(of: draw, frames: frames, toolVersion: "test")
    #expect(verify(receipt, frames: frames, seed: draw.seed).isVerified)
  }

  @Test("a class that no drawn unit has is told with the draw, not refused")
  func absentClass() throws {
    let banners = bannerFrame()
    let villages = villageFrame(of: banners)
    var second = villagePlan
    second.take = .byStratum(["poor": .count(1), "other": .count(1), "flooded": .all])
    let draw = try draw(
      stages: [(countyPlan, banners), (second, villages)],
      seed: try Seed(declared: strongSeed),
      group: "test/draw"
    )
    #expect(draw.notes.contains { $0.code == "strata-absent" && $0.message.en.contains("flooded") })
  }

  @Test("a total is shared out within every drawn unit, and the numbers stand in the strata")
  func allocation() throws {
    let banners = bannerFrame()
    let villages = villageFrame(of: banners, perBanner: 9)
    var second = villagePlan
    second.method = "srs"
    second.size = nil
    second.reserves = 0
    second.take = .allocate(Allocation(total: 5, rule: "proportional", size: "size", minimum: 1))
    let draw = try draw(
      stages: [(countyPlan, banners), (second, villages)],
      seed: try Seed(declared: strongSeed),
      group: "test/draw"
    )
    let cells = draw.stages[1].cells
    #expect(cells.count == 12)
    for pair in stride(from: 0, to: cells.count, by: 2) {
      #expect(cells[pair].parent == cells[pair + 1].parent)
      #expect(cells[pair].sampleSize + cells[pair + 1].sampleSize == 5)
    }
    // Sizes 17, 24, 31, 10, 17, … of villages 1 to 9: the odd ones have 17+31+17+31+17, the even ones 24+10+24+10.
    #expect(cells.map(\.sampleSize) == [Int](repeating: 0, count: 6).flatMap { _ in [3, 2] })
    let again = try drawStage(
      second,
      frame: reversed(villages),
      parents: draw.stages[0].cells.flatMap { $0.selected.map(\.id) },
      key: draw.stages[1].key
    )
    #expect(again.cells.map { $0.units.map(\.id) } == cells.map { $0.units.map(\.id) })
  }

  @Test("a receipt holds must-include counts, the expression and the allocation, and verifies")
  func receipt() throws {
    let frame = ReceiptFrame(whole: bannerFrame())
    let own = plan(
      .allocate(Allocation(total: 10, rule: "neyman", deviation: .byStratum(["1501": 2, "*": 1]), minimum: 2)),
      include: "code == '150204' or code == '150205'"
    )
    let draw = try draw(stages: [(own, frame.units)], seed: try Seed(declared: strongSeed), group: "test/draw")
    #expect(draw.stages[0].cells.map(\.sampleSize) == [5, 3, 2])
    let sealed = try Receipt(of: draw, frames: [frame], toolVersion: "test")
    let read = try Receipt(json: try sealed.json())
    #expect(read.stages[0].plan == own)
    #expect(read.stages[0].cells?.map(\.mustInclude) == [nil, 2, nil])
    #expect(verify(read, frames: [frame], seed: draw.seed).isVerified)
    var other = read
    other.stages[0].cells?[1].mustInclude = 1
    #expect(verify(other, frames: [frame], seed: draw.seed).difference?.code == "must-include-differs")
    other = read
    other.stages[0].plan.mustInclude = "code == '150204'"
    #expect(!verify(other, frames: [frame], seed: draw.seed).isVerified)
  }

  @Test("what an allocation cannot work with is refused by name", arguments: faults)
  func refusedAllocations(fault: Fault) throws {
    var frame = bannerFrame()
    frame.set(Column("sd", texts: (0..<frame.rowCount).map { $0 < 3 ? "1" : "2" }))
    frame.set(Column("cost", texts: (0..<frame.rowCount).map { $0 == 4 ? "dear" : "3" }))
    frame.set(Column("none", texts: (0..<frame.rowCount).map { _ in "0" }))
    let own = plan(.allocate(fault.allocation))
    #expect(refusals { _ = try drawn(own, frame) } == fault.codes)
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var codes: [String]
    var allocation: Allocation
    var testDescription: String { codes.joined(separator: ", ") }
  }

  private static let faults = [
    Fault(codes: ["allocation-rule-unknown"], allocation: Allocation(total: 9, rule: "nieman", minimum: 1)),
    Fault(codes: ["allocation-figure-missing"], allocation: Allocation(total: 9, rule: "neyman", minimum: 1)),
    Fault(
      codes: ["allocation-figure-missing"],
      allocation: Allocation(
        total: 9,
        rule: "neyman",
        deviation: .byStratum(["1501": 1, "1502": 1]),
        minimum: 1
      )
    ),
    Fault(
      codes: ["stratum-unknown", "allocation-figure"],
      allocation: Allocation(
        total: 9,
        rule: "neyman",
        deviation: .byStratum(["1501": 1, "1502": 1, "1503": -1, "1504": 2]),
        minimum: 1
      )
    ),
    Fault(
      codes: ["allocation-not-constant"],
      allocation: Allocation(total: 9, rule: "neyman", deviation: .column("sd"), minimum: 1)
    ),
    Fault(
      codes: ["allocation-figure"],
      allocation: Allocation(
        total: 9,
        rule: "cost-optimal",
        deviation: .byStratum(["*": 1]),
        cost: .column("cost"),
        minimum: 1
      )
    ),
    Fault(codes: ["allocation-minima"], allocation: Allocation(total: 5, rule: "equal", minimum: 2)),
    Fault(codes: ["allocation-total"], allocation: Allocation(total: 25, rule: "equal", minimum: 2)),
    Fault(codes: ["allocation-bounds"], allocation: Allocation(total: 9, rule: "equal", minimum: 3, maximum: 2)),
    Fault(
      codes: ["allocation-exponent"],
      allocation: Allocation(total: 9, rule: "power", exponent: 1.5, minimum: 1)
    ),
    Fault(codes: ["allocation-exponent"], allocation: Allocation(total: 9, rule: "power", minimum: 1)),
    Fault(
      codes: ["allocation-unused"],
      allocation: Allocation(total: 9, rule: "proportional", deviation: .column("sd"), minimum: 1)
    ),
    Fault(
      codes: ["allocation-zero"],
      allocation: Allocation(total: 9, rule: "proportional", size: "none", minimum: 0)
    ),
  ]
}
