import StatisticalFunctions
import SurveyData
import SurveyDesign
import SurveyEstimation
import TestSupport
import Testing

private func column(_ name: String) -> Expression { Expression(column: name) }

private func request(_ statistics: [Indicator.Statistic]) -> EstimationRequest {
  EstimationRequest(
    indicators: statistics.enumerated().map { Indicator(key: "\($0)", statistic: $1, interval: "t") },
    domains: [[]],
    level: 0.95,
    domainVariance: .unconditional,
    domainFreedom: .design,
    deff: nil,
    plannedCorrelation: 0.02,
    dropsMissing: true,
    covariances: false
  )
}

/// Units of strata with a value each, weights 1 and population sizes.
private func sample(_ strata: [[Double]], population: [Double]? = nil) -> (Table, SampleDesign) {
  var names: [String?] = []
  var units: [String?] = []
  var values: [Double] = []
  var sizes: [Double] = []
  for (stratum, own) in strata.enumerated() {
    for value in own {
      names.append("h\(stratum)")
      units.append("u\(units.count)")
      values.append(value)
      sizes.append(population?[stratum] ?? 0)
    }
  }
  let table = Table(
    columns: [
      Column("h", texts: names), Column("u", texts: units), Column("y", numbers: values), Column("n", numbers: sizes),
      Column("w", numbers: [Double](repeating: 1, count: values.count)),
    ]
  )
  let stage = SampleDesign.Stage(
    strata: ["h"],
    unit: .column("u"),
    populationSize: population == nil ? nil : "n"
  )
  return (table, RandomSurvey.design([stage]))
}

private func variance(
  _ table: Table,
  _ design: SampleDesign,
  _ plan: Replication?,
  mse: Bool = true,
  of statistic: Indicator.Statistic = .total(column("y"))
) throws -> Double {
  var design = design
  if let plan { design.adjustments = [.replication(plan, isMeanSquaredError: mse)] }
  let estimate = try #require(try estimate(table, design: design, request: request([statistic])).estimates.first)
  let error = try #require(estimate.standardError)
  return error * error
}

@Suite struct ReplicationTests {
  @Test("balanced half-samples of two units a stratum: Σ (y₁ − y₂)² by hand, and the factors 0 and 2")
  func pairs() throws {
    let (table, design) = sample([[1, 3], [2, 5], [4, 4]])
    #expect(agree(try variance(table, design, Replication(method: "brr")), 4 + 9 + 0))
    var made = design
    made.adjustments = [.replication(Replication(method: "brr"), isMeanSquaredError: false)]
    let replicates = try #require(try SurveySample(table, design: made).replicateTable)
    #expect(replicates.weights.count == 4 && agree(replicates.scale, 0.25))
    #expect(replicates.weights.allSatisfy { column in column.allSatisfy { $0 == 0 || $0 == 2 } })
    for column in replicates.weights {
      for stratum in 0..<3 { #expect(column[2 * stratum] + column[2 * stratum + 1] == 2) }
    }
    // Full balance: each unit is in half of the half-samples.
    for row in 0..<6 { #expect(replicates.weights.reduce(0) { $0 + $1[row] } == 4) }
  }

  // 3/2 · Σ (y − ȳ)² = 3/2 · (64 + 4 + 100)/9 = 28; the pairs of four units in order: (4 − 4)² + (9 − 1)² = 64.
  // One replicate a pair, three of a stratum of three: Σ (y₁ − y₂)² and 28 as below; of a pair's 1 and 3 the first
  // is left out, so that the total is 6, of 2 and 5 the second one.
  @Test("the paired jackknife by hand: a replicate a pair, with the variance of Σ (y₁ − y₂)²")
  func pairedJackknife() throws {
    let (table, design) = sample([[1, 3], [2, 5], [4, 4]])
    #expect(agree(try variance(table, design, Replication(method: "jk2")), 4 + 9 + 0))
    var made = design
    made.adjustments = [.replication(Replication(method: "jk2"), isMeanSquaredError: true)]
    let replicates = try #require(try SurveySample(table, design: made).replicateTable)
    #expect(replicates.weights == [[0, 2, 1, 1, 1, 1], [1, 1, 2, 0, 1, 1], [1, 1, 1, 1, 0, 2]])
    #expect(replicates.scale == 1 && replicates.scales == [1, 1, 1])
    let (odd, known) = sample([[1, 3, 7], [4, 4, 9, 1]])
    #expect(agree(try variance(odd, known, Replication(method: "jk2")), 28 + 64))
    let (finite, sizes) = sample([[1, 3], [2, 5]], population: [8, 4])
    #expect(agree(try variance(finite, sizes, Replication(method: "jk2")), 4 * 0.75 + 9 * 0.5))
  }

  // Two pairs that differ by +6 and −6: the totals of the replicates are both 12 above or below that of the whole, so that
  // nothing is left around their mean. Two of 5: (10 − 4)² · 25 = 30².
  @Test(
    "the paired jackknife is around the whole sample's estimate without being told, with a degree of freedom a pair"
  )
  func pairedJackknifeAroundWhole() throws {
    let plan = Replication(method: "jk2")
    for (strata, expected, freedom) in [
      ([[10.0, 4], [4, 10]], 72.0, 2), ([[10, 4]], 36, 1), ([[1, 3, 7], [4, 4, 9, 1]], 28 + 64, 4),
    ] {
      let (table, design) = sample(strata)
      #expect(agree(try variance(table, design, plan, mse: false), expected), "\(strata)")
      var made = design
      made.adjustments = [.replication(plan, isMeanSquaredError: false)]
      let frame = try #require(try SurveySample(table, design: made).replicateFrame)
      #expect(frame.isMeanSquaredError && frame.degreesOfFreedom == freedom, "\(strata)")
    }
  }

  @Test("a stratum of three has its own variance, one of four that of its pairs")
  func oddStrata() throws {
    let (table, design) = sample([[1, 3, 7], [4, 4, 9, 1]])
    #expect(agree(try variance(table, design, Replication(method: "brr")), 28 + 64))
    #expect(agree(try variance(table, design, Replication(method: "fay", fay: 0.3)), 28 + 64))
  }

  @Test(
    "for totals, half-samples and jackknife equal the linearized variance, with and without fpc",
    arguments: [0, 1]
  )
  func linear(isFinite: Int) throws {
    let (table, design) = sample(
      [[1, 3], [2, 5.5], [4, 10], [7, 7.25], [3, 1]],
      population: isFinite == 1 ? [5, 9, 4, 20, 3] : nil
    )
    let taylor = try variance(table, design, nil)
    for plan in [
      Replication(method: "brr"), Replication(method: "fay", fay: 0.5), Replication(method: "jkn"),
      Replication(method: "jk2"),
      Replication(method: "brr", count: 16),
    ] {
      for mse in [false, true] {
        #expect(agree(try variance(table, design, plan, mse: mse), taylor, 1e-12), "\(plan) \(mse)")
      }
    }
    // A mean is not linear: half-samples and linearization agree roughly only.
    let mean = Indicator.Statistic.ratio(column("y"), column("y"))
    #expect(agree(try variance(table, design, Replication(method: "brr"), of: mean), 0))
  }

  @Test("a first stage that is complete is passed over: replicates are those of the stage below, in each of its units")
  func completeFirstStage() throws {
    var (table, design) = sample([[1, 3], [2, 5.5], [4, 10]], population: [5, 9, 4])
    table.set(Column("m", numbers: [Double](repeating: 3, count: 6)))
    design.stages = [
      SampleDesign.Stage(unit: .column("h"), populationSize: "m"),
      SampleDesign.Stage(unit: .column("u"), populationSize: "n"),
    ]
    // Σ 2 (1 − 2/N) · ½ (y₁ − y₂)².
    let taylor = 0.6 * 4 + 7.0 / 9 * 12.25 + 0.5 * 36
    #expect(agree(try variance(table, design, nil), taylor))
    for plan in [Replication(method: "brr"), Replication(method: "jkn"), Replication(method: "fay", fay: 0.4)] {
      #expect(agree(try variance(table, design, plan), taylor, 1e-11), "\(plan)")
    }
    // The square of a sum of a few signs: a relative error of √(2/R) at most, 4.5 times.
    let bootstrap = try variance(table, design, Replication(method: "preston", count: 8000, seed: 5))
    #expect(abs(bootstrap / taylor - 1) < 4.5 * (2.0 / 8000).squareRoot())
    table.set(Column("n", numbers: [Double](repeating: 2, count: 6)))
    let found = findings { _ = try variance(table, design, Replication(method: "jkn")) }
    #expect(found.map(\.code) == ["replicates-unsuited"], "nothing is left to chance")
  }

  // ½ [(1 − 2)² + (3 − 1)² + (7 − 3)² + (2 − 7)²] = 23, and (5 − 9)² in a stratum of two.
  @Test("successive differences by hand, round each stratum in the order of the file")
  func successive() throws {
    let (table, design) = sample([[1, 3, 7, 2], [5, 9]])
    #expect(agree(try variance(table, design, Replication(method: "sdr")), 23 + 16))
    #expect(agree(try variance(table, design, Replication(method: "sdr", count: 80)), 23 + 16))
    let (finite, known) = sample([[1, 3, 7, 2], [5, 9]], population: [16, 4])
    #expect(agree(try variance(finite, known, Replication(method: "sdr")), 23 * 0.75 + 16 * 0.5))
  }

  @Test(
    "the mean of a bootstrap's squared deviations is the linearized variance of a total",
    arguments: ["rao-wu", "canty-davison", "preston"],
    [false, true]
  )
  func unbiased(method: String, isFinite: Bool) throws {
    let table = RandomSurvey.table(seed: 11)
    var stages = [
      SampleDesign.Stage(strata: ["stratum"], unit: .column("county"), populationSize: isFinite ? "n1" : nil)
    ]
    if method == "preston", isFinite {
      stages += [
        SampleDesign.Stage(unit: .column("village"), populationSize: "n2"),
        SampleDesign.Stage(unit: .row, populationSize: "n3"),
      ]
    }
    let design = RandomSurvey.design(stages)
    let taylor = try variance(table, design, nil, of: .total(column("persons")))
    var made = design
    made.adjustments = [
      .replication(Replication(method: method, count: 4000, seed: 20_181_125), isMeanSquaredError: true)
    ]
    let sample = try SurveySample(table, design: made)
    let replicates = try #require(sample.replicateTable)
    let persons = try column("persons").numbers(over: table)
    func total(_ weights: [Double]) -> Double {
      var sum = 0.0
      for row in weights.indices { sum += weights[row] * persons[row] }
      return sum
    }
    let whole = total(sample.weights)
    let squares = replicates.weights.map { column in
      let deviation = total(column) - whole
      return deviation * deviation
    }
    let count = Double(squares.count)
    let mean = squares.reduce(0, +) / count
    let spread = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let error = (spread / count).squareRoot()
    #expect(abs(mean - taylor) <= 4.5 * error, "\(mean) against \(taylor), standard error \(error)")
    #expect(error < 0.05 * taylor, "the test can tell")
    #expect(agree(try variance(table, made, nil, of: .total(column("persons"))), mean, 1e-10))
  }

  // n = 4 of N = 10: two copies of each unit and a random two of them once more.
  @Test("copies that are no whole number of times the sample keep the right mean")
  func brokenCopies() throws {
    let (table, design) = sample([[1, 3, 7, 2], [5, 9, 8]], population: [10, 4])
    let taylor = try variance(table, design, nil)
    var sum = 0.0
    var square = 0.0
    let count = 400
    for seed in 0..<count {
      let plan = Replication(method: "canty-davison", count: 50, seed: UInt64(seed))
      let own = try variance(table, design, plan)
      sum += own
      square += own * own
    }
    let mean = sum / Double(count)
    let error = ((square / Double(count) - mean * mean) / Double(count)).squareRoot()
    #expect(abs(mean - taylor) <= 4.5 * error, "\(mean) against \(taylor), standard error \(error)")
  }

  @Test(
    "a replicate follows from the seed and its number: not from how many there are, nor from the order of rows",
    arguments: ReplicationMethods.all.filter(\.isRandom).map(\.name)
  )
  func streams(method: String) throws {
    let table = RandomSurvey.table(seed: 4)
    func weights(_ table: Table, _ count: Int, _ seed: UInt64) throws -> [[Double]] {
      var design = RandomSurvey.design([SampleDesign.Stage(strata: ["stratum"], unit: .column("county"))])
      design.adjustments = [
        .replication(Replication(method: method, count: count, seed: seed), isMeanSquaredError: false)
      ]
      return try #require(try SurveySample(table, design: design).replicateTable).weights
    }
    let twenty = try weights(table, 20, 7)
    #expect(Array(twenty[..<10]) == (try weights(table, 10, 7)))
    #expect(twenty != (try weights(table, 20, 8)))
    let turned = table.rows((0..<table.rowCount).reversed().map { $0 })
    #expect(try weights(turned, 20, 7).map { Array($0.reversed()) } == twenty)
  }

  @Test(
    "sums over units give what sums over rows give, for every statistic and method",
    arguments: ReplicationMethods.all.map(\.name)
  )
  func matrix(method: String) throws {
    let table = RandomSurvey.table(seed: 9)
    let strata = method == "jk1" ? [] : ["stratum"]
    var design = RandomSurvey.design([SampleDesign.Stage(strata: strata, unit: .column("county"))])
    let plan = Replication(
      method: method,
      count: ReplicationMethods.named(method)?.isRandom == true ? 60 : nil,
      fay: 0.4
    )
    design.adjustments = [.replication(plan, isMeanSquaredError: false)]
    let made = try SurveySample(table, design: design)
    let replicates = try #require(made.replicateTable)
    var whole = RandomSurvey.design([SampleDesign.Stage(unit: .row)])
    whole.replicates = ReplicateColumns(
      weights: (0..<table.rowCount).map { row in replicates.weights.map { $0[row] } },
      areWhole: true,
      scale: replicates.scale,
      replicateScales: replicates.scales,
      isMeanSquaredError: made.replicateFrame?.isMeanSquaredError ?? false
    )
    whole.replicates?.countsDeviations = method == "jk2"
    let asked = try RandomSurvey.request()
    let left = try made.estimation(asked)
    let right = try SurveySample(table, design: whole).estimation(asked)
    #expect(left.degreesOfFreedom == right.degreesOfFreedom)
    for (one, other) in zip(left.estimates, right.estimates) {
      #expect(one.indicator == other.indicator && agree(one.estimate, other.estimate))
      // Where nothing varies, both are rounding errors of the estimate.
      let rounding = 1e-12 * abs(one.estimate ?? 0)
      let isSame =
        if let left = one.standardError, let right = other.standardError {
          abs(left - right) <= max(rounding, 1e-8 * left)
        } else {
          one.standardError == nil && other.standardError == nil
        }
      #expect(isSame, "\(one.indicator) \(one.domain)")
      #expect(one.degreesOfFreedom == other.degreesOfFreedom, "\(one.indicator) \(one.domain)")
    }
  }

  @Test("what a method cannot replicate is refused, or counted as certain where that was said")
  func refusals() throws {
    let (table, design) = sample([[1, 3], [2]])
    var certain = design
    certain.lonelyUnits = .certainty
    var average = design
    average.lonelyUnits = .average
    for method in ReplicationMethods.all.map(\.name) where method != "jk1" {
      let plan = Replication(method: method, count: nil, fay: 0.4)
      #expect(
        agree(
          try variance(table, certain, plan, mse: true),
          4,
          method.contains("-") || method == "preston" ? 0.5 : 1e-9
        )
      )
      #expect(findings { _ = try variance(table, average, plan) }.map(\.code) == ["replicates-unsuited"])
    }
    let (census, complete) = sample([[1, 3], [2, 4]], population: [2, 2])
    #expect(
      findings { _ = try variance(census, complete, Replication(method: "jkn")) }.map(\.code) == ["replicates-unsuited"]
    )
    let order = findings { _ = try variance(table, certain, Replication(method: "brr", count: 10)) }
    #expect(order.map(\.code) == ["replicate-count"] && order[0].fix.en.contains("12"))
  }
}
