internal import ArgumentParser

/// `mingcha field`: what became of the drawn units.
struct FieldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "field",
    abstract: words(zh: "记录访问结果，核对备选，计算应答率。", en: "Record outcomes, check reserves, account for every unit."),
    discussion: words(
      zh: """
        示例：
          mingcha lists my-round households --teams 4 -o teams
          mingcha field read my-round households teams/team-1.xlsx
          mingcha field record my-round households \\
            --unit 150121104248-0140 --outcome refused \\
            --reason 拒访 --replaced-by 150121104248-0044
          mingcha field report my-round households

        记录在名单旁的 fieldwork.csv 中，只追加，不改动。
        """,
      en: """
        Examples:
          mingcha lists my-round households --teams 4 -o teams
          mingcha field read my-round households teams/team-1.xlsx
          mingcha field record my-round households \\
            --unit 150121104248-0140 --outcome refused \\
            --reason "would not talk" --replaced-by 150121104248-0044
          mingcha field report my-round households

        The record is fieldwork.csv beside the list; it is only ever added to.
        """
    ),
    subcommands: [FieldRecordCommand.self, FieldReadCommand.self, FieldReportCommand.self]
  )
}
