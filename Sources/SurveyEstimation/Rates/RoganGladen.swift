internal import StatisticalFunctions

/// How well a judgement tells what is so: known, or estimated from samples that were judged again.
public struct JudgementAccuracy: Sendable, Hashable {
  /// The share of true cases that the judgement finds.
  package var sensitivity: Double
  /// The share of others that it passes.
  package var specificity: Double
  /// Rows that each was estimated from; `nil`: taken as known.
  package var sensitivityRows: Int?
  package var specificityRows: Int?

  /// Known, or estimated from so many rows that were judged again.
  ///
  /// - Parameters:
  ///   - sensitivity: the share of true cases that the judgement finds, 0…1.
  ///   - specificity: the share of others that it passes, 0…1.
  ///   - sensitivityRows: true cases that the first was estimated from; `nil`: taken as known.
  ///   - specificityRows: others that the second was estimated from; `nil`: taken as known.
  public init(
    sensitivity: Double,
    specificity: Double,
    sensitivityRows: Int?,
    specificityRows: Int?
  ) {
    self.sensitivity = sensitivity
    self.specificity = specificity
    self.sensitivityRows = sensitivityRows
    self.specificityRows = specificityRows
  }

  /// Youden's index; the correction needs it above 0.
  package var index: Double { sensitivity + specificity - 1 }

  /// What estimated accuracy adds to the variance of a corrected rate.
  ///
  /// Formula: (p² Se(1 − Se)/n_Se + (1 − p)² Sp(1 − Sp)/n_Sp) / J²; 0 where the accuracy is taken as known.
  package func variance(at rate: Double) -> Double {
    var sum = 0.0
    if let rows = sensitivityRows, rows > 0 {
      sum += rate * rate * sensitivity * (1 - sensitivity) / Double(rows)
    }
    if let rows = specificityRows, rows > 0 {
      sum += (1 - rate) * (1 - rate) * specificity * (1 - specificity) / Double(rows)
    }
    return sum / (index * index)
  }
}

/// A rate corrected for the errors of the judgement behind it.
///
/// Formula: p = (a + Sp − 1) / J, J = Se + Sp − 1, a the apparent rate; the variance is V(a)/J², and with estimated
/// accuracy (V(a) + p² Se(1 − Se)/n_Se + (1 − p)² Sp(1 − Sp)/n_Sp) / J².
/// Source: Rogan and Gladen (1978), Amer. J. Epidemiol. 107.
package struct CorrectedRate: Sendable {
  /// May leave 0…1 where the apparent rate contradicts the accuracy.
  package var estimate: Double
  package var standardError: Double
  /// With the uncertainty of sensitivity and specificity.
  package var fullStandardError: Double

  /// - Returns: `nil` where the judgement is no better than chance.
  package init?(apparent: Double, variance: Double, accuracy: JudgementAccuracy) {
    let index = accuracy.index
    guard index > 0 else { return nil }
    estimate = (apparent + accuracy.specificity - 1) / index
    standardError = variance.squareRoot() / index
    fullStandardError = (variance / (index * index) + accuracy.variance(at: estimate)).squareRoot()
  }

  /// The estimate cut to 0…1.
  package var truncated: Double { min(1, max(0, estimate)) }
}

/// Lang and Reiczigel's interval for a corrected rate from simple random samples.
///
/// Source: Lang and Reiczigel (2014), Prev. Vet. Med. 113, 13–22. May leave 0…1; cut it there.
/// - Parameters:
///   - x, n: judged cases and rows.
///   - accuracy: with the rows that sensitivity and specificity were estimated from.
/// - Returns: `nil` where the accuracy is taken as known, or no better than chance.
package func langReiczigelLimits(
  _ x: Double,
  of n: Double,
  accuracy: JudgementAccuracy,
  level: Double
) -> (lower: Double, upper: Double)? {
  guard let sensitivityRows = accuracy.sensitivityRows, let specificityRows = accuracy.specificityRows else {
    return nil
  }
  let z = Normal.quantile((1 + level) / 2)
  let (a, b) = (Double(sensitivityRows), Double(specificityRows))
  let size = n + z * z
  let apparent = (x + z * z / 2) / size
  let sensitivity = (a * accuracy.sensitivity + 1) / (a + 2)
  let specificity = (b * accuracy.specificity + 1) / (b + 2)
  let index = sensitivity + specificity - 1
  guard index > 0 else { return nil }
  let p = (apparent + specificity - 1) / index
  let sensitivityVariance = sensitivity * (1 - sensitivity) / (a + 2)
  let specificityVariance = specificity * (1 - specificity) / (b + 2)
  let shift = 2 * z * z * (p * sensitivityVariance - (1 - p) * specificityVariance)
  let error =
    (apparent * (1 - apparent) / size + p * p * sensitivityVariance + (1 - p) * (1 - p) * specificityVariance)
    .squareRoot() / index
  return (p + shift - z * error, p + shift + z * error)
}
