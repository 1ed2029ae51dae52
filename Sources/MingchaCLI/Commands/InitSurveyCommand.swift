internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha init`: a survey folder from a bundled template.
struct InitSurveyCommand: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: words(zh: "由模板新建调查文件夹。", en: "Start a survey folder from a bundled template."),
    discussion: words(
      zh: """
        示例：
          mingcha init my-round --template inner-mongolia-2018
          mingcha init api --template california-schools

        文件夹须不存在或为空。模板依次在以下位置查找：MINGCHA_SHARE/Surveys、
        命令所在文件夹的 ../share/mingcha/Surveys、代码库（从 .build 运行时）。
        抽样前请修改 survey.yaml 的 survey.id：它决定每个单元的随机号码。
        """,
      en: """
        Examples:
          mingcha init my-round --template inner-mongolia-2018
          mingcha init api --template california-schools

        The folder must not exist or be empty. Templates are looked for in
        MINGCHA_SHARE/Surveys, in ../share/mingcha/Surveys beside the command's
        folder, and in the repository when run from its .build. Change
        survey.id in survey.yaml before drawing: it fixes every unit's number.
        """
    )
  )

  @Argument(help: ArgumentHelp(words(zh: "要新建的文件夹。", en: "Folder to make.")))
  var folder: String

  @Option(help: ArgumentHelp(words(zh: "模板名。", en: "Name of the template."), valueName: "name"))
  var template: String

  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { false }

  func work(_ console: Console) throws -> Int32 {
    let files = try SurveyTemplates.copy(template, to: folder)
    try console.output(files.map { folder + "/" + $0 + "\n" }.joined())
    return 0
  }
}
