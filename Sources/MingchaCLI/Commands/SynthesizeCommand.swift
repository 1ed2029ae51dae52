internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha synthesize`: a population with known truth on the real frame, for rehearsals.
struct SynthesizeCommand: FolderCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: words(
      zh: "在真实抽样框上合成总体：嘎查村规模、登记册、真值、回答。",
      en: "Make a synthetic population on the real frame: sizes, registers, truth, answers."
    ),
    discussion: words(
      zh: """
        示例：
          mingcha synthesize my-round --seed demo
          mingcha synthesize my-round --seed demo --draw households \\
            --seed-file seed.txt
          mingcha draw my-round households --seed-file seed.txt
          mingcha synthesize my-round --answers --draw households

        登记册默认不写；--draw 只写该抽样将选中的嘎查村（约 14 万户），
        --all 写全区（约 250 万户）。同一种子得到相同的字节。
        所有合成的列与文件名都标明 synthetic。
        """,
      en: """
        Examples:
          mingcha synthesize my-round --seed demo
          mingcha synthesize my-round --seed demo --draw households \\
            --seed-file seed.txt
          mingcha draw my-round households --seed-file seed.txt
          mingcha synthesize my-round --answers --draw households

        No register is written by default; --draw writes those of the villages
        that this draw will select (about 140,000 households), --all those of
        the region (about 2.5 million). The same seed gives the same bytes.
        Every synthetic column and file says so in its name.
        """
    )
  )

  @Argument(help: ArgumentHelp(words(zh: "调查文件夹。", en: "Survey folder.")))
  var folder: String

  @Option(
    help: ArgumentHelp(
      words(zh: "合成总体的种子（任意一行文本）；以后可省略。", en: "Seed of the population, any line of text; not needed again later."),
      valueName: "text"
    )
  )
  var seed: String?

  @Option(
    name: .customLong("draw"),
    help: ArgumentHelp(words(zh: "入户抽样的名称。", en: "Name of the draw of households."), valueName: "draw")
  )
  var drawName: String?

  @Flag(help: ArgumentHelp(words(zh: "写全区的登记册。", en: "Write the registers of the whole region.")))
  var all = false

  @Flag(help: ArgumentHelp(words(zh: "为已完成的抽样写出回答。", en: "Write the answers to a draw that was made.")))
  var answers = false

  @OptionGroup var drawSeed: SeedOptions

  @Option(
    help: ArgumentHelp(
      words(zh: "接受弱种子的理由，与抽样时相同。", en: "Why a weak seed is accepted, as at the draw."),
      valueName: "text"
    )
  )
  var weakSeedReason: String?

  @OptionGroup var lock: LockOptions
  @OptionGroup var languageOption: LanguageOption

  var lockedFolder: String? { folder }

  var writesJSON: Bool { false }

  func work(_ console: Console) throws -> Int32 {
    let files =
      answers
      ? try synthesizeAnswers(folder, draw: try answeredDraw(), seed: seed)
      : try synthesizeFrames(folder, seed: seed, scope: try scope())
    try console.output(files.map { $0 + "\n" }.joined())
    return 0
  }

  private func answeredDraw() throws -> String {
    if all || drawSeed.source != nil {
      throw ValidationError(
        words(zh: "--answers 只与 --draw、--seed 合用。", en: "--answers goes with --draw and --seed only.")
      )
    }
    if let drawName { return drawName }
    throw ValidationError(words(zh: "--answers 需要 --draw。", en: "--answers needs --draw."))
  }

  private func scope() throws -> RegisterScope {
    switch (drawName, all) {
    case (.some, true):
      throw ValidationError(words(zh: "--draw 与 --all 只能用一种。", en: "--draw and --all exclude each other."))
    case (.none, true): return .all
    case (.none, false): return .none
    case (.some(let name), false):
      return .drawn(draw: name, seed: try drawSeed.required(), weakSeedReason: weakSeedReason)
    }
  }
}
