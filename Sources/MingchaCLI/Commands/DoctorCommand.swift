internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha doctor`: what killed runs left in a survey folder, who holds it, which results are older than their inputs.
struct DoctorCommand: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: words(zh: "检查并清理调查文件夹。", en: "Look after a survey folder and clear leftovers."),
    discussion: words(
      zh: """
        示例：
          mingcha doctor my-round
          mingcha doctor my-round --dry-run --format json

        删除被中断的运行留下的临时文件（.*.mingcha-tmp，其进程已结束），此外不删除
        任何文件；说明文件夹是否被占用，以及哪些结果比其输入旧（按摘要比对）。
        有结果过时时退出码为 1。
        """,
      en: """
        Examples:
          mingcha doctor my-round
          mingcha doctor my-round --dry-run --format json

        Removes temporary files of runs that were interrupted (.*.mingcha-tmp
        whose process has ended) and nothing else; says who holds the folder,
        and which results are older than their inputs, by their digests.
        Ends with 1 where a result is out of date.
        """
    )
  )

  @Argument(help: ArgumentHelp(words(zh: "调查文件夹。", en: "Survey folder."), valueName: "folder"))
  var folder: String

  @Flag(help: ArgumentHelp(words(zh: "只看，不删除。", en: "Look only, remove nothing.")))
  var dryRun = false

  @OptionGroup var form: AnswerFormOption
  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { form.format == .json }

  func work(_ console: Console) throws -> Int32 {
    let found = try examineFolder(folder, clears: !dryRun)
    try console.output(writesJSON ? json(found) : text(found, console.language))
    return found.staleResults.isEmpty ? 0 : ExitStatus.verificationFailed
  }

  private func text(_ found: FolderExamination, _ language: Language) -> String {
    var lines: [LocalizedText] = []
    if let holder = found.holder {
      lines.append(LocalizedText(zh: "被占用：\(holder)", en: "held by \(holder)"))
    }
    if let interrupted = found.interrupted {
      lines.append(LocalizedText(zh: "曾被中断的运行：\(interrupted)", en: "interrupted run: \(interrupted)"))
    }
    for leftover in found.leftovers {
      if let writer = leftover.writer {
        lines.append(
          LocalizedText(
            zh: "\(leftover.name)：进程 \(writer) 正在写",
            en: "\(leftover.name): process \(writer) is writing it"
          )
        )
      } else if found.isCleared {
        lines.append(LocalizedText(zh: "\(leftover.name)：已删除", en: "\(leftover.name): removed"))
      } else {
        lines.append(LocalizedText(zh: "\(leftover.name)：残留", en: "\(leftover.name): left over"))
      }
    }
    if found.leftovers.isEmpty {
      lines.append(LocalizedText(zh: "没有残留的临时文件。", en: "no temporary files are left over."))
    }
    for name in found.currentResults {
      lines.append(LocalizedText(zh: "\(name)：与输入一致", en: "\(name): up to date with its inputs"))
    }
    for input in found.inputs where input.state != .same {
      let gone = input.state == .missing
      lines.append(
        LocalizedText(
          zh: "\(input.result)：输入 \(input.input) \(gone ? "已不在" : "已改动")，请重新运行",
          en: "\(input.result): its input \(input.input) \(gone ? "is gone" : "has changed"); run it again"
        )
      )
    }
    return lines.map { $0.text(in: language) }.joined(separator: "\n") + "\n"
  }

  private func json(_ found: FolderExamination) -> String {
    let leftovers = found.leftovers.map { leftover in
      "{\"name\": \(jsonText(leftover.name)), \"writer\": \(leftover.writer.map(String.init) ?? "null"), "
        + "\"removed\": \(found.isCleared && leftover.writer == nil)}"
    }
    let inputs = found.inputs.map { input in
      "{\"result\": \(jsonText(input.result)), \"input\": \(jsonText(input.input)), "
        + "\"state\": \(jsonText(input.state.rawValue))}"
    }
    func optional(_ text: String?) -> String { text.map(jsonText) ?? "null" }
    return "{\"holder\": \(optional(found.holder)), \"interrupted\": \(optional(found.interrupted)), "
      + "\"leftovers\": [\(leftovers.joined(separator: ", "))], \"inputs\": [\(inputs.joined(separator: ", "))]}\n"
  }
}
