internal import ArgumentParser
internal import MingchaWorkflow

/// What is estimated from loose files; a survey folder says it in survey.yaml.
struct QuestionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(words(zh: "均值，可重复或用逗号分隔。", en: "Means; repeat or separate by commas."), valueName: "expression")
  )
  var mean: [String] = []

  @Option(help: ArgumentHelp(words(zh: "总量。", en: "Totals."), valueName: "expression"))
  var total: [String] = []

  @Option(help: ArgumentHelp(words(zh: "两个总量之比，如 a/b。", en: "Ratios of two totals, such as a/b."), valueName: "a/b"))
  var ratio: [String] = []

  @Option(
    help: ArgumentHelp(words(zh: "一列各取值的比例。", en: "Shares of each value of a column."), valueName: "column")
  )
  var proportion: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "域：a,b 为两列交叉；重复则为几组域；全部样本总在其中。",
        en: "Domains: a,b are two columns crossed; repeat for more sets. The whole sample is always there."
      ),
      valueName: "columns"
    )
  )
  var by: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      words(
        zh: "只估计满足条件的域；设计仍是全部样本的。",
        en: "Estimate the domain that fulfils this; the design stays that of the whole sample."
      ),
      valueName: "expression"
    )
  )
  var filter: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "比例的区间：default（默认规则）、logit、korn-graubard、wilson 等。",
        en: "Interval of proportions: default (the default rule), logit, korn-graubard, wilson, ..."
      ),
      valueName: "name"
    )
  )
  var interval: String?

  @Option(help: ArgumentHelp(words(zh: "置信水平（默认 0.95）。", en: "Confidence level (default 0.95)."), valueName: "share"))
  var level: Double?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "比例区间所用的群内相关：pooled（默认，本轮合并估计；写明时设计效应下限也用它）或一个数。",
        en:
          "Intra-cluster correlation behind the limits of rates: pooled (default, that of the round; said in so many words the floor takes it too) or a number."
      ),
      valueName: "pooled|number"
    )
  )
  var rho: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "入户前声明的群内相关 ρ₀：设计效应的下限，本轮事件不足 10 个时代替估计值（默认 0.02）。",
        en:
          "Intra-cluster correlation declared before fieldwork: the floor of the design effect, and in place of the round's with fewer than 10 events (default 0.02)."
      ),
      valueName: "number"
    )
  )
  var plannedRho: Double?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "同一指标各域（及各取值）的限值同时成立：bonferroni 或 scheffe。",
        en: "Limits of a figure in all domains (and levels) hold together: bonferroni or scheffe."
      ),
      valueName: "bonferroni|scheffe"
    )
  )
  var simultaneous: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "比例的限值，如 \"<=0.02\"、\">=90%\"。", en: "Limit for rates, such as \"<=0.02\" or \">=90%\"."),
      valueName: "limit"
    )
  )
  var limit: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "恰为一个被抽中单位的域：within-unit（默认）或 unconditional（R 的 svyby）。",
        en: "A domain that is one drawn unit: within-unit (default) or unconditional (R's svyby)."
      ),
      valueName: "way"
    )
  )
  var domainVariance: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "域的自由度：domain（默认）或 design。",
        en: "Degrees of freedom of a domain: domain (default) or design."
      ),
      valueName: "which"
    )
  )
  var domainDf: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "设计效应的参照：without-replacement（默认）、replace 或 none。",
        en: "What a design effect is measured against: without-replacement (default), replace or none."
      ),
      valueName: "reference"
    )
  )
  var deff: String?

  @Option(
    name: .customLong("na"),
    help: ArgumentHelp(
      words(
        zh: "缺失值：drop（默认，该行不计入该指标）或 keep（估计为缺失）。",
        en: "Missing values: drop (default, the row leaves the indicator) or keep (the estimate is missing)."
      ),
      valueName: "rule"
    )
  )
  var missing: String?

  @Option(help: ArgumentHelp(words(zh: "工作表名。", en: "Worksheet."), valueName: "name"))
  var sheet: String?

  @Option(help: ArgumentHelp(words(zh: "表头所在行。", en: "Row of the column names."), valueName: "row"))
  var headerRow: Int?

  @Flag(help: ArgumentHelp(words(zh: "采用公式单元格所存的值。", en: "Take the stored values of formula cells.")))
  var allowFormulas = false

  /// The options given, by name.
  var given: [String] {
    let present: [(String, Bool)] = [
      ("--mean", !mean.isEmpty), ("--total", !total.isEmpty), ("--ratio", !ratio.isEmpty),
      ("--proportion", !proportion.isEmpty), ("--by", !by.isEmpty), ("--where", filter != nil),
      ("--interval", interval != nil), ("--level", level != nil), ("--rho", rho != nil),
      ("--planned-rho", plannedRho != nil), ("--simultaneous", simultaneous != nil), ("--limit", limit != nil),
      ("--domain-variance", domainVariance != nil), ("--domain-df", domainDf != nil), ("--deff", deff != nil),
      ("--na", missing != nil), ("--sheet", sheet != nil), ("--header-row", headerRow != nil),
      ("--allow-formulas", allowFormulas),
    ]
    return present.filter(\.1).map(\.0)
  }

  func fill(_ question: inout EstimationQuestion) {
    question.means = mean.flatMap { listParts($0) }
    question.totals = total.flatMap { listParts($0) }
    question.ratios = ratio.flatMap { listParts($0) }
    question.proportions = proportion.flatMap { listParts($0) }
    question.by = by
    question.filter = filter
    question.interval = interval
    question.level = level
    question.correlation = rho
    question.plannedCorrelation = plannedRho
    question.simultaneous = simultaneous
    question.limit = limit
    question.domainVariance = domainVariance
    question.domainFreedom = domainDf
    question.designEffect = deff
    question.missing = missing
    question.sheet = sheet
    question.headerRow = headerRow
    question.allowsFormulas = allowFormulas
  }
}
