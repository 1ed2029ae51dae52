internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha form`: the questionnaires of a survey folder as tablet form, paper form and codebook.
struct FormCommand: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "form",
    abstract: words(zh: "由同一来源写出平板问卷、纸质问卷与编码本。", en: "Write tablet form, paper form and codebook from one source."),
    discussion: words(
      zh: """
        示例：
          mingcha form my-round household --draw households -o tablet/household.xlsx
          mingcha form my-round household --format html -o household.html
          mingcha form my-round village --format codebook-csv
          mingcha form my-round village --format html --form-language zh

        来源是调查文件夹的 forms/NAME.yaml（见 docs/forms.md）；先查出其中所有
        问题，逐一指出行号与改法。xlsform 供 ODK Central、KoboToolbox 使用；
        --draw 在旁边写出抽中单位的名单（CSV），平板上逐级选取；上传时作为附件。
        位置题（geopoint）只在 --location 时写入。版本号由来源与名单决定。
        """,
      en: """
        Examples:
          mingcha form my-round household --draw households -o tablet/household.xlsx
          mingcha form my-round household --format html -o household.html
          mingcha form my-round village --format codebook-csv
          mingcha form my-round village --format html --form-language zh

        The source is forms/NAME.yaml of the survey folder (docs/forms.md);
        everything wrong in it is named first, with its line and how to mend it.
        xlsform is for ODK Central, KoboToolbox and their like; --draw writes the
        drawn units beside it (CSV), picked step by step on the tablet: upload
        them as the form's attachments. Questions of type geopoint are asked with
        --location only. The version follows from the source and the lists.
        """
    )
  )

  @Argument(help: ArgumentHelp(words(zh: "调查文件夹。", en: "Survey folder.")))
  var folder: String

  @Argument(help: ArgumentHelp(words(zh: "forms/ 中表单的名称。", en: "Name of the form in forms/."), valueName: "name"))
  var form: String

  @Option(
    name: .customLong("draw"),
    help: ArgumentHelp(
      words(zh: "列出此抽样的单位供选取（xlsform）。", en: "Offer the units of this draw (xlsform)."),
      valueName: "draw"
    )
  )
  var drawName: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "形式（默认 xlsform）。", en: "Form of the output (default xlsform)."),
      valueName: FormFormat.allCases.map(\.rawValue).joined(separator: "|")
    )
  )
  var format: FormFormat = .xlsform

  @Option(
    help: ArgumentHelp(
      words(
        zh: "问卷的语言，可重复；第一种为主（默认 zh、en）。",
        en: "Language of the form, repeat for more; the first leads (default zh, en)."
      ),
      valueName: "zh|en"
    )
  )
  var formLanguage: [Language] = []

  @Flag(help: ArgumentHelp(words(zh: "询问位置（默认不问）。", en: "Ask where the place is (not asked by default).")))
  var location = false

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(words(zh: "写到此文件。", en: "Write to this file."), valueName: "file")
  )
  var output: String?

  @Flag(help: ArgumentHelp(words(zh: "允许替换已有的输出文件。", en: "Replace output files that are there.")))
  var force = false

  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { false }

  func validate() throws {
    if output == nil, !format.isText {
      throw ValidationError(
        words(zh: "工作簿须写到文件：请给出 --output。", en: "A workbook goes to a file: give --output.")
      )
    }
    if drawName != nil, format != .xlsform {
      throw ValidationError(
        words(
          zh: "--draw 只用于 xlsform；纸质名单用 mingcha lists。",
          en: "--draw goes with xlsform only; lists on paper are written by mingcha lists."
        )
      )
    }
    if Set(formLanguage).count != formLanguage.count {
      throw ValidationError(words(zh: "--form-language 重复。", en: "--form-language names a language twice."))
    }
  }

  func work(_ console: Console) throws -> Int32 {
    let survey = try SurveyForm(
      try SurveyFolder(path: folder),
      FormOrder(
        name: form,
        draw: drawName,
        languages: formLanguage.isEmpty ? [.chinese, .english] : formLanguage,
        asksLocation: location
      )
    )
    console.report(survey.notes)
    if let output {
      let written = try survey.write(format, to: output, overwrite: force)
      try console.output(written.map { $0 + "\n" }.joined())
    } else {
      try console.output(try survey.bytes(format))
    }
    return 0
  }
}

extension FormFormat: ExpressibleByArgument {}
