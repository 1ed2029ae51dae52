package import Documents
package import SurveyData

/// The table of files with their digests.
package enum DigestTable {
  /// - Parameter title: what the files are; the inputs unless told otherwise.
  package static func make(
    _ digests: [AnnexDigest],
    key: String = "inputs",
    title: String? = nil,
    language: Language
  ) -> DocumentTable {
    let words = Wording.of(language).annex
    return DocumentTable(
      key: key,
      title: title ?? words.inputs,
      columns: [
        DocumentColumn("file", words.file, .text), DocumentColumn("sha256", words.digest, .code),
        DocumentColumn("rows", words.rows, .integer),
      ],
      rows: digests.map {
        [
          .text($0.file), .text($0.sha256),
          $0.rows.map(Cell.integer) ?? .empty(reason: words.notRecorded),
        ]
      }
    )
  }
}
