import StatisticalFunctions
import SurveyDesign

/// How well a stage's sample meets the total of one balancing column.
package struct BalanceCheck: Sendable, Equatable {
  package var column: String
  /// Over all units that can be taken: of the parents drawn, without units of size 0 or left out for an
  /// earlier draw.
  package var total: Double
  /// The sum of x/π over the selected units, π that of this stage given what was left out.
  package var estimate: Double

  /// Formula: estimate / total − 1; absent where the total is 0.
  package var relativeDeviation: Double? { total == 0 ? nil : estimate / total - 1 }
}

/// The balancing columns of a stage, as its sample meets them.
func balanceChecks(
  _ plan: StagePlan,
  cells: [DrawnCell],
  of prepared: [PreparedCell]
) -> [BalanceCheck] {
  plan.balance.indices.map { column in
    var total = ExactSum()
    var estimate = ExactSum()
    for (cell, stratum) in zip(cells, prepared) {
      let view = stratum.view
      for unit in 0..<stratum.certain.count { total.add(stratum.certain.measure(column, unit)) }
      for unit in 0..<view.count where view.size(unit) > 0 { total.add(view.measure(column, unit)) }
      for unit in cell.selected {
        let probability = unit.conditionalProbability ?? unit.inclusionProbability
        estimate.add(view.measure(column, ofRow: unit.frameRow) / probability)
      }
    }
    return BalanceCheck(column: plan.balance[column], total: total.value, estimate: estimate.value)
  }
}
