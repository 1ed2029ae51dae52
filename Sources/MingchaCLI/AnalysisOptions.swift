internal import ArgumentParser
internal import MingchaWorkflow

/// Quantiles, functions of estimates, tests and models of loose files.
struct AnalysisOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(zh: "分位数，可重复或用逗号分隔。", en: "Quantiles; repeat or separate by commas."),
      valueName: "expression"
    )
  )
  var quantile: [String] = []

  @Option(
    help: ArgumentHelp(
      words(zh: "哪些分位数（默认 0.25,0.5,0.75）。", en: "Which quantiles (default 0.25,0.5,0.75)."),
      valueName: "shares"
    )
  )
  var probs: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "分位数规则：math（默认）、school、hf2、hf7。", en: "Rule of quantiles: math (default), school, hf2, hf7."),
      valueName: "rule"
    )
  )
  var quantileRule: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "分位数的区间：mean（默认，Woodruff）、xlogit、asin、beta、score；score-by-rows 按 R survey 4.1 的读法，只供对照。",
        en:
          "Interval of quantiles: mean (default, Woodruff), xlogit, asin, beta, score; score-by-rows as R survey 4.1 reads it, for comparison only."
      ),
      valueName: "name"
    )
  )
  var quantileInterval: String?

  @Option(help: ArgumentHelp(words(zh: "总体方差。", en: "Population variances."), valueName: "expression"))
  var variance: [String] = []

  @Option(
    name: .customLong("sd"),
    help: ArgumentHelp(words(zh: "总体标准差。", en: "Population standard deviations."), valueName: "expression")
  )
  var deviation: [String] = []

  @Option(
    name: [.customLong("contrast"), .customLong("difference")],
    help: ArgumentHelp(
      words(
        zh: "估计值的函数，如 \"api00 - api99\"、\"log(a/b)\"；域写作 \"api00[E] - api00[H]\"。",
        en: "Functions of estimates: \"api00 - api99\", \"log(a/b)\"; of domains: \"api00[E] - api00[H]\"."
      ),
      valueName: "formula"
    )
  )
  var contrast: [String] = []

  @Option(
    help: ArgumentHelp(
      words(zh: "两列的列联表及独立性检验。", en: "Two-way table with a test of independence."),
      valueName: "row,column"
    )
  )
  var table: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "列联表的检验：F（默认，Rao–Scott）、Chisq、Wald、adjWald、saddlepoint。",
        en: "Test of the table: F (default, Rao–Scott), Chisq, Wald, adjWald, saddlepoint."
      ),
      valueName: "name"
    )
  )
  var test: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "t 检验：\"y ~ g\" 比较两组，\"y ~ 0\" 为一个均值。", en: "t test: \"y ~ g\" of two groups, \"y ~ 0\" of one mean."),
      valueName: "formula"
    )
  )
  var ttest: [String] = []

  @Option(
    help: ArgumentHelp(
      words(zh: "一个均值与此值比较（默认 0）。", en: "What one mean is held against (default 0)."),
      valueName: "value"
    )
  )
  var mu: Double?

  @Option(
    help: ArgumentHelp(words(zh: "两组的秩检验：\"y ~ g\"。", en: "Rank test of two groups: \"y ~ g\"."), valueName: "formula")
  )
  var ranktest: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "秩的得分：wilcoxon（默认）、vanderWaerden、median。",
        en: "Scores of ranks: wilcoxon (default), vanderWaerden, median."
      ),
      valueName: "name"
    )
  )
  var rank: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "回归：\"y ~ a + factor(b)\"；文本列为分类变量。",
        en: "Regression: \"y ~ a + factor(b)\"; a column of texts is a factor."
      ),
      valueName: "formula"
    )
  )
  var regress: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "回归的族：linear（默认）、logistic、poisson。",
        en: "Family of the regression: linear (default), logistic, poisson."
      ),
      valueName: "name"
    )
  )
  var family: String?

  /// The options given, by name.
  var given: [String] {
    let present: [(String, Bool)] = [
      ("--quantile", !quantile.isEmpty), ("--probs", probs != nil), ("--quantile-rule", quantileRule != nil),
      ("--quantile-interval", quantileInterval != nil), ("--variance", !variance.isEmpty), ("--sd", !deviation.isEmpty),
      ("--contrast", !contrast.isEmpty), ("--table", !table.isEmpty), ("--test", test != nil),
      ("--ttest", !ttest.isEmpty), ("--mu", mu != nil), ("--ranktest", !ranktest.isEmpty), ("--rank", rank != nil),
      ("--regress", !regress.isEmpty), ("--family", family != nil),
    ]
    return present.filter(\.1).map(\.0)
  }

  func fill(_ question: inout EstimationQuestion) {
    question.analysis.quantiles = quantile.flatMap { listParts($0) }
    question.analysis.probabilities = probs
    question.analysis.quantileRule = quantileRule
    question.analysis.quantileInterval = quantileInterval
    question.analysis.variances = variance.flatMap { listParts($0) }
    question.analysis.deviations = deviation.flatMap { listParts($0) }
    question.analysis.contrasts = contrast
    question.analysis.tables = table
    question.analysis.tableTest = test
    question.analysis.meanTests = ttest
    question.analysis.mean = mu
    question.analysis.rankTests = ranktest
    question.analysis.rankScore = rank
    question.analysis.regressions = regress
    question.analysis.family = family
  }
}
