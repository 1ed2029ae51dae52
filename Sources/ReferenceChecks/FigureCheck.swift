internal import SurveyEstimation

/// Compares one estimate, its standard error, limits and design effect with those of the reference.
struct FigureCheck {
  let context: CaseContext
  /// Where the arrays of figures stand: the case's `expected`, or one group of it.
  let expected: JSONValue

  init(_ context: CaseContext, expected: JSONValue) {
    self.context = context
    self.expected = expected
  }

  func differences(_ key: String, _ place: Int, _ ours: Estimate?) -> Comparison {
    guard let ours else { return ["\(key): no such figure"] }
    var found: Comparison = []
    func compare(_ name: String, _ value: Double?, tolerance: Double, floor: Double = 0) {
      guard let numbers = expected[name]?.numbers, place < numbers.count else { return }
      found += context.difference(
        "\(key) \(name)",
        value,
        numbers[place],
        tolerance: tolerance,
        floor: floor
      )
    }
    let floor = context.errorFloor(of: ours.estimate)
    compare("estimate", ours.estimate, tolerance: context.estimateTolerance)
    compare("se", ours.standardError, tolerance: context.errorTolerance, floor: floor)
    // The effect on a variance that is 0 in theory is a ratio of rounding.
    if let error = ours.standardError, error > floor {
      compare("deff", ours.designEffect, tolerance: context.errorTolerance)
    }
    guard let limits = limits(of: ours) else { return found + withoutLimits(key, place, ours) }
    // Limits are sums of estimate and standard error, so the floor holds for them too.
    compare("ci_lower", limits.lower, tolerance: context.errorTolerance, floor: floor)
    compare("ci_upper", limits.upper, tolerance: context.errorTolerance, floor: floor)
    return found
  }

  /// The limits published, or Student's for the degrees of freedom that the case itself names.
  private func limits(of ours: Estimate) -> (lower: Double, upper: Double)? {
    guard let freedom = context.spec["df"]?.number else {
      return ours.interval.map { ($0.lower, $0.upper) }
    }
    guard let estimate = ours.estimate, let error = ours.standardError else { return nil }
    return studentLimits(
      estimate: estimate,
      variance: error * error,
      degreesOfFreedom: freedom,
      level: context.level
    )
  }

  /// No limits are right where R has none, and around 0 or 1 of a rate, where R's have no width.
  private func withoutLimits(_ key: String, _ place: Int, _ ours: Estimate) -> Comparison {
    guard let lowers = expected["ci_lower"]?.numbers, let uppers = expected["ci_upper"]?.numbers,
      place < lowers.count, place < uppers.count, !lowers[place].isNaN
    else { return [] }
    let isEnd = ours.isProportion && (ours.estimate == 0 || ours.estimate == 1)
    if isEnd, abs(uppers[place] - lowers[place]) <= Tolerance.floor(of: ours.estimate) { return .agreement }
    let reason = ours.reason?.rawValue ?? "no reason"
    return ["\(key) limits: got none (\(reason)), expected \(lowers[place])…\(uppers[place])"]
  }
}
