package import SurveyData

/// Clopper–Pearson on the effective sample, truncated at n, as published.
///
/// Formula: n* = min(n, (t_{n−1}/t_df)² p(1−p)/v), n* = n without a variance; Clopper–Pearson on
/// (n*p, n*). Domain: n > 1, df > 0. Source: Korn and Graubard (1998), Survey Methodology 24.
package struct KornGraubardInterval: ProportionInterval {
  package let name = "korn-graubard"

  package init() {}

  package var title: LocalizedText { LocalizedText(zh: "Korn–Graubard 区间", en: "Korn–Graubard") }

  package func interval(_ evidence: ProportionEvidence, level: Double) -> Interval? {
    guard evidence.supports(level: level), let factor = evidence.degreesOfFreedomFactor(level: level)
    else { return nil }
    let rows = Double(evidence.unweightedCount)
    let size = min(rows, evidence.kishSampleSize.map { factor * $0 } ?? rows)
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
