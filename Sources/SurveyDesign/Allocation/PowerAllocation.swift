internal import Glibc
package import SurveyData

/// A compromise between estimates of the whole (q = 1) and of every stratum alike (q = 0).
///
/// Formula: A = X^q · CV, the optimum of Σ (X^q · CV of the stratum's estimate)². CV is given, or S · N / X
/// from S, or taken as the same in every stratum. X is the total of the size column, N without one.
/// Edge cases: for q = 0, ½ and 1 only IEEE operations are used; other powers come from the C library, whose
/// last bit may differ between machines, and with it a tie: the numbers that came out stand in the receipt.
/// Source: Bankier (1988), The American Statistician 42, p. 174, equation 3.
package struct PowerAllocation: AllocationRule {
  package init() {}

  package var name: String { "power" }
  package var title: LocalizedText { LocalizedText(zh: "幂分配", en: "power allocation") }
  package var measureFormula: String { "X^q · CV" }
  package var needs: Set<AllocationFigure> { [] }
  package var accepts: Set<AllocationFigure> { [.size, .deviation, .variation] }
  package var usesExponent: Bool { true }
  package var criterion: AllocationCriterion { .variance }

  package func measure(_ stratum: AllocationStratum, exponent: Double) -> Double {
    let total = stratum.sizeTotal
    if total == 0 { return 0 }
    let power: Double
    switch exponent {
    case 0: power = 1
    case 0.5: power = total.squareRoot()
    case 1: power = total
    default: power = pow(total, exponent)
    }
    if let variation = stratum.variation { return power * variation }
    guard let deviation = stratum.deviation else { return power }
    return power * (deviation / (total / Double(stratum.populationSize)))
  }
}
