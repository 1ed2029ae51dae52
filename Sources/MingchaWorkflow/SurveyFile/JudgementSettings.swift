package import PovertyAssessment
internal import SurveyData

/// How households are judged: `judgement: {of: households, policy: any, income-line: 2995}`.
package struct JudgementSettings: Sendable, Hashable {
  /// The source of answers that is judged.
  package var source: String
  package var judgement: HouseholdJudgement
}

extension SurveyFile {
  static func judgement(
    _ root: YAMLMapping,
    responses: ResponseDefinition?,
    problems: inout [Finding]
  ) -> JudgementSettings? {
    guard let node = root.mapping("judgement", problems: &problems) else { return nil }
    node.check(keys: ["of", "policy", "income-line"], problems: &problems)
    let source = node.requiredText("of", problems: &problems)
    let names = responses?.sources.map(\.name) ?? []
    if node.has("of"), !names.contains(source) {
      problems.append(node.unknownName("source-unknown", key: "of", value: source, among: names))
    }
    // The regulation names no policy, so the file must: a default would hide an assumption.
    for key in ["policy", "income-line"] where !node.has(key) { problems.append(node.missing(key)) }
    guard let policy = node.choice("policy", of: JudgementPolicy.allCases, problems: &problems),
      let line = node.number("income-line", problems: &problems)
    else { return nil }
    return JudgementSettings(
      source: source,
      judgement: HouseholdJudgement(policy: policy, incomeLine: line)
    )
  }
}
