internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

/// What becomes of units without answers.
extension WeightingQuestion {
  /// The steps from outcomes: unknown eligibility, then nonresponse.
  func outcomeSteps(_ reader: inout QuestionReader) -> [WeightAdjustment] {
    guard let outcome else {
      let orphans: [(String, Bool)] = [
        ("--eligibility-by", eligibilityClasses != nil), ("--eligible-share", eligibleShare != nil),
        ("--response-by", responseClasses != nil), ("--propensity", propensity != nil),
        ("--ineligible", ineligible != nil),
      ]
      for (option, isGiven) in orphans where isGiven { reader.needs("--outcome", for: option) }
      if propensity == nil, propensityClasses != nil { reader.needs("--propensity", for: "--propensity-classes") }
      return []
    }
    if let eligibleShare, !(eligibleShare >= 0 && eligibleShare <= 1) {
      reader.refuse(
        "--eligible-share",
        value: shortest(eligibleShare),
        LocalizedText(zh: "应在 0 与 1 之间。", en: "must lie between 0 and 1."),
        LocalizedText(zh: "90% 写作 0.9。", en: "Write 0.9 for 90 %.")
      )
    }
    if responseClasses != nil, propensity != nil { reader.excludes("--response-by", "--propensity") }
    if propensity == nil, propensityClasses != nil { reader.needs("--propensity", for: "--propensity-classes") }
    let codes = OutcomeCodes(column: outcome, dispositions: [:])
    let rule = reader.choice("--ineligible", ineligible, of: IneligibleUnits.allCases) ?? .drop
    let method: NonresponseAdjustment.Method =
      propensity == nil
      ? .classes(columns(responseClasses)) : .propensity([], classes: classCount(&reader))
    return [
      .unknownEligibility(
        EligibilityAdjustment(
          outcome: codes,
          classes: columns(eligibilityClasses),
          eligibleShare: eligibleShare
        )
      ),
      .nonresponse(NonresponseAdjustment(outcome: codes, method: method, keepsIneligible: rule == .keep)),
    ]
  }

  /// The terms of the propensity, as the right side of a model of the outcome.
  func propensityModel(_ reader: inout QuestionReader) -> ModelFormula? {
    guard let propensity, outcome != nil else { return nil }
    return reader.model("--propensity", "1 ~ \(propensity)")
  }

  /// `nil` divides by the propensity.
  private func classCount(_ reader: inout QuestionReader) -> Int? {
    guard let propensityClasses else { return 5 }
    if propensityClasses == "none" { return nil }
    if let count = Int(propensityClasses), (2...1000).contains(count) { return count }
    reader.refuse(
      "--propensity-classes",
      value: propensityClasses,
      LocalizedText(zh: "应为 2 至 1000 的整数，或 none。", en: "must be a whole number from 2 to 1000, or none."),
      LocalizedText(zh: "常用 5。", en: "Five are usual.")
    )
    return 5
  }

  private func columns(_ text: String?) -> [String] {
    text.map { listParts($0).flatMap { crossedColumns($0) } } ?? []
  }
}

/// What becomes of units that are known not to be of the population.
enum IneligibleUnits: String, CaseIterable { case drop, keep }
