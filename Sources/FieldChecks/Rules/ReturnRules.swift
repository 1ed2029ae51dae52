internal import SurveyData
internal import SurveyDesign

/// What came back against what was drawn.
enum ReturnRules {
  static let all = [
    CheckRule(
      "return-not-drawn",
      .returns,
      .stop,
      zh: "返回的单位都在名单中",
      en: "Every returned unit is in the list",
      fixZh: "不属于样本：请核对编号，不得计入估计。",
      fixEn: "It is not of the sample: check the id; it must not be estimated from."
    ) { notDrawn($0, &$1) },
    CheckRule(
      "return-missing",
      .returns,
      .warn,
      zh: "抽中的单位都有返回",
      en: "Every selected unit has come back",
      fixZh: "请补交；未访问也须填结果代码。",
      fixEn: "Send it; a unit that nobody visited needs a result code as well."
    ) { missing($0, &$1) },
    CheckRule(
      "return-parent",
      .returns,
      .stop,
      zh: "返回的单位属于名单所列的上级",
      en: "Returned units lie where the list says",
      fixZh: "请核对单位编号与村代码。",
      fixEn: "Check the unit's id and the code of its village."
    ) { parent($0, &$1) },
    CheckRule(
      "return-class",
      .returns,
      .warn,
      zh: "户类型与名单一致",
      en: "The class is that of the list",
      fixZh: "请核实：分层以名单为准，户类型以核实结果为准。",
      fixEn: "Check it: the stratum stays as drawn, the class is what was found."
    ) { classCode($0, &$1) },
    CheckRule(
      "record-without-outcome",
      .returns,
      .warn,
      zh: "抽中的单位在访问记录中有结果",
      en: "Every selected unit has an outcome in the record",
      fixZh: "请用 mingcha field record 补记。",
      fixEn: "Record it with mingcha field record."
    ) { ReserveRules.report("unit-without-outcome", ofRecord: true, $0, &$1) },
    CheckRule(
      "record-not-drawn",
      .returns,
      .stop,
      zh: "访问记录中的单位都在名单中",
      en: "Every recorded unit is in the list",
      fixZh: "请用 --correct 更正。",
      fixEn: "Correct it with --correct."
    ) { ReserveRules.report("unit-not-drawn", ofRecord: true, $0, &$1) },
    CheckRule(
      "record-twice",
      .returns,
      .stop,
      zh: "访问记录中每个单位一条",
      en: "A unit is recorded once",
      fixZh: "请用 --correct 更正。",
      fixEn: "Correct it with --correct."
    ) { ReserveRules.report("unit-twice", ofRecord: true, $0, &$1) },
    CheckRule(
      "return-not-recorded",
      .returns,
      .warn,
      zh: "返回的单位在访问记录中",
      en: "Every returned unit is in the record",
      fixZh: "请用 mingcha field read 记入。",
      fixEn: "Read it in with mingcha field read."
    ) { notRecorded($0, &$1) },
    CheckRule(
      "return-outcome-differs",
      .returns,
      .warn,
      zh: "返回的结果与访问记录一致",
      en: "The returned outcome is that of the record",
      fixZh: "请核实后用 --correct 更正。",
      fixEn: "Find out which is right and correct it with --correct."
    ) { outcomeDiffers($0, &$1) },
  ]

  private static func each(
    _ survey: CheckedSurvey,
    _ run: inout RuleRun,
    _ body: (CheckedDraw, CheckedDraw.Returned, CheckedSource, inout RuleRun) -> Void
  ) {
    var any = false
    for (place, draw) in survey.draws.enumerated() {
      for returned in survey.returned[place] {
        any = true
        body(draw, returned, survey.sources[returned.source], &run)
      }
    }
    if !any { run.note(zh: "还没有抽样或返回的数据。", en: "nothing was drawn, or nothing has come back yet.") }
  }

  private static func notDrawn(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    var suggestionsLeft = 50
    each(survey, &run) { draw, returned, source, run in
      guard let ids = source.ids else { return }
      let known = draw.table[draw.stages[returned.stage].id]?.codedText.levels ?? []
      run.count(source.rowCount)
      for row in 0..<source.rowCount
      where ids.codes[row] >= 0 && returned.listRow[row] < 0 && !source.damagedRows.contains(row) {
        let id = ids.levels[Int(ids.codes[row])]
        suggestionsLeft -= 1
        let near = suggestionsLeft >= 0 ? nearest(to: id, among: known).map { run.shown($0, column: source.id) } : nil
        run.fail(
          source,
          row: row,
          column: source.id,
          value: id,
          zh: "抽样“\(draw.name)”的名单中没有。" + (near.map { "是否为“\($0)”？" } ?? ""),
          en: "is not in the list of \"\(draw.name)\"." + (near.map { " Is it \"\($0)\"?" } ?? "")
        )
      }
    }
  }

  private static func missing(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    each(survey, &run) { draw, returned, source, run in
      let stage = draw.stages[returned.stage]
      let list = survey.sources[draw.list]
      let back = Set(returned.listRow)
      let rows = draw.rows(ofStage: returned.stage)
      // What the record says nobody interviewed needs no answers.
      let name = stage.name
      let explained = Set(draw.records.filter { $0.stage == name && !$0.outcome.isInterview }.map(\.unit))
      for (id, row) in rows.sorted(by: { $0.value < $1.value }) where !draw.isReserve(row, stage: returned.stage) {
        run.count(1)
        guard !back.contains(row), !explained.contains(id) else { continue }
        run.fail(
          list,
          row: row,
          column: stage.id,
          value: id,
          zh: "抽中而“\(source.name)”中没有返回。",
          en: "was selected and has not come back in \"\(source.name)\"."
        )
      }
    }
  }

  private static func parent(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    each(survey, &run) { draw, returned, source, run in
      for stage in draw.stages[..<returned.stage] {
        guard let listed = draw.table[stage.id] else { continue }
        let role: CheckedRole? =
          switch listed.codedText.levels.first?.utf8.count {
          case 12: .village
          case 9: .township
          case 6: .county
          default: nil
          }
        guard let column = source.table[stage.id] ?? role.flatMap({ survey.column($0, in: source) }),
          column.name != source.id
        else { continue }
        for row in 0..<source.rowCount where returned.listRow[row] >= 0 {
          guard let own = column.text(at: row), let wanted = listed.text(at: returned.listRow[row]) else { continue }
          run.count(1)
          guard own != wanted, cleaned(own) != wanted else { continue }
          run.fail(
            source,
            row: row,
            column: column.name,
            value: own,
            zh: "名单中该单位属于 \(wanted)。",
            en: "is not where the list has the unit: in \(wanted)."
          )
        }
      }
    }
  }

  private static func cleaned(_ text: String) -> String {
    if case .changed(let clean) = readIdentifier(text) { clean } else { text }
  }

  private static func classCode(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    each(survey, &run) { draw, returned, source, run in
      guard let column = survey.column(.classCode, in: source) else { return run.lacks([.classCode]) }
      let strata = draw.strata.indices.contains(returned.stage) ? draw.strata[returned.stage] : []
      let listed: Column?
      if let same = draw.table[column.name] {
        listed = same
      } else if strata.count == 1, survey.roles.has(.classCode, strata[0]) {
        listed = draw.table["\(draw.stages[returned.stage].name)_stratum"]
      } else {
        listed = nil
      }
      guard let listed else {
        return run.note(zh: "名单中没有户类型。", en: "the list has no class.")
      }
      for row in 0..<source.rowCount where returned.listRow[row] >= 0 {
        guard let own = column.text(at: row), var wanted = listed.text(at: returned.listRow[row]) else { continue }
        if wanted.hasSuffix(draw.certainSuffix) { wanted = String(wanted.dropLast(draw.certainSuffix.count)) }
        run.count(1)
        guard own != wanted else { continue }
        run.fail(
          source,
          row: row,
          column: column.name,
          value: own,
          zh: "名单中为 \(wanted)。",
          en: "is \(wanted) in the list."
        )
      }
    }
  }

  private static func notRecorded(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    each(survey, &run) { draw, returned, source, run in
      let name = draw.stages[returned.stage].name
      let own = draw.records.filter { $0.stage == name }
      guard !own.isEmpty, let ids = source.ids else {
        return run.note(zh: "“\(name)”没有访问记录。", en: "there is no record of \"\(name)\".")
      }
      let recorded = Set(own.map(\.unit))
      let isThere = ids.levels.map { recorded.contains($0) }
      for row in 0..<source.rowCount where returned.listRow[row] >= 0 && ids.codes[row] >= 0 {
        run.count(1)
        guard !isThere[Int(ids.codes[row])] else { continue }
        run.fail(
          source,
          row: row,
          column: source.id,
          value: source.unit(of: row),
          zh: "已返回，而访问记录中没有。",
          en: "has come back and is not in the record."
        )
      }
    }
  }

  private static func outcomeDiffers(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    each(survey, &run) { draw, returned, source, run in
      let name = draw.stages[returned.stage].name
      var last = [String: FieldOutcome]()
      for record in draw.records where record.stage == name { last[record.unit] = record.outcome }
      guard !last.isEmpty, let outcome = survey.outcome, let column = source.table[outcome.column] else {
        return run.note(zh: "“\(name)”没有访问记录。", en: "there is no record of \"\(name)\".")
      }
      for row in 0..<source.rowCount where returned.listRow[row] >= 0 {
        guard let unit = source.unit(of: row), let recorded = last[unit], let code = column.text(at: row),
          let own = outcome.outcome(of: code)
        else { continue }
        run.count(1)
        guard own.disposition != recorded.disposition else { continue }
        run.fail(
          source,
          row: row,
          column: column.name,
          value: code,
          zh: "访问记录为“\(recorded.title.zh)”。",
          en: "was recorded as \(recorded.title.en)."
        )
      }
    }
  }
}
