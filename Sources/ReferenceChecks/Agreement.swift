/// How far a figure may lie from the reference, by what it is.
///
/// Relative: |a − b| ≤ tolerance × max(1e-12, |b|). Source: the table in the reference's README.
enum Tolerance {
  /// Estimates, standard errors, covariances, design effects, limits by Student's t.
  static let estimate = 1e-9
  /// Limits by logit, xlogit, asin, beta, Korn–Graubard, Wilson, and the effective sample size behind them.
  static let proportionLimit = 1e-8
  /// R's logit interval comes from a regression whose deviance stops changing at 1e-8: its estimate lies up to
  /// 3e-8 from the mean of the same case (`hh3.wrong_exit`), so that the tolerance of regressions applies.
  static let regression = 1e-7
  /// Standard errors of a regression and what is made of them: R takes the working weights of the step before the last,
  /// which moves `clus1.logit` by 1.3e-7; one step more in R gives our figure to its last digit.
  static let regressionError = 2e-7
  /// Statistics of tests and their probabilities; those of a saddlepoint approximation.
  static let test = 1e-8
  static let saddlepoint = 1e-5
  /// Limits by likelihood: R joins points of a spline of the profile by straight lines, up to 9.4e-4 from the root
  /// (`clus1.top`); a root search in R gives ours to its last digit.
  static let likelihood = 1e-3
  /// Limits of quantiles.
  static let quantileLimit = 1e-6
  /// Weights by raking, by logit and by bounded calibration.
  static let iteratedWeight = 1e-7
  /// Of the estimate: R stops raking where no total is off by more than 1e-10 of it.
  static let iteratedFloor = 1e-10
  /// Standard errors after raking: R stops its projections after ten rounds.
  static let rakedError = 1e-5
  /// Probabilities, densities and the gamma functions; quantiles; beta quantiles with tiny shapes.
  static let probability = 1e-10
  static let quantile = 1e-8
  /// Inclusion probabilities of units and pairs.
  static let joint = 1e-9
  /// A pair that never occurs has 0 in theory, for which R's sums and ours leave rounding of numbers near 1
  /// (`joint_a_tille` has 2e-19, `joint_b_midzuno` 1e-16).
  static let jointFloor = 0x1p-50
  static let tinyShapeQuantile = 1e-6

  /// The absolute floor of a standard error: one that is 0 in theory comes out of R as 1e-16 × estimate.
  static func floor(of estimate: Double?) -> Double { 1e-12 * max(1, abs(estimate ?? 0)) }
}

/// What is wrong between a figure of ours and the reference's, or nothing.
///
/// A reference of NaN or NA says that R has no figure: ours must be missing too, unless `allowsFigureForNaN`.
/// An infinite one agrees with a missing figure as well, because we print no infinity.
func difference(
  _ what: String,
  _ value: Double?,
  _ expected: Double,
  tolerance: Double,
  floor: Double = 0,
  allowsFigureForNaN: Bool = false
) -> Comparison {
  if expected.isNaN {
    guard let value, !value.isNaN else { return .agreement }
    return allowsFigureForNaN ? [] : .difference("\(what): got \(value), expected none")
  }
  guard let value else {
    return expected.isInfinite ? .agreement : .difference("\(what): got none, expected \(expected)")
  }
  if value == expected { return .agreement }
  let distance = abs(value - expected)
  if distance <= tolerance * max(1e-12, abs(expected)) || distance <= floor { return .agreement }
  return .difference("\(what): got \(value), expected \(expected), relative tolerance \(tolerance)")
}

func difference(_ what: String, _ value: Int?, _ expected: Double) -> Comparison {
  difference(what, value.map { Double($0) }, expected, tolerance: 0)
}
