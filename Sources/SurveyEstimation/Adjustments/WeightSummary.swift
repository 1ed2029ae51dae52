/// What the weights of a sample look like and how they came to be.
public struct WeightSummary: Sendable {
  /// Size and spread of a set of weights; those of 0 do not count.
  public struct Range: Sendable {
    /// Rows with a weight.
    public var rows: Int
    /// Of the weights.
    public var sum: Double
    /// The least weight.
    public var least: Double
    /// The largest weight.
    public var largest: Double
    /// Standard deviation (divisor n) over the mean.
    public var variation: Double

    /// Kish's design effect of unequal weights, 1 + cv².
    public var effect: Double { 1 + variation * variation }
    /// n / (1 + cv²) = (Σw)² / Σw².
    public var effectiveRows: Double { Double(rows) / effect }

    init(_ weights: [Double]) {
      let used = weights.filter { $0 != 0 }
      rows = used.count
      least = used.min() ?? 0
      largest = used.max() ?? 0
      sum = used.reduce(0, +)
      let mean = sum / Double(max(1, rows))
      let square = used.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      variation = mean == 0 ? 0 : (square / Double(max(1, rows))).squareRoot() / mean
    }
  }

  /// The weights of the design.
  public var design: Range
  /// Those after every step.
  public var final: Range
  /// The least ratio of a row's weight to its design weight.
  public var leastFactor: Double
  /// The largest one.
  public var largestFactor: Double
  /// The steps in their order.
  public var steps: [WeightStep]
}

extension SurveySample {
  /// Range, variation and history of the weights.
  ///
  /// Source: Kish (1965), Survey Sampling, §11.7, for the effect.
  package var weightSummary: WeightSummary {
    var least = Double.infinity
    var largest = -Double.infinity
    for row in weights.indices where designWeights[row] != 0 {
      least = min(least, weights[row] / designWeights[row])
      largest = max(largest, weights[row] / designWeights[row])
    }
    return WeightSummary(
      design: WeightSummary.Range(designWeights),
      final: WeightSummary.Range(weights),
      leastFactor: least,
      largestFactor: largest,
      steps: history
    )
  }
}
