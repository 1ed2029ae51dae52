package import Documents
package import FieldChecks
package import SurveyData

/// The outcome of a survey's checks as tables: by rule, by team, and every problem.
package struct CheckTables: Sendable {
  /// A table lists at most so many problems of a rule; the others are counted.
  package static let listedAtMost = 1_000

  private let report: CheckReport
  private let teamNames: [String: String]
  private let language: Language

  /// - Parameters:
  ///   - report: of the rules.
  ///   - teamNames: what counties and other teams are called, by code.
  ///   - language: of all words.
  package init(_ report: CheckReport, teamNames: [String: String], language: Language) {
    self.report = report
    self.teamNames = teamNames
    self.language = language
  }

  /// A row for each rule that was tried.
  ///
  /// - Parameter failedOnly: leaves out rules in which nothing failed.
  /// - Returns: level, rule, rows looked at, failures, share.
  package func rules(failedOnly: Bool = false) -> DocumentTable {
    let shown = report.outcomes.filter { $0.failed > 0 || (!failedOnly && !$0.isSkipped && !$0.isOff) }
    let table = DocumentTable(
      key: "rules",
      title: word("按规则", "By rule"),
      columns: [
        DocumentColumn("level", word("级别", "Level"), .text), DocumentColumn("rule", word("规则", "Rule"), .text),
        DocumentColumn("family", word("类别", "Family"), .text),
        DocumentColumn("name", word("内容", "What it asks"), .text),
        DocumentColumn("checked", word("检查数", "Checked"), .integer),
        DocumentColumn("failed", word("不符数", "Failed"), .integer),
        DocumentColumn("share", word("占比", "Share"), .percent(1)),
      ],
      rows: shown.map { outcome in
        [
          .text(outcome.result.title.text(in: language)), .text(outcome.id),
          failedOnly ? .empty(reason: nil) : .text(outcome.family.title.text(in: language)),
          .text(outcome.name.text(in: language)), .integer(outcome.checked), .integer(outcome.failed),
          outcome.checked > 0 && outcome.failed <= outcome.checked
            ? .number(Double(outcome.failed) / Double(outcome.checked)) : .empty(reason: nil),
        ]
      },
      leadingColumns: 2
    )
    return failedOnly ? table.droppingEmptyColumns() : table
  }

  /// Rules that looked at nothing, were switched off or left something out, with the reason.
  package var remarks: DocumentTable {
    let rows = report.outcomes.flatMap { outcome -> [[Cell]] in
      var reasons = outcome.notes.map { $0.text(in: language) }
      if let reason = outcome.reason {
        let state = outcome.isOff ? word("已关闭：", "off: ") : "\(outcome.level.title.text(in: language)): "
        reasons.insert(state + reason, at: 0)
      }
      if reasons.isEmpty, outcome.isSkipped { reasons = [word("没有可检查的行。", "there was nothing to look at.")] }
      return reasons.map { [.text(outcome.id), .text(outcome.name.text(in: language)), .text($0)] }
    }
    return DocumentTable(
      key: "remarks",
      title: word("未检查的规则与说明", "Rules that were not tried, and remarks"),
      columns: [
        DocumentColumn("rule", word("规则", "Rule"), .text), DocumentColumn("name", word("内容", "What it asks"), .text),
        DocumentColumn("reason", word("说明", "Remark"), .text),
      ],
      rows: rows
    )
  }

  /// A row for each team, those with most to mend first.
  package var teams: DocumentTable {
    var counts = [String: (stops: Int, warnings: Int)]()
    for problem in report.problems {
      let team = problem.team ?? ""
      if problem.level == .stop {
        counts[team, default: (0, 0)].stops += 1
      } else {
        counts[team, default: (0, 0)].warnings += 1
      }
    }
    let sorted = counts.sorted { left, right in
      (right.value.stops, right.value.warnings, left.key) < (left.value.stops, left.value.warnings, right.key)
    }
    return DocumentTable(
      key: "teams",
      title: word("按组", "By team"),
      columns: [
        DocumentColumn("team", word("组", "Team"), .code), DocumentColumn("name", word("名称", "Name"), .text),
        DocumentColumn("stop", word("须改", "Stop"), .integer), DocumentColumn("warn", word("提醒", "Warn"), .integer),
      ],
      rows: sorted.map { team, count in
        [
          team.isEmpty ? .text(word("（不属于某一组）", "(no team)")) : .text(team),
          teamNames[team].map { .text($0) } ?? .empty(reason: nil), .integer(count.stops), .integer(count.warnings),
        ]
      }
    )
  }

  /// The problems of all rules, at most a thousand of each.
  package var problems: DocumentTable {
    table(
      report.outcomes.flatMap { $0.problems.prefix(Self.listedAtMost) },
      title: word("问题清单", "Problems"),
      notes: report.outcomes.compactMap { outcome in
        outcome.failed > Self.listedAtMost
          ? word(
            "\(outcome.id)：另有 \(outcome.failed - Self.listedAtMost) 处未列出。",
            "\(outcome.id): \(outcome.failed - Self.listedAtMost) more are not listed."
          ) : nil
      }
    )
  }

  private func table(_ problems: [Problem], title: String, notes: [String]) -> DocumentTable {
    DocumentTable(
      key: "problems",
      title: title,
      columns: [
        DocumentColumn("level", word("级别", "Level"), .text), DocumentColumn("rule", word("规则", "Rule"), .text),
        DocumentColumn("team", word("组", "Team"), .code), DocumentColumn("source", word("数据", "Source"), .text),
        DocumentColumn("file", word("文件", "File"), .text), DocumentColumn("sheet", word("工作表", "Sheet"), .text),
        DocumentColumn("row", word("行", "Row"), .plain), DocumentColumn("unit", word("单位", "Unit"), .code),
        DocumentColumn("column", word("列", "Column"), .text), DocumentColumn("value", word("现值", "Value"), .code),
        DocumentColumn("expected", word("问题", "What is wrong"), .text),
        DocumentColumn("fix", word("如何改正", "How to mend it"), .text),
      ],
      rows: problems.map { problem in
        [
          .text(problem.level.title.text(in: language)), .text(problem.rule), text(problem.team), .text(problem.source),
          text(problem.file), text(problem.sheet), problem.row.map { .number(Double($0)) } ?? .empty(reason: nil),
          text(problem.unit), text(problem.column), text(problem.value), .text(problem.message.text(in: language)),
          .text(problem.fix.text(in: language)),
        ]
      },
      notes: notes,
      leadingColumns: 2
    )
  }

  /// One problem as a line: `file:row column: "value" message fix [rule]`.
  package func line(_ problem: Problem) -> String {
    var place = problem.file ?? problem.source
    if let sheet = problem.sheet { place += "[\(sheet)]" }
    if let row = problem.row { place += ":\(row)" }
    if let column = problem.column { place += " \(column)" }
    let shown = problem.value.map { "\"\($0)\" " } ?? ""
    return "\(place): \(shown)\(problem.message.text(in: language)) \(problem.fix.text(in: language)) [\(problem.rule)]"
  }

  private func text(_ value: String?) -> Cell { value.map { .text($0) } ?? .empty(reason: nil) }
  private func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
}
