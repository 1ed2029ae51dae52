internal import SurveyData
internal import SurveyDesign

extension SurveySample {
  /// Takes one step, for the weights and for every replicate of them.
  mutating func adjust(by step: WeightAdjustment) throws(InputRefusal) {
    let before = weights
    switch step {
    case .replication(let method, let isMeanSquaredError):
      replicates = try ReplicateWeights(method, of: self, isMeanSquaredError: isMeanSquaredError)
      return
    case .postStratification(let spec):
      let classes = try PostStrata(spec, of: table, weights: weights)
      let name = LocalizedText(
        zh: "事后分层（\(spec.columns.joined(separator: ", "))）",
        en: "post-stratification by \(spec.columns.joined(separator: ", "))"
      )
      try adjust(name, miss: classes.largestMiss) { weights throws(InputRefusal) in
        let adjusted = try classes.adjusted(weights)
        return (adjusted, classes.projection(from: weights, to: adjusted))
      }
    case .raking(let margins):
      let raking = Raking(
        margins: try margins.map { spec throws(InputRefusal) in try PostStrata(spec, of: table, weights: weights) }
      )
      try adjust(LocalizedText(zh: "迭代比例调整", en: "raking to \(margins.count) margins"), miss: raking.largestMiss) {
        weights throws(InputRefusal) in
        let adjusted = try raking.adjusted(weights)
        return (adjusted, RakingProjection(groups: raking.margins.map(\.classOfRow), weights: adjusted))
      }
    case .calibration(let spec):
      let calibrator = try Calibrator(spec, of: self)
      let name = LocalizedText(zh: "校准（\(spec.distance.rawValue)）", en: "\(spec.distance.rawValue) calibration")
      try adjust(name, miss: calibrator.largestMiss) {
        weights throws(InputRefusal) in
        let factors = try calibrator.factors(weights)
        let adjusted = weights.indices.map { weights[$0] * factors[$0] }
        return (adjusted, calibrator.projection(weights, factors: factors))
      }
    case .unknownEligibility(let spec):
      let eligibility = try EligibilityWeights(spec, of: self)
      let classes = spec.classes.joined(separator: ", ")
      let name = LocalizedText(
        zh: "资格不明单位的权数分摊" + (classes.isEmpty ? "" : "（\(classes)）"),
        en: "unknown eligibility shared out" + (classes.isEmpty ? "" : " by \(classes)")
      )
      try adjust(name) { weights throws(InputRefusal) in try eligibility.adjusted(weights) }
    case .nonresponse(let spec):
      let response = try NonresponseWeights(spec, of: self)
      try adjust(spec.title) { weights throws(InputRefusal) in try response.adjusted(weights) }
      for row in isAnswering.indices { isAnswering[row] = isAnswering[row] && response.isAnswering[row] }
    case .trimming(let spec):
      try adjust(LocalizedText(zh: "权数截尾", en: "trimming")) { weights throws(InputRefusal) in
        (try trimmed(weights, by: spec), nil)
      }
    }
    history[history.count - 1].sumBefore = before.reduce(0, +)
  }

  private mutating func adjust(
    _ name: LocalizedText,
    miss: (([Double]) -> Double)? = nil,
    _ change: ([Double]) throws(InputRefusal) -> ([Double], (any ScoreProjection)?)
  ) throws(InputRefusal) {
    let (adjusted, projection) = try change(weights)
    var least = Double.infinity
    var largest = -Double.infinity
    for row in weights.indices where weights[row] != 0 {
      let factor = adjusted[row] / weights[row]
      least = min(least, factor)
      largest = max(largest, factor)
    }
    history.append(
      WeightStep(
        name: name,
        sumBefore: 0,
        sumAfter: adjusted.reduce(0, +),
        leastFactor: least,
        largestFactor: largest,
        range: WeightSummary.Range(adjusted),
        largestMiss: miss?(adjusted)
      )
    )
    weights = adjusted
    if var replicates {
      try replicates.adjust { column throws(InputRefusal) in try change(column).0 }
      self.replicates = replicates
    } else if let projection {
      projections.append(projection)
    }
  }
}

extension NonresponseAdjustment {
  /// The step as a table names it.
  var title: LocalizedText {
    switch method {
    case .classes(let names):
      let classes = names.joined(separator: ", ")
      return LocalizedText(
        zh: "无应答调整" + (classes.isEmpty ? "" : "（\(classes)）"),
        en: "nonresponse" + (classes.isEmpty ? "" : " by \(classes)")
      )
    case .propensity(let terms, let count):
      let names = terms.map(\.source).joined(separator: ", ")
      return LocalizedText(
        zh: "应答倾向（\(names)）" + (count.map { "，\($0) 类" } ?? "，1/p̂"),
        en: "response propensity (\(names))" + (count.map { ", \($0) classes" } ?? ", 1/p̂")
      )
    }
  }
}
