internal import ArgumentParser
internal import MingchaWorkflow

/// Rates that more than one source of knowledge goes into.
struct RateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(
        zh: "按判定的灵敏度与特异度校正的比率（Rogan–Gladen）：某个估计值的名称，可重复。",
        en: "Rates corrected for sensitivity and specificity of the judgement (Rogan and Gladen): names of estimates."
      ),
      valueName: "estimate"
    )
  )
  var corrected: [String] = []

  @Option(
    help: ArgumentHelp(
      words(zh: "灵敏度：真有而判为有的比例。", en: "Share of true cases that the judgement finds."),
      valueName: "share"
    )
  )
  var sensitivity: Double?

  @Option(
    help: ArgumentHelp(
      words(zh: "特异度：真无而判为无的比例。", en: "Share of others that it passes."),
      valueName: "share"
    )
  )
  var specificity: Double?

  @Option(
    help: ArgumentHelp(
      words(zh: "估计灵敏度所用的行数；不给出则视为已知。", en: "Rows that the sensitivity was estimated from; without it known."),
      valueName: "n"
    )
  )
  var sensitivityRows: Int?

  @Option(
    help: ArgumentHelp(
      words(zh: "估计特异度所用的行数；不给出则视为已知。", en: "Rows that the specificity was estimated from; without it known."),
      valueName: "n"
    )
  )
  var specificityRows: Int?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "综合贫困发生率：“错退率,漏评率”两个估计值的名称，须 --register。",
        en: "Composite poverty incidence: names of two estimates, WRONG_EXIT,OMISSION; needs --register."
      ),
      valueName: "estimates"
    )
  )
  var composite: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "建档数：剩余贫困人口,脱贫人口,未建档人口,农村人口。",
        en: "Counts of the register: REMAINING,EXITED,UNREGISTERED,POPULATION."
      ),
      valueName: "counts"
    )
  )
  var register: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "双重抽样：\"复核 ~ 初判\"，复核只在 --second-phase 的行中。",
        en: "Double sampling: \"SECOND ~ FIRST\", two judgements; the second in rows of --second-phase only."
      ),
      valueName: "formula"
    )
  )
  var doubleSampling: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "双重抽样的估计：regression（默认）、difference 或 post-stratified。",
        en: "Estimator of double sampling: regression (default), difference or post-stratified."
      ),
      valueName: "name"
    )
  )
  var doubleMethod: String?

  /// The options given, by name.
  var given: [String] {
    let present: [(String, Bool)] = [
      ("--corrected", !corrected.isEmpty), ("--sensitivity", sensitivity != nil),
      ("--specificity", specificity != nil), ("--sensitivity-rows", sensitivityRows != nil),
      ("--specificity-rows", specificityRows != nil), ("--composite", composite != nil),
      ("--register", register != nil), ("--double-sampling", !doubleSampling.isEmpty),
      ("--double-method", doubleMethod != nil),
    ]
    return present.filter(\.1).map(\.0)
  }

  func fill(_ question: inout EstimationQuestion) {
    question.rates.corrected = corrected.flatMap { listParts($0) }
    question.rates.sensitivity = sensitivity
    question.rates.specificity = specificity
    question.rates.sensitivityRows = sensitivityRows
    question.rates.specificityRows = specificityRows
    question.rates.composite = composite
    question.rates.register = register
    question.rates.doubleSamples = doubleSampling
    question.rates.doubleMethod = doubleMethod
  }
}
