import Foundation
import SurveyData
import SurveyDesign
import Testing

@Suite("allocation")
struct AllocationTests {
  /// What the rule's whole numbers must make as small as they can.
  private func objective(_ numbers: [Int], _ measures: [Double], _ criterion: AllocationCriterion) -> Double {
    var sum = 0.0
    for (number, measure) in zip(numbers, measures) {
      switch criterion {
      case .variance:
        if measure > 0 { sum += number == 0 ? .infinity : measure * measure / Double(number) }
      case .evenness:
        if measure > 0 { sum += Double(number * number) / measure }
      }
    }
    return sum
  }

  /// Every vector of whole numbers between the bounds with the sum.
  private func vectors(_ bounds: [(least: Int, most: Int)], sum: Int) -> [[Int]] {
    guard let first = bounds.first else { return sum == 0 ? [[]] : [] }
    if first.least > sum { return [] }
    return (first.least...min(first.most, sum)).flatMap { number in
      vectors(Array(bounds.dropFirst()), sum: sum - number).map { [number] + $0 }
    }
  }

  /// Figures of some strata that depend on the case's number alone.
  private func strata(_ number: Int) -> [AllocationStratum] {
    var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ limit: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % limit
    }
    return (0..<4).map { _ in
      let population = Int(next(12)) + 1
      return AllocationStratum(
        populationSize: population,
        required: Int(next(4)) == 0 ? 1 : 0,
        sizeTotal: Double(next(90) + 1),
        deviation: next(5) == 0 ? 0 : Double(next(50)) / 4,
        cost: Double(next(40) + 1)
      )
    }
  }

  @Test("no other whole numbers with the sum and the bounds are better", arguments: Allocations.all.map(\.name))
  func bruteForce(rule name: String) throws {
    let rule = try #require(Allocations.named(name))
    var compared = 0
    for number in 1...160 {
      let strata = strata(number)
      let room = strata.reduce(0) { $0 + $1.populationSize }
      let allocation = Allocation(
        total: 1 + number % room,
        rule: name,
        exponent: rule.usesExponent ? [0, 0.3, 0.5, 1][number % 4] : nil,
        minimum: number % 3,
        maximum: number % 5 == 0 ? 5 : nil,
        takeAllUpTo: number % 2 * 2
      )
      guard let results = try? allocate(allocation, by: rule, over: strata) else { continue }
      let numbers = results.map(\.sampleSize)
      #expect(numbers.reduce(0, +) == allocation.total)
      let measures = results.map(\.measure)
      let bounds = strata.enumerated().map { place, stratum -> (least: Int, most: Int) in
        let room = stratum.populationSize
        if room <= allocation.takeAllUpTo { return (room, room) }
        let least = max(min(allocation.minimum, room), stratum.required)
        return (least, measures[place] == 0 ? least : max(least, min(allocation.maximum ?? room, room)))
      }
      for (place, bound) in bounds.enumerated() {
        #expect(numbers[place] >= bound.least && numbers[place] <= bound.most)
      }
      let best = vectors(bounds, sum: allocation.total).map { objective($0, measures, rule.criterion) }.min()
      let ours = objective(numbers, measures, rule.criterion)
      let least = try #require(best)
      #expect(ours == least || ours <= least * (1 + 1e-12), "case \(number): \(numbers)")
      let shares = results.map(\.unrounded)
      #expect(abs(shares.reduce(0, +) - Double(allocation.total)) < 1e-9)
      compared += 1
    }
    #expect(compared > 60)
  }

  @Test("the shares before rounding are proportional to the measures but where a bound holds them")
  func shares() throws {
    let strata = [
      AllocationStratum(populationSize: 10, deviation: 900), AllocationStratum(populationSize: 400, deviation: 40),
      AllocationStratum(populationSize: 3000, deviation: 10),
    ]
    let plan = Allocation(total: 120, rule: "neyman", minimum: 2)
    let results = try allocate(plan, by: NeymanAllocation(), over: strata)
    #expect(results.map(\.sampleSize) == [10, 38, 72])
    #expect(results.map(\.bound) == [.all, .none, .none])
    for (share, wanted) in zip(results.map(\.unrounded), [10, 38.2608695652174, 71.7391304347826]) {
      #expect(abs(share - wanted) < 1e-12 * 100)
    }
  }

  @Test("equal priorities go to the stratum that stands first, and scaling the sizes changes nothing")
  func ties() throws {
    let equal = [AllocationStratum](repeating: AllocationStratum(populationSize: 9), count: 4)
    let plan = Allocation(total: 10, rule: "equal", minimum: 1)
    #expect(try allocate(plan, by: EqualAllocation(), over: equal).map(\.sampleSize) == [3, 3, 2, 2])
    let proportional = Allocation(total: 10, rule: "proportional", size: "x", minimum: 0)
    let sizes: [Double] = [7, 7, 3, 13]
    let small = sizes.map { AllocationStratum(populationSize: 30, sizeTotal: $0) }
    let large = sizes.map { AllocationStratum(populationSize: 30, sizeTotal: $0 * 1024) }
    let rule = ProportionalAllocation()
    #expect(
      try allocate(proportional, by: rule, over: small).map(\.sampleSize)
        == allocate(proportional, by: rule, over: large).map(\.sampleSize)
    )
  }

  @Test("power allocation is Neyman's at q = 1 with sd, and gives every stratum the same precision at q = 0")
  func power() throws {
    let strata = (1...5).map {
      AllocationStratum(populationSize: 200 * $0, sizeTotal: Double(300 * $0 + 7), deviation: Double(12 - $0))
    }
    let power = Allocation(total: 60, rule: "power", exponent: 1, size: "x", minimum: 1)
    let neyman = Allocation(total: 60, rule: "neyman", minimum: 1)
    #expect(
      try allocate(power, by: PowerAllocation(), over: strata).map(\.sampleSize)
        == allocate(neyman, by: NeymanAllocation(), over: strata).map(\.sampleSize)
    )
    let even = Allocation(total: 60, rule: "power", exponent: 0, minimum: 1)
    let alike = strata.map { AllocationStratum(populationSize: $0.populationSize) }
    #expect(try allocate(even, by: PowerAllocation(), over: alike).map(\.sampleSize) == [12, 12, 12, 12, 12])
  }

  @Test("what cannot be shared out says by how much")
  func faults() {
    func fault(_ plan: Allocation, _ strata: [AllocationStratum]) -> AllocationFault? {
      do {
        _ = try allocate(plan, by: Allocations.named(plan.rule) ?? EqualAllocation(), over: strata)
        return nil
      } catch { return error }
    }
    let two = [AllocationStratum(populationSize: 4), AllocationStratum(populationSize: 3)]
    #expect(fault(Allocation(total: 3, rule: "equal", minimum: 2), two) == .minimaExceedTotal(minima: 4, total: 3))
    #expect(fault(Allocation(total: 8, rule: "equal", minimum: 1), two) == .totalExceedsRoom(total: 8, room: 7))
    #expect(fault(Allocation(total: 8, totalIsLimit: true, rule: "equal", minimum: 1), two) == nil)
    #expect(
      fault(Allocation(total: 6, rule: "equal", minimum: 1, maximum: 2), two) == .totalExceedsRoom(total: 6, room: 4)
    )
    let still = [
      AllocationStratum(populationSize: 4, deviation: 0), AllocationStratum(populationSize: 4, deviation: 0),
    ]
    #expect(fault(Allocation(total: 4, rule: "neyman", minimum: 0), still) == .measuresAreZero)
    let huge = [AllocationStratum(populationSize: 4, deviation: 1e200)]
    #expect(fault(Allocation(total: 4, rule: "neyman", minimum: 0), huge) == .measureOutOfRange(stratum: 0))
  }

  @Test("an allocation comes back from JSON as it was")
  func coding() throws {
    let plan = Allocation(
      total: 40,
      totalIsLimit: true,
      rule: "neyman",
      deviation: .byStratum(["a, b": 0.25]),
      cost: .column("c"),
      minimum: 2,
      maximum: 9,
      takeAllUpTo: 3
    )
    let take = Take.allocate(plan)
    #expect(try JSONDecoder().decode(Take.self, from: JSONEncoder().encode(take)) == take)
  }
}
