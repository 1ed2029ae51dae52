internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// How a draw to be repeated is named: by its receipt, or by survey folder and name.
struct RepeatedDrawArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      words(zh: "回执、它所在的文件夹，或调查文件夹。", en: "Receipt, the folder it is in, or a survey folder."),
      valueName: "receipt|folder"
    )
  )
  var input: String

  @Argument(help: ArgumentHelp(words(zh: "调查文件中抽样的名称。", en: "Name of the draw in the survey file."), valueName: "draw"))
  var drawName: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "抽样框文件，每阶段一个，按阶段顺序；省略则找回执中的文件名。",
        en: "Frame file, one a stage in their order; without it the files named in the receipt are looked for."
      ),
      valueName: "file"
    )
  )
  var frame: [String] = []

  @Option(help: ArgumentHelp(words(zh: "工作表名。", en: "Worksheet."), valueName: "name"))
  var sheet: String?

  @Option(help: ArgumentHelp(words(zh: "表头所在行。", en: "Row of the column names."), valueName: "row"))
  var headerRow: Int?

  @Flag(help: ArgumentHelp(words(zh: "抽样时用过 --allow-formulas。", en: "The draw was made with --allow-formulas.")))
  var allowFormulas = false

  @Option(
    help: ArgumentHelp(
      words(zh: "抽样时用过 --until 及其阶段。", en: "The stage of a draw made with --until."),
      valueName: "stage"
    )
  )
  var until: String?

  @Flag(help: ArgumentHelp(words(zh: "抽样时用过 --dedupe。", en: "The draw was made with --dedupe.")))
  var dedupe = false

  @OptionGroup var seed: SeedOptions
  @OptionGroup var earlier: EarlierReceiptOptions
  @OptionGroup var earlierSeeds: EarlierSeedOptions

  func order(list: String?) throws -> VerificationOrder {
    var order = try namedOrder(list: list)
    order.earlier += earlier.earlier
    order.earlierSeedFiles = earlierSeeds.earlierSeedFile
    return order
  }

  private func namedOrder(list: String?) throws -> VerificationOrder {
    if let drawName {
      guard frame.isEmpty, sheet == nil, headerRow == nil, !allowFormulas, list == nil else {
        throw ValidationError(
          words(
            zh: "调查文件夹的抽样框由 survey.yaml 规定，不接受 --frame、--sheet、--header-row、--allow-formulas、--list。",
            en: "The frames of a survey folder are named in survey.yaml: no --frame, --sheet, --header-row, "
              + "--allow-formulas, --list."
          )
        )
      }
      return try VerificationOrder(
        folder: try SurveyFolder(path: input),
        draw: drawName,
        until: until,
        seed: seed.source,
        dropsIdenticalRows: dedupe
      )
    }
    if until != nil {
      throw ValidationError(
        words(zh: "--until 只用于调查文件夹的抽样。", en: "--until goes with a draw of a survey folder only.")
      )
    }
    let trimmed = input.count > 1 && input.hasSuffix("/") ? String(input.dropLast()) : input
    return try VerificationOrder(
      receipt: isFolder(trimmed) ? trimmed + "/" + DrawFiles.receipt : input,
      frames: frame,
      seed: seed.source,
      list: list,
      sheet: sheet,
      headerRow: headerRow,
      allowsFormulas: allowFormulas,
      dropsIdenticalRows: dedupe
    )
  }
}

/// `mingcha verify`: repeats a draw and names the first difference.
struct VerifyDrawCommand: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: words(
      zh: "由抽样框、种子与回执重做抽样，指出第一处不同。",
      en: "Repeat a draw from frame, seed and receipt; name the first difference."
    ),
    discussion: words(
      zh: """
        示例：
          mingcha verify visits/receipt.json --frame counties.csv \\
            --seed-file seed.txt
          mingcha verify my-round county-visit --seed-file seed.txt

        已公开的回执自带种子，不必再给。回执旁的 list.csv 一并核对。
        退出码：0 完全一致；1 有不同；69 回执封存而未给种子，无法判断。
        """,
      en: """
        Examples:
          mingcha verify visits/receipt.json --frame counties.csv \\
            --seed-file seed.txt
          mingcha verify my-round county-visit --seed-file seed.txt

        A revealed receipt brings its seed. A list.csv beside the receipt is
        compared as well. Exit codes: 0 all repeats; 1 something differs;
        69 the receipt is sealed and no seed was given: nothing is decided.
        """
    )
  )

  @OptionGroup var arguments: RepeatedDrawArguments

  @Option(help: ArgumentHelp(words(zh: "要核对的名单。", en: "List to compare."), valueName: "file"))
  var list: String?

  @OptionGroup var form: AnswerFormOption
  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { form.format == .json }

  func work(_ console: Console) throws -> Int32 {
    let record = try verifyDraw(try arguments.order(list: list))
    console.report(record.notes)
    try console.output(writesJSON ? record.json(console.language) : record.text(console.language))
    return record.exitStatus
  }
}

extension VerificationRecord {
  var exitStatus: Int32 {
    if isUndecided { return ExitStatus.undecided }
    return isVerified ? 0 : ExitStatus.verificationFailed
  }

  func text(_ language: Language) -> String {
    let list =
      comparedList
      ? LocalizedText(zh: "名单已核对。", en: "The list was compared.")
      : LocalizedText(zh: "未核对名单文件。", en: "No list file was compared.")
    let code = difference.map { " [\($0)]" } ?? " " + list.text(in: language)
    return message.text(in: language) + code + "\n"
  }

  func json(_ language: Language) -> String {
    let members = [
      ("verified", isUndecided ? "null" : String(isVerified)),
      ("units", String(unitCount)), ("list_compared", String(comparedList)),
      ("difference", difference.map { jsonText($0) } ?? "null"),
      ("message", jsonText(message.text(in: language))),
    ]
    return "{" + members.map { "\(jsonText($0.0)): \($0.1)" }.joined(separator: ", ") + "}\n"
  }
}
