package import SurveyData
package import SurveyDesign

/// Leaves out one unit of a pair at a time (JK2).
///
/// Formula: factors 0 for the unit left out and 2 for its partner, 1 elsewhere; scale of the replicate 1 − n/N. A stratum
/// of more than two units is cut into pairs in the order of the file, with three at the end of an odd one, whose three
/// replicates are those of ``StratifiedJackknife``: factors 0 and 3/2, scale 2/3 · (1 − n/N). The first unit of a pair is
/// left out in the first pair, the second one in the next, and so on in turn. Deviations are taken from the estimate of
/// the whole sample: with one replicate a pair, the replicates' mean carries the pairs' differences itself. For totals a
/// stratum of two or three has the linearized variance.
/// Source: Rust and Rao (1996), Stat. Methods Med. Res. 5; Westat (2007), WesVar 4.3 User's Guide, app. A.
package struct PairedJackknife: ReplicationMethod {
  package var name: String { "jk2" }
  package var title: LocalizedText { LocalizedText(zh: "成对刀切法 JK2", en: "paired jackknife JK2") }
  package var source: String { "Rust and Rao (1996)" }
  package var isAroundWhole: Bool { true }

  package func factors(of units: ReplicationUnits, plan: Replication) throws(InputRefusal) -> ReplicateFactors {
    let stage = units.first
    var factors: [[Double]] = []
    var scales: [Double] = []
    var pairs = 0
    for stratum in stage.strataInFileOrder where !stratum.isCertain {
      for group in pairsAndThrees(stage.fileOrder(stratum)) {
        let rest = Double(group.count)
        let left = group.count == 2 ? [group[pairs % 2]] : group
        if group.count == 2 { pairs += 1 }
        for unit in left {
          var own = [Double](repeating: 1, count: stage.unitCount)
          for other in group { own[other] = other == unit ? 0 : rest / (rest - 1) }
          factors.append(own)
          scales.append((group.count == 2 ? 1 : 2.0 / 3) * (1 - stratum.fraction))
        }
      }
    }
    return ReplicateFactors(factors: factors, scale: 1, replicateScales: scales)
  }
}

/// Units cut into pairs in their order, with three at the end of an odd number.
func pairsAndThrees(_ units: [Int]) -> [[Int]] {
  var groups: [[Int]] = []
  var next = 0
  while next < units.count {
    let size = units.count - next == 3 ? 3 : 2
    groups.append(Array(units[next..<(next + size)]))
    next += size
  }
  return groups
}
