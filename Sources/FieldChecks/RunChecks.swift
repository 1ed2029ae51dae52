internal import SurveyData

/// What came of all rules.
package struct CheckReport: Sendable {
  package var outcomes: [RuleOutcome]

  package init(outcomes: [RuleOutcome]) {
    self.outcomes = outcomes
  }

  /// The worst level at which anything failed.
  package var level: CheckLevel { outcomes.map(\.result).max() ?? .pass }
  package var problemCount: Int { outcomes.reduce(0) { $0 + $1.failed } }
  package var problems: [Problem] { outcomes.flatMap(\.problems) }
}

/// Holds a survey against the built-in rules and its own.
///
/// - Parameters:
///   - survey: everything that was read.
///   - workers: rules that are tried at once; the report is the same for any number.
/// - Returns: an outcome for every rule, in the order of the lists.
package func runChecks(_ survey: CheckedSurvey, workers: Int) -> CheckReport {
  let rules = CheckRules.builtIn + survey.settings.rules.map { $0.rule }
  return CheckReport(
    outcomes: Workers.map(workers, rules) { rule in
      let change = survey.settings.levels[rule.id]
      let level = change.map { $0.level ?? rule.level } ?? rule.level
      let isOff = change.map { $0.level == nil } ?? false
      var run = RuleRun(rule, level: level, masking: survey.masking)
      if !isOff { rule.find(survey, &run) }
      return RuleOutcome(
        id: rule.id,
        family: rule.family,
        level: level,
        name: rule.name,
        checked: run.checked,
        failed: run.failed,
        problems: run.problems,
        notes: run.notes,
        reason: change?.reason,
        isOff: isOff
      )
    }
  )
}

extension OwnRule {
  /// The rule as one among the others.
  var rule: CheckRule {
    CheckRule(id, .own, level, zh: name.zh, en: name.en, fixZh: fix.zh, fixEn: fix.en) { survey, run in
      self.find(survey, &run)
    }
  }

  private func find(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    guard let source = survey.source(self.source) else {
      return run.note(zh: "没有读到“\(self.source)”。", en: "\"\(self.source)\" was not read.")
    }
    let names = expression.columns
    let absent = names.filter { source.table[$0] == nil }
    guard absent.isEmpty else {
      let listed = absent.joined(separator: ", ")
      return run.note(zh: "“\(self.source)”没有列：\(listed)。", en: "\"\(self.source)\" has no column \(listed).")
    }
    var table = source.table
    // What is no number is for the rule on numbers to say.
    for name in expression.numberColumns {
      if let column = table[name] { table.set(Column(name, .number(survey.numbers(column).values))) }
    }
    let fine: [Bool]
    do {
      fine = try expression.mask(over: table, missing: survey.settings.missing)
    } catch {
      let text = error.findings.first?.message
      return run.note(
        zh: "无法计算“\(expression.source)”：\(text?.zh ?? "")",
        en: "\"\(expression.source)\" cannot be computed: \(text?.en ?? "")"
      )
    }
    let columns = names.compactMap { table[$0] }
    let interviews = survey.interviews(in: source)
    var undecided = 0
    for row in 0..<source.rowCount where source.isKept(row) && interviews[row] {
      if fine[row] {
        run.count(1)
        continue
      }
      if !failsOnMissing, columns.contains(where: { $0.text(at: row) == nil }) {
        undecided += 1
        continue
      }
      run.count(1)
      let shown = columns.map { "\($0.name) = " + run.shown($0.text(at: row) ?? "", column: $0.name) }
      run.fail(
        source,
        row: row,
        column: names.joined(separator: ", "),
        zh: "\(name.zh)（\(shown.joined(separator: "，"))）。",
        en: "\(name.en) (\(shown.joined(separator: ", ")))."
      )
    }
    if undecided > 0 {
      run.note(zh: "\(undecided) 行有空值，未判定。", en: "\(undecided) rows with an empty cell were not decided.")
    }
  }
}
