internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

extension EstimateForm: ExpressibleByArgument {}
extension CrosscheckLanguage: ExpressibleByArgument {}

/// `mingcha estimate`: estimates with their sampling errors, from loose files or a survey folder.
struct EstimateCommand: FolderCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: words(zh: "由调查资料估计指标及其抽样误差。", en: "Estimate from survey files, with sampling errors."),
    discussion: words(
      zh: """
        示例：
          mingcha estimate apiclus2.csv --psu dnum,snum --fpc fpc1,fpc2 \\
            --mean api00 --ratio api_stu/enroll --by stype
          mingcha estimate survey.csv --strata v023 --psu v021 \\
            --weights v005/1e6 --proportion method --by v024 \\
            --format xlsx --output rates.xlsx
          mingcha estimate acs.csv --weights PWGTP --replicates "PWGTP?*" \\
            --replicate-type acs --quantile income --probs 0.5
          mingcha estimate apistrat.csv --strata stype --fpc fpc \\
            --weights pw --rake stype.csv --rake wide.csv --mean api00,api99 \\
            --contrast "api00 - api99" --explain
          mingcha estimate apiclus2.csv --psu dnum,snum --fpc fpc1,fpc2 \\
            --table stype,awards --regress "api00 ~ ell + stype" \\
            --crosscheck r -o check.R
          mingcha estimate my-round

        调查文件夹：指标、域与设计取自 survey.yaml 与抽取回执，另写出
        results/estimates.json、.csv、.xlsx。未给出的选项用所列默认值，
        并随结果打印。
        """,
      en: """
        Examples:
          mingcha estimate apiclus2.csv --psu dnum,snum --fpc fpc1,fpc2 \\
            --mean api00 --ratio api_stu/enroll --by stype
          mingcha estimate survey.csv --strata v023 --psu v021 \\
            --weights v005/1e6 --proportion method --by v024 \\
            --format xlsx --output rates.xlsx
          mingcha estimate acs.csv --weights PWGTP --replicates "PWGTP?*" \\
            --replicate-type acs --quantile income --probs 0.5
          mingcha estimate apistrat.csv --strata stype --fpc fpc \\
            --weights pw --rake stype.csv --rake wide.csv --mean api00,api99 \\
            --contrast "api00 - api99" --explain
          mingcha estimate apiclus2.csv --psu dnum,snum --fpc fpc1,fpc2 \\
            --table stype,awards --regress "api00 ~ ell + stype" \\
            --crosscheck r -o check.R
          mingcha estimate my-round

        A survey folder takes indicators, domains and design from survey.yaml
        and the receipt of its draw, and also writes results/estimates.json,
        .csv and .xlsx. An option left out has the default named here, which
        is printed with the result.
        """
    )
  )

  @Argument(
    help: ArgumentHelp(
      words(
        zh: "CSV、XLSX、SPSS、Stata 或 SAS 文件（“-”为标准输入；几个文件须表头相同），或一个调查文件夹。",
        en: """
          CSV, XLSX, SPSS, Stata or SAS files ("-" is standard input; several must have the same header), or one \
          survey folder.
          """
      ),
      valueName: "file|folder"
    )
  )
  var inputs: [String]

  @OptionGroup(title: words(zh: "抽样设计（散文件）", en: "Design of loose files")) var design: DesignOptions
  @OptionGroup(title: words(zh: "不等概率、两相与重复权数（散文件）", en: "Unequal probabilities, second phases, replicate weights"))
  var replicates: ReplicateOptions

  @OptionGroup(title: words(zh: "权数调整（散文件，按此顺序）", en: "Adjustments of the weights, in this order"))
  var weighting: WeightingOptions

  @OptionGroup(title: words(zh: "估计什么（散文件）", en: "What is estimated from loose files")) var question: QuestionOptions

  @OptionGroup(title: words(zh: "分位数、函数、检验与模型（散文件）", en: "Quantiles, functions, tests and models"))
  var analysis: AnalysisOptions

  @OptionGroup(title: words(zh: "校正与综合的比率（散文件）", en: "Corrected and composite rates"))
  var rates: RateOptions

  @Flag(
    help: ArgumentHelp(
      words(
        zh: "另说明每个数字的公式、设计、自由度与分位数。",
        en: "Also tell formula, design, degrees of freedom and quantile behind each figure."
      )
    )
  )
  var explain = false

  @Option(
    help: ArgumentHelp(
      words(
        zh: "不给出结果，而写出在 R survey 或 Stata 中重算每个数字的脚本。",
        en: "Instead of the result, writes a script that repeats its figures in R survey or Stata."
      ),
      valueName: "r|stata"
    )
  )
  var crosscheck: CrosscheckLanguage?

  @Flag(help: ArgumentHelp(words(zh: "另在 JSON 中给出协方差矩阵。", en: "Also give covariance matrices, in JSON.")))
  var covariances = false

  @Option(
    help: ArgumentHelp(
      words(
        zh: "另把每个比例的群内相关（各域与全轮）写到此 CSV 文件，供下一次设计使用。",
        en:
          "Also write the intra-cluster correlation of every rate, by domain and over the round, to this CSV file: the next plan needs it."
      ),
      valueName: "file"
    )
  )
  var rhoTable: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "线程数；不影响任何一位结果。", en: "Threads; the result has the same bits with any number."),
      valueName: "n"
    )
  )
  var threads: Int?

  @Option(help: ArgumentHelp(words(zh: "结果的形式。", en: "Form of the result."), valueName: "table|json|csv|xlsx"))
  var format: EstimateForm?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      words(zh: "写到此文件而不是标准输出；后缀决定形式。", en: "Write to this file instead of standard output; its ending says the form."),
      valueName: "file"
    )
  )
  var output: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "另将最终权数与重复权数写到此 CSV 文件，旁边的 .json 说明其系数，可用 --replicates FILE.json 再读入。",
        en: """
          Also writes final and replicate weights to this file (.sav and .dta for SPSS and Stata, else CSV), and \
          beside it a .json with their factors, which \
          --replicates FILE.json reads again.
          """
      ),
      valueName: "file"
    )
  )
  var writeWeights: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "写权数时保留的列（默认全部列）。",
        en: "Columns that are written before the weights (default all)."
      ),
      valueName: "columns"
    )
  )
  var id: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "少于 n 个单位的数字不公布，能据以推出它们的也不公布；调查文件夹另写 results/published-*，原结果不变。",
        en: """
          Withhold figures of fewer than n units, and those that would give them away; a survey folder keeps its whole \
          results and gets results/published-* beside them.
          """
      ),
      valueName: "n"
    )
  )
  var minimumCell: Int?

  @Flag(help: ArgumentHelp(words(zh: "允许替换已有的输出文件。", en: "Replace an output file that is there.")))
  var force = false

  @OptionGroup var privacy: PrivacyOptions
  @OptionGroup var lock: LockOptions
  @OptionGroup var languageOption: LanguageOption

  var lockedFolder: String? { inputs.first }

  var writesJSON: Bool { format == .json }

  func validate() throws {
    if inputs.contains(where: isFolder), inputs.count > 1 {
      throw ValidationError(
        words(zh: "一次只能估计一个调查文件夹。", en: "Estimate one survey folder at a time.")
      )
    }
    if let threads, threads < 1 {
      throw ValidationError(words(zh: "--threads 至少为 1。", en: "--threads is at least 1."))
    }
    if let minimumCell, !(1...1_000).contains(minimumCell) {
      throw ValidationError(words(zh: "--minimum-cell 应为 1 到 1000。", en: "--minimum-cell takes 1 to 1000."))
    }
    if crosscheck != nil, minimumCell != nil {
      throw ValidationError(
        words(
          zh: "--crosscheck 要核对全部数字，不能同时用 --minimum-cell。",
          en: "--crosscheck compares every figure and takes no --minimum-cell."
        )
      )
    }
    if crosscheck != nil, format != nil {
      throw ValidationError(
        words(zh: "--crosscheck 写出脚本，不能同时用 --format。", en: "--crosscheck writes a script and takes no --format.")
      )
    }
    if crosscheck != nil, isSurvey {
      throw ValidationError(
        words(
          zh: "--crosscheck 只用于散文件：文件夹的权数由抽取回执而来。",
          en: "--crosscheck is for loose files: the weights of a folder come from the receipt of its draw."
        )
      )
    }
    if crosscheck != nil, let method = replicates.replicatesOf, method != "jk1", method != "jkn" {
      throw ValidationError(
        words(
          zh: "\(method) 的重复在别处不能重作：请先用 --write-weights 写出，再对该文件用 --replicates 与 --crosscheck。",
          en: """
            replicates of \(method) cannot be made anew elsewhere: write them by --write-weights, then cross-check that \
            file with --replicates.
            """
        )
      )
    }
    if crosscheck != nil,
      design.systematic.contains(where: { $0.contains(SystematicVariance.successiveDifferences.rawValue) })
    {
      throw ValidationError(
        words(
          zh: "R survey 与 Stata 没有逐次差分方差：--crosscheck 不能与 --systematic successive-differences 同用。",
          en: "R survey and Stata have no variance by successive differences: --crosscheck excludes --systematic."
        )
      )
    }
    if crosscheck != nil, weighting.outcome != nil {
      throw ValidationError(
        words(
          zh: "R survey 与 Stata 不作 --outcome 的调整：请连同重复权数用 --write-weights 写出，再对该文件用 --replicates 与 --crosscheck。",
          en: """
            R survey and Stata have no adjustment as of --outcome: write the weights with replicates by --write-weights, \
            then cross-check that file with --replicates.
            """
        )
      )
    }
    if isSurvey, writeWeights != nil || !id.isEmpty {
      throw ValidationError(
        words(zh: "--write-weights 只用于散文件。", en: "--write-weights is for loose files.")
      )
    }
    if form == .xlsx, output == nil, !isSurvey, crosscheck == nil {
      throw ValidationError(
        words(zh: "工作簿须写到文件：请给出 --output。", en: "A workbook goes to a file: give --output.")
      )
    }
    let given = design.given + replicates.given + weighting.given + question.given + analysis.given + rates.given
    if isSurvey, !given.isEmpty {
      throw ValidationError(
        words(
          zh: "调查文件夹的估计由 survey.yaml 规定，不接受：\(given.joined(separator: "、"))。",
          en:
            "The estimates of a survey folder are described in survey.yaml; it takes no \(given.joined(separator: ", "))."
        )
      )
    }
  }

  private var isSurvey: Bool { inputs.count == 1 && isFolder(inputs[0]) }

  private var form: EstimateForm { format ?? output.flatMap { EstimateForm(file: $0) } ?? .table }

  func work(_ console: Console) throws -> Int32 {
    for file in [output, rhoTable].compactMap({ $0 }) { try checkTarget(file, overwrite: force) }
    if let writeWeights {
      try checkTarget(writeWeights, overwrite: force)
      try checkTarget(WeightFile.descriptionPath(writeWeights), overwrite: force)
    }
    let progress = ProgressLine(console)
    defer { progress.end() }
    var report: EstimationReport
    var order: EstimationOrder?
    var written = [String]()
    if isSurvey {
      let folder = try SurveyFolder(path: inputs[0])
      report = try estimateSurvey(
        folder,
        threads: workers,
        covariances: covariances,
        allowsDirect: privacy.allowDirect
      ) { progress.add($0) }
      report.isExplained = explain
      var results = try report.writeResults(in: folder, language: console.language)
      if minimumCell != nil || folder.minimumCell.isDeclared {
        let shown = report.published(below: minimumCell ?? folder.minimumCell.count, nestings: try folder.nestings())
        results.paths += try shown.writeResults(in: folder, language: console.language, prefix: "published-").paths
        if minimumCell != nil { report = shown }
      }
      console.report(results.notes)
      written = results.paths
    } else {
      let asked = try self.order()
      order = asked
      if !privacy.allowDirect {
        try refuseDirectColumns(asked.paths, sheet: asked.sheet, headerRow: asked.headerRow)
      }
      report = try estimateFiles(asked) { progress.add($0) }
      report.isExplained = explain
    }
    progress.end()
    let weightFile = report.parts.first?.weightFile
    if !isSurvey, let minimumCell { report = report.published(below: minimumCell) }
    console.report(report.allNotes)
    if let writeWeights, let file = weightFile {
      let (paths, notes) = try file.write(to: writeWeights, overwrite: force)
      console.report(notes)
      written += paths
    }
    if let rhoTable {
      try report.writeCorrelations(to: rhoTable, language: console.language, overwrite: force)
      written.append(rhoTable)
    }
    if let crosscheck, let order {
      let script = report.script(crosscheck, order)
      guard let output else {
        try console.output(script)
        return 0
      }
      try writeScript(script, to: output, overwrite: force)
      console.tellWritten(written + [output])
      return 0
    }
    if form == .csv, let omitted = report.omittedFromCSV { console.report([omitted]) }
    if let output {
      try report.write(form, to: output, language: console.language, overwrite: force)
      written.append(output)
    } else {
      switch form {
      case .table: try console.output(report.text(console.language, width: Terminal.width))
      case .json: try console.output(report.json())
      case .csv: try console.output(report.csv(console.language))
      // A survey folder has its workbook in results/; loose files were asked for --output.
      case .xlsx: break
      }
    }
    console.tellWritten(written)
    return 0
  }

  private var workers: Int { threads ?? Terminal.processors }

  private func order() throws -> EstimationOrder {
    var asked = EstimationQuestion()
    asked.files = inputs
    design.fill(&asked)
    replicates.fill(&asked)
    weighting.fill(&asked)
    question.fill(&asked)
    analysis.fill(&asked)
    rates.fill(&asked)
    asked.covariances = covariances
    asked.keepsWeights = writeWeights != nil
    asked.weightColumns = id.flatMap { listParts($0) }
    asked.wantsCorrelations = rhoTable != nil
    asked.threads = workers
    return try asked.order()
  }
}

extension Console {
  /// Names the files written, for people; a program that reads JSON knows them.
  func tellWritten(_ files: [String]) {
    if files.isEmpty || writesJSON { return }
    message(
      LocalizedText(
        zh: "已写入：\(files.joined(separator: "、"))。",
        en: "Written: \(files.joined(separator: ", "))."
      )
    )
  }
}
