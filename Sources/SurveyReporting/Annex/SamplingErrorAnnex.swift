package import Documents
package import SurveyData
import SurveyEstimation

/// The sampling-error annex: what was drawn, who answered, every estimate with its error, and on what
/// all of it rests.
package enum SamplingErrorAnnex {
  /// The annex as a document; its tables are also the sheets of the workbook and the CSV files.
  package static func document(input: AnnexInput, language: Language) -> Document {
    let words = Wording.of(language)
    let parts = AnnexParts(input: input, words: words)
    var blocks: [Document.Block] = []
    blocks += parts.designAndDraw
    blocks += parts.response
    blocks += parts.samplingErrors
    blocks += parts.plots
    blocks += parts.intervals
    blocks += parts.assumptions
    blocks += parts.inputs
    blocks += parts.software
    return Document(
      title: input.title.text(in: language) + (language == .english ? words.colon : "") + words.annex.title,
      subtitle: parts.subtitle,
      language: language.forDocuments,
      blocks: blocks
    )
  }
}
