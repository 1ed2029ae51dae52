internal import StatisticalFunctions
package import SurveyData
package import SurveyDesign

/// Successive difference replication, for systematic samples in the order of the file.
///
/// Formula: unit i of a stratum has the factor 1 + √(1 − n/N)·2^(−3/2)·(a_i − a_j), a the replicate's elements of two
/// rows of a Hadamard matrix, j the row of the next unit and, of the last one, that of the first; scale 4/R. For a
/// total that is ½ Σ (1 − n/N) (z_i − z_{i−1})² round each stratum, exactly so where the matrix has a row of its own for
/// every unit. R is 80 as in the American Community Survey, or less where fewer suffice; with more units rows are used
/// again, stepping by another number in each round so that pairs differ.
/// Source: Fay and Train (1995), Proc. Sect. Gov. Statist. ASA; Ash (2014), Survey Methodology 40.
package struct SuccessiveDifferences: ReplicationMethod {
  package var name: String { "sdr" }
  package var title: LocalizedText { LocalizedText(zh: "逐次差分重复", en: "successive difference replication") }
  package var source: String { "Fay and Train (1995)" }
  package var takesCount: Bool { true }

  package func factors(of units: ReplicationUnits, plan: Replication) throws(InputRefusal) -> ReplicateFactors {
    let stage = units.first
    let strata = stage.strataInFileOrder.filter { !$0.isCertain }
    let unitCount = strata.reduce(0) { $0 + $1.units.count }
    let matrix = try hadamard(columns: min(unitCount, 79), count: plan.count)
    var rows = RowSequence(count: matrix.order - 1)
    var factors = [[Double]](repeating: [Double](repeating: 1, count: stage.unitCount), count: matrix.order)
    for stratum in strata {
      let ordered = stage.fileOrder(stratum)
      let own = rows.take(ordered.count)
      let shrink = (1 - stratum.fraction).squareRoot() * 0.125.squareRoot()
      for (place, unit) in ordered.enumerated() {
        let next = own[(place + 1) % ordered.count]
        for replicate in 0..<matrix.order {
          factors[replicate][unit] = 1 + shrink * (matrix[own[place], replicate] - matrix[next, replicate])
        }
      }
    }
    return ReplicateFactors(factors: factors, scale: 4 / Double(matrix.order))
  }

  /// Rows 1…count, then again in steps that leave none out.
  private struct RowSequence {
    let count: Int
    private var step = 1
    private var used = 0
    private var current = 0

    init(count: Int) { self.count = count }

    mutating func take(_ wanted: Int) -> [Int] {
      (0..<wanted).map { _ in
        if used == count {
          used = 0
          repeat { step = step % count + 1 } while greatestCommonDivisor(step, count) != 1
        }
        used += 1
        let row = current + 1
        current = (current + step) % count
        return row
      }
    }
  }
}

private func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
  right == 0 ? left : greatestCommonDivisor(right, left % right)
}
