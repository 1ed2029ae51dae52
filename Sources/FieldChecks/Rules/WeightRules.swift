internal import SurveyData
internal import SurveyDesign

/// Design weights of lists, and weights that answers carry.
enum WeightRules {
  static let all = [
    CheckRule(
      "weight-positive",
      .weights,
      .stop,
      zh: "权数为正数",
      en: "Weights are positive",
      fixZh: "请用抽取时写出的名单，或改正权数。",
      fixEn: "Use the list as the draw wrote it, or correct the weight."
    ) { survey, run in
      each(survey, &run) { source, column, weights, run in
        for row in 0..<source.rowCount {
          guard let text = column.text(at: row) else { continue }
          run.count(1)
          guard !(weights[row] > 0 && weights[row].isFinite) else { continue }
          run.fail(source, row: row, column: column.name, value: text, zh: "不是正数。", en: "is no positive number.")
        }
      }
    },
    CheckRule(
      "weight-design",
      .weights,
      .stop,
      zh: "权数等于入样概率之倒数",
      en: "Weights are the inverse of the probabilities",
      fixZh: "名单被改动过：请用抽取时写出的名单。",
      fixEn: "The list was changed: use it as the draw wrote it."
    ) { survey, run in
      if survey.draws.isEmpty { run.note(zh: "还没有抽样。", en: "nothing was drawn yet.") }
      for draw in survey.draws {
        let source = survey.sources[draw.list]
        guard let column = source.table["weight"], let whole = source.table["inclusion_probability"] else { continue }
        let weights = survey.numbers(column).values
        let probabilities = survey.numbers(whole).values
        let hits = draw.stages.compactMap { source.table["\($0.name)_hits"] }.map { survey.numbers($0).values }
        for row in 0..<source.rowCount where !weights[row].isNaN && !probabilities[row].isNaN {
          run.count(1)
          let times = hits.reduce(1.0) { $0 * ($1[row].isNaN ? 1 : $1[row]) }
          let wanted = times / probabilities[row]
          guard abs(weights[row] - wanted) > 1e-9 * wanted else { continue }
          run.fail(
            source,
            row: row,
            column: column.name,
            value: column.text(at: row),
            zh: "与入样概率不符，应为 \(shortest(wanted))。",
            en: "does not fit the inclusion probability: it must be \(shortest(wanted))."
          )
        }
      }
    },
    CheckRule(
      "weight-extreme",
      .weights,
      .warn,
      zh: "权数不悬殊",
      en: "No weight is far above the others",
      fixZh: "请核对设计；必要时截尾。",
      fixEn: "Check the design; trim the weights where needed."
    ) { survey, run in
      let most = survey.settings[.weightRatio]
      each(survey, &run) { source, column, weights, run in
        let sorted = weights.filter { $0 > 0 }.sorted()
        guard !sorted.isEmpty else { return }
        let middle = sorted[sorted.count / 2]
        run.count(sorted.count)
        let far = weights.indices.filter { weights[$0] > most * middle }
        guard let first = far.max(by: { weights[$0] < weights[$1] }) else { return }
        run.fail(
          source,
          row: first,
          column: column.name,
          value: column.text(at: first),
          zh: "为其中最大；\(far.count) 个权数超过中位数（\(shortest(middle))）的 \(shortest(most)) 倍。",
          en: "is the largest of \(far.count) weights that are more than \(shortest(most)) times the median, "
            + "\(shortest(middle))."
        )
      }
    },
  ]

  private static func each(
    _ survey: CheckedSurvey,
    _ run: inout RuleRun,
    _ body: (CheckedSource, Column, [Double], inout RuleRun) -> Void
  ) {
    var any = false
    for source in survey.sources where source.kind == .list || source.kind == .responses {
      guard let column = survey.column(.weight, in: source) else { continue }
      any = true
      body(source, column, survey.numbers(column).values, &run)
    }
    if !any { run.lacks([.weight]) }
  }
}
