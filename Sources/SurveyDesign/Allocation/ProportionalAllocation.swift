package import SurveyData

/// In proportion to the number of units, or to the total of a size column.
///
/// Formula: A = N, or X. Source: Cochran (1977), Sampling Techniques, section 5.5.
package struct ProportionalAllocation: AllocationRule {
  package init() {}

  package var name: String { "proportional" }
  package var title: LocalizedText { LocalizedText(zh: "比例分配", en: "proportional allocation") }
  package var measureFormula: String { "N, or X with a size column" }
  package var needs: Set<AllocationFigure> { [] }
  package var accepts: Set<AllocationFigure> { [.size] }
  package var usesExponent: Bool { false }
  package var criterion: AllocationCriterion { .evenness }

  package func measure(_ stratum: AllocationStratum, exponent: Double) -> Double { stratum.sizeTotal }
}
