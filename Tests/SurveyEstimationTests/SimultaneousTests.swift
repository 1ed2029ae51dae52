import StatisticalFunctions
import SurveyData
import SurveyDesign
import SurveyEstimation
import TestSupport
import Testing

private func estimation(
  _ method: SimultaneousMethod?,
  level: Double = 0.95,
  domains: [[String]] = [[], ["county"]],
  statistics: [Indicator]
) throws -> Estimation {
  var generator = SeededGenerator(seed: 2018)
  var columns: [[String?]] = [[], [], []]
  var numbers: [Double] = []
  for county in 0..<4 {
    for village in 0..<9 {
      for _ in 0..<12 {
        columns[0].append("c\(county)")
        columns[1].append("v\(county)-\(village)")
        columns[2].append(["a", "b", "c"][Int(generator.below(3))])
        numbers.append(generator.uniform() + Double(village) / 9)
      }
    }
  }
  let table = Table(
    columns: [
      Column("county", texts: columns[0]), Column("village", texts: columns[1]), Column("kind", texts: columns[2]),
      Column("y", numbers: numbers),
    ]
  )
  var request = EstimationRequest(
    indicators: statistics,
    domains: domains,
    level: level,
    domainVariance: .unconditional,
    domainFreedom: .design,
    deff: nil,
    plannedCorrelation: 0.02,
    dropsMissing: true,
    covariances: false
  )
  request.simultaneous = method
  let design = SampleDesign(
    stages: [SampleDesign.Stage(strata: ["county"], unit: .column("village"), populationSize: nil)],
    weights: .equal,
    lonelyUnits: .fail,
    adjustsLonelyDomains: false,
    unitsNestedInStrata: false
  )
  return try estimate(table, design: design, request: request)
}

private let mean = Indicator(key: "y", statistic: .mean(Expression(column: "y")))
private let shares = Indicator(key: "kind", statistic: .proportions("kind"), interval: "logit")

@Suite struct SimultaneousTests {
  @Test("Bonferroni: k limits of a family have the level 1 − (1 − level)/k each, the whole sample its own")
  func bonferroni() throws {
    let found = try estimation(.bonferroni, statistics: [mean, shares])
    let single = try estimation(nil, statistics: [mean, shares])
    let quarter = try estimation(nil, level: 1 - 0.05 / 4, statistics: [mean, shares])
    let twelfth = try estimation(nil, level: 1 - 0.05 / 12, statistics: [mean, shares])
    let third = try estimation(nil, level: 1 - 0.05 / 3, statistics: [mean, shares])
    for (place, estimate) in found.estimates.enumerated() {
      let isShare = estimate.indicator != "y"
      let source =
        estimate.domain.isEmpty ? (isShare ? third : single) : (isShare ? twelfth : quarter)
      let expected = try #require(source.estimates[place].interval)
      #expect(estimate.interval?.lower == expected.lower && estimate.interval?.upper == expected.upper)
      #expect(estimate.interval?.level == 0.95 && estimate.oneSided?.level == 0.95)
      #expect(estimate.oneSided?.upper == source.estimates[place].oneSided?.upper)
      #expect(estimate.standardError == single.estimates[place].standardError)
    }
    #expect(found.covariances.isEmpty)
  }

  @Test("Scheffé: the multiplier comes from F with the rank of the covariances")
  func scheffe() throws {
    let found = try estimation(.scheffe, statistics: [mean])
    // Four counties of independent villages: rank 4, 32 degrees of freedom.
    let multiplier = (4 * 32 / 29 * FisherF(numerator: 4, denominator: 29).quantile(0.95)).squareRoot()
    for estimate in found.estimates where !estimate.domain.isEmpty {
      let (value, error) = (try #require(estimate.estimate), try #require(estimate.standardError))
      #expect(abs((estimate.interval?.upper ?? 0) - (value + multiplier * error)) < 1e-9)
      #expect(abs((estimate.interval?.lower ?? 0) - (value - multiplier * error)) < 1e-9)
    }
  }

  @Test("shares of three levels have a covariance of rank two, and one share its ordinary limits")
  func levels() throws {
    let found = try estimation(.scheffe, domains: [[]], statistics: [shares])
    let multiplier = (2 * 32 / 31 * FisherF(numerator: 2, denominator: 31).quantile(0.95)).squareRoot()
    let level = 1 - 2 * StudentT(degreesOfFreedom: 32).upperTail(multiplier)
    let expected = try estimation(nil, level: level, domains: [[]], statistics: [shares])
    for (left, right) in zip(found.estimates, expected.estimates) {
      #expect(abs((left.interval?.upper ?? 0) - (right.interval?.upper ?? 1)) < 1e-9)
    }
    let one = try estimation(.scheffe, domains: [[]], statistics: [mean])
    let plain = try estimation(nil, domains: [[]], statistics: [mean])
    #expect(abs((one.estimates[0].interval?.upper ?? 0) - (plain.estimates[0].interval?.upper ?? 1)) < 1e-9)
  }

  @Test("more domains than degrees of freedom have no limits of Scheffé's kind, and a note says so")
  func tooMany() throws {
    let found = try estimation(.scheffe, domains: [["village"]], statistics: [mean])
    #expect(found.estimates.count == 36 && found.estimates.allSatisfy { $0.interval == nil })
    #expect(found.notes.contains { $0.code == "scheffe-freedom" })
    let other = try estimation(.bonferroni, domains: [["village"]], statistics: [mean])
    #expect(other.estimates.allSatisfy { $0.interval != nil })
  }
}
