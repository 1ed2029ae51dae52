internal import ArgumentParser
internal import MingchaWorkflow

/// Unequal probabilities, second phases and replicate weights of loose files.
struct ReplicateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(
        zh:
          "第一阶段按不等概率不放回抽取，--fpc 的第一列是入样概率：brewer、overton、hartley-rao、poisson、ht、syg；几个阶段：brewer,brewer 或 none,brewer。",
        en: """
          The first stage was drawn without replacement with unequal probabilities, which are the first column of \
          --fpc: brewer, overton, hartley-rao, poisson, or ht and syg with a file of joint probabilities. For several \
          stages: brewer,brewer or none,brewer.
          """
      ),
      valueName: "method"
    )
  )
  var pps: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "联合入样概率：不带表头的方阵，或抽样写出的 joint.csv。",
        en: "Joint inclusion probabilities: a square matrix without a header, or the joint.csv of a draw."
      ),
      valueName: "file"
    )
  )
  var joint: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "两相抽样：第二阶段样本的标记列（1 为入选）。", en: "Two-phase sample: the column that is 1 in rows of the second phase."),
      valueName: "column"
    )
  )
  var secondPhase: String?

  @Option(help: ArgumentHelp(words(zh: "第二阶段的分层列。", en: "Strata of the second phase."), valueName: "columns"))
  var secondStrata: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "第二阶段的单位列；不给出则为行。", en: "Units of the second phase; without it rows."),
      valueName: "column"
    )
  )
  var secondPsu: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "两相方差：full（默认）、approx 或 simple。", en: "Two-phase variance: full (default), approx or simple."),
      valueName: "way"
    )
  )
  var secondVariance: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "文件自带的重复权数列：列名或“w_*”这样的模式，用逗号分隔。",
        en: "Replicate weights of the file: column names or patterns such as \"w_*\", separated by commas."
      ),
      valueName: "columns"
    )
  )
  var replicates: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "类型：brr、fay、jk1、jk2、jkn、bootstrap、sdr、other；acs（sdr，4/80）、pisa（Fay 0.5）。",
        en: """
          Their kind: brr, fay, jk1, jk2, jkn, bootstrap, sdr or other; acs (sdr with 4/80, mse) and \
          pisa (Fay with 0.5, mse).
          """
      ),
      valueName: "kind"
    )
  )
  var replicateType: String?

  @Option(help: ArgumentHelp(words(zh: "Fay 系数。", en: "Fay's coefficient."), valueName: "rho"))
  var fayRho: Double?

  @Option(
    help: ArgumentHelp(
      words(zh: "方差的系数；不给出则由类型决定。", en: "Factor of the variance; without it that of the kind."),
      valueName: "factor"
    )
  )
  var scale: Double?

  @Option(
    help: ArgumentHelp(
      words(zh: "各重复的系数，用逗号分隔（jkn 必给）。", en: "Factors of the replicates, separated by commas (jkn needs them)."),
      valueName: "factors"
    )
  )
  var rscales: String?

  @Flag(
    help: ArgumentHelp(
      words(
        zh: "离差取自全样本估计，而不是重复的均值。",
        en: "Deviations from the whole sample's estimate, not from the mean of the replicates."
      )
    )
  )
  var mse = false

  @Flag(
    help: ArgumentHelp(
      words(zh: "重复权数列是权数的倍数，不是完整权数。", en: "The columns are factors of the weight, not whole weights.")
    )
  )
  var replicatesAreFactors = false

  @Option(
    help: ArgumentHelp(
      words(
        zh: "由设计作刀切重复：auto（有层为 jkn，无层为 jk1）、jk1 或 jkn。",
        en: "Makes a jackknife of the design: auto (jkn with strata, jk1 without), jk1 or jkn."
      ),
      valueName: "kind"
    )
  )
  var jackknife: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "由设计作重复权数：jk1、jkn、jk2、brr、fay（须 --fay-rho）、rao-wu、canty-davison、preston（多阶段）、sdr。",
        en: """
          Makes replicates of the design: jk1, jkn, jk2, brr, fay (with --fay-rho), the bootstraps rao-wu, canty-davison \
          and preston (all stages), or sdr (successive differences in the order of the file).
          """
      ),
      valueName: "method"
    )
  )
  var replicatesOf: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "重复的个数：自助法默认 500；brr、fay、sdr 为 Hadamard 矩阵的阶。",
        en: "How many replicates: 500 by default for bootstraps; for brr, fay and sdr the order of a Hadamard matrix."
      ),
      valueName: "n"
    )
  )
  var replicateCount: Int?

  @Option(
    help: ArgumentHelp(
      words(zh: "自助法的种子（默认 1）。", en: "Seed of a bootstrap (default 1)."),
      valueName: "number"
    )
  )
  var seed: UInt64?

  /// The options given, by name.
  var given: [String] {
    let present: [(String, Bool)] = [
      ("--pps", pps != nil), ("--joint", joint != nil), ("--second-phase", secondPhase != nil),
      ("--second-strata", secondStrata != nil), ("--second-psu", secondPsu != nil),
      ("--second-variance", secondVariance != nil), ("--replicates", !replicates.isEmpty),
      ("--replicate-type", replicateType != nil), ("--fay-rho", fayRho != nil), ("--scale", scale != nil),
      ("--rscales", rscales != nil), ("--mse", mse), ("--replicates-are-factors", replicatesAreFactors),
      ("--jackknife", jackknife != nil), ("--replicates-of", replicatesOf != nil),
      ("--replicate-count", replicateCount != nil), ("--seed", seed != nil),
    ]
    return present.filter(\.1).map(\.0)
  }

  func validate() throws {
    guard let rscales else { return }
    for part in listParts(rscales) where Double(part).map({ $0 >= 0 && $0.isFinite }) != true {
      throw ValidationError(words(zh: "--rscales：“\(part)”不是数。", en: "--rscales: \"\(part)\" is no factor."))
    }
  }

  func fill(_ question: inout EstimationQuestion) {
    question.probabilityMethod = pps
    question.jointFile = joint
    question.secondPhase.subset = secondPhase
    question.secondPhase.strata = secondStrata
    question.secondPhase.unit = secondPsu
    question.secondPhase.variance = secondVariance
    question.replicates.columns = replicates.flatMap { listParts($0) }
    question.replicates.kind = replicateType
    question.replicates.fay = fayRho
    question.replicates.scale = scale
    question.replicates.replicateScales = rscales.map { listParts($0).compactMap { Double($0) } } ?? []
    question.replicates.isMeanSquaredError = mse
    question.replicates.areFactors = replicatesAreFactors
    question.replicates.jackknife = jackknife
    question.replicates.method = replicatesOf
    question.replicates.count = replicateCount
    question.replicates.seed = seed
  }
}
