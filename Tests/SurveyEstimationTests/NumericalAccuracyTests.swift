import SurveyData
import SurveyDesign
import SurveyEstimation
import Testing

private func column(_ name: String) -> Expression { Expression(column: name) }

private let everyRow = SampleDesign(
  stages: [SampleDesign.Stage(unit: .row)],
  weights: .equal,
  lonelyUnits: .fail,
  adjustsLonelyDomains: false,
  unitsNestedInStrata: true
)

private func request(by domains: [[String]] = [[]]) -> EstimationRequest {
  EstimationRequest(
    indicators: [
      Indicator(key: "mean", statistic: .mean(column("y")), interval: "t"),
      Indicator(key: "variance", statistic: .variance(column("y")), interval: "t"),
    ],
    domains: domains,
    level: 0.95,
    domainVariance: .unconditional,
    domainFreedom: .design,
    deff: nil,
    plannedCorrelation: 0,
    dropsMissing: true,
    covariances: false
  )
}

/// The values less the first one, in whole numbers of a unit: the largest power of two that divides them all.
private func distances(_ values: [Double]) -> (distances: [Int128], unit: Double) {
  var unit = values.filter { $0 != 0 }.map { $0.ulp }.min() ?? 1
  var distances = values.map { Int128(($0 - values[0]) / unit) }
  while distances.contains(where: { $0 != 0 }), distances.allSatisfy({ $0 % 2 == 0 }) {
    distances = distances.map { $0 / 2 }
    unit *= 2
  }
  return (distances, unit)
}

/// The variance of the stored doubles in whole numbers, rounded at the end alone.
private func exactVariance(_ values: [Double]) -> Double {
  let (distances, unit) = distances(values)
  var sum: Int128 = 0
  var squares: Int128 = 0
  for distance in distances {
    sum += distance
    squares += distance * distance
  }
  let count = Int128(values.count)
  let scale = unit * unit
  return Double(count * squares - sum * sum) / Double(count * (count - 1)) * scale
}

@Suite struct NumericalAccuracyTests {
  @Test(
    "NIST's univariate sets: 13 digits of what the doubles hold, by sums and by rows",
    arguments: NISTSets.univariate
  )
  func univariate(set: NISTSets.Univariate) throws {
    let table = Table(columns: [Column("y", numbers: set.values)])
    let deviation = exactVariance(set.values).squareRoot()
    // What a decimal such as 10000000.2 loses when it becomes a double is all that lies between the two.
    #expect(agree(deviation, set.deviation, power(set.digits)))
    for estimation in [
      try estimate(table, design: everyRow, request: request()),
      try SurveySample(table, design: everyRow).estimation(request()),
    ] {
      #expect(agree(estimation.estimates[0].estimate, set.mean, 0.5e-14), "\(set.name)")
      #expect(agree(estimation.estimates[1].estimate?.squareRoot(), deviation, 0.5e-13), "\(set.name)")
      // The error of a mean is the deviation over √n.
      let error = deviation / Double(set.values.count).squareRoot()
      #expect(agree(estimation.estimates[0].standardError, error, 0.5e-13), "\(set.name)")
    }
  }

  @Test(
    "NIST's analyses of variance: F from group variances, to the digits that the doubles hold",
    arguments: NISTSets.groups
  )
  func analysisOfVariance(set: NISTSets.Groups) throws {
    let values = set.values.flatMap { $0 }
    let names = set.values.enumerated().flatMap { group, values in values.map { _ in "g\(group)" as String? } }
    let table = Table(columns: [Column("y", numbers: values), Column("group", texts: names)])
    let found = try estimate(table, design: everyRow, request: request(by: [[], ["group"]])).estimates
      .filter { $0.indicator == "variance" }
    func ratio(_ whole: Double, _ groups: [Double]) -> Double {
      var within = 0.0
      for (variance, group) in zip(groups, set.values) { within += variance * Double(group.count - 1) }
      let between = whole * Double(values.count - 1) - within
      return between / Double(groups.count - 1) / (within / Double(values.count - groups.count))
    }
    let ours = ratio(found[0].estimate ?? .nan, found.dropFirst().map { $0.estimate ?? .nan })
    let exact = ratio(exactVariance(values), set.values.map(exactVariance))
    #expect(found.count == set.values.count + 1)
    #expect(agree(ours, exact, 0.5e-12), "\(set.name): \(ours) and \(exact)")
    #expect(agree(ours, set.ratio, power(set.digits)), "\(set.name): \(ours)")
  }

  @Test("a variance far from zero has the same bits whatever the order of the rows, in one table or in passes")
  func centred() throws {
    let values = NISTSets.univariate.first { $0.name == "NumAcc4" }?.values ?? []
    let estimator = try Estimator(request(), design: everyRow)
    func table(_ values: [Double]) -> Table { Table(columns: [Column("y", numbers: values)]) }
    let one = try estimate(table(values), design: everyRow, request: request()).estimates
    let reversed = try estimate(table(values.reversed()), design: everyRow, request: request()).estimates
    let parts = try estimator.estimation(workers: 2) { pass in
      try [values.prefix(300), values.dropFirst(300)].map { part in
        var accumulator = pass.makePassAccumulator()
        try pass.add(table(Array(part)), to: &accumulator)
        return accumulator
      }
    }.estimates
    for other in [reversed, parts] {
      for (left, right) in zip(one, other) {
        #expect(left.estimate == right.estimate && left.standardError == right.standardError)
      }
    }
  }

  private func power(_ digits: Int) -> Double {
    var value = 1.0
    for _ in 0..<digits { value /= 10 }
    return value
  }
}
