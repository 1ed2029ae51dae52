internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha record`: the digests of lists made on arrival, before anything is drawn from them.
struct RecordArrivalCommand: FolderCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: words(
      zh: "到村后登记名单的摘要，然后才能抽样。",
      en: "Record the digest of a list made on arrival, before drawing from it."
    ),
    discussion: words(
      zh: """
        示例：
          mingcha record my-round my-round/frame/registers/150121-synthetic.csv \\
            --date "2019-01-12 09:40"

        在 my-round/arrivals.csv 末尾加一行，并打印链值：把它发给村外的人
        （短信、公证员），日后登记簿被改动即可看出。名单按抽样时的规则读一遍，
        有问题当场指出。此后抽样时文件与登记不符即拒绝；更正后的名单须再登记，
        两行都留下。
        """,
      en: """
        Examples:
          mingcha record my-round my-round/frame/registers/150121-synthetic.csv \\
            --date "2019-01-12 09:40"

        Adds a line to my-round/arrivals.csv and prints the chain value: send
        it to somebody outside the village (a text message, a notary), and a
        later change of the log shows. The list is read as a draw reads it, so
        that faults show at once. A draw refuses a file that is no longer the
        one recorded; a corrected list is recorded again, and both lines stay.
        """
    )
  )

  @Argument(help: ArgumentHelp(words(zh: "调查文件夹。", en: "Survey folder.")))
  var folder: String

  @Argument(help: ArgumentHelp(words(zh: "名单文件。", en: "Files of the lists."), valueName: "list"))
  var lists: [String]

  @Option(
    help: ArgumentHelp(words(zh: "日期时间，照写；不读时钟。", en: "Date and time as told; no clock is read."), valueName: "text")
  )
  var date: String

  @OptionGroup var form: AnswerFormOption
  @OptionGroup var lock: LockOptions
  @OptionGroup var languageOption: LanguageOption

  var lockedFolder: String? { folder }

  var writesJSON: Bool { form.format == .json }

  func work(_ console: Console) throws -> Int32 {
    let report = try recordArrivals(try SurveyFolder(path: folder), files: lists, date: date)
    console.report(report.notes)
    if writesJSON {
      let files = report.files.map { file in
        "{\"file\": \(jsonText(file.record.file)), \"sha256\": \(jsonText(file.record.digest)), "
          + "\"rows\": \(file.record.rows), \"new\": \(file.isNew)}"
      }
      let list = files.joined(separator: ", ")
      try console.output("{\"files\": [\(list)], \"chain\": \(jsonText(report.head))}\n")
      return 0
    }
    for file in report.files {
      let state =
        file.isNew ? words(zh: "已登记", en: "recorded") : words(zh: "此前已登记", en: "recorded before")
      let rows = words(zh: "\(file.record.rows) 行", en: "\(file.record.rows) rows")
      try console.output("\(file.record.file): \(state), \(rows), SHA-256 \(file.record.digest)\n")
    }
    try console.output(words(zh: "链值", en: "chain") + " \(report.head)\n")
    return 0
  }
}
