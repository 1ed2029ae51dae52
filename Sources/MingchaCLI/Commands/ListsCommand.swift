internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `mingcha lists`: the lists that teams carry to the field.
struct ListsCommand: FolderCommand {
  static let configuration = CommandConfiguration(
    commandName: "lists",
    abstract: words(zh: "写出各组带到现场的名单。", en: "Write the lists that teams carry."),
    discussion: words(
      zh: """
        示例：
          mingcha lists my-round households -o teams
          mingcha lists my-round households --teams 6 --format xlsx,html -o teams
          mingcha lists visits --team-by league_code --format html -o teams
          mingcha lists visits --columns name_zh,league_name -o teams
          mingcha lists --list visits/list.csv -o teams

        每组一个工作簿，每村一张工作表：按走访顺序排列，备选在粗线之下，结果从
        下拉框中选择；填好后用 mingcha field read 读入。HTML 每村一页，可打印、
        签名。默认每组为第一阶段的一个单位（如一个旗县）；一个村总在同一组。
        只有一个阶段的抽样，--team-by 同时按该列分页。
        名单只有编号与抽样框带来的列，没有种子、密钥与概率；印哪些列用 --columns
        指明，否则先印名称，再按抽样框的次序印到 A4 一页印满为止。
        """,
      en: """
        Examples:
          mingcha lists my-round households -o teams
          mingcha lists my-round households --teams 6 --format xlsx,html -o teams
          mingcha lists visits --team-by league_code --format html -o teams
          mingcha lists visits --columns name_zh,league_name -o teams
          mingcha lists --list visits/list.csv -o teams

        One workbook a team, one sheet a village: units in visiting order,
        reserves below a heavy line, outcomes from a drop-down list. Filled in,
        they are read with mingcha field read. HTML is one page a village, to
        print and sign. By default a team is a unit of the first stage (such as
        a county); a village never goes to two teams. In a draw of one stage
        --team-by makes the sheets as well. The lists hold ids and columns of
        the frame, and no seed, key or probability; --columns says which are
        shown, else names, then the others in their order until a page of A4
        is full.
        """
    )
  )

  @OptionGroup var arguments: FieldDrawArguments

  @Option(help: ArgumentHelp(words(zh: "按此列分组。", en: "One team a value of this column."), valueName: "column"))
  var teamBy: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "分成几组，各组单位数相近，相邻的村在一组。", en: "So many teams of about the same size, neighbouring villages together."),
      valueName: "n"
    )
  )
  var teams: Int?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "按此列分工作表或页（默认上一阶段的单位）。",
        en: "One sheet a value of this column (default: the unit of the stage before)."
      ),
      valueName: "column"
    )
  )
  var sheetBy: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "表上印出的抽样框的列，用逗号分隔（默认一页能印下的列）。",
        en: "Columns of the frame to show, separated by commas (default: what a page holds)."
      ),
      valueName: "column,…"
    )
  )
  var columns: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "形式，用逗号分隔（默认 xlsx）。", en: "Forms, separated by commas (default xlsx)."),
      valueName: "xlsx,html,csv,json"
    )
  )
  var format = "xlsx"

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(words(zh: "要新建的文件夹。", en: "Folder to make."), valueName: "folder")
  )
  var output: String

  @OptionGroup var lock: LockOptions
  @OptionGroup var languageOption: LanguageOption

  var lockedFolder: String? { arguments.input }

  var writesJSON: Bool { false }

  func validate() throws {
    _ = try forms
    if teamBy != nil, teams != nil {
      throw ValidationError(words(zh: "--team-by 与 --teams 只能用一种。", en: "--team-by and --teams exclude each other."))
    }
  }

  private var forms: [TeamListForm] {
    get throws {
      try listParts(format).map { name in
        if let form = TeamListForm(rawValue: name) { return form }
        let known = TeamListForm.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError(words(zh: "没有 \(name) 形式；可用：\(known)。", en: "There is no form \(name); known: \(known)."))
      }
    }
  }

  func work(_ console: Console) throws -> Int32 {
    let written = try writeTeamLists(
      try arguments.draw(),
      TeamListOrder(
        teamColumn: teamBy,
        teamCount: teams,
        pageColumn: sheetBy,
        shownColumns: columns.map { listParts($0) },
        forms: try forms,
        folder: output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
      ),
      language: console.language
    )
    try console.output(teamTable(written, language: console.language))
    return 0
  }
}
