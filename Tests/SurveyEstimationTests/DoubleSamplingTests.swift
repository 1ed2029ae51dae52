import StatisticalFunctions
import SurveyData
import SurveyDesign
import SurveyEstimation
import TestSupport
import Testing

private func column(_ name: String) -> Expression { Expression(column: name) }

private func table(_ first: [Double], _ second: [Double?], population: Double) -> Table {
  Table(
    columns: [
      Column("x", numbers: first), Column("y", numbers: second.map { $0 ?? .nan }),
      Column("again", numbers: second.map { $0 == nil ? 0 : 1 }),
      Column("n", numbers: first.map { _ in population }),
      Column("half", texts: first.indices.map { $0 % 2 == 0 ? "even" : "odd" }),
    ],
    file: "double.csv"
  )
}

private func design(_ variance: SecondPhase.Variance = .full) -> SampleDesign {
  var design = SampleDesign(
    stages: [SampleDesign.Stage(unit: .row, populationSize: "n")],
    weights: .populationSizes,
    lonelyUnits: .fail,
    adjustsLonelyDomains: false,
    unitsNestedInStrata: true
  )
  design.secondPhase = SecondPhase(
    subset: "again",
    stages: [SampleDesign.Stage(unit: .row)],
    variance: variance
  )
  return design
}

private func estimate(
  _ table: Table,
  _ method: DoubleSamplingMethod,
  _ variance: SecondPhase.Variance = .full
) throws -> Estimate {
  try SurveySample(table, design: design(variance)).estimate(
    of: DoubleSamplingRequest(second: column("y"), first: column("x"), method: method),
    in: [],
    level: 0.95
  )
}

@Suite struct DoubleSamplingTests {
  /// Ten of a hundred, five of them judged again: the example of the guide.
  private static let ten = table(
    [1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
    [1, 1, nil, nil, nil, 0, 1, 0, nil, nil],
    population: 100
  )

  // Difference: 0.5 + 1/5; s_y² = 0.3, s_e² = 0.2. The others: 0.5 · 1 + 0.5 · 1/3 with Σ (g e)² = (5/6)² · 2/3.
  @Test("by hand, from both phases' formulas for simple random samples")
  func hand() throws {
    let difference = try estimate(Self.ten, .difference)
    #expect(agree(difference.estimate, 0.7) && agree(difference.standardError, 0.047.squareRoot(), 1e-12))
    let expected = (0.09 * 0.3 + 0.1 * (25.0 / 36 * 2 / 3) / 4).squareRoot()
    for method in [DoubleSamplingMethod.regression, .postStratified] {
      let own = try estimate(Self.ten, method)
      #expect(agree(own.estimate, 2.0 / 3, 1e-12) && agree(own.standardError, expected, 1e-12), "\(method)")
    }
    #expect(difference.degreesOfFreedom == 4 && difference.unweightedCount == 5 && difference.weightedCount == 100)
  }

  @Test("a second judgement that repeats the first leaves the first phase's error alone")
  func perfect() throws {
    let same = table([1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [1, 1, nil, nil, nil, 0, 0, nil, nil, nil], population: 1e9)
    for method in DoubleSamplingMethod.allCases {
      let own = try estimate(same, method)
      // s_y² of the second phase is 1/3; 1/n₁ − 1/N is 0.1.
      #expect(agree(own.estimate, 0.5) && agree(own.standardError, (1.0 / 30).squareRoot(), 1e-6), "\(method)")
    }
  }

  @Test(
    "over many samples the estimate meets the population's mean, and the variance that of the estimates",
    arguments: DoubleSamplingMethod.allCases
  )
  func repeated(method: DoubleSamplingMethod) throws {
    var generator = SeededGenerator(seed: 99)
    let size = 400
    let truth = (0..<size).map { _ in generator.uniform() < 0.3 ? 1.0 : 0.0 }
    let judged = truth.map { value in generator.uniform() < 0.12 ? 1 - value : value }
    let mean = truth.reduce(0, +) / Double(size)
    var estimates: [Double] = []
    var variances: [Double] = []
    for _ in 0..<1500 {
      var order = Array(0..<size)
      for place in 0..<120 { order.swapAt(place, place + Int(generator.below(UInt64(size - place)))) }
      let rows = order[..<120]
      let own = try estimate(
        table(rows.map { judged[$0] }, rows.enumerated().map { $0 < 50 ? truth[$1] : nil }, population: Double(size)),
        method
      )
      estimates.append(try #require(own.estimate))
      variances.append(try #require(own.standardError) * (own.standardError ?? 0))
    }
    let count = Double(estimates.count)
    let center = estimates.reduce(0, +) / count
    let spread = estimates.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (count - 1)
    #expect(abs(center - mean) < 4.5 * (spread / count).squareRoot(), "\(center) against \(mean)")
    let average = variances.reduce(0, +) / count
    // A variance of normal estimates has the relative standard error √(2/1500) = 3.7 %.
    let tolerance = 4.5 * (2 / count).squareRoot()
    #expect(abs(average / spread - 1) < tolerance, "\(average) against \(spread)")
  }

  @Test("approximate and simple variances are near to the full one, and a domain is that part of both phases")
  func variants() throws {
    let full = try #require(try estimate(Self.ten, .regression).standardError)
    for kind in [SecondPhase.Variance.approximate, .simple] {
      #expect(agree(try estimate(Self.ten, .regression, kind).standardError, full, 0.1))
    }
    let sample = try SurveySample(Self.ten, design: design(), by: [["half"]])
    let even = try sample.estimate(
      of: DoubleSamplingRequest(second: column("y"), first: column("x"), method: .difference),
      in: [DomainValue("half", "even")],
      level: 0.95
    )
    // Even rows: x = 1, 1, 1, 0, 0; judged again rows 0 (1, 1) and 6 (0, 1).
    #expect(agree(even.estimate, 0.6 + 0.5) && even.unweightedCount == 2)
  }

  @Test("missing judgements, empty classes and samples of one phase are refused")
  func refusals() throws {
    let missing = table([1, .nan, 0, 0], [1, nil, 0, nil], population: 10)
    #expect(findings { _ = try estimate(missing, .difference) }.map(\.row) == [3])
    var silent = table([1, 0, 0, 0], [1, 0, 0, nil], population: 10)
    silent.set(Column("y", numbers: [1, .nan, 0, .nan]))
    #expect(findings { _ = try estimate(silent, .difference) }.map(\.code) == ["judgement-missing"])
    let empty = table([1, 0, 0, 2], [1, 0, 0, nil], population: 10)
    let classes = findings { _ = try estimate(empty, .postStratified) }
    #expect(classes.map(\.code) == ["class-without-second-judgement"] && classes[0].value == "2")
    let constant = table([1, 1, 0, 0], [1, 0, nil, nil], population: 10)
    #expect(findings { _ = try estimate(constant, .regression) }.map(\.code) == ["judgement-constant"])
    var plain = design()
    plain.secondPhase = nil
    let one = findings {
      _ = try SurveySample(empty, design: plain).estimate(
        of: DoubleSamplingRequest(second: column("y"), first: column("x"), method: .difference),
        in: [],
        level: 0.95
      )
    }
    #expect(one.map(\.code) == ["second-phase-missing"])
  }
}
