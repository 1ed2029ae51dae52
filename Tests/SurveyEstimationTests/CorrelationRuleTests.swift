import SurveyData
import SurveyDesign
import SurveyEstimation
import Testing

/// Counties of six villages with ten answers each; `events` of a county's villages one after the other.
private func round(_ counties: [[Int]]) -> Table {
  var county: [String?] = []
  var village: [String?] = []
  var answers: [Double] = []
  for (place, villages) in counties.enumerated() {
    for (number, events) in villages.enumerated() {
      for row in 0..<10 {
        county.append("c\(place)")
        village.append("c\(place)v\(number)")
        answers.append(row < events ? 1 : 0)
      }
    }
  }
  let rows = county.count
  return Table(
    columns: [
      Column("county", texts: county), Column("village", texts: village), Column("wrong", numbers: answers),
      Column("villages", numbers: [Double](repeating: 24, count: rows)),
      Column("households", numbers: [Double](repeating: 40, count: rows)),
    ]
  )
}

private func request(_ interval: String? = nil, _ source: CorrelationSource = .automatic) -> EstimationRequest {
  var request = EstimationRequest(
    indicators: [Indicator(key: "wrong", statistic: .mean(Expression(column: "wrong")), interval: interval)],
    domains: [["county"]],
    level: 0.95,
    domainVariance: .withinUnit,
    domainFreedom: .domain,
    deff: nil,
    plannedCorrelation: 0.02,
    dropsMissing: true,
    covariances: false
  )
  request.correlation = source
  return request
}

private func design(isFinite: Bool = false) -> SampleDesign {
  SampleDesign(
    stages: [
      SampleDesign.Stage(strata: ["county"], unit: .column("village"), populationSize: isFinite ? "villages" : nil),
      SampleDesign.Stage(unit: .row, populationSize: isFinite ? "households" : nil),
    ],
    weights: .equal,
    lonelyUnits: .fail,
    adjustsLonelyDomains: false,
    unitsNestedInStrata: false
  )
}

@Suite struct CorrelationRuleTests {
  private let large = round(Array(repeating: [4, 0, 0, 1, 0, 0], count: 6))

  @Test("a round of six counties with ten events rests on its own correlation, raised for its error")
  func pooled() throws {
    let found = try estimate(large, design: design(), request: request())
    let whole = try #require(found.correlations.first)
    #expect(whole.use == .pooled && whole.units == 6 && whole.events == 30)
    let interval = try #require(found.estimates.first?.interval)
    #expect(interval.method == "pooled-corrected")
    // Counties all alike: leaving one out changes nothing.
    #expect(abs((whole.standardError ?? 1)) < 1e-12)
    #expect(abs((interval.correlation ?? 0) - whole.correlation) < 1e-12)
    #expect(found.notes.isEmpty)
  }

  @Test("fewer than ten events in the round: the planned correlation, and a note that says so")
  func fewEvents() throws {
    let table = round([[1, 0, 0, 0, 0, 0]] + Array(repeating: [0, 0, 0, 0, 0, 0], count: 5) + [[1, 1, 0, 0, 0, 0]])
    let found = try estimate(table, design: design(), request: request())
    #expect(found.correlations.first?.use == .planned)
    #expect(
      found.estimates.allSatisfy { $0.interval?.method == "pooled-corrected" && $0.interval?.correlation == 0.02 }
    )
    #expect(found.notes.map(\.code) == ["correlation-few-events"])
  }

  @Test("fewer than six counties: Korn–Graubard with the planned floor")
  func smallRound() throws {
    let table = round(Array(repeating: [4, 0, 0, 1, 0, 0], count: 5))
    let found = try estimate(table, design: design(), request: request())
    #expect(found.correlations.first?.use == .floor)
    #expect(
      found.estimates.allSatisfy { $0.interval?.method == "korn-graubard-floor" && $0.interval?.correlation == 0.02 }
    )
  }

  @Test("a correlation that is given is taken, in a single county too, and by the floor")
  func given() throws {
    let table = round([[4, 0, 0, 1, 0, 0]])
    let found = try estimate(table, design: design(), request: request(nil, .fixed(0.07)))
    #expect(
      found.estimates[0].interval?.method == "pooled-corrected" && found.estimates[0].interval?.correlation == 0.07
    )
    #expect(found.correlations.first?.use == .given)
    for name in ["pooled", "korn-graubard-floor"] {
      let other = try estimate(table, design: design(), request: request(name, .fixed(0.07)))
      #expect(other.estimates[0].interval?.method == name && other.estimates[0].interval?.correlation == 0.07)
    }
    #expect(throws: InputRefusal.self) {
      try estimate(table, design: design(), request: request(nil, .fixed(1.5)))
    }
  }

  @Test("the floor takes the round's correlation where that is asked for")
  func pooledFloor() throws {
    let plain = try estimate(large, design: design(), request: request("korn-graubard-floor"))
    let pooled = try estimate(large, design: design(), request: request("korn-graubard-floor", .pooled))
    #expect(plain.estimates[0].interval?.correlation == 0.02)
    #expect(pooled.estimates[0].interval?.correlation == pooled.correlations.first?.correlation)
    #expect(pooled.correlations.first?.correlation != 0.02)
  }

  @Test("sampling fractions shorten the corrected interval by their formula, in both engines")
  func finitePopulation() throws {
    // 6 of 24 villages and 10 of 40 households: f₁ = 1/4, f = 1/16.
    let found = try estimate(large, design: design(isFinite: true), request: request())
    let interval = try #require(found.estimates[0].interval)
    let correlation = try #require(interval.correlation)
    let expected = 60 / (0.75 * 10 * correlation + (1 - 1.0 / 16) * (1 - correlation))
    #expect(abs((interval.effectiveSampleSize ?? 0) - expected) < 1e-9)
    let infinite = try #require(try estimate(large, design: design(), request: request()).estimates[0].interval)
    #expect(interval.lower > infinite.lower && interval.upper < infinite.upper)
    let kept = try SurveySample(large, design: design(isFinite: true)).estimation(request())
    #expect(kept.estimates[0].interval == interval)
  }

  @Test("the correlation of every domain is an output of its own, with what it rests on")
  func domains() throws {
    var asked = request()
    asked.domains = [[], ["county"]]
    asked.domainCorrelations = true
    let table = round([[4, 0, 0, 1, 0, 0], [1, 1, 1, 1, 1, 1], [9, 0, 0, 0, 0, 0]])
    for found in [
      try estimate(table, design: design(), request: asked),
      try SurveySample(table, design: design()).estimation(asked),
    ] {
      #expect(found.domainCorrelations.map { $0.domain.map(\.value) } == [[], ["c0"], ["c1"], ["c2"]])
      #expect(found.domainCorrelations[0].correlation == found.correlations[0].correlation)
      let alike = found.domainCorrelations[2]
      #expect(alike.correlation == 0 && alike.uncut < 0 && alike.standardError == nil)
      #expect(alike.units == 1 && alike.clusters == 6 && alike.rows == 60 && alike.events == 6)
      #expect(alike.meanClusterSize == 10 && alike.designEffect == 1)
      // One village with all nine events: MSB = 10 · 0.675 / 5, MSW = 10 · 0.09 / 54.
      let single = found.domainCorrelations[3]
      let (between, within) = (10 * 0.675 / 5, 10 * 0.09 / 54)
      #expect(abs(single.correlation - (between - within) / (between + 9 * within)) < 1e-12)
    }
  }
}
