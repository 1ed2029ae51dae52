internal import Documents
internal import SurveyData
internal import SurveyEstimation

extension WeightSummary {
  /// Range, variation and history as a table.
  func table(_ language: Language) -> DocumentTable {
    func say(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    func cells(_ name: String, _ range: Range) -> [Cell] {
      [
        .text(name), .number(range.sum), .number(range.least), .number(range.largest), .number(range.variation),
        .number(range.effect), .number(range.effectiveRows), .empty(reason: nil), .empty(reason: nil),
        .empty(reason: nil),
      ]
    }
    var rows = [cells(say("设计权数", "Design weights"), design)]
    for step in steps {
      var own = cells("→ " + step.name.text(in: language), step.range)
      own[7] = .number(step.leastFactor)
      own[8] = .number(step.largestFactor)
      if let miss = step.largestMiss { own[9] = .number(miss) }
      rows.append(own)
    }
    var last = cells(say("最终权数", "Final weights"), final)
    last[7] = .number(leastFactor)
    last[8] = .number(largestFactor)
    rows.append(last)
    return DocumentTable(
      key: "weights",
      title: say("权数", "Weights"),
      columns: [
        DocumentColumn("weights", say("权数", "Weights"), .text), DocumentColumn("sum", say("合计", "Sum"), .decimal(2)),
        DocumentColumn("least", say("最小", "Least"), .decimal(4)),
        DocumentColumn("largest", say("最大", "Largest"), .decimal(4)),
        DocumentColumn("variation", say("变异系数", "CV"), .decimal(4)),
        DocumentColumn("kish", "1+cv²", .decimal(4)), DocumentColumn("effective", "n/(1+cv²)", .decimal(1)),
        DocumentColumn("least_factor", say("最小倍数", "Least factor"), .decimal(4)),
        DocumentColumn("largest_factor", say("最大倍数", "Largest factor"), .decimal(4)),
        DocumentColumn("largest_miss", say("总数最大偏差", "Largest miss"), .decimal(4)),
      ],
      rows: rows
    )
  }

  var json: JSONValue {
    func json(_ range: Range) -> JSONValue {
      .object([
        ("rows", .integer(range.rows)), ("sum", .number(range.sum)), ("least", .number(range.least)),
        ("largest", .number(range.largest)), ("coefficient_of_variation", .number(range.variation)),
        ("kish_effect", .number(range.effect)), ("effective_rows", .number(range.effectiveRows)),
      ])
    }
    return .object([
      ("design", json(design)), ("final", json(final)), ("least_factor", .number(leastFactor)),
      ("largest_factor", .number(largestFactor)),
      (
        "steps",
        .array(
          steps.map { step in
            .object([
              ("zh", .text(step.name.zh)), ("en", .text(step.name.en)), ("sum_before", .number(step.sumBefore)),
              ("sum_after", .number(step.sumAfter)), ("least_factor", .number(step.leastFactor)),
              ("largest_factor", .number(step.largestFactor)), ("largest_miss", .number(step.largestMiss)),
              ("weights", json(step.range)),
            ])
          }
        )
      ),
    ])
  }
}
