internal import ArgumentParser
internal import MingchaWorkflow

/// Where the seed comes from, in every command that draws or repeats a draw.
struct SeedOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(zh: "种子文件：一行文本，末尾一个换行。", en: "File of a declared seed: one line of text."),
      valueName: "file"
    )
  )
  var seedFile: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "仪式中一方文本的文件；按商定顺序重复给出。",
        en: "File of one party's text in a ceremony; repeat in the agreed order."
      ),
      valueName: "file"
    )
  )
  var contributionFile: [String] = []

  var source: SeedSource? {
    if let seedFile { return .declared(file: seedFile) }
    return contributionFile.isEmpty ? nil : .contributions(files: contributionFile)
  }

  func validate() throws {
    if seedFile != nil, !contributionFile.isEmpty {
      throw ValidationError(
        words(
          zh: "--seed-file 与 --contribution-file 只能用一种。",
          en: "--seed-file and --contribution-file exclude each other."
        )
      )
    }
  }

  /// The source, or a usage error.
  func required() throws -> SeedSource {
    if let source { return source }
    throw ValidationError(
      words(
        zh: "请给出 --seed-file 或 --contribution-file。",
        en: "Give --seed-file or --contribution-file."
      )
    )
  }
}

/// The form of results and findings where there is no table to choose a form for.
enum AnswerForm: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// `--format text|json`.
struct AnswerFormOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(zh: "结果与消息的形式：text 或 json。", en: "Form of results and messages: text or json."),
      valueName: "text|json"
    )
  )
  var format: AnswerForm = .text
}
