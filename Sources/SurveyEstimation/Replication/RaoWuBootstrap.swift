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
    let count = plan.count ?? defaultBootstrapCount
    let stage = units.first
    let factors = (0..<count).map { replicate in
      var generator = replicateGenerator(seed: plan.seed, replicate: replicate)
      var factors = [Double](repeating: 1, count: stage.unitCount)
      for stratum in stage.strata where !stratum.isCertain {
        let size = stratum.units.count
        var hits = [Int](repeating: 0, count: size)
        for _ in 1..<size { hits[Int(generator.below(UInt64(size)))] += 1 }
        let shrink = (1 - stratum.fraction).squareRoot()
        for (place, unit) in stratum.units.enumerated() {
          factors[unit] = 1 + shrink * (Double(hits[place]) * stratum.size / (stratum.size - 1) - 1)
        }
      }
      return factors
    }
    return ReplicateFactors(factors: factors, scale: units.bootstrapScale(count))
  }
}

/// Replicates of a bootstrap where nobody says how many.
let defaultBootstrapCount = 500
