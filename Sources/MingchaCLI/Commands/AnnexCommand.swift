internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha annex`: the sampling-error annex of a survey folder.
struct AnnexCommand: FolderCommand {
  static let configuration = CommandConfiguration(
    commandName: "annex",
    abstract: words(zh: "写出抽样误差附录。", en: "Write the sampling-error annex."),
    discussion: words(
      zh: """
        示例：
          mingcha annex my-round
          mingcha annex my-round --language en --format html,xlsx,csv

        由 survey.yaml、抽取回执与回答重新估计，写出 results/annex-zh.html 等；
        HTML 为一个独立文件，可直接打印为 A4。
        """,
      en: """
        Examples:
          mingcha annex my-round
          mingcha annex my-round --language en --format html,xlsx,csv

        Estimates again from survey.yaml, the receipt of the draw and the
        answers, and writes results/annex-zh.html and so on; the page is one
        file of its own and prints on A4.
        """
    )
  )

  @Argument(help: ArgumentHelp(words(zh: "调查文件夹。", en: "Survey folder."), valueName: "folder"))
  var folder: String

  @Option(
    name: .customLong("language"),
    help: ArgumentHelp(
      words(
        zh: "附录的语言，可重复；默认取自 survey.yaml。",
        en: "Language of the annex; repeat for more. Default: as survey.yaml says."
      ),
      valueName: "zh|en"
    )
  )
  var annexLanguages: [Language] = []

  @Option(
    help: ArgumentHelp(
      words(zh: "形式，用逗号分隔（默认 html）。", en: "Forms, separated by commas (default html)."),
      valueName: "html,xlsx,csv"
    )
  )
  var format = "html"

  @OptionGroup var privacy: PrivacyOptions
  @OptionGroup var lock: LockOptions
  @OptionGroup var languageOption: LanguageOption

  var lockedFolder: String? { folder }

  var writesJSON: Bool { false }

  func validate() throws { _ = try forms }

  private var forms: [AnnexForm] {
    get throws {
      try listParts(format).map { name in
        if let form = AnnexForm(rawValue: name) { return form }
        let known = AnnexForm.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError(words(zh: "没有 \(name) 形式；可用：\(known)。", en: "There is no form \(name); known: \(known)."))
      }
    }
  }

  func work(_ console: Console) throws -> Int32 {
    let survey = try SurveyFolder(path: folder)
    let report = try estimateSurvey(survey, threads: Terminal.processors, allowsDirect: privacy.allowDirect)
    console.report(report.allNotes)
    let languages = annexLanguages.isEmpty ? survey.survey.annex.languages : annexLanguages
    let files = try writeAnnex(survey, report: report, languages: languages, forms: try forms)
    // The paths are the result: they can be handed on to a browser or a printer.
    try console.output(files.joined(separator: "\n") + "\n")
    return 0
  }
}
