internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha score`: the points of every league by the rules of a survey folder.
struct ScoreCommand: FolderCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: words(zh: "按计分规则为各盟市计分。", en: "Score every league by the survey's rules."),
    discussion: words(
      zh: """
        示例：
          mingcha score my-round
          mingcha score my-round --format json

        每项给出得分及估计值在其区间内变动时的得分范围；没有资料的项标为
        缺失，不按零分计。另写出 results/score.json、.xlsx、.html。
        """,
      en: """
        Examples:
          mingcha score my-round
          mingcha score my-round --format json

        Each row has its points and the range they move in when the estimate
        moves within its interval; a row without data is missing, never zero.
        Also writes results/score.json, .xlsx and .html.
        """
    )
  )

  /// A form on standard output.
  enum Form: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Argument(help: ArgumentHelp(words(zh: "调查文件夹。", en: "Survey folder."), valueName: "folder"))
  var folder: String

  @Option(help: ArgumentHelp(words(zh: "结果的形式。", en: "Form of the result."), valueName: "table|json"))
  var format: Form = .table

  @OptionGroup var privacy: PrivacyOptions
  @OptionGroup var lock: LockOptions
  @OptionGroup var languageOption: LanguageOption

  var lockedFolder: String? { folder }

  var writesJSON: Bool { format == .json }

  func work(_ console: Console) throws -> Int32 {
    let survey = try SurveyFolder(path: folder)
    let report = try estimateSurvey(survey, threads: Terminal.processors, allowsDirect: privacy.allowDirect)
    let record = try scoreRound(survey, report: report)
    console.report(record.notes)
    let files = try record.writeResults(in: survey, language: console.language)
    try console.output(writesJSON ? record.json() : Array(record.text(console.language, width: Terminal.width).utf8))
    console.tellWritten(files)
    return 0
  }
}
