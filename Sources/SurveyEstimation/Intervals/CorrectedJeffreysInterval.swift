package import SurveyData

/// ``PooledJeffreysInterval`` corrected for the error of the pooled correlation and for the finite population: the
/// default in a round.
///
/// Formula: N = n / ((1 + cv²_w) ((1 − f₁) m̄ ρ + (1 − f) (1 − ρ))) in place of that of P, with f₁ the mean inclusion
/// probability of the clusters within the unit and f that of the rows, each taken over the rows; 0 where the design
/// counts as drawn with replacement. ρ = ρ̂ + (2 / √C) SE(ρ̂), at most 1, with C the units of the round and SE by the
/// jackknife over them: 0.8 of a standard error in a round of six counties, 0.4 of one in a round of 24; a correlation
/// that is given is taken as it is. Domain: as P, and something left out of the sample.
/// Source: the variance of a mean under one correlation in clusters, less what the sample knows of its own units
/// (Scott and Smith 1969, JASA 64); factors chosen and checked in `docs/interval-study.md`.
package struct CorrectedJeffreysInterval: ProportionInterval {
  package let name = "pooled-corrected"

  package init() {}

  package var title: LocalizedText {
    LocalizedText(
      zh: "Jeffreys 区间（合并群内相关，计入其误差与有限总体）",
      en: "Jeffreys with pooled intra-cluster correlation, corrected for its error and the finite population"
    )
  }

  package func interval(_ evidence: ProportionEvidence, level: Double) -> Interval? {
    guard let correlation = evidence.guardedCorrelation else { return nil }
    return evidence.jeffreysInterval(
      name,
      correlation: correlation,
      size: evidence.finiteSampleSize(atCorrelation: correlation),
      level: level
    )
  }
}
