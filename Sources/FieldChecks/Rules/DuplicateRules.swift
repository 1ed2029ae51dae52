internal import SurveyData

/// The same unit twice, and interviews that are too much alike.
enum DuplicateRules {
  static let all = [
    CheckRule(
      "id-duplicate",
      .duplicates,
      .stop,
      zh: "编号不重复",
      en: "No id stands twice",
      fixZh: "请核实以哪一行为准，删去另一行。",
      fixEn: "Find out which row is right and remove the other."
    ) { twice($0, &$1) },
    CheckRule(
      "near-duplicate",
      .duplicates,
      .warn,
      zh: "访问之间不雷同",
      en: "No two interviews are nearly the same",
      fixZh: "请回访核实两户是否都访问过。",
      fixEn: "Go back and find out whether both households were interviewed."
    ) { alike($0, &$1) },
  ]

  private static func twice(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources where source.kind != .list && source.kind != .record {
      guard let ids = source.ids, let id = source.id else { continue }
      var firstRow = [Int](repeating: -1, count: ids.levels.count)
      let written = source.table[id]
      run.count(source.rowCount)
      for row in 0..<source.rowCount where ids.codes[row] >= 0 {
        let code = Int(ids.codes[row])
        if firstRow[code] < 0 {
          firstRow[code] = row
          continue
        }
        let earlier = firstRow[code]
        let isSame = written?.text(at: row) == written?.text(at: earlier)
        run.fail(
          source,
          row: row,
          column: id,
          value: written?.text(at: row),
          zh: "与 \(source.words(of: earlier)) 重复\(isSame ? "" : "（规范全角与空白之后）")。",
          en:
            "stands already in \(source.words(of: earlier))\(isSame ? "" : ", once wide characters and blanks are mended")."
        )
      }
    }
  }

  private static func alike(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    let share = survey.settings[.nearDuplicateShare]
    let columnsNeeded = Int(survey.settings[.nearDuplicateColumns])
    var any = false
    for source in survey.sources where source.kind == .responses {
      any = true
      let columns = SubstantiveColumns(survey, source).columns
      guard columns.count >= columnsNeeded else {
        run.note(
          zh: "“\(source.name)”只有 \(columns.count) 个有差异的实质性列，少于 \(columnsNeeded)，雷同不说明问题。",
          en: "\"\(source.name)\" has \(columns.count) columns of answers that vary, fewer than \(columnsNeeded): "
            + "being alike would say nothing."
        )
        continue
      }
      let pairs = NearDuplicates(survey, source, columns: columns, share: share, columnsNeeded: columnsNeeded)
      run.count(pairs.compared)
      let interviewers = survey.column(.interviewer, in: source)
      for pair in pairs.found {
        let own = interviewers?.text(at: pair.row)
        let other = interviewers?.text(at: pair.other)
        let who: LocalizedText
        if let own, let other, own != other {
          let shownOwn = run.shown(own, column: interviewers?.name)
          let shownOther = run.shown(other, column: interviewers?.name)
          who = LocalizedText(zh: "，访员分别为 \(shownOwn) 与 \(shownOther)", en: ", by \(shownOwn) and \(shownOther)")
        } else {
          who = own == nil ? LocalizedText("") : LocalizedText(zh: "，同一访员", en: ", by the same interviewer")
        }
        let percent = shortest((pair.share * 1_000).rounded() / 10)
        run.fail(
          source,
          row: pair.row,
          column: source.id,
          value: source.unit(of: pair.row),
          zh: "与 \(source.words(of: pair.other)) 的 \(pair.columns) 项答案有 \(percent)% 相同\(who.zh)。",
          en: "gives \(percent) % of \(pair.columns) answers as \(source.words(of: pair.other)) does\(who.en)."
        )
      }
    }
    if !any { run.note(zh: "没有返回的数据。", en: "nothing has come back.") }
  }
}
