package import SurveyData

/// Points in proportion between a rate that earns nothing and one that earns all (按比例计分).
///
/// Formula: (rate − zero) / (full − zero), cut to 0…1. Domain: 0 ≤ zero < full ≤ 1.
/// Source: fund evaluation measure 财农〔2017〕115号, ratios scored pro rata below the target.
package struct ProportionalRule: ScoringRule, Hashable {
  package static let kind = "proportional"
  package static let parameters = ["zero", "full"]

  package let zero: Double
  package let full: Double

  package init?(_ values: [String: Double]) {
    guard let zero = values["zero"], let full = values["full"], zero >= 0, zero < full, full <= 1 else {
      return nil
    }
    self.zero = zero
    self.full = full
  }

  package func share(at rate: Double) -> Double {
    if rate >= full { return 1 }
    return rate <= zero ? 0 : (rate - zero) / (full - zero)
  }

  package var description: LocalizedText {
    LocalizedText(
      zh: "\(percent(zero))及以下不得分，\(percent(full))及以上满分，其间按比例",
      en: "nothing up to \(percent(zero)), all from \(percent(full)), in proportion between"
    )
  }
}
