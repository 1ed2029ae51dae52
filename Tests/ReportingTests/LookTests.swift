import AssessmentReporting
import Documents
import Glibc
import SurveyData
import SurveyReporting
import Testing

/// Writes the sample annex for human eyes into the folder named by MINGCHA_LOOK.
@Test("the sample annex is written in every form", .enabled(if: getenv("MINGCHA_LOOK") != nil))
func look() throws {
  guard let folder = getenv("MINGCHA_LOOK").map({ String(cString: $0) }) else { return }
  for language in Language.allCases {
    let document = SamplingErrorAnnex.document(input: SampleRound.annex, language: language)
    for writer in Writers.all {
      let path = "\(folder)/annex-\(language.rawValue).\(writer.suffix)"
      #expect(try !writer.write(document, to: path, overwrite: true).isEmpty)
    }
    let sheet = ScoreSheet.document(input: SampleScores.input, language: language)
    for writer in [HTMLWriter(), XLSXWriter()] as [any DocumentWriter] {
      try writer.write(sheet, to: "\(folder)/score-\(language.rawValue).\(writer.suffix)", overwrite: true)
    }
    let table = EstimateTable.make(
      SampleRound.estimates, indicators: SampleRound.indicators, domains: SampleRound.domains,
      language: language, form: .reader)
    let text = TerminalWriter(width: 120, leadingColumns: 2).text(of: table)
    try AtomicFile.write(Array(text.utf8), to: "\(folder)/estimates-\(language.rawValue).txt", overwrite: true)
  }
}
