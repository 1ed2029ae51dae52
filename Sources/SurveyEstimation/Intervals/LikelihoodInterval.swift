internal import StatisticalFunctions
package import SurveyData

/// Where the likelihood, scaled by the design effect, has fallen by what Student's t allows.
///
/// Formula: 2 n KL(p̂, p) = t² λ φ, λ = n v / (p̂(1 − p̂)) the design effect of the logit and φ = n / (n − 1) the variance
/// of the Pearson residuals. Void without an event. R survey's `svyciprop` reads the same limits off a profile by
/// interpolation, to about four digits. Source: Rao and Scott (1984), Ann. Statist. 12; Lumley and Scott (2014),
/// Aust. N. Z. J. Statist. 56.
package struct LikelihoodInterval: ProportionInterval {
  package let name = "likelihood"

  package init() {}

  package var title: LocalizedText { LocalizedText(zh: "似然区间", en: "likelihood") }

  package func interval(_ evidence: ProportionEvidence, level: Double) -> Interval? {
    guard evidence.supports(level: level), evidence.isInterior, evidence.unweightedCount > 1 else { return nil }
    let p = evidence.estimate
    let rows = Double(evidence.unweightedCount)
    let dispersion = rows / (rows - 1)
    let slope = p * (1 - p)
    let logitVariance = evidence.logitVariance ?? evidence.variance / (slope * slope)
    let t = StudentT(degreesOfFreedom: Double(evidence.degreesOfFreedom)).quantile((1 + level) / 2)
    let limits = likelihoodLimits(p, size: rows, fall: t * t * logitVariance * rows * slope * dispersion)
    return Interval(method: name, level: level, lower: limits.lower, upper: limits.upper)
  }
}
