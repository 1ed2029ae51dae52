import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

private let sizes: [UInt64] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 8, 7]
/// A variable that is not proportional to size, so that the estimator varies.
private let values = [5.0, 9, 2, 4, 8, 3, 7, 1, 6, 2, 9, 4]
private let replays = 3_000

private let frame = Table(columns: [
  Column("id", texts: sizes.indices.map { "u\($0)" }), Column("size", texts: sizes.map { String($0) }),
])

/// Sen–Yates–Grundy: ½ Σ Σ (π_k·π_l − π_kl) (y_k/π_k − y_l/π_l)², over `pairs` divided by π_kl when estimated.
private func squareSum(_ expanded: [Double], _ pi: [Double], _ pairs: PairProbabilities, isEstimate: Bool) -> Double {
  var sum = 0.0
  for one in expanded.indices {
    for other in expanded.indices where other > one {
      let distance = expanded[one] - expanded[other]
      let weight = pi[one] * pi[other] - pairs[one, other]
      sum += weight * distance * distance / (isEstimate ? pairs[one, other] : 1)
    }
  }
  return sum
}

@Test(
  "the variance by pairs is the variance over replays, and its estimate is right on average",
  arguments: [("pps-sampford", 4), ("conditional-poisson", 4), ("pps-tille", 4), ("pps-brewer", 2)]
)
func variance(method: String, sample: Int) throws {
  let rule = try #require(SelectionMethods.named(method))
  let list = SizedList(sizes: sizes, sample: sample)
  let pi = try #require(list.inclusionProbabilities)
  // The frame's ids in the order of their bytes are another order than the rows.
  let order = sizes.indices.sorted { "u\($0)" < "u\($1)" }
  let listed = SizedList(sizes: order.map { sizes[$0] }, sample: sample)
  let pairs = try #require(rule.jointProbabilities(of: Array(order.indices), in: listed))
  let truth = squareSum(order.map { values[$0] / pi[$0] }, order.map { pi[$0] }, pairs, isEstimate: false)

  let plan = StagePlan(name: "unit", id: "id", method: method, take: .count(sample), size: "size")
  var totals = [Double]()
  var estimates = [Double]()
  for replay in 0..<replays {
    let key = try DrawKey(seed: "variance \(replay)", group: "test/variance", stage: "unit")
    let cell = try drawStage(plan, frame: frame, key: key).cells[0]
    let own = try #require(cell.pairs)
    let expanded = cell.selected.map { values[$0.frameRow] / $0.inclusionProbability }
    totals.append(expanded.reduce(0, +))
    estimates.append(squareSum(expanded, cell.selected.map(\.inclusionProbability), own, isEstimate: true))
  }
  func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
  func deviation(_ numbers: [Double]) -> Double {
    let center = mean(numbers)
    return mean(numbers.map { ($0 - center) * ($0 - center) }).squareRoot()
  }
  let root = Double(replays).squareRoot()
  // 4.5 standard errors each: mean of the estimates, mean and mean square deviation of the totals.
  #expect(abs(mean(estimates) - truth) < 4.5 * deviation(estimates) / root, "\(mean(estimates)), \(truth)")
  let total = values.reduce(0, +)
  #expect(abs(mean(totals) - total) < 4.5 * truth.squareRoot() / root)
  let squares = totals.map { ($0 - total) * ($0 - total) }
  #expect(abs(mean(squares) - truth) < 4.5 * deviation(squares) / root, "\(mean(squares)), \(truth)")
}

@Test("the Hansen–Hurwitz estimate varies as it should over replays")
func withReplacement() throws {
  let draws = 5
  let total = values.reduce(0, +)
  let size = Double(sizes.reduce(0, +))
  var truth = 0.0
  for (x, y) in zip(sizes, values) {
    let p = Double(x) / size
    truth += p * (y / p - total) * (y / p - total) / Double(draws)
  }
  let plan = StagePlan(
    name: "unit",
    id: "id",
    method: "pps-with-replacement",
    take: .count(draws),
    size: "size"
  )
  var squares = [Double]()
  for replay in 0..<replays {
    let key = try DrawKey(seed: "hits \(replay)", group: "test/variance", stage: "unit")
    let cell = try drawStage(plan, frame: frame, key: key).cells[0]
    let estimate = cell.selected.reduce(0) {
      $0 + Double($1.hits) * values[$1.frameRow] / $1.inclusionProbability
    }
    squares.append((estimate - total) * (estimate - total))
  }
  let mean = squares.reduce(0, +) / Double(replays)
  let spread = (squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(replays)).squareRoot()
  #expect(abs(mean - truth) < 4.5 * spread / Double(replays).squareRoot(), "\(mean), \(truth)")
}
