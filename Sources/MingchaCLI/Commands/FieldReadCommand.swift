internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha field read`: adds the outcomes of returned lists to the record.
struct FieldReadCommand: FolderCommand {
  static let configuration = CommandConfiguration(
    commandName: "read",
    abstract: words(zh: "读入交回的名单。", en: "Read returned lists into the record."),
    discussion: words(
      zh: """
        示例：
          mingcha field read my-round households teams/*.xlsx
          mingcha field read visits returned.csv --by 王
          mingcha field read my-round households answers.csv \\
            --id household --outcome-column result_code

        读取 mingcha lists 写出并已填写的工作簿（每张工作表），或有编号列与结果列
        的任何 CSV、XLSX。没有填写的行略过；任何一处有误则全部不记入。
        再次读入同一文件不会重复记录。
        """,
      en: """
        Examples:
          mingcha field read my-round households teams/*.xlsx
          mingcha field read visits returned.csv --by Wang
          mingcha field read my-round households answers.csv \\
            --id household --outcome-column result_code

        Reads every sheet of the workbooks that mingcha lists wrote, once they
        are filled in, or any CSV or XLSX with a column of ids and one of
        outcomes. Lines that were not filled in are passed over; where anything
        is wrong, nothing is recorded. Reading a file again records nothing twice.
        """
    )
  )

  @Argument(
    help: ArgumentHelp(
      words(
        zh: "调查文件夹与抽样名（或散抽样的文件夹），然后是交回的文件。",
        en: "Survey folder and draw (or the folder of a loose draw), then the returned files."
      ),
      valueName: "folder draw file"
    )
  )
  var inputs: [String] = []

  @OptionGroup var listOption: FieldListOption

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp(words(zh: "编号列。", en: "Column with the units' ids."), valueName: "column")
  )
  var unitColumn: String?

  @Option(help: ArgumentHelp(words(zh: "结果列。", en: "Column with the outcomes."), valueName: "column"))
  var outcomeColumn: String?

  @Option(
    name: .customLong("by"),
    help: ArgumentHelp(words(zh: "文件没有写明时的访员。", en: "Interviewer, where the file names none."), valueName: "name")
  )
  var interviewer: String?

  @Option(
    help: ArgumentHelp(words(zh: "单位所在的阶段（默认最后一个）。", en: "The units' stage (default: the last)."), valueName: "name")
  )
  var stage: String?

  @Flag(
    help: ArgumentHelp(
      words(zh: "与记录不同之处作为更正记入。", en: "Record what differs from the record as corrections.")
    )
  )
  var correct = false

  @OptionGroup var form: AnswerFormOption
  @OptionGroup var lock: LockOptions
  @OptionGroup var languageOption: LanguageOption

  var lockedFolder: String? { inputs.first }

  var writesJSON: Bool { form.format == .json }

  func work(_ console: Console) throws -> Int32 {
    let (draw, files) = try fieldDraw(inputs, listOption)
    guard !files.isEmpty else {
      throw ValidationError(words(zh: "请给出交回的文件。", en: "Name the returned files."))
    }
    let returned = try readReturns(
      ReturnOrder(
        files: files,
        stage: stage,
        unitColumn: unitColumn,
        outcomeColumn: outcomeColumn,
        interviewer: interviewer,
        corrects: correct
      ),
      in: draw
    )
    console.report(returned.notes + returned.outcomes.warnings)
    if writesJSON {
      try console.output(returned.outcomes.text(console.language, file: draw.recordPath, json: true))
    } else {
      for file in returned.files {
        let line = LocalizedText(
          zh: "\(file.path)：\(file.rows) 行，记入 \(file.recorded)，已有 \(file.known)，未填 \(file.empty)",
          en:
            "\(file.path): \(file.rows) lines, \(file.recorded) recorded, \(file.known) known, \(file.empty) not filled in"
        )
        try console.output(line.text(in: console.language) + "\n")
      }
    }
    return 0
  }
}
