package import FieldChecks
internal import SurveyData

/// What a survey file says about its checks: settings, code lists, further tables.
package struct CheckDefinition: Sendable {
  /// A code list of one edition.
  package struct AreaList: Sendable, Hashable {
    package var edition: String
    package var files: [String]
  }

  package var settings: CheckSettings
  package var areas: [AreaList]
  /// Further tables of the folder, such as the members of a register's households.
  package var sources: [ResponseDefinition.Source]
  /// The columns with the id of the unit above, by source.
  package var parents: [String: String]

  package init() {
    settings = CheckSettings()
    areas = []
    sources = []
    parents = [:]
  }
}

extension CheckDefinition {
  /// The file in which a survey may keep its checks apart from `survey.yaml`.
  package static let file = "rules/checks.yaml"

  /// Reads the mapping `checks` of a survey file, or the whole of `rules/checks.yaml`.
  ///
  /// - Parameters:
  ///   - node: the mapping.
  ///   - known: the names of frames and questionnaires that rules may be about.
  ///   - problems: takes everything that is wrong in it.
  mutating func read(_ node: YAMLMapping, known: [String], problems: inout [Finding]) {
    node.check(
      keys: [
        "roles", "missing", "private", "team", "areas", "edition", "sources", "columns", "scales", "answers",
        "thresholds", "levels", "rules",
      ],
      problems: &problems
    )
    readSources(node, problems: &problems)
    let names = known + sources.map(\.name)
    if let roles = node.mapping("roles", problems: &problems) {
      roles.check(keys: CheckedRole.allCases.map(\.rawValue), problems: &problems)
      for role in CheckedRole.allCases {
        if let columns = roles.texts(role.rawValue, problems: &problems) {
          settings.roles[role, default: []] += columns
        }
      }
    }
    settings.missing.formUnion(node.texts("missing", problems: &problems) ?? [])
    settings.privateColumns.formUnion(node.texts("private", problems: &problems) ?? [])
    if let team = node.text("team", problems: &problems) { settings.teamColumn = team }
    if let edition = node.text("edition", problems: &problems) { settings.areaEdition = edition }
    if let lists = node.mapping("areas", problems: &problems) {
      lists.check(keys: lists.keys, problems: &problems)
      for edition in lists.keys {
        areas.append(AreaList(edition: edition, files: lists.texts(edition, problems: &problems) ?? []))
      }
    }
    if let edition = settings.areaEdition, !areas.contains(where: { $0.edition == edition }), node.has("edition") {
      problems.append(
        node.unknownName("edition-unknown", key: "edition", value: edition, among: areas.map(\.edition))
      )
    }
    readColumns(node, names: names, problems: &problems)
    for scale in node.mappings("scales", problems: &problems) ?? [] {
      scale.check(keys: ["of", "items"], problems: &problems)
      let source = Self.source(scale, names: names, problems: &problems)
      settings.scales[source, default: []].append(scale.texts("items", problems: &problems) ?? [])
    }
    if let answers = node.mapping("answers", problems: &problems) {
      answers.check(keys: names, problems: &problems)
      for name in names {
        if let columns = answers.texts(name, problems: &problems) { settings.answers[name] = columns }
      }
    }
    if let thresholds = node.mapping("thresholds", problems: &problems) {
      thresholds.check(keys: CheckThreshold.allCases.map(\.rawValue), problems: &problems)
      for threshold in CheckThreshold.allCases {
        if let value = thresholds.number(threshold.rawValue, problems: &problems) {
          settings.thresholds[threshold] = value
        }
      }
    }
    readRules(node, names: names, problems: &problems)
    readLevels(node, problems: &problems)
  }

  private mutating func readSources(_ node: YAMLMapping, problems: inout [Finding]) {
    guard let all = node.mapping("sources", problems: &problems) else { return }
    all.check(keys: all.keys, problems: &problems)
    for name in all.keys {
      guard let source = all.mapping(name, problems: &problems) else { continue }
      source.check(
        keys: ["file", "files", "id", "parent", "sheet", "header-row"] + FormExport.keys,
        problems: &problems
      )
      if let parent = source.text("parent", problems: &problems) { parents[name] = parent }
      sources.append(
        ResponseDefinition.Source(
          name: name,
          files: SurveyFile.files(source, problems: &problems),
          id: source.text("id", problems: &problems),
          sheet: source.text("sheet", problems: &problems),
          headerRow: source.integer("header-row", problems: &problems),
          export: FormExport(source, problems: &problems)
        )
      )
    }
  }

  private mutating func readColumns(_ node: YAMLMapping, names: [String], problems: inout [Finding]) {
    guard let all = node.mapping("columns", problems: &problems) else { return }
    all.check(keys: names, problems: &problems)
    for name in names {
      guard let columns = all.mapping(name, problems: &problems) else { continue }
      columns.check(keys: columns.keys, problems: &problems)
      for column in columns.keys {
        guard let own = columns.mapping(column, problems: &problems) else { continue }
        own.check(keys: ["type", "codes", "min", "max", "required", "form"], problems: &problems)
        settings.schema[name, default: [:]][column] = ColumnSchema(
          kind: own.choice("type", of: ColumnSchema.Kind.allCases, problems: &problems) ?? .text,
          codes: own.texts("codes", problems: &problems),
          least: own.number("min", problems: &problems),
          most: own.number("max", problems: &problems),
          isRequired: own.flag("required", problems: &problems) ?? false,
          dateForm: own.choice("form", of: DateForm.allCases, problems: &problems)
        )
      }
    }
  }

  private mutating func readRules(_ node: YAMLMapping, names: [String], problems: inout [Finding]) {
    var taken = Set(CheckRules.builtIn.map(\.id) + settings.rules.map(\.id))
    for rule in node.mappings("rules", problems: &problems) ?? [] {
      rule.check(keys: ["id", "level", "of", "expression", "name", "fix", "missing"], problems: &problems)
      let id = rule.requiredText("id", problems: &problems)
      if !id.isEmpty, !taken.insert(id).inserted {
        problems.append(
          rule.problem(
            "id-duplicate",
            key: "id",
            value: id,
            message: LocalizedText(zh: "已有规则用此名。", en: "is the id of another rule."),
            fix: LocalizedText(
              zh: "请另取名字；内置规则的级别用 checks.levels 修改。",
              en: "Choose another; checks.levels changes the level of a built-in rule."
            )
          )
        )
      }
      let source = Self.source(rule, names: names, problems: &problems)
      for key in ["expression", "level"] where !rule.has(key) { problems.append(rule.missing(key)) }
      let level = rule.choice("level", of: [CheckLevel.warn, .stop], problems: &problems)
      let missing = rule.text("missing", problems: &problems)
      if let missing, missing != "fails", missing != "undecided" {
        problems.append(
          rule.unknownName("choice-unknown", key: "missing", value: missing, among: ["fails", "undecided"])
        )
      }
      guard let level, let expression = rule.expression("expression", problems: &problems) else { continue }
      let name = rule.localized("name", problems: &problems) ?? LocalizedText(id)
      settings.rules.append(
        OwnRule(
          id: id,
          level: level,
          source: source,
          expression: expression,
          name: name,
          fix: rule.localized("fix", problems: &problems)
            ?? LocalizedText(zh: "请核对问卷后改正。", en: "Compare with the form and correct it."),
          failsOnMissing: missing == "fails"
        )
      )
    }
  }

  private mutating func readLevels(_ node: YAMLMapping, problems: inout [Finding]) {
    guard let levels = node.mapping("levels", problems: &problems) else { return }
    levels.check(keys: CheckRules.builtIn.map(\.id), problems: &problems)
    for rule in CheckRules.builtIn {
      guard levels.has(rule.id), let own = levels.mapping(rule.id, problems: &problems) else { continue }
      own.check(keys: ["level", "reason"], problems: &problems)
      let word = own.requiredText("level", problems: &problems)
      // Whoever reads the report must learn why a rule does not hold here.
      let reason = own.requiredText("reason", problems: &problems)
      let choices = CheckLevel.allCases.map(\.rawValue) + ["off"]
      if own.has("level"), !choices.contains(word) {
        problems.append(own.unknownName("choice-unknown", key: "level", value: word, among: choices))
      }
      settings.levels[rule.id] = CheckSettings.LevelChange(level: CheckLevel(rawValue: word), reason: reason)
    }
  }

  private static func source(_ node: YAMLMapping, names: [String], problems: inout [Finding]) -> String {
    let name = node.requiredText("of", problems: &problems)
    if node.has("of"), !names.contains(name) {
      problems.append(node.unknownName("source-unknown", key: "of", value: name, among: names))
    }
    return name
  }
}

extension SurveyFile {
  /// Reads `checks` of a survey file.
  static func checks(
    _ root: YAMLMapping,
    frames: [FrameDefinition],
    responses: ResponseDefinition?,
    problems: inout [Finding]
  ) -> CheckDefinition {
    var definition = CheckDefinition()
    guard let node = root.mapping("checks", problems: &problems) else { return definition }
    let answers = responses?.sources.map(\.name) ?? []
    let known = answers + frames.map { checkName(ofFrame: $0.name, answers: answers) }
    definition.read(node, known: known, problems: &problems)
    return definition
  }

  /// What rules and reports call a frame: a questionnaire of the same name goes first.
  private static func checkName(ofFrame name: String, answers: [String]) -> String {
    answers.contains(name) ? "frames." + name : name
  }

  func checkName(ofFrame name: String) -> String {
    Self.checkName(ofFrame: name, answers: responses?.sources.map(\.name) ?? [])
  }

  /// The names that rules may be about.
  var checkedNames: [String] {
    (responses?.sources.map(\.name) ?? []) + frames.map { checkName(ofFrame: $0.name) }
  }
}
