import StatisticalFunctions
import SurveyData
import SurveyDesign
import SurveyEstimation
import TestSupport
import Testing

private func column(_ name: String) -> Expression { Expression(column: name) }

/// Two stages, most households with a single row; `repeated`: the share of rows that join the household before.
private func sample(repeated: Double, seed: UInt64 = 5) -> Table {
  var generator = SeededGenerator(seed: seed)
  var texts: [String: [String?]] = [:]
  var numbers: [String: [Double]] = [:]
  var household = 0
  for village in 0..<24 {
    let scale = 1 + 9 * generator.uniform()
    for row in 0..<(9 + village % 4) {
      if row == 0 || generator.uniform() >= repeated { household += 1 }
      texts["stratum", default: []].append("S\(village % 3)")
      texts["village", default: []].append("v\(village)")
      texts["household", default: []].append("h\(household)")
      texts["class", default: []].append(["P1", "P2"][Int(generator.below(2))])
      numbers["w", default: []].append(scale * (row % 2 == 0 ? 1 : 0.5 + generator.uniform()))
      numbers["income", default: []].append(generator.uniform() < 0.05 ? .nan : 1e4 * generator.uniform() / 3)
      let persons = Double(1 + generator.below(5))
      numbers["persons", default: []].append(persons)
      numbers["wrong", default: []].append(generator.uniform() < 0.2 ? persons : 0)
      numbers["bad", default: []].append(generator.uniform() < 0.3 ? 1 : 0)
      numbers["n1", default: []].append(30)
      numbers["n2", default: []].append(Double(60 + village))
    }
  }
  return Table(
    columns: texts.sorted { $0.key < $1.key }.map { Column($0.key, texts: $0.value) }
      + numbers.sorted { $0.key < $1.key }.map { Column($0.key, numbers: $0.value) },
    file: "survey.csv"
  )
}

private func design(_ last: SampleDesign.Unit, single: Bool = false) -> SampleDesign {
  let village = SampleDesign.Stage(strata: ["stratum"], unit: .column("village"), populationSize: "n1")
  return SampleDesign(
    stages: single
      ? [SampleDesign.Stage(strata: ["stratum"], unit: last)]
      : [village, SampleDesign.Stage(unit: last, populationSize: "n2")],
    weights: .expression(column("w")),
    lonelyUnits: .adjust,
    adjustsLonelyDomains: true,
    unitsNestedInStrata: false
  )
}

private func request(_ domains: [[String]] = [[], ["stratum"], ["village"], ["class"]]) throws -> EstimationRequest {
  EstimationRequest(
    indicators: [
      Indicator(key: "income", statistic: .mean(column("income"))),
      Indicator(key: "sum", statistic: .total(column("persons"))),
      Indicator(
        key: "wrong",
        statistic: .ratio(column("wrong"), column("persons")),
        filter: try Expression(parsing: "class == 'P2'")
      ), Indicator(key: "class", statistic: .proportions("class")),
      Indicator(key: "bad", statistic: .mean(column("bad"))),
      Indicator(key: "spread", statistic: .variance(column("income"))),
    ],
    domains: domains,
    level: 0.95,
    domainVariance: .withinUnit,
    domainFreedom: .domain,
    deff: .withoutReplacement,
    plannedCorrelation: 0.02,
    dropsMissing: true,
    covariances: false
  )
}

private func bits(_ estimation: Estimation) -> [String] {
  estimation.estimates.map { estimate in
    let figures = [
      estimate.estimate, estimate.standardError, estimate.weightedCount, estimate.designEffect,
      estimate.interval?.lower, estimate.interval?.upper, estimate.oneSided?.upper,
    ]
    return "\(estimate.indicator) \(estimate.domain) \(estimate.unweightedCount) \(estimate.degreesOfFreedom ?? -1) "
      + figures.map { $0.map { String($0.bitPattern, radix: 16) } ?? "nil" }.joined(separator: " ")
  }
}

private func shuffled(_ table: Table, seed: UInt64) -> Table {
  var generator = SeededGenerator(seed: seed)
  var order = Array(0..<table.rowCount)
  for place in stride(from: order.count - 1, to: 0, by: -1) {
    order.swapAt(place, Int(generator.below(UInt64(place + 1))))
  }
  return table.rows(order)
}

private func inPasses(_ table: Table, _ parts: Int, _ design: SampleDesign) throws -> (Estimation, passes: Int) {
  var passes = 0
  let estimation = try Estimator(try request(), design: design).estimation(workers: 2) { pass in
    passes += 1
    return try (0..<parts).map { part in
      var accumulator = pass.makePassAccumulator()
      let rows = Array(stride(from: part, to: table.rowCount, by: parts))
      // In two chunks, so that later ones find the units of earlier ones.
      for half in [rows.prefix(rows.count / 2), rows.dropFirst(rows.count / 2)] {
        try pass.add(table.rows(Array(half)), to: &accumulator)
      }
      return accumulator
    }
  }
  return (estimation, passes)
}

@Suite struct LoneUnitTests {
  @Test("units of one row each give what rows as units give")
  func rowsAsUnits() throws {
    let table = sample(repeated: 0)
    for single in [false, true] {
      let units = try estimate(table, design: design(.column("household"), single: single), request: try request())
      let rows = try estimate(table, design: design(.row, single: single), request: try request())
      #expect(units.estimates.count == rows.estimates.count && units.estimates.count > 100)
      #expect(bits(units) == bits(rows))
      #expect(units.degreesOfFreedom == rows.degreesOfFreedom && units.firstStageUnits == rows.firstStageUnits)
    }
  }

  @Test(
    "units with one row share a cell and agree with sums of each unit's rows, for single and mixed units",
    arguments: [0, 0.04, 0.5, 0.9],
    [false, true]
  )
  func bothEngines(repeated: Double, single: Bool) throws {
    let table = sample(repeated: repeated)
    let design = design(.column("household"), single: single)
    let sums = try estimate(table, design: design, request: try request())
    let rows = try SurveySample(table, design: design).estimation(try request())
    #expect(sums.estimates.count == rows.estimates.count)
    for (left, right) in zip(sums.estimates, rows.estimates) {
      let name = "\(left.indicator) \(left.domain)"
      #expect(left.indicator == right.indicator && left.domain == right.domain)
      #expect(agree(left.estimate, right.estimate), "\(name)")
      #expect(agree(left.standardError, right.standardError, 1e-9), "\(name)")
      #expect(agree(left.designEffect, right.designEffect, 1e-9), "\(name)")
      #expect(left.degreesOfFreedom == right.degreesOfFreedom, "\(name)")
      #expect(left.isWithinUnit == right.isWithinUnit && left.reason == right.reason, "\(name)")
      #expect(agree(left.interval?.lower, right.interval?.lower, 1e-8), "\(name)")
      #expect(agree(left.interval?.upper, right.interval?.upper, 1e-8), "\(name)")
    }
    for (left, right) in zip(sums.correlations, rows.correlations) {
      #expect(left.indicator == right.indicator && agree(left.correlation, right.correlation, 1e-12))
      #expect(left.units == right.units && left.events == right.events)
    }
    #expect(sums.correlations.count == rows.correlations.count)
  }

  @Test("shuffled, in chunks, by workers, in one pass or two: the same bits", arguments: [0, 0.04, 0.5, 0.9])
  func sameBits(repeated: Double) throws {
    let table = sample(repeated: repeated)
    let design = design(.column("household"))
    let expected = bits(try estimate(table, design: design, request: try request()))
    for seed in 1...3 as ClosedRange<UInt64> {
      let other = shuffled(table, seed: seed)
      #expect(bits(try estimate(other, design: design, request: try request(), workers: 2)) == expected)
      let (passed, passes) = try inPasses(other, Int(seed), design)
      #expect(bits(passed) == expected)
      #expect(repeated > 0 || passes == 1)
      // Rows that go by once keep sums of every unit.
      let estimator = try Estimator(try request(), design: design)
      var once = estimator.makeAccumulator()
      try estimator.add(other, to: &once)
      #expect(bits(try estimator.estimation(from: [once])) == expected)
    }
    let (_, passes) = try inPasses(shuffled(table, seed: 9), 1, design)
    #expect(repeated != 0.04 || passes == 2)
  }

  @Test("a domain that is one unit of one row has no error within it, and one against all units")
  func oneUnitDomain() throws {
    let table = sample(repeated: 0)
    let design = design(.column("household"), single: true)
    let within = try estimate(table, design: design, request: try request([["household"]]))
    #expect(within.estimates.allSatisfy { $0.isWithinUnit && $0.standardError == nil })
    var question = try request([["household"]])
    question.domainVariance = .unconditional
    let against = try estimate(table, design: design, request: question)
    #expect(against.estimates.contains { ($0.standardError ?? 0) > 0 })
  }

  @Test("a unit of one row in two strata is refused by name, however the rows come")
  func twoStrata() throws {
    var table = sample(repeated: 0)
    var names = try table.column("household").codedText.codes.map { "h\($0)" as String? }
    names[table.rowCount - 1] = names[0]
    table.set(Column("household", texts: names))
    let design = design(.column("household"), single: true)
    let plain = findings { _ = try estimate(table, design: design, request: try request()) }
    #expect(plain.map(\.code) == ["unit-in-two-strata"] && plain.first?.value == names[0])
    let passes = findings { _ = try inPasses(table, 2, design) }
    #expect(passes.map(\.code) == ["unit-in-two-strata"] && passes.first?.value == names[0])
  }
}
