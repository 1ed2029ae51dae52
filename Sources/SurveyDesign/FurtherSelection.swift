/// What is known of the joint inclusion probabilities of a single-stage sample with unequal probabilities.
public enum JointProbabilities: Sendable {
  /// Overton (1985): π_kl from π_k and π_l.
  case overton
  /// Hartley and Rao (1962); Σπ² / n over the population, or estimated from the sample.
  case hartleyRao(meanSquare: Double?)
  /// Every unit by itself.
  case independent
  /// π_kl by row of the file, π_k on the diagonal; Sen–Yates–Grundy's estimator or Horvitz–Thompson's.
  case exact([[Double]], isSenYatesGrundy: Bool)
}

/// A second phase: rows of the first phase that were selected again.
public struct SecondPhase: Sendable {
  /// How both phases enter a variance.
  public enum Variance: String, Sendable, CaseIterable {
    /// Exact for both phases (Särndal, Swensson and Wretman 1992, §9.3).
    case full
    /// Treats the phases as if the second were drawn from units of the first (Lumley's approximation).
    case approximate = "approx"
    /// The first phase's variance on the whole, the second's added.
    case simple
  }

  /// 1 in the rows that were selected again.
  package var subset: String
  package var stages: [SampleDesign.Stage]
  package var variance: Variance

  /// The rows that were selected again.
  ///
  /// - Parameters:
  ///   - subset: the column with 1 in these rows.
  ///   - stages: how they were drawn among the rows of the first phase.
  ///   - variance: how both phases enter it.
  public init(subset: String, stages: [SampleDesign.Stage], variance: Variance) {
    self.subset = subset
    self.stages = stages
    self.variance = variance
  }
}
