package import SurveyData

/// A deduction for each whole step below the target (每低一档扣分).
///
/// Formula: max(0, 1 − deduction · ⌊(target − rate) / step⌋), 1 from the target on. Domain: 0 < step ≤ 1,
/// 0 < deduction ≤ 1, 0 < target ≤ 1. Source: city measures such as Sichuan 2017, −1 for each 0.1 point below
/// 100 %; whether a begun step counts is not said there: here only whole steps count (假设).
package struct StepRule: ScoringRule, Hashable {
  package static let kind = "step"
  package static let parameters = ["target", "step", "deduction"]

  package let target: Double
  package let step: Double
  /// The share of the row's points that one step costs.
  package let deduction: Double

  package init?(_ values: [String: Double]) {
    guard let target = values["target"], let step = values["step"], let deduction = values["deduction"],
      target > 0, target <= 1, step > 0, step <= 1, deduction > 0, deduction <= 1
    else { return nil }
    self.target = target
    self.step = step
    self.deduction = deduction
  }

  package func share(at rate: Double) -> Double {
    guard rate < target else { return 1 }
    // 0.98 below 1.00 by steps of 0.01 are two steps, although the doubles give 2 − 2e-15.
    let steps = ((target - rate) / step + 1e-9).rounded(.down)
    return max(0, 1 - deduction * steps)
  }

  package var description: LocalizedText {
    LocalizedText(
      zh: "达到\(percent(target))满分，每低\(percent(step))扣该项分值的\(percent(deduction))，扣完为止",
      en: "all from \(percent(target)); each whole \(percent(step)) below costs \(percent(deduction)) of the points"
    )
  }
}
