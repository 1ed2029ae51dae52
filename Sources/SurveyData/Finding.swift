/// What was found wrong, or worth saying, about one place of an input file.
public struct Finding: Sendable, Codable, Equatable {
  /// How much a finding weighs.
  public enum Severity: String, Sendable, Codable {
    /// Accepted; the user is told.
    case note
    /// A failed check: `check` reports it (exit 1), `draw` and `estimate` refuse it (exit 65).
    case warning
    /// The input cannot be used (exit 65).
    case refusal
  }

  /// A short stable code, such as `id-duplicate`.
  public var code: String
  /// Whether it stops the work.
  public var severity: Severity
  /// The file it was found in.
  public var file: String?
  /// The worksheet of a workbook.
  public var sheet: String?
  /// The record's number in the file as a person counts it: the header is row 1.
  public var row: Int?
  /// The column, or the option or key, that it is about.
  public var column: String?
  /// The value found, masked where it could identify a person.
  public var value: String?
  /// What is wrong and what was expected.
  public var message: LocalizedText
  /// How to mend it.
  public var fix: LocalizedText

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

  /// The value as a message may show it: masked where its column or its form says that it belongs to a person.
  package var shownValue: String? { value.map { messageValue($0, column: column) } }

  /// The one-line form on stderr: `file:row column: message fix [code]`.
  public func line(in language: Language) -> String {
    var place = file ?? ""
    if let sheet { place += "[\(sheet)]" }
    if let row { place += ":\(row)" }
    if let column { place += place.isEmpty ? column : " \(column)" }
    if !place.isEmpty { place += ": " }
    let shown = shownValue.map { "\"\($0)\" " } ?? ""
    return "\(place)\(shown)\(message.text(in: language)) \(fix.text(in: language)) [\(code)]"
  }
}

/// Input that cannot be used; every finding of the input is carried at once.
public struct InputRefusal: Error, Sendable {
  /// At most this many findings are listed, then their count.
  package static let listedAtMost = 1_000

  /// What was found wrong, all of it.
  public var findings: [Finding]

  package init(_ findings: [Finding]) {
    self.findings = findings
  }

  package init(_ finding: Finding) {
    self.init([finding])
  }
}

extension InputRefusal: CustomStringConvertible {
  /// One line a finding, in English.
  public var description: String { findings.map { $0.line(in: .english) }.joined(separator: "\n") }
}
