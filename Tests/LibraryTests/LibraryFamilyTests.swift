import SurveyData
import SurveyDesign
import SurveyEstimation
import TabularFiles
import Testing

private func read(_ name: String) throws -> Table { try readTable(file: fixtures + name) }

private func figures(_ estimation: Estimation, _ key: String) throws -> (estimate: Double, error: Double) {
  let found = try #require(estimation.estimates.first { $0.indicator == key && $0.domain.isEmpty }, "\(key)")
  return (try #require(found.estimate), try #require(found.standardError))
}

private func expect(_ estimation: Estimation, _ key: String, _ estimate: Double, _ error: Double, _ tolerance: Double)
  throws
{
  let found = try figures(estimation, key)
  #expect(near(found.estimate, estimate, tolerance), "\(key): \(found.estimate), not \(estimate)")
  #expect(near(found.error, error, tolerance), "\(key): error \(found.error), not \(error)")
}

/// Every family of estimators, with what is public alone; the figures are those of R survey 4.1-1 on the same files.
@Suite struct LibraryFamilyTests {
  // calibrate(d, ~api99, …, calfun = "logit", bounds = c(0.8, 1.2)), then trimWeights(upper = 45, strict = TRUE)
  @Test("calibrated and trimmed weights, with what each step did")
  func weights() throws {
    let found = try calibrated(read("apistrat.csv"))
    try expect(found, "api00", 664.231987909788, 1.91489106763988, 1e-7)
    #expect(found.weights.count == 200 && near(found.weights.max(), 45, 1e-9))
    let summary = try #require(found.weightSummary)
    #expect(summary.steps.count == 2 && near(summary.final.sum, 6194, 1e-9))
    // rake(d, list(~stype, ~awards), …, control = list(epsilon = 1e-12))
    try expect(raked(read("apistrat.csv")), "api00", 662.532515378735, 9.36558714033563, 1e-7)
  }

  // Class a: 3 units of weight 2, two answer with 5 and 7: each stands for 3; class b: both answer.
  @Test("respondents stand for those who did not answer")
  func nonresponse() throws {
    let table = try Table([
      Column("class", texts: ["a", "a", "a", "b", "b"]), Column("w", numbers: [2, 2, 2, 1, 1]),
      Column("result", texts: ["1", "2", "1", "1", "1"]), Column("y", numbers: [5, .nan, 7, 1, 2]),
    ])
    let found = try answered(table)
    #expect(near(found.estimates.first?.estimate, 3 * 12 + 3) && found.weights == [3, 0, 3, 1, 1])
  }

  // as.svrepdesign(d, type = "JKn", mse = TRUE); svrepdesign(type = "BRR", combined.weights = TRUE)
  @Test("replicate weights, made of the design and brought by a file")
  func replicates() throws {
    let made = try jackknife(read("apistrat.csv"))
    try expect(made, "api00", 662.287363159321, 9.40894080278461, 1e-9)
    try expect(made, "api00/enroll", 1.11256045132858, 0.0414319828794377, 1e-9)
    let table = try Table([
      Column("w", numbers: [2, 2, 3, 3]), Column("y", numbers: [1, 3, 2, 5]), Column("r1", numbers: [4, 0, 6, 0]),
      Column("r2", numbers: [4, 0, 0, 6]), Column("r3", numbers: [0, 4, 6, 0]), Column("r4", numbers: [0, 4, 0, 6]),
    ])
    let brought = try halfSamples(table)
    try expect(brought, "y", 2.9, 0.98488578017961, 1e-9)
    #expect(brought.degreesOfFreedom == 2)
  }

  // svydesign(~1, fpc = ~p, pps = "brewer"), pps = HR()
  @Test("unequal probabilities: Brewer's approximation, Hartley and Rao's joint probabilities")
  func unequal() throws {
    let counties = try read("election_pps.csv")
    let brewer = try proportional(counties, nil)
    try expect(brewer, "Bush", 64518472.3805400, 2447628.88865615, 1e-9)
    try expect(brewer, "Kerry", 51202102.0962483, 2450786.53908241, 1e-9)
    let joint = try proportional(counties, .hartleyRao(meanSquare: nil))
    try expect(joint, "Bush", 64518472.3805400, 2472752.96278869, 1e-9)
    try expect(joint, "Kerry", 51202102.0962483, 2426842.19793111, 1e-9)
  }

  // twophase(list(~1, ~1), strata = list(NULL, ~screen), subset = ~in2, method = "full")
  @Test("two phases")
  func phases() throws {
    let found = try twoPhases(read("twophase.csv"))
    try expect(found, "wrong_exit", 0.0194936708860759, 0.00720944953496567, 1e-9)
    try expect(found, "ok", 0.9248101265822786, 0.01311268993753198, 1e-9)
    #expect(found.degreesOfFreedom == 171)
  }

  // By hand in docs/estimation.md: 0.5 + 0.2 = 0.7, V = 0.09 · 0.3 + 0.1 · 0.2 = 0.047.
  @Test("double sampling")
  func double() throws {
    let table = try Table([
      Column("size", numbers: [Double](repeating: 100, count: 10)),
      Column("first", numbers: [1, 1, 0, 0, 0, 1, 1, 1, 0, 0]),
      Column("second", numbers: [1, 1, 0, 1, 0] + [Double](repeating: .nan, count: 5)),
      Column("again", numbers: [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]),
    ])
    try expect(judgedAgain(table), "double(second ~ first)", 0.7, 0.047.squareRoot(), 1e-12)
  }

  // svyquantile(qrule = "math", interval.type = "mean"); svycontrast(svymean(…), quote(api00 / api99));
  // svycontrast(svyby(~api00, ~stype, d, svymean, covmat = TRUE), quote(E - H))
  @Test("quantiles and functions of estimates")
  func functions() throws {
    let found = try distribution(read("apiclus2.csv"))
    try expect(found, "quantile(api00, 0.25)", 545, 34.1129726328855, 1e-9)
    try expect(found, "quantile(api00, 0.5)", 653, 45.9783544182370, 1e-9)
    let lower = try #require(found.estimates.first { $0.indicator == "quantile(api00, 0.25)" }?.interval)
    #expect(lower.lower == 489 && lower.upper == 627)
    try expect(found, "api00 / api99", 1.03996357066935, 0.0046205341233869, 1e-9)
    try expect(found, "api00[E] - api00[H]", 94.469741526079474, 28.214058233244071, 1e-9)
    #expect(found.estimates.count { $0.indicator == "quantile(api00, 0.5)" } == 4)
    #expect(found.covariances.map(\.by) == [[], ["stype"]])
  }

  // svycontrast(svymean(~awards_yes, d), quote((awards_yes + 0.97 - 1)/(0.9 + 0.97 - 1))) and the composite
  @Test("the rates of the field")
  func fieldRates() throws {
    let found = try rates(read("apiclus2.csv"))
    try expect(found, "corrected(awards_yes)", 0.700979768418374, 0.0728727656055526, 1e-9)
    try expect(found, "composite(awards_yes, comp_imp_yes)", 0.434538745387454, 0.0288129673710261, 1e-9)
    // One correlation an indicator; estimated accuracy adds to the error.
    #expect(found.correlations.map(\.indicator) == ["awards_yes", "comp_imp_yes"])
    let schools = try read("apiclus2.csv")
    let known = JudgementAccuracy(sensitivity: 0.9, specificity: 0.97, sensitivityRows: 50, specificityRows: 60)
    var request = asked([try .mean(of: "awards_yes")])
    request.functions = [try .corrected("awards_yes", by: known)]
    let estimated = try estimate(schools, design: twoStages(), request: request)
    #expect(try figures(estimated, "corrected(awards_yes)").error > 0.0729)
  }

  // svychisq(~sch_wide + awards, d); svyttest and svyranktest of subset(d, stype == "E"); svyglm(api00 ~ ell + stype, d)
  @Test("tests and models, also by domain")
  func analyses() throws {
    let found = try compared(read("apiclus2.csv"))
    #expect(found.count == 16 && found[1].domain.map(\.value) == ["E"])
    guard case .association(let table) = found[0].outcome, case .comparison(let means) = found[5].outcome,
      case .comparison(let ranks) = found[9].outcome, case .regression(let model) = found[12].outcome,
      case .impossible(let reason) = found[13].outcome
    else {
      Issue.record("\(found.map(\.analysis.name))")
      return
    }
    #expect(near(table.statistic, 36.4601379996892, 1e-9) && near(table.pValue, 4.58287241963942e-07, 1e-7))
    #expect(near(means.statistic, 4.17093898942954, 1e-9) && near(means.difference, 158.969963369963, 1e-9))
    #expect(near(ranks.statistic, 4.282470291376316, 1e-9) && ranks.degreesOfFreedom == 33)
    #expect(model.coefficients.map(\.name) == ["(Intercept)", "ell", "stype=H", "stype=M"])
    #expect(near(model.coefficients[1].estimate, -4.80148177593958, 1e-9))
    #expect(near(model.coefficients[1].standardError, 0.418781877330051, 1e-9))
    #expect(reason.code == "model-one-value" && reason.value == "stype")
  }

  @Test("what cannot be is refused with its reason")
  func refusals() throws {
    func codes(_ body: () throws -> Void) -> [String] {
      do {
        try body()
        return []
      } catch let refusal as InputRefusal { return refusal.findings.map(\.code) } catch { return ["\(error)"] }
    }
    let schools = try read("apistrat.csv")
    #expect(
      codes { _ = try QuantileRequest(of: "api00", probabilities: [0, 0.5, 1.5], rule: .math, interval: .mean) }
        == ["probability-range", "probability-range"]
    )
    let chance = JudgementAccuracy(sensitivity: 0.4, specificity: 0.5, sensitivityRows: nil, specificityRows: nil)
    #expect(codes { _ = try FigureFunction.corrected("a", by: chance) } == ["accuracy-range"])
    #expect(
      codes {
        _ = try ReplicateColumns(
          ["absent"],
          of: schools,
          areWhole: true,
          scale: 1,
          replicateScales: nil,
          isMeanSquaredError: false
        )
      } == ["column-missing"]
    )
    var design = try stratified()
    design.adjustments = [.replication(Replication("jk9", count: nil, seed: 1, fay: 0), isMeanSquaredError: true)]
    #expect(
      codes { _ = try estimate(schools, design: design, request: asked([.mean(of: "api00")])) }
        == ["replicates-unsuited"]
    )
    var request = asked([try .mean(of: "api00")])
    request.functions = [try FigureFunction("api00 - nothing")]
    #expect(codes { _ = try estimate(schools, design: stratified(), request: request) } == ["formula-name"])
    request = asked([try .mean(of: "awards_yes", interval: "absent")])
    request.analyses = [try .means("api00 ~ awards")]
    request.level = 2
    #expect(
      codes { _ = try estimate(schools, design: stratified(), request: request) } == [
        "level-range", "interval-unknown",
      ]
    )
    request = asked([])
    request.analyses = [try .means("api00 ~ stype")]
    #expect(codes { _ = try estimate(schools, design: stratified(), request: request) } == ["model-groups"])
    request.analyses = []
    request.doubleSamples = [try DoubleSamplingRequest(of: "api00", by: "api99", method: .regression)]
    #expect(codes { _ = try estimate(schools, design: stratified(), request: request) } == ["second-phase-missing"])
  }
}
