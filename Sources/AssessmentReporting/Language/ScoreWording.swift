import SurveyData

/// Every word of the score sheet, in one language.
struct ScoreWording: Sendable {
  var language: Language
  var title, summary, matrixRegular, matrixYearEnd, details, assumptions, inputs, software: String
  var league, row, criterion, block, maximum, measured, estimate, interval: String
  var regular, yearEnd, total, range, available, exact, estimated, missing, notApplicable, grade: String
  var remark, rangeNote, missingNote, partNote, assumption, softwareVersion, noAssumptions: String
  var scores, notScored, missingShort, notApplicableShort: String

  static func of(_ language: Language) -> ScoreWording {
    switch language {
    case .chinese: chinese
    case .english: english
    }
  }
}
