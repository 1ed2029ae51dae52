internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha reveal`: opens a sealed receipt once the last visit is over.
struct RevealDrawCommand: FolderCommand {
  static let configuration = CommandConfiguration(
    commandName: "reveal",
    abstract: words(
      zh: "核验后把封存的回执改写为公开：种子、密钥、号码、名单。",
      en: "Verify a sealed receipt and rewrite it revealed: seed, keys, tickets, units."
    ),
    discussion: words(
      zh: """
        示例：
          mingcha reveal visits/ --frame counties.csv --seed-file seed.txt
          mingcha reveal my-round county-visit --seed-file seed.txt

        只在最后一次走访之后公开：有种子与抽样框的人就有名单。
        """,
      en: """
        Examples:
          mingcha reveal visits/ --frame counties.csv --seed-file seed.txt
          mingcha reveal my-round county-visit --seed-file seed.txt

        Only after the last visit: whoever has seed and frame has the list.
        """
    )
  )

  @OptionGroup var arguments: RepeatedDrawArguments
  @OptionGroup var form: AnswerFormOption
  @OptionGroup var lock: LockOptions
  @OptionGroup var languageOption: LanguageOption

  var lockedFolder: String? { arguments.input }

  var writesJSON: Bool { form.format == .json }

  func work(_ console: Console) throws -> Int32 {
    let record = try revealDraw(try arguments.order(list: nil))
    console.report(record.notes)
    try console.output(writesJSON ? record.json(console.language) : record.text(console.language))
    if !writesJSON, record.isVerified {
      console.message(
        record.wasRevealed
          ? LocalizedText(zh: "回执已公开。", en: "The receipt is revealed.")
          : LocalizedText(zh: "回执此前已公开，未作改动。", en: "The receipt was revealed before and was left as it is.")
      )
    }
    return record.exitStatus
  }
}
