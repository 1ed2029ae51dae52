internal import ArgumentParser
internal import MingchaWorkflow

/// `--format`, `--output` and `--force` of a command whose result is tables.
struct TableFormOptions: ParsableArguments {
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

  @Flag(help: ArgumentHelp(words(zh: "允许替换已有的输出文件。", en: "Replace an output file that is there.")))
  var force = false

  var writesJSON: Bool { format == .json }

  private var form: EstimateForm { format ?? output.flatMap { EstimateForm(file: $0) } ?? .table }

  func validate() throws {
    if form == .xlsx, output == nil {
      throw ValidationError(
        words(zh: "工作簿须写到文件：请给出 --output。", en: "A workbook goes to a file: give --output.")
      )
    }
  }

  /// Refuses a file that may not be written, before the work begins.
  func checkTarget() throws {
    if let output { try MingchaWorkflow.checkTarget(output, overwrite: force) }
  }

  /// Prints the tables, or writes them to the file asked for.
  func deliver(_ report: TableReport, _ console: Console) throws {
    guard let output else {
      try console.output(report.bytes(form, width: Terminal.width))
      return
    }
    try report.write(form, to: output, overwrite: force)
    console.tellWritten([output])
  }
}
