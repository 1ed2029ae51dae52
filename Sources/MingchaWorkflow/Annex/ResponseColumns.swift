internal import SurveyData
internal import SurveyDesign
internal import SurveyReporting

/// The response table's columns: dispositions, each with the result codes that mean it.
struct ResponseColumns {
  private let outcome: OutcomeCodes?
  private static let withoutReturn = "–"
  private static let shown: [(Disposition, LocalizedText)] = [
    (.nonrespondent, LocalizedText(zh: "未回答", en: "no interview")),
    (.unknown, LocalizedText(zh: "情况不明", en: "unknown")),
    (.ineligible, LocalizedText(zh: "不属总体", en: "not eligible")),
  ]

  init(outcome: OutcomeCodes?) {
    self.outcome = outcome
  }

  /// Result codes in the order of their columns, with their meaning.
  var codes: [(code: String, meaning: LocalizedText)] {
    Self.shown.map { (key($0.0), $0.1) } + [
      (Self.withoutReturn, LocalizedText(zh: "无记录", en: "no record"))
    ]
  }

  func row(_ count: ResponseCount, name: LocalizedText) -> AnnexResponse.Row {
    // A reserve in use stands for a unit without answer, so that the rate is that of all units tried.
    let eligible = count.respondents + count.nonrespondents + count.unknown + count.withoutReturn
    return AnnexResponse.Row(
      name: name,
      selected: count.selected,
      respondents: count.respondents,
      nonrespondents: [
        key(.nonrespondent): count.nonrespondents, key(.unknown): count.unknown,
        key(.ineligible): count.ineligible, Self.withoutReturn: count.withoutReturn,
      ],
      replaced: count.reservesUsed,
      rate: eligible > 0 ? Double(count.respondents) / Double(eligible) : nil,
      weightedRate: count.weightedEligible > 0 ? count.weightedRespondents / count.weightedEligible : nil
    )
  }

  /// The result codes of a disposition, numbers in their order: `2, 3, 4, 5`.
  private func key(_ disposition: Disposition) -> String {
    let codes = outcome?.orderedCodes.filter { outcome?.dispositions[$0] == disposition } ?? []
    return codes.isEmpty ? disposition.rawValue : codes.joined(separator: ", ")
  }
}
