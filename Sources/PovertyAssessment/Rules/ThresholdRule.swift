package import SurveyData

/// All points from a rate on, none below (达标得分).
///
/// Formula: 1 where rate ≥ at-least, else 0. Domain: 0 < at-least ≤ 1.
/// Source: village exit tables, such as Yunnan 2016.
package struct ThresholdRule: ScoringRule, Hashable {
  package static let kind = "threshold"
  package static let parameters = ["at-least"]

  package let atLeast: Double

  package init?(_ values: [String: Double]) {
    guard let atLeast = values["at-least"], atLeast > 0, atLeast <= 1 else { return nil }
    self.atLeast = atLeast
  }

  package func share(at rate: Double) -> Double { rate >= atLeast ? 1 : 0 }

  package var description: LocalizedText {
    LocalizedText(
      zh: "达到\(percent(atLeast))得满分，否则不得分",
      en: "all from \(percent(atLeast)), nothing below"
    )
  }
}
