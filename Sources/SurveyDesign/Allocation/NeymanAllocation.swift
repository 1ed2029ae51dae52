package import SurveyData

/// The least variance of the whole's total for a number of units.
///
/// Formula: A = N · S. Source: Neyman (1934), Journal of the Royal Statistical Society 97, p. 580.
package struct NeymanAllocation: AllocationRule {
  package init() {}

  package var name: String { "neyman" }
  package var title: LocalizedText { LocalizedText(zh: "奈曼分配", en: "Neyman allocation") }
  package var measureFormula: String { "N · S" }
  package var needs: Set<AllocationFigure> { [.deviation] }
  package var accepts: Set<AllocationFigure> { [] }
  package var usesExponent: Bool { false }
  package var criterion: AllocationCriterion { .variance }

  package func measure(_ stratum: AllocationStratum, exponent: Double) -> Double {
    Double(stratum.populationSize) * (stratum.deviation ?? 0)
  }
}
