package import PovertyAssessment
internal import SurveyData

/// Reads a rules file: the rubric of a regulation as data.
package enum RubricFile {
  /// - Parameters:
  ///   - text: the file's YAML.
  ///   - file: its name, for messages.
  /// - Throws: an `InputRefusal` with every problem of the file.
  package static func read(_ text: String, file: String) throws -> Rubric {
    let root = try YAMLMapping(parsing: text, file: file)
    var problems = [Finding]()
    root.check(keys: ["rubric", "assumptions", "grades", "rows"], problems: &problems)
    let head = root.mapping("rubric", problems: &problems)
    head?.check(keys: ["id", "name"], problems: &problems)
    if head == nil, !root.has("rubric") { problems.append(root.missing("rubric")) }
    let rubric = Rubric(
      id: head?.requiredText("id", problems: &problems) ?? "",
      name: head?.localized("name", problems: &problems) ?? LocalizedText(file),
      rows: rows(root, problems: &problems),
      grades: grades(root, problems: &problems),
      assumptions: (root.mappings("assumptions", problems: &problems) ?? []).map {
        $0.check(keys: ["zh", "en"], problems: &problems)
        let zh = $0.requiredText("zh", problems: &problems)
        return LocalizedText(zh: zh, en: $0.text("en", problems: &problems) ?? zh)
      }
    )
    if !problems.isEmpty { throw InputRefusal(problems) }
    return rubric
  }

  private static func grades(_ root: YAMLMapping, problems: inout [Finding]) -> [Rubric.Grade] {
    let grades = (root.mappings("grades", problems: &problems) ?? []).map { node in
      node.check(keys: ["name", "at-least"], problems: &problems)
      return Rubric.Grade(
        name: node.localized("name", problems: &problems) ?? LocalizedText(""),
        atLeast: share("at-least", of: node, problems: &problems)
      )
    }
    if zip(grades, grades.dropFirst()).contains(where: { $0.atLeast <= $1.atLeast }) {
      problems.append(
        root.problem(
          "grades-order",
          key: "grades",
          message: LocalizedText(zh: "等级应从高到低排列。", en: "grades stand from the best down."),
          fix: LocalizedText(zh: "请调整顺序。", en: "Change their order.")
        )
      )
    }
    return grades
  }

  private static func rows(_ root: YAMLMapping, problems: inout [Finding]) -> [RubricRow] {
    guard let nodes = root.mappings("rows", problems: &problems), !nodes.isEmpty else {
      if !root.has("rows") { problems.append(root.missing("rows")) }
      return []
    }
    var seen = Set<String>()
    return nodes.compactMap { node in
      let row = row(node, problems: &problems)
      if let row, !seen.insert(row.id).inserted {
        problems.append(
          node.problem(
            "id-duplicate",
            key: "id",
            value: row.id,
            message: LocalizedText(zh: "项号重复。", en: "another row has this id."),
            fix: LocalizedText(zh: "请改正。", en: "Change it.")
          )
        )
      }
      return row
    }
  }

  private static func row(_ node: YAMLMapping, problems: inout [Finding]) -> RubricRow? {
    node.check(
      keys: [
        "id", "name", "block", "criterion", "regular", "year-end", "measured-by", "estimate", "rule",
        "survey-share", "assumption",
      ],
      problems: &problems
    )
    let id = node.requiredText("id", problems: &problems)
    let measurement = measurement(node, problems: &problems)
    let regular = points("regular", of: node, problems: &problems)
    let yearEnd = points("year-end", of: node, problems: &problems)
    let name = node.localized("name", problems: &problems)
    if name == nil, !node.has("name") { problems.append(node.missing("name")) }
    guard let measurement else { return nil }
    return RubricRow(
      id: id,
      name: name ?? LocalizedText(id),
      block: node.localized("block", problems: &problems) ?? LocalizedText(""),
      regularPoints: regular,
      yearEndPoints: yearEnd,
      measurement: measurement,
      assumption: node.localized("assumption", problems: &problems)
    )
  }

  private static func measurement(
    _ node: YAMLMapping,
    problems: inout [Finding]
  ) -> RubricRow.Measurement? {
    let kinds = ["survey", "administrative", "mixed"]
    let kind = node.requiredText("measured-by", problems: &problems)
    guard kinds.contains(kind) else {
      if node.has("measured-by") {
        let near = nearest(to: kind, among: kinds)
        problems.append(
          node.problem(
            "measurement-unknown",
            key: "measured-by",
            value: kind,
            message: LocalizedText(zh: "未知的来源。", en: "unknown kind of measurement."),
            fix: LocalizedText(
              zh: near.map { "是否指“\($0)”？" } ?? "应为 survey、administrative 或 mixed。",
              en: near.map { "Did you mean \"\($0)\"?" } ?? "Use survey, administrative or mixed."
            )
          )
        )
      }
      return nil
    }
    if kind == "administrative" { return .administrative }
    let estimate = node.requiredText("estimate", problems: &problems)
    let rule = rule(node, problems: &problems)
    let surveyShare = kind == "mixed" ? share("survey-share", of: node, problems: &problems) : 1
    guard let rule else { return nil }
    return kind == "survey"
      ? .survey(estimate: estimate, rule: rule)
      : .mixed(estimate: estimate, rule: rule, surveyShare: surveyShare)
  }

  private static func rule(_ row: YAMLMapping, problems: inout [Finding]) -> (any ScoringRule)? {
    guard let node = row.mapping("rule", problems: &problems) else {
      if !row.has("rule") { problems.append(row.missing("rule")) }
      return nil
    }
    let name = node.requiredText("kind", problems: &problems)
    guard let kind = ScoringRules.kind(name) else {
      let known = ScoringRules.all.map { $0.kind }
      let near = nearest(to: name, among: known)
      let listed = known.joined(separator: ", ")
      problems.append(
        node.problem(
          "rule-unknown",
          key: "kind",
          value: name,
          message: LocalizedText(zh: "未知的计分规则。", en: "unknown kind of rule."),
          fix: LocalizedText(
            zh: near.map { "是否指“\($0)”？" } ?? "可用：\(listed)。",
            en: near.map { "Did you mean \"\($0)\"?" } ?? "Known: \(listed)."
          )
        )
      )
      return nil
    }
    node.check(keys: ["kind"] + kind.parameters, problems: &problems)
    let before = problems.count
    var values = [String: Double]()
    for parameter in kind.parameters { values[parameter] = share(parameter, of: node, problems: &problems) }
    guard problems.count == before else { return nil }
    guard let rule = kind.init(values) else {
      problems.append(
        node.problem(
          "rule-values",
          key: "kind",
          value: name,
          message: LocalizedText(zh: "规则的数值互相矛盾。", en: "the rule's numbers contradict each other."),
          fix: LocalizedText(zh: "例如 zero 应小于 full。", en: "For instance zero must be below full.")
        )
      )
      return nil
    }
    return rule
  }

  /// A required number in 0…1.
  private static func share(_ key: String, of node: YAMLMapping, problems: inout [Finding]) -> Double {
    guard let value = node.number(key, problems: &problems) else {
      if !node.has(key) { problems.append(node.missing(key)) }
      return 0
    }
    if value < 0 || value > 1 {
      problems.append(
        node.problem(
          "share-range",
          key: key,
          value: shortest(value),
          message: LocalizedText(zh: "应在 0 与 1 之间。", en: "must lie between 0 and 1."),
          fix: LocalizedText(zh: "85% 写作 0.85。", en: "Write 0.85 for 85 %.")
        )
      )
    }
    return value
  }

  private static func points(_ key: String, of node: YAMLMapping, problems: inout [Finding]) -> Double {
    guard let value = node.number(key, problems: &problems) else {
      if !node.has(key) { problems.append(node.missing(key)) }
      return 0
    }
    if value < 0 {
      problems.append(
        node.problem(
          "points-negative",
          key: key,
          value: shortest(value),
          message: LocalizedText(zh: "分值不能为负。", en: "points are not negative."),
          fix: LocalizedText(zh: "请改正。", en: "Change it.")
        )
      )
    }
    return value
  }
}
