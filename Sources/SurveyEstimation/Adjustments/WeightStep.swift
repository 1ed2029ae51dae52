public import SurveyData

/// What one adjustment did to the weights.
public struct WeightStep: Sendable {
  /// What was done.
  public var name: LocalizedText
  /// The sum of the weights before the step.
  public var sumBefore: Double
  /// The sum after it.
  public var sumAfter: Double
  /// The least factor by which a weight changed.
  public var leastFactor: Double
  /// The largest one.
  public var largestFactor: Double
  /// The weights that the step left.
  public var range: WeightSummary.Range
  /// How far the total that is furthest off was missed, as a share of it; `nil` where the step has no totals.
  public var largestMiss: Double?
}
