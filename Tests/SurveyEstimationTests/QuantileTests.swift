import StatisticalFunctions
import SurveyData
import SurveyDesign
import SurveyEstimation
import Testing

@Suite struct QuantileTests {
  private let table = RandomSurvey.table(seed: 23)

  private func quantile(
    _ probability: Double,
    _ interval: QuantileInterval,
    of name: String = "persons",
    in table: Table,
    design: SampleDesign
  ) throws -> QuantileEstimate {
    let found = try SurveySample(table, design: design).quantiles(
      of: Expression(column: name),
      probabilities: [probability],
      rule: .math,
      interval: interval,
      level: 0.95,
      dropsMissing: true
    )
    return try #require(found.first)
  }

  /// How far a value lies below the quantile, from the estimate of the share above it.
  private func score(_ value: Double, _ probability: Double, of name: String, _ design: SampleDesign) throws -> Double {
    let request = EstimationRequest(
      indicators: [Indicator(key: "above", statistic: .mean(try Expression(parsing: "\(name) > \(value)")))],
      domains: [[]],
      level: 0.95,
      domainVariance: .unconditional,
      domainFreedom: .design,
      deff: nil,
      plannedCorrelation: 0.02,
      dropsMissing: true,
      covariances: false
    )
    let share = try estimate(table, design: design, request: request).estimates[0]
    return (try #require(share.estimate) - (1 - probability)) / (try #require(share.standardError))
  }

  @Test("limits by the score are the values that the test does not reject", arguments: [0.3, 0.5, 0.7])
  func scoreLimits(probability: Double) throws {
    let design = RandomSurvey.design()
    let ours = try quantile(probability, .score, in: table, design: design)
    let t = StudentT(degreesOfFreedom: Double(ours.degreesOfFreedom)).quantile(0.975)
    let observed = Set(try table.column("persons").numbersForTests).sorted()
    let scores = try observed.map { try score($0, probability, of: "persons", design) }
    let accepted = scores.indices.filter { abs(scores[$0]) < t }
    let first = try #require(accepted.first)
    let last = try #require(accepted.last)
    #expect(ours.lower == (first > 0 ? observed[first] : nil))
    #expect(ours.upper == (last < observed.count - 2 ? observed[last + 1] : nil))
    if let lower = ours.lower { #expect(lower <= ours.value) }
    if let upper = ours.upper { #expect(ours.value <= upper) }
  }

  private func rows(_ values: [Double]) -> (Table, SampleDesign) {
    (
      Table(columns: [Column("y", numbers: values)]),
      SampleDesign(
        stages: [SampleDesign.Stage(unit: .row)],
        weights: .equal,
        lonelyUnits: .fail,
        adjustsLonelyDomains: false,
        unitsNestedInStrata: true
      )
    )
  }

  @Test("where no value is rejected there is no limit", arguments: [QuantileInterval.score, .scoreByRows])
  func openSide(interval: QuantileInterval) throws {
    let (table, design) = rows([1, 2, 3, 4, 5, 6])
    let low = try quantile(0.2, interval, of: "y", in: table, design: design)
    #expect(low.lower == nil && low.standardError == nil)
  }

  @Test(
    "the largest value has no limits, because nothing lies beyond it",
    arguments: [QuantileInterval.mean, .xlogit, .asin, .beta]
  )
  func largest(interval: QuantileInterval) throws {
    let (table, design) = rows([1, 2, 3, 4, 5, 6])
    let ours = try quantile(0.99, interval, of: "y", in: table, design: design)
    #expect(ours.value == 6 && ours.lower == nil && ours.upper == nil)
  }

  @Test("the first value is the quantile of every share that it outweighs")
  func heavyFirstValue() throws {
    var (table, design) = rows([1, 2, 3, 4])
    table.set(Column("w", numbers: [10, 1, 1, 1]))
    design.weights = .expression(Expression(column: "w"))
    for rule in QuantileRule.allCases where rule != .hf7 {
      let found = try SurveySample(table, design: design).quantiles(
        of: Expression(column: "y"),
        probabilities: [0.1, 0.7],
        rule: rule,
        interval: .mean,
        level: 0.95
      )
      #expect(found.map(\.value) == [1, 1])
    }
  }
}

extension Column {
  fileprivate var numbersForTests: [Double] {
    if case .number(let values) = storage { values } else { [] }
  }
}
