internal import Glibc
internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

/// A table of a case's own design, for rates that are made of several estimates.
struct RateContext {
  let input: JSONValue
  let expected: JSONValue
  var design: ReferenceDesign
  var data: ReferenceTable

  private func estimation(_ indicators: [Indicator]) throws -> Estimation {
    try estimate(
      data.table,
      design: design.sample,
      request: EstimationRequest(
        indicators: indicators,
        domains: [[]],
        level: 0.95,
        domainVariance: .unconditional,
        domainFreedom: .design,
        deff: nil,
        plannedCorrelation: 0.02,
        dropsMissing: false,
        covariances: true
      )
    )
  }

  private func ratio(_ key: String, _ numerator: String, _ denominator: String) throws -> Indicator {
    Indicator(
      key: key,
      statistic: .ratio(try Expression(parsing: numerator), try Expression(parsing: denominator)),
      interval: "t"
    )
  }

  private func compare(_ ours: [(String, [Double?])], tolerance: Double) -> Comparison {
    ours.compared { key, values in
      let numbers = expected[key]?.numbers ?? []
      let wanted = numbers.isEmpty ? expected[key]?.number.map { [$0] } ?? [] : numbers
      return zip(values, wanted).compared { difference(key, $0, $1, tolerance: tolerance) }
    }
  }

  /// Checks the composite poverty incidence.
  func checkComposite() throws -> Comparison {
    guard let known = input["known"], let remaining = known["remaining"]?.number,
      let exited = known["exited"]?.number, let unregistered = known["unregistered"]?.number,
      let population = known["rural_population"]?.number
    else { throw brokenReference("the case lacks what is known of the register") }
    let result = try estimation([
      try ratio("wrong", "p_wrong", "p_exited"), try ratio("missed", "p_missed", "p_unreg"),
      try ratio("whole", "p_remaining + p_wrong + p_missed", "persons"),
    ])
    let figures = FigureIndex(result)
    guard let wrong = figures["wrong"], let missed = figures["missed"], let whole = figures["whole"],
      let matrix = result.covariances.first?.values, let wrongRate = wrong.estimate,
      let missedRate = missed.estimate, let freedom = wrong.degreesOfFreedom
    else { return ["a rate has no estimate"] }
    let register = CompositeIncidence.Register(
      remaining: remaining,
      exited: exited,
      unregistered: unregistered,
      ruralPopulation: population
    )
    func composite(_ covariance: [[Double]]) -> CompositeIncidence {
      CompositeIncidence(
        register: register,
        wrongExitRate: wrongRate,
        omissionRate: missedRate,
        covariance: covariance
      )
    }
    // R's contrasts of replicates linearize over the totals; its `withReplicates` is what we do.
    let covariance = design.hasReplicates ? try linearizedRates() : matrix
    let rate = composite(covariance)
    let direct = composite(matrix)
    let error = rate.variance.squareRoot()
    let p = rate.estimate
    let slope = p * (1 - p)
    let t = StudentT(degreesOfFreedom: Double(freedom))
    let center = logit(p)
    return compare(
      [
        ("estimate", [p]), ("df", [Double(freedom)]), ("wrong_exit_rate", [wrongRate]),
        ("missed_rate", [missedRate]), ("survey_only_rate", [whole.estimate]),
        ("replicate_estimate", [direct.estimate]), ("replicate_se", [direct.variance.squareRoot()]),
      ],
      tolerance: Tolerance.estimate
    )
      + compare(
        [
          ("se", [error]), ("wrong_exit_se", [covariance[0][0].squareRoot()]),
          ("missed_se", [covariance[1][1].squareRoot()]), ("covariance", [covariance[0][1]]),
          ("survey_only_se", [whole.standardError]),
          ("ci_t", [p - t.quantile(0.975) * error, p + t.quantile(0.975) * error]),
          (
            "ci_logit_t",
            [expit(center - t.quantile(0.975) * error / slope), expit(center + t.quantile(0.975) * error / slope)]
          ), ("upper_one_sided_95", [p + t.quantile(0.95) * error]),
        ],
        tolerance: design.isRaked ? Tolerance.rakedError : Tolerance.estimate
      )
  }

  /// The covariances of both rates from those of their four totals.
  private func linearizedRates() throws -> [[Double]] {
    let names = ["p_wrong", "p_exited", "p_missed", "p_unreg"]
    let result = try estimation(
      try names.map { Indicator(key: $0, statistic: .total(try Expression(parsing: $0)), interval: "t") }
    )
    let figures = FigureIndex(result)
    let totals = names.map { figures[$0]?.estimate ?? .nan }
    let matrix = result.covariances.first?.values ?? []
    let gradients = [
      [1 / totals[1], -totals[0] / (totals[1] * totals[1]), 0, 0],
      [0, 0, 1 / totals[3], -totals[2] / (totals[3] * totals[3])],
    ]
    return gradients.map { left in
      gradients.map { right in
        var sum = 0.0
        for row in names.indices {
          for column in names.indices { sum += left[row] * right[column] * matrix[row][column] }
        }
        return sum
      }
    }
  }

  /// Checks the correction of a design-based rate.
  func checkCorrectedRate() throws -> Comparison {
    guard let variable = input["variable"]?.text else { throw brokenReference("the case names no variable") }
    let result = try estimation([
      Indicator(key: variable, statistic: .mean(Expression(column: variable)), interval: "t")
    ])
    guard let ours = FigureIndex(result)[variable], let apparent = ours.estimate, let error = ours.standardError
    else { return ["the rate has no estimate"] }
    var found = compare(
      [
        ("apparent", [apparent]), ("apparent_se", [error]), ("df", [ours.degreesOfFreedom.map { Double($0) }]),
      ],
      tolerance: Tolerance.estimate
    )
    found += try correctedDifferences(input, expected, apparent: apparent, variance: error * error)
    if let freedom = ours.degreesOfFreedom,
      let rate = CorrectedRate(apparent: apparent, variance: error * error, accuracy: try accuracy(input))
    {
      let t = StudentT(degreesOfFreedom: Double(freedom)).quantile(0.975)
      found += compare(
        [("ci_t_known", [rate.estimate - t * rate.standardError, rate.estimate + t * rate.standardError])],
        tolerance: Tolerance.estimate
      )
    }
    return found
  }

  private func logit(_ p: Double) -> Double { log(p / (1 - p)) }
  private func expit(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}

private func accuracy(_ input: JSONValue) throws -> JudgementAccuracy {
  guard let sensitivity = input["se"]?.number, let specificity = input["sp"]?.number else {
    throw brokenReference("a correction needs se and sp")
  }
  return JudgementAccuracy(
    sensitivity: sensitivity,
    specificity: specificity,
    sensitivityRows: input["n_se"]?.number.map { Int($0) },
    specificityRows: input["n_sp"]?.number.map { Int($0) }
  )
}

/// Checks the correction of a given apparent rate.
func checkCorrection(_ input: JSONValue, _ expected: JSONValue) throws -> Comparison {
  guard let apparent = input["apparent"]?.number, let variance = input["apparent_var"]?.number else {
    throw brokenReference("a correction needs the apparent rate and its variance")
  }
  return try correctedDifferences(input, expected, apparent: apparent, variance: variance)
}

private func correctedDifferences(
  _ input: JSONValue,
  _ expected: JSONValue,
  apparent: Double,
  variance: Double
) throws -> Comparison {
  guard let rate = CorrectedRate(apparent: apparent, variance: variance, accuracy: try accuracy(input)) else {
    return ["no correction"]
  }
  let z = Normal.quantile((1 + (input["level"]?.number ?? 0.95)) / 2)
  var found: Comparison = []
  for (key, values) in [
    ("estimate", [rate.estimate]), ("estimate_truncated", [rate.truncated]),
    ("se_known_accuracy", [rate.standardError]), ("se_estimated_accuracy", [rate.fullStandardError]),
    ("ci_normal_known", [rate.estimate - z * rate.standardError, rate.estimate + z * rate.standardError]),
    (
      "ci_normal_estimated",
      [rate.estimate - z * rate.fullStandardError, rate.estimate + z * rate.fullStandardError]
    ),
  ] {
    let numbers = expected[key]?.numbers ?? []
    let wanted = numbers.isEmpty ? expected[key]?.number.map { [$0] } ?? [] : numbers
    for (value, number) in zip(values, wanted) {
      found += difference(key, value, number, tolerance: Tolerance.estimate)
    }
  }
  return found
}

/// Checks the corrected rate of a simple random sample.
func checkSimpleCorrection(_ input: JSONValue, _ expected: JSONValue) throws -> Comparison {
  guard let x = input["x"]?.number, let n = input["n"]?.number, let level = input["level"]?.number else {
    throw brokenReference("a simple random sample needs x, n and level")
  }
  let accuracy = try accuracy(input)
  func corrected(_ apparent: Double) -> Double {
    (apparent + accuracy.specificity - 1) / (accuracy.sensitivity + accuracy.specificity - 1)
  }
  let wilson = SimpleSampleInterval.wilson.limits(x, of: n, level: level)
  let exact = SimpleSampleInterval.clopperPearson.limits(x, of: n, level: level)
  var found: Comparison = []
  func compare(_ key: String, _ ours: [Double]) {
    let numbers = expected[key]?.numbers ?? []
    let wanted = numbers.isEmpty ? expected[key]?.number.map { [$0] } ?? [] : numbers
    for (value, number) in zip(ours, wanted) {
      found += difference(key, value, number, tolerance: Tolerance.proportionLimit, floor: 1e-15)
    }
  }
  compare("estimate", [corrected(x / n)])
  compare("ci_known_wilson_unclamped", [corrected(wilson.lower), corrected(wilson.upper)])
  compare("ci_known_cp_unclamped", [corrected(exact.lower), corrected(exact.upper)])
  guard let limits = langReiczigelLimits(x, of: n, accuracy: accuracy, level: level) else {
    return found + ["no Lang–Reiczigel interval"]
  }
  compare("ci_lang_reiczigel_unclamped", [limits.lower, limits.upper])
  compare("ci_lang_reiczigel", [limits.lower, limits.upper].map { min(1, max(0, $0)) })
  return found
}
