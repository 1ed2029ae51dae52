internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha rotation`: the shifts of a rotating sample.
struct RotationCommand: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotation",
    abstract: words(zh: "算出轮换样本各轮的位移与期望重叠。", en: "Compute the shifts of a rotating sample, and the overlap to expect."),
    discussion: words(
      zh: """
        示例：
          mingcha rotation --population 400 --take 20 --overlap 0.75 --rounds 6

        第 k 轮的位移为 k·(n/N)·(1 − 重叠)。写入 survey.yaml 各轮的 rotation，
        各轮用同一 group（见 docs/rounds.md）。
        """,
      en: """
        Examples:
          mingcha rotation --population 400 --take 20 --overlap 0.75 --rounds 6

        The shift of round k is k·(n/N)·(1 − overlap). It is the rotation of
        that round's stage in survey.yaml, or --rotation; the rounds share
        group and seed (docs/rounds.md).
        """
    )
  )

  @Option(help: ArgumentHelp(words(zh: "总数 N。", en: "Population N."), valueName: "N"))
  var population: Int

  @Option(help: ArgumentHelp(words(zh: "每轮样本量 n。", en: "Sample size n of each round."), valueName: "n"))
  var take: Int

  @Option(
    help: ArgumentHelp(
      words(zh: "相邻两轮保留的比例，0 至 1。", en: "Share that a round keeps of the round before, 0 to 1."),
      valueName: "share"
    )
  )
  var overlap: Double

  @Option(help: ArgumentHelp(words(zh: "轮数。", en: "Number of rounds."), valueName: "n"))
  var rounds: Int

  @OptionGroup var form: TableFormOptions
  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { form.writesJSON }

  func validate() throws {
    guard take >= 1, take <= population, population < 1 << 31, (0...1).contains(overlap), (1...10_000).contains(rounds)
    else {
      throw ValidationError(
        words(
          zh: "须有 1 ≤ n ≤ N < 2^31、0 ≤ 重叠 ≤ 1、1 ≤ 轮数 ≤ 10000。",
          en: "It needs 1 ≤ n ≤ N < 2^31, 0 ≤ overlap ≤ 1 and 1 ≤ rounds ≤ 10000."
        )
      )
    }
  }

  func work(_ console: Console) throws -> Int32 {
    try form.checkTarget()
    let plan = RotationPlan(population: population, sample: take, overlap: overlap, rounds: rounds)
    console.report(plan.notes)
    try form.deliver(plan.report(console.language), console)
    return 0
  }
}
