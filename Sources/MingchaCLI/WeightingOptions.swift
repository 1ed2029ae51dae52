internal import ArgumentParser
internal import MingchaWorkflow

/// How the weights of loose files are adjusted to known totals.
struct WeightingOptions: ParsableArguments {
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
      ("--post-stratify", postStratify != nil), ("--rake", !rake.isEmpty), ("--calibrate", calibrate != nil),
      ("--distance", distance != nil), ("--bounds", bounds != nil), ("--trim", trim != nil),
    ]
    return present.filter(\.1).map(\.0)
  }

  func fill(_ question: inout EstimationQuestion) {
    question.weighting.postStratification = postStratify
    question.weighting.margins = rake
    question.weighting.calibration = calibrate
    question.weighting.distance = distance
    question.weighting.bounds = bounds
    question.weighting.trimming = trim
  }
}
