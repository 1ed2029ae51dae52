internal import SurveyData

extension YAMLMapping {
  /// An expression over columns; what is wrong in it is reported with its place in the file.
  func expression(_ key: String, problems: inout [Finding]) -> Expression? {
    guard let text = text(key, problems: &problems) else { return nil }
    do {
      return try Expression(parsing: text)
    } catch {
      problems += error.findings.map { placed($0, key: key) }
      return nil
    }
  }

  /// One of the words that a closed set of choices has.
  func choice<Choice: RawRepresentable<String>>(
    _ key: String,
    of choices: [Choice],
    problems: inout [Finding]
  ) -> Choice? {
    guard let text = text(key, problems: &problems) else { return nil }
    if let choice = choices.first(where: { $0.rawValue == text }) { return choice }
    problems.append(unknownName("choice-unknown", key: key, value: text, among: choices.map(\.rawValue)))
    return nil
  }

  /// `true` or `false`.
  func flag(_ key: String, problems: inout [Finding]) -> Bool? {
    switch text(key, problems: &problems) {
    case .none: return nil
    case .some("true"): return true
    case .some("false"): return false
    case .some(let other):
      problems.append(unknownName("choice-unknown", key: key, value: other, among: ["true", "false"]))
      return nil
    }
  }

  /// A value that is none of the names it could be, with the one that was probably meant.
  func unknownName(_ code: String, key: String, value: String, among names: [String]) -> Finding {
    let near = nearest(to: value, among: names)
    return problem(
      code,
      key: key,
      value: value,
      message: LocalizedText(zh: "没有这个名称。", en: "there is no such name."),
      fix: LocalizedText(
        zh: near.map { "是否指“\($0)”？" } ?? "可用：\(names.joined(separator: "、"))。",
        en: near.map { "Did you mean \"\($0)\"?" } ?? "Known: \(names.joined(separator: ", "))."
      )
    )
  }

  /// A finding about the text of a value, with the value's place in the file.
  func placed(_ finding: Finding, key: String) -> Finding {
    problem(
      finding.code,
      key: key,
      value: finding.value,
      message: finding.message,
      fix: finding.fix
    )
  }

  /// What the reader of the options found wrong, each under the key that it was given for.
  func placed(_ problems: [Finding]) -> [Finding] {
    problems.map { found in
      problem(
        "key-value",
        key: found.column ?? "",
        value: found.value,
        message: found.message,
        fix: found.fix
      )
    }
  }
}
