internal import StatisticalFunctions
package import SurveyData

/// Jeffreys limits on an effective sample whose intra-cluster correlation is pooled over the round.
///
/// Formula: N = n / ((1 + cv²_w)(1 + (m̄ − 1) ρ̂)), x = pN; lower limit the α/2 quantile of
/// Beta(x + ½, N − x + ½), 0 when x = 0; upper limit the 1 − α/2 quantile of Beta(x + ¾, N − x + ¼).
/// Above one half the event is the complement, so that a rate and its accuracy mirror each other.
/// Domain: df > 0 and a pooled ρ̂; void without it. Source: `docs/interval-study.md`, interval P;
/// Brown, Cai and DasGupta (2001), Statistical Science 16, for Jeffreys limits.
package struct PooledJeffreysInterval: ProportionInterval {
  package let name = "pooled"

  package init() {}

  package var title: LocalizedText {
    LocalizedText(zh: "Jeffreys 区间（合并群内相关）", en: "Jeffreys with pooled intra-cluster correlation")
  }

  package func interval(_ evidence: ProportionEvidence, level: Double) -> Interval? {
    guard let correlation = evidence.pooledCorrelation else { return nil }
    return evidence.jeffreysInterval(
      name,
      correlation: correlation,
      size: evidence.sampleSize(atCorrelation: correlation),
      level: level
    )
  }
}

extension ProportionEvidence {
  /// Jeffreys limits on an effective sample; `nil` without one.
  func jeffreysInterval(_ name: String, correlation: Double, size: Double?, level: Double) -> Interval? {
    guard supports(level: level), correlation >= 0, correlation <= 1, let size else { return nil }
    let isMirrored = estimate > 0.5
    let rate = isMirrored ? 1 - estimate : estimate
    let events = rate * size
    let tail = (1 - level) / 2
    let lower = events <= 0 ? 0 : Beta(events + 0.5, size - events + 0.5).quantile(tail)
    let upper = Beta(events + 0.75, size - events + 0.25).upperQuantile(tail)
    return Interval(
      method: name,
      level: level,
      lower: isMirrored ? 1 - upper : lower,
      upper: isMirrored ? 1 - lower : upper,
      effectiveSampleSize: size,
      correlation: correlation
    )
  }
}
