import SurveyData
import SurveyDesign
import SurveyEstimation
import Testing

/// Rows drawn by themselves, with weights whose squares no double holds exactly.
private let rows: Table = {
  let count = 90
  return Table(columns: [
    Column("stratum", texts: (0..<count).map { "S\($0 % 3)" }),
    Column("w", numbers: (0..<count).map { [10.0 / 3, 44.1, 1.7][$0 % 3] }),
    Column("uneven", numbers: (0..<count).map { 1 + Double($0 * 7 % 13) / 9 }),
    Column("constant", numbers: [Double](repeating: 785.3, count: count)),
    Column("x", numbers: (0..<count).map { Double($0 * 31 % 97) / 7 + 0.1 }),
    Column("twice", numbers: (0..<count).map { 2 * (Double($0 * 31 % 97) / 7 + 0.1) }),
  ])
}()

private func standardError(_ statistic: Indicator.Statistic, weights: String) throws -> (Double, Double) {
  let design = SampleDesign(
    stages: [SampleDesign.Stage(strata: ["stratum"], unit: .row)],
    weights: .expression(Expression(column: weights)),
    lonelyUnits: .fail,
    adjustsLonelyDomains: false,
    unitsNestedInStrata: true
  )
  let request = EstimationRequest(
    indicators: [Indicator(key: "y", statistic: statistic)],
    domains: [[]],
    level: 0.95,
    domainVariance: .withinUnit,
    domainFreedom: .domain,
    deff: nil,
    plannedCorrelation: 0.02,
    dropsMissing: false,
    covariances: false
  )
  let figure = try #require(try estimate(rows, design: design, request: request).estimates.first)
  return (try #require(figure.estimate), try #require(figure.standardError))
}

@Suite struct ConstantAnswerTests {
  @Test("an answer that never varies has no sampling error in its mean", arguments: ["w", "uneven"])
  func mean(weights: String) throws {
    let (estimate, error) = try standardError(.mean(Expression(column: "constant")), weights: weights)
    #expect(abs(estimate - 785.3) <= 1e-12 * 785.3)
    #expect(error <= 1e-12 * 785.3)
  }

  @Test("the total of a constant with one weight a stratum has no sampling error")
  func total() throws {
    let (estimate, error) = try standardError(.total(Expression(column: "constant")), weights: "w")
    #expect(error <= 1e-12 * estimate)
  }

  @Test("a ratio that is the same in every row has no sampling error", arguments: ["w", "uneven"])
  func ratio(weights: String) throws {
    let (estimate, error) = try standardError(
      .ratio(Expression(column: "twice"), Expression(column: "x")),
      weights: weights
    )
    #expect(abs(estimate - 2) <= 1e-12)
    #expect(error <= 1e-12)
  }
}
