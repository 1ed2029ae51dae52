internal import SurveyData
internal import SurveyEstimation

extension CaseContext {
  /// Checks quantiles with their limits.
  mutating func checkQuantile() throws -> Comparison {
    guard let rule = QuantileRule(rawValue: spec["qrule"]?.text ?? "math") else {
      throw Unsupported("quantile rule \(spec["qrule"]?.text ?? "")")
    }
    let name = spec["interval"]?.text ?? "mean"
    // R's name stands for its own reading of the limits.
    guard
      let interval = name == "score"
        ? .scoreByRows : QuantileInterval(rawValue: name.replacing("-definition", with: ""))
    else {
      throw Unsupported("quantile interval \(name)")
    }
    let variable = try texts("variables")[0]
    let found = try SurveySample(data.table, design: design.sample).quantiles(
      of: Expression(column: variable),
      probabilities: spec["probs"]?.numbers ?? [],
      rule: rule,
      interval: interval,
      level: level,
      filter: try filter(),
      dropsMissing: dropsMissing
    )
    if expectsRefusal { return found.isEmpty ? .agreement : try answered(["answered where a refusal is expected"]) }
    var differences: Comparison = []
    for (place, ours) in found.enumerated() {
      func compare(_ key: String, _ value: Double?, _ tolerance: Double) {
        guard let numbers = expected[key]?.numbers, place < numbers.count else { return }
        differences += difference(
          "\(ours.probability) \(key)",
          value,
          numbers[place],
          tolerance: tolerance
        )
      }
      compare("estimate", ours.value, Tolerance.estimate)
      compare("ci_lower", ours.lower, Tolerance.quantileLimit)
      compare("ci_upper", ours.upper, Tolerance.quantileLimit)
      compare("se", ours.standardError, Tolerance.quantileLimit)
      differences += difference("df", ours.degreesOfFreedom, expected["df"]?.number ?? .nan)
    }
    if found.count != expected["estimate"]?.numbers.count {
      differences.append("\(found.count) quantiles, not \(expected["estimate"]?.numbers.count ?? 0)")
    }
    return differences
  }
}
