internal import SurveyDesign

/// Checks shares and whole numbers of the allocation rules against the reference.
///
/// The reference rounds proportional shares by the largest remainders; ours are the least Σ (n − a)² / a. In its
/// cases both give the same numbers.
func checkAllocation(_ input: JSONValue, _ expected: JSONValue, into tally: inout Tally) throws -> Comparison {
  guard let total = input["n"]?.number.flatMap({ Int(exactly: $0) }), let least = input["min"]?.number,
    let sizes = input["N"]?.numbers, let deviations = input["S"]?.numbers, sizes.count == deviations.count,
    case .object(let fields) = expected
  else { throw brokenReference("an allocation needs N, S, n and min") }
  let check = AllocationCheck(
    strata: sizes.indices.map { place in
      AllocationStratum(
        populationSize: Int(sizes[place]),
        sizeTotal: input["X"]?.numbers[place],
        deviation: deviations[place],
        cost: input["cost"]?.numbers[place] ?? 1
      )
    },
    total: total,
    exponent: input["power"]?.number
  )
  var found: Comparison = []
  func compare(_ key: String, _ ours: [Double], tolerance: Double = Tolerance.estimate) {
    let numbers = expected[key]?.numbers ?? []
    guard numbers.count == ours.count else {
      found.append("\(key): \(numbers.count) numbers, not \(ours.count)")
      return
    }
    for (value, number) in zip(ours, numbers) { found += difference(key, value, number, tolerance: tolerance) }
  }
  for key in fields.keys.sorted() {
    switch key {
    case "proportional": compare(key, check.shares("proportional", hasSizes: false))
    case "equal": compare(key, check.shares("equal"))
    case "sqrt": compare(key, check.shares("square-root", hasSizes: false))
    case "neyman": compare(key, check.shares("neyman"))
    case "cost_optimal": compare(key, check.shares("cost-optimal"))
    case "power": compare(key, check.shares("power"))
    case "neyman_capped_at_N": compare(key, try check.results("neyman", least: 0).map(\.unrounded))
    case "proportional_largest_remainder":
      let results = try check.results("proportional", least: 0, hasSizes: false)
      compare(key, results.map { Double($0.sampleSize) }, tolerance: 0)
    case "exact_integer":
      compare(key, try check.results("neyman", least: Int(least)).map { Double($0.sampleSize) }, tolerance: 0)
    case "exact_integer_min": compare(key, [least], tolerance: 0)
    case "variance_total_exact_integer":
      compare(key, [check.variance(try check.results("neyman", least: Int(least)).map { Double($0.sampleSize) })])
    case "variance_total_neyman_capped":
      compare(key, [check.variance(try check.results("neyman", least: 0).map(\.unrounded))])
    case "variance_total_proportional":
      compare(key, [check.variance(check.shares("proportional", hasSizes: false))])
    default: tally.skip("allocation \(key)")
    }
  }
  return found
}

private struct AllocationCheck {
  let strata: [AllocationStratum]
  let total: Int
  let exponent: Double?

  /// The strata as a rule sees them: the reference's X is for the power rule only.
  private func seen(hasSizes: Bool) -> [AllocationStratum] {
    if hasSizes { return strata }
    return strata.map { stratum in
      var plain = stratum
      plain.sizeTotal = Double(stratum.populationSize)
      return plain
    }
  }

  /// n · A / Σ A, without bounds.
  func shares(_ rule: String, hasSizes: Bool = true) -> [Double] {
    guard let rule = Allocations.named(rule) else { return [] }
    let measures = seen(hasSizes: hasSizes).map { rule.measure($0, exponent: exponent ?? 1) }
    let sum = measures.reduce(0, +)
    return measures.map { Double(total) * $0 / sum }
  }

  func results(_ name: String, least: Int, hasSizes: Bool = true) throws -> [AllocatedStratum] {
    guard let rule = Allocations.named(name) else { return [] }
    let allocation = Allocation(total: total, rule: name, exponent: exponent, minimum: least)
    return try allocate(allocation, by: rule, over: seen(hasSizes: hasSizes))
  }

  /// The variance of the estimated total: Σ N² S² (1/n − 1/N).
  func variance(_ numbers: [Double]) -> Double {
    zip(strata, numbers).reduce(0) { sum, pair in
      let size = Double(pair.0.populationSize)
      let deviation = pair.0.deviation ?? 0
      return sum + size * size * deviation * deviation * (1 / pair.1 - 1 / size)
    }
  }
}
