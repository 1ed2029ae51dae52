internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

extension CaseContext {
  /// Checks the weights that the adjustments of a design leave.
  ///
  /// - Parameter base: the design before them, whose weights the factors refer to.
  func checkWeights(base: ReferenceDesign?) throws -> Comparison {
    let weights = try SurveySample(data.table, design: design.sample).weights
    var found = difference("n", weights.count, expected["n"]?.number ?? .nan)
    func compare(_ key: String, _ ours: [Double]) {
      let numbers = expected[key]?.numbers ?? expected[key]?.number.map { [$0] } ?? []
      if numbers.count != ours.count { found.append("\(key): \(numbers.count) numbers, not \(ours.count)") }
      for (place, (value, number)) in zip(ours, numbers).enumerated() {
        found += difference("\(key) \(place + 1)", value, number, tolerance: estimateTolerance)
      }
    }
    compare("weights", weights)
    compare("sum", [weights.reduce(0, +)])
    compare("sum_sq", [weights.reduce(0) { $0 + $1 * $1 }])
    compare("min", [weights.min() ?? .nan])
    compare("max", [weights.max() ?? .nan])
    if expected["g_weights"] != nil, let base {
      let before = try SurveySample(data.table, design: base.sample).weights
      compare("g_weights", zip(weights, before).map { $0 / $1 })
    }
    return found
  }

  /// Checks the replicate weights made of a design or brought by a file.
  func checkReplicateWeights() throws -> Comparison {
    let sample = try SurveySample(data.table, design: design.sample)
    guard let replicates = sample.replicateTable else { return ["no replicate weights"] }
    var found = difference("n", sample.rowCount, expected["n"]?.number ?? .nan)
    found += difference("replicates", replicates.weights.count, expected["replicates"]?.number ?? .nan)
    found += difference("scale", replicates.scale, expected["scale"]?.number ?? .nan, tolerance: estimateTolerance)
    found += difference("degf", replicates.degreesOfFreedom, expected["degf"]?.number ?? .nan)
    for (place, number) in (expected["rscales"]?.numbers ?? []).enumerated() where place < replicates.scales.count {
      found += difference("rscales \(place + 1)", replicates.scales[place], number, tolerance: estimateTolerance)
    }
    for (place, number) in (expected["column_sums"]?.numbers ?? []).enumerated() where place < replicates.weights.count
    {
      let sum = replicates.weights[place].reduce(0, +)
      found += difference("column_sums \(place + 1)", sum, number, tolerance: estimateTolerance)
    }
    for (row, values) in (expected["first_rows"]?.list ?? []).enumerated() {
      for (place, number) in values.numbers.enumerated() where place < replicates.weights.count {
        let value = replicates.weights[place][row]
        found += difference("row \(row + 1), replicate \(place + 1)", value, number, tolerance: estimateTolerance)
      }
    }
    return found
  }

  /// Checks a total divided by a known population size.
  mutating func checkKnownSizeMean() throws -> Comparison {
    guard let size = spec["N"]?.number else { throw brokenReference("the case names no N") }
    let variables = try texts("variables")
    let indicators = try variables.map {
      Indicator(key: $0, statistic: .total(Expression(column: $0)), filter: try filter(), interval: "t")
    }
    let figures = FigureIndex(try estimation(indicators))
    let check = FigureCheck(self, expected: expected)
    var found = freedomDifference(figures)
    for (place, name) in variables.enumerated() {
      guard var ours = figures[name] else { continue }
      ours.estimate = ours.estimate.map { $0 / size }
      ours.standardError = ours.standardError.map { $0 / size }
      ours.interval?.lower /= size
      ours.interval?.upper /= size
      found += check.differences(name, place, ours)
    }
    return found
  }
}
