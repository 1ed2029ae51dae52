import PovertyAssessment
import SurveyData
import TestSupport
import Testing

private let line = 2_995.0

private let allMet = HouseholdItems(
  food: .met,
  water: .met,
  clothing: .met,
  education: .met,
  medical: .met,
  housing: .met,
  incomePerHead: line
)

private let answers: [any WritableKeyPath<HouseholdItems, ItemAnswer> & Sendable] = [
  \.food, \.water, \.clothing, \.education, \.medical, \.housing,
]

private func verdict(_ policy: JudgementPolicy, _ change: (inout HouseholdItems) -> Void) -> HouseholdVerdict {
  var items = allMet
  change(&items)
  return HouseholdJudgement(policy: policy, incomeLine: line).verdict(items)
}

/// Every combination of answers and three incomes: 12,288 households.
private func everyHousehold(_ visit: (HouseholdItems) -> Void) {
  for code in 0..<4_096 {
    var items = allMet
    var rest = code
    for answer in answers {
      items[keyPath: answer] = ItemAnswer.allCases[rest % 4]
      rest /= 4
    }
    for income in [line, line - 1, nil] {
      items.incomePerHead = income
      visit(items)
    }
  }
}

@Suite struct JudgementTests {
  @Test("income below the line fails by every policy; the line itself does not", arguments: JudgementPolicy.allCases)
  func income(policy: JudgementPolicy) {
    #expect(verdict(policy) { $0.incomePerHead = line - 0.01 } == .notMet)
    #expect(verdict(policy) { $0.incomePerHead = line } == .met)
    #expect(verdict(policy) { $0.incomePerHead = nil } == .undetermined)
  }

  @Test("which items count is the policy's choice")
  func policies() {
    for (place, answer) in answers.enumerated() {
      let isGuarantee = place >= 3
      #expect(verdict(.any) { $0[keyPath: answer] = .notMet } == .notMet)
      #expect(verdict(.incomeOnly) { $0[keyPath: answer] = .notMet } == .met)
      #expect(verdict(.incomeOrGuarantee) { $0[keyPath: answer] = .notMet } == (isGuarantee ? .notMet : .met))
      #expect(verdict(.any) { $0[keyPath: answer] = .notApplicable } == .met)
    }
  }

  @Test("a missing answer never fails a household", arguments: JudgementPolicy.allCases)
  func missing(policy: JudgementPolicy) {
    let judgement = HouseholdJudgement(policy: policy, incomeLine: line)
    everyHousehold { items in
      let before = judgement.verdict(items)
      for answer in answers {
        var gap = items
        gap[keyPath: answer] = .unanswered
        if before != .notMet { #expect(judgement.verdict(gap) != .notMet) }
      }
      var gap = items
      gap.incomePerHead = nil
      if before != .notMet { #expect(judgement.verdict(gap) != .notMet) }
    }
  }

  @Test("one failure decides, whatever else is unanswered", arguments: answers.indices)
  func failure(place: Int) {
    let items = HouseholdItems(
      food: .unanswered,
      water: .unanswered,
      clothing: .unanswered,
      education: .unanswered,
      medical: .unanswered,
      housing: .unanswered,
      incomePerHead: nil
    )
    let judgement = HouseholdJudgement(policy: .any, incomeLine: line)
    #expect(judgement.verdict(items) == .undetermined)
    var failed = items
    failed[keyPath: answers[place]] = .notMet
    #expect(judgement.verdict(failed) == .notMet)
  }

  @Test("mending one item never makes a verdict worse", arguments: JudgementPolicy.allCases)
  func monotone(policy: JudgementPolicy) {
    let judgement = HouseholdJudgement(policy: policy, incomeLine: line)
    let rank: [HouseholdVerdict: Int] = [.notMet: 0, .undetermined: 1, .met: 2]
    everyHousehold { items in
      for answer in answers {
        var mended = items
        mended[keyPath: answer] = .met
        #expect((rank[judgement.verdict(mended)] ?? -1) >= (rank[judgement.verdict(items)] ?? 9))
      }
    }
  }
}

@Suite struct FindingTests {
  @Test("only a confirmed failure is a wrong exit or an omission", arguments: ReviewStatus.allCases)
  func review(status: ReviewStatus) {
    let exited = HouseholdFinding(classCode: "P2", verdict: .notMet, review: status)
    let omitted = HouseholdFinding(classCode: "N4", verdict: .notMet, review: status)
    switch status {
    case .confirmed:
      #expect(exited == .wrongExit && omitted == .omission)
    case .suspected, .evidenceReceived, .open:
      #expect(exited == .undetermined && omitted == .undetermined)
    case .none, .cleared:
      #expect(exited == .none && omitted == .none)
    }
  }

  @Test("a household still on the register is neither, and one that meets the standard never is")
  func classes() {
    for code in ["P1", "P3", "P4"] {
      for verdict in HouseholdVerdict.allCases {
        #expect(HouseholdFinding(classCode: code, verdict: verdict, review: .confirmed) == .none)
      }
    }
    for code in ["P2", "N0", "N6"] {
      #expect(HouseholdFinding(classCode: code, verdict: .met, review: .confirmed) == .none)
      #expect(HouseholdFinding(classCode: code, verdict: .undetermined, review: .confirmed) == .undetermined)
    }
  }
}

@Suite struct VerdictColumnTests {
  private func table(_ change: ([String: [String?]]) -> [String: [String?]] = { $0 }) -> Table {
    let cells: [String: [String?]] = [
      "food": ["1", "1", nil, "1"], "water": ["1", "1", "1", "1"], "clothing": ["1", "1", "1", "1"],
      "education": ["9", "1", "1", "1"], "medical": ["1", "1", "1", "1"], "housing": ["A", "C", "B", "9"],
      "income_per_head": ["4000", "4000", "4000", "4000"],
    ]
    let changed = change(cells)
    return Table(
      columns: changed.keys.sorted().map { Column($0, texts: changed[$0] ?? []) },
      file: "households.csv"
    )
  }

  private let judgement = HouseholdJudgement(policy: .any, incomeLine: line)

  @Test("codes of the form become verdicts; a house that was not graded leaves it open")
  func codes() throws {
    let verdicts = try judgement.verdicts(of: table())
    #expect((0..<4).map { verdicts.text(at: $0) } == ["met", "not-met", "undetermined", "undetermined"])
  }

  @Test("every unknown code is named with its row, column and the codes there are, all at once")
  func unknownCodes() {
    let found = findings {
      _ = try judgement.verdicts(
        of: table {
          var cells = $0
          cells["food"] = ["1", "3", nil, "1"]
          cells["housing"] = ["A", "C", "E", "9"]
          return cells
        }
      )
    }
    #expect(found.map(\.code) == ["item-code", "item-code"])
    #expect(found.map(\.row) == [3, 4] && found.map(\.column) == ["food", "housing"])
    #expect(found.map(\.value) == ["3", "E"] && found[1].fix.en.contains("A, B, C, D"))
  }

  @Test("a missing column and an income that is no number are refused")
  func columns() {
    func codes(_ change: @escaping ([String: [String?]]) -> [String: [String?]]) -> [String] {
      findings { _ = try judgement.verdicts(of: table(change)) }.map(\.code)
    }
    #expect(codes { $0.filter { $0.key != "medical" } } == ["column-missing"])
    #expect(codes { $0.merging(["income_per_head": ["many", "1", "1", "1"]]) { $1 } } == ["number-text"])
  }
}
