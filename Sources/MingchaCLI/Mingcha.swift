internal import ArgumentParser
internal import MingchaWorkflow

/// The root command; a new subcommand is a file in `Commands/` and a line here.
struct Mingcha: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mingcha",
    abstract: words(
      zh: "抽样、核验、估计与附表：从抽样框到报告。",
      en: "Draw samples, verify draws, estimate, report: from frame to annex."
    ),
    discussion: words(
      zh: """
        示例：
          mingcha init my-round --template inner-mongolia-2018
          mingcha draw counties.csv --id code --take 5 \\
            --group 2018/visit-1 --seed-file seed.txt -o visits
          mingcha verify visits/receipt.json --frame counties.csv \\
            --seed-file seed.txt

        退出码：0 完成；1 核验不符或检查有问题；64 用法错误；65 数据有误；66 没有输入文件；
        70 程序自身错误；73 无法创建或拒绝覆盖；74 读写失败；75 被占用，稍后再试。
        结果写到标准输出，消息写到标准错误。
        """,
      en: """
        Examples:
          mingcha init my-round --template inner-mongolia-2018
          mingcha draw counties.csv --id code --take 5 \\
            --group 2018/visit-1 --seed-file seed.txt -o visits
          mingcha verify visits/receipt.json --frame counties.csv \\
            --seed-file seed.txt

        Exit codes: 0 done; 1 does not verify, or a check found something;
        64 wrong usage; 65 bad data; 66 no such input; 70 our own bug;
        73 cannot create, or overwriting refused; 74 read or write failed;
        75 held by another run, try again. Results go to standard output,
        messages to standard error.
        """
    ),
    version: ToolVersion.text,
    subcommands: [
      InitSurveyCommand.self, SynthesizeCommand.self, DrawSampleCommand.self, VerifyDrawCommand.self,
      RevealDrawCommand.self, DrawWaveCommand.self, RotationCommand.self, BurdenCommand.self,
      CommitSeed.self,
      RecordArrivalCommand.self, SelectionTableCommand.self,
      ListsCommand.self, FormCommand.self, FieldCommand.self, CheckCommand.self,
      EstimateCommand.self, ScoreCommand.self, AnnexCommand.self,
      PseudonymizeCommand.self, ConvertCommand.self, DoctorCommand.self,
    ]
  )

  // Read from the whole command line before parsing (help needs it); declared here so that it may also
  // stand before the subcommand.
  @OptionGroup var languageOption: LanguageOption
}
