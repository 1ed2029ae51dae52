internal import StatisticalFunctions
package import SurveyData

/// The estimate and its standard error on both sides, R's method "mean"; not cut to 0…1.
///
/// Formula: p ± t_df √v. Domain: void at 0 and 1, where the variance says nothing about the limits.
/// Source: Särndal, Swensson and Wretman (1992), eq. 5.2.3, with R's t quantile; unsafe for rare
/// events, where it covers 73 % instead of 95 %.
package struct StudentInterval: ProportionInterval {
  package let name: String

  package init(name: String) {
    self.name = name
  }

  package var title: LocalizedText { LocalizedText(zh: "t 区间（Wald）", en: "Student t (Wald)") }

  package func interval(_ evidence: ProportionEvidence, level: Double) -> Interval? {
    guard evidence.supports(level: level), evidence.isInterior else { return nil }
    let limits = studentLimits(
      estimate: evidence.estimate,
      variance: evidence.variance,
      degreesOfFreedom: Double(evidence.degreesOfFreedom),
      level: level
    )
    return limits.map { Interval(method: name, level: level, lower: $0.lower, upper: $0.upper) }
  }
}

/// Limits around any estimate by Student's t, the interval of totals, means and ratios.
///
/// Formula: estimate ± t_df √variance, t at (1 + level) / 2. Domain: variance ≥ 0, df > 0,
/// 0 < level < 1; `nil` otherwise. A variance of 0 gives the estimate itself on both sides.
package func studentLimits(
  estimate: Double,
  variance: Double,
  degreesOfFreedom: Double,
  level: Double
) -> (lower: Double, upper: Double)? {
  guard variance >= 0, variance.isFinite, degreesOfFreedom > 0, level > 0, level < 1 else { return nil }
  let half =
    StudentT(degreesOfFreedom: degreesOfFreedom).quantile((1 + level) / 2) * variance.squareRoot()
  return (estimate - half, estimate + half)
}
