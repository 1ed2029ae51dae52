internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha draw`: a list, a workbook and a receipt, from a loose file or a survey folder.
struct DrawSampleCommand: FolderCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw",
    abstract: words(zh: "抽取样本，写出名单与回执。", en: "Draw a sample; write its list and receipt."),
    discussion: words(
      zh: """
        示例：
          mingcha draw counties.csv --id code --strata league_code \\
            --take 1 --reserves 1 --method srs --group 2018/visit-1 \\
            --seed-file seed.txt -o visits/
          mingcha draw villages.xlsx --id code --take 150100=2 \\
            --take 150200=all --strata league_code --group 2018/try \\
            --contribution-file a.txt --contribution-file b.txt -o try/
          mingcha draw my-round households --seed-file seed.txt
          mingcha draw my-round households --until villages --seed-file s.txt
          mingcha draw counties.csv --id code --strata league_code --explain \\
            --allocate "total=40 rule=power q=0.5 size=villages min=2"

        写出 list.csv、list.xlsx、receipt.json 到新文件夹（调查文件夹中为
        draws/抽样名）；已有抽样不会被覆盖。回执默认封存：不含种子、密钥与
        名单；最后一次走访后用 mingcha reveal 公开，或在抽样时加 --reveal。
        """,
      en: """
        Examples:
          mingcha draw counties.csv --id code --strata league_code \\
            --take 1 --reserves 1 --method srs --group 2018/visit-1 \\
            --seed-file seed.txt -o visits/
          mingcha draw villages.xlsx --id code --take 150100=2 \\
            --take 150200=all --strata league_code --group 2018/try \\
            --contribution-file a.txt --contribution-file b.txt -o try/
          mingcha draw my-round households --seed-file seed.txt
          mingcha draw my-round households --until villages --seed-file s.txt
          mingcha draw counties.csv --id code --strata league_code --explain \\
            --allocate "total=40 rule=power q=0.5 size=villages min=2"

        Writes list.csv, list.xlsx and receipt.json into a new folder (in a
        survey folder: draws/NAME); a draw that is there is never overwritten.
        The receipt is sealed: it holds no seed, key or unit. Reveal it after
        the last visit with mingcha reveal, or at once with --reveal.
        """
    )
  )

  @Argument(
    help: ArgumentHelp(
      words(
        zh: "CSV 或 XLSX 文件（“-”为标准输入），或调查文件夹。",
        en: "CSV or XLSX file (\"-\" is standard input), or a survey folder."
      ),
      valueName: "file|folder"
    )
  )
  var input: String

  @Argument(help: ArgumentHelp(words(zh: "调查文件中抽样的名称。", en: "Name of the draw in the survey file."), valueName: "draw"))
  var drawName: String?

  @OptionGroup var seed: SeedOptions

  @Option(
    help: ArgumentHelp(
      words(zh: "接受少于 128 位随机性的种子的理由，写入回执。", en: "Why a seed below 128 bits is accepted; the receipt records it."),
      valueName: "text"
    )
  )
  var weakSeedReason: String?

  @Flag(help: ArgumentHelp(words(zh: "立即写出公开的回执。", en: "Write the receipt revealed at once.")))
  var reveal = false

  @Flag(help: ArgumentHelp(words(zh: "去掉整行相同的行。", en: "Drop rows equal to an earlier one in every cell.")))
  var dedupe = false

  @Option(help: ArgumentHelp(words(zh: "写入回执的日期。", en: "Date for the receipt; no clock is read."), valueName: "text"))
  var date: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "上一次抽样的回执：本次编号加一。", en: "Receipt of the attempt before this one."),
      valueName: "receipt"
    )
  )
  var previous: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "只抽到这个阶段（调查文件夹）：写入 draws/抽样名-until-阶段，收齐下一阶段的登记册后再抽。",
        en:
          "Draw down to this stage only (survey folder): into draws/NAME-until-STAGE, before the next registers exist."
      ),
      valueName: "stage"
    )
  )
  var until: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "最后阶段只在此单元内抽（调查文件夹），可重复：写入 draws/抽样名-in-单元，只有名单。",
        en:
          "Draw the last stage only within this unit (survey folder); repeat for more: into draws/NAME-in-UNIT, a list "
          + "without receipt."
      ),
      valueName: "id"
    )
  )
  var within: [String] = []

  @Flag(
    help: ArgumentHelp(
      words(
        zh: "只列出各层的 N、测度、取整前与样本量，不抽样，不需要种子。",
        en: "Only show N, measure, unrounded share and sample size of each stratum; draws nothing, needs no seed."
      )
    )
  )
  var explain = false

  @Option(
    help: ArgumentHelp(
      words(
        zh: "仍使用已随此前回执公开的种子的理由，写入回执。",
        en: "Why a seed is used that an earlier receipt has made public; the receipt records it."
      ),
      valueName: "text"
    )
  )
  var publicSeedReason: String?

  @OptionGroup var earlier: ExcludeOptions
  @OptionGroup var earlierSeeds: EarlierSeedOptions
  @OptionGroup(title: words(zh: "从文件抽样", en: "Drawing from a file")) var loose: LooseDrawOptions
  @OptionGroup var form: AnswerFormOption
  @OptionGroup var lock: LockOptions
  @OptionGroup var languageOption: LanguageOption

  var lockedFolder: String? { input }

  var writesJSON: Bool { form.format == .json }

  func work(_ console: Console) throws -> Int32 {
    if explain {
      let explanation = try explainSizes(try stages())
      console.report(explanation.notes)
      try console.output(writesJSON ? explanation.json(console.language) : explanation.text(console.language))
      return 0
    }
    var order = try order()
    order.weakSeedReason = weakSeedReason
    order.reveals = reveal
    order.date = date
    order.previousReceipt = previous.map { isFolder($0) ? $0 + "/" + DrawFiles.receipt : $0 }
    order.earlierSeedFiles = earlierSeeds.earlierSeedFile
    order.publicSeedReason = publicSeedReason
    let record = try drawSample(order, language: console.language)
    console.report(record.notes)
    try console.output(writesJSON ? try record.json() : record.text(console.language))
    let files = record.files.joined(separator: ", ")
    if !writesJSON {
      console.message(
        LocalizedText(zh: "已写入 \(record.folder)：\(files)。", en: "Written to \(record.folder): \(files).")
      )
    }
    return 0
  }

  private func stages() throws -> [DrawOrder.Stage] {
    if let drawName {
      let folder = try folder()
      return try folder.drawStages(try folder.draw(drawName, until: until), dropsIdenticalRows: dedupe)
    }
    try refuseUnnamedDraw()
    return [try loose.stage(input: input, dropsIdenticalRows: dedupe)]
  }

  private func order() throws -> DrawOrder {
    if let drawName {
      let folder = try folder()
      _ = try folder.draw(drawName, until: until)
      return try folder.drawOrder(
        drawName,
        until: until,
        within: within,
        seed: try seed.required(),
        dropsIdenticalRows: dedupe
      )
    }
    try refuseUnnamedDraw()
    if until != nil || !within.isEmpty {
      throw ValidationError(
        words(
          zh: "--until 与 --within 只用于调查文件夹的抽样。",
          en: "--until and --within go with a draw of a survey folder only."
        )
      )
    }
    var order = try loose.order(input: input, seed: try seed.required(), dropsIdenticalRows: dedupe)
    order.stages[0].exclude = earlier.exclude
    order.stages[0].excludesUsedReserves = earlier.excludeUsedReserves
    return order
  }

  /// The survey folder of a named draw, which takes no option of a loose file.
  private func folder() throws -> SurveyFolder {
    let given = loose.given + earlier.given
    guard given.isEmpty else {
      throw ValidationError(
        words(
          zh: "调查文件夹的抽样由 survey.yaml 规定，不接受：\(given.joined(separator: "、"))。",
          en: "A draw of a survey folder is described in survey.yaml and takes no \(given.joined(separator: ", "))."
        )
      )
    }
    return try SurveyFolder(path: input)
  }

  private func refuseUnnamedDraw() throws {
    guard isFolder(input) else { return }
    let names = try SurveyFolder(path: input).survey.draws.map(\.name)
    throw ValidationError(
      words(
        zh: "请给出抽样的名称：\(names.joined(separator: "、"))。",
        en: "Name the draw: \(names.joined(separator: ", "))."
      )
    )
  }
}
