internal import MingchaWorkflow
internal import SurveyData

/// Findings for programs: `[{"code": …, "severity": …, "file": …, "row": …, "column": …, "value": …, "expected": …, "fix": …}]`.
enum FindingJSON {
  static func array(of findings: [Finding], language: Language) -> String {
    let records = findings.map { finding in
      let members: [(String, String?)] = [
        ("code", quoted(finding.code)), ("severity", quoted(finding.severity.rawValue)),
        ("file", finding.file.map(quoted)), ("sheet", finding.sheet.map(quoted)),
        ("row", finding.row.map { String($0) }), ("column", finding.column.map(quoted)),
        ("value", finding.shownValue.map(quoted)), ("expected", quoted(finding.message.text(in: language))),
        ("fix", quoted(finding.fix.text(in: language))),
      ]
      return "  {"
        + members.compactMap { key, value in value.map { "\(quoted(key)): \($0)" } }
        .joined(separator: ", ") + "}"
    }
    return "[\n" + records.joined(separator: ",\n") + "\n]"
  }

  private static func quoted(_ text: String) -> String { jsonText(text) }
}
