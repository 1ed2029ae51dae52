package import SurveyData
package import SurveyDesign

/// Leaves out one first-stage unit at a time, without strata (JK1).
///
/// Formula: factor 0 for the unit left out, n/(n − 1) for the others; scale (n − 1)/n · (1 − n/N).
/// Source: Wolter (2007), §4.2–4.3.
package struct Jackknife: ReplicationMethod {
  package var name: String { "jk1" }
  package var title: LocalizedText { LocalizedText(zh: "刀切法 JK1", en: "jackknife JK1") }
  package var source: String { "Wolter (2007)" }

  package func factors(of units: ReplicationUnits, plan: Replication) throws(InputRefusal) -> ReplicateFactors {
    let stage = units.first
    guard stage.strata.count == 1 else {
      throw replicatesUnsuited(
        zh: "JK1 用于无分层的设计。",
        en: "JK1 is for designs without strata; this one has strata.",
        fixZh: "请改用 jkn。",
        fixEn: "Use jkn."
      )
    }
    let stratum = stage.strata[0]
    return ReplicateFactors(
      factors: stage.fileOrder(stratum).map { leaveOut($0, of: stratum, unitCount: stage.unitCount) },
      scale: (stratum.size - 1) / stratum.size * (1 - stratum.fraction)
    )
  }
}

/// The factors of a replicate without one unit, whose stratum makes up for it.
func leaveOut(_ unit: Int, of stratum: ReplicationUnits.Stratum, unitCount: Int) -> [Double] {
  var factors = [Double](repeating: 1, count: unitCount)
  for other in stratum.units { factors[other] = other == unit ? 0 : stratum.size / (stratum.size - 1) }
  return factors
}
