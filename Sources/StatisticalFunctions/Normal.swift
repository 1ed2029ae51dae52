internal import CGSL

/// The standard normal distribution.
package enum Normal {
  /// Probability of a value of at most x. Source: GSL, Cody's rational approximations.
  package static func cdf(_ x: Double) -> Double {
    _ = GSL.isQuiet
    return gsl_cdf_ugaussian_P(x)
  }

  /// Probability of a value above x, accurate far out.
  package static func upperTail(_ x: Double) -> Double {
    _ = GSL.isQuiet
    return gsl_cdf_ugaussian_Q(x)
  }

  /// The value that is not exceeded with probability p.
  ///
  /// Domain: 0 ≤ p ≤ 1, the ends giving ∓∞; NaN outside. Source: Wichura (1988), AS 241, by the GSL.
  package static func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1 else { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    _ = GSL.isQuiet
    return gsl_cdf_ugaussian_Pinv(p)
  }
}
