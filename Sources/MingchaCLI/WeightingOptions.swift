internal import ArgumentParser
internal import MingchaWorkflow

/// How the weights of loose files are adjusted to known totals.
struct WeightingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(
        zh: "访问结果列：结果代码或名称（见 field 的词表）、respondent/nonrespondent/unknown/ineligible 或 AAPOR 代码；空为情况不明。",
        en: """
          Outcomes of units: codes or titles of the field vocabulary, respondent, nonrespondent, unknown or ineligible, \
          or AAPOR's codes; empty is unknown. Weights of units without answers go to the others.
          """
      ),
      valueName: "column"
    )
  )
  var outcome: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "资格不明单位的权数在哪些类内分摊。", en: "Classes within which units of unknown eligibility are shared out."),
      valueName: "columns"
    )
  )
  var eligibilityBy: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "资格不明者中合格的比例 e；不给出则由各类加权估计。",
        en: "Share e of eligible units among unknown ones; without it the weighted share of each class."
      ),
      valueName: "e"
    )
  )
  var eligibleShare: Double?

  @Option(
    help: ArgumentHelp(
      words(zh: "无应答调整的类。", en: "Classes within which respondents stand for nonrespondents."),
      valueName: "columns"
    )
  )
  var responseBy: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "应答倾向（加权 logistic 回归）的自变量，如 \"age + factor(region)\"。",
        en: "Terms of the response propensity (weighted logistic regression), such as \"age + factor(region)\"."
      ),
      valueName: "terms"
    )
  )
  var propensity: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "按倾向分成几类（默认 5）；none 为权数除以倾向。",
        en: "Classes of the propensity (default 5); none divides weights by it."
      ),
      valueName: "n|none"
    )
  )
  var propensityClasses: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "不合格单位：drop（默认，权数为 0）或 keep（其后的总数包括它们）。",
        en: "Ineligible units: drop (default, weight 0) or keep, where totals to come count them."
      ),
      valueName: "rule"
    )
  )
  var ineligible: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "事后分层：文件含分类列与 total 列。",
        en: "Post-stratification: a file with columns of classes and a column total."
      ),
      valueName: "file"
    )
  )
  var postStratify: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "迭代比例调整（raking）：每个边际一个文件，可重复。", en: "Raking: one such file a margin; repeat."),
      valueName: "file"
    )
  )
  var rake: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "校准：文件含 term（表达式）与 total 列；(intercept) 行为总体单位数。",
        en:
          "Calibration: a file with the columns term (expressions) and total; the row (intercept) is the population size."
      ),
      valueName: "file"
    )
  )
  var calibrate: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "校准距离：linear（默认）、raking 或 logit。",
        en: "Distance of the calibration: linear (default), raking or logit."
      ),
      valueName: "name"
    )
  )
  var distance: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "校准倍数的界，如 0.3,3。", en: "Bounds of the factors of the calibration, such as 0.3,3."),
      valueName: "lower,upper"
    )
  )
  var bounds: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "权数截尾，如 0.5,8；none 为不限；截下的部分均摊。",
        en: "Trims weights, to 0.5,8 say; none for no bound; what is cut off is shared out."
      ),
      valueName: "lower,upper"
    )
  )
  var trim: String?

  /// The options given, by name.
  var given: [String] {
    let present: [(String, Bool)] = [
      ("--outcome", outcome != nil), ("--eligibility-by", eligibilityBy != nil),
      ("--eligible-share", eligibleShare != nil), ("--response-by", responseBy != nil),
      ("--propensity", propensity != nil), ("--propensity-classes", propensityClasses != nil),
      ("--ineligible", ineligible != nil), ("--post-stratify", postStratify != nil), ("--rake", !rake.isEmpty),
      ("--calibrate", calibrate != nil),
      ("--distance", distance != nil), ("--bounds", bounds != nil), ("--trim", trim != nil),
    ]
    return present.filter(\.1).map(\.0)
  }

  func fill(_ question: inout EstimationQuestion) {
    question.weighting.outcome = outcome
    question.weighting.eligibilityClasses = eligibilityBy
    question.weighting.eligibleShare = eligibleShare
    question.weighting.responseClasses = responseBy
    question.weighting.propensity = propensity
    question.weighting.propensityClasses = propensityClasses
    question.weighting.ineligible = ineligible
    question.weighting.postStratification = postStratify
    question.weighting.margins = rake
    question.weighting.calibration = calibrate
    question.weighting.distance = distance
    question.weighting.bounds = bounds
    question.weighting.trimming = trim
  }
}
