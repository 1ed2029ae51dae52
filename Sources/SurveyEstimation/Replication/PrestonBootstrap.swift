package import SurveyData
package import SurveyDesign

/// The rescaled bootstrap over all stages of a design without replacement.
///
/// Formula: at each stage n* = ⌊n/2⌋ units of a stratum are drawn without replacement (δ = 1). A unit's factor is that of
/// the unit above it plus λ·P·(δ·n/n* − 1), with P = Π √(n/n*)·δ over the stages above and
/// λ = √(n*·F·(1 − n/N)/(n − n*)), F = Π n/N over the stages above. Below a stage whose N is not known nothing is added;
/// scale 1/(R − 1), around the estimate of the whole sample 1/R. For a total the mean over all seeds is the linearized
/// variance of all stages. Source: Preston (2009), Survey Methodology 35, 227–234.
package struct PrestonBootstrap: ReplicationMethod {
  package var name: String { "preston" }
  package var title: LocalizedText {
    LocalizedText(zh: "Preston 多阶段重标自助法", en: "Preston's multistage rescaled bootstrap")
  }
  package var source: String { "Preston (2009)" }
  package var isRandom: Bool { true }

  package func factors(of units: ReplicationUnits, plan: Replication) throws(InputRefusal) -> ReplicateFactors {
    let count = plan.count ?? defaultBootstrapCount
    let last = Self.lastStage(units)
    // By stage and unit: the product of the sampling fractions above it.
    var above: [[Double]] = []
    for place in 0...last {
      let stage = units.stages[place]
      above.append(
        (0..<stage.unitCount).map { unit in
          if place == 0 { return 1 }
          let parent = stage.parentOfUnit[unit]
          let before = units.stages[place - 1]
          return above[place - 1][parent] * before.strata[before.stratumOfUnit[parent]].fraction
        }
      )
    }
    let factors = (0..<count).map { replicate in
      var generator = replicateGenerator(seed: plan.seed, replicate: replicate)
      var factors: [Double] = [1]
      var carried: [Double] = [1]
      for place in 0...last {
        let stage = units.stages[place]
        var own = [Double](repeating: 1, count: stage.unitCount)
        var next = [Double](repeating: 0, count: stage.unitCount)
        for stratum in stage.strata {
          let size = stratum.units.count
          let drawn = max(1, size / 2)
          let taken = chosen(drawn, of: size, by: &generator)
          var isTaken = [Bool](repeating: false, count: size)
          for place in taken { isTaken[place] = true }
          let ratio = Double(size) / Double(drawn)
          let fraction = above[place][stratum.units[0]]
          // A single unit is always taken: it adds nothing.
          let lambda =
            size == 1 || stratum.isCertain
            ? 0 : (Double(drawn) * fraction * (1 - stratum.fraction) / Double(size - drawn)).squareRoot()
          for (index, unit) in stratum.units.enumerated() {
            let hit = isTaken[index] ? ratio : 0
            own[unit] = factors[stratum.parent] + lambda * carried[stratum.parent] * (hit - 1)
            next[unit] = carried[stratum.parent] * (isTaken[index] ? ratio.squareRoot() : 0)
          }
        }
        factors = own
        carried = next
      }
      return factors
    }
    return ReplicateFactors(stage: last, factors: factors, scale: units.bootstrapScale(count))
  }

  /// The deepest stage that adds to the variance.
  private static func lastStage(_ units: ReplicationUnits) -> Int {
    var last = 0
    while last + 1 < units.stages.count, units.stages[last].strata.contains(where: { $0.fraction > 0 }) { last += 1 }
    return last
  }
}
