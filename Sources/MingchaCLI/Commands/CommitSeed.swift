internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha commit`: the promise of a seed or contribution, for publishing before the draw.
struct CommitSeed: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "commit",
    abstract: words(zh: "打印种子文件的承诺值，供抽样前公布。", en: "Print the commitment to a seed file, to publish before the draw."),
    discussion: words(
      zh: """
        示例：
          mingcha commit seed.txt

        无本软件也可核对：
          (printf 'mingcha commitment 1\\n'; cat seed.txt) | sha256sum
        （seed.txt 以一个换行结尾）
        """,
      en: """
        Examples:
          mingcha commit seed.txt

        Checked without this software:
          (printf 'mingcha commitment 1\\n'; cat seed.txt) | sha256sum
        (seed.txt ends with one line feed)
        """
    )
  )

  @Argument(help: ArgumentHelp(words(zh: "种子或一方文本的文件。", en: "File of a seed or of one party's text.")))
  var seedFile: String

  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { false }

  func work(_ console: Console) throws -> Int32 {
    try console.output(try commitment(toSeedFile: seedFile) + "\n")
    return 0
  }
}
