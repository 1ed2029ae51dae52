package import SurveyData

/// The least variance for what the fieldwork costs: fewer units where a unit is dear.
///
/// Formula: A = N · S / √c; with the number of units given, no other shares have a smaller product of
/// variance and cost. Source: Cochran (1977), Sampling Techniques, equation 5.23.
package struct CostOptimalAllocation: AllocationRule {
  package init() {}

  package var name: String { "cost-optimal" }
  package var title: LocalizedText { LocalizedText(zh: "费用最优分配", en: "cost-optimal allocation") }
  package var measureFormula: String { "N · S / √c" }
  package var needs: Set<AllocationFigure> { [.deviation, .cost] }
  package var accepts: Set<AllocationFigure> { [] }
  package var usesExponent: Bool { false }
  package var criterion: AllocationCriterion { .variance }

  package func measure(_ stratum: AllocationStratum, exponent: Double) -> Double {
    Double(stratum.populationSize) * (stratum.deviation ?? 0) / (stratum.cost ?? 1).squareRoot()
  }
}
