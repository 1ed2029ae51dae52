internal import StatisticalFunctions
package import SurveyData

/// Wilson's score limits on the effective sample, with Student's t.
///
/// Formula: (p + t²/2n* ± t √(p(1−p)/n* + t²/4n*²)) / (1 + t²/n*), n* = min(n, p(1−p)/v), or n
/// without a variance. Domain: df > 0. Source: Wilson (1927); Kott and Carr (1997), J. Off. Stat. 13.
package struct WilsonInterval: ProportionInterval {
  package let name = "wilson"

  package init() {}

  package var title: LocalizedText { LocalizedText(zh: "Wilson 区间", en: "Wilson score") }

  package func interval(_ evidence: ProportionEvidence, level: Double) -> Interval? {
    guard evidence.supports(level: level) else { return nil }
    let rows = Double(evidence.unweightedCount)
    let size = min(rows, evidence.kishSampleSize ?? rows)
    let quantile = StudentT(degreesOfFreedom: Double(evidence.degreesOfFreedom))
      .quantile((1 + level) / 2)
    let limits = wilsonLimits(estimate: evidence.estimate, sampleSize: size, quantile: quantile)
    return Interval(
      method: name,
      level: level,
      lower: limits.lower,
      upper: limits.upper,
      effectiveSampleSize: size
    )
  }
}

/// Wilson's score limits, exactly 0 and 1 at the ends.
func wilsonLimits(
  estimate p: Double,
  sampleSize n: Double,
  quantile: Double
) -> (lower: Double, upper: Double) {
  let square = quantile * quantile
  let center = (p + square / (2 * n)) / (1 + square / n)
  let half =
    quantile / (1 + square / n) * (p * (1 - p) / n + square / (4 * n * n)).squareRoot()
  return (p == 0 ? 0 : max(0, center - half), p == 1 ? 1 : min(1, center + half))
}
