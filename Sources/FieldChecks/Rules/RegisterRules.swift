internal import SurveyData

/// What a register says of a household against what it says of its members; never applied to answers, where the same
/// facts are what the survey looks for.
enum RegisterRules {
  static let all = [
    rule(
      "register-no-head",
      .warn,
      zh: "每户有户主",
      en: "Every household has a head",
      fixZh: "请在成员中标明户主。",
      fixEn: "Mark the head among the members."
    ) { survey, run in
      let register = Register(survey)
      guard register.has(.relation) else { return run.lacks([.household, .relation]) }
      run.count(register.households.count)
      for household in register.households where !household.hasHead {
        register.fail(household, .relation, &run, zh: "没有户主。", en: "the household has no head.")
      }
    },
    rule(
      "register-cause-illness",
      .warn,
      zh: "因病致贫户有病人",
      en: "Where illness is the cause somebody is ill",
      fixZh: "请核实致贫原因或健康状况。",
      fixEn: "Check the cause or the members' health."
    ) { survey, run in
      let register = Register(survey)
      guard register.has(.health), register.has(.cause) else { return run.lacks([.cause, .health]) }
      for household in register.households where household.cause.map({ Words.illness.contains($0) }) ?? false {
        run.count(1)
        guard household.members > 0, household.healthy == household.members else { continue }
        register.fail(household, .cause, &run, zh: "因病致贫，而成员全部健康。", en: "is the cause while all members are healthy.")
      }
    },
    rule(
      "register-cause-schooling",
      .warn,
      zh: "因学致贫户有在校生",
      en: "Where schooling is the cause somebody is at school",
      fixZh: "请核实致贫原因或在校情况。",
      fixEn: "Check the cause or who is at school."
    ) { survey, run in
      let register = Register(survey)
      guard register.has(.schooling), register.has(.cause) else { return run.lacks([.cause, .schooling]) }
      for household in register.households where household.cause.map({ Words.schooling.contains($0) }) ?? false {
        run.count(1)
        guard household.pupils == 0 else { continue }
        register.fail(household, .cause, &run, zh: "因学致贫，而没有在校生。", en: "is the cause and nobody is at school.")
      }
    },
    rule(
      "register-cause-disability",
      .warn,
      zh: "因残致贫户有残疾人",
      en: "Where disability is the cause somebody is disabled",
      fixZh: "请核实致贫原因或残疾情况。",
      fixEn: "Check the cause or the members' disabilities."
    ) { survey, run in
      let register = Register(survey)
      guard register.has(.health) || register.has(.disability), register.has(.cause) else {
        return run.lacks([.cause, .disability])
      }
      for household in register.households where household.cause.map({ Words.disability.contains($0) }) ?? false {
        run.count(1)
        guard household.disabled == 0 else { continue }
        register.fail(household, .cause, &run, zh: "因残致贫，而没有残疾成员。", en: "is the cause and no member is disabled.")
      }
    },
    rule(
      "register-exited-income",
      .warn,
      zh: "脱贫户收入不低于标准",
      en: "Exited households have at least the line's income",
      fixZh: "请核实收入或脱贫状态。",
      fixEn: "Check the income or whether the household exited."
    ) { survey, run in
      let line = survey.settings[.incomeLine]
      exited(survey, .income, &run) { source, column in
        let values = survey.numbers(column).values
        return { row in values[row].isNaN ? nil : values[row] < line }
      } words: {
        LocalizedText(
          zh: "已脱贫而人均收入低于 \(shortest(line)) 元。",
          en: "is below the line of \(shortest(line)) and the household exited."
        )
      }
    },
    rule(
      "register-exited-dropout",
      .warn,
      zh: "脱贫户无辍学",
      en: "No drop-out in exited households",
      fixZh: "请核实义务教育情况或脱贫状态。",
      fixEn: "Check the schooling or whether the household exited."
    ) {
      exitedWords(
        $0,
        .education,
        Words.dropOut,
        &$1,
        zh: "已脱贫而有义务教育阶段辍学。",
        en: "means a drop-out and the household exited."
      )
    },
    rule(
      "register-exited-housing",
      .warn,
      zh: "脱贫户住房安全",
      en: "Exited households have a safe house",
      fixZh: "请核实住房鉴定或脱贫状态。",
      fixEn: "Check the grade of the house or whether the household exited."
    ) {
      exitedWords(
        $0,
        .housing,
        Words.unsafe,
        &$1,
        zh: "已脱贫而住房不安全。",
        en: "means an unsafe house and the household exited."
      )
    },
    rule(
      "register-exited-water",
      .warn,
      zh: "脱贫户饮水安全",
      en: "Exited households have safe water",
      fixZh: "请核实饮水情况或脱贫状态。",
      fixEn: "Check the water or whether the household exited."
    ) {
      exitedWords(
        $0,
        .water,
        Words.noWater,
        &$1,
        zh: "已脱贫而饮水有问题。",
        en: "means a water problem and the household exited."
      )
    },
    rule(
      "register-work-months",
      .stop,
      zh: "务工月数在 0 至 12 之间",
      en: "Months of work are 0 to 12",
      fixZh: "请改正月数。",
      fixEn: "Correct the months."
    ) { survey, run in
      each(survey, .workMonths, &run) {
        $0 < 0 || $0 > 12
      } words: {
        LocalizedText(zh: "应在 0 至 12 之间。", en: "must lie between 0 and 12.")
      }
    },
    rule(
      "register-wage-without-worker",
      .warn,
      zh: "有工资收入即有劳动力",
      en: "Wages come with a worker",
      fixZh: "请核实工资收入或劳动能力。",
      fixEn: "Check the wages or who can work."
    ) { survey, run in
      let register = Register(survey)
      guard register.has(.wageIncome), register.has(.labour) || register.has(.workMonths) else {
        return run.lacks([.wageIncome, .labour])
      }
      for household in register.households where household.wages > 0 {
        run.count(1)
        guard household.workers == 0 else { continue }
        register.fail(
          household,
          .wageIncome,
          &run,
          zh: "有工资性收入而没有劳动力。",
          en: "wages are registered and nobody can work."
        )
      }
    },
    rule(
      "register-income",
      .warn,
      zh: "人均收入合理",
      en: "Income a head is plausible",
      fixZh: "请核实收入与人口。",
      fixEn: "Check income and persons."
    ) { survey, run in
      let most = survey.settings[.incomeMax]
      each(survey, .income, &run, inAnswers: true) {
        $0 <= 0 || $0 > most
      } words: {
        LocalizedText(zh: "应大于 0 且不超过 \(shortest(most))。", en: "must be above 0 and at most \(shortest(most)).")
      }
    },
    rule(
      "register-age",
      .warn,
      zh: "年龄合理",
      en: "Ages are plausible",
      fixZh: "请核实年龄。",
      fixEn: "Check the age."
    ) { survey, run in
      let most = survey.settings[.ageMax]
      each(survey, .age, &run, inAnswers: true) {
        $0 < 0 || $0 > most
      } words: {
        LocalizedText(zh: "应在 0 与 \(shortest(most)) 之间。", en: "must lie between 0 and \(shortest(most)).")
      }
    },
    rule(
      "register-helper-poor",
      .warn,
      zh: "帮扶责任人不是贫困人口",
      en: "A helper is no poor person",
      fixZh: "请核实帮扶责任人。",
      fixEn: "Check who the helper is."
    ) { survey, run in
      var registered = Set<String>()
      for source in registers(survey) {
        if let column = survey.column(.identity, in: source) { registered.formUnion(column.codedText.levels) }
      }
      var any = false
      for source in registers(survey) {
        guard let column = survey.column(.helperIdentity, in: source) else { continue }
        any = true
        let text = column.codedText
        run.count(text.codes.count { $0 >= 0 })
        for row in 0..<source.rowCount
        where text.codes[row] >= 0 && registered.contains(text.levels[Int(text.codes[row])]) {
          run.fail(
            source,
            row: row,
            column: column.name,
            value: column.text(at: row),
            zh: "帮扶责任人本身在贫困人口名册中。",
            en: "is the helper and stands in the register of the poor."
          )
        }
      }
      if !any { run.lacks([.helperIdentity]) }
    },
  ]

  private static func rule(
    _ id: String,
    _ level: CheckLevel,
    zh: String,
    en: String,
    fixZh: String,
    fixEn: String,
    find: @escaping @Sendable (CheckedSurvey, inout RuleRun) -> Void
  ) -> CheckRule {
    CheckRule(id, .register, level, zh: zh, en: en, fixZh: fixZh, fixEn: fixEn, find: find)
  }

  static func registers(_ survey: CheckedSurvey) -> [CheckedSource] {
    survey.sources.filter { $0.kind == .frame || $0.kind == .table }
  }

  /// Every number of a role against a condition.
  private static func each(
    _ survey: CheckedSurvey,
    _ role: CheckedRole,
    _ run: inout RuleRun,
    inAnswers: Bool = false,
    isWrong: (Double) -> Bool,
    words: () -> LocalizedText
  ) {
    let text = words()
    var any = false
    for source in survey.sources where source.kind != .list && source.kind != .record {
      guard inAnswers || source.kind != .responses, let column = survey.column(role, in: source) else { continue }
      any = true
      let values = survey.numbers(column).values
      run.count(values.count { !$0.isNaN })
      for row in 0..<source.rowCount where !values[row].isNaN && isWrong(values[row]) {
        run.fail(source, row: row, column: column.name, value: column.text(at: row), zh: text.zh, en: text.en)
      }
    }
    if !any { run.lacks([role]) }
  }

  /// Exited households of registers against a condition on one column.
  private static func exited(
    _ survey: CheckedSurvey,
    _ role: CheckedRole,
    _ run: inout RuleRun,
    condition: (CheckedSource, Column) -> (Int) -> Bool?,
    words: () -> LocalizedText
  ) {
    let text = words()
    var any = false
    for source in registers(survey) {
      let classes = survey.column(.classCode, in: source)
      let years = survey.column(.exitYear, in: source)
      guard classes != nil || years != nil, let column = survey.column(role, in: source) else { continue }
      any = true
      let isWrong = condition(source, column)
      for row in 0..<source.rowCount {
        let isExited =
          classes.map { $0.text(at: row).map { Words.exited.contains($0) } ?? false } ?? (years?.text(at: row) != nil)
        guard isExited, let wrong = isWrong(row) else { continue }
        run.count(1)
        guard wrong else { continue }
        run.fail(source, row: row, column: column.name, value: column.text(at: row), zh: text.zh, en: text.en)
      }
    }
    if !any { run.lacks([.classCode, role]) }
  }

  private static func exitedWords(
    _ survey: CheckedSurvey,
    _ role: CheckedRole,
    _ bad: Set<String>,
    _ run: inout RuleRun,
    zh: String,
    en: String
  ) {
    exited(survey, role, &run) { _, column in
      { row in column.text(at: row).map { bad.contains($0) } }
    } words: {
      LocalizedText(zh: zh, en: en)
    }
  }
}

extension RuleRun {
  /// Says that no source has the columns that the rule needs.
  mutating func lacks(_ roles: [CheckedRole]) {
    let names = roles.map { "\($0.rawValue) (\($0.usualNames.last ?? ""))" }.joined(separator: ", ")
    note(
      zh: "没有所需的列：\(names)；可在 checks.roles 中指明。",
      en: "no table has the columns \(names); checks.roles can name them."
    )
  }
}

/// The words by which registers say what a rule asks for.
enum Words {
  static let illness: Set<String> = ["因病", "illness"]
  static let schooling: Set<String> = ["因学", "schooling"]
  static let disability: Set<String> = ["因残", "disability"]
  static let exited: Set<String> = ["P2", "脱贫户", "已脱贫", "exited"]
  static let healthy: Set<String> = ["健康", "良好", "healthy"]
  static let notAtSchool: Set<String> = ["非在校生", "非在校", "不在校", "无", "否", "none", "no", "0"]
  static let dropOut: Set<String> = ["2", "辍学", "失学", "drop-out"]
  static let unsafe: Set<String> = ["C", "D", "C级", "D级", "危房", "不安全", "unsafe"]
  static let noWater: Set<String> = ["2", "不安全", "有问题", "困难", "unsafe"]
  static let no: Set<String> = ["否", "无", "no", "none", "0", "2"]
  static let able: Set<String> = ["普通劳动力", "技能劳动力", "普通", "技能", "ordinary", "skilled"]
  static let head: Set<String> = ["户主", "本人", "head", "1", "01"]
}
