import Foundation
import SurveyData
import SurveyDesign
import SurveyEstimation
import Testing

/// Limits worked out from the recipes in Python: `Tests/Fixtures/intervals/make_intervals.py`.
private struct Fixture: Decodable {
  struct Limits: Decodable {
    var level: Double
    var lower: Double
    var upper: Double
    var correlation: Double
  }
  struct Single: Decodable {
    /// Rows, events and weight of each village.
    var villages: [[Double]]
    var limits: [Limits]
  }
  struct Pooled: Decodable {
    var correlation: Double
    var standardError: Double
    /// By county: limits with ρ̂, and with ρ̂ raised for its error.
    var limits: [[[Double]]]
  }
  struct Round: Decodable {
    var counties: [[[Double]]]
    var pooled: Pooled
    var hierarchical: [Limits]
  }
  var single: [Single]
  var round: Round

  static func read() throws -> Fixture {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/intervals/intervals.json")
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
  }
}

private func clusters(_ villages: [[Double]]) -> [ClusterCount] {
  villages.map { ClusterCount(stratum: 0, count: Int($0[0]), events: Int($0[1]), weight: $0[2]) }
}

private func agree(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-9) -> Bool {
  guard let left else { return false }
  return abs(left - right) <= tolerance * max(1e-12, abs(right))
}

/// The round of the fixture as rows: county, village, answer.
private func rows(_ counties: [[[Double]]]) -> Table {
  var names: [[String?]] = [[], []]
  var answers: [Double] = []
  for (county, villages) in counties.enumerated() {
    for (village, counts) in villages.enumerated() {
      for row in 0..<Int(counts[0]) {
        names[0].append("c\(county)")
        names[1].append("c\(county)v\(village)")
        answers.append(row < Int(counts[1]) ? 1 : 0)
      }
    }
  }
  return Table(
    columns: [
      Column("county", texts: names[0]), Column("village", texts: names[1]), Column("wrong", numbers: answers),
    ]
  )
}

private func byCounty(_ interval: String? = nil, isComplement: Bool = false) -> EstimationRequest {
  EstimationRequest(
    indicators: [
      Indicator(
        key: "wrong",
        statistic: .mean(Expression(column: "wrong")),
        isComplement: isComplement,
        interval: interval
      )
    ],
    domains: [["county"]],
    level: 0.95,
    domainVariance: .withinUnit,
    domainFreedom: .domain,
    deff: nil,
    plannedCorrelation: 0.02,
    dropsMissing: true,
    covariances: false
  )
}

/// Every county surveyed: villages are the first-stage units, counties their strata.
private let design = SampleDesign(
  stages: [SampleDesign.Stage(strata: ["county"], unit: .column("village"), populationSize: nil)],
  weights: .equal,
  lonelyUnits: .fail,
  adjustsLonelyDomains: false,
  unitsNestedInStrata: false
)

@Suite struct IntegratedIntervalTests {
  @Test("S gives the limits that its recipe gives in Python, weights and village sizes included")
  func single() throws {
    for sample in try Fixture.read().single {
      for expected in sample.limits {
        var terms = BetaBinomialTerms(.standard)
        let found = try #require(
          integratedLimits(
            clusters(sample.villages),
            prior: CorrelationPrior.single,
            level: expected.level,
            terms: &terms
          )
        )
        #expect(agree(found.lower, expected.lower) && agree(found.upper, expected.upper))
        #expect(agree(found.correlation, expected.correlation))
      }
    }
  }

  @Test("R gives each county of a round the limits of its recipe, and P and its guarded form theirs")
  func round() throws {
    let round = try Fixture.read().round
    let table = rows(round.counties)
    let hierarchical = try estimate(table, design: design, request: byCounty("hierarchical"))
    #expect(hierarchical.estimates.count == round.counties.count)
    for (found, expected) in zip(hierarchical.estimates, round.hierarchical) {
      #expect(agree(found.interval?.lower, expected.lower) && agree(found.interval?.upper, expected.upper))
      #expect(agree(found.interval?.correlation, expected.correlation))
    }
    let pooled = try estimate(table, design: design, request: byCounty("pooled"))
    let whole = try #require(pooled.correlations.first)
    #expect(agree(whole.correlation, round.pooled.correlation))
    #expect(agree(whole.standardError, round.pooled.standardError))
    #expect(whole.units == 8 && whole.clusters == 200 && whole.rows == 12_000 && whole.use == .pooled)
    let standard = try estimate(table, design: design, request: byCounty(nil))
    for (place, expected) in round.pooled.limits.enumerated() {
      let plain = try #require(pooled.estimates[place].interval)
      #expect(agree(plain.lower, expected[0][0]) && agree(plain.upper, expected[0][1]))
      let guarded = try #require(standard.estimates[place].interval)
      #expect(guarded.method == "pooled-corrected")
      #expect(agree(guarded.lower, expected[1][0]) && agree(guarded.upper, expected[1][1]))
    }
  }

  @Test("rows kept and sums by cell give the same limits by likelihood", arguments: ["beta-binomial", "hierarchical"])
  func bothEngines(name: String) throws {
    let table = rows(try Fixture.read().round.counties)
    let sums = try estimate(table, design: design, request: byCounty(name))
    let kept = try SurveySample(table, design: design).estimation(byCounty(name))
    for (left, right) in zip(sums.estimates, kept.estimates) {
      #expect(left.interval?.lower != nil && left.interval == right.interval)
    }
  }

  @Test("accuracy has the mirrored limits of the error rate", arguments: ["beta-binomial", "hierarchical", "pooled"])
  func complement(name: String) throws {
    let table = rows(try Fixture.read().round.counties)
    let errors = try estimate(table, design: design, request: byCounty(name))
    let accuracy = try estimate(table, design: design, request: byCounty(name, isComplement: true))
    for (left, right) in zip(errors.estimates, accuracy.estimates) {
      let limits = try #require(left.interval)
      #expect(agree(right.interval?.lower, 1 - limits.upper, 1e-12))
      #expect(agree(right.interval?.upper, 1 - limits.lower, 1e-12))
    }
  }

  @Test("limits do not jump where a sample leaves the recipe's grid for a wider or a finer one")
  func otherGrids() throws {
    for (count, events) in [(60, 18), (60, 27), (4000, 40), (20_000, 100)] {
      let villages = (0..<25).map { ClusterCount(stratum: 0, count: count, events: events + ($0 % 5) - 2) }
      var terms = BetaBinomialTerms(.standard)
      let found = try #require(
        integratedLimits(villages, prior: CorrelationPrior.single, level: 0.95, terms: &terms)
      )
      let rate = Double(events) / Double(count)
      #expect(found.lower < rate && rate < found.upper && found.upper < 1)
      // The same density on a grid ten times as fine over the whole range.
      var fine = BetaBinomialTerms(BetaBinomialGrid(from: 1e-4, to: 0.97, count: 900))
      let reference = try #require(
        integratedLimits(villages, prior: CorrelationPrior.single, level: 0.95, terms: &fine)
      )
      #expect(agree(found.lower, reference.lower, 0.004) && agree(found.upper, reference.upper, 0.004))
    }
  }

  @Test("where counties were drawn, the whole region has no interval by clusters, and a note says so")
  func void() throws {
    let drawn = SampleDesign(
      stages: [
        SampleDesign.Stage(strata: [], unit: .column("county"), populationSize: nil),
        SampleDesign.Stage(strata: [], unit: .column("village"), populationSize: nil),
      ],
      weights: .equal,
      lonelyUnits: .fail,
      adjustsLonelyDomains: false,
      unitsNestedInStrata: false
    )
    let table = rows(try Fixture.read().round.counties)
    for name in ["pooled", "beta-binomial", "hierarchical"] {
      var request = byCounty(name)
      request.domains = [[], ["county"]]
      let found = try estimate(table, design: drawn, request: request)
      #expect(found.estimates[0].interval == nil && found.estimates.dropFirst().allSatisfy { $0.interval != nil })
      #expect(found.notes.contains { $0.code == "interval-void" && $0.value == name })
    }
  }
}
