internal import Documents
package import SurveyData
internal import SurveyReporting

/// A form the annex is written in.
package enum AnnexForm: String, Sendable, CaseIterable {
  case html, xlsx, csv

  fileprivate var writer: any DocumentWriter {
    switch self {
    case .html: HTMLWriter()
    case .xlsx: XLSXWriter()
    case .csv: CSVWriter()
    }
  }
}

/// Writes the sampling-error annex of a survey into its folder `results/`.
///
/// - Parameters:
///   - folder: the survey.
///   - report: the estimates of the same folder.
///   - languages: `annex-zh.html`, `annex-en.html`, …: one file a language and form.
///   - forms: CSV is one file a table.
/// - Returns: the paths written.
/// - Throws: an `InputRefusal` for draw or rules that cannot be read; a `WritingError`.
package func writeAnnex(
  _ folder: SurveyFolder,
  report: EstimationReport,
  languages: [Language],
  forms: [AnnexForm]
) throws -> [String] {
  let input = try folder.annexInput(report)
  let files = try ResultFiles(folder)
  var written = [String]()
  for language in languages {
    let document = SamplingErrorAnnex.document(input: input, language: language)
    for form in forms {
      let name = "annex-\(language.rawValue).\(form.rawValue)"
      written += try files.write(document, by: form.writer, to: name)
    }
  }
  return written
}
