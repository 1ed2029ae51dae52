internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData
internal import SurveyDesign

/// `mingcha field record`: adds one outcome to the record.
struct FieldRecordCommand: FolderCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: words(zh: "记入一个单位的访问结果。", en: "Record the outcome of one unit."),
    discussion: words(
      zh: """
        示例：
          mingcha field record my-round households \\
            --unit 150121104248-0140 --outcome 拒访 --reason 不愿接受访问 \\
            --date 2018-11-20 --by 王 --replaced-by 150121104248-0044
          mingcha field record visits --unit 150102 --outcome completed

        结果：
        \(outcomeLines(.chinese))
        """,
      en: """
        Examples:
          mingcha field record my-round households \\
            --unit 150121104248-0140 --outcome refused --reason "no time" \\
            --date 2018-11-20 --by Wang --replaced-by 150121104248-0044
          mingcha field record visits --unit 150102 --outcome completed

        Outcomes:
        \(outcomeLines(.english))
        """
    )
  )

  @OptionGroup var arguments: FieldDrawArguments

  @Option(help: ArgumentHelp(words(zh: "单位的编号。", en: "Id of the unit."), valueName: "id"))
  var unit: String

  @Option(
    help: ArgumentHelp(
      words(zh: "访问结果：代码、中文名或调查文件的结果代码。", en: "Outcome: its code, its name, or a result code of the survey file."),
      valueName: "outcome"
    )
  )
  var outcome: String

  @Option(
    help: ArgumentHelp(words(zh: "原因；用备选时必须写明。", en: "Reason; needed where a reserve is used."), valueName: "text")
  )
  var reason: String?

  @Option(help: ArgumentHelp(words(zh: "日期，照写；不读时钟。", en: "Date, as written; no clock is read."), valueName: "text"))
  var date: String?

  @Option(
    name: .customLong("by"),
    help: ArgumentHelp(words(zh: "访员。", en: "Interviewer."), valueName: "name")
  )
  var interviewer: String?

  @Option(
    help: ArgumentHelp(words(zh: "代替它的备选的编号。", en: "Id of the reserve that was visited in its place."), valueName: "id")
  )
  var replacedBy: String?

  @Option(
    help: ArgumentHelp(words(zh: "单位所在的阶段（默认最后一个）。", en: "The unit's stage (default: the last)."), valueName: "name")
  )
  var stage: String?

  @Flag(
    help: ArgumentHelp(
      words(zh: "更正此前的记录：原记录保留。", en: "Correct what was recorded before; the old line stays.")
    )
  )
  var correct = false

  @OptionGroup var form: AnswerFormOption
  @OptionGroup var lock: LockOptions
  @OptionGroup var languageOption: LanguageOption

  var lockedFolder: String? { arguments.input }

  var writesJSON: Bool { form.format == .json }

  func work(_ console: Console) throws -> Int32 {
    let draw = try arguments.draw()
    let recorded = try recordOutcome(
      OutcomeEntry(
        unit: unit,
        outcome: outcome,
        reason: reason,
        date: date,
        interviewer: interviewer,
        replacedBy: replacedBy,
        stage: stage,
        corrects: correct
      ),
      in: draw
    )
    console.report(recorded.warnings)
    try console.output(recorded.text(console.language, file: draw.recordPath, json: writesJSON))
    return 0
  }
}

private func outcomeLines(_ language: Language) -> String {
  FieldOutcome.allCases.map { outcome in
    let code = outcome.rawValue
    let gap = String(repeating: " ", count: max(1, 14 - code.count))
    return "  \(code)\(gap)\(outcome.title.zh)：\(outcome.meaning.text(in: language))"
  }.joined(separator: "\n")
}

extension RecordedOutcomes {
  /// The lines added, one each.
  func text(_ language: Language, file: String, json: Bool) -> String {
    if json {
      let records = added.map { record in
        let members = zip(FieldworkRecord.columns, record.cells).map { name, cell in
          "\(jsonText(name)): \(name == "record" ? cell : cell.isEmpty ? "null" : jsonText(cell))"
        }
        return "  {" + members.joined(separator: ", ") + "}"
      }
      return "[\n" + records.joined(separator: ",\n") + "\n]\n"
    }
    return added.map { record in
      LocalizedText(
        zh: "\(file) 第 \(record.number) 号：\(record.unit) \(record.outcome.title.zh)",
        en: "\(file), record \(record.number): \(record.unit) \(record.outcome.title.en)"
      ).text(in: language) + "\n"
    }.joined()
  }
}
