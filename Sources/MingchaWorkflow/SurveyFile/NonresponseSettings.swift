internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

/// What becomes of units without answers, where the design stands in the data's own columns.
///
/// `nonresponse: {eligibility-by: [league], adjust-within: [league, class], ineligible: drop}`, or in place of
/// `adjust-within` a response propensity: `propensity: [size, factor(class)], propensity-classes: 5`. With a draw, the
/// weights are adjusted within the strata of the draw instead.
package struct NonresponseSettings: Sendable {
  package var eligibilityClasses: [String] = []
  package var eligibleShare: Double?
  package var responseClasses: [String] = []
  package var propensity: [String] = []
  /// `nil` divides weights by the propensity.
  package var propensityClasses: Int? = 5
  package var keepsIneligible = false

  /// The steps of the weights.
  func steps(_ outcome: OutcomeCodes) -> [WeightAdjustment] {
    [
      .unknownEligibility(
        EligibilityAdjustment(outcome: outcome, classes: eligibilityClasses, eligibleShare: eligibleShare)
      ),
      .nonresponse(
        NonresponseAdjustment(
          outcome: outcome,
          method: propensity.isEmpty ? .classes(responseClasses) : .propensity([], classes: propensityClasses),
          keepsIneligible: keepsIneligible
        )
      ),
    ]
  }

  /// - Throws: a refusal for a term that cannot be read.
  func propensityModel() throws(InputRefusal) -> ModelFormula? {
    propensity.isEmpty ? nil : try ModelFormula(parsing: "1 ~ " + propensity.joined(separator: " + "))
  }
}

extension SurveyFile {
  static func nonresponse(_ node: YAMLMapping, problems: inout [Finding]) -> NonresponseSettings? {
    guard let own = node.mapping("nonresponse", problems: &problems) else {
      return nil
    }
    own.check(
      keys: [
        "eligibility-by", "eligible-share", "adjust-within", "propensity", "propensity-classes", "ineligible",
      ],
      problems: &problems
    )
    if node.has("draw") {
      problems.append(
        node.problem(
          "nonresponse-with-draw",
          key: "nonresponse",
          message: LocalizedText(
            zh: "有抽取的轮次，权数已在抽样的层内调整。",
            en: "with a draw, weights are adjusted within its strata already."
          ),
          fix: LocalizedText(zh: "请删去 nonresponse。", en: "Remove `nonresponse`.")
        )
      )
    } else if !node.has("outcome") {
      problems.append(node.missing("outcome"))
    }
    var settings = NonresponseSettings()
    settings.eligibilityClasses = own.texts("eligibility-by", problems: &problems) ?? []
    settings.responseClasses = own.texts("adjust-within", problems: &problems) ?? []
    settings.propensity = own.texts("propensity", problems: &problems) ?? []
    settings.keepsIneligible =
      own.choice("ineligible", of: IneligibleUnits.allCases, problems: &problems) == .keep
    if let text = own.text("eligible-share", problems: &problems) {
      if let share = plainNumber(text), share >= 0, share <= 1 {
        settings.eligibleShare = share
      } else {
        problems.append(wrong(own, "eligible-share", text, zh: "应在 0 与 1 之间。", en: "lies between 0 and 1."))
      }
    }
    if let text = own.text("propensity-classes", problems: &problems) {
      if text == "none" {
        settings.propensityClasses = nil
      } else if let count = Int(text), (2...1000).contains(count) {
        settings.propensityClasses = count
      } else {
        problems.append(
          wrong(own, "propensity-classes", text, zh: "应为 2 至 1000，或 none。", en: "is a number from 2 to 1000, or none.")
        )
      }
    }
    if own.has("propensity"), own.has("adjust-within") {
      problems.append(
        wrong(own, "propensity", nil, zh: "不能与 adjust-within 同时给出。", en: "excludes `adjust-within`.")
      )
    }
    return settings
  }

  private static func wrong(_ node: YAMLMapping, _ key: String, _ value: String?, zh: String, en: String) -> Finding {
    node.problem(
      "nonresponse-setting",
      key: key,
      value: value,
      message: LocalizedText(zh: zh, en: en),
      fix: LocalizedText(zh: "见 docs/estimation.md。", en: "See docs/estimation.md.")
    )
  }
}
