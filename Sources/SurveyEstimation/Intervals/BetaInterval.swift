package import SurveyData

/// Korn and Graubard's interval as R survey 4.1.1 computes it, method "beta": not truncated at n.
///
/// Formula: Clopper–Pearson on (n*p, n*), n* = (t_{n−1}/t_df)² p(1−p)/v. Domain: void where there is
/// no variance, so at 0 and 1. Source: Lumley, R survey 4.1.1, `svyciprop`.
package struct BetaInterval: ProportionInterval {
  package let name = "beta"

  package init() {}

  package var title: LocalizedText { LocalizedText(zh: "beta 区间（R survey）", en: "beta (R survey)") }

  package func interval(_ evidence: ProportionEvidence, level: Double) -> Interval? {
    guard evidence.supports(level: level), let effective = evidence.kishSampleSize,
      let factor = evidence.degreesOfFreedomFactor(level: level)
    else { return nil }
    let size = factor * effective
    let limits = clopperPearson(successes: size * evidence.estimate, trials: size, level: level)
    return Interval(
      method: name,
      level: level,
      lower: limits.lower,
      upper: limits.upper,
      effectiveSampleSize: size
    )
  }
}
