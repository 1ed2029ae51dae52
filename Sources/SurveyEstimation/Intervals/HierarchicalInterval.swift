package import SurveyData

/// Limits of one county in a round: beta-binomial likelihood, its prior of the correlation learnt from the others.
///
/// Formula: ``integratedLimits(_:prior:level:terms:)`` with the prior of ``RoundPrior``; mirrored above one half.
/// Domain: as ``BetaBinomialInterval``, for a domain within one unit of the round and another unit with an event.
/// Source: `docs/interval-study.md`, interval R.
package struct HierarchicalInterval: ProportionInterval {
  package let name = "hierarchical"

  package init() {}

  package var title: LocalizedText { LocalizedText(zh: "贝塔—二项分层先验区间", en: "beta-binomial with a hierarchical prior") }

  package var needsClusters: Bool { true }
  package var needsRound: Bool { true }

  package func interval(_ evidence: ProportionEvidence, level: Double) -> Interval? {
    guard let prior = evidence.correlationPrior else { return nil }
    return evidence.integratedInterval(name, prior: prior, level: level)
  }
}
