package import SurveyData
package import SurveyDesign

/// The dispositions of a sample's rows, from a column of outcomes.
///
/// A cell holds one of the survey's own codes or, where it has none, an outcome's code or title, one of the four dispositions, or AAPOR's final code; an empty cell is a unit
/// without a record, of which nothing is known (UH in AAPOR's rates).
package struct OutcomeColumn: Sendable {
  package let dispositions: [Disposition]

  /// - Throws: a refusal with every word that is no outcome.
  package init(_ codes: OutcomeCodes, of table: Table) throws(InputRefusal) {
    let name = codes.column
    let text = try table.column(name).codedText
    let hasOwn = !codes.dispositions.isEmpty
    var known = text.levels.map { hasOwn ? codes.dispositions[$0] : Self.disposition($0) }
    var findings: [Finding] = []
    var dispositions: [Disposition] = []
    dispositions.reserveCapacity(table.rowCount)
    for (row, code) in text.codes.enumerated() {
      guard code >= 0 else {
        dispositions.append(.unknown)
        continue
      }
      if let disposition = known[Int(code)] {
        dispositions.append(disposition)
        continue
      }
      findings.append(
        FieldOutcome.unknownFinding(
          text.levels[Int(code)],
          further: hasOwn ? codes.orderedCodes : Disposition.allCases.map(\.rawValue),
          file: table.file,
          sheet: table.sheet,
          row: table.fileRow(of: row),
          column: name
        )
      )
      // Told once a word.
      known[Int(code)] = .unknown
      dispositions.append(.unknown)
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    self.dispositions = dispositions
  }

  private static func disposition(_ text: String) -> Disposition? {
    if let outcome = FieldOutcome(written: text) { return outcome.disposition }
    if let disposition = Disposition(rawValue: text.lowercased()) { return disposition }
    // Whole numbers are codes of a form, never AAPOR's 1.1 or 2.36.
    guard text.contains(".") else { return nil }
    return FieldOutcome.allCases.first { $0.standardCode == text }?.disposition
  }
}
