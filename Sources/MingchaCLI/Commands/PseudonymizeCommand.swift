internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha pseudonymize`: copies of files without what points at persons.
struct PseudonymizeCommand: WorkCommand {
  static let configuration = CommandConfiguration(
    commandName: "pseudonymize",
    abstract: words(zh: "去除文件中的个人标识，号码换为假名。", en: "Free files of what points at persons; ids become pseudonyms."),
    discussion: words(
      zh: """
        示例：
          mingcha pseudonymize returns.xlsx --key-file ../keys/2018.key --new-key \\
            -o responses/households.csv
          mingcha pseudonymize a.csv b.csv --key-file ../keys/2018.key -o clean \\
            --drop remarks --columns id:household=hh,户编号 --columns value=code

        姓名、电话、住址删去；身份证号换为密钥散列（HMAC-SHA-256），同一密钥下
        各文件一致，仍可连接；坐标取整；出生日期只留年份。每列的处理写到标准
        错误。密钥须放在调查文件夹之外：谁有密钥，谁就能还原。
        """,
      en: """
        Examples:
          mingcha pseudonymize returns.xlsx --key-file ../keys/2018.key --new-key \\
            -o responses/households.csv
          mingcha pseudonymize a.csv b.csv --key-file ../keys/2018.key -o clean \\
            --drop remarks --columns id:household=hh,code --columns value=tel_count

        Names, telephone numbers and addresses are dropped; identity numbers
        become keyed hashes (HMAC-SHA-256), equal in all files of one key, so
        that links hold; coordinates are rounded; birth dates become years.
        What was done to each column is told on standard error. The key stays
        outside of survey folders: whoever holds it can undo the pseudonyms.
        """
    )
  )

  @Argument(
    help: ArgumentHelp(
      words(zh: "CSV、XLSX 等文件。", en: "Files: CSV, XLSX and the others that are read."),
      valueName: "file"
    )
  )
  var files: [String] = []

  @Option(help: ArgumentHelp(words(zh: "密钥文件。", en: "File with the key."), valueName: "file"))
  var keyFile: String

  @Flag(
    help: ArgumentHelp(
      words(zh: "先生成密钥文件（权限 0600）；已有则拒绝。", en: "First make the key file (mode 0600); refused where it is there.")
    )
  )
  var newKey = false

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      words(
        zh: "写到此文件（.csv 或 .xlsx）；几个文件时为新文件夹。",
        en: "Write to this file (.csv or .xlsx), or for several files to this new folder."
      ),
      valueName: "file|folder"
    )
  )
  var output: String?

  @Option(
    help: ArgumentHelp(words(zh: "要删去的列，用逗号分隔。", en: "Columns to drop, separated by commas."), valueName: "columns")
  )
  var drop: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "列的处理：direct 删去，id 或 id:类别 换为假名，value 原样保留。",
        en: "What columns are: direct ones are dropped, id or id:ROLE become pseudonyms, value ones stay as they are."
      ),
      valueName: "direct|id[:role]|value=columns"
    )
  )
  var columns: [String] = []

  @Option(
    help: ArgumentHelp(
      words(zh: "取其 survey.yaml 中列的分类。", en: "Take the classes of columns of this survey's survey.yaml."),
      valueName: "folder"
    )
  )
  var survey: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "坐标取整到的度数（0.01 到 1）。", en: "Degrees that coordinates are rounded to (0.01 to 1)."),
      valueName: "degrees"
    )
  )
  var grid = PseudonymizeOrder.usualGrid

  @Option(help: ArgumentHelp(words(zh: "工作表。", en: "Worksheet."), valueName: "name"))
  var sheet: String?

  @Option(help: ArgumentHelp(words(zh: "列名所在的行。", en: "Row of the column names."), valueName: "row"))
  var headerRow: Int?

  @OptionGroup var languageOption: LanguageOption

  var writesJSON: Bool { false }

  func validate() throws {
    _ = try treatments
    guard (0.01...1).contains(grid) else {
      throw ValidationError(words(zh: "--grid 应为 0.01 到 1。", en: "--grid takes 0.01 to 1."))
    }
    if files.isEmpty, !newKey {
      throw ValidationError(
        words(zh: "请给出文件，或用 --new-key 只生成密钥。", en: "Name files, or make a key only with --new-key.")
      )
    }
    if files.isEmpty != (output == nil) {
      throw ValidationError(words(zh: "文件与 --output 须同时给出。", en: "Files and --output go together."))
    }
    if files.contains("-") {
      throw ValidationError(words(zh: "请给出文件：标准输入不能处理。", en: "Name files: standard input cannot be worked on."))
    }
    if let output, files.count == 1, ![".csv", ".xlsx"].contains(where: { output.lowercased().hasSuffix($0) }) {
      throw ValidationError(words(zh: "--output 须为 .csv 或 .xlsx 文件。", en: "--output must be a .csv or .xlsx file."))
    }
  }

  private var treatments: [String: PseudonymizeOrder.Treatment] {
    get throws {
      var found: [String: PseudonymizeOrder.Treatment] = [:]
      func add(_ names: String, _ treatment: (String) -> PseudonymizeOrder.Treatment) throws {
        for name in listParts(names) {
          if found.updateValue(treatment(name), forKey: name) != nil {
            throw ValidationError(words(zh: "列 \(name) 给出两次。", en: "The column \(name) is given twice."))
          }
        }
      }
      for names in drop { try add(names) { _ in .drop } }
      for entry in columns {
        guard let sign = entry.firstIndex(of: "=") else {
          throw ValidationError(words(zh: "--columns 应写作 类别=列名。", en: "--columns is written CLASS=columns."))
        }
        let own = String(entry[..<sign])
        let names = String(entry[entry.index(after: sign)...])
        switch own {
        case "direct": try add(names) { _ in .drop }
        case "value": try add(names) { _ in .keep }
        case "id": try add(names) { .pseudonym(role: $0) }
        case _ where own.hasPrefix("id:") && own.count > 3:
          try add(names) { _ in .pseudonym(role: String(own.dropFirst(3))) }
        default:
          throw ValidationError(
            words(
              zh: "没有类别 \(own)；可用：direct、id、id:类别、value。",
              en: "There is no class \(own); known: direct, id, id:ROLE, value."
            )
          )
        }
      }
      return found
    }
  }

  func work(_ console: Console) throws -> Int32 {
    if newKey {
      try makePseudonymKey(keyFile)
      console.message(
        LocalizedText(
          zh: "已生成密钥 \(keyFile)：请另存一份于安全处，丢失后不能再得到同样的假名。",
          en:
            "Made the key \(keyFile): keep a copy in a safe place; without it the same pseudonyms cannot be made again."
        )
      )
    }
    guard let output else { return 0 }
    var order = PseudonymizeOrder(files: files, keyFile: keyFile, output: output)
    order.sheet = sheet
    order.headerRow = headerRow
    order.treatments = try treatments
    order.grid = grid
    if let survey { order.classes = try SurveyFolder(path: survey).survey.privacy.classes }
    let (written, notes) = try pseudonymize(order)
    console.report(notes)
    try console.output(written.joined(separator: "\n") + "\n")
    return 0
  }
}
