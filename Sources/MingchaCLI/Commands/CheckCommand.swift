internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha check`: a survey folder against rules held as data.
struct CheckCommand: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: words(zh: "按规则检查调查文件夹中的全部数据。", en: "Check all data of a survey folder against rules."),
    discussion: words(
      zh: """
        示例：
          mingcha check my-round
          mingcha check my-round --only responses --format json
          mingcha check my-round --format html,xlsx --output checked

        抽样框、问卷、名单与访问记录逐条检查：列与取值、区划代码、身份证号、
        名册一致性、抽取与返回、备选、重复与雷同、访问过程、权数，以及
        survey.yaml 的 checks（或 rules/checks.yaml）中本调查的规则。
        xlsx 为可发给各组改正的问题清单，每组一个文件。姓名、证件号、电话、
        坐标只以掩码出现。

        退出码：0 没有须改的问题（可有提醒）；1 有须改的问题；
        65 有文件无法读取；66 没有可检查的文件（其余文件照常检查）。
        """,
      en: """
        Examples:
          mingcha check my-round
          mingcha check my-round --only responses --format json
          mingcha check my-round --format html,xlsx --output checked

        Frames, questionnaires, lists and records: columns and values, area
        codes, identity numbers, register consistency, drawn against returned
        units, reserves, duplicates, how interviews were held, weights, and the
        survey's own rules under checks in survey.yaml (or rules/checks.yaml).
        xlsx gives sheets of problems to send to each team. Names, identity
        and telephone numbers and coordinates are shown masked only.

        Exit codes: 0 nothing has to be mended (there may be warnings); 1
        something has to be; 65 a file cannot be read; 66 there is nothing to
        check. What can be read is checked all the same.
        """
    )
  )

  @Argument(help: ArgumentHelp(words(zh: "调查文件夹。", en: "Survey folder."), valueName: "folder"))
  var folder: String

  @Option(
    help: ArgumentHelp(
      words(
        zh: "只检查这些，用逗号分隔：frames、responses、draws、tables，或其中之一的名称。",
        en: "Check only these, separated by commas: frames, responses, draws, tables, or the name of one of them."
      ),
      valueName: "parts"
    )
  )
  var only: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "形式；写入文件夹时可用逗号分隔多种（默认 table）。",
        en: "Form; several, separated by commas, with a folder (default table)."
      ),
      valueName: "table|json|html|xlsx|csv"
    )
  )
  var format: String?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      words(zh: "写入这个新文件夹（默认形式 html,xlsx）。", en: "Write into this new folder (forms by default: html,xlsx)."),
      valueName: "folder"
    )
  )
  var output: String?

  @Option(
    name: .customLong("language"),
    help: ArgumentHelp(
      words(zh: "报告的语言（默认同 --lang）。", en: "Language of the report (default: that of --lang)."),
      valueName: "zh|en"
    )
  )
  var reportLanguage: Language?

  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { output == nil && format == CheckForm.json.rawValue }

  private var forms: [CheckForm] {
    get throws {
      try listParts(format ?? (output == nil ? "table" : "html,xlsx")).map { name in
        if let form = CheckForm(rawValue: name) { return form }
        let known = CheckForm.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError(words(zh: "没有 \(name) 形式；可用：\(known)。", en: "There is no form \(name); known: \(known)."))
      }
    }
  }

  func validate() throws {
    let forms = try forms
    if output == nil, forms != [.table], forms.count != 1 || forms == [.xlsx] {
      throw ValidationError(
        words(
          zh: "工作簿或多种形式须写入文件夹：请给出 --output。",
          en: "Workbooks, and several forms, go to a folder: give --output."
        )
      )
    }
  }

  func work(_ console: Console) throws -> Int32 {
    if let output { try checkNewFolder(output) }
    let survey = try SurveyFolder(path: folder)
    let check = try checkFolder(
      survey,
      CheckOrder(only: only.map { listParts($0) } ?? [], threads: Terminal.processors)
    )
    let language = reportLanguage ?? console.language
    console.report(check.notes)
    console.report(check.refusals)
    let forms = try forms
    if let output {
      console.tellWritten(try check.write(forms, to: output, language: language))
    } else if let form = forms.first {
      try console.output(check.bytes(form, language: language, width: Terminal.width))
    }
    if !check.refusals.isEmpty { return ExitStatus.of(check.refusals) }
    return check.hasStops ? ExitStatus.verificationFailed : 0
  }
}
