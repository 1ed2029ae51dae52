import SurveyData
import SurveyDesign
import SurveyEstimation
import TestSupport
import Testing

/// Units of strata with a value each in the order of selection, weights 1.
private func sample(
  _ strata: [[Double]],
  population: [Double]? = nil,
  probabilities: [Double]? = nil,
  shuffled: [Int]? = nil
) -> (Table, SampleDesign) {
  let values = strata.joined().map { $0 }
  let stratumOfRow = strata.enumerated().flatMap { stratum, own in own.map { _ in stratum } }
  let rows = shuffled ?? Array(values.indices)
  let table = Table(
    columns: [
      Column("h", texts: rows.map { "h\(stratumOfRow[$0])" }), Column("u", texts: rows.map { "u\($0)" }),
      Column("half", texts: rows.map { $0 % 2 == 0 ? "even" : "odd" }),
      Column("y", numbers: rows.map { values[$0] }), Column("place", numbers: rows.map { Double($0) * 10 }),
      Column("n", numbers: rows.map { probabilities?[$0] ?? population?[stratumOfRow[$0]] ?? 0 }),
      Column("w", numbers: rows.map { _ in 1 }),
    ],
    file: "units.csv"
  )
  var stage = SampleDesign.Stage(
    strata: ["h"],
    unit: .column("u"),
    populationSize: population == nil && probabilities == nil ? nil : "n",
    isProportional: probabilities != nil
  )
  stage.order = shuffled == nil ? .rows : .column("place")
  return (table, RandomSurvey.design([stage]))
}

private func variance(
  _ table: Table,
  _ design: SampleDesign,
  by variables: [String] = [],
  value: String? = nil
) throws -> Double {
  let request = EstimationRequest(
    indicators: [Indicator(key: "y", statistic: .total(Expression(column: "y")), interval: "t")],
    domains: [variables],
    level: 0.95,
    domainVariance: .unconditional,
    domainFreedom: .design,
    deff: nil,
    plannedCorrelation: 0.02,
    dropsMissing: true,
    covariances: false
  )
  let estimates = try estimate(table, design: design, request: request).estimates
  let found = value.map { value in estimates.first { $0.domain.first?.value == value } } ?? estimates.first
  let error = try #require(found?.standardError)
  return error * error
}

@Suite struct SuccessiveDifferenceTests {
  // 4/6 · (4 + 16 + 25) = 30, and 2/2 · 16; with n/N = 1/4 and 1/2.
  @Test("neighbours' differences by hand, with and without population sizes")
  func hand() throws {
    let strata: [[Double]] = [[1, 3, 7, 2], [5, 9]]
    let (table, design) = sample(strata)
    #expect(agree(try variance(table, design), 30 + 16))
    let (finite, known) = sample(strata, population: [16, 4])
    #expect(agree(try variance(finite, known), 22.5 + 8))
  }

  // π = .5, .3, .1, .2: 4/6 · (.6 · 4 + .8 · 16 + .85 · 25).
  @Test("with unequal probabilities the mean of 1 − π of both neighbours corrects their difference")
  func unequal() throws {
    let (table, design) = sample([[1, 3, 7, 2]], probabilities: [0.5, 0.3, 0.1, 0.2])
    #expect(agree(try variance(table, design), 4.0 / 6 * (0.6 * 4 + 0.8 * 16 + 0.85 * 25)))
  }

  // Even places hold 1, 0, 7, 0; odd ones 0, 3, 0, 2.
  @Test("units outside a domain stand in the order with 0")
  func domain() throws {
    let (table, design) = sample([[1, 3, 7, 2]], population: [16])
    let even = 0.75 * 4 / 6 * (1 + 49 + 49)
    let odd = 0.75 * 4 / 6 * (9 + 9 + 4)
    #expect(agree(try variance(table, design, by: ["half"], value: "even"), even))
    #expect(agree(try variance(table, design, by: ["half"], value: "odd"), odd))
  }

  @Test("replicates of successive differences close the round: v₂ (n − 1)/n + ½ (1 − f)(z₁ − z_n)²")
  func replicates() throws {
    let strata: [[Double]] = [[1, 3, 7, 2, 8.5, 4], [5, 9, 1]]
    let (table, design) = sample(strata, population: [24, 9])
    var random = design
    random.stages[0].order = nil
    random.adjustments = [.replication(Replication(method: "sdr"), isMeanSquaredError: true)]
    var expected = 0.0
    for (own, population) in zip(strata, [24.0, 9]) {
      let size = Double(own.count)
      let (alone, plan) = sample([own], population: [population])
      let ends = own[0] - own[own.count - 1]
      expected += try variance(alone, plan) * (size - 1) / size + (1 - size / population) / 2 * ends * ends
    }
    #expect(agree(try variance(table, random), expected, 1e-10))
  }

  @Test("a column says the order whatever the order of rows, and a trend costs less than at random")
  func order() throws {
    let strata: [[Double]] = [[1, 2, 4, 5, 7, 9, 10], [3, 4, 6]]
    let (table, design) = sample(strata, population: [70, 30])
    let (mixed, named) = sample(strata, population: [70, 30], shuffled: [6, 2, 9, 0, 4, 8, 1, 5, 7, 3])
    let own = try variance(table, design)
    #expect(agree(try variance(mixed, named), own))
    var random = design
    random.stages[0].order = nil
    #expect(try variance(table, random) > 3 * own)
  }

  @Test("rows as units are taken in the order of the file, below units as well")
  func rows() throws {
    let (table, design) = sample([[1, 3, 7, 2]], population: [16])
    var plain = design
    plain.stages[0].unit = .row
    #expect(agree(try variance(table, plain), 22.5))
    var two = RandomSurvey.design([
      SampleDesign.Stage(unit: .column("h"), populationSize: "n"), SampleDesign.Stage(unit: .row, populationSize: "n"),
    ])
    two.stages[1].order = .rows
    // Two of 16 units: (1 − 1/8) · 2 · ½ (13 − 14)², then 1/8 of (1 − 4/16) · 30 and of (1 − 2/16) · 16.
    let (both, _) = sample([[1, 3, 7, 2], [5, 9]], population: [16, 16])
    #expect(agree(try variance(both, two), 0.875 + 0.125 * (22.5 + 14)))
  }

  @Test("a missing place and one that two units share are refused with their rows")
  func refusals() throws {
    var (table, design) = sample([[1, 3, 7, 2]])
    table.set(Column("place", numbers: [1, .nan, 3, 3]))
    design.stages[0].order = .column("place")
    let found = findings { _ = try variance(table, design) }
    #expect(found.map(\.code) == ["order-missing", "order-tied"])
    #expect(found.map(\.row) == [3, 5] && found.allSatisfy { $0.file == "units.csv" && $0.column == "place" })
  }
}
