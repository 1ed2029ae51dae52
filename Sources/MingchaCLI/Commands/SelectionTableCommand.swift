internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha selection-table`: printed tables by which a village without a device draws its households.
struct SelectionTableCommand: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "selection-table",
    abstract: words(
      zh: "印制现场抽户表，供无设备的村使用。",
      en: "Print tables by which a village without a device draws its households."
    ),
    discussion: words(
      zh: """
        示例：
          mingcha selection-table my-round households --up-to 400 \\
            --seed-file seed.txt
          mingcha selection-table --unit 150121001001 --group 2018/visit \\
            --stage household --up-to 400 --seed-file seed.txt -o tables

        每村一页：1 至 400 按号码（票号）先后排列。到村后各户编号 1…N，
        划去大于 N 的号码，最前面的 n 个即为样本：与录入“村/1、村/2……”后
        用同一种子抽样的结果完全相同。编号结束前须封存，事后与种子一并公开。
        调查文件夹中，各村取自 draw --until 的名单，或用 --unit 指明。
        """,
      en: """
        Examples:
          mingcha selection-table my-round households --up-to 400 \\
            --seed-file seed.txt
          mingcha selection-table --unit 150121001001 --group 2018/visit \\
            --stage household --up-to 400 --seed-file seed.txt -o tables

        One page a village: the numbers 1 to 400 in the order of their tickets.
        On arrival the households are numbered 1…N; numbers above N are struck
        out, and the first n that are left are the sample: the very one that
        the same seed draws from the ids VILLAGE/1, VILLAGE/2, … typed in later.
        The page stays sealed until the numbering is over. In a survey folder
        the villages are those of draw --until, or named with --unit.
        """
    )
  )

  @Argument(help: ArgumentHelp(words(zh: "调查文件夹。", en: "Survey folder.")))
  var folder: String?

  @Argument(help: ArgumentHelp(words(zh: "调查文件中抽样的名称。", en: "Name of the draw in the survey file."), valueName: "draw"))
  var drawName: String?

  @Option(help: ArgumentHelp(words(zh: "村的编号，可重复。", en: "A village's id; repeat for more."), valueName: "id"))
  var unit: [String] = []

  @Option(
    help: ArgumentHelp(words(zh: "最大的编号（不小于最长的名单）。", en: "Greatest number: no list may be longer."), valueName: "n")
  )
  var upTo: Int

  @Option(help: ArgumentHelp(words(zh: "组名（无调查文件夹时）。", en: "Group, without a survey folder."), valueName: "text"))
  var group: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "抽户阶段的名称（无调查文件夹时）。", en: "Name of the stage, without a survey folder."),
      valueName: "text"
    )
  )
  var stage: String?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(words(zh: "要新建的文件夹。", en: "Folder to make."), valueName: "folder")
  )
  var output: String?

  @OptionGroup var seed: SeedOptions

  @Option(
    help: ArgumentHelp(
      words(zh: "接受弱种子的理由，与抽样时相同。", en: "Why a weak seed is accepted, as at the draw."),
      valueName: "text"
    )
  )
  var weakSeedReason: String?

  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { false }

  func work(_ console: Console) throws -> Int32 {
    var order = try order()
    order.weakSeedReason = weakSeedReason
    let files = try writeSelectionTables(order, language: console.language)
    try console.output(files.map { $0 + "\n" }.joined())
    return 0
  }

  private func order() throws -> SelectionTableOrder {
    if let folder {
      guard let drawName, group == nil, stage == nil else {
        throw ValidationError(
          words(
            zh: "调查文件夹后请给出抽样名；组名与阶段由 survey.yaml 规定。",
            en: "Name the draw after the survey folder; group and stage are those of survey.yaml."
          )
        )
      }
      var order = try SurveyFolder(path: folder).selectionTableOrder(
        drawName,
        units: unit,
        limit: upTo,
        seed: try seed.required()
      )
      if let output { order.folder = output }
      return order
    }
    guard let group, let stage, let output else {
      let missing = [("--group", group), ("--stage", stage), ("--output", output)].filter { $0.1 == nil }.map(\.0)
      throw ValidationError(
        words(
          zh: "没有调查文件夹时还需要：\(missing.joined(separator: "、"))。",
          en: "Without a survey folder it also needs \(missing.joined(separator: ", "))."
        )
      )
    }
    return SelectionTableOrder(
      group: group,
      stage: stage,
      units: unit,
      limit: upTo,
      seed: try seed.required(),
      folder: output
    )
  }
}
