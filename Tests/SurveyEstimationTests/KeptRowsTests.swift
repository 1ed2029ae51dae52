import StatisticalFunctions
import SurveyData
import SurveyDesign
import SurveyEstimation
import TestSupport
import Testing

private func column(_ name: String) -> Expression { Expression(column: name) }

private func variable(_ name: String, _ statistic: Indicator.Statistic) -> Indicator {
  Indicator(key: name, statistic: statistic, interval: "t")
}

private func whole(_ indicators: [Indicator]) -> EstimationRequest {
  EstimationRequest(
    indicators: indicators,
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

@Suite struct KeptRowsTests {
  @Test("rows kept and sums by cell give the same estimates, errors, limits and covariances", arguments: [1, 7, 2018])
  func bothEngines(seed: UInt64) throws {
    let table = RandomSurvey.table(seed: seed)
    let request = try RandomSurvey.request()
    let design = RandomSurvey.design()
    let sums = try estimate(table, design: design, request: request)
    let rows = try SurveySample(table, design: design).estimation(request)
    #expect(sums.estimates.count == rows.estimates.count)
    for (left, right) in zip(sums.estimates, rows.estimates) {
      let name = "\(left.indicator) \(left.domain)"
      #expect(left.indicator == right.indicator && left.domain == right.domain)
      #expect(agree(left.estimate, right.estimate), "\(name)")
      #expect(agree(left.standardError, right.standardError, 1e-9), "\(name)")
      #expect(agree(left.designEffect, right.designEffect, 1e-9), "\(name)")
      #expect(left.degreesOfFreedom == right.degreesOfFreedom, "\(name)")
      #expect(left.unweightedCount == right.unweightedCount && left.events == right.events, "\(name)")
      #expect(agree(left.interval?.lower, right.interval?.lower, 1e-8), "\(name)")
      #expect(agree(left.interval?.upper, right.interval?.upper, 1e-8), "\(name)")
      #expect(left.interval?.method == right.interval?.method && left.reason == right.reason, "\(name)")
      #expect(left.verdict == right.verdict && left.isWithinUnit == right.isWithinUnit, "\(name)")
    }
    for (left, right) in zip(sums.covariances, rows.covariances) {
      #expect(left.names == right.names)
      for row in left.values.indices {
        for place in left.values.indices {
          let scale = (left.values[row][row] * left.values[place][place]).squareRoot()
          #expect(abs(left.values[row][place] - right.values[row][place]) <= 1e-9 * scale)
        }
      }
    }
  }

  // V = n/(n − 1) Σ (1 − π) (ž − z̄)² within strata, Brewer (2002), worked out here by hand from the columns.
  @Test("Brewer's variance of a total agrees with its formula, whatever the order of rows or of codes")
  func brewer() throws {
    let table = RandomSurvey.table(seed: 3)
    let stages = [
      SampleDesign.Stage(strata: ["stratum"], unit: .column("county"), populationSize: "pi", isProportional: true)
    ]
    let request = whole([variable("persons", .total(column("persons")))])
    let ours = try estimate(table, design: RandomSurvey.design(stages), request: request).estimates[0]
    let strata = try table.column("stratum")
    let counties = try table.column("county")
    let weights = try column("w").numbers(over: table)
    let persons = try column("persons").numbers(over: table)
    let probabilities = try column("pi").numbers(over: table)
    var units: [String: (stratum: String, sum: Double, pi: Double)] = [:]
    for row in 0..<table.rowCount {
      let name = counties.text(at: row) ?? ""
      var unit = units[name] ?? (strata.text(at: row) ?? "", 0, probabilities[row])
      unit.sum += weights[row] * persons[row]
      units[name] = unit
    }
    var expected = 0.0
    for stratum in Set(units.values.map(\.stratum)) {
      let own = units.values.filter { $0.stratum == stratum }
      let mean = own.reduce(0) { $0 + $1.sum } / Double(own.count)
      let square = own.reduce(0) { $0 + (1 - $1.pi) * ($1.sum - mean) * ($1.sum - mean) }
      expected += Double(own.count) / Double(own.count - 1) * square
    }
    #expect(agree(ours.standardError, expected.squareRoot()))
    let turned = table.rows((0..<table.rowCount).reversed().map { $0 })
    let again = try estimate(turned, design: RandomSurvey.design(stages), request: request).estimates[0]
    #expect(again.standardError?.bitPattern == ours.standardError?.bitPattern)
  }

  @Test("the stratified jackknife of a total is its linearized variance, and keeps the total in every stratum")
  func jackknife() throws {
    let table = RandomSurvey.table(seed: 5)
    let stages = [SampleDesign.Stage(strata: ["stratum"], unit: .column("county"))]
    let request = whole([variable("persons", .total(column("persons")))])
    let linear = try estimate(table, design: RandomSurvey.design(stages), request: request).estimates[0]
    var design = RandomSurvey.design(stages)
    design.adjustments = [.replication(.stratifiedJackknife, isMeanSquaredError: true)]
    let replicated = try estimate(table, design: design, request: request).estimates[0]
    #expect(agree(linear.standardError, replicated.standardError))
    #expect(linear.degreesOfFreedom == replicated.degreesOfFreedom)
    let sample = try SurveySample(table, design: design)
    let replicates = try #require(sample.replicateTable)
    // Leaving one unit out is made up for by the others of its stratum on average over the replicates.
    for row in 0..<table.rowCount {
      var sum = 0.0
      for column in replicates.weights { sum += column[row] }
      #expect(agree(sum / Double(replicates.weights.count), sample.weights[row]))
    }
  }
}

@Suite struct AdjustmentTests {
  private let table = RandomSurvey.table(seed: 11)

  private func sample(_ adjustments: [WeightAdjustment]) throws -> SurveySample {
    var design = RandomSurvey.design()
    design.adjustments = adjustments
    return try SurveySample(table, design: design)
  }

  private func calibration(
    _ distance: Calibration.Distance,
    lower: Double? = nil,
    upper: Double? = nil,
    factor: Double = 1.03,
    terms: [String] = ["persons", "bad"]
  ) throws -> Calibration {
    let plain = try sample([])
    var totals = [plain.weights.reduce(0, +) * factor]
    for term in terms {
      let values = try Expression(parsing: term).numbers(over: table)
      totals.append(zip(plain.weights, values).reduce(0) { $0 + $1.0 * $1.1 } * (term == "bad" ? 0.97 : factor))
    }
    return Calibration(
      totals: totals,
      terms: try terms.map { try Expression(parsing: $0) },
      hasIntercept: true,
      distance: distance,
      lower: lower,
      upper: upper
    )
  }

  @Test("calibrated weights meet every total, and stay between the bounds", arguments: Calibration.Distance.allCases)
  func totals(distance: Calibration.Distance) throws {
    let spec = try calibration(distance, lower: 0.5, upper: 2)
    let sample = try sample([.calibration(spec)])
    for (place, total) in spec.totals.enumerated() {
      let values =
        place == 0 ? table.columns[0].codedText.codes.map { _ in 1.0 } : try spec.terms[place - 1].numbers(over: table)
      let sum = zip(sample.weights, values).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(agree(sum, total, 1e-11))
    }
    for (new, old) in zip(sample.weights, sample.designWeights) { #expect(new / old > 0.5 && new / old < 2) }
    #expect(sample.history.count == 1 && sample.history[0].leastFactor > 0.5)
  }

  @Test(
    "with one factor a unit the totals are met although weights differ in it",
    arguments: Calibration.Distance.allCases
  )
  func commonFactor(distance: Calibration.Distance) throws {
    var spec = try calibration(distance, lower: 0.5, upper: 2, factor: 1.01)
    spec.commonFactorStage = 0
    let sample = try sample([.calibration(spec)])
    for (place, term) in spec.terms.enumerated() {
      let sum = zip(sample.weights, try term.numbers(over: table)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(agree(sum, spec.totals[place + 1], 1e-11))
    }
    let county = try table.column("county")
    var factors: [String: [Double]] = [:]
    for (row, new) in sample.weights.enumerated() {
      factors[county.text(at: row) ?? "", default: []].append(new / sample.designWeights[row])
    }
    #expect(factors.count == 12 && Set(factors.values.map { $0[0] }).count > 1)
    for own in factors.values { #expect(own.allSatisfy { agree($0, own[0], 1e-12) }) }
  }

  @Test(
    "a table whose cells the weights are calibrated on has nothing to test",
    arguments: AssociationStatistic.allCases
  )
  func fixedTable(statistic: AssociationStatistic) throws {
    let columns = try ["class", "stratum"].map { try table.column($0) }
    var sums: [[String]: Double] = [:]
    for row in 0..<table.rowCount { sums[columns.map { $0.text(at: row) ?? "" }, default: 0] += 1 }
    let classes = sums.sorted { $0.key.joined() < $1.key.joined() }
      .map { PostStratification.Class(values: $0.key, total: $0.value * 30) }
    var design = RandomSurvey.design([SampleDesign.Stage(strata: ["stratum"], unit: .column("county"))])
    for isReplicated in [false, true] {
      design.adjustments =
        (isReplicated ? [.replication(.stratifiedJackknife, isMeanSquaredError: false)] : [])
        + [.postStratification(PostStratification(columns: ["class", "stratum"], classes: classes))]
      let sample = try SurveySample(table, design: design)
      let found = findings { _ = try sample.associationTest("class", "stratum", statistic: statistic) }
      #expect(found.map(\.code) == ["table-untestable"])
      #expect(try sample.associationTest("class", "county", statistic: .raoScottF).pValue > 0)
    }
  }

  @Test("the total of a calibrated variable has no sampling error left")
  func explained() throws {
    let sample = try sample([.calibration(try calibration(.linear))])
    let request = whole([variable("persons", .total(column("persons"))), variable("wrong", .total(column("wrong")))])
    let estimates = try sample.estimation(request).estimates
    let error = try #require(estimates[0].standardError)
    #expect(error <= 1e-9 * (estimates[0].estimate ?? 0))
    #expect((estimates[1].standardError ?? 0) > 1)
  }

  @Test("raking meets both margins; trimming keeps the sum of weights and the bounds")
  func raking() throws {
    let plain = try sample([])
    func margin(_ name: String, _ factors: [Double]) throws -> PostStratification {
      let text = try table.column(name).codedText
      var sums: [String: Double] = [:]
      for row in 0..<table.rowCount { sums[text.levels[Int(text.codes[row])], default: 0] += plain.weights[row] }
      let whole = plain.weights.reduce(0, +)
      let scaled = sums.sorted { $0.key < $1.key }.enumerated().map { ($1.key, $1.value * factors[$0]) }
      let sum = scaled.reduce(0) { $0 + $1.1 }
      return PostStratification(
        columns: [name],
        classes: scaled.map { PostStratification.Class(values: [$0.0], total: $0.1 / sum * whole) }
      )
    }
    let margins = [try margin("class", [1, 1.2, 0.9]), try margin("stratum", [0.8, 1, 1.1])]
    let raked = try sample([.raking(margins)])
    for spec in margins {
      let text = try table.column(spec.columns[0]).codedText
      for known in spec.classes {
        var sum = 0.0
        for row in 0..<table.rowCount where text.levels[Int(text.codes[row])] == known.values[0] {
          sum += raked.weights[row]
        }
        #expect(agree(sum, known.total, 1e-10))
      }
    }
    let trimmed = try sample([.raking(margins), .trimming(Trimming(lower: 4, upper: 25, isRepeated: true))])
    #expect(agree(trimmed.weights.reduce(0, +), raked.weights.reduce(0, +), 1e-12))
    #expect(trimmed.weights.allSatisfy { $0 >= 4 && $0 <= 25 + 1e-9 })
  }

  @Test("what cannot be met is refused, and the total or the variable that is at fault is named")
  func refusals() throws {
    func code(_ adjustments: [WeightAdjustment]) -> [Finding] { findings { _ = try sample(adjustments) } }
    let collinear = code([.calibration(try calibration(.linear, terms: ["persons", "persons * 2"]))])
    #expect(collinear.map(\.code) == ["auxiliary-collinear"] && collinear[0].column == "persons * 2")
    let unmet = code([.calibration(try calibration(.raking, lower: 0.99, upper: 1.01, factor: 1.5))])
    #expect(unmet.first?.code == "calibration-unmet" && unmet.contains { $0.column == "(intercept)" })
    #expect(code([.calibration(try calibration(.logit))]).map(\.code) == ["bounds-missing"])
    #expect(code([.calibration(try calibration(.logit, lower: 1.2, upper: 2))]).map(\.code) == ["bounds-range"])
    let unknown = PostStratification(columns: ["class"], classes: [PostStratification.Class(values: ["P1"], total: 10)])
    #expect(code([.postStratification(unknown)]).map(\.code) == ["class-without-total", "class-without-total"])
    let empty = PostStratification(
      columns: ["class"],
      classes: ["P1", "P2", "N0", "X"].map { PostStratification.Class(values: [$0], total: 10) }
    )
    #expect(code([.postStratification(empty)]).map(\.value) == ["X"])
    #expect(code([.trimming(Trimming(lower: 5, upper: 5, isRepeated: true))]).map(\.code) == ["trimming-bounds"])
    #expect(code([.replication(.jackknife, isMeanSquaredError: false)]).map(\.code) == ["replicates-unsuited"])
  }

  @Test("replicate weights and joint probabilities of the wrong shape are refused")
  func shapes() throws {
    var design = RandomSurvey.design()
    design.replicates = ReplicateColumns(
      weights: [[1, 2], [1]],
      areWhole: true,
      scale: 1,
      replicateScales: [1, 1],
      isMeanSquaredError: false
    )
    let replicates = findings { _ = try SurveySample(table, design: design) }
    #expect(Set(replicates.map(\.code)) == ["replicate-rows", "replicate-columns"])
    let three = Table(columns: [Column("y", numbers: [1, 2, 4]), Column("pi", numbers: [0.5, 0.5, 0.4])])
    func joint(_ pairs: [[Double]]) -> SampleDesign {
      var design = SampleDesign(
        stages: [SampleDesign.Stage(unit: .row, populationSize: "pi", isProportional: true)],
        weights: .populationSizes,
        lonelyUnits: .fail,
        adjustsLonelyDomains: false,
        unitsNestedInStrata: true
      )
      design.joint = .exact(pairs, isSenYatesGrundy: true)
      return design
    }
    for pairs in [
      [[0.5, 0.2], [0.2, 0.5]], [[0.5, 0.6, 0.1], [0.6, 0.5, 0.1], [0.1, 0.1, 0.4]],
      [[0.5, 0.1, 0.1], [0.2, 0.5, 0.1], [0.1, 0.1, 0.4]],
    ] {
      #expect(findings { _ = try SurveySample(three, design: joint(pairs)) }.first?.code == "joint-probabilities")
    }
    // A design whose pairs are too rare for its singles: Sen–Yates–Grundy's estimator turns negative.
    let odd = [[0.5, 0.3, 0.3], [0.3, 0.5, 0.3], [0.3, 0.3, 0.4]]
    let estimate = try SurveySample(three, design: joint(odd)).estimation(whole([variable("y", .total(column("y")))]))
      .estimates[0]
    #expect(estimate.reason == .negativeVariance && estimate.standardError == nil && estimate.estimate != nil)
  }

  @Test("a column without a value and a domain without a unit have a reason and no figure")
  func emptiness() throws {
    var blank = table
    blank.set(Column("empty", numbers: [Double](repeating: .nan, count: table.rowCount)))
    let nobody = Indicator(
      key: "nobody",
      statistic: .mean(column("bad")),
      filter: try Expression(parsing: "class == 'X'")
    )
    var design = RandomSurvey.design()
    design.adjustments = [.trimming(Trimming(lower: nil, upper: 30, isRepeated: false))]
    let estimates = try SurveySample(blank, design: design)
      .estimation(whole([variable("empty", .mean(column("empty"))), nobody])).estimates
    #expect(estimates.map(\.reason) == [.emptyDomain, .emptyDomain])
    #expect(estimates.allSatisfy { $0.estimate == nil && $0.standardError == nil })
  }
}
