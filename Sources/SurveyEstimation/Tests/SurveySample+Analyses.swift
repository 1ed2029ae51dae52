package import SurveyData

extension SurveySample {
  /// Answers every analysis in every domain of the sets of by-variables.
  ///
  /// - Parameters:
  ///   - analyses: what is asked.
  ///   - sets: of by-variables, among those that the sample was made with; the empty set is the whole sample.
  ///   - level: of limits.
  /// - Returns: by analysis, then by domain. A domain that cannot answer says why.
  /// - Throws: a refusal for columns that are missing or not of the kind wanted, and where the whole sample cannot
  ///   answer.
  package func answers(
    to analyses: [Analysis],
    by sets: [[String]],
    level: Double
  ) throws(InputRefusal) -> [AnalysisResult] {
    var results: [AnalysisResult] = []
    for analysis in analyses {
      for variables in sets {
        for domain in domains(by: variables) { results.append(try answer(to: analysis, in: domain, level: level)) }
      }
    }
    return results
  }

  /// Answers an analysis in one domain, as ``answers(to:by:level:)``.
  package func answer(
    to analysis: Analysis,
    in domain: [DomainValue],
    level: Double
  ) throws(InputRefusal) -> AnalysisResult {
    do throws(InputRefusal) {
      let outcome = try outcome(of: analysis, in: domain, level: level)
      return AnalysisResult(analysis, domain: domain, outcome: outcome)
    } catch {
      guard !domain.isEmpty, let finding = error.findings.first, Self.domainFaults.contains(finding.code) else {
        throw error
      }
      return AnalysisResult(analysis, domain: domain, outcome: .impossible(finding))
    }
  }

  /// What a domain may be too small for; everything else is wrong in the whole sample too.
  private static let domainFaults: Set<String> = [
    "test-impossible", "table-untestable", "regression-not-fitted", "analysis-rows", "analysis-freedom",
    "model-one-value",
  ]

  private func outcome(
    of analysis: Analysis,
    in domain: [DomainValue],
    level: Double
  ) throws(InputRefusal) -> AnalysisResult.Outcome {
    let filter = analysis.filter
    switch analysis.question {
    case .association(let row, let column, let statistic):
      let test = try associationTest(row, column, statistic: statistic, filter: filter, domain: domain)
      if !domain.isEmpty, test.pValue.isNaN { throw Self.noFreedom(analysis) }
      return .association(test)
    case .mean(let value, let mean):
      let test = try meanTest(value, against: mean, level: level, filter: filter, domain: domain)
      return .comparison(try checked(test, analysis, domain))
    case .means(let model):
      var sample = self
      let group = try model.group(in: &sample.table)
      let test = try sample.differenceTest(model.response, between: group, level: level, filter: filter, domain: domain)
      return .comparison(try checked(test, analysis, domain))
    case .ranks(let model, let score):
      var sample = self
      let group = try model.group(in: &sample.table)
      let test = try sample.rankTest(
        model.response,
        between: group,
        score: score,
        level: level,
        filter: filter,
        domain: domain
      )
      return .comparison(try checked(test, analysis, domain))
    case .regression(let model, let family):
      var sample = self
      let rows = try model.complete(try rowsInside(domain, filter: filter), in: table)
      let terms = try model.expanded(in: &sample.table, rows: rows)
      let count = rows.count { $0 }
      if !domain.isEmpty, count <= terms.count + 1 { throw Self.tooFewRows(analysis, rows: count, terms.count + 1) }
      let fitted = try sample.regression(
        model.response,
        on: terms,
        family: family,
        level: level,
        filter: filter,
        domain: domain
      )
      if !domain.isEmpty, fitted.designDegreesOfFreedom <= 0 { throw Self.noFreedom(analysis) }
      return .regression(fitted)
    }
  }

  private func checked(
    _ test: ComparisonTest,
    _ analysis: Analysis,
    _ domain: [DomainValue]
  ) throws(InputRefusal) -> ComparisonTest {
    if !domain.isEmpty, test.degreesOfFreedom <= 0 { throw Self.noFreedom(analysis) }
    if !domain.isEmpty, !test.statistic.isFinite { throw Self.noTest(analysis.name) }
    return test
  }

  private static func noFreedom(_ analysis: Analysis) -> InputRefusal {
    InputRefusal(
      Finding(
        "analysis-freedom",
        column: analysis.name,
        message: LocalizedText(zh: "自由度不足。", en: "no degrees of freedom are left."),
        fix: LocalizedText(zh: "请合并域。", en: "Join domains.")
      )
    )
  }

  private static func tooFewRows(_ analysis: Analysis, rows: Int, _ coefficients: Int) -> InputRefusal {
    InputRefusal(
      Finding(
        "analysis-rows",
        column: analysis.name,
        value: "\(rows)",
        message: LocalizedText(
          zh: "行不足以估计 \(coefficients) 个系数。",
          en: "rows are too few for \(coefficients) coefficients."
        ),
        fix: LocalizedText(zh: "请减少自变量，或合并域。", en: "Take fewer terms, or join domains.")
      )
    )
  }
}
