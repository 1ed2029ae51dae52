internal import SampleDrawing

/// Checks a case of the `selection` suite: probabilities of units and pairs, and systematic draws from a given start.
/// - Throws: `Unsupported` for what has no code here.
func checkSelection(_ operation: String, _ input: JSONValue, _ expected: JSONValue) throws -> Comparison {
  switch operation {
  case "inclusion_probabilities": return try checkInclusion(input, expected)
  case "joint_probabilities": return try checkJoint(input, expected)
  case "systematic_pps": return try checkProportionalStart(input, expected)
  case "systematic_equal": return try checkEqualStart(input, expected)
  default: throw Unsupported(operation)
  }
}

private func checkInclusion(_ input: JSONValue, _ expected: JSONValue) throws -> Comparison {
  let sizes = try wholeSizes(input["size"])
  guard let sample = input["n"]?.number.flatMap({ Int(exactly: $0) }) else { throw brokenReference("no n") }
  let list = SizedList(sizes: sizes, sample: sample)
  guard let ours = list.inclusionProbabilities else { return ["the probabilities cannot be computed"] }
  let theirs = try numbers(expected["pik"], count: sizes.count)
  var found: Comparison = []
  for (unit, pair) in zip(ours, theirs).enumerated() {
    found += difference("pik \(unit + 1)", pair.0, pair.1, tolerance: Tolerance.joint)
  }
  return found + difference("n_certainty", ours.count { $0 == 1 }, expected["n_certainty"]?.number ?? .nan)
}

private func checkJoint(_ input: JSONValue, _ expected: JSONValue) throws -> Comparison {
  let inclusion = try numbers(input["pik"])
  let list = try SizedList(inclusion: inclusion)
  let places = Array(inclusion.indices)
  let pairs: PairProbabilities?
  switch input["method"]?.text ?? "" {
  case "sampford": pairs = Sampford().jointProbabilities(of: places, in: list)
  case "maxent": pairs = ConditionalPoisson().jointProbabilities(of: places, in: list)
  case "tille": pairs = Tille().jointProbabilities(of: places, in: list)
  case "systematic": pairs = ProportionalSystematic().jointProbabilities(of: places, in: list)
  case "brewer2": pairs = Brewer().jointProbabilities(of: places, in: list)
  case "midzuno": pairs = JointProbabilities.midzuno(of: places, in: list)
  case "hajek_approx": pairs = JointProbabilities.hajek(inclusion)
  case "hartley_rao_approx": pairs = JointProbabilities.hartleyRao(inclusion)
  case let other: throw Unsupported("joint \(other)")
  }
  guard let pairs, let single = list.inclusionProbabilities else { return ["the probabilities cannot be computed"] }
  guard let rows = expected["pikl"]?.list, rows.count == inclusion.count else {
    throw brokenReference("pikl has not one row a unit")
  }
  var found: Comparison = []
  for (first, row) in rows.enumerated() {
    for (second, value) in try numbers(row, count: inclusion.count).enumerated() {
      let ours = first == second ? single[first] : pairs[first, second]
      found += difference(
        "pikl \(first + 1),\(second + 1)",
        ours,
        value,
        tolerance: Tolerance.joint,
        floor: Tolerance.jointFloor
      )
    }
  }
  return found
}

private func checkProportionalStart(_ input: JSONValue, _ expected: JSONValue) throws -> Comparison {
  let inclusion = try numbers(input["pik"])
  guard let start = input["start"]?.number, start >= 0, start < 1 else { throw brokenReference("no start") }
  let rest = inclusion.indices.filter { inclusion[$0] > 0 && inclusion[$0] < 1 }
  let sizes = try rest.map { try wholeSize(inclusion[$0]) }
  let total = sizes.reduce(0, +)
  let sample = (rest.reduce(0) { $0 + inclusion[$1] }).rounded()
  let places = proportionalPlaces(
    start: UInt64(start * Double(total)),
    sizes: sizes,
    total: total,
    sample: Int(sample)
  )
  let taken = inclusion.indices.filter { inclusion[$0] >= 1 } + places.map { rest[$0] }
  return selectionDifference(taken.sorted(), expected)
}

private func checkEqualStart(_ input: JSONValue, _ expected: JSONValue) throws -> Comparison {
  guard let population = input["N"]?.number.flatMap({ Int(exactly: $0) }),
    let sample = input["n"]?.number.flatMap({ Int(exactly: $0) }), let start = input["start_fraction"]?.number
  else { throw brokenReference("the case lacks N, n or start_fraction") }
  let places = systematicPlaces(
    start: UInt64(start * Double(population)),
    population: population,
    sample: sample
  )
  return selectionDifference(places, expected)
}

private func selectionDifference(_ places: [Int], _ expected: JSONValue) -> Comparison {
  let theirs = expected["selected_1_based"]?.numbers ?? []
  let ours = places.map { Double($0 + 1) }
  return ours == theirs ? .agreement : ["selected: got \(ours), expected \(theirs)"]
}

extension SizedList {
  /// A list whose inclusion probabilities are those of a case, which are given to 15 digits.
  ///
  /// Units taken with certainty get a size that leaves no doubt of it.
  fileprivate init(inclusion: [Double]) throws {
    var sum = 0.0
    for probability in inclusion { sum += probability }
    let sizes = try inclusion.map { try $0 >= 1 ? wholeSize(10) : wholeSize($0) }
    self.init(sizes: sizes, sample: Int(sum.rounded()))
  }
}

private let digits = 1e15

private func wholeSize(_ value: Double) throws -> UInt64 {
  guard value >= 0, let size = UInt64(exactly: (value * digits).rounded()) else {
    throw brokenReference("\(value) is no probability")
  }
  return size
}

private func wholeSizes(_ value: JSONValue?) throws -> [UInt64] {
  try numbers(value).map { number in
    guard let size = UInt64(exactly: number) else { throw brokenReference("\(number) is no size") }
    return size
  }
}

private func numbers(_ value: JSONValue?, count: Int? = nil) throws -> [Double] {
  let numbers = value?.numbers ?? []
  if numbers.isEmpty || count.map({ $0 != numbers.count }) ?? false {
    throw brokenReference("a list of numbers is missing or of another length")
  }
  return numbers
}
