import StatisticalFunctions
import SurveyData
import SurveyDesign
import SurveyEstimation
import TestSupport
import Testing

private func column(_ name: String) -> Expression { Expression(column: name) }

private let outcomeCodes = OutcomeCodes(column: "outcome", dispositions: [:])

/// Eight rows of two classes, ten units each: the example of the guide.
private let eight = Table(
  columns: [
    Column("class", texts: ["A", "A", "A", "A", "B", "B", "B", "B"]),
    Column(
      "outcome",
      texts: ["completed", "1.2", "refused", "unknown", "完成", "ineligible", "not-found", "absent"]
    ), Column("y", numbers: [1, 3, .nan, .nan, 5, .nan, .nan, .nan]),
    Column("w", numbers: [Double](repeating: 10, count: 8)),
  ],
  file: "eight.csv"
)

private func design(_ steps: [WeightAdjustment]) -> SampleDesign {
  var design = RandomSurvey.design([SampleDesign.Stage(unit: .row)])
  design.adjustments = steps
  return design
}

private func eligibility(_ classes: [String], _ share: Double? = nil) -> WeightAdjustment {
  .unknownEligibility(EligibilityAdjustment(outcome: outcomeCodes, classes: classes, eligibleShare: share))
}

private func response(_ classes: [String], keeps: Bool = false) -> WeightAdjustment {
  .nonresponse(NonresponseAdjustment(outcome: outcomeCodes, method: .classes(classes), keepsIneligible: keeps))
}

private func propensity(_ terms: [String], _ classes: Int?) throws -> WeightAdjustment {
  .nonresponse(
    NonresponseAdjustment(
      outcome: outcomeCodes,
      method: .propensity(try terms.map { try Expression(parsing: $0) }, classes: classes),
      keepsIneligible: false
    )
  )
}

private func request(_ statistic: Indicator.Statistic) -> EstimationRequest {
  EstimationRequest(
    indicators: [Indicator(key: "y", statistic: statistic, interval: "t")],
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

@Suite struct NonresponseWeightTests {
  private func weights(_ steps: [WeightAdjustment]) throws -> [Double] {
    try SurveySample(eight, design: design(steps)).weights
  }

  private func isSame(_ left: [Double], _ right: [Double]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test("unknown units go to those of known eligibility, nonrespondents to respondents, by hand")
  func hand() throws {
    let third = 40.0 / 3
    #expect(isSame(try weights([eligibility(["class"])]), [third, third, third, 0, third, third, 0, third]))
    let steps = [eligibility(["class"]), response(["class"])]
    #expect(isSame(try weights(steps), [20, 20, 0, 0, 80.0 / 3, 0, 0, 0]))
    let kept = try weights([eligibility(["class"]), response(["class"], keeps: true)])
    #expect(isSame(kept, [20, 20, 0, 0, 80.0 / 3, third, 0, 0]) && abs(kept.reduce(0, +) - 80) < 1e-12)
    // e = ½: half of each unknown unit is eligible, the other half is not.
    #expect(isSame(try weights([eligibility(["class"], 0.5)]), [35.0 / 3, 35.0 / 3, 35.0 / 3, 0, 12.5, 15, 0, 12.5]))
    #expect(isSame(try weights([eligibility(["class"], 0.5), response(["class"])]), [17.5, 17.5, 0, 0, 25, 0, 0, 0]))
    // In one class e is the share of eligible units among the six of known eligibility: 5/6.
    let whole = try weights([eligibility([]), response([])])
    #expect(isSame(whole, [200.0 / 9, 200.0 / 9, 0, 0, 200.0 / 9, 0, 0, 0]))
    let estimate = try estimate(eight, design: design(steps), request: request(.total(column("y")))).estimates[0]
    #expect(agree(estimate.estimate, 20 + 60 + 400.0 / 3) && estimate.unweightedCount == 3)
  }

  @Test("each step says what it did: sums, factors, range, and how far a total was missed")
  func history() throws {
    let sample = try SurveySample(
      eight,
      design: design([
        eligibility(["class"]), response(["class"]),
        .postStratification(
          PostStratification(
            columns: ["class"],
            classes: [
              PostStratification.Class(values: ["A"], total: 50), PostStratification.Class(values: ["B"], total: 30),
            ]
          )
        ),
      ])
    )
    let steps = sample.weightSummary.steps
    #expect(steps.map(\.range.rows) == [6, 3, 3])
    #expect(agree(steps[0].sumAfter, 80) && agree(steps[1].sumAfter, 200.0 / 3) && agree(steps[2].sumAfter, 80))
    #expect(agree(steps[1].largestFactor, 2) && steps[1].leastFactor == 0)
    #expect(steps[0].largestMiss == nil && (steps[2].largestMiss ?? 1) < 1e-12)
    #expect(isSame(sample.answeringWeights, [25, 25, 30]))
  }

  /// The random survey with outcomes that depend on persons, ineligible and unknown units among them.
  private func table() throws -> Table {
    var table = RandomSurvey.table(seed: 23)
    var generator = SeededGenerator(seed: 5)
    let persons = try column("persons").numbers(over: table)
    table.set(
      Column(
        "outcome",
        texts: persons.map { size in
          let u = generator.uniform()
          if u < 0.06 { return "ineligible" }
          if u < 0.15 { return nil }
          return generator.uniform() < 0.35 + 0.09 * size ? "completed" : "refused"
        }
      )
    )
    return table
  }

  // The estimate's derivative by each design weight, by differences, is its linearized value: no formula in common.
  @Test(
    "the variance is that of the derivatives by the design weights",
    arguments: ["classes", "share", "inverse", "groups"],
    [false, true]
  )
  func derivatives(kind: String, isMean: Bool) throws {
    var steps: [WeightAdjustment]
    switch kind {
    case "classes": steps = [eligibility(["stratum"]), response(["class"])]
    case "share": steps = [eligibility(["stratum"], 0.6), response(["class"])]
    case "inverse": steps = [eligibility(["stratum"]), try propensity(["persons", "class == 'P1'"], nil)]
    default: steps = [eligibility([]), try propensity(["persons"], 4)]
    }
    let base = try table()
    var plan = RandomSurvey.design([SampleDesign.Stage(strata: ["stratum"], unit: .column("county"))])
    plan.adjustments = steps
    let asked = request(isMean ? .mean(column("persons")) : .total(column("persons")))
    let ours = try estimate(base, design: plan, request: asked).estimates[0]
    let weights = try column("w").numbers(over: base)
    func value(_ row: Int, _ factor: Double) throws -> Double {
      var own = weights
      own[row] *= factor
      var table = base
      table.set(Column("w", numbers: own))
      return try #require(try estimate(table, design: plan, request: asked).estimates[0].estimate)
    }
    let counties = try base.column("county")
    let strata = try base.column("stratum")
    var sums: [String: (stratum: String, sum: Double)] = [:]
    for row in 0..<base.rowCount {
      let slope = (try value(row, 1.0001) - value(row, 0.9999)) / 0.0002
      let name = counties.text(at: row) ?? ""
      sums[name, default: (strata.text(at: row) ?? "", 0)].sum += slope
    }
    var expected = 0.0
    for stratum in Set(sums.values.map(\.stratum)) {
      let own = sums.values.filter { $0.stratum == stratum }.map(\.sum)
      let mean = own.reduce(0, +) / Double(own.count)
      let square = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      expected += Double(own.count) / Double(own.count - 1) * square
    }
    #expect(agree(ours.standardError, expected.squareRoot(), 1e-5), "\(String(describing: ours.standardError))")
  }

  @Test("1/p̂ meets the sums of its terms, and classes of p̂ keep the sum of weights")
  func propensities() throws {
    let table = try table()
    let persons = try column("persons").numbers(over: table)
    let base = try SurveySample(table, design: design([eligibility([])]))
    let outcome = try OutcomeColumn(outcomeCodes, of: table).dispositions
    func sum(_ weights: [Double], _ isInside: (Disposition) -> Bool, _ value: (Int) -> Double) -> Double {
      weights.indices.reduce(0) { isInside(outcome[$1]) ? $0 + weights[$1] * value($1) : $0 }
    }
    let groups = try SurveySample(table, design: design([eligibility([]), try propensity(["persons"], 5)]))
    let isEligible: (Disposition) -> Bool = { $0 == .respondent || $0 == .nonrespondent }
    let wanted = sum(base.weights, isEligible) { _ in 1 }
    #expect(agree(sum(groups.weights, { _ in true }) { _ in 1 }, wanted, 1e-12))
    let inverse = try SurveySample(table, design: design([eligibility([]), try propensity(["persons"], nil)]))
    let respondents = inverse.weights.indices.filter { outcome[$0] == .respondent }
    #expect(respondents.allSatisfy { inverse.weights[$0] >= base.weights[$0] })
    // Σ w (R − p̂) x = 0: respondents' base weights are the sum of p̂ over all, for the intercept and each term.
    var right = 0.0
    for row in respondents { right += base.weights[row] * persons[row] }
    let ratio =
      sum(inverse.weights, { $0 == .respondent }) { persons[$0] } / sum(base.weights, isEligible) { persons[$0] }
    #expect(abs(ratio - 1) < 0.1 && right > 0)
  }

  @Test("replicates repeat the steps, and give nearly the linearized error")
  func jackknife() throws {
    let table = try table()
    var plan = RandomSurvey.design([SampleDesign.Stage(strata: ["stratum"], unit: .column("county"))])
    let steps = [eligibility(["stratum"]), response(["class"])]
    plan.adjustments = steps
    let taylor = try estimate(table, design: plan, request: request(.mean(column("persons")))).estimates[0]
    plan.adjustments = [.replication(.stratifiedJackknife, isMeanSquaredError: true)] + steps
    let replicated = try estimate(table, design: plan, request: request(.mean(column("persons")))).estimates[0]
    #expect(agree(taylor.estimate, replicated.estimate, 1e-12))
    #expect(agree(taylor.standardError, replicated.standardError, 0.1))
    #expect(taylor.standardError != replicated.standardError)
  }

  @Test("what cannot be adjusted is refused with the class, the word or the term at fault")
  func refusals() throws {
    var table = eight
    table.set(Column("outcome", texts: ["completed", "2", "refused", nil, "absent", "absent", "absent", "unknwon"]))
    let words = findings { _ = try SurveySample(table, design: design([eligibility([])])) }
    #expect(words.map(\.code) == ["outcome-unknown", "outcome-unknown"] && words.map(\.value) == ["2", "unknwon"])
    #expect(words[1].fix.en.contains("unknown"))
    table.set(Column("outcome", texts: ["completed", nil, "refused", nil, nil, nil, nil, nil]))
    let classes = findings { _ = try SurveySample(table, design: design([eligibility(["class"])])) }
    #expect(classes.map(\.code) == ["class-without-takers"] && classes[0].value == "class=B")
    table.set(Column("outcome", texts: ["completed", nil, "refused", nil, "absent", "absent", nil, nil]))
    let silent = findings {
      _ = try SurveySample(table, design: design([eligibility(["class"]), response(["class"])]))
    }
    #expect(silent.map(\.value) == ["class=B"])
    let term = findings { _ = try SurveySample(eight, design: design([eligibility([]), try propensity(["y"], 5)])) }
    #expect(Set(term.map(\.code)) == ["propensity-missing"] && term.map(\.row) == [4, 9])
    let separated = findings {
      _ = try SurveySample(eight, design: design([try propensity(["class == 'A'", "class == 'B'"], 5)]))
    }
    #expect(separated.map(\.code) == ["propensity-not-fitted"])
  }
}
