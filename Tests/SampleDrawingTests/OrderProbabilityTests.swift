import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

private let lists = [
  SizedList(sizes: [3, 1, 4, 1, 5, 9, 2, 6], sample: 3), SizedList(sizes: [5, 5, 5, 5, 5], sample: 2),
  SizedList(sizes: [1, 2], sample: 1), SizedList(sizes: [9, 8, 9, 8, 7, 1], sample: 4),
  SizedList(sizes: [2, 3, 5, 7, 11], sample: 2), SizedList(sizes: [40, 3, 0, 1, 4, 5, 9, 2], sample: 4),
]

/// P(fewer than `limit` of independent events happen).
private func fewer(than limit: Int, _ probabilities: [Double]) -> Double {
  var counts = [1.0] + [Double](repeating: 0, count: probabilities.count)
  for p in probabilities {
    for k in stride(from: probabilities.count, through: 1, by: -1) {
      counts[k] = counts[k] * (1 - p) + counts[k - 1] * p
    }
    counts[0] *= 1 - p
  }
  return counts.prefix(limit).reduce(0, +)
}

/// The integral of a smooth function by Simpson's rule.
private func integral(_ from: Double, _ to: Double, intervals: Int, _ value: (Double) -> Double) -> Double {
  let step = (to - from) / Double(2 * intervals)
  var sum = value(from) + value(to)
  for place in 1..<(2 * intervals) { sum += value(from + Double(place) * step) * (place % 2 == 1 ? 4 : 2) }
  return sum * step / 3
}

private func split(_ list: SizedList) throws -> (units: [Int], lambda: [Double], sample: Int) {
  let lambda = try #require(list.inclusionProbabilities)
  let units = lambda.indices.filter { lambda[$0] > 0 && lambda[$0] < 1 }
  return (units, lambda, list.sample - lambda.count { $0 == 1 })
}

@Test("Pareto's exact probabilities are those of the definition, integrated another way", arguments: lists)
func paretoDefinition(list: SizedList) throws {
  let (units, lambda, sample) = try split(list)
  let exact = try #require(list.paretoInclusionProbabilities)
  // t = s / (1 − s) takes the integral to 0…1, where it is smooth.
  func below(_ unit: Int, _ s: Double) -> Double {
    s * lambda[unit] / ((1 - s) * (1 - lambda[unit]) + s * lambda[unit])
  }
  for unit in units {
    let value = integral(0, 1, intervals: 2_000) { s in
      let divisor = (1 - s) * (1 - lambda[unit]) + s * lambda[unit]
      let density = lambda[unit] * (1 - lambda[unit]) / (divisor * divisor)
      return density * fewer(than: sample, units.filter { $0 != unit }.map { below($0, s) })
    }
    #expect(abs(value - exact[unit]) < 1e-11, "\(unit): \(value), \(exact[unit])")
  }
  #expect(abs(exact.reduce(0, +) - Double(list.sample)) < 1e-12)
}

@Test("sequential Poisson's exact probabilities are those of the definition, piece by piece", arguments: lists)
func sequentialDefinition(list: SizedList) throws {
  let (units, lambda, sample) = try split(list)
  let exact = try #require(list.sequentialPoissonInclusionProbabilities)
  let bends = [0] + units.map { 1 / lambda[$0] }.sorted()
  for unit in units {
    var value = 0.0
    // A polynomial of degree below eight between two bends: 200 intervals leave an error of 10⁻¹³.
    for (from, to) in zip(bends, bends.dropFirst()) where to > from && from < 1 / lambda[unit] {
      value += integral(from, to, intervals: 200) { t in
        lambda[unit] * fewer(than: sample, units.filter { $0 != unit }.map { min(1, t * lambda[$0]) })
      }
    }
    #expect(abs(value - exact[unit]) < 1e-10, "\(unit): \(value), \(exact[unit])")
  }
  #expect(abs(exact.reduce(0, +) - Double(list.sample)) < 1e-12)
}

@Test("one unit of two by sequential Poisson: the smaller has half the ratio of the sizes")
func closedForm() throws {
  let exact = try #require(SizedList(sizes: [1, 3], sample: 1).sequentialPoissonInclusionProbabilities)
  // P(U₁/λ₁ < U₂/λ₂) = λ₁ / (2·λ₂) for λ₁ < λ₂.
  #expect(abs(exact[0] - 1.0 / 6) < 1e-14)
  let equal = try #require(SizedList(sizes: [4, 4, 4], sample: 2).paretoInclusionProbabilities)
  #expect(equal.allSatisfy { abs($0 - 2.0 / 3) < 1e-14 })
}

@Test(
  "exact probabilities add up to n for long lists, equal sizes and sizes far apart",
  arguments: [(2_000, 5), (2_000, 300), (3_000, 2_500), (30, 29), (5_000, 1)]
)
func exactSums(units: Int, sample: Int) throws {
  let smooth = SizedList(sizes: (0..<units).map { UInt64(1_000 + ($0 * 7_919) % 3_001) }, sample: sample)
  let few = SizedList(sizes: (0..<units).map { UInt64(1 + $0 % 9) }, sample: sample)
  let skewed = SizedList(
    sizes: (0..<units).map { UInt64(1) << UInt64($0 % 24) },
    sample: min(sample, units / 2)
  )
  for list in [smooth, few, skewed] {
    let pareto = try #require(list.paretoInclusionProbabilities)
    #expect(abs(pareto.reduce(0, +) / Double(list.sample) - 1) < 1e-12)
    // With thousands of sizes near the bend every one of them ends a panel: too long for a test.
    if units * sample > 1_000_000, list.sizes == smooth.sizes { continue }
    let sequential = try #require(list.sequentialPoissonInclusionProbabilities)
    #expect(abs(sequential.reduce(0, +) / Double(list.sample) - 1) < 1e-12)
    let lambda = try #require(list.inclusionProbabilities)
    for (unit, probability) in lambda.enumerated() {
      #expect(pareto[unit] > 0 && pareto[unit] <= 1 && sequential[unit] > 0 && sequential[unit] <= 1)
      #expect(abs(pareto[unit] - probability) < 0.1 && abs(sequential[unit] - probability) < 0.2)
    }
  }
}

private func drawn(_ method: String, _ sizes: [Int], _ sample: Int) throws -> DrawnCell {
  let frame = Table(columns: [
    Column("id", texts: sizes.indices.map { "u\($0)" }), Column("size", texts: sizes.map { String($0) }),
  ])
  let plan = StagePlan(name: "county", id: "id", method: method, take: .count(sample), reserves: 2, size: "size")
  return try drawStage(plan, frame: frame, key: key()).cells[0]
}

@Test(
  "the exact probability is used where one differs by more than 1%",
  arguments: ["pps-pareto", "sequential-poisson"]
)
func basis(method: String) throws {
  let small = [3, 1, 4, 1, 5, 9, 2, 6]
  let cell = try drawn(method, small, 3)
  #expect(cell.basis == .exact)
  let list = SizedList(sizes: small.map { UInt64($0) }, sample: 3)
  let exact = try #require(
    method == "pps-pareto" ? list.paretoInclusionProbabilities : list.sequentialPoissonInclusionProbabilities
  )
  for unit in cell.selected {
    #expect(abs(unit.inclusionProbability / exact[unit.frameRow] - 1) < 1e-11)
    // Twelve digits: what is written reads back as the same number.
    let scaled = unit.inclusionProbability * 1e12
    #expect(abs(scaled - scaled.rounded()) < 1e-3)
  }
  let equal = try drawn(method, Array(repeating: 7, count: 12), 5)
  #expect(equal.basis == .lambda)
  #expect(equal.selected.allSatisfy { $0.inclusionProbability == 5.0 / 12 })
  let certain = try drawn(method, [900, 0, 0, 0], 1)
  #expect(certain.basis == nil && certain.selected[0].inclusionProbability == 1)
}

@Test("which probability is used is what all units' exact probabilities say", arguments: 0..<40)
func basisOfAll(number: Int) throws {
  // From 12 to 90 units, n from 2 to 41, sizes from almost equal to far apart: near 1% in many of them.
  let count = 12 + 2 * number
  let spread = 3 + number * number % 97
  let sizes = (0..<count).map { 20 + ($0 * 31 + number) % spread }
  let sample = 2 + number % min(40, count - 3)
  let list = SizedList(sizes: sizes.map { UInt64($0) }, sample: sample)
  let lambda = try #require(list.inclusionProbabilities)
  for (method, exact) in [
    ("pps-pareto", list.paretoInclusionProbabilities),
    ("sequential-poisson", list.sequentialPoissonInclusionProbabilities),
  ] {
    let isFar = zip(try #require(exact), lambda).contains { $1 < 1 && abs($0 - $1) > 0.01 * $1 }
    #expect(try drawn(method, sizes, sample).basis == (isFar ? .exact : .lambda), "\(method)")
  }
}

@Test("the order of an order sample goes on into its reserves", arguments: ["pps-pareto", "sequential-poisson"])
func reservesFollow(method: String) throws {
  let sizes = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
  let cell = try drawn(method, sizes, 4)
  #expect(cell.reserves.count == 2)
  #expect(cell.reserves.allSatisfy { $0.inclusionProbability.isNaN })
  #expect(Set(cell.units.map(\.id)).count == 6)
}
