/// What was found wrong, or worth saying, about one place of an input file.
package struct Finding: Sendable, Codable, Equatable {
  /// How much a finding weighs.
  package enum Severity: String, Sendable, Codable {
    /// Accepted; the user is told.
    case note
    /// A failed check: `check` reports it (exit 1), `draw` and `estimate` refuse it (exit 65).
    case warning
    /// The input cannot be used (exit 65).
    case refusal
  }

  /// A short stable code, such as `id-duplicate`.
  package var code: String
  package var severity: Severity
  package var file: String?
  package var sheet: String?
  /// The record's number in the file as a person counts it: the header is row 1.
  package var row: Int?
  package var column: String?
  /// The value found, masked where it could identify a person.
  package var value: String?
  /// What is wrong and what was expected.
  package var message: LocalizedText
  /// How to mend it.
  package var fix: LocalizedText

  package init(
    _ code: String,
    severity: Severity = .refusal,
    file: String? = nil,
    sheet: String? = nil,
    row: Int? = nil,
    column: String? = nil,
    value: String? = nil,
    message: LocalizedText,
    fix: LocalizedText
  ) {
    self.code = code
    self.severity = severity
    self.file = file
    self.sheet = sheet
    self.row = row
    self.column = column
    self.value = value
    self.message = message
    self.fix = fix
  }

  /// The one-line form on stderr: `file:row column: message fix [code]`.
  package func line(in language: Language) -> String {
    var place = file ?? ""
    if let sheet { place += "[\(sheet)]" }
    if let row { place += ":\(row)" }
    if let column { place += place.isEmpty ? column : " \(column)" }
    if !place.isEmpty { place += ": " }
    let shown = value.map { "\"\($0)\" " } ?? ""
    return "\(place)\(shown)\(message.text(in: language)) \(fix.text(in: language)) [\(code)]"
  }
}

/// Input that cannot be used; every finding of the input is carried at once.
package struct InputRefusal: Error, Sendable {
  /// At most this many findings are listed, then their count.
  package static let listedAtMost = 1_000

  package var findings: [Finding]

  package init(_ findings: [Finding]) {
    self.findings = findings
  }

  package init(_ finding: Finding) {
    self.init([finding])
  }
}
