internal import FieldChecks
internal import SurveyData
internal import SurveyEstimation

extension SurveyFile {
  /// Reads a survey file.
  ///
  /// - Parameters:
  ///   - text: the file's YAML.
  ///   - file: its name, for messages.
  /// - Returns: the survey.
  /// - Throws: an `InputRefusal` with every problem of the file; an unknown key names the one that was meant.
  package static func read(_ text: String, file: String) throws -> SurveyFile {
    let root = try YAMLMapping(parsing: text, file: file)
    var problems = [Finding]()
    root.check(
      keys: [
        "survey", "frames", "draws", "responses", "judgement", "indicators", "estimate", "score", "annex", "checks",
        "columns", "privacy", "publish",
      ],
      problems: &problems
    )
    let head = root.mapping("survey", problems: &problems)
    head?.check(keys: ["id", "name"], problems: &problems)
    if head == nil, !root.has("survey") { problems.append(root.missing("survey")) }
    let frames = frames(root, problems: &problems)
    let draws = draws(root, frames: frames, problems: &problems)
    let responses = responses(root, draws: draws, problems: &problems)
    let indicators = indicators(root, problems: &problems)
    let rates = rates(root, indicators: indicators, responses: responses, problems: &problems)
    var survey = SurveyFile(
      id: head?.requiredText("id", problems: &problems) ?? "",
      name: head?.localized("name", problems: &problems) ?? LocalizedText(file),
      frames: frames,
      draws: draws,
      responses: responses,
      indicators: indicators,
      rates: rates,
      judgement: judgement(root, responses: responses, problems: &problems),
      estimate: estimate(root, sources: responses?.sources ?? [], problems: &problems),
      score: score(root, problems: &problems),
      annex: annex(root, problems: &problems),
      checks: checks(root, frames: frames, responses: responses, problems: &problems),
      privacy: privacy(root, problems: &problems)
    )
    survey.checks.settings.privateColumns.formUnion(survey.privacy.classes.names[.direct] ?? [])
    if let responses {
      problems += unitProblems(indicators, responses: responses, in: root)
    }
    if !problems.isEmpty { throw InputRefusal(problems) }
    return survey
  }

  private static func frames(_ root: YAMLMapping, problems: inout [Finding]) -> [FrameDefinition] {
    guard let node = root.mapping("frames", problems: &problems) else { return [] }
    node.check(keys: node.keys, problems: &problems)
    return node.keys.compactMap { name in
      guard let frame = node.mapping(name, problems: &problems) else { return nil }
      frame.check(
        keys: ["name", "file", "files", "id", "parent", "keep", "sheet", "header-row", "allow-formulas"],
        problems: &problems
      )
      return FrameDefinition(
        name: name,
        files: files(frame, problems: &problems),
        id: frame.requiredText("id", problems: &problems),
        parent: frame.text("parent", problems: &problems),
        keep: frame.expression("keep", problems: &problems),
        sheet: frame.text("sheet", problems: &problems),
        headerRow: frame.integer("header-row", problems: &problems),
        allowsFormulas: frame.flag("allow-formulas", problems: &problems) ?? false,
        title: frame.localized("name", problems: &problems)
      )
    }
  }

  /// The paths under `file` or `files`.
  static func files(_ node: YAMLMapping, problems: inout [Finding]) -> [String] {
    if node.has("file"), node.has("files") {
      problems.append(
        node.problem(
          "files-twice",
          key: "file",
          message: LocalizedText(zh: "file 与 files 只能给出一个。", en: "`file` and `files` exclude each other."),
          fix: LocalizedText(zh: "请删去其中一个。", en: "Remove one.")
        )
      )
    }
    if node.has("file") { return [node.requiredText("file", problems: &problems)] }
    if !node.has("files") { problems.append(node.missing("files")) }
    return node.texts("files", problems: &problems) ?? []
  }

  private static func unitProblems(
    _ indicators: [SurveyIndicator],
    responses: ResponseDefinition,
    in root: YAMLMapping
  ) -> [Finding] {
    var problems = [Finding]()
    guard let node = root.mapping("indicators", problems: &problems) else { return [] }
    let names = responses.sources.flatMap { [$0.name] + ($0.id.map { [$0] } ?? []) }
    for indicator in indicators where responses.source(ofUnit: indicator.unit) == nil {
      var ignored = [Finding]()
      let own = node.mapping(indicator.indicator.key, problems: &ignored)
      if let unit = indicator.unit {
        if let own, own.has("unit") {
          problems.append(own.unknownName("unit-unknown", key: "unit", value: unit, among: names))
        }
      } else if let own {
        problems.append(own.missing("unit"))
      }
    }
    return problems
  }
}
