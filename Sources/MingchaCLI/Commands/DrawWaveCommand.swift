internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha wave`: a further wave of reserves with fresh randomness.
struct DrawWaveCommand: FolderCommand {
  static let configuration = CommandConfiguration(
    commandName: "wave",
    abstract: words(
      zh: "备选用完后，以新的随机性再抽一批备选。",
      en: "Draw a further wave of reserves by fresh randomness."
    ),
    discussion: words(
      zh: """
        示例：
          mingcha wave my-round households --seed-file new.txt \\
            --earlier-seed-file seed.txt
          mingcha wave my-round households --seed-file new.txt \\
            --earlier-seed-file seed.txt --only 150121104248 --reserves 2
          mingcha wave visits/ --frame counties.csv --seed-file new.txt \\
            --earlier-seed-file seed.txt -o visits-2/

        只在既未抽中也非备选的单元中抽，备选的序号接着排。先重做原抽样；
        原回执仍封存时须用 --earlier-seed-file 给出其种子。写到
        draws/抽样名-wave-2（再次为 -wave-3），回执指明原回执。
        """,
      en: """
        Examples:
          mingcha wave my-round households --seed-file new.txt \\
            --earlier-seed-file seed.txt
          mingcha wave my-round households --seed-file new.txt \\
            --earlier-seed-file seed.txt --only 150121104248 --reserves 2
          mingcha wave visits/ --frame counties.csv --seed-file new.txt \\
            --earlier-seed-file seed.txt -o visits-2/

        Draws among the units neither selected nor in reserve; the order of
        the reserves goes on. The draw is repeated first: while its receipt is
        sealed, give its seed by --earlier-seed-file. Writes to
        draws/NAME-wave-2 (then -wave-3); the receipt names the one before.
        """
    )
  )

  @OptionGroup var arguments: RepeatedDrawArguments

  @Option(
    help: ArgumentHelp(
      words(
        zh: "只为这些层抽：层的值、上级单元编号，或“上级, 层”；可重复。",
        en: "Only these strata: a stratum's values, a parent's id, or \"PARENT, STRATUM\"; repeat for more."
      ),
      valueName: "stratum"
    )
  )
  var only: [String] = []

  @Option(
    help: ArgumentHelp(
      words(zh: "每层再抽几个（默认同设计）。", en: "Reserves in each stratum (default: as planned)."),
      valueName: "n"
    )
  )
  var reserves: Int?

  @Option(help: ArgumentHelp(words(zh: "阶段（默认最后一个）。", en: "Stage (default: the last)."), valueName: "name"))
  var stage: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "此前各批的回执，第二批在前，可重复。", en: "Receipt of a wave before, the second first; repeat for more."),
      valueName: "receipt"
    )
  )
  var after: [String] = []

  @Option(
    help: ArgumentHelp(
      words(zh: "接受少于 128 位随机性的种子的理由，写入回执。", en: "Why a seed below 128 bits is accepted; the receipt records it."),
      valueName: "text"
    )
  )
  var weakSeedReason: String?

  @Flag(help: ArgumentHelp(words(zh: "立即写出公开的回执。", en: "Write the receipt revealed at once.")))
  var reveal = false

  @Option(help: ArgumentHelp(words(zh: "写入回执的日期。", en: "Date for the receipt; no clock is read."), valueName: "text"))
  var date: String?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(words(zh: "要新建的文件夹。", en: "Folder to make."), valueName: "folder")
  )
  var output: String?

  @OptionGroup var form: AnswerFormOption
  @OptionGroup var lock: LockOptions
  @OptionGroup var languageOption: LanguageOption

  var lockedFolder: String? { arguments.input }

  var writesJSON: Bool { form.format == .json }

  func work(_ console: Console) throws -> Int32 {
    var order = try order()
    order.stage = stage
    order.only = only.isEmpty ? nil : only
    order.reserves = reserves
    order.weakSeedReason = weakSeedReason
    order.reveals = reveal
    order.date = date
    let made = try drawWave(order, language: console.language)
    console.report(made.notes)
    try console.output(writesJSON ? try made.record.json() : made.text(console.language))
    if !writesJSON {
      let files = [DrawFiles.list, DrawFiles.workbook, DrawFiles.receipt].joined(separator: ", ")
      let folder = made.record.folder
      console.message(LocalizedText(zh: "已写入 \(folder)：\(files)。", en: "Written to \(folder): \(files)."))
    }
    return 0
  }

  private func order() throws -> WaveOrder {
    let draw = try arguments.order(list: nil)
    let seed = try arguments.seed.required()
    if let name = arguments.drawName {
      guard output == nil, after.isEmpty else {
        throw ValidationError(
          words(
            zh: "调查文件夹的各批自有其位置，不接受 --output、--after。",
            en: "The waves of a survey folder have their places: no --output, --after."
          )
        )
      }
      let folder = try SurveyFolder(path: arguments.input)
      let waves = folder.waves(of: name)
      let place = folder.wavePath(name, number: waves.count + 2)
      return WaveOrder(draw: draw, waves: waves, seed: seed, folder: place)
    }
    guard let output else {
      throw ValidationError(words(zh: "请给出 --output。", en: "Give --output."))
    }
    let waves = after.map { isFolder($0) ? $0 + "/" + DrawFiles.receipt : $0 }
    return WaveOrder(draw: draw, waves: waves, seed: seed, folder: output)
  }
}
