internal import StatisticalFunctions
package import SurveyData
package import SurveyDesign

/// The rescaled bootstrap of first-stage units.
///
/// Formula: n − 1 units of a stratum are drawn with replacement; a unit drawn m times has the factor
/// 1 + √(1 − n/N)·(m·n/(n − 1) − 1), so that with n/N = 0 it is m·n/(n − 1); scale 1/(R − 1), around the estimate of the
/// whole sample 1/R. For a total the mean over all seeds is the linearized variance of the first stage.
/// Source: Rao and Wu (1988), J. Amer. Statist. Assoc. 83; Rao, Wu and Yue (1992), Survey Methodology 18.
package struct RaoWuBootstrap: ReplicationMethod {
  package var name: String { "rao-wu" }
  package var title: LocalizedText { LocalizedText(zh: "Rao–Wu 重标自助法", en: "Rao and Wu's rescaled bootstrap") }
  package var source: String { "Rao, Wu and Yue (1992)" }
  package var isRandom: Bool { true }

  package func factors(of units: ReplicationUnits, plan: Replication) throws(InputRefusal) -> ReplicateFactors {
    firstStageBootstrap(of: units, plan: plan) { stratum, generator in
      let size = stratum.units.count
      var hits = [Int](repeating: 0, count: size)
      for _ in 1..<size { hits[Int(generator.below(UInt64(size)))] += 1 }
      let shrink = (1 - stratum.fraction).squareRoot()
      return hits.map { 1 + shrink * (Double($0) * stratum.size / (stratum.size - 1) - 1) }
    }
  }
}

/// The replicates of a bootstrap of first-stage units, each with a stream of its own.
/// - Parameter factors: those of one stratum's units for one replicate; strata that are certain keep the factor 1.
func firstStageBootstrap(
  of units: ReplicationUnits,
  plan: Replication,
  factors: (ReplicationUnits.Stratum, inout SeededGenerator) -> [Double]
) -> ReplicateFactors {
  let count = plan.count ?? defaultBootstrapCount
  let replicates = (0..<count).map { replicate in
    var generator = replicateGenerator(seed: plan.seed, replicate: replicate)
    var own = [Double](repeating: 1, count: units.first.unitCount)
    for stratum in units.first.strata where !stratum.isCertain {
      for (unit, factor) in zip(stratum.units, factors(stratum, &generator)) { own[unit] = factor }
    }
    return own
  }
  return ReplicateFactors(factors: replicates, scale: units.bootstrapScale(count))
}

/// Replicates of a bootstrap where nobody says how many.
let defaultBootstrapCount = 500
