package import SurveyData
package import SurveyReporting

/// Points with the range they move in when the estimate moves within its interval.
package struct PointRange: Sendable, Hashable {
  package var points: Double
  package var low: Double
  package var high: Double

  package init(points: Double, low: Double, high: Double) {
    self.points = points
    self.low = low
    self.high = high
  }

  package static func + (left: PointRange, right: PointRange) -> PointRange {
    PointRange(points: left.points + right.points, low: left.low + right.low, high: left.high + right.high)
  }
}

/// One row of the rubric, as the score sheet prints it.
package struct ScoreSheetRow: Sendable {
  package var id: String
  package var name: LocalizedText
  package var block: LocalizedText
  /// What the row can give; 0 where it is not asked in that half.
  package var regularPoints: Double
  package var yearEndPoints: Double
  /// How it is measured, in words (survey, administrative, mixed).
  package var measurement: LocalizedText

  package init(
    id: String,
    name: LocalizedText,
    block: LocalizedText,
    regularPoints: Double,
    yearEndPoints: Double,
    measurement: LocalizedText
  ) {
    self.id = id
    self.name = name
    self.block = block
    self.regularPoints = regularPoints
    self.yearEndPoints = yearEndPoints
    self.measurement = measurement
  }
}

/// What one league got in one row.
package struct ScoreSheetScore: Sendable {
  /// Where the points come from, or why there are none.
  package enum Status: Sendable, Hashable {
    case exact
    case estimated
    case missing(LocalizedText)
    /// Nobody in the league is eligible for the row.
    case notApplicable(LocalizedText)
  }

  package var row: String
  package var status: Status
  package var regular: PointRange?
  package var yearEnd: PointRange?
  /// The rate behind the points, 0…1, with its interval.
  package var estimate: Double?
  package var lower: Double?
  package var upper: Double?

  package init(
    row: String,
    status: Status,
    regular: PointRange?,
    yearEnd: PointRange?,
    estimate: Double? = nil,
    lower: Double? = nil,
    upper: Double? = nil
  ) {
    self.row = row
    self.status = status
    self.regular = regular
    self.yearEnd = yearEnd
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
  }
}

/// One league with its scores; a row that is not listed is missing.
package struct ScoreSheetLeague: Sendable {
  package var code: String
  package var name: LocalizedText
  package var scores: [ScoreSheetScore]
  /// The grade in words, partial ones said to be so.
  package var grade: LocalizedText?

  package init(code: String, name: LocalizedText, scores: [ScoreSheetScore], grade: LocalizedText? = nil) {
    self.code = code
    self.name = name
    self.scores = scores
    self.grade = grade
  }
}

/// Everything a score sheet prints.
package struct ScoreSheetInput: Sendable {
  package var title: LocalizedText
  package var rows: [ScoreSheetRow]
  package var leagues: [ScoreSheetLeague]
  package var assumptions: [LocalizedText]
  package var inputs: [AnnexDigest]
  package var software: String

  package init(
    title: LocalizedText,
    rows: [ScoreSheetRow],
    leagues: [ScoreSheetLeague],
    assumptions: [LocalizedText],
    inputs: [AnnexDigest],
    software: String
  ) {
    self.title = title
    self.rows = rows
    self.leagues = leagues
    self.assumptions = assumptions
    self.inputs = inputs
    self.software = software
  }
}

/// The two halves of the year that points are given for.
enum ScoreHalf: CaseIterable {
  case regular, yearEnd

  func maximum(of row: ScoreSheetRow) -> Double {
    switch self {
    case .regular: row.regularPoints
    case .yearEnd: row.yearEndPoints
    }
  }

  func points(of score: ScoreSheetScore?) -> PointRange? {
    switch self {
    case .regular: score?.regular
    case .yearEnd: score?.yearEnd
    }
  }
}

/// Sums over the rows of one half that have points; what is missing is counted apart, never as zero.
struct ScoreTotal {
  private(set) var range = PointRange(points: 0, low: 0, high: 0)
  /// The most that the rows with points could give, by where their points come from.
  private(set) var exact = 0.0
  private(set) var estimated = 0.0
  private(set) var missing = 0.0
  private(set) var notApplicable = 0.0

  init(of league: ScoreSheetLeague, rows: [ScoreSheetRow], halves: [ScoreHalf]) {
    for row in rows {
      let score = league.scores.first { $0.row == row.id }
      for half in halves where half.maximum(of: row) > 0 {
        let maximum = half.maximum(of: row)
        guard let points = half.points(of: score), let score else {
          if case .notApplicable? = score?.status { notApplicable += maximum } else { missing += maximum }
          continue
        }
        range = range + points
        switch score.status {
        case .exact: exact += maximum
        case .estimated: estimated += maximum
        case .missing: missing += maximum
        case .notApplicable: notApplicable += maximum
        }
      }
    }
  }

  /// The most that the rows with points could give.
  var available: Double { exact + estimated }
}
