package import Documents
package import FieldChecks
package import SurveyData

/// Sheets of problems that are sent to those who have to mend them, one a team.
///
/// Each row has an empty cell in which they say what became of it, and one for remarks.
package struct ProblemSheets: Sendable {
  /// What is sent to one team.
  package struct Team: Sendable {
    /// The code of the county, or what makes teams; empty for problems that belong to none.
    package var id: String
    /// A file name's stem.
    package var name: String
    package var problems: [Problem]
    /// Problems that the sheet does not hold, because a rule has too many.
    package var left: Int
  }

  /// A team gets at most so many problems of a rule.
  package static let listedAtMost = 1_000

  package let teams: [Team]
  private let title: String
  private let names: [String: LocalizedText]
  private let teamNames: [String: String]
  private let language: Language

  /// - Parameters:
  ///   - report: of the rules.
  ///   - title: of the survey.
  ///   - teamNames: what teams are called, by code.
  ///   - language: of all words; heads are in both.
  package init(_ report: CheckReport, title: String, teamNames: [String: String], language: Language) {
    self.title = title
    self.language = language
    self.teamNames = teamNames
    var names = [String: LocalizedText]()
    var byTeam = [String: [Problem]]()
    var left = [String: Int]()
    for outcome in report.outcomes where outcome.failed > 0 && outcome.level > .pass {
      names[outcome.id] = outcome.name
      var counts = [String: Int]()
      for problem in outcome.problems {
        let team = problem.team ?? ""
        counts[team, default: 0] += 1
        if counts[team, default: 0] <= Self.listedAtMost {
          byTeam[team, default: []].append(problem)
        } else {
          left[team, default: 0] += 1
        }
      }
    }
    self.names = names
    var used = Set<String>()
    teams = byTeam.keys.sorted().map { id in
      let label = id.isEmpty ? "office" : teamNames[id].map { "\(id)-\($0)" } ?? id
      let base = TeamLists.fileStem(label)
      var stem = base
      var number = 2
      while !used.insert(stem.lowercased()).inserted {
        stem = "\(base)-\(number)"
        number += 1
      }
      // What stops goes first, then by file and row, as somebody who mends it works.
      let sorted = (byTeam[id] ?? []).enumerated().sorted { left, right in
        let one = left.element
        let other = right.element
        if one.level != other.level { return one.level > other.level }
        if one.file != other.file { return (one.file ?? "") < (other.file ?? "") }
        return (one.row ?? 0, left.offset) < (other.row ?? 0, right.offset)
      }
      return Team(id: id, name: stem, problems: sorted.map(\.element), left: left[id] ?? 0)
    }
  }

  /// The workbook of one team.
  package func document(of team: Team) -> Document {
    Document(title: title, language: language.forDocuments, blocks: [.table(table(of: team))])
  }

  /// One workbook with a sheet a team.
  package var document: Document {
    Document(title: title, language: language.forDocuments, blocks: teams.map { .table(table(of: $0)) })
  }

  private func table(of team: Team) -> DocumentTable {
    let who =
      team.id.isEmpty ? Words.office.text(in: language) : [team.id, teamNames[team.id] ?? ""].joined(separator: " ")
    let stops = team.problems.count { $0.level == .stop }
    var counts = LocalizedText(
      zh: "须改 \(stops) 处，提醒 \(team.problems.count - stops) 处。",
      en: "\(stops) to be mended, \(team.problems.count - stops) to be looked at."
    ).text(in: language)
    if team.left > 0 {
      counts += LocalizedText(zh: "另有 \(team.left) 处未列出。", en: " \(team.left) more are not listed.").text(in: language)
    }
    return DocumentTable(
      key: "problems",
      title: "\(title) · \(who)",
      columns: Self.columns(language),
      rows: team.problems.enumerated().map { place, problem in row(place + 1, problem) },
      form: FormLayout(
        sheetName: team.id.isEmpty ? Words.office.text(in: language) : team.name,
        lead: [counts, Words.instruction.text(in: language)],
        hasFilter: true
      )
    )
  }

  private func row(_ number: Int, _ problem: Problem) -> [Cell] {
    func text(_ value: String?) -> Cell { value.map { .text($0) } ?? .empty(reason: nil) }
    let rule = names[problem.rule]?.text(in: language) ?? problem.rule
    let file = (problem.file ?? problem.source) + (problem.sheet.map { " [\($0)]" } ?? "")
    return [
      .integer(number), .text(problem.level.title.text(in: language)), .text("\(rule) [\(problem.rule)]"), .text(file),
      problem.row.map { .integer($0) } ?? .empty(reason: nil), text(problem.unit), text(problem.column),
      text(problem.value), .text(problem.message.text(in: language)), .text(problem.fix.text(in: language)),
      .empty(reason: nil), .empty(reason: nil),
    ]
  }

  /// What a team answers about a problem.
  package static let answers = [
    LocalizedText(zh: "已改正", en: "mended"), LocalizedText(zh: "核实无误", en: "right as it is"),
    LocalizedText(zh: "无法核实", en: "cannot be found out"),
  ]

  private static func columns(_ language: Language) -> [DocumentColumn] {
    func column(
      _ key: String,
      _ zh: String,
      _ en: String,
      _ kind: DocumentColumn.Kind,
      _ width: Int,
      entry: DocumentColumn.Entry? = nil
    ) -> DocumentColumn {
      DocumentColumn(key, "\(zh) / \(en)", kind, entry: entry, width: width)
    }
    return [
      column("number", "序号", "No.", .plain, 5), column("level", "级别", "Level", .text, 6),
      column("rule", "规则", "Rule", .text, 24), column("file", "文件", "File", .text, 26),
      column("row", "行", "Row", .plain, 6), column("unit", "单位", "Unit", .code, 18),
      column("column", "列", "Column", .text, 14), column("value", "现值", "Value", .code, 16),
      column("expected", "问题", "What is wrong", .text, 38), column("fix", "如何改正", "How to mend it", .text, 34),
      column("answer", "处理结果", "Answer", .text, 14, entry: .choice(answers.map { $0.text(in: language) })),
      column("remark", "备注", "Remark", .text, 20, entry: .text),
    ]
  }

  private enum Words {
    static let office = LocalizedText(zh: "办公室", en: "Office")
    static let instruction = LocalizedText(
      zh: "请在“处理结果”中选择，并在原始数据中改正；核实无误或无法核实的请写明原因。",
      en: "Choose an answer and mend the data themselves; where a value is right or cannot be found out, say why."
    )
  }
}
