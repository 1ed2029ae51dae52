import SurveyData
import SurveyDesign
import SurveyEstimation

/// What is asked, for the whole sample and by some columns, with one set of conventions.
func asked(_ indicators: [Indicator], by variables: String...) -> EstimationRequest {
  EstimationRequest(
    indicators,
    domains: [[]] + variables.map { [$0] },
    level: 0.95,
    domainVariance: .unconditional,
    domainFreedom: .domain,
    plannedCorrelation: 0,
    deff: nil,
    dropsMissing: true
  )
}

/// Schools drawn in two stages: districts, then schools.
func twoStages() throws -> SampleDesign {
  let district = SampleDesign.Stage(unit: .column("dnum"), populationSize: "fpc1")
  let school = SampleDesign.Stage(unit: .column("snum"), populationSize: "fpc2")
  return try SampleDesign(stages: [district, school], weights: nil, lonelyUnits: .fail, nested: false)
}

/// Schools drawn within three strata.
func stratified() throws -> SampleDesign {
  let school = SampleDesign.Stage(strata: ["stype"], unit: .row, populationSize: "fpc")
  return try SampleDesign(stages: [school], weights: "pw", lonelyUnits: .fail, nested: false)
}

/// Weights calibrated to the population's index of the year before, then trimmed.
func calibrated(_ schools: Table) throws -> Estimation {
  var design = try stratified()
  let totals = try Calibration(
    to: ["api99": 3_914_069],
    population: 6194,
    distance: .logit,
    bounds: 0.8...1.2,
    commonFactorStage: nil
  )
  design.adjustments = [.calibration(totals), .trimming(Trimming(lower: nil, upper: 45, isRepeated: true))]
  return try estimate(schools, design: design, request: asked([.mean(of: "api00")]))
}

/// Weights raked to the types of schools and to who earned an award.
func raked(_ schools: Table) throws -> Estimation {
  var design = try stratified()
  design.adjustments = [
    .raking([
      PostStratification(by: "stype", totals: ["E": 4421, "H": 755, "M": 1018]),
      PostStratification(by: "awards", totals: ["No": 2194, "Yes": 4000]),
    ])
  ]
  return try estimate(schools, design: design, request: asked([.mean(of: "api00")]))
}

/// Respondents take the weight of those who did not answer.
func answered(_ units: Table) throws -> Estimation {
  var design = try SampleDesign(stages: [.init(unit: .row)], weights: "w", lonelyUnits: .fail, nested: false)
  let outcome = OutcomeCodes("result", dispositions: ["1": .respondent, "2": .nonrespondent])
  design.adjustments = [
    .nonresponse(NonresponseAdjustment(outcome: outcome, within: ["class"], keepsIneligible: false))
  ]
  return try estimate(units, design: design, request: asked([.total(of: "y")]))
}

/// Replicate weights made of the design.
func jackknife(_ schools: Table) throws -> Estimation {
  var design = try stratified()
  design.adjustments = [.replication(Replication("jkn", count: nil, seed: 1, fay: 0), isMeanSquaredError: true)]
  let request = asked([try .mean(of: "api00"), try .ratio(of: "api00", to: "enroll")])
  return try estimate(schools, design: design, request: request)
}

/// Replicate weights that a file brings: balanced half-samples, 1 / R.
func halfSamples(_ rows: Table) throws -> Estimation {
  let names = rows.columnNames.filter { $0.hasPrefix("r") }
  let replicates = try ReplicateColumns(
    names,
    of: rows,
    areWhole: true,
    scale: 1 / Double(names.count),
    replicateScales: nil,
    isMeanSquaredError: false
  )
  let design = try SampleDesign(replicates: replicates, weights: "w")
  return try estimate(rows, design: design, request: asked([.mean(of: "y")]))
}

/// Counties drawn without replacement with probabilities proportional to their size.
func proportional(_ counties: Table, _ joint: JointProbabilities?) throws -> Estimation {
  let county = SampleDesign.Stage(unit: .row, populationSize: "p", isProportional: true)
  var design = try SampleDesign(stages: [county], weights: "1 / p", lonelyUnits: .fail, nested: false)
  design.joint = joint
  return try estimate(counties, design: design, request: asked([try .total(of: "Bush"), try .total(of: "Kerry")]))
}

/// Households of a first phase, screened and drawn again.
func twoPhases(_ households: Table) throws -> Estimation {
  var design = try SampleDesign(stages: [.init(unit: .row)], weights: "1", lonelyUnits: .fail, nested: false)
  design.secondPhase = SecondPhase(
    subset: "in2",
    stages: [SampleDesign.Stage(strata: ["screen"], unit: .row)],
    variance: .full
  )
  let request = asked([try .mean(of: "wrong_exit", interval: "t"), try .mean(of: "ok", interval: "t")])
  return try estimate(households, design: design, request: request)
}

/// Second judgements of a subsample correct the first ones.
func judgedAgain(_ households: Table) throws -> Estimation {
  var design = try SampleDesign(
    stages: [.init(unit: .row, populationSize: "size")],
    weights: nil,
    lonelyUnits: .fail,
    nested: false
  )
  design.secondPhase = SecondPhase(subset: "again", stages: [.init(unit: .row)], variance: .full)
  var request = asked([])
  request.doubleSamples = [try DoubleSamplingRequest(of: "second", by: "first", method: .difference)]
  return try estimate(households, design: design, request: request)
}

/// Quantiles, a contrast of domains and a ratio of means.
func distribution(_ schools: Table) throws -> Estimation {
  var request = asked([try .mean(of: "api00"), try .mean(of: "api99")], by: "stype")
  request.quantiles = [
    try QuantileRequest(of: "api00", probabilities: [0.25, 0.5], rule: .math, interval: .mean)
  ]
  request.functions = [try FigureFunction("api00 / api99"), try FigureFunction("api00[E] - api00[H]")]
  return try estimate(schools, design: twoStages(), request: request)
}

/// Rates corrected for the judgement, and put together with counts of a register.
func rates(_ schools: Table) throws -> Estimation {
  let known = JudgementAccuracy(sensitivity: 0.9, specificity: 0.97, sensitivityRows: nil, specificityRows: nil)
  let register = CompositeIncidence.Register(remaining: 100, exited: 200, unregistered: 300, ruralPopulation: 1000)
  var request = asked([try .mean(of: "awards_yes"), try .mean(of: "comp_imp_yes")])
  request.functions = [
    try .corrected("awards_yes", by: known),
    try .composite(wrongExit: "awards_yes", omission: "comp_imp_yes", register: register),
  ]
  return try estimate(schools, design: twoStages(), request: request)
}

/// Tests and a model, for the whole sample and by type of school.
func compared(_ schools: Table) throws -> [AnalysisResult] {
  var request = asked([], by: "stype")
  request.analyses = [
    try .association(of: "sch_wide", with: "awards", statistic: .raoScottF),
    try .means("api00 ~ awards"),
    try .ranks("api00 ~ awards", score: .wilcoxon),
    try .regression("api00 ~ ell + stype", family: .linear),
  ]
  return try estimate(schools, design: twoStages(), request: request).analyses
}
