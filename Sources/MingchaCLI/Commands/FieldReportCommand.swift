internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha field report`: every unit of a list accounted for, every fault named, the rates.
struct FieldReportCommand: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: words(zh: "逐一交代每个单位，指出问题，给出应答率与替换率。", en: "Account for every unit, name faults, give the rates."),
    discussion: words(
      zh: """
        示例：
          mingcha field report my-round households
          mingcha field report my-round households -o fieldwork.xlsx
          mingcha field report --list visits/list.csv --format json

        指出：没有结果的抽中单位；重复的单位；不在名单中的单位；备选未按顺序、
        没有原因、来自别处或不在名单中；被代替却已完成的单位。应答率为 AAPOR
        （2016）的 RR1 至 RR6。退出码：0 无问题；1 有问题（报告照常给出）。
        """,
      en: """
        Examples:
          mingcha field report my-round households
          mingcha field report my-round households -o fieldwork.xlsx
          mingcha field report --list visits/list.csv --format json

        Names selected units without an outcome, units recorded twice or not
        drawn, reserves used out of order, without a reason, from elsewhere or
        not in the list, and replaced units that were completed. Response rates
        are AAPOR's (2016) RR1 to RR6. Exit codes: 0 nothing is wrong; 1
        something is (the report is given all the same).
        """
    )
  )

  @OptionGroup var arguments: FieldDrawArguments

  @Option(
    help: ArgumentHelp(
      words(zh: "交代哪个阶段的单位（默认最后一个）。", en: "The stage accounted for (default: the last)."),
      valueName: "name"
    )
  )
  var stage: String?

  @Option(help: ArgumentHelp(words(zh: "报告的形式。", en: "Form of the report."), valueName: "table|json|csv|xlsx"))
  var format: EstimateForm?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      words(
        zh: "写到此文件；后缀决定形式；CSV 每表一个文件。",
        en: "Write to this file; its ending says the form; CSV is one file a table."
      ),
      valueName: "file"
    )
  )
  var output: String?

  @Flag(help: ArgumentHelp(words(zh: "允许替换已有的输出文件。", en: "Replace an output file that is there.")))
  var force = false

  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { form == .json && output == nil }

  private var form: EstimateForm { format ?? output.flatMap { EstimateForm(file: $0) } ?? .table }

  func validate() throws {
    if form == .xlsx, output == nil {
      throw ValidationError(
        words(zh: "工作簿须写到文件：请给出 --output。", en: "A workbook goes to a file: give --output.")
      )
    }
  }

  func work(_ console: Console) throws -> Int32 {
    if let output, form != .csv { try checkTarget(output, overwrite: force) }
    let report = try FieldworkReport(try arguments.draw(), stage: stage)
    let faults = report.faults
    console.report(faults)
    if let output {
      console.tellWritten(
        try report.write(form, to: output, language: console.language, overwrite: force)
      )
    } else {
      try console.output(report.bytes(form, language: console.language, width: Terminal.width))
    }
    return faults.isEmpty ? 0 : ExitStatus.verificationFailed
  }
}
