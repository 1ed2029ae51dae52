internal import SurveyData

/// Limits of a weighted sum of rates, recovered from the limits of the rates.
///
/// Formula: θ = Σ g_i θ_i + c with g_i ≥ 0; the lower limit is θ − √(Σ_i Σ_j g_i g_j r_ij (θ_i − l_i)(θ_j − l_j)), the upper one
/// the same with u_i − θ_i, r_ij the correlation of the estimates (0 where one shows no error); t²·v is added under the
/// root for a variance v from other sources. A rate without an event so keeps the width of its own limits, where
/// estimate ± t · SE would have none.
/// Source: Zou and Donner (2008), Statistics in Medicine 27 (method of variance estimates recovery); Zou, Huang and Zhang
/// (2009), Computational Statistics and Data Analysis 53.
struct RecoveredLimits {
  let estimate: Double
  let gradient: [Double]
  /// With limits and one-sided bounds of their own.
  let figures: [Estimate]
  let covariance: [[Double]]
  let furtherVariance: Double
  let freedom: Int

  /// The name in result files.
  static let method = "recovered"
  static let title = LocalizedText(
    zh: "由各比率的限值合成（Zou 与 Donner）",
    en: "limits recovered from those of the rates (Zou and Donner)"
  )

  /// Fills in limits, one-sided bounds and verdict, where every rate has its own.
  func complete(_ result: inout Estimate, level: Double, limit: Limit?) {
    let intervals = figures.compactMap(\.interval)
    if intervals.count == figures.count {
      result.interval = Interval(
        method: Self.method,
        level: level,
        lower: estimate - distance(intervals.map(\.lower), level: level),
        upper: estimate + distance(intervals.map(\.upper), level: level)
      )
    }
    let bounds = figures.compactMap(\.oneSided)
    if bounds.count == figures.count {
      let single = 2 * level - 1
      let found = OneSidedBounds(
        level: level,
        lower: estimate - distance(bounds.map(\.lower), level: single),
        upper: estimate + distance(bounds.map(\.upper), level: single)
      )
      result.oneSided = found
      result.verdict = limit?.verdict(found)
    }
  }

  private func distance(_ limits: [Double], level: Double) -> Double {
    let values = figures.map { $0.estimate ?? 0 }
    let errors = figures.map { $0.standardError ?? 0 }
    let distances = limits.indices.map { gradient[$0] * abs(limits[$0] - values[$0]) }
    var square = 0.0
    for row in limits.indices {
      for column in limits.indices {
        var correlation = row == column ? 1.0 : 0
        if row != column, errors[row] > 0, errors[column] > 0 {
          correlation = min(1, max(-1, covariance[row][column] / (errors[row] * errors[column])))
        }
        square += correlation * distances[row] * distances[column]
      }
    }
    if furtherVariance > 0,
      let further = studentLimits(
        estimate: 0,
        variance: furtherVariance,
        degreesOfFreedom: Double(freedom),
        level: level
      )
    {
      square += further.upper * further.upper
    }
    return max(0, square).squareRoot()
  }
}

extension Limit {
  /// What one-sided bounds show about the limit.
  package func verdict(_ bounds: OneSidedBounds) -> Verdict {
    switch side {
    case .atMost:
      if bounds.upper <= value { return .shownBelow }
      return bounds.lower > value ? .shownAbove : .cannotTell
    case .atLeast:
      if bounds.lower >= value { return .shownAbove }
      return bounds.upper < value ? .shownBelow : .cannotTell
    }
  }
}
