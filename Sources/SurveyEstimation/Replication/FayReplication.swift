package import SurveyData
package import SurveyDesign

/// Balanced repeated replication after Fay: half-samples that keep a part of every unit.
///
/// Formula: factors 1 ± (1 − k)·√(1 − n/N), scale 1/(R (1 − k)²), k Fay's coefficient; see ``BalancedReplication`` for
/// strata of more than two units. Source: Dippo, Fay and Morganstein (1984), Proc. Surv. Res. Meth. Sect. ASA;
/// Judkins (1990), J. Official Statist. 6.
package struct FayReplication: ReplicationMethod {
  package var name: String { "fay" }
  package var title: LocalizedText { LocalizedText(zh: "Fay 平衡重复", en: "Fay's balanced replication") }
  package var source: String { "Judkins (1990)" }
  package var takesCount: Bool { true }
  package var takesFay: Bool { true }

  package func factors(of units: ReplicationUnits, plan: Replication) throws(InputRefusal) -> ReplicateFactors {
    try balancedFactors(units.first, count: plan.count, fay: plan.fay)
  }
}
