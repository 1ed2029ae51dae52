package import SurveyData

/// The same number in every stratum, which serves estimates of the strata, not of the whole.
///
/// Formula: A = 1.
package struct EqualAllocation: AllocationRule {
  package init() {}

  package var name: String { "equal" }
  package var title: LocalizedText { LocalizedText(zh: "等额分配", en: "equal allocation") }
  package var measureFormula: String { "1" }
  package var needs: Set<AllocationFigure> { [] }
  package var accepts: Set<AllocationFigure> { [] }
  package var usesExponent: Bool { false }
  package var criterion: AllocationCriterion { .evenness }

  package func measure(_ stratum: AllocationStratum, exponent: Double) -> Double { 1 }
}
