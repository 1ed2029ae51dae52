/// The answer to one item of 两不愁三保障.
package enum ItemAnswer: String, Sendable, Codable, CaseIterable {
  case met
  case notMet = "not-met"
  /// The question does not apply, such as schooling without a child of that age.
  case notApplicable = "not-applicable"
  case unanswered
}

/// What fieldwork found of one household against the standard.
package struct HouseholdItems: Sendable, Hashable {
  package var food: ItemAnswer
  /// Safe drinking water, counted with food.
  package var water: ItemAnswer
  package var clothing: ItemAnswer
  package var education: ItemAnswer
  package var medical: ItemAnswer
  package var housing: ItemAnswer
  /// Net income a head and year, yuan; `nil` where unanswered.
  package var incomePerHead: Double?

  package init(
    food: ItemAnswer,
    water: ItemAnswer,
    clothing: ItemAnswer,
    education: ItemAnswer,
    medical: ItemAnswer,
    housing: ItemAnswer,
    incomePerHead: Double?
  ) {
    self.food = food
    self.water = water
    self.clothing = clothing
    self.education = education
    self.medical = medical
    self.housing = housing
    self.incomePerHead = incomePerHead
  }

  /// 教育、医疗、住房: the three guarantees.
  package var guarantees: [ItemAnswer] { [education, medical, housing] }
  /// 吃（含饮水）、穿: the two no-worries.
  package var noWorries: [ItemAnswer] { [food, water, clothing] }
}

/// Which failures make a household fail the standard. The regulation does not say; the choice is 假设.
package enum JudgementPolicy: String, Sendable, Codable, CaseIterable {
  /// Income below the line alone.
  case incomeOnly = "income-only"
  /// Income below the line, or any item not met: the default.
  case any
  /// Income below the line, or one of the three guarantees not met.
  case incomeOrGuarantee = "income-or-guarantee"
}

/// Whether a household meets the standard.
package enum HouseholdVerdict: String, Sendable, Codable, CaseIterable {
  case met
  case notMet = "not-met"
  /// Nothing fails, but something that counts is unanswered: reported apart, never counted as a failure.
  case undetermined
}

/// The judgement of households by one policy and one income line.
package struct HouseholdJudgement: Sendable, Hashable {
  package var policy: JudgementPolicy
  /// Yuan a head and year, of the assessed year.
  package var incomeLine: Double

  package init(policy: JudgementPolicy, incomeLine: Double) {
    self.policy = policy
    self.incomeLine = incomeLine
  }

  /// Judges one household: a failure decides, a gap only where nothing fails.
  package func verdict(_ items: HouseholdItems) -> HouseholdVerdict {
    var answers = [incomeAnswer(items.incomePerHead)]
    switch policy {
    case .incomeOnly: break
    case .any: answers += items.noWorries + items.guarantees
    case .incomeOrGuarantee: answers += items.guarantees
    }
    if answers.contains(.notMet) { return .notMet }
    return answers.contains(.unanswered) ? .undetermined : .met
  }

  private func incomeAnswer(_ income: Double?) -> ItemAnswer {
    guard let income else { return .unanswered }
    return income < incomeLine ? .notMet : .met
  }
}

/// How far the review of a suspected household has come.
package enum ReviewStatus: Int, Sendable, Codable, CaseIterable {
  case none, suspected, evidenceReceived, confirmed, cleared, open

  /// Whether the case may still be confirmed.
  package var isPending: Bool {
    switch self {
    case .suspected, .evidenceReceived, .open: true
    case .none, .confirmed, .cleared: false
    }
  }
}

/// What the judgement means for a household of the register or outside it.
package enum HouseholdFinding: String, Sendable, Codable, CaseIterable {
  /// 错退: exited, and does not meet the standard.
  case wrongExit = "wrong-exit"
  /// 漏评: not registered, and does not meet the standard.
  case omission
  case none
  case undetermined

  /// - Parameters:
  ///   - classCode: P2 is an exited household, N0…N6 are not registered; others can be neither.
  ///   - verdict: the judgement of its items.
  ///   - review: only what reviewers confirmed is found; a pending case is undetermined, so that a rate
  ///     can be given as the range from confirmed to confirmed and pending.
  package init(classCode: String, verdict: HouseholdVerdict, review: ReviewStatus) {
    let kind: HouseholdFinding =
      classCode == "P2" ? .wrongExit : classCode.hasPrefix("N") ? .omission : .none
    switch verdict {
    case .met: self = .none
    case .undetermined: self = kind == .none ? .none : .undetermined
    case .notMet:
      if review == .confirmed {
        self = kind
      } else {
        self = review.isPending && kind != .none ? .undetermined : .none
      }
    }
  }
}
