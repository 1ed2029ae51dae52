package import SurveyData

/// A regulation's scoring table as data: rows, points, rules and what was assumed.
package struct Rubric: Sendable {
  package var id: String
  package var name: LocalizedText
  package var rows: [RubricRow]
  /// From the best grade down; the last one has no lower limit.
  package var grades: [Grade]
  /// What holds for the whole table and stands in no regulation (假设).
  package var assumptions: [LocalizedText]

  package init(
    id: String,
    name: LocalizedText,
    rows: [RubricRow],
    grades: [Grade],
    assumptions: [LocalizedText]
  ) {
    self.id = id
    self.name = name
    self.rows = rows
    self.grades = grades
    self.assumptions = assumptions
  }

  /// A grade and the least share of the available points that earns it.
  package struct Grade: Sendable, Hashable {
    package var name: LocalizedText
    package var atLeast: Double

    package init(name: LocalizedText, atLeast: Double) {
      self.name = name
      self.atLeast = atLeast
    }
  }

  /// Every assumption, of the table and of its rows, each beginning with 假设 where it prints Chinese.
  package var allAssumptions: [LocalizedText] {
    assumptions
      + rows.compactMap { row in
        row.assumption.map {
          LocalizedText(zh: "第\(row.id)项：\($0.zh)", en: "Row \(row.id): \($0.en)")
        }
      }
  }

  package func grade(atShare share: Double) -> Grade? {
    grades.first { share >= $0.atLeast } ?? grades.last
  }
}

/// One scored row of a rubric.
package struct RubricRow: Sendable {
  /// Where a row's points come from.
  package enum Measurement: Sendable {
    /// An estimate of the survey, through a rule.
    case survey(estimate: String, rule: any ScoringRule)
    /// A share of the points handed over by an office; exact, no sampling error.
    case administrative
    /// Part of the points by a survey estimate, the rest by an office's share.
    case mixed(estimate: String, rule: any ScoringRule, surveyShare: Double)

    package var name: String {
      switch self {
      case .survey: "survey"
      case .administrative: "administrative"
      case .mixed: "mixed"
      }
    }
  }

  /// As the regulation numbers it, `01` to `18`.
  package var id: String
  package var name: LocalizedText
  package var block: LocalizedText
  package var regularPoints: Double
  package var yearEndPoints: Double
  package var measurement: Measurement
  package var assumption: LocalizedText?

  package init(
    id: String,
    name: LocalizedText,
    block: LocalizedText,
    regularPoints: Double,
    yearEndPoints: Double,
    measurement: Measurement,
    assumption: LocalizedText? = nil
  ) {
    self.id = id
    self.name = name
    self.block = block
    self.regularPoints = regularPoints
    self.yearEndPoints = yearEndPoints
    self.measurement = measurement
    self.assumption = assumption
  }
}
