import StatisticalFunctions
import SurveyData
import SurveyDesign
import SurveyEstimation
import Testing

/// A three-stage sample with awkward weights, text levels, missing answers and rare events.
private func sample() -> Table {
  var generator = SeededGenerator(seed: 2018)
  var strata: [String?] = []
  var counties: [String?] = []
  var villages: [String?] = []
  var classes: [String?] = []
  var weights: [Double] = []
  var incomes: [Double] = []
  var wrong: [Double] = []
  var persons: [Double] = []
  var populations: [[Double]] = [[], [], []]
  for county in 0..<14 {
    for village in 0..<(3 + county % 3) {
      let size = 5 + Int(generator.below(9))
      let scale = 0.1 + 30 * generator.uniform()
      for _ in 0..<size {
        strata.append("S\(county % 3)")
        counties.append("c\(county)")
        villages.append("v\(village)")
        classes.append(["P1", "P2", "N0"][Int(generator.below(3))])
        weights.append(scale * (0.5 + generator.uniform()))
        incomes.append(generator.uniform() < 0.05 ? .nan : 1e4 * generator.uniform() / 3)
        persons.append(Double(1 + generator.below(6)))
        wrong.append(generator.uniform() < 0.1 ? persons[persons.count - 1] : 0)
        populations[0].append(40)
        populations[1].append(Double(20 + county))
        populations[2].append(Double(size * 7))
      }
    }
  }
  return Table(columns: [
    Column("stratum", texts: strata), Column("county", texts: counties), Column("village", texts: villages),
    Column("class", texts: classes), Column("w", numbers: weights), Column("income", numbers: incomes),
    Column("wrong", numbers: wrong), Column("persons", numbers: persons), Column("n1", numbers: populations[0]),
    Column("n2", numbers: populations[1]), Column("n3", numbers: populations[2]),
  ])
}

private func column(_ name: String) -> Expression { Expression(column: name) }

private func design(weights: SampleDesign.Weights = .expression(column("w"))) -> SampleDesign {
  SampleDesign(
    stages: [
      SampleDesign.Stage(strata: ["stratum"], unit: .column("county"), populationSize: "n1"),
      SampleDesign.Stage(unit: .column("village"), populationSize: "n2"),
      SampleDesign.Stage(unit: .row, populationSize: "n3"),
    ],
    weights: weights,
    lonelyUnits: .fail,
    adjustsLonelyDomains: false,
    unitsNestedInStrata: true
  )
}

private func request(covariances: Bool = true) throws -> EstimationRequest {
  EstimationRequest(
    indicators: [
      Indicator(key: "income", statistic: .mean(column("income"))),
      Indicator(key: "sum", statistic: .total(column("persons"))),
      Indicator(
        key: "wrong",
        statistic: .ratio(column("wrong"), column("persons")),
        filter: try Expression(parsing: "class == 'P2'"),
        limit: Limit(.atMost, 0.02)
      ),
      Indicator(key: "class", statistic: .proportions("class")),
      Indicator(key: "spread", statistic: .variance(column("income"))),
      Indicator(key: "right", statistic: .ratio(column("wrong"), column("persons")), isComplement: true),
    ],
    domains: [[], ["stratum"], ["county"], ["stratum", "class"]],
    level: 0.95,
    domainVariance: .withinUnit,
    domainFreedom: .domain,
    deff: .withoutReplacement,
    plannedCorrelation: 0.02,
    dropsMissing: true,
    covariances: covariances
  )
}

/// Every figure of an estimation to its last bit.
private func bits(_ estimation: Estimation) -> [String] {
  var lines: [String] = []
  for estimate in estimation.estimates {
    let figures = [
      estimate.estimate, estimate.standardError, estimate.weightedCount, estimate.designEffect,
      estimate.interval?.lower, estimate.interval?.upper, estimate.comparison?.lower, estimate.oneSided?.upper,
    ]
    lines.append(
      "\(estimate.indicator) \(estimate.domain) \(estimate.unweightedCount) \(estimate.events ?? -1) "
        + figures.map { $0.map { String($0.bitPattern, radix: 16) } ?? "nil" }.joined(separator: " ")
    )
  }
  for matrix in estimation.covariances {
    lines += matrix.values.map { $0.map { String($0.bitPattern, radix: 16) }.joined(separator: " ") }
  }
  lines += estimation.correlations.map { "\($0.indicator) \($0.correlation.bitPattern)" }
  return lines
}

private func shuffled(_ count: Int) -> [Int] {
  var generator = SeededGenerator(seed: 7)
  var order = Array(0..<count)
  for place in stride(from: count - 1, to: 0, by: -1) {
    order.swapAt(place, Int(generator.below(UInt64(place + 1))))
  }
  return order
}

@Suite struct InvarianceTests {
  @Test("shuffled rows give the same bits")
  func rowOrder() throws {
    let table = sample()
    let expected = bits(try estimate(table, design: design(), request: try request()))
    #expect(expected.count > 100)
    #expect(
      bits(try estimate(table.rows(shuffled(table.rowCount)), design: design(), request: try request())) == expected
    )
  }

  @Test(
    "a file split in any number of parts, read by any number of workers, gives the same bits",
    arguments: [2, 3, 7]
  )
  func split(parts: Int) throws {
    let table = sample()
    let expected = bits(try estimate(table, design: design(), request: try request()))
    let estimator = try Estimator(try request(), design: design())
    let order = shuffled(table.rowCount)
    // One accumulator a part (workers), and one accumulator for all parts (chunks).
    var workers: [EstimationAccumulator] = []
    var single = estimator.makeAccumulator()
    for part in 0..<parts {
      let rows = stride(from: part, to: order.count, by: parts).map { order[$0] }
      var own = estimator.makeAccumulator()
      try estimator.add(table.rows(rows), to: &own)
      try estimator.add(table.rows(rows), to: &single)
      workers.append(own)
    }
    #expect(bits(try estimator.estimation(from: workers)) == expected)
    #expect(bits(try estimator.estimation(from: workers.reversed())) == expected)
    #expect(bits(try estimator.estimation(from: [single])) == expected)
  }

  @Test("another scale of the weights changes totals alone, and they by the factor")
  func weightScale() throws {
    let table = sample()
    let one = try estimate(table, design: design(), request: try request())
    // A power of two, so that nothing is rounded anew.
    let scaled = try estimate(
      table,
      design: design(weights: .expression(try Expression(parsing: "w * 1024"))),
      request: try request()
    )
    for (left, right) in zip(one.estimates, scaled.estimates) {
      let factor = left.indicator == "sum" ? 1024.0 : 1
      #expect(right.estimate == left.estimate.map { $0 * factor })
      #expect(right.standardError == left.standardError.map { $0 * factor })
      #expect(right.weightedCount == left.weightedCount * 1024)
    }
  }

  @Test("the covariance matrix has the squared standard errors on its diagonal and is positive semidefinite in pairs")
  func covariances() throws {
    let estimation = try estimate(sample(), design: design(), request: try request())
    for (place, set) in [[], ["stratum"], ["county"], ["stratum", "class"]].enumerated() {
      let matrix = estimation.covariances[place]
      let errors = estimation.estimates.filter { $0.domain.map(\.variable) == set && $0.standardError != nil }
      #expect(matrix.names.count == errors.count)
      for (row, estimate) in errors.enumerated() {
        let variance = (estimate.standardError ?? .nan) * (estimate.standardError ?? .nan)
        #expect(abs(matrix.values[row][row] - variance) <= 1e-12 * variance)
        for column in 0..<row {
          let bound = (matrix.values[row][row] * matrix.values[column][column]).squareRoot()
          // Beside a variance of zero only rounding is left.
          if bound > 0 { #expect(abs(matrix.values[row][column]) <= bound * (1 + 1e-9)) }
          #expect(matrix.values[row][column] == matrix.values[column][row])
        }
      }
    }
  }

  @Test("shares of all levels add to one and their covariances to zero")
  func levels() throws {
    let estimation = try estimate(sample(), design: design(), request: try request())
    let shares = estimation.estimates.filter { $0.domain.isEmpty && $0.indicator.hasPrefix("class=") }
    #expect(shares.count == 3)
    #expect(abs(shares.reduce(0) { $0 + ($1.estimate ?? 0) } - 1) < 1e-14)
    let matrix = estimation.covariances[0]
    let places = matrix.names.indices.filter { matrix.names[$0].hasPrefix("class=") }
    for row in matrix.names.indices {
      let sum = places.reduce(0.0) { $0 + matrix.values[row][$1] }
      let scale = places.reduce(0.0) { $0 + abs(matrix.values[row][$1]) }
      #expect(abs(sum) <= 1e-10 * scale, "\(matrix.names[row])")
    }
  }

  @Test("a domain that is one drawn unit equals the unit estimated as a survey of its own")
  func withinUnit() throws {
    let table = sample()
    let estimation = try estimate(table, design: design(), request: try request(covariances: false))
    let counties = try table.column("county")
    let rows = (0..<table.rowCount).filter { counties.text(at: $0) == "c4" }
    let alone = SampleDesign(
      stages: [
        SampleDesign.Stage(unit: .column("village"), populationSize: "n2"),
        SampleDesign.Stage(unit: .row, populationSize: "n3"),
      ],
      weights: .expression(column("w")),
      lonelyUnits: .fail,
      adjustsLonelyDomains: false,
      unitsNestedInStrata: true
    )
    var question = try request(covariances: false)
    question.domains = [[]]
    let own = try estimate(table.rows(rows), design: alone, request: question)
    for expected in own.estimates where expected.indicator != "sum" {
      let found = estimation.estimates.first {
        $0.indicator == expected.indicator && $0.domain == [DomainValue("county", "c4")]
      }
      #expect(found?.estimate == expected.estimate, "\(expected.indicator)")
      let (left, right) = (found?.standardError ?? .nan, expected.standardError ?? .nan)
      #expect(abs(left - right) <= 1e-12 * right, "\(expected.indicator)")
      #expect(found?.degreesOfFreedom == expected.degreesOfFreedom)
      #expect(found?.isWithinUnit == true)
    }
  }

  @Test("a census has no sampling error")
  func census() throws {
    let table = sample()
    var complete = table
    for (name, size) in [("n1", 1.0), ("n2", 1), ("n3", 1)] {
      complete.set(Column(name, numbers: [Double](repeating: size, count: table.rowCount)))
    }
    let estimation = try estimate(complete, design: design(), request: try request())
    for estimate in estimation.estimates where !estimate.isWithinUnit && estimate.estimate != nil {
      #expect(estimate.standardError == 0, "\(estimate.indicator) \(estimate.domain)")
    }
  }
}
