internal import Documents
internal import SurveyData
internal import SurveyEstimation

extension AnalysisResult {
  /// What was asked, as the command line has it.
  var title: String {
    switch self {
    case .table(let asked, _): "\(asked.row) × \(asked.column)"
    case .comparison(let asked, _): asked.model.source
    case .regression(let asked, _): asked.model.source
    }
  }

  /// What was done, in words.
  var method: LocalizedText {
    switch self {
    case .table(let asked, _):
      switch asked.statistic {
      case .raoScottF:
        LocalizedText(zh: "Rao–Scott 二阶校正的 F 检验", en: "Pearson's X² with Rao and Scott's second-order correction, as F")
      case .raoScottChiSquare:
        LocalizedText(
          zh: "Rao–Scott 一阶校正的 χ² 检验",
          en: "Pearson's X² with Rao and Scott's first-order correction, as χ²"
        )
      case .wald: LocalizedText(zh: "Wald 检验", en: "Wald's test")
      case .adjustedWald: LocalizedText(zh: "自由度调整的 Wald 检验", en: "Wald's test adjusted for degrees of freedom")
      case .saddlepoint:
        LocalizedText(zh: "Pearson X²，鞍点近似", en: "Pearson's X² by a saddlepoint approximation")
      }
    case .comparison(let asked, _):
      switch asked.kind {
      case .mean(let value):
        LocalizedText(zh: "均值与 \(shortest(value)) 之差的 t 检验", en: "t test of the mean against \(shortest(value))")
      case .means: LocalizedText(zh: "两组均值之差的 t 检验", en: "t test of the difference between two groups' means")
      case .ranks(.wilcoxon): LocalizedText(zh: "两组的 Wilcoxon 秩检验", en: "Wilcoxon rank test of two groups")
      case .ranks(.vanderWaerden):
        LocalizedText(zh: "两组的正态得分检验", en: "normal scores test of two groups (van der Waerden)")
      case .ranks(.median): LocalizedText(zh: "两组的中位数检验", en: "median test of two groups")
      }
    case .regression(let asked, _):
      switch asked.family {
      case .linear: LocalizedText(zh: "线性回归", en: "linear regression")
      case .logistic: LocalizedText(zh: "logistic 回归", en: "logistic regression")
      case .poisson: LocalizedText(zh: "Poisson 回归", en: "Poisson regression")
      }
    }
  }

  /// The tables for readers and workbooks.
  func tables(_ language: Language) -> [DocumentTable] {
    func say(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    let head = method.text(in: language) + say("：", ": ") + title
    switch self {
    case .table(let asked, let test):
      let counts = DocumentTable(
        key: "crosstab",
        title: head,
        columns: [DocumentColumn("level", asked.row, .text)]
          + test.columnLevels.map { DocumentColumn($0, "\(asked.column)=\($0)", .decimal(1)) },
        rows: test.rowLevels.indices.map { row in
          [.text(test.rowLevels[row])] + test.table[row].map { .number($0) }
        },
        notes: [say("单元格为加权频数。", "Cells are weighted counts.")]
      )
      let names = ["df1", "df2"]
      let result = DocumentTable(
        key: "test",
        title: "",
        columns: [DocumentColumn("statistic", say("统计量", "Statistic"), .decimal(4))]
          + test.degreesOfFreedom.indices.map { DocumentColumn(names[$0], names[$0], .decimal(3)) }
          + [DocumentColumn("p_value", "p", .decimal(6))],
        rows: [
          [.number(test.statistic)] + test.degreesOfFreedom.map { .number($0) }
            + [.number(test.pValue)]
        ]
      )
      return [counts, result]
    case .comparison(_, let test):
      return [
        DocumentTable(
          key: "comparison",
          title: head,
          columns: [
            DocumentColumn("difference", say("差", "Difference"), .decimal(6)),
            DocumentColumn("standard_error", say("标准误", "SE"), .decimal(6)),
            DocumentColumn("lower", say("下限", "Lower"), .decimal(6)),
            DocumentColumn("upper", say("上限", "Upper"), .decimal(6)),
            DocumentColumn("statistic", "t", .decimal(4)), DocumentColumn("df", say("自由度", "df"), .integer),
            DocumentColumn("p_value", "p", .decimal(6)),
          ],
          rows: [
            [test.difference, test.standardError, test.lower, test.upper, test.statistic].map {
              .number($0)
            } + [.integer(test.degreesOfFreedom), .number(test.pValue)]
          ]
        )
      ]
    case .regression(_, let model):
      return [
        DocumentTable(
          key: "regression",
          title: head,
          columns: [
            DocumentColumn("term", say("项", "Term"), .text),
            DocumentColumn("estimate", say("系数", "Coefficient"), .decimal(6)),
            DocumentColumn("standard_error", say("标准误", "SE"), .decimal(6)),
            DocumentColumn("lower", say("下限", "Lower"), .decimal(6)),
            DocumentColumn("upper", say("上限", "Upper"), .decimal(6)),
            DocumentColumn("statistic", "t", .decimal(4)), DocumentColumn("p_value", "p", .decimal(6)),
          ],
          rows: model.coefficients.map { own in
            [.text(own.name)]
              + [own.estimate, own.standardError, own.lower, own.upper, own.statistic, own.pValue].map {
                .number($0)
              }
          },
          notes: [
            say(
              "行数 \(model.rows)；检验的自由度 \(model.residualDegreesOfFreedom)，区间的自由度 \(model.designDegreesOfFreedom)；离散度 \(NumberText.fixed(model.dispersion, digits: 4))。",
              "\(model.rows) rows; tests have \(model.residualDegreesOfFreedom) degrees of freedom, limits "
                + "\(model.designDegreesOfFreedom); dispersion \(NumberText.fixed(model.dispersion, digits: 4))."
            )
          ]
        )
      ]
    }
  }

  var json: JSONValue {
    let head: [(String, JSONValue)] = [
      ("asked", .text(title)), ("method", .object([("zh", .text(method.zh)), ("en", .text(method.en))])),
    ]
    switch self {
    case .table(let asked, let test):
      return .object(
        head + [
          ("row", .text(asked.row)), ("column", .text(asked.column)), ("test", .text(asked.statistic.rawValue)),
          ("row_levels", .texts(test.rowLevels)), ("column_levels", .texts(test.columnLevels)),
          ("table", .array(test.table.map { row in .array(row.map { .number($0) }) })),
          ("statistic", .number(test.statistic)),
          ("degrees_of_freedom", .array(test.degreesOfFreedom.map { .number($0) })), ("p_value", .number(test.pValue)),
        ]
      )
    case .comparison(_, let test):
      return .object(
        head + [
          ("difference", .number(test.difference)), ("standard_error", .number(test.standardError)),
          ("lower", .number(test.lower)), ("upper", .number(test.upper)), ("statistic", .number(test.statistic)),
          ("degrees_of_freedom", .integer(test.degreesOfFreedom)), ("p_value", .number(test.pValue)),
        ]
      )
    case .regression(let asked, let model):
      return .object(
        head + [
          ("family", .text(asked.family.rawValue)), ("rows", .integer(model.rows)),
          (
            "coefficients",
            .array(
              model.coefficients.map { own in
                .object([
                  ("term", .text(own.name)), ("estimate", .number(own.estimate)),
                  ("standard_error", .number(own.standardError)), ("lower", .number(own.lower)),
                  ("upper", .number(own.upper)), ("statistic", .number(own.statistic)),
                  ("p_value", .number(own.pValue)),
                ])
              }
            )
          ), ("covariance", .array(model.covariance.map { row in .array(row.map { .number($0) }) })),
          ("residual_degrees_of_freedom", .integer(model.residualDegreesOfFreedom)),
          ("design_degrees_of_freedom", .integer(model.designDegreesOfFreedom)),
          ("dispersion", .number(model.dispersion)),
        ]
      )
    }
  }
}

extension Cell {
  fileprivate static func number(_ value: Double?) -> Cell { .number(value, orReason: nil) }
}

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
