package import SurveyData

/// Points, and where they go when each estimate behind them moves within its interval.
package struct ScoredPoints: Sendable, Codable, Hashable {
  package var points: Double
  package var low: Double
  package var high: Double

  package init(points: Double, low: Double, high: Double) {
    self.points = points
    self.low = low
    self.high = high
  }

  package static func + (left: ScoredPoints, right: ScoredPoints) -> ScoredPoints {
    ScoredPoints(points: left.points + right.points, low: left.low + right.low, high: left.high + right.high)
  }
}

/// What one league got in one row.
package struct RowScore: Sendable {
  package enum Status: Sendable, Hashable {
    /// Points handed over by an office.
    case exact
    /// Points that rest on a sample.
    case estimated
    /// No points, because something is not there; never zero.
    case missing(LocalizedText)
    /// No points, because nobody in the league is eligible.
    case noEligible
  }

  package var row: String
  package var status: Status
  /// `nil` where the row is missing or has nobody eligible.
  package var regular: ScoredPoints?
  package var yearEnd: ScoredPoints?
  /// The rate behind the points with its interval, where a survey measures the row.
  package var estimate: Double?
  package var lower: Double?
  package var upper: Double?
  /// The estimate has no interval: its points range over all that the rule can give.
  package var hasNoInterval: Bool
}

/// A sum over rows, with the most that those rows could have given.
package struct ScoreSum: Sendable, Hashable {
  package var score: ScoredPoints
  package var available: Double

  /// Points as a share of what was available; `nil` where nothing was.
  package var share: Double? { available > 0 ? score.points / available : nil }
}

/// The result of one league.
package struct LeagueScore: Sendable {
  package var league: String
  /// In the order of the rubric.
  package var rows: [RowScore]
  /// Sums over the rows that have points.
  package var regular: ScoreSum
  package var yearEnd: ScoreSum
  package var total: ScoreSum
  /// Ids of the rows without points because something is not there.
  package var missingRows: [String]
  package var noEligibleRows: [String]
  package var grade: GradeResult?
}

/// The grade of the points that there are.
package struct GradeResult: Sendable, Hashable {
  package var grade: Rubric.Grade
  /// The grades at the low and the high end of the range of points.
  package var worst: Rubric.Grade
  package var best: Rubric.Grade
  /// Rows are missing, so the grade speaks of a part of the table only.
  package var isPartial: Bool
}
