internal import CGSL
internal import Glibc

/// The gamma distribution with a shape and scale 1; χ² and Poisson follow from it.
package struct Gamma: Sendable, Hashable {
  package var shape: Double

  package init(shape: Double) {
    self.shape = shape
  }

  /// Probability of a value of at most x, P(shape, x).
  ///
  /// Domain: shape > 0, any x (0 below 0); NaN otherwise. Source: GSL, incomplete gamma function.
  package func cdf(_ x: Double) -> Double {
    guard shape > 0, shape.isFinite, !x.isNaN else { return .nan }
    if x <= 0 { return 0 }
    if x == .infinity { return 1 }
    _ = GSL.isQuiet
    return gsl_cdf_gamma_P(x, shape, 1)
  }

  /// Probability of a value above x, without cancellation.
  package func upperTail(_ x: Double) -> Double {
    guard shape > 0, shape.isFinite, !x.isNaN else { return .nan }
    if x <= 0 { return 1 }
    if x == .infinity { return 0 }
    _ = GSL.isQuiet
    return gsl_cdf_gamma_Q(x, shape, 1)
  }

  /// The value that is not exceeded with probability p.
  ///
  /// Domain: 0 ≤ p ≤ 1, the ends giving 0 and ∞; NaN outside.
  package func quantile(_ p: Double) -> Double {
    guard shape > 0, shape.isFinite, p >= 0, p <= 1 else { return .nan }
    if p == 0 { return 0 }
    if p == 1 { return .infinity }
    // Wilson and Hilferty's cube, or the leading power of x where the shape is small.
    let ninth = 1 / (9 * shape)
    let cube = 1 - ninth + Normal.quantile(p) * ninth.squareRoot()
    let power = (log(p) + lgamma(shape + 1)) / shape
    let start = shape > 0.5 && cube > 0.1 ? log(shape) + 3 * log(cube) : power
    return solveForTail(lower: p, upper: 1 - p, logRange: -744.4...700, start: start) { x in
      (cdf(x), upperTail(x), x * gsl_ran_gamma_pdf(x, shape, 1))
    }
  }
}

/// The χ² distribution; the degrees of freedom need not be whole.
package struct ChiSquared: Sendable, Hashable {
  package var degreesOfFreedom: Double

  package init(degreesOfFreedom: Double) {
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// Probability of a value of at most x.
  package func cdf(_ x: Double) -> Double {
    Gamma(shape: degreesOfFreedom / 2).cdf(x / 2)
  }

  /// Probability of a value above x, the p-value of a χ² test.
  package func upperTail(_ x: Double) -> Double {
    Gamma(shape: degreesOfFreedom / 2).upperTail(x / 2)
  }

  /// The value that is not exceeded with probability p. Domain: 0 ≤ p ≤ 1.
  package func quantile(_ p: Double) -> Double {
    2 * Gamma(shape: degreesOfFreedom / 2).quantile(p)
  }
}

/// The logarithm of the gamma function. Domain: x > 0; NaN otherwise.
package func logGamma(_ x: Double) -> Double {
  guard x > 0 else { return .nan }
  _ = GSL.isQuiet
  return gsl_sf_lngamma(x)
}

/// The derivative of the logarithm of the gamma function. Domain: x > 0; NaN otherwise.
package func digamma(_ x: Double) -> Double {
  guard x > 0 else { return .nan }
  _ = GSL.isQuiet
  return gsl_sf_psi(x)
}
