internal import Documents
package import SurveyData
internal import SurveyReporting

/// What to tell of a file that could not be written, and the exit status; `nil` for another error.
package func writingFailure(
  _ error: any Error,
  language: Language
) -> (message: String, status: Int32)? {
  guard let failure = error as? WritingError else { return nil }
  return (failure.message(in: language.forDocuments), failure.exitStatus)
}

/// A text as a JSON string with its quotes.
package func jsonText(_ text: String) -> String { Escaping.json(text) }
