package import SurveyData
package import SurveyDesign

/// Leaves out one first-stage unit at a time within its stratum (JKn).
///
/// Formula: factor 0 for the unit left out, n_h/(n_h − 1) for the others of its stratum, 1 elsewhere; scale of the
/// replicate (n_h − 1)/n_h · (1 − n_h/N_h). For totals the variance is the linearized one.
/// Source: Rust and Rao (1996), Stat. Methods Med. Res. 5; Wolter (2007), §4.6.
package struct StratifiedJackknife: ReplicationMethod {
  package var name: String { "jkn" }
  package var title: LocalizedText { LocalizedText(zh: "分层刀切法 JKn", en: "stratified jackknife JKn") }
  package var source: String { "Rust and Rao (1996)" }

  package func factors(of units: ReplicationUnits, plan: Replication) throws(InputRefusal) -> ReplicateFactors {
    let stage = units.first
    var factors: [[Double]] = []
    var scales: [Double] = []
    for stratum in stage.strataInFileOrder where !stratum.isCertain {
      for unit in stage.fileOrder(stratum) {
        factors.append(leaveOut(unit, of: stratum, unitCount: stage.unitCount))
        scales.append((stratum.size - 1) / stratum.size * (1 - stratum.fraction))
      }
    }
    return ReplicateFactors(factors: factors, scale: 1, replicateScales: scales)
  }
}
