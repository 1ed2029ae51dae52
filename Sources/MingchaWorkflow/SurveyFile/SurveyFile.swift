package import SurveyData

/// What `survey.yaml` says: the one file that tells how a survey is drawn, estimated and reported.
package struct SurveyFile: Sendable {
  /// Part of every draw's group; never changed once something was drawn.
  package var id: String
  package var name: LocalizedText
  /// In the order of the file.
  package var frames: [FrameDefinition]
  package var draws: [DrawDefinition]
  package var responses: ResponseDefinition?
  package var indicators: [SurveyIndicator]
  /// Rates made of indicators and of other knowledge.
  package var rates: [SurveyRate]
  package var judgement: JudgementSettings?
  package var estimate: EstimateSettings
  package var score: ScoreSettings?
  package var annex: AnnexSettings
  /// Rules for `mingcha check`, and what they need.
  package var checks: CheckDefinition
  package var privacy = PrivacySettings()

  package func frame(_ name: String) -> FrameDefinition? { frames.first { $0.name == name } }
  package func draw(_ name: String) -> DrawDefinition? { draws.first { $0.name == name } }
}

/// A list of units that a stage draws from.
package struct FrameDefinition: Sendable, Hashable {
  package var name: String
  /// What its units are called (`name: {zh: 旗县, en: County}`).
  package var title: LocalizedText?
  /// Paths or patterns, relative to the survey folder, read one after the other.
  package var files: [String]
  package var id: String
  /// The column with the unit of the frame above.
  package var parent: String?
  /// Only units that fulfil this are drawn from; the frame's digest is of all.
  package var keep: Expression?
  package var sheet: String?
  package var headerRow: Int?
  /// Takes the stored results of formulas in a workbook (`allow-formulas: true`).
  package var allowsFormulas: Bool

  package init(
    name: String,
    files: [String],
    id: String,
    parent: String? = nil,
    keep: Expression? = nil,
    sheet: String? = nil,
    headerRow: Int? = nil,
    allowsFormulas: Bool = false,
    title: LocalizedText? = nil
  ) {
    self.name = name
    self.title = title
    self.files = files
    self.id = id
    self.parent = parent
    self.keep = keep
    self.sheet = sheet
    self.headerRow = headerRow
    self.allowsFormulas = allowsFormulas
  }
}

/// A score's rules and what the administration reports, as paths relative to the survey folder.
package struct ScoreSettings: Sendable, Hashable {
  package var rules: String
  package var administrative: String?
}

/// What the annex is written in, and what it must say was assumed.
package struct AnnexSettings: Sendable, Hashable {
  package var languages: [Language]
  package var assumptions: [LocalizedText]
}
