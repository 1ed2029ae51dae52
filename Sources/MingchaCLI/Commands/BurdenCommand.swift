internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha burden`: how often each unit was visited, and with what gaps.
struct BurdenCommand: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "burden",
    abstract: words(zh: "统计各单元被抽中的次数与间隔。", en: "Count how often each unit was drawn, and the gaps."),
    discussion: words(
      zh: """
        示例：
          mingcha burden my-round
          mingcha burden my-round --stage villages --output burden.xlsx
          mingcha burden visit-1/ visit-2/ --frame counties.csv --id code \\
            --strata league_code

        抽中即计为走访。封存的回执由其旁的 list.csv 得知单元。各次抽样都有
        YYYY-MM-DD 日期时按日期排列，否则按给出的顺序（调查文件夹中为
        survey.yaml 的顺序）。CSV 只含单元表。
        """,
      en: """
        Examples:
          mingcha burden my-round
          mingcha burden my-round --stage villages --output burden.xlsx
          mingcha burden visit-1/ visit-2/ --frame counties.csv --id code \\
            --strata league_code

        A selected unit counts as visited. Of a sealed receipt the list.csv
        beside it tells the units. Draws stand in the order of their dates
        where all have one (YYYY-MM-DD), else in the order given (in a survey
        folder, that of survey.yaml). CSV holds the table of units only.
        """
    )
  )

  @Argument(
    help: ArgumentHelp(
      words(
        zh: "一个调查文件夹，或各次抽样的回执（或其文件夹），最早的在前。",
        en: "A survey folder, or receipts (or their folders), the oldest first."
      ),
      valueName: "folder|receipt"
    )
  )
  var inputs: [String]

  @Option(help: ArgumentHelp(words(zh: "阶段（默认第一个）。", en: "Stage (default: the first)."), valueName: "name"))
  var stage: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "全部单元的抽样框，用以列出从未走访的。", en: "Frame of all units, to list those never visited."),
      valueName: "file"
    )
  )
  var frame: String?

  @Option(help: ArgumentHelp(words(zh: "抽样框的编号列。", en: "The frame's id column."), valueName: "column"))
  var id: String?

  @Option(help: ArgumentHelp(words(zh: "按这些列汇总。", en: "Columns to sum by."), valueName: "columns"))
  var strata: [String] = []

  @OptionGroup var form: TableFormOptions
  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { form.writesJSON }

  func validate() throws {
    if (frame == nil) != (id == nil) {
      throw ValidationError(words(zh: "--frame 与 --id 须一并给出。", en: "--frame and --id go together."))
    }
    if frame == nil, !strata.isEmpty {
      throw ValidationError(words(zh: "--strata 须有 --frame。", en: "--strata needs --frame."))
    }
  }

  func work(_ console: Console) throws -> Int32 {
    try form.checkTarget()
    let made = try burden(try order(), language: console.language)
    console.report(made.notes)
    try form.deliver(made.report, console)
    return 0
  }

  private func order() throws -> BurdenOrder {
    if inputs.count == 1, isFolder(inputs[0]), !isDrawFolder(inputs[0]) {
      guard frame == nil else {
        throw ValidationError(
          words(zh: "调查文件夹的抽样框由 survey.yaml 规定。", en: "The frames of a survey folder are named in survey.yaml.")
        )
      }
      return try BurdenOrder(folder: try SurveyFolder(path: inputs[0]), stage: stage)
    }
    let given = frame.flatMap { path in id.map { (path: path, id: $0) } }
    return try BurdenOrder(receipts: inputs, stage: stage, frame: given, strata: strata.flatMap(commaSeparated))
  }
}
