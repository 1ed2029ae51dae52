internal import Questionnaires
internal import SurveyData

/// Reads the source of a form, `forms/NAME.yaml`.
///
/// Top-level keys: `form` (id, title, of), `lists` (each a list of choices with code, zh, en), `sections` (each with name,
/// label, relevant, questions). `docs/forms.md` lists the keys of a question.
struct FormFile {
  let form: Questionnaire
  /// The source of answers in the survey file that the form brings in.
  let source: String?

  /// - Parameters:
  ///   - text: the YAML.
  ///   - file: its name, for findings.
  ///   - settings: the figures of the survey file that a calculation may take.
  /// - Throws: an `InputRefusal` with every fault of the file and of the form.
  init(_ text: String, file: String, settings: [String: Double]) throws {
    let root = try YAMLMapping(parsing: text, file: file)
    var reader = FormReader(file: file, settings: settings)
    form = reader.form(root)
    source = reader.source
    let problems = reader.problems.isEmpty ? form.problems() : reader.problems
    if !problems.isEmpty { throw InputRefusal(listing: problems) }
  }
}

/// Turns the YAML of a form into its parts and collects what cannot be read.
private struct FormReader {
  let file: String
  let settings: [String: Double]
  private(set) var problems: [Finding] = []
  private(set) var source: String?

  init(file: String, settings: [String: Double]) {
    self.file = file
    self.settings = settings
  }

  mutating func form(_ root: YAMLMapping) -> Questionnaire {
    root.check(keys: ["form", "lists", "sections"], problems: &problems)
    for key in ["form", "sections"] where !root.has(key) { problems.append(root.missing(key)) }
    let head = root.mapping("form", problems: &problems)
    head?.check(keys: ["id", "title", "of"], problems: &problems)
    source = head?.text("of", problems: &problems)
    let id = head?.requiredText("id", problems: &problems) ?? ""
    let title = head.map { text("title", in: $0) } ?? FormText(zh: nil, en: nil)
    if let head, !title.gaps.isEmpty { problems.append(head.missing("title")) }
    let lists = lists(root)
    let sections = (root.mappings("sections", problems: &problems) ?? []).map { section($0) }
    return Questionnaire(
      id: id,
      title: LocalizedText(zh: title.zh ?? "", en: title.en ?? ""),
      file: file,
      lists: lists,
      sections: sections,
      place: place(head ?? root)
    )
  }

  private func place(_ node: YAMLMapping) -> SourcePlace {
    SourcePlace(
      path: node.path,
      line: node.line,
      lines: Dictionary(node.keys.map { ($0, node.lineOf($0)) }) { first, _ in first }
    )
  }

  private mutating func lists(_ root: YAMLMapping) -> [ChoiceList] {
    guard let node = root.mapping("lists", problems: &problems) else { return [] }
    node.check(keys: node.keys, problems: &problems)
    return node.keys.map { name in
      let choices = (node.mappings(name, problems: &problems) ?? []).map { choice -> ChoiceList.Choice in
        choice.check(keys: choice.keys, problems: &problems)
        var attributes = [String: String]()
        for key in choice.keys where !["code", "zh", "en"].contains(key) {
          attributes[key] = choice.text(key, problems: &problems)
        }
        return ChoiceList.Choice(
          code: choice.requiredText("code", problems: &problems),
          label: FormText(
            zh: choice.text("zh", problems: &problems),
            en: choice.text("en", problems: &problems)
          ),
          attributes: attributes,
          place: place(choice)
        )
      }
      return ChoiceList(
        name: name,
        choices: choices,
        place: SourcePlace(path: "lists.\(name)", line: node.lineOf(name))
      )
    }
  }

  private mutating func section(_ node: YAMLMapping) -> Section {
    node.check(keys: ["name", "label", "relevant", "questions"], problems: &problems)
    return Section(
      name: node.requiredText("name", problems: &problems),
      label: text("label", in: node),
      relevance: node.expression("relevant", problems: &problems),
      questions: (node.mappings("questions", problems: &problems) ?? []).compactMap { question($0) },
      place: place(node)
    )
  }

  private static let keys = [
    "name", "type", "label", "hint", "choices", "choice-filter", "relevant", "min", "max", "constraint", "message",
    "required", "calculation", "setting", "stage", "drawn", "appearance",
  ]

  private mutating func question(_ node: YAMLMapping) -> Question? {
    node.check(keys: Self.keys, problems: &problems)
    let name = node.requiredText("name", problems: &problems)
    if !node.has("type") { problems.append(node.missing("type")) }
    guard let type = node.choice("type", of: QuestionType.allCases, problems: &problems) else { return nil }
    var question = Question(name: name, type: type, label: text("label", in: node), place: place(node))
    question.hint = text("hint", in: node)
    question.message = text("message", in: node)
    question.choices = node.text("choices", problems: &problems)
    question.choiceFilter = node.expression("choice-filter", problems: &problems)
    question.relevance = node.expression("relevant", problems: &problems)
    question.minimum = node.number("min", problems: &problems)
    question.maximum = node.number("max", problems: &problems)
    question.constraint = node.expression("constraint", problems: &problems)
    question.isRequired = node.flag("required", problems: &problems) ?? false
    question.stage = node.text("stage", problems: &problems)
    question.drawnColumn = node.text("drawn", problems: &problems)
    question.appearance = node.text("appearance", problems: &problems)
    question.calculation = calculation(node)
    if let key = node.text("setting", problems: &problems) {
      question.setting = settings[key]
      if settings[key] == nil {
        problems.append(
          settings.isEmpty
            ? node.problem(
              "setting-unknown",
              key: "setting",
              value: key,
              message: LocalizedText(zh: "survey.yaml 没有 judgement。", en: "survey.yaml has no judgement."),
              fix: LocalizedText(zh: "请写明 judgement，或改用 calculation。", en: "Give it one, or write a calculation.")
            ) : node.unknownName("setting-unknown", key: "setting", value: key, among: settings.keys.sorted())
        )
      }
    }
    return question
  }

  /// One expression, or a list of `{when: CONDITION, is: EXPRESSION}`.
  private mutating func calculation(_ node: YAMLMapping) -> [Question.Case] {
    guard node.has("calculation") else { return [] }
    guard node.isList("calculation") else {
      return node.expression("calculation", problems: &problems).map { [Question.Case(condition: nil, value: $0)] }
        ?? []
    }
    return (node.mappings("calculation", problems: &problems) ?? []).compactMap { one in
      one.check(keys: ["when", "is"], problems: &problems)
      if !one.has("is") { problems.append(one.missing("is")) }
      let condition = one.expression("when", problems: &problems)
      return one.expression("is", problems: &problems).map { Question.Case(condition: condition, value: $0) }
    }
  }

  /// Words in both languages: `{zh: …, en: …}`.
  private mutating func text(_ key: String, in node: YAMLMapping) -> FormText {
    guard node.has(key), let both = node.mapping(key, problems: &problems) else { return FormText(zh: nil, en: nil) }
    both.check(keys: ["zh", "en"], problems: &problems)
    return FormText(zh: both.text("zh", problems: &problems), en: both.text("en", problems: &problems))
  }
}
