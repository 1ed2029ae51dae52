package import SurveyData

/// Between equal and proportional: large strata get more, small ones not too little.
///
/// Formula: A = √N, or √X; the IEEE square root, the same on every machine.
package struct SquareRootAllocation: AllocationRule {
  package init() {}

  package var name: String { "square-root" }
  package var title: LocalizedText { LocalizedText(zh: "平方根分配", en: "square-root allocation") }
  package var measureFormula: String { "√N, or √X with a size column" }
  package var needs: Set<AllocationFigure> { [] }
  package var accepts: Set<AllocationFigure> { [.size] }
  package var usesExponent: Bool { false }
  package var criterion: AllocationCriterion { .evenness }

  package func measure(_ stratum: AllocationStratum, exponent: Double) -> Double { stratum.sizeTotal.squareRoot() }
}
