package import SurveyData

/// What became of one unit in the field: the one vocabulary of lists, records and reports.
///
/// Each outcome has a place among the final disposition codes for in-person household surveys (AAPOR 2016,
/// Standard Definitions, 9th edition, table 2) and one of the four dispositions that weights know. A survey
/// file may name its own codes for them.
package enum FieldOutcome: String, Sendable, Codable, CaseIterable {
  /// 完成
  case completed
  case partial
  case refused
  case brokenOff = "broken-off"
  case absent
  case away
  case unable
  case postponed
  /// Eligible and not interviewed, for a reason that is written down.
  case other
  case notFound = "not-found"
  case inaccessible
  case unknown
  case vacant
  case destroyed
  case moved
  case merged
  case deceased
  case ineligible
}

/// The letters of AAPOR's rates: what counts as what.
package enum ResponseClass: Int, Sendable, CaseIterable {
  /// I.
  case complete
  /// P.
  case partial
  /// R: refusal and break-off.
  case refusal
  /// NC.
  case noncontact
  /// O.
  case other
  /// UH: unknown whether there is an eligible household, units without any record among them.
  case unknownHousehold
  /// UO.
  case unknownOther
  /// Not a unit of the population: in no rate.
  case notEligible

  /// The letters in AAPOR's formulas.
  package var letters: String {
    switch self {
    case .complete: "I"
    case .partial: "P"
    case .refusal: "R"
    case .noncontact: "NC"
    case .other: "O"
    case .unknownHousehold: "UH"
    case .unknownOther: "UO"
    case .notEligible: "–"
    }
  }
}

extension FieldOutcome {
  /// What an interviewer chooses from.
  package var title: LocalizedText {
    switch self {
    case .completed: LocalizedText(zh: "完成", en: "completed")
    case .partial: LocalizedText(zh: "部分完成", en: "partly completed")
    case .refused: LocalizedText(zh: "拒访", en: "refused")
    case .brokenOff: LocalizedText(zh: "中途终止", en: "broken off")
    case .absent: LocalizedText(zh: "无人在家", en: "nobody home")
    case .away: LocalizedText(zh: "外出", en: "away")
    case .unable: LocalizedText(zh: "无法应答", en: "unable")
    case .postponed: LocalizedText(zh: "改期未访", en: "postponed")
    case .other: LocalizedText(zh: "其他未访", en: "other")
    case .notFound: LocalizedText(zh: "查无此户", en: "not found")
    case .inaccessible: LocalizedText(zh: "无法到达", en: "inaccessible")
    case .unknown: LocalizedText(zh: "情况不明", en: "unknown")
    case .vacant: LocalizedText(zh: "空置", en: "vacant")
    case .destroyed: LocalizedText(zh: "房屋已毁", en: "destroyed")
    case .moved: LocalizedText(zh: "已迁出", en: "moved")
    case .merged: LocalizedText(zh: "已并户", en: "merged")
    case .deceased: LocalizedText(zh: "已故", en: "deceased")
    case .ineligible: LocalizedText(zh: "不符合条件", en: "not eligible")
    }
  }

  /// When to choose it.
  package var meaning: LocalizedText {
    switch self {
    case .completed: LocalizedText(zh: "问卷完整", en: "the form is complete")
    case .partial: LocalizedText(zh: "问到一部分，可用", en: "some was asked, and it can be used")
    case .refused: LocalizedText(zh: "拒绝接受访问", en: "would not take part")
    case .brokenOff: LocalizedText(zh: "访问开始后中止，不可用", en: "began and stopped; it can't be used")
    case .absent: LocalizedText(zh: "多次到访无人", en: "nobody at any call")
    case .away: LocalizedText(zh: "调查期间一直外出", en: "away for the whole of the fieldwork")
    case .unable: LocalizedText(zh: "病残等，无合适的应答人", en: "ill, or nobody who could answer")
    case .postponed: LocalizedText(zh: "约定改期，未能访问", en: "put off and not interviewed in the end")
    case .other: LocalizedText(zh: "符合条件而未访，原因另写", en: "eligible; the reason is written down")
    case .notFound: LocalizedText(zh: "按名册找不到", en: "could not be found from the register")
    case .inaccessible: LocalizedText(zh: "道路、天气、安全原因未到达", en: "road, weather or safety")
    case .unknown: LocalizedText(zh: "不知是否符合条件", en: "whether it is eligible is not known")
    case .vacant: LocalizedText(zh: "房屋无人居住", en: "nobody lives there")
    case .destroyed: LocalizedText(zh: "房屋已毁或不是住宅", en: "destroyed, or no dwelling")
    case .moved: LocalizedText(zh: "全户迁出", en: "the whole household moved away")
    case .merged: LocalizedText(zh: "并入另一户", en: "is part of another household now")
    case .deceased: LocalizedText(zh: "户内成员均已去世", en: "no member is alive")
    case .ineligible: LocalizedText(zh: "不属于调查对象", en: "not of the population")
    }
  }

  /// Its letter in AAPOR's rates.
  package var responseClass: ResponseClass {
    switch self {
    case .completed: .complete
    case .partial: .partial
    case .refused, .brokenOff: .refusal
    case .absent, .away: .noncontact
    case .unable, .postponed, .other: .other
    case .notFound, .inaccessible: .unknownHousehold
    case .unknown: .unknownOther
    case .vacant, .destroyed, .moved, .merged, .deceased, .ineligible: .notEligible
    }
  }

  /// AAPOR's final disposition code (in-person household surveys).
  package var standardCode: String {
    switch self {
    case .completed: "1.1"
    case .partial: "1.2"
    case .refused: "2.11"
    case .brokenOff: "2.12"
    case .absent: "2.24"
    case .away: "2.25"
    case .unable: "2.32"
    case .postponed, .other: "2.36"
    case .inaccessible: "3.17"
    case .notFound: "3.18"
    case .unknown: "3.9"
    case .ineligible: "4.1"
    case .destroyed: "4.5"
    case .vacant: "4.6"
    case .moved, .merged, .deceased: "4.7"
    }
  }

  /// What weights make of it.
  package var disposition: Disposition {
    switch responseClass {
    case .complete, .partial: .respondent
    case .refusal, .noncontact, .other: .nonrespondent
    case .unknownHousehold, .unknownOther: .unknown
    case .notEligible: .ineligible
    }
  }

  /// Whether there are answers: a unit that has them needs nobody in its place.
  package var isInterview: Bool { disposition == .respondent }

  /// The outcome that a disposition of a survey file stands for where it says no more.
  package init(_ disposition: Disposition) {
    switch disposition {
    case .respondent: self = .completed
    case .nonrespondent: self = .other
    case .unknown: self = .unknown
    case .ineligible: self = .ineligible
    }
  }
}

extension FieldOutcome {
  /// The outcome that a cell names, by its code or by its title in either language.
  package init?(written text: String) {
    let wanted = Self.plain(text)
    let found = Self.allCases.first { outcome in
      [outcome.rawValue, outcome.title.zh, outcome.title.en].contains { Self.plain($0) == wanted }
    }
    guard let found else { return nil }
    self = found
  }

  /// Every code with its Chinese title, for messages: `completed 完成, …`.
  package static var listed: String {
    allCases.map { "\($0.rawValue) \($0.title.zh)" }.joined(separator: ", ")
  }

  /// The refusal of a word that is no outcome; never read as an interview or as anything else.
  package static func unknownFinding(
    _ value: String,
    further: [String] = [],
    file: String?,
    sheet: String? = nil,
    row: Int? = nil,
    column: String?
  ) -> Finding {
    let names = allCases.flatMap { [$0.rawValue, $0.title.zh, $0.title.en] } + further
    let near = nearest(to: value, among: names)
    let known = listed + (further.isEmpty ? "" : "; " + further.joined(separator: ", "))
    return Finding(
      "outcome-unknown",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      value: value,
      message: LocalizedText(zh: "不是已知的访问结果。", en: "is no outcome of a visit."),
      fix: LocalizedText(
        zh: (near.map { "是否指“\($0)”？" } ?? "") + "可用：\(known)。",
        en: (near.map { "Did you mean \"\($0)\"? " } ?? "") + "Known: \(known)."
      )
    )
  }

  private static func plain(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.lowercased().unicodeScalars {
      switch scalar {
      case " ", "_", "\u{3000}", "\u{A0}", "\t": continue
      case "-": continue
      default: out.append(scalar)
      }
    }
    return String(out)
  }
}
