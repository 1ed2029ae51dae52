internal import SurveyData
internal import SurveyEstimation

/// The reference's names of intervals, and ours.
private let intervalNames = [
  "logit": "logit", "xlogit": "xlogit", "asin": "asin", "beta": "beta", "mean": "mean",
  "korn_graubard": "korn-graubard", "wilson_design": "wilson", "likelihood": "likelihood",
]

extension CaseContext {
  /// Checks a case of an interval for a proportion.
  ///
  /// At 0 and 1 R's own methods have no answer or a false one: there the method must be void and the default
  /// must give an exact-type bound instead. The two closed forms of the reference hold at the ends too.
  mutating func checkProportion() throws -> Comparison {
    let method = try text("method")
    guard let name = intervalNames[method] else { throw Unsupported("ciprop \(method)") }
    let variable = try texts("variables")[0]
    let isClosedForm = method == "korn_graubard" || method == "wilson_design"
    var column = variable
    if !isClosedForm {
      // R's call is svyciprop(~I(y == 1)).
      column = "\(variable) == 1"
      try data.addIndicator(column, of: variable, equal: "1")
    }
    func indicator(_ interval: String?) throws -> Indicator {
      Indicator(
        key: interval ?? "default",
        statistic: .mean(Expression(column: column)),
        filter: try filter(),
        interval: interval
      )
    }
    let figures = FigureIndex(try estimation([try indicator(name), try indicator(nil)]))
    guard let ours = figures[name], let fallback = figures["default"] else { return ["no figure"] }
    let isDegenerate = expectsRefusal || (expected["degenerate"]?.isTrue ?? false)
    if isDegenerate {
      let bound = ours.interval ?? fallback.interval
      let isMissing = ours.estimate == nil && ours.reason != nil
      if !isMissing, !(bound.map { isExactBound($0, ours.estimate) } ?? false) {
        let place = ours.estimate.map { "\($0)" } ?? "no estimate"
        let limits = bound.map { "\($0.lower)…\($0.upper)" } ?? "none"
        return try answered(["no exact-type bound at \(place): got \(limits)"])
      }
      guard isClosedForm, expected["error"] == nil else { return .agreement }
    }
    var found: Comparison = []
    func compare(_ key: String, _ value: Double?, _ tolerance: Double, floor: Double = 0) {
      guard let number = expected[key]?.number else { return }
      found += difference(
        key,
        value,
        number,
        tolerance: tolerance,
        floor: floor
      )
    }
    let floor = errorFloor(of: ours.estimate)
    let isRegression = method == "logit"
    let isLikelihood = method == "likelihood"
    let limit =
      isLikelihood && !(expected["by_root"]?.isTrue ?? false)
      ? Tolerance.likelihood : isRegression || isLikelihood ? Tolerance.regression : Tolerance.proportionLimit
    compare("estimate", ours.estimate, max(estimateTolerance, isRegression || isLikelihood ? Tolerance.regression : 0))
    compare("se", ours.standardError, errorTolerance, floor: floor)
    compare("ci_lower", ours.interval?.lower, widened(limit), floor: floor)
    compare("ci_upper", ours.interval?.upper, widened(limit), floor: floor)
    compare("n_eff", ours.interval?.effectiveSampleSize, widened(Tolerance.proportionLimit))
    compare("n", figures[Self.rowsKey].map { Double($0.unweightedCount) }, 0)
    compare("df", ours.degreesOfFreedom.map { Double($0) }, 0)
    return found
  }
}
