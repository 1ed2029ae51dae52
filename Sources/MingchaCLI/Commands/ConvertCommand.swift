internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData
internal import TabularFiles

extension ConvertForm: ExpressibleByArgument {}
extension LabelChoice: ExpressibleByArgument {}
extension TextEncoding: ExpressibleByArgument {}
extension FormExport.Program: ExpressibleByArgument {}

/// `mingcha convert`: any file that can be read, in any form that can be written.
struct ConvertCommand: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: words(zh: "转换表格文件；几个文件合为一个。", en: "Convert files of rows, several into one."),
    discussion: words(
      zh: """
        示例：
          mingcha convert answers.sav -o answers.csv
          mingcha convert answers.sav --labels labels -o answers.xlsx
          mingcha convert returns/ --file-column source -o all.dta
          mingcha convert "responses/*.csv" --union -o all.sav
          mingcha convert round.csv --export odk --repeat members \\
            --form form.xlsx -o members.csv

        读入 CSV、XLSX、SPSS（sav、zsav、por）、Stata（dta）、SAS（sas7bdat、xpt）；
        写出 csv、xlsx、json、sav、zsav、dta。几个文件的列按列名对应。
        声明为缺失的值作缺失并计数；超过 15 位的数值拒绝。
        """,
      en: """
        Examples:
          mingcha convert answers.sav -o answers.csv
          mingcha convert answers.sav --labels labels -o answers.xlsx
          mingcha convert returns/ --file-column source -o all.dta
          mingcha convert "responses/*.csv" --union -o all.sav
          mingcha convert round.csv --export odk --repeat members \\
            --form form.xlsx -o members.csv

        Reads CSV, XLSX, SPSS (sav, zsav, por), Stata (dta), SAS (sas7bdat,
        xpt); writes csv, xlsx, json, sav, zsav, dta. Columns of several files
        are matched by name. Values declared missing are missing and counted;
        numbers beyond fifteen digits are refused.
        """
    )
  )

  @Argument(
    help: ArgumentHelp(
      words(zh: "文件、通配符或文件夹；“-”为标准输入。", en: "Files, patterns or folders; \"-\" is standard input."),
      valueName: "file|folder"
    )
  )
  var inputs: [String]

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      words(
        zh: "写到此文件；后缀决定形式；“-”为标准输出。",
        en: "Write to this file; its ending says the form; \"-\" is standard output."
      ),
      valueName: "file"
    )
  )
  var output: String

  @Option(help: ArgumentHelp(words(zh: "结果的形式。", en: "Form of the result."), valueName: "csv|xlsx|json|sav|zsav|dta"))
  var format: ConvertForm?

  @Option(help: ArgumentHelp(words(zh: "工作表。", en: "Worksheet."), valueName: "name"))
  var sheet: String?

  @Option(help: ArgumentHelp(words(zh: "列名所在行。", en: "Row with the column names."), valueName: "n"))
  var headerRow: Int?

  @Option(
    help: ArgumentHelp(
      words(zh: "文字的编码；默认从内容判断。", en: "Encoding of texts; found out unless given."),
      valueName: "utf-8|gb18030|…"
    )
  )
  var encoding: TextEncoding?

  @Flag(help: ArgumentHelp(words(zh: "采用公式存储的结果。", en: "Take the stored results of formulas.")))
  var allowFormulas = false

  @Option(
    help: ArgumentHelp(
      words(zh: "有值标签的列取代码还是标签。", en: "Codes or labels where values have labels."),
      valueName: "codes|labels"
    )
  )
  var labels: LabelChoice = .codes

  @Flag(help: ArgumentHelp(words(zh: "声明为缺失的数值保持原值。", en: "Keep values that the file declares missing.")))
  var keepMissing = false

  @Option(
    help: ArgumentHelp(words(zh: "只要这些列，按此次序。", en: "Only these columns, in this order."), valueName: "columns")
  )
  var columns: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "这些列保持文字（编号、代码）。", en: "Columns that stay text: ids and codes."),
      valueName: "columns"
    )
  )
  var text: String?

  @Flag(help: ArgumentHelp(words(zh: "保留只有部分文件才有的列。", en: "Keep columns that only some files have.")))
  var union = false

  @Option(
    help: ArgumentHelp(words(zh: "加一列写明每行来自哪个文件。", en: "Add a column with each row's file."), valueName: "name")
  )
  var fileColumn: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "平板程序的导出：ODK Central 或 KoboToolbox。", en: "Export of a tablet program: ODK Central or KoboToolbox."),
      valueName: "odk|kobo"
    )
  )
  var export: FormExport.Program?

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      words(
        zh: "以重复组的成员为行；嵌套时由外到内重复给出。",
        en: "Rows are the members of this repeat; repeated from the outer to the inner one."
      ),
      valueName: "name"
    )
  )
  var repeats: [String] = []

  @Option(help: ArgumentHelp(words(zh: "表单（XLSForm）。", en: "The form (XLSForm)."), valueName: "file"))
  var form: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "多选题（不给表单时）。", en: "Questions with several answers, where no form is given."),
      valueName: "columns"
    )
  )
  var multiple: String?

  @Flag(help: ArgumentHelp(words(zh: "保留列名中的题组名。", en: "Keep the names of groups in column names.")))
  var keepGroups = false

  @Flag(help: ArgumentHelp(words(zh: "允许替换已有的输出文件。", en: "Replace an output file that is there.")))
  var force = false

  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { false }

  private var wanted: ConvertForm? { format ?? ConvertForm(file: output) }

  func validate() throws {
    guard let wanted else {
      throw ValidationError(
        words(
          zh: "请用 --format 或输出文件的后缀指明形式：csv、xlsx、json、sav、zsav、dta。",
          en: "Name the form by --format or by the ending of the output: csv, xlsx, json, sav, zsav, dta."
        )
      )
    }
    if output == "-", !wanted.isText {
      throw ValidationError(
        words(zh: "标准输出只能是 csv 或 json。", en: "Standard output takes csv or json only.")
      )
    }
    let given = [
      ("--repeat", !repeats.isEmpty), ("--form", form != nil), ("--multiple", multiple != nil),
      ("--keep-groups", keepGroups),
    ].filter(\.1).map(\.0)
    if export == nil, !given.isEmpty {
      throw ValidationError(
        words(
          zh: "\(given.joined(separator: "、")) 须与 --export 一起给出。",
          en: "\(given.joined(separator: ", ")) need --export."
        )
      )
    }
  }

  func work(_ console: Console) throws -> Int32 {
    guard let wanted else { return ExitStatus.usage }
    if output != "-" { try checkTarget(output, overwrite: force) }
    var order = ConvertOrder(inputs: inputs, form: wanted)
    order.sheet = sheet
    order.headerRow = headerRow
    order.encoding = encoding
    order.allowsFormulas = allowFormulas
    order.labels = labels
    order.keepsDeclaredMissing = keepMissing
    order.columns = columns.map { listParts($0) }
    order.texts = Set(text.map { listParts($0) } ?? [])
    order.union = union
    order.fileColumn = fileColumn
    order.export = export.map {
      FormExport(
        $0,
        repeats: repeats,
        form: form,
        multiple: multiple.map { listParts($0) } ?? [],
        keepsGroups: keepGroups
      )
    }
    let converted = try readForConversion(order)
    console.report(converted.notes)
    if output == "-" {
      try console.output(converted.text)
      return 0
    }
    console.report(try converted.write(to: output, overwrite: force))
    console.message(
      LocalizedText(
        zh: "已写入：\(output)（\(converted.rows) 行）。",
        en: "Written: \(output) (\(converted.rows) rows)."
      )
    )
    return 0
  }
}
