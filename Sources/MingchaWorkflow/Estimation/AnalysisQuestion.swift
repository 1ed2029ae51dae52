package import SurveyData
package import SurveyEstimation
internal import SurveyReporting

/// Quantiles, functions of estimates, tests and models in the words of the command line.
package struct AnalysisQuestion: Sendable {
  package var quantiles: [String] = []
  package var probabilities: String?
  package var quantileRule: String?
  package var quantileInterval: String?
  package var variances: [String] = []
  package var deviations: [String] = []
  package var contrasts: [String] = []
  /// `row,column`.
  package var tables: [String] = []
  package var tableTest: String?
  /// `y ~ group`, or `y ~ 0` for one mean.
  package var meanTests: [String] = []
  package var mean: Double?
  package var rankTests: [String] = []
  package var rankScore: String?
  package var regressions: [String] = []
  package var family: String?

  package init() {}

  var asksEstimates: Bool { !quantiles.isEmpty || !variances.isEmpty || !deviations.isEmpty }
  var asksTests: Bool {
    !tables.isEmpty || !meanTests.isEmpty || !rankTests.isEmpty || !regressions.isEmpty
  }

  func request(_ reader: inout QuestionReader, filter: Expression?) -> AnalysisRequest {
    var request = AnalysisRequest(filter: filter)
    refuseOrphans(&reader)
    readQuantiles(&reader, filter: filter, into: &request)
    for text in deviations {
      let key = "variance(\(text))"
      if !variances.contains(text) { request.hidden.insert(key) }
      if let formula = reader.formula("--sd", "sqrt(`\(key)`)") {
        request.functions.append(FigureFunction(key: "sd(\(text))", formula: formula))
      }
    }
    for text in contrasts {
      guard let formula = reader.formula("--contrast", text) else { continue }
      request.functions.append(FigureFunction(key: text, formula: formula))
    }
    let statistic = reader.choice("--test", tableTest, of: AssociationStatistic.allCases) ?? .raoScottF
    for text in tables {
      let columns = listParts(text)
      guard columns.count == 2 else {
        reader.refuse(
          "--table",
          value: text,
          LocalizedText(zh: "应为“行,列”两列。", en: "names two columns, ROW,COLUMN."),
          LocalizedText(zh: "例如 --table stype,awards。", en: "Write --table stype,awards, say.")
        )
        continue
      }
      request.analyses.append(
        Analysis(
          .association(row: columns[0], column: columns[1], statistic: statistic),
          name: "\(columns[0]) × \(columns[1])",
          filter: filter
        )
      )
    }
    for text in meanTests {
      guard let model = reader.model("--ttest", text) else { continue }
      let isOne = model.terms.isEmpty || text.hasZero
      let question: Analysis.Question = isOne ? .mean(model.response, against: mean ?? 0) : .means(model)
      request.analyses.append(Analysis(question, name: model.source, filter: filter))
    }
    let score = reader.choice("--rank", rankScore, of: RankScore.allCases) ?? .wilcoxon
    for text in rankTests {
      guard let model = reader.model("--ranktest", text) else { continue }
      request.analyses.append(Analysis(.ranks(model, score: score), name: model.source, filter: filter))
    }
    let family = reader.choice("--family", family, of: RegressionFamily.allCases) ?? .linear
    for text in regressions {
      guard let model = reader.model("--regress", text) else { continue }
      request.analyses.append(Analysis(.regression(model, family: family), name: model.source, filter: filter))
    }
    return request
  }

  private func refuseOrphans(_ reader: inout QuestionReader) {
    let needs: [(String, Bool, String, Bool)] = [
      ("--probs", probabilities != nil, "--quantile", quantiles.isEmpty),
      ("--quantile-rule", quantileRule != nil, "--quantile", quantiles.isEmpty),
      ("--quantile-interval", quantileInterval != nil, "--quantile", quantiles.isEmpty),
      ("--test", tableTest != nil, "--table", tables.isEmpty),
      ("--mu", mean != nil, "--ttest", meanTests.isEmpty),
      ("--rank", rankScore != nil, "--ranktest", rankTests.isEmpty),
      ("--family", family != nil, "--regress", regressions.isEmpty),
    ]
    for (option, isGiven, needed, isMissing) in needs where isGiven && isMissing { reader.needs(needed, for: option) }
  }

  private func readQuantiles(_ reader: inout QuestionReader, filter: Expression?, into request: inout AnalysisRequest) {
    let rule = reader.choice("--quantile-rule", quantileRule, of: QuantileRule.allCases) ?? .math
    let interval = reader.choice("--quantile-interval", quantileInterval, of: QuantileInterval.allCases) ?? .mean
    var shares: [Double] = []
    for part in listParts(probabilities ?? "0.25,0.5,0.75") {
      if let share = plainNumber(part), share > 0, share < 1 {
        shares.append(share)
      } else {
        reader.refuse(
          "--probs",
          value: part,
          LocalizedText(zh: "应在 0 与 1 之间。", en: "must lie between 0 and 1."),
          LocalizedText(zh: "例如 0.25,0.5,0.75。", en: "Write 0.25,0.5,0.75, say.")
        )
      }
    }
    for text in quantiles {
      guard let variable = reader.expression("--quantile", text) else { continue }
      request.quantiles.append(
        QuantileRequest(variable: variable, probabilities: shares, rule: rule, interval: interval, filter: filter)
      )
    }
  }
}

extension String {
  /// Whether the right side of a formula is 0 or 1 alone: no groups.
  fileprivate var hasZero: Bool {
    let side = topParts(self, separator: "~").last
    return side == "0" || side == "1"
  }
}

/// What is asked of a sample besides estimates of indicators.
package struct AnalysisRequest: Sendable {
  package var filter: Expression?
  package var quantiles: [QuantileRequest] = []
  package var doubleSamples: [DoubleSamplingRequest] = []
  package var functions: [FigureFunction] = []
  /// Functions that need the register's counts yet.
  package var composites: [CompositeRequest] = []
  /// Tests and models, answered in every domain.
  package var analyses: [Analysis] = []
  /// Indicators that only a function needs: not reported.
  package var hidden: Set<String> = []

  package init(filter: Expression? = nil) {
    self.filter = filter
  }

  /// What quantiles and standard deviations are called in tables; other functions are called by their formula.
  var labels: [IndicatorLabel] {
    var labels: [IndicatorLabel] = []
    for request in quantiles {
      for share in request.probabilities {
        let (name, text) = (request.variable.source, shortest(share))
        labels.append(
          IndicatorLabel(
            key: request.key(share),
            name: LocalizedText(zh: "\(name) 的 \(text) 分位数", en: "Quantile \(text) of \(name)")
          )
        )
      }
    }
    for request in doubleSamples {
      let (second, first) = (request.second.source, request.first.source)
      labels.append(
        IndicatorLabel(
          key: request.key,
          name: LocalizedText(
            zh: "\(second) 的均值，由 \(first) 校正（双重抽样）",
            en: "Mean of \(second) with the help of \(first) (double sampling)"
          )
        )
      )
    }
    for function in functions where function.key.hasPrefix("corrected(") || function.key.hasPrefix("composite(") {
      let inner = String(function.key.dropFirst(10).dropLast())
      labels.append(
        IndicatorLabel(
          key: function.key,
          name: function.key.hasPrefix("corrected(")
            ? LocalizedText(zh: "\(inner)，按判定准确度校正", en: "\(inner), corrected for the accuracy of the judgement")
            : LocalizedText(zh: "综合贫困发生率（\(inner)）", en: "Composite poverty incidence (\(inner))")
        )
      )
    }
    for function in functions where function.key.hasPrefix("sd(") {
      let name = String(function.key.dropFirst(3).dropLast())
      labels.append(
        IndicatorLabel(
          key: function.key,
          name: LocalizedText(zh: "\(name) 的标准差", en: "Standard deviation of \(name)")
        )
      )
    }
    return labels
  }

  /// Whether an answer needs the rows themselves.
  var needsRows: Bool {
    if composites.contains(where: { $0.register.path != nil }) { return true }
    return !quantiles.isEmpty || !doubleSamples.isEmpty || !analyses.isEmpty
  }

  /// Columns that may hold classes: read as texts, of which numbers can be made.
  var columns: [String] { analyses.flatMap(\.classColumns) }
}
