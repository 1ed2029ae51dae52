import StatisticalFunctions
import SurveyData
import SurveyDesign
import SurveyEstimation
import TestSupport
import Testing

@Suite struct ReplicateTests {
  private func column(_ name: String) -> Expression { Expression(column: name) }

  /// Twelve units of four rows; the jackknife leaves out one unit at a time.
  private func table(_ values: (_ unit: Int, _ row: Int) -> [String: Double]) -> Table {
    var columns: [String: [Double]] = [:]
    var units: [String] = []
    for unit in 0..<12 {
      for row in 0..<4 {
        units.append("u\(10 + unit)")
        for (name, value) in values(unit, row) { columns[name, default: []].append(value) }
      }
    }
    return Table(
      columns: [Column("unit", texts: units)]
        + columns.sorted { $0.key < $1.key }.map { Column($0.key, numbers: $0.value) }
    )
  }

  private func jackknife(_ stage: SampleDesign.Stage, isMeanSquaredError: Bool = true) -> SampleDesign {
    var design = RandomSurvey.design([stage])
    design.weights = .equal
    design.adjustments = [
      .replication(stage.strata.isEmpty ? .jackknife : .stratifiedJackknife, isMeanSquaredError: isMeanSquaredError)
    ]
    return design
  }

  private func request(_ indicators: [Indicator], by variables: [String] = []) -> EstimationRequest {
    EstimationRequest(
      indicators: indicators,
      domains: [variables],
      level: 0.95,
      domainVariance: .unconditional,
      domainFreedom: .design,
      deff: nil,
      plannedCorrelation: 0.02,
      dropsMissing: false,
      covariances: true
    )
  }

  @Test("the n / (n − 1) of a variance is that of the sample in every replicate")
  func varianceFactor() throws {
    let table = RandomSurvey.table(seed: 31)
    let sample = try SurveySample(
      table,
      design: jackknife(SampleDesign.Stage(strata: ["stratum"], unit: .column("county")))
    )
    let ours = try sample.estimation(request([Indicator(key: "v", statistic: .variance(column("persons")))]))
      .estimates[0]
    let persons = try column("persons").numbers(over: table)
    let count = Double(persons.count)
    func variance(_ weights: [Double]) -> Double {
      let whole = weights.reduce(0, +)
      let mean = zip(weights, persons).reduce(0) { $0 + $1.0 * $1.1 } / whole
      return zip(weights, persons).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / whole * count / (count - 1)
    }
    let replicates = try #require(sample.replicateTable)
    let center = variance(sample.weights)
    var square = 0.0
    for (weights, scale) in zip(replicates.weights, replicates.scales) {
      let distance = variance(weights) - center
      square += replicates.scale * scale * distance * distance
    }
    #expect(agree(ours.estimate, center))
    #expect(agree(ours.standardError, square.squareRoot(), 1e-9))
  }

  @Test("where a replicate shows no event the logit interval is that of the derivative, not of the other replicates")
  func emptyReplicate() throws {
    let table = table { unit, row in ["event": unit == 3 && row < 3 ? 1 : 0] }
    func interval(_ name: String) throws -> Interval {
      let indicator = Indicator(key: name, statistic: .mean(column("event")), interval: name)
      let design = jackknife(SampleDesign.Stage(unit: .column("unit")))
      return try #require(try estimate(table, design: design, request: request([indicator])).estimates[0].interval)
    }
    let (logit, derivative) = (try interval("logit"), try interval("xlogit"))
    #expect(logit.lower == derivative.lower && logit.upper == derivative.upper)
    #expect(logit.upper - logit.lower > 0.2)
  }

  @Test("a regression is refused where a replicate separates the outcome, and the replicate is named")
  func separatedReplicate() throws {
    // Without the first unit x > 0 tells the outcome.
    let table = table { unit, row in
      let x = Double(unit * 4 + row) - 23.5
      return ["x": x, "y": unit == 0 ? Double(row % 2) : x > 0 ? 1 : 0]
    }
    let sample = try SurveySample(table, design: jackknife(SampleDesign.Stage(unit: .column("unit"))))
    let found = findings { _ = try sample.regression(column("y"), on: [column("x")], family: .logistic) }
    #expect(found.map(\.code) == ["regression-not-fitted"] && found.first?.value == "1")
    let linear = try sample.regression(column("y"), on: [column("x")], family: .linear)
    #expect(linear.coefficients.allSatisfy { $0.standardError > 0 })
  }

  @Test("a stratum taken whole adds neither replicates nor degrees of freedom")
  func certainty() throws {
    let table = table { unit, row in
      ["h": unit < 5 ? 1 : 2, "size": unit < 5 ? 5 : 70, "y": Double((7 * unit + row * row) % 11)]
    }
    let stage = SampleDesign.Stage(strata: ["h"], unit: .column("unit"), populationSize: "size")
    let replicates = try #require(try SurveySample(table, design: jackknife(stage)).replicateTable)
    #expect(replicates.weights.count == 7 && replicates.degreesOfFreedom == 6)
    let total = request([Indicator(key: "y", statistic: .total(column("y")))])
    var linear = RandomSurvey.design([stage])
    linear.weights = .equal
    #expect(
      agree(
        try estimate(table, design: jackknife(stage), request: total).estimates[0].standardError,
        try estimate(table, design: linear, request: total).estimates[0].standardError
      )
    )
  }

  @Test(
    "a small domain has at most as many degrees of freedom as rows less 1",
    arguments: 1...12 as ClosedRange<UInt64>
  )
  func smallDomain(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var columns: [String: [Double]] = [:]
    for row in 0..<40 {
      columns["w", default: []].append(1 + 20 * generator.uniform())
      columns["x", default: []].append(8 + 60 * generator.uniform() * generator.uniform())
      columns["h", default: []].append(Double(row % 3))
      columns["part", default: []].append(row % 5 == 0 ? 1 : 2)
    }
    let table = Table(columns: columns.sorted { $0.key < $1.key }.map { Column($0.key, numbers: $0.value) })
    let (w, x) = (columns["w", default: []], columns["x", default: []])
    let whole = zip(w, x).reduce(0) { $0 + $1.0 * $1.1 }
    var design = jackknife(SampleDesign.Stage(strata: ["h"], unit: .row))
    design.weights = .expression(column("w"))
    let terms = [column("x")]
    design.adjustments.append(
      .calibration(Calibration(totals: [1.05 * whole], terms: terms, hasIntercept: false, distance: .raking))
    )
    var own = request([Indicator(key: "x", statistic: .mean(column("x")))], by: ["part"])
    own.domainFreedom = .domain
    let found = try estimate(table, design: design, request: own).estimates
    #expect(found.map(\.unweightedCount) == [8, 32])
    #expect(found.map(\.degreesOfFreedom) == [7, 31])
  }

  @Test("covariances of estimates leave out a replicate only where one of the two has no value")
  func pairs() throws {
    // The domain 2 stands in one unit.
    let table = table { unit, row in ["part": unit == 4 ? 2 : 1, "y": Double((5 * unit + row) % 7)] }
    let design = jackknife(SampleDesign.Stage(unit: .column("unit")))
    let found = try estimate(
      table,
      design: design,
      request: request([Indicator(key: "y", statistic: .mean(column("y")))], by: ["part"])
    )
    let matrix = try #require(found.covariances.first)
    for (place, own) in found.estimates.enumerated() {
      let error = try #require(own.standardError)
      #expect(agree(matrix.values[place][place], error * error, 1e-9))
    }
  }

  @Test("the saddlepoint of a test does not hang on the last digit of the weights", arguments: [1, 0.1, 3.3, 7.7, 1e6])
  func saddlepoint(factor: Double) throws {
    func value(_ factor: Double) throws -> Double {
      let table = table { unit, row in
        ["w": factor, "a": Double((unit + row) % 3), "b": Double((unit * unit + 2 * row) % 2)]
      }
      var design = RandomSurvey.design([SampleDesign.Stage(unit: .row)])
      design.weights = .expression(column("w"))
      return try SurveySample(table, design: design).associationTest("a", "b", statistic: .saddlepoint).pValue
    }
    #expect(agree(try value(factor), try value(1), 1e-6))
  }
}
