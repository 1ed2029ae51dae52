package import FieldChecks
package import SurveyData

/// Which parts of a survey folder are checked.
package struct CheckOrder: Sendable {
  /// Kinds (`frames`, `responses`, `draws`, `tables`) and names of sources; empty: everything.
  package var only: [String]
  /// Rules and files worked on at once.
  package var threads: Int

  package init(only: [String] = [], threads: Int) {
    self.only = only
    self.threads = threads
  }
}

/// What came of checking a survey folder.
package struct FolderCheck: Sendable {
  /// A file, or a set of files, that was read or could not be.
  package struct Input: Sendable {
    package var source: String
    package var kind: CheckedSource.Kind
    package var files: Int
    package var rows: Int
  }

  package var title: LocalizedText
  package var report: CheckReport
  package var inputs: [Input]
  /// Files that could not be read, everything that is wrong with them.
  package var refusals: [Finding]
  /// What is worth telling of files that were read: encodings, hidden sheets, what is not there yet.
  package var notes: [Finding]
  /// The names of counties and other teams.
  package var teamNames: [String: String]
}
