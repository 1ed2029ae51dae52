package import SurveyData

/// Turns a rate into the share of a row's points that it earns.
///
/// Domain: a rate in 0…1; the share is in 0…1 and never falls when the rate rises, so that the ends of an
/// interval of the rate are the ends of the share.
package protocol ScoringRule: Sendable {
  /// The word in a rules file.
  static var kind: String { get }
  /// The numbers it needs there, all in 0…1.
  static var parameters: [String] { get }

  /// - Parameter values: one value for each name in `parameters`.
  /// - Returns: `nil` where the values contradict each other.
  init?(_ values: [String: Double])

  func share(at rate: Double) -> Double

  /// The rule in words, for the score sheet.
  var description: LocalizedText { get }
}

/// Every kind of rule that a rules file can name.
package enum ScoringRules {
  package static let all: [any ScoringRule.Type] = [
    ProportionalRule.self, StepRule.self, ThresholdRule.self,
  ]

  package static func kind(_ name: String) -> (any ScoringRule.Type)? {
    all.first { $0.kind == name }
  }
}

/// A share as per cent in a rule's description.
func percent(_ share: Double) -> String { shortest((share * 1_000_000).rounded() / 10_000) + "%" }
