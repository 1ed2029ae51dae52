internal import Documents
internal import SurveyData
internal import SurveyEstimation

extension AnalysisResult {
  /// What was asked and of which domain.
  var place: String {
    if domain.isEmpty { return analysis.name }
    return analysis.name + " [" + domain.map { "\($0.variable)=\($0.value)" }.joined(separator: ",") + "]"
  }

  /// Whether the number of rows enters, besides their weights.
  var countsRows: Bool {
    switch analysis.question {
    case .association, .ranks: true
    case .mean, .means, .regression: false
    }
  }

  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("asked", .text(analysis.name)),
      ("method", .object([("zh", .text(analysis.method.zh)), ("en", .text(analysis.method.en))])),
      ("domain", .object(domain.map { ($0.variable, .text($0.value)) })),
    ]
    switch analysis.question {
    case .association(let row, let column, let statistic):
      members += [("row", .text(row)), ("column", .text(column)), ("test", .text(statistic.rawValue))]
    case .regression(_, let family): members.append(("family", .text(family.rawValue)))
    case .mean, .means, .ranks: break
    }
    switch outcome {
    case .association(let test): members += test.json
    case .comparison(let test): members += test.json
    case .regression(let model): members += model.json
    case .impossible(let finding): members.append(("reason", finding.json))
    }
    return .object(members)
  }
}

extension AssociationTest {
  fileprivate var json: [(String, JSONValue)] {
    [
      ("row_levels", .texts(rowLevels)), ("column_levels", .texts(columnLevels)),
      ("table", .array(table.map { row in .array(row.map { .number($0) }) })), ("statistic", .number(statistic)),
      ("degrees_of_freedom", .array(degreesOfFreedom.map { .number($0) })), ("p_value", .number(pValue)),
    ]
  }
}

extension ComparisonTest {
  fileprivate var json: [(String, JSONValue)] {
    [
      ("difference", .number(difference)), ("standard_error", .number(standardError)), ("lower", .number(lower)),
      ("upper", .number(upper)), ("statistic", .number(statistic)), ("degrees_of_freedom", .integer(degreesOfFreedom)),
      ("p_value", .number(pValue)),
    ]
  }
}

extension SurveyRegression {
  fileprivate var json: [(String, JSONValue)] {
    [
      ("rows", .integer(rows)),
      (
        "coefficients",
        .array(
          coefficients.map { own in
            .object([
              ("term", .text(own.name)), ("estimate", .number(own.estimate)),
              ("standard_error", .number(own.standardError)), ("lower", .number(own.lower)),
              ("upper", .number(own.upper)), ("statistic", .number(own.statistic)), ("p_value", .number(own.pValue)),
            ])
          }
        )
      ), ("covariance", .array(covariance.map { row in .array(row.map { .number($0) }) })),
      ("residual_degrees_of_freedom", .integer(residualDegreesOfFreedom)),
      ("design_degrees_of_freedom", .integer(designDegreesOfFreedom)), ("dispersion", .number(dispersion)),
    ]
  }
}

extension Analysis {
  /// What was done, in words.
  var method: LocalizedText {
    switch question {
    case .association(_, _, .raoScottF):
      LocalizedText(zh: "Rao–Scott 二阶校正的 F 检验", en: "Pearson's X² with Rao and Scott's second-order correction, as F")
    case .association(_, _, .raoScottChiSquare):
      LocalizedText(zh: "Rao–Scott 一阶校正的 χ² 检验", en: "Pearson's X² with Rao and Scott's first-order correction, as χ²")
    case .association(_, _, .wald): LocalizedText(zh: "Wald 检验", en: "Wald's test")
    case .association(_, _, .adjustedWald):
      LocalizedText(zh: "自由度调整的 Wald 检验", en: "Wald's test adjusted for degrees of freedom")
    case .association(_, _, .saddlepoint):
      LocalizedText(zh: "Pearson X²，鞍点近似", en: "Pearson's X² by a saddlepoint approximation")
    case .mean(_, let value):
      LocalizedText(zh: "均值与 \(shortest(value)) 之差的 t 检验", en: "t test of the mean against \(shortest(value))")
    case .means: LocalizedText(zh: "两组均值之差的 t 检验", en: "t test of the difference between two groups' means")
    case .ranks(_, .wilcoxon): LocalizedText(zh: "两组的 Wilcoxon 秩检验", en: "Wilcoxon rank test of two groups")
    case .ranks(_, .vanderWaerden):
      LocalizedText(zh: "两组的正态得分检验", en: "normal scores test of two groups (van der Waerden)")
    case .ranks(_, .median): LocalizedText(zh: "两组的中位数检验", en: "median test of two groups")
    case .regression(_, .linear): LocalizedText(zh: "线性回归", en: "linear regression")
    case .regression(_, .logistic): LocalizedText(zh: "logistic 回归", en: "logistic regression")
    case .regression(_, .poisson): LocalizedText(zh: "Poisson 回归", en: "Poisson regression")
    }
  }
}

/// Tests and models as tables for readers and workbooks: the domains of an analysis are rows of one table.
struct AnalysisTables {
  let language: Language
  /// Of one analysis.
  private let results: [AnalysisResult]
  /// By-variables, each once.
  private let variables: [String]

  /// The tables of all results, in their order.
  static func tables(_ results: [AnalysisResult], _ language: Language) -> [DocumentTable] {
    var groups: [[AnalysisResult]] = []
    for result in results {
      // The whole sample, or the first domain, begins an analysis.
      if let first = groups.last?.first, first.analysis.name == result.analysis.name,
        first.analysis.method == result.analysis.method,
        groups.last?.contains(where: { $0.domain == result.domain }) == false
      {
        groups[groups.count - 1].append(result)
      } else {
        groups.append([result])
      }
    }
    return groups.flatMap { AnalysisTables(language, $0).tables }
  }

  private init(_ language: Language, _ results: [AnalysisResult]) {
    self.language = language
    self.results = results
    var seen = Set<String>()
    variables = results.flatMap { $0.domain.map(\.variable) }.filter { seen.insert($0).inserted }
  }

  private func say(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }

  private var head: String {
    guard let analysis = results.first?.analysis else { return "" }
    return analysis.method.text(in: language) + say("：", ": ") + analysis.name
  }

  private var tables: [DocumentTable] {
    guard let first = results.first else { return [] }
    switch first.analysis.question {
    case .association(let row, let column, _): return counts(row, column) + [tests]
    case .mean, .means, .ranks: return [comparisons]
    case .regression: return [regressions]
    }
  }

  private var domainColumns: [DocumentColumn] { variables.map { DocumentColumn($0, $0, .text) } }

  /// The columns of the domain; of the whole sample they are empty for a machine.
  private func cells(_ result: AnalysisResult) -> [Cell] {
    variables.map { name in
      result.domain.first { $0.variable == name }.map { .text($0.value) } ?? .empty(reason: say("全部", "all"))
    }
  }

  /// A column of reasons where a domain has no answer.
  private var reasonColumns: [DocumentColumn] {
    hasReasons ? [DocumentColumn("reason", say("未答原因", "No answer"), .text)] : []
  }

  private var hasReasons: Bool { results.contains { if case .impossible = $0.outcome { true } else { false } } }

  private func table(
    _ key: String,
    title: String,
    _ columns: [DocumentColumn],
    notes: [String] = [],
    _ rows: (AnalysisResult) -> [[Cell]]
  ) -> DocumentTable {
    DocumentTable(
      key: key,
      title: title,
      columns: domainColumns + columns + reasonColumns,
      rows: results.flatMap { result -> [[Cell]] in
        if case .impossible(let finding) = result.outcome {
          let none = [Cell](repeating: .empty(reason: nil), count: columns.count)
          let value = finding.shownValue.map { $0 + " " } ?? ""
          return [cells(result) + none + [.text(value + finding.message.text(in: language))]]
        }
        let last: [Cell] = hasReasons ? [.empty(reason: nil)] : []
        return rows(result).map { cells(result) + $0 + last }
      },
      notes: notes
    )
  }

  private func counts(_ row: String, _ column: String) -> [DocumentTable] {
    var told: [DocumentTable] = []
    for result in results {
      guard case .association(let test) = result.outcome else { continue }
      let place = result.domain.map { "\($0.variable)=\($0.value)" }.joined(separator: ", ")
      told.append(
        DocumentTable(
          key: "crosstab",
          title: place.isEmpty ? head : place,
          columns: [DocumentColumn("level", row, .text)]
            + test.columnLevels.map { DocumentColumn($0, "\(column)=\($0)", .decimal(1)) },
          rows: test.rowLevels.indices.map { row in
            [.text(test.rowLevels[row])] + test.table[row].map { .number($0, orReason: say("不公布", "suppressed")) }
          },
          notes: told.isEmpty ? [say("单元格为加权频数。", "Cells are weighted counts.")] : []
        )
      )
    }
    return told
  }

  private var tests: DocumentTable {
    var count = 0
    for result in results {
      if case .association(let test) = result.outcome { count = max(count, test.degreesOfFreedom.count) }
    }
    let names = ["df1", "df2"]
    return table(
      "test",
      title: "",
      [DocumentColumn("statistic", say("统计量", "Statistic"), .decimal(4))]
        + (0..<count).map { DocumentColumn(names[$0], names[$0], .decimal(3)) }
        + [DocumentColumn("p_value", "p", .decimal(6))]
    ) { result in
      guard case .association(let test) = result.outcome else { return [] }
      return [
        [.number(test.statistic, orReason: nil)] + test.degreesOfFreedom.map { .number($0, orReason: nil) } + [
          .number(test.pValue, orReason: nil)
        ]
      ]
    }
  }

  private var comparisons: DocumentTable {
    table(
      "comparison",
      title: head,
      [
        DocumentColumn("difference", say("差", "Difference"), .decimal(6)),
        DocumentColumn("standard_error", say("标准误", "SE"), .decimal(6)),
        DocumentColumn("lower", say("下限", "Lower"), .decimal(6)),
        DocumentColumn("upper", say("上限", "Upper"), .decimal(6)),
        DocumentColumn("statistic", "t", .decimal(4)), DocumentColumn("df", say("自由度", "df"), .integer),
        DocumentColumn("p_value", "p", .decimal(6)),
      ]
    ) { result in
      guard case .comparison(let test) = result.outcome else { return [] }
      return [
        [test.difference, test.standardError, test.lower, test.upper, test.statistic].map { .number($0, orReason: nil) }
          + [
            .integer(test.degreesOfFreedom), .number(test.pValue, orReason: nil),
          ]
      ]
    }
  }

  private var regressions: DocumentTable {
    var notes: [String] = []
    for result in results {
      guard case .regression(let model) = result.outcome else { continue }
      let place = result.domain.map { "\($0.variable)=\($0.value)" }.joined(separator: ", ")
      let dispersion = NumberText.fixed(model.dispersion, digits: 4)
      notes.append(
        (place.isEmpty ? "" : place + say("：", ": "))
          + say(
            "行数 \(model.rows)；检验的自由度 \(model.residualDegreesOfFreedom)，区间的自由度 "
              + "\(model.designDegreesOfFreedom)；离散度 \(dispersion)。",
            "\(model.rows) rows; tests have \(model.residualDegreesOfFreedom) degrees of freedom, limits "
              + "\(model.designDegreesOfFreedom); dispersion \(dispersion)."
          )
      )
    }
    return table(
      "regression",
      title: head,
      [
        DocumentColumn("term", say("项", "Term"), .text),
        DocumentColumn("estimate", say("系数", "Coefficient"), .decimal(6)),
        DocumentColumn("standard_error", say("标准误", "SE"), .decimal(6)),
        DocumentColumn("lower", say("下限", "Lower"), .decimal(6)),
        DocumentColumn("upper", say("上限", "Upper"), .decimal(6)),
        DocumentColumn("statistic", "t", .decimal(4)), DocumentColumn("p_value", "p", .decimal(6)),
      ],
      notes: notes
    ) { result in
      guard case .regression(let model) = result.outcome else { return [] }
      return model.coefficients.map { own in
        [.text(own.name)]
          + [own.estimate, own.standardError, own.lower, own.upper, own.statistic, own.pValue].map {
            .number($0, orReason: nil)
          }
      }
    }
  }
}
