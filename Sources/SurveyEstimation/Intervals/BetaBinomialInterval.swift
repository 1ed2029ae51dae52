package import SurveyData

/// Limits of a single county: beta-binomial likelihood, the correlation integrated out over Beta(1, 15).
///
/// Formula: ``integratedLimits(_:prior:level:terms:)``. Above one half the event is the complement, so that a rate and
/// its accuracy mirror each other. Domain: answers of 0 and 1 in at least two clusters, all chance in them; void
/// otherwise, and for ratios, whose rows count unequally. The limits surround the rate of the likelihood, which is
/// near to the weighted estimate and not the same. Source: `docs/interval-study.md`, interval S.
package struct BetaBinomialInterval: ProportionInterval {
  package let name = "beta-binomial"

  package init() {}

  package var title: LocalizedText { LocalizedText(zh: "贝塔—二项积分似然区间", en: "beta-binomial integrated likelihood") }

  package var needsClusters: Bool { true }

  package func interval(_ evidence: ProportionEvidence, level: Double) -> Interval? {
    evidence.integratedInterval(name, prior: CorrelationPrior.single, level: level)
  }
}

extension ProportionEvidence {
  /// The interval of an integrated likelihood with a prior of ρ.
  func integratedInterval(_ name: String, prior: [Double], level: Double) -> Interval? {
    guard supports(level: level), let clusters else { return nil }
    let isMirrored = estimate > 0.5
    let counted = isMirrored ? clusters.map(\.complement) : clusters
    var terms = BetaBinomialTerms(.standard)
    guard let limits = integratedLimits(counted, prior: prior, level: level, terms: &terms) else { return nil }
    return Interval(
      method: name,
      level: level,
      lower: isMirrored ? 1 - limits.upper : limits.lower,
      upper: isMirrored ? 1 - limits.lower : limits.upper,
      correlation: limits.correlation
    )
  }
}
