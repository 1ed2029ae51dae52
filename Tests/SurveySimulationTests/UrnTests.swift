import Foundation
import StatisticalFunctions
import SurveySimulation
import Testing

@Suite struct UrnTests {
  /// ln of the beta-binomial probability of x yes among n, from gamma functions and not from the urn's rule.
  private func betaBinomial(_ x: Int, of n: Int, rate: Double, correlation: Double) -> Double {
    let size = 1 / correlation - 1
    let a = rate * size
    let b = (1 - rate) * size
    let k = Double(x)
    let rest = Double(n - x)
    return exp(
      logGamma(Double(n) + 1) - logGamma(k + 1) - logGamma(rest + 1) + logGamma(k + a) + logGamma(rest + b)
        - logGamma(Double(n) + a + b) + logGamma(a + b) - logGamma(a) - logGamma(b)
    )
  }

  @Test("the number of yes in a village is beta-binomial", arguments: [(0.5, 0.1), (0.1, 0.05), (0.02, 0.3)])
  func counts(rate: Double, correlation: Double) {
    var generator = SeededGenerator(seed: 5)
    let villages = 40_000
    let size = 8
    var counts = [Double](repeating: 0, count: size + 1)
    for _ in 0..<villages {
      var urn = PolyaUrn(rate: rate, correlation: correlation)
      var yes = 0
      for _ in 0..<size where urn.next(generator.uniform()) { yes += 1 }
      counts[yes] += 1
    }
    var statistic = 0.0
    var cells = 0
    for x in 0...size {
      let expected = betaBinomial(x, of: size, rate: rate, correlation: correlation) * Double(villages)
      guard expected >= 5 else { continue }
      statistic += (counts[x] - expected) * (counts[x] - expected) / expected
      cells += 1
    }
    // False alarm: less than one seed in a million.
    #expect(ChiSquared(degreesOfFreedom: Double(cells - 1)).upperTail(statistic) > 1e-6)
  }

  @Test("two answers of a village correlate by ρ, wherever they stand")
  func correlation() {
    let rate = 0.2
    let rho = 0.15
    var generator = SeededGenerator(seed: 9)
    let villages = 100_000
    var both = 0
    for _ in 0..<villages {
      var urn = PolyaUrn(rate: rate, correlation: rho)
      let answers = (0..<6).map { _ in urn.next(generator.uniform()) }
      if answers[1] && answers[5] { both += 1 }
    }
    let probability = rate * rate + rho * rate * (1 - rate)
    let spread = (Double(villages) * probability * (1 - probability)).squareRoot()
    #expect(abs(Double(both) - Double(villages) * probability) < 5 * spread)
  }

  @Test("rates 0 and 1 are certain")
  func certain() {
    var generator = SeededGenerator(seed: 1)
    var never = PolyaUrn(rate: 0, correlation: 0.1)
    var always = PolyaUrn(rate: 1, correlation: 0.1)
    for _ in 0..<1_000 {
      let isNever = never.next(generator.uniform())
      let isAlways = always.next(generator.uniform())
      #expect(!isNever && isAlways)
    }
  }
}
