internal import Glibc
package import SurveyData

/// Limits by Student's t on the variance-stabilizing arcsine scale: R's method "asin".
///
/// Formula: sin²(asin √p ± t_df √v / (2 √(p (1 − p)))). Domain: void at 0 and 1. As in R, a limit
/// that passes the end of the scale is folded back from it, so the lower limit can exceed 0 although
/// 0 is not excluded. Source: Lumley, R survey 4.1.1, `svyciprop`.
package struct ArcsineInterval: ProportionInterval {
  package let name = "asin"

  package init() {}

  package var title: LocalizedText { LocalizedText(zh: "反正弦区间", en: "arcsine") }

  package func interval(_ evidence: ProportionEvidence, level: Double) -> Interval? {
    guard evidence.supports(level: level), evidence.isInterior else { return nil }
    let p = evidence.estimate
    let limits = studentLimits(
      estimate: asin(p.squareRoot()),
      variance: evidence.variance / (4 * p * (1 - p)),
      degreesOfFreedom: Double(evidence.degreesOfFreedom),
      level: level
    )
    return limits.map {
      let lower = sin($0.lower)
      let upper = sin($0.upper)
      return Interval(method: name, level: level, lower: lower * lower, upper: upper * upper)
    }
  }
}
