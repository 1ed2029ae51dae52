internal import Glibc
package import SurveyData

/// Limits by Student's t on the log odds: R's methods "logit" and "xlogit", which agree here.
///
/// Formula: logit⁻¹(logit p ± t_df √v / (p (1 − p))). Domain: void at 0 and 1.
/// Source: Lumley, R survey 4.1.1, `svyciprop`; Korn and Graubard (1998), Survey Methodology 24.
package struct LogitInterval: ProportionInterval {
  package let name: String

  package init(name: String) {
    self.name = name
  }

  package var title: LocalizedText { LocalizedText(zh: "logit 区间", en: "logit") }

  package func interval(_ evidence: ProportionEvidence, level: Double) -> Interval? {
    guard evidence.supports(level: level), evidence.isInterior else { return nil }
    let p = evidence.estimate
    let slope = p * (1 - p)
    let limits = studentLimits(
      estimate: log(p) - log1p(-p),
      variance: (name == "logit" ? evidence.logitVariance : nil) ?? evidence.variance / (slope * slope),
      degreesOfFreedom: Double(evidence.degreesOfFreedom),
      level: level
    )
    return limits.map {
      Interval(method: name, level: level, lower: expit($0.lower), upper: expit($0.upper))
    }
  }

  private func expit(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
