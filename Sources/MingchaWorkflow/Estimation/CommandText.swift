internal import SurveyData

/// Splits a list on the command line at its separators, outside brackets and quotes.
///
/// `a, b in ['x', 'y']` has two parts at ",". Parts lose their outer blanks; empty ones are left out.
package func listParts(_ text: String, separator: Character = ",") -> [String] {
  topParts(text, separator: separator).filter { !$0.isEmpty }
}
