internal import SurveyEstimation

/// Checks the intervals of a simple random sample that have code here; the others are counted as skipped.
func checkSimpleSample(_ input: JSONValue, _ expected: JSONValue, into tally: inout Tally) throws -> [String] {
  guard let x = input["x"]?.number, let n = input["n"]?.number, let level = input["level"]?.number else {
    throw brokenReference("a simple random sample needs x, n and level")
  }
  guard case .object(let fields) = expected else { throw brokenReference("the case expects nothing") }
  let limits = clopperPearson(successes: x, trials: n, level: level)
  let oneSided = clopperPearson(successes: x, trials: n, level: 2 * level - 1)
  var found: [String] = []
  func compare(_ key: String, _ ours: [Double]) {
    let numbers = expected[key]?.numbers ?? []
    guard numbers.count == ours.count else {
      found.append("\(key): \(numbers.count) numbers, not \(ours.count)")
      return
    }
    for (value, number) in zip(ours, numbers) {
      found += difference(key, value, number, tolerance: Tolerance.proportionLimit)
    }
  }
  for key in fields.keys.sorted() {
    switch key {
    case "p": compare(key, [x / n])
    case "clopper_pearson": compare(key, [limits.lower, limits.upper])
    case "clopper_pearson_lower_one_sided": compare(key, [oneSided.lower])
    case "clopper_pearson_upper_one_sided": compare(key, [oneSided.upper])
    default: tally.skip("srs_ci \(key)")
    }
  }
  return found
}
