internal import StatisticalFunctions
package import SurveyData
package import SurveyDesign

/// Balanced repeated replication: half-samples chosen by the columns of a Hadamard matrix.
///
/// Formula: with two units a stratum the factors are 1 ± a·√(1 − n/N), a = ±1 the element of the replicate's row and
/// the stratum's column; scale 1/R. A stratum of more units is cut into pairs in the order of the file, with three at
/// the end of an odd one. Three units take two columns a and b: 1 + √(1 − n/N)·(a·(√3/2, −√3/2, 0) + b·(½, ½, −1)),
/// whose products have the mean n/(n − 1)·(I − J/n), so that for totals the variance is again that of the three units;
/// some of those factors are below 0, unless Fay's coefficient is 0.27 and more. R is the smallest order of a Hadamard
/// matrix above the number of columns (full balance); fewer replicates use columns again (partial balance), and the
/// variance of a total is then right in expectation only.
/// Source: McCarthy (1969), Rev. Int. Statist. Inst. 37; Wolter (2007), ch. 3.
package struct BalancedReplication: ReplicationMethod {
  package var name: String { "brr" }
  package var title: LocalizedText { LocalizedText(zh: "平衡半样本 BRR", en: "balanced repeated replication") }
  package var source: String { "McCarthy (1969)" }
  package var takesCount: Bool { true }

  package func factors(of units: ReplicationUnits, plan: Replication) throws(InputRefusal) -> ReplicateFactors {
    try balancedFactors(units.first, count: plan.count, fay: 0)
  }
}

/// The factors of half-samples, drawn nearer to 1 by Fay's coefficient.
func balancedFactors(
  _ stage: ReplicationUnits.Stage,
  count: Int?,
  fay: Double
) throws(InputRefusal) -> ReplicateFactors {
  var groups: [(units: [Int], shrink: Double)] = []
  for stratum in stage.strataInFileOrder where !stratum.isCertain {
    let units = stage.fileOrder(stratum)
    let shrink = (1 - fay) * (1 - stratum.fraction).squareRoot()
    groups += pairsAndThrees(units).map { ($0, shrink) }
  }
  let columns = groups.reduce(0) { $0 + $1.units.count - 1 }
  let matrix = try hadamard(columns: columns, count: count)
  // The first column is all +1: it balances nothing.
  func sign(_ replicate: Int, _ column: Int) -> Double { matrix[replicate, 1 + column % (matrix.order - 1)] }
  var factors = [[Double]](repeating: [Double](repeating: 1, count: stage.unitCount), count: matrix.order)
  let half = 3.0.squareRoot() / 2
  for replicate in 0..<matrix.order {
    var column = 0
    for group in groups {
      let a = group.shrink * sign(replicate, column)
      let units = group.units
      if units.count == 2 {
        factors[replicate][units[0]] = 1 + a
        factors[replicate][units[1]] = 1 - a
      } else {
        let b = group.shrink * sign(replicate, column + 1)
        factors[replicate][units[0]] = 1 + half * a + b / 2
        factors[replicate][units[1]] = 1 - half * a + b / 2
        factors[replicate][units[2]] = 1 - b
      }
      column += units.count - 1
    }
  }
  return ReplicateFactors(factors: factors, scale: 1 / (Double(matrix.order) * (1 - fay) * (1 - fay)))
}

/// The matrix for so many columns besides the first; of the order wanted, where one is.
func hadamard(columns: Int, count: Int?) throws(InputRefusal) -> HadamardMatrix {
  if let count {
    if count >= 4, let matrix = HadamardMatrix(order: count) { return matrix }
    let next = HadamardMatrix.covering(max(4, count))?.order ?? 4
    throw InputRefusal(
      Finding(
        "replicate-count",
        column: "--replicate-count",
        value: "\(count)",
        message: LocalizedText(zh: "没有这一阶数的 Hadamard 矩阵可用。", en: "no Hadamard matrix of this order is built."),
        fix: LocalizedText(
          zh: "请用 \(next)，或不给出此项（完全平衡）。",
          en: "Use \(next), or leave the option out for full balance."
        )
      )
    )
  }
  guard let matrix = HadamardMatrix.covering(columns + 1) else {
    throw replicatesUnsuited(
      zh: "层太多，没有足够大的 Hadamard 矩阵。",
      en: "there are too many strata for a Hadamard matrix.",
      fixZh: "请用 jkn。",
      fixEn: "Use jkn."
    )
  }
  return matrix
}
