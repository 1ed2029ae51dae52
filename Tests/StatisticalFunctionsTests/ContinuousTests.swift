import Foundation
import StatisticalFunctions
import Testing

private func relative(_ found: Double, _ wanted: Double) -> Double {
  found == wanted ? 0 : abs(found - wanted) / max(abs(wanted), 1e-300)
}

private let shapes: [Double] = [0.5, 1, 2.5, 10, 250.3, 4_000, 1_000_000]
private let probabilities: [Double] = [1e-12, 1e-6, 0.001, 0.025, 0.3, 0.5, 0.7, 0.975, 0.999]

@Suite struct BetaTests {
  @Test("with one shape 1 the tails are powers")
  func powers() {
    for x in [1e-9, 0.001, 0.2, 0.5, 0.9] {
      for shape in [0.3, 1, 7, 40] as [Double] {
        #expect(relative(Beta(shape, 1).cdf(x), pow(x, shape)) < 1e-12)
        #expect(relative(Beta(1, shape).upperTail(x), exp(shape * log1p(-x))) < 1e-12)
      }
    }
  }

  @Test("a quantile comes back through the distribution function", arguments: shapes)
  func roundTrip(a: Double) {
    for b in shapes {
      for p in probabilities {
        let x = Beta(a, b).quantile(p)
        // Between the neighbours of x, which near 1 lie far apart in probability, and 1e-11 for the function
        // itself: shapes in the millions leave no more of an exponent with seven digits before the point.
        let beta = Beta(a, b)
        let slack = 1e-11 * p
        #expect(
          beta.cdf(x.nextDown) <= p + slack && beta.cdf(x.nextUp) >= p - slack,
          "Beta(\(a), \(b)) at \(p): x = \(x), \(beta.cdf(x) - p)"
        )
      }
    }
  }

  @Test("the shapes for which the GSL's quantile fails come back at 20,000 probabilities")
  func rareRates() {
    let beta = Beta(3.5, 680.5)
    var worst = 0.0
    for step in 1...20_000 {
      let p = Double(step) / 20_001
      worst = max(worst, abs(beta.cdf(beta.quantile(p)) - p) / p)
    }
    #expect(worst < 1e-12)
  }

  @Test("mirrored: I_x(a, b) = 1 − I_{1−x}(b, a), tail by tail", arguments: shapes)
  func mirror(a: Double) {
    for b in shapes {
      for x in [0.125, 0.25, 0.5, 0.75, 0.875] {
        #expect(relative(Beta(a, b).cdf(x), Beta(b, a).upperTail(1 - x)) < 1e-12)
        #expect(abs(Beta(a, b).cdf(x) + Beta(a, b).upperTail(x) - 1) < 1e-14)
      }
    }
  }

  @Test("an upper quantile keeps its digits where 1 − q has none left")
  func farQuantile() {
    let beta = Beta(2, 30)
    for q in [1e-18, 1e-40, 1e-100] {
      #expect(relative(beta.upperTail(beta.upperQuantile(q)), q) < 1e-10)
    }
  }

  @Test("quantiles rise with p and stay in 0…1; the ends are exact")
  func ends() {
    for a in shapes {
      let beta = Beta(a, 3)
      #expect(beta.quantile(0) == 0 && beta.quantile(1) == 1)
      let quantiles = probabilities.map { beta.quantile($0) }
      #expect(zip(quantiles, quantiles.dropFirst()).allSatisfy { $0 < $1 })
      #expect(beta.cdf(-1) == 0 && beta.cdf(2) == 1 && beta.upperTail(2) == 0)
    }
  }

  @Test("what has no value is NaN, never a number and never an abort")
  func undefined() {
    for beta in [Beta(0, 1), Beta(1, -1), Beta(.nan, 1), Beta(.infinity, 2)] {
      #expect(beta.cdf(0.5).isNaN && beta.quantile(0.5).isNaN)
    }
    for p in [-0.1, 1.1, .nan] { #expect(Beta(2, 3).quantile(p).isNaN) }
    #expect(Beta(2, 3).cdf(.nan).isNaN)
  }
}

@Suite struct StudentTests {
  @Test("one and two degrees of freedom have closed forms")
  func closedForms() {
    for t in [0.01, 0.5, 1, 3, 40, 1e6] {
      #expect(relative(StudentT(degreesOfFreedom: 1).upperTail(t), atan2(1, t) / .pi) < 1e-12)
      // ½ − t / (2 √(2 + t²)), written without cancellation.
      let root = (2 + t * t).squareRoot()
      #expect(relative(StudentT(degreesOfFreedom: 2).upperTail(t), 1 / (root * (root + t))) < 1e-12)
    }
  }

  @Test("odd about 0, both tails add to 1")
  func symmetry() {
    for freedom in [1, 3.7, 24, 1e6, .infinity] as [Double] {
      let student = StudentT(degreesOfFreedom: freedom)
      for t in [0.3, 1.96, 8] {
        #expect(student.cdf(-t) == student.upperTail(t))
        #expect(abs(student.cdf(t) + student.upperTail(t) - 1) < 1e-14)
      }
      for p in [0.001, 0.025, 0.4] { #expect(relative(student.quantile(p), -student.quantile(1 - p)) < 1e-12) }
      #expect(student.quantile(0.5) == 0)
    }
  }

  @Test("many degrees of freedom come near the normal, infinitely many are it")
  func limit() {
    #expect(StudentT(degreesOfFreedom: .infinity).quantile(0.975) == Normal.quantile(0.975))
    #expect(abs(StudentT(degreesOfFreedom: 1e7).quantile(0.975) - Normal.quantile(0.975)) < 1e-6)
    #expect(StudentT(degreesOfFreedom: 0).quantile(0.5).isNaN && StudentT(degreesOfFreedom: -1).cdf(0).isNaN)
  }
}

@Suite struct GammaFamilyTests {
  @Test("χ² with two degrees of freedom is an exponential, to the far tail")
  func exponential() {
    let exponential = ChiSquared(degreesOfFreedom: 2)
    for x in [1e-6, 0.5, 3, 80, 600] as [Double] {
      #expect(relative(exponential.upperTail(x), exp(-x / 2)) < 1e-12)
      #expect(relative(exponential.cdf(x), -expm1(-x / 2)) < 1e-12)
    }
    for p in [1e-9, 0.3, 0.999] { #expect(relative(exponential.quantile(p), -2 * log1p(-p)) < 1e-10) }
  }

  @Test("a χ² quantile comes back", arguments: [0.4, 1, 3, 30, 2_000] as [Double])
  func roundTrip(freedom: Double) {
    let distribution = ChiSquared(degreesOfFreedom: freedom)
    for p in probabilities { #expect(relative(distribution.cdf(distribution.quantile(p)), p) < 1e-10) }
    #expect(distribution.quantile(0) == 0 && distribution.quantile(1) == .infinity)
  }

  @Test("F with 2 and 2 degrees of freedom is f / (1 + f); swapped degrees turn it over")
  func fisher() {
    let two = FisherF(numerator: 2, denominator: 2)
    for f in [0.001, 1, 19, 1e5] as [Double] {
      #expect(relative(two.cdf(f), f / (1 + f)) < 1e-12)
      #expect(relative(two.upperTail(f), 1 / (1 + f)) < 1e-12)
    }
    let one = FisherF(numerator: 3, denominator: 17.5)
    let other = FisherF(numerator: 17.5, denominator: 3)
    for p in [0.01, 0.4, 0.95] { #expect(relative(one.quantile(p), 1 / other.quantile(1 - p)) < 1e-10) }
    #expect(
      relative(
        StudentT(degreesOfFreedom: 9).quantile(0.975),
        FisherF(numerator: 1, denominator: 9).quantile(0.95).squareRoot()
      ) < 1e-10
    )
  }

  @Test("the logarithm of the gamma function follows its recurrence, digamma its own")
  func recurrences() {
    for x in [0.1, 1.5, 12, 3e5] as [Double] {
      #expect(abs(logGamma(x + 1) - logGamma(x) - log(x)) <= 1e-13 * max(1, abs(logGamma(x + 1))))
      #expect(relative(digamma(x + 1), digamma(x) + 1 / x) < 1e-11)
    }
    #expect(logGamma(0).isNaN && digamma(-1).isNaN)
  }
}

@Suite struct NormalTests {
  @Test("mirrored, and a quantile comes back from far out")
  func symmetry() {
    for x in [0, 0.5, 1.96, 6, 30] as [Double] { #expect(relative(Normal.cdf(-x), Normal.upperTail(x)) < 1e-15) }
    for p in [1e-100, 1e-12, 0.025, 0.5, 0.8] { #expect(relative(Normal.cdf(Normal.quantile(p)), p) < 1e-11) }
    #expect(Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity && Normal.quantile(1.5).isNaN)
  }
}
