internal import SurveyData
internal import SurveyDesign

/// Cells against what their column may hold.
enum ValueRules {
  static let all = [
    CheckRule(
      "number-text",
      .schema,
      .stop,
      zh: "数字列中都是数字",
      en: "Columns of numbers hold numbers",
      fixZh: "请写成半角数字；缺失请留空，或在 checks.missing 中声明缺失代码。",
      fixEn: "Write plain digits; leave a missing value empty, or declare its code under checks.missing."
    ) { numberText($0, &$1) },
    CheckRule(
      "value-range",
      .schema,
      .stop,
      zh: "数值在规定范围内",
      en: "Numbers lie in their range",
      fixZh: "请核对问卷后改正。",
      fixEn: "Compare with the form and correct it."
    ) { valueRange($0, &$1) },
    CheckRule(
      "code-undeclared",
      .schema,
      .stop,
      zh: "代码在规定代码之内",
      en: "Codes are those declared",
      fixZh: "请核对问卷后改正，或补充声明。",
      fixEn: "Compare with the form and correct it, or declare the code."
    ) { codes($0, &$1) },
    CheckRule(
      "outcome-unknown",
      .schema,
      .stop,
      zh: "访问结果代码有含义",
      en: "Result codes have a meaning",
      fixZh: "请改正，或在 responses.outcome 中写明其含义。",
      fixEn: "Correct it, or say under responses.outcome what it means."
    ) { outcomes($0, &$1) },
    CheckRule(
      "required-blank",
      .schema,
      .warn,
      zh: "必答项不空",
      en: "Required answers are given",
      fixZh: "请补访或说明；空白不等于 0。",
      fixEn: "Ask again or say why: an empty cell is not 0."
    ) { requiredBlank($0, &$1) },
    CheckRule(
      "missing-code",
      .schema,
      .warn,
      zh: "数值列中没有未声明的缺失代码",
      en: "No undeclared missing codes among numbers",
      fixZh: "若为缺失请留空，或在 checks.missing 中声明；若为真值请忽略。",
      fixEn: "If it means missing, leave it empty or declare it under checks.missing; if it is true, pass it over."
    ) { missingCodes($0, &$1) },
    CheckRule(
      "date-form",
      .schema,
      .stop,
      zh: "日期写法一致",
      en: "Dates are written in one way",
      fixZh: "请统一写作 yyyy-mm-dd；序列号须先确认日期系统。",
      fixEn: "Write all of them as yyyy-mm-dd; for a day number find out the workbook's date system first."
    ) { dateForms($0, &$1) },
  ]

  private static func numberText(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources where source.kind != .record {
      for column in numberColumns(of: source, survey) {
        let numbers = survey.numbers(column)
        run.count(source.rowCount)
        for row in numbers.badRows {
          let text = column.text(at: row) ?? ""
          let habit = Finding.notNumber(file: nil, row: nil, column: column.name, value: text)
          run.fail(
            source,
            row: row,
            column: column.name,
            value: text,
            zh: "不是数字。",
            en: "is not a number.",
            fix: habit.fix
          )
        }
      }
    }
  }

  /// Columns that an expression of the survey file, the schema or a role reads as numbers.
  private static func numberColumns(of source: CheckedSource, _ survey: CheckedSurvey) -> [Column] {
    var names = (survey.declared[source.name] ?? []).filter(\.isNumber).map(\.name)
    for (name, schema) in (survey.settings.schema[source.name] ?? [:]).sorted(by: { $0.key < $1.key })
    where schema.kind == .number || schema.kind == .integer {
      names.append(name)
    }
    if source.kind != .list {
      for role in [CheckedRole.income, .age, .workMonths, .wageIncome, .minutes] {
        if let column = survey.column(role, in: source) { names.append(column.name) }
      }
    }
    var seen = Set<String>()
    return names.filter { seen.insert($0).inserted }.compactMap { source.table[$0] }
  }

  private static func valueRange(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources {
      for (name, schema) in (survey.settings.schema[source.name] ?? [:]).sorted(by: { $0.key < $1.key }) {
        let isWhole = schema.kind == .integer
        guard schema.least != nil || schema.most != nil || isWhole, let column = source.table[name] else { continue }
        let values = survey.numbers(column).values
        let least = schema.least.map { shortest($0) } ?? "–∞"
        let most = schema.most.map { shortest($0) } ?? "∞"
        for row in 0..<source.rowCount where !values[row].isNaN {
          run.count(1)
          let value = values[row]
          if value < schema.least ?? -.infinity || value > schema.most ?? .infinity {
            run.fail(
              source,
              row: row,
              column: name,
              value: column.text(at: row),
              zh: "应在 \(least) 与 \(most) 之间。",
              en: "must lie between \(least) and \(most)."
            )
          } else if isWhole, value != value.rounded() {
            run.fail(source, row: row, column: name, value: column.text(at: row), zh: "应为整数。", en: "must be whole.")
          }
        }
      }
    }
  }

  private static func codes(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources {
      for (name, schema) in (survey.settings.schema[source.name] ?? [:]).sorted(by: { $0.key < $1.key }) {
        guard let known = schema.codes, let column = source.table[name] else { continue }
        let allowed = Set(known)
        let text = column.codedText
        let isFine = text.levels.map { allowed.contains($0) || survey.settings.missing.contains($0) }
        let listed = known.prefix(20).joined(separator: ", ")
        run.count(text.codes.count { $0 >= 0 })
        for row in 0..<source.rowCount where text.codes[row] >= 0 && !isFine[Int(text.codes[row])] {
          run.fail(
            source,
            row: row,
            column: name,
            value: text.levels[Int(text.codes[row])],
            zh: "不是规定的代码（\(listed)）。",
            en: "is none of the codes \(listed)."
          )
        }
      }
    }
  }

  private static func outcomes(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    guard let outcome = survey.outcome else { return }
    let listed = outcome.orderedCodes.joined(separator: ", ")
    for source in survey.sources where source.kind == .responses {
      guard let column = source.table[outcome.column] else { continue }
      let text = column.codedText
      let isKnown = text.levels.map { outcome.dispositions[$0] != nil }
      run.count(source.rowCount)
      for row in 0..<source.rowCount where text.codes[row] < 0 || !isKnown[Int(text.codes[row])] {
        run.fail(
          source,
          row: row,
          column: outcome.column,
          value: column.text(at: row),
          zh: "没有含义的结果代码（已知 \(listed)）。",
          en: "is no result code; known are \(listed)."
        )
      }
    }
  }

  private static func requiredBlank(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources {
      let interviews = survey.interviews(in: source)
      for (name, schema) in (survey.settings.schema[source.name] ?? [:]).sorted(by: { $0.key < $1.key })
      where schema.isRequired {
        guard let column = source.table[name] else { continue }
        for row in 0..<source.rowCount where interviews[row] && source.isKept(row) {
          run.count(1)
          guard column.text(at: row) == nil else { continue }
          run.fail(source, row: row, column: name, zh: "没有填写。", en: "is empty.")
        }
      }
    }
  }

  /// Values that forms use for "does not know" and the like, where they stand far outside the others.
  private static let placeholders: Set<Double> = [
    -1, -2, -7, -8, -9, -77, -88, -99, -999, -9_999, 999, 9_999, 99_999, 999_999,
  ]

  private static func missingCodes(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources where source.kind == .responses || source.kind == .table {
      for column in numberColumns(of: source, survey)
      where survey.settings.schema[source.name]?[column.name]?.codes == nil {
        let values = survey.numbers(column).values
        let others = values.filter { !$0.isNaN && !placeholders.contains($0) }
        run.count(values.count { !$0.isNaN })
        guard let least = others.min(), let most = others.max() else { continue }
        for row in 0..<source.rowCount where placeholders.contains(values[row]) {
          // A value among the others is an ordinary one.
          guard values[row] < least && least >= 0 || values[row] > most else { continue }
          run.fail(
            source,
            row: row,
            column: column.name,
            value: column.text(at: row),
            zh: "像是未声明的缺失代码（其余在 \(shortest(least)) 至 \(shortest(most)) 之间）。",
            en:
              "looks like a missing code that was not declared; the others lie in \(shortest(least)) to \(shortest(most))."
          )
        }
      }
    }
  }

  private static func dateForms(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources where source.kind != .record && source.kind != .list {
      var wanted = [(Column, DateForm?)]()
      for role in [CheckedRole.start, .end, .birth] {
        if let column = survey.column(role, in: source) { wanted.append((column, nil)) }
      }
      for (name, schema) in (survey.settings.schema[source.name] ?? [:]).sorted(by: { $0.key < $1.key })
      where schema.kind == .date {
        if let column = source.table[name] {
          wanted.removeAll { $0.0.name == name }
          wanted.append((column, schema.dateForm))
        }
      }
      for (column, declared) in wanted { dateForm(of: column, declared: declared, in: source, &run) }
    }
  }

  private static func dateForm(
    of column: Column,
    declared: DateForm?,
    in source: CheckedSource,
    _ run: inout RuleRun
  ) {
    let text = column.codedText
    let forms = text.levels.map { Moment($0)?.form }
    var counts = [DateForm: Int]()
    for code in text.codes where code >= 0 { if let form = forms[Int(code)] { counts[form, default: 0] += 1 } }
    let usable = counts.filter { $0.key != .serial && $0.key != .dayMonth && $0.key != .month }
    let usual = usable.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
    let wanted = declared ?? usual ?? .dashes
    run.count(text.codes.count { $0 >= 0 })
    for row in 0..<source.rowCount where text.codes[row] >= 0 {
      let form = forms[Int(text.codes[row])]
      guard form != wanted else { continue }
      let found = form.map(\.rawValue)
      run.fail(
        source,
        row: row,
        column: column.name,
        value: text.levels[Int(text.codes[row])],
        zh: found.map { "写作 \($0)，应为 \(wanted.rawValue)。" } ?? "不是日期（应为 \(wanted.rawValue)）。",
        en: found.map { "is written as \($0); \(wanted.rawValue) expected." }
          ?? "is no date; \(wanted.rawValue) expected."
      )
    }
  }
}
