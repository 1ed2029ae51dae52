import StatisticalFunctions
import Testing

@Suite struct CountTests {
  @Test("hypergeometric tails add to 1, and a sample of nearly everything knows nearly everything")
  func hypergeometricTails() {
    let region = Hypergeometric(populationSize: 2_500_000, marked: 40_000, sampleSize: 60_000)
    for k in stride(from: 700, through: 1_300, by: 50) {
      #expect(abs(region.cdf(k) + region.upperTail(k) - 1) < 1e-12)
      #expect(abs(region.cdf(k) - region.cdf(k - 1) - region.mass(k)) < 1e-12)
    }
    let nearlyAll = Hypergeometric(populationSize: 50, marked: 20, sampleSize: 49)
    #expect(abs(nearlyAll.mass(20) - 0.6) < 1e-13 && abs(nearlyAll.mass(19) - 0.4) < 1e-13)
    #expect(nearlyAll.cdf(18) == 0 && nearlyAll.cdf(20) == 1)
    let all = Hypergeometric(populationSize: 50, marked: 20, sampleSize: 50)
    #expect(all.mass(20) == 1 && all.quantile(0.3) == 20)
  }

  @Test("binomial probabilities add up to their distribution function and to 1")
  func binomial() {
    for (trials, probability) in [(1, 0.5), (20, 0.02), (60, 0.7), (1_500, 0.004)] {
      let binomial = Binomial(trials: trials, probability: probability)
      var sum = 0.0
      for k in 0...trials {
        sum += binomial.mass(k)
        #expect(abs(binomial.cdf(k) - sum) < 1e-12)
      }
      #expect(abs(sum - 1) < 1e-12)
    }
  }

  @Test("a quantile is the smallest count that reaches p")
  func binomialQuantile() {
    let binomial = Binomial(trials: 25, probability: 0.3)
    for k in 0..<20 {
      #expect(binomial.quantile(binomial.cdf(k)) == k)
      #expect(binomial.quantile(binomial.cdf(k) * (1 + 1e-12)) == k + 1)
    }
    #expect(binomial.quantile(-0.1) == nil && binomial.quantile(1) == 25)
  }

  @Test("certain and impossible events, and sizes that contradict each other")
  func edges() {
    #expect(Binomial(trials: 4, probability: 0).mass(0) == 1 && Binomial(trials: 4, probability: 1).mass(4) == 1)
    #expect(Binomial(trials: 4, probability: 0.5).cdf(-1) == 0 && Binomial(trials: 4, probability: 0.5).cdf(4) == 1)
    #expect(
      Binomial(trials: 4, probability: 1.5).cdf(2).isNaN && Binomial(trials: -1, probability: 0.5).quantile(0.5) == nil
    )
    #expect(Hypergeometric(populationSize: 5, marked: 6, sampleSize: 2).cdf(1).isNaN)
    #expect(Poisson(mean: -1).cdf(3).isNaN && Poisson(mean: 3).quantile(1) == nil)
  }

  @Test("Poisson and binomial tails are positive far out, not 1 minus something")
  func farTails() {
    #expect(Poisson(mean: 2).upperTail(60) > 0 && Poisson(mean: 2).upperTail(60) < 1e-60)
    #expect(Binomial(trials: 1_500, probability: 0.001).upperTail(100) > 0)
  }

  @Test("Poisson: recurrence of its probabilities, smallest count of a quantile")
  func poisson() {
    let poisson = Poisson(mean: 7.5)
    for k in 1...30 {
      let mass = poisson.cdf(k) - poisson.cdf(k - 1)
      let before = poisson.cdf(k - 1) - poisson.cdf(k - 2)
      #expect(abs(mass - before * 7.5 / Double(k)) < 1e-13)
    }
    for p in [0.001, 0.3, 0.999] {
      let count = poisson.quantile(p) ?? -1
      #expect(poisson.cdf(count) >= p && poisson.cdf(count - 1) < p)
    }
  }

  // Every sample of 3 from 7 of which 3 are marked, counted.
  @Test("hypergeometric probabilities are those of counted samples")
  func hypergeometric() {
    var counts = [Int](repeating: 0, count: 4)
    for sample in 0..<128 where sample.nonzeroBitCount == 3 { counts[(sample & 0b111).nonzeroBitCount] += 1 }
    let distribution = Hypergeometric(populationSize: 7, marked: 3, sampleSize: 3)
    var sum = 0
    for k in 0...3 {
      sum += counts[k]
      #expect(abs(distribution.mass(k) - Double(counts[k]) / 35) < 1e-14)
      #expect(abs(distribution.cdf(k) - Double(sum) / 35) < 1e-14)
      #expect(abs(distribution.upperTail(k) - Double(35 - sum) / 35) < 1e-14)
    }
    #expect(distribution.quantile(0.5) == 1)
  }
}
