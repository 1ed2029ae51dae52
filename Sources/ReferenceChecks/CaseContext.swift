internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

/// One case with its design and data, and how it is put to the estimator.
struct CaseContext {
  let spec: JSONValue
  let expected: JSONValue
  let design: ReferenceDesign
  /// The case's own copy: analysis columns may be changed in it.
  var data: ReferenceTable

  /// The key of an indicator that is 1 in every row: it counts rows, weights and degrees of freedom.
  static let rowsKey = "(rows)"

  var level: Double { spec["level"]?.number ?? 0.95 }
  var dropsMissing: Bool { spec["na_rm"]?.isTrue ?? false }

  /// R's `average` has NaN for a lonely unit below the first stage, where the reference asks for better.
  private var allowsFigureForNaN: Bool { design.sample.lonelyUnits == .average }

  /// How far standard errors and what is made of them may lie off.
  var errorTolerance: Double {
    design.isRaked ? Tolerance.rakedError : estimateTolerance
  }

  /// How far weights, estimates and sums of weights may lie off: some weights are iterated, others a closed form.
  var estimateTolerance: Double { design.isIterated ? Tolerance.iteratedWeight : Tolerance.estimate }

  /// A tolerance, widened to how far weights that are iterated let figures of them lie off.
  func widened(_ tolerance: Double) -> Double { max(tolerance, errorTolerance) }

  /// What a standard error of 0 may come out as: iterated weights meet their totals up to where the iteration stops.
  func errorFloor(of estimate: Double?) -> Double {
    design.isIterated ? Tolerance.iteratedFloor * max(1, abs(estimate ?? 0)) : Tolerance.floor(of: estimate)
  }

  /// Compares a figure; under the policy `average` R may have none.
  func difference(
    _ what: String,
    _ value: Double?,
    _ expected: Double,
    tolerance: Double,
    floor: Double = 0
  ) -> Comparison {
    ReferenceChecks.difference(
      what,
      value,
      expected,
      tolerance: tolerance,
      floor: floor,
      allowsFigureForNaN: allowsFigureForNaN
    )
  }

  func difference(_ what: String, _ value: Int?, _ expected: Double) -> Comparison {
    difference(what, value.map { Double($0) }, expected, tolerance: 0)
  }

  /// R has an error, or figures that the reference itself calls artefacts.
  var expectsRefusal: Bool { (spec["expect_error"]?.isTrue ?? false) || expected["error"] != nil }

  /// The domain of the case as one condition on the full design; `nil`: the whole sample.
  func filterText() throws -> String? {
    var conditions = design.conditions
    if let condition = spec["where"] { conditions.append(condition) }
    if conditions.isEmpty { return nil }
    return try conditions.map { try expressionText($0, over: data) }.joined(separator: " and ")
  }

  func filter() throws -> Expression? {
    try filterText().map { text throws(InputRefusal) in try Expression(parsing: text) }
  }

  /// Estimates with R's conventions: domains over the whole design, degrees of freedom of the design.
  func estimation(_ indicators: [Indicator], by variables: [String] = [], covariances: Bool = false) throws
    -> Estimation
  {
    let rows = Indicator(
      key: Self.rowsKey,
      statistic: .mean(try Expression(parsing: "1")),
      filter: try filter(),
      interval: "t"
    )
    var deff: DesignEffectReference?
    if spec["deff"]?.isTrue ?? false { deff = .withoutReplacement }
    if spec["deff"]?.text == "replace" { deff = .withReplacement }
    let request = EstimationRequest(
      indicators: indicators + [rows],
      domains: [variables],
      level: level,
      domainVariance: .unconditional,
      domainFreedom: .design,
      deff: deff,
      plannedCorrelation: 0.02,
      dropsMissing: dropsMissing,
      covariances: covariances
    )
    return try estimate(data.table, design: design.sample, request: request)
  }

  /// A text that the case must have.
  func text(_ key: String) throws -> String {
    if let text = spec[key]?.text { return text }
    throw brokenReference("the case lacks \(key)")
  }

  /// Texts that the case must have, at least one.
  func texts(_ key: String) throws -> [String] {
    if let texts = spec[key]?.texts, !texts.isEmpty { return texts }
    throw brokenReference("the case lacks \(key)")
  }
}

/// The figures of an estimation, by key and domain.
struct FigureIndex {
  private struct Key: Hashable {
    var indicator: String
    var domain: [DomainValue]
  }
  private var estimates: [Key: Estimate] = [:]

  init(_ estimation: Estimation) {
    for estimate in estimation.estimates {
      estimates[Key(indicator: estimate.indicator, domain: estimate.domain)] = estimate
    }
  }

  subscript(key: String, domain: [DomainValue] = []) -> Estimate? {
    estimates[Key(indicator: key, domain: domain)]
  }
}
