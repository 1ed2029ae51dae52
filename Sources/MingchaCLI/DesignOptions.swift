internal import ArgumentParser
internal import MingchaWorkflow

/// How a sample in loose files was drawn; a survey folder says it in survey.yaml.
struct DesignOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(
        zh: "分层列：a,b 为两列交叉成的层；每个阶段一次，或用“;”分隔阶段（“h;h2”）；none 为不分层。",
        en: """
          Strata: a,b are two columns crossed; once for each stage, or stages separated by ";" ("h;h2", \
          which R writes ~h + h2); none leaves a stage unstratified.
          """
      ),
      valueName: "columns"
    )
  )
  var strata: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "各阶段的抽样单位：dnum,snum 为两个阶段；不给出则每行一个单位。",
        en: "Sampling units, one column a stage: dnum,snum are two stages. Without it each row is a unit."
      ),
      valueName: "columns"
    )
  )
  var psu: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "各阶段层内总体数（或抽样比）的列：fpc1,fpc2；none 为没有。",
        en: "Population sizes (or sampling fractions) of the strata, one column a stage: fpc1,fpc2; none for no fpc."
      ),
      valueName: "columns"
    )
  )
  var fpc: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "权数表达式，如 v005/1e6；不给出时为 N/n，须每个阶段都有 --fpc。",
        en: "Weights, such as v005/1e6; without it N/n, which needs --fpc for every stage."
      ),
      valueName: "expression"
    )
  )
  var weights: String?

  @Flag(help: ArgumentHelp(words(zh: "不加权：每行计一次。", en: "Unweighted: every row counts once.")))
  var unweighted = false

  @Flag(
    help: ArgumentHelp(
      words(
        zh: "同一单位编码在不同层中是不同单位（R 的 nest=TRUE）。",
        en: "The same unit code in another stratum is another unit (R's nest=TRUE)."
      )
    )
  )
  var nest = false

  @Option(
    help: ArgumentHelp(
      words(
        zh: "只有一个单位的层：fail（默认，拒绝）、adjust、average、certainty、remove。",
        en: "A stratum with one unit: fail (default), adjust, average, certainty, remove."
      ),
      valueName: "policy"
    )
  )
  var lonelyPsu: String?

  @Flag(
    help: ArgumentHelp(
      words(
        zh: "域中只有一个单位的层也按此处理（R 的 survey.adjust.domain.lonely）。",
        en: "The policy also holds for strata of which a domain has one unit (R's survey.adjust.domain.lonely)."
      )
    )
  )
  var adjustLonelyDomains = false

  @Option(
    help: ArgumentHelp(
      words(
        zh: "等距抽取的阶段的方差：random（默认，视为随机）或 successive-differences（逐次差分）；几个阶段用逗号分隔，none 为不是等距。",
        en: """
          Variance of systematic stages: random (default) or successive-differences; one for each stage, none where it \
          was not systematic.
          """
      ),
      valueName: "way"
    )
  )
  var systematic: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "各阶段抽取次序的列，供逐次差分；不给出则按文件中的次序。",
        en: "Order of selection for successive differences, one column a stage; without it that of the file."
      ),
      valueName: "columns"
    )
  )
  var order: [String] = []

  /// The options given, by name.
  var given: [String] {
    let present: [(String, Bool)] = [
      ("--strata", !strata.isEmpty), ("--psu", !psu.isEmpty), ("--fpc", !fpc.isEmpty), ("--weights", weights != nil),
      ("--unweighted", unweighted), ("--nest", nest), ("--lonely-psu", lonelyPsu != nil),
      ("--adjust-lonely-domains", adjustLonelyDomains), ("--systematic", !systematic.isEmpty),
      ("--order", !order.isEmpty),
    ]
    return present.filter(\.1).map(\.0)
  }

  func fill(_ question: inout EstimationQuestion) {
    question.strata = strata.flatMap { listParts($0, separator: ";") }
    question.units = psu.flatMap { stages($0) }
    question.populationSizes = fpc.flatMap { stages($0) }
    question.weights = weights
    question.isUnweighted = unweighted
    question.isNested = nest
    question.lonelyUnits = lonelyPsu
    question.adjustsLonelyDomains = adjustLonelyDomains
    question.systematic = systematic.flatMap { stages($0) }
    question.orders = order.flatMap { stages($0) }
  }

  /// Units and population sizes are one column a stage, so that both separators mean the next stage.
  private func stages(_ text: String) -> [String] {
    listParts(text, separator: ";").flatMap { listParts($0) }
  }
}
