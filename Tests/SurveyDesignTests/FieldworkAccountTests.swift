import SurveyData
import SurveyDesign
import Testing

@Suite struct FieldOutcomeTests {
  @Test("every outcome is found by its code and by its title in both languages, and by nothing else's")
  func written() {
    for outcome in FieldOutcome.allCases {
      for text in [outcome.rawValue, outcome.title.zh, outcome.title.en, " \(outcome.rawValue.uppercased()) "] {
        #expect(FieldOutcome(written: text) == outcome, "\(text)")
      }
    }
    #expect(FieldOutcome(written: "not_found") == .notFound && FieldOutcome(written: "complete") == nil)
    #expect(FieldOutcome(written: "") == nil)
  }

  @Test("the titles fit together in a spreadsheet's drop-down list, which holds 255 characters and no comma")
  func choices() {
    for language in Language.allCases {
      let titles = FieldOutcome.allCases.map { $0.title.text(in: language) }
      #expect(titles.joined(separator: ",").utf8.count <= 255 && Set(titles).count == titles.count)
      #expect(titles.allSatisfy { !$0.contains(",") })
    }
  }

  @Test("only interviews are respondents; what is not known is never eligible or ineligible")
  func dispositions() {
    #expect(FieldOutcome.allCases.filter(\.isInterview) == [.completed, .partial])
    #expect(FieldOutcome.allCases.filter { $0.disposition == .unknown } == [.notFound, .inaccessible, .unknown])
    for disposition in Disposition.allCases { #expect(FieldOutcome(disposition).disposition == disposition) }
    for outcome in FieldOutcome.allCases {
      let digit =
        switch outcome.disposition {
        case .respondent: "1"
        case .nonrespondent: "2"
        case .unknown: "3"
        case .ineligible: "4"
        }
      #expect(outcome.standardCode.hasPrefix(digit))
    }
  }
}

@Suite struct ResponseRateTests {
  @Test("AAPOR's rates are those of a table worked out by hand")
  func byHand() {
    var counts = ResponseCounts()
    for (group, number) in [
      (ResponseClass.complete, 60.0), (.partial, 5), (.refusal, 10), (.noncontact, 8), (.other, 2),
      (.unknownHousehold, 9), (.unknownOther, 1), (.notEligible, 15),
    ] { counts[group] = number }
    let rates = ResponseRates(counts)
    // E = 85, U = 10, e = 85 / 100.
    #expect(rates.first == 60.0 / 95 && rates.second == 65.0 / 95)
    #expect(rates.eligibleShare == 0.85 && rates.third == 60 / 93.5 && rates.fourth == 65 / 93.5)
    #expect(rates.fifth == 60.0 / 85 && rates.sixth == 65.0 / 85)
    #expect(rates.refusal == 10.0 / 95 && rates.contact == 77.0 / 95)
  }

  @Test("the rates stand in the order that their denominators say, and there is none where nobody is eligible")
  func bounds() throws {
    var none = ResponseCounts()
    none[.notEligible] = 4
    #expect(ResponseRates(none).first == nil && ResponseRates(none).fifth == nil)
    #expect(ResponseRates(ResponseCounts()).eligibleShare == nil)
    for unknown in 0...20 {
      var counts = ResponseCounts()
      counts[.complete] = 7
      counts[.partial] = 2
      counts[.refusal] = 3
      counts[.unknownHousehold] = Double(unknown)
      counts[.notEligible] = 5
      let rates = ResponseRates(counts)
      let (first, third, fifth) = (try #require(rates.first), try #require(rates.third), try #require(rates.fifth))
      let second = try #require(rates.second)
      #expect(first <= third && third <= fifth && first <= second)
    }
  }
}

@Suite struct FieldworkAccountTests {
  /// Two villages of four; in each two selected households of ten, and two in reserve.
  private func villages() -> [Line] {
    ["v1", "v2"].flatMap { village in
      (1...4).map { number in
        Line(
          village: village,
          household: "\(village)-\(number)",
          role: number <= 2 ? "selected" : "reserve"
        )
      }
    }
  }

  private func ordered(_ lines: [Line]) -> Table {
    var table = list(lines)
    var next = 0.0
    let orders = lines.map { line -> Double in
      if line.role == "selected" {
        next += 1
        return next
      }
      return (line.household?.last.flatMap { Double(String($0)) } ?? 2) - 2
    }
    table.set(Column("order", numbers: orders))
    return table
  }

  private func account(_ records: [FieldworkRecord], _ lines: [Line]? = nil) throws -> FieldworkAccount {
    try FieldworkAccount(
      list: ordered(lines ?? villages()),
      stages: stages,
      unitStage: 1,
      records: records,
      recordFile: "fieldwork.csv",
      certainSuffix: " (certain)"
    )
  }

  private func records(
    _ entries: [(unit: String, outcome: FieldOutcome, reason: String?, replacedBy: String?)]
  ) -> [FieldworkRecord] {
    entries.enumerated().map { place, entry in
      FieldworkRecord(
        number: place + 1,
        stage: "household",
        unit: entry.unit,
        outcome: entry.outcome,
        reason: entry.reason,
        replacedBy: entry.replacedBy
      )
    }
  }

  @Test("a replacement in its order and for a reason is no fault; the rates are the selected units'")
  func sound() throws {
    let account = try account(
      records([
        ("v1-1", .completed, nil, nil), ("v1-2", .refused, "no time", "v1-3"), ("v1-3", .absent, "nobody", "v1-4"),
        ("v1-4", .completed, nil, nil), ("v2-1", .completed, nil, nil), ("v2-2", .vacant, nil, nil),
      ])
    )
    #expect(account.faults.isEmpty, "\(account.faults)")
    let total = account.total
    #expect(total.selected == 4 && total.reserves == 4 && total.reservesUsed == 2 && total.interviews == 3)
    #expect(total.rates.first == 2.0 / 3 && total.replacementRate == 0.5 && total.completionRate == 0.75)
    #expect(total.weightedReplacementRate == 0.25)
    let cells = account.cellTallies
    #expect(cells.map(\.rates.first) == [0.5, 1] && cells.map(\.reservesUsed) == [2, 0])
    #expect(account.firstStageTallies.map(\.id) == ["v1", "v2"])
    // Every unit is in one cell and in one group.
    #expect(cells.reduce(0) { $0 + $1.selected + $1.reserves } == account.units.count)
  }

  @Test("weighted rates weigh by 1/π: a refusal in the larger stratum counts for more")
  func weighted() throws {
    var lines = villages()
    for place in lines.indices where lines[place].village == "v2" {
      lines[place].household = lines[place].household.map { "w" + $0 }
      lines[place].householdProbability = 0.05
    }
    let account = try account(
      records([
        ("v1-1", .completed, nil, nil), ("v1-2", .completed, nil, nil), ("wv2-1", .refused, nil, nil),
        ("wv2-2", .completed, nil, nil),
      ]),
      lines
    )
    // Weights 10, 10, 40, 40.
    #expect(account.total.rates.first == 0.75)
    #expect(abs((account.total.weightedRates.first ?? 0) - 0.6) < 1e-12)
  }

  @Test("a later line counts only as a correction; another line about the unit is a fault and does not count")
  func corrections() throws {
    var lines = records([
      ("v1-1", .absent, nil, nil), ("v1-1", .completed, nil, nil), ("v1-1", .refused, nil, nil),
    ])
    lines[2].corrects = 1
    let account = try account(lines)
    let twice = account.faults.filter { $0.code == "unit-twice" }
    #expect(twice.count == 1 && twice[0].row == 3 && twice[0].message.en.contains("record 1"))
    #expect(account.units[0].outcome == .refused)
  }

  @Test(
    "each fault has its code, its row and a mend",
    arguments: [
      ("unit-not-drawn", [("x", FieldOutcome.completed, nil, nil)]),
      ("reserve-not-listed", [("v1-1", .absent, "a", "x")]), ("reserve-selected", [("v1-1", .absent, "a", "v1-2")]),
      ("reserve-elsewhere", [("v1-1", .absent, "a", "v2-3")]),
      ("reserve-shared", [("v1-1", .absent, "a", "v1-3"), ("v1-2", .absent, "a", "v1-3")]),
      ("reserve-without-outcome", [("v1-1", .absent, "a", "v1-3")]),
      ("replaced-unit-completed", [("v1-1", .partial, "a", "v1-3")]),
      ("reserve-unlinked", [("v1-3", .completed, "a", nil)]),
      ("reserve-without-reason", [("v1-1", .absent, nil, "v1-3"), ("v1-3", .completed, nil, nil)]),
      ("reserve-out-of-order", [("v1-1", .absent, "a", "v1-4"), ("v1-4", .completed, nil, nil)]),
    ] as [(String, [(String, FieldOutcome, String?, String?)])]
  )
  func faults(code: String, entries: [(String, FieldOutcome, String?, String?)]) throws {
    let account = try account(records(entries.map { (unit: $0.0, outcome: $0.1, reason: $0.2, replacedBy: $0.3) }))
    let own = account.faults.filter { $0.code == code }
    #expect(own.count == 1, "\(account.faults.map(\.code))")
    #expect(own.first?.file == "fieldwork.csv" && own.first?.row == entries.count + 1)
    #expect(own.first?.fix.en.isEmpty == false && own.first?.fix.zh.isEmpty == false)
  }

  @Test("a reserve that is named and not yet recorded holds its place in the order")
  func pendingReserve() throws {
    let account = try account(
      records([
        ("v1-1", .absent, "a", "v1-3"), ("v1-2", .absent, "a", "v1-4"), ("v1-4", .completed, nil, nil),
      ])
    )
    #expect(!account.faults.contains { $0.code == "reserve-out-of-order" })
  }

  @Test("a must-include unit is of the cell that its reserves are of")
  func mustInclude() throws {
    var lines = villages()
    for place in lines.indices { lines[place].householdClass = place % 4 == 0 ? "P2 (certain)" : "P2" }
    let account = try account(
      records([("v1-1", .absent, "a", "v1-3"), ("v1-3", .completed, nil, nil)]),
      lines
    )
    #expect(account.cells.map(\.stratum) == ["P2", "P2"] && account.cells[0].selected == [0, 1])
    #expect(!account.faults.contains { $0.code.hasPrefix("reserve-") })
  }

  @Test("without replacements the rates are those of the counts that the weights are made from")
  func sameAsWeights() throws {
    let outcomes: [FieldOutcome?] = [.completed, .refused, .notFound, .vacant, nil]
    let codes: [FieldOutcome: String] = [.completed: "1", .refused: "3", .notFound: "8", .vacant: "6"]
    let selected = ["v1-1", "v1-2", "v2-1", "v2-2"]
    for pattern in 0..<625 {
      let own = (0..<4).map { outcomes[[1, 5, 25, 125].map { pattern / $0 % 5 }[$0]] }
      guard own.contains(.completed) else { continue }
      let filled = zip(selected, own).compactMap { unit, outcome in outcome.map { (unit, $0) } }
      let account = try account(records(filled.map { ($0.0, $0.1, nil, nil) }))
      let field = try joined(villages(), responses(filled.map { ($0.0, codes[$0.1]) }))
      let counts = try #require(field.counts.first)
      let total = account.total
      #expect(counts.selected == total.selected && counts.withoutReturn == total.withoutOutcome)
      #expect(counts.weightedRespondents / counts.weightedEligible == total.weightedRates.second)
      #expect(
        counts.ineligible == Int(total.counts[.notEligible])
          && counts.unknown == Int(total.counts[.unknownHousehold]) - total.withoutOutcome
      )
    }
  }

  @Test("lines of another stage are another account's")
  func otherStage() throws {
    let village = FieldworkRecord(number: 1, stage: "village", unit: "v1", outcome: .completed)
    #expect(try account([village]).total.withoutOutcome == 4)
    let villages = try FieldworkAccount(
      list: ordered(villages()),
      stages: stages,
      unitStage: 0,
      records: [village],
      recordFile: "fieldwork.csv",
      certainSuffix: " (certain)"
    )
    #expect(villages.total.selected == 2 && villages.total.withoutOutcome == 1 && villages.firstStageTallies.isEmpty)
  }

  @Test("an identity number is never shown whole, a household number always")
  func masking() {
    #expect(shownUnit("150121104248-0140") == "150121104248-0140")
    #expect(shownUnit("15012119900101001X") == "150121****001X")
  }
}
