internal import SurveyEstimation

/// Checks the intervals of a simple random sample.
func checkSimpleSample(_ input: JSONValue, _ expected: JSONValue) throws -> Comparison {
  guard let x = input["x"]?.number, let n = input["n"]?.number, let level = input["level"]?.number else {
    throw brokenReference("a simple random sample needs x, n and level")
  }
  guard case .object(let fields) = expected else { throw brokenReference("the case expects nothing") }
  let oneSided = SimpleSampleInterval.clopperPearson.limits(x, of: n, level: 2 * level - 1)
  let methods: [String: SimpleSampleInterval] = [
    "clopper_pearson": .clopperPearson, "wilson": .wilson, "wilson_cc": .wilsonCorrected, "jeffreys": .jeffreys,
    "agresti_coull_unclamped": .agrestiCoull, "wald_unclamped": .wald, "mid_p": .midP,
    "likelihood_ratio": .likelihoodRatio,
  ]
  var found: Comparison = []
  func compare(_ key: String, _ ours: [Double]) {
    let numbers = expected[key]?.numbers ?? []
    guard numbers.count == ours.count else {
      found.append("\(key): \(numbers.count) numbers, not \(ours.count)")
      return
    }
    for (value, number) in zip(ours, numbers) {
      found += difference(key, value, number, tolerance: Tolerance.proportionLimit, floor: 1e-15)
    }
  }
  for key in fields.keys.sorted() {
    switch key {
    case "p": compare(key, [x / n])
    case "clopper_pearson_lower_one_sided": compare(key, [oneSided.lower])
    case "clopper_pearson_upper_one_sided": compare(key, [oneSided.upper])
    default:
      guard let method = methods[key] else { throw Unsupported("srs_ci \(key)") }
      let limits = method.limits(x, of: n, level: level)
      compare(key, [limits.lower, limits.upper])
    }
  }
  return found
}

/// Checks the limits of a number of marked units in a finite population.
func checkFinitePopulation(_ input: JSONValue, _ expected: JSONValue) throws -> Comparison {
  guard let x = input["x"]?.number, let n = input["n"]?.number, let population = input["N"]?.number,
    let level = input["level"]?.number
  else { throw brokenReference("a finite population needs x, n, N and level") }
  func limits(_ tail: Double) -> (lower: Int, upper: Int) {
    hypergeometricLimits(Int(x), of: Int(n), population: Int(population), tail: tail)
  }
  let both = limits((1 - level) / 2)
  let single = limits(1 - level)
  var found: Comparison = []
  for (key, ours) in [
    ("two_sided_count", [both.lower, both.upper]), ("lower_one_sided_count", [single.lower]),
    ("upper_one_sided_count", [single.upper]),
  ] {
    let numbers = expected[key]?.numbers ?? expected[key]?.number.map { [$0] } ?? []
    for (value, number) in zip(ours, numbers) { found += difference(key, value, number) }
  }
  for (value, number) in zip([both.lower, both.upper], expected["two_sided_rate"]?.numbers ?? []) {
    found += difference("two_sided_rate", Double(value) / population, number, tolerance: Tolerance.estimate)
  }
  return found
}

/// Checks the size of a sample that is to find a marked unit.
func checkDiscovery(_ input: JSONValue, _ expected: JSONValue) throws -> Comparison {
  guard let accept = input["accept"]?.number, let alpha = input["alpha"]?.number else {
    throw brokenReference("a discovery sample needs accept and alpha")
  }
  if let rate = input["p"]?.number {
    return difference(
      "n",
      discoverySampleSize(rate: rate, accept: Int(accept), alpha: alpha),
      expected["n"]?.number ?? .nan
    )
  }
  guard let population = input["N"]?.number, let marked = input["D"]?.number else {
    throw brokenReference("a discovery sample needs N and D, or p")
  }
  return difference(
    "n",
    discoverySampleSize(population: Int(population), marked: Int(marked), accept: Int(accept), alpha: alpha),
    expected["n"]?.number ?? .nan
  )
}
