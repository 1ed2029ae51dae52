package import SurveyData

/// What a rule makes of its failures.
package enum CheckLevel: String, Sendable, Codable, CaseIterable, Comparable {
  /// Counted, and no cause for concern.
  case pass
  /// Somebody has to look at it.
  case warn
  /// Nothing may be estimated before it is mended.
  case stop

  package static func < (left: CheckLevel, right: CheckLevel) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .pass: 0
    case .warn: 1
    case .stop: 2
    }
  }

  package var title: LocalizedText {
    switch self {
    case .pass: LocalizedText(zh: "通过", en: "pass")
    case .warn: LocalizedText(zh: "提醒", en: "warn")
    case .stop: LocalizedText(zh: "须改", en: "stop")
    }
  }
}

/// Rules that look at the same thing.
package enum CheckFamily: String, Sendable, Codable, CaseIterable {
  case schema, areas, identity, register, returns, reserves, duplicates, interviews, weights, own

  package var title: LocalizedText {
    switch self {
    case .schema: LocalizedText(zh: "列与取值", en: "Columns and values")
    case .areas: LocalizedText(zh: "区划代码", en: "Area codes")
    case .identity: LocalizedText(zh: "身份证号", en: "Identity numbers")
    case .register: LocalizedText(zh: "名册一致性", en: "Register consistency")
    case .returns: LocalizedText(zh: "抽取与返回", en: "Drawn and returned")
    case .reserves: LocalizedText(zh: "备选与替换", en: "Reserves")
    case .duplicates: LocalizedText(zh: "重复与雷同", en: "Duplicates")
    case .interviews: LocalizedText(zh: "访问过程", en: "Interviews")
    case .weights: LocalizedText(zh: "权数", en: "Weights")
    case .own: LocalizedText(zh: "本调查规则", en: "The survey's own rules")
    }
  }
}
