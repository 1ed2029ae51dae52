package import SurveyData

extension Questionnaire {
  /// Everything wrong with the form, each with its line and how to mend it.
  ///
  /// Names that a form server or a statistics program refuses, names given twice, lists that are not there, codes given
  /// twice, labels without a language, conditions on questions that come later or not at all, codes that no list has,
  /// and expressions that a form cannot say.
  /// - Returns: the findings in the order of the source; none for a form that can be written.
  package func problems() -> [Finding] {
    var check = FormCheck(self)
    check.run()
    return check.findings.enumerated().sorted {
      ($0.element.row ?? 0, $0.offset) < ($1.element.row ?? 0, $1.offset)
    }.map(\.element)
  }
}

/// Collects what is wrong with a form.
private struct FormCheck {
  let form: Questionnaire
  private(set) var findings: [Finding] = []
  private var seen: [String: String] = [:]

  /// What a form server adds to its exports, and what a form's XML keeps for itself.
  private static let reserved: Set<String> = [
    "meta", "instanceid", "instancename", "audit", "submissiondate", "submitterid", "submittername",
    "attachmentspresent", "attachmentsexpected", "status", "reviewstate", "deviceid", "edits", "formversion", "key",
    "parent_key", "data", "and", "or", "not", "in", "div", "mod",
  ]

  init(_ form: Questionnaire) { self.form = form }

  mutating func run() {
    name(form.id, form.place, key: "id", isUnique: false)
    lists()
    var known = Set<String>()
    for section in form.sections {
      name(section.name, section.place)
      label(section.label, section.place, key: "label")
      if section.questions.isEmpty {
        add(
          "section-empty",
          section.place,
          "questions",
          zh: "该部分没有问题。",
          en: "the section has no question.",
          fixZh: "请补上或删去。",
          fixEn: "Add one, or remove the section."
        )
      }
      if let relevance = section.relevance { condition(relevance, known, section.place, "relevant") }
      for question in section.questions {
        check(question, known: known)
        known.insert(question.name)
      }
    }
  }

  private mutating func lists() {
    var names = Set<String>()
    for list in form.lists {
      if !Self.isName(list.name) || !names.insert(list.name.lowercased()).inserted {
        add(
          "list-name",
          list.place,
          nil,
          list.name,
          zh: "列表名重复或不可用。",
          en: "the name of the list is given twice or cannot be used.",
          fixZh: "用字母、数字与下划线，以字母开头。",
          fixEn: "Use letters, digits and underscores, a letter first."
        )
      }
      if list.choices.isEmpty {
        add(
          "list-empty",
          list.place,
          nil,
          list.name,
          zh: "列表没有选项。",
          en: "the list has no choice.",
          fixZh: "请补上选项。",
          fixEn: "Add choices."
        )
      }
      var codes = Set<String>()
      for choice in list.choices {
        if choice.code.isEmpty || choice.code.contains(where: \.isWhitespace) {
          add(
            "choice-code",
            choice.place,
            "code",
            choice.code,
            zh: "代码不能为空，也不能有空格。",
            en: "a code is neither empty nor holds a blank.",
            fixZh: "请改为如 1、A、P2。",
            fixEn: "Use for example 1, A, P2."
          )
        }
        if !codes.insert(choice.code).inserted {
          add(
            "choice-twice",
            choice.place,
            "code",
            choice.code,
            zh: "列表 \(list.name) 中代码出现两次。",
            en: "the code stands twice in the list \(list.name).",
            fixZh: "请改用另一代码。",
            fixEn: "Give one of them another code."
          )
        }
        for attribute in choice.attributes.keys.sorted()
        where !Self.isName(attribute) || ["name", "label"].contains(attribute) {
          add(
            "choice-column",
            choice.place,
            attribute,
            zh: "不能用作选项的列名。",
            en: "cannot be a column of choices.",
            fixZh: "选项有 code、zh、en；其他列名用字母、数字与下划线。",
            fixEn: "A choice has code, zh, en; other columns are letters, digits and underscores."
          )
        }
        label(choice.label, choice.place, key: nil)
      }
    }
  }

  private mutating func check(_ question: Question, known: Set<String>) {
    let place = question.place
    name(question.name, place)
    label(question.label, place, key: "label")
    if !question.hint.isEmpty { label(question.hint, place, key: "hint") }
    if !question.message.isEmpty { label(question.message, place, key: "message") }
    choices(of: question)
    if let relevance = question.relevance { condition(relevance, known, place, "relevant") }
    if let filter = question.choiceFilter, let list = form.list(question.choices) {
      condition(filter, known, place, "choice-filter", attributes: Set(list.attributeNames))
    }
    if let constraint = question.constraint {
      condition(constraint, known.union([question.name]), place, "constraint", own: question.name)
      if !constraint.columns.contains(question.name) {
        add(
          "constraint-own",
          place,
          "constraint",
          constraint.source,
          zh: "约束没有提到本题。",
          en: "the constraint does not speak of its own question.",
          fixZh: "以 \(question.name) 指本题的答案。",
          fixEn: "Name the answer of this question \(question.name)."
        )
      }
      if question.message.isEmpty {
        add(
          "constraint-message",
          place,
          "message",
          zh: "约束没有说明。",
          en: "the constraint has no message.",
          fixZh: "请用 message: {zh: …, en: …} 说明应怎样填。",
          fixEn: "Say what is expected: message: {zh: …, en: …}."
        )
      }
    }
    if (question.minimum != nil || question.maximum != nil) && !question.type.isNumber {
      unfit("min", question, zh: "只有数字题有范围。", en: "only a number has a range.")
    }
    if let low = question.minimum, let high = question.maximum, low > high {
      unfit("max", question, zh: "上限小于下限。", en: "the greatest value is less than the least.")
    }
    if question.isRequired, !question.type.isAsked {
      unfit("required", question, zh: "这不是要回答的问题。", en: "nobody answers this.")
    }
    if (question.stage != nil) != (question.type == .unit) {
      unfit("stage", question, zh: "unit 需要 stage，其他类型没有。", en: "a unit needs its stage, others have none.")
    }
    if question.drawnColumn != nil, !question.type.isAsked || question.type == .unit {
      unfit("drawn", question, zh: "只有被问的问题可由名单给出。", en: "only what is asked can be known from the list.")
    }
    calculation(of: question, known: known)
  }

  private mutating func calculation(of question: Question, known: Set<String>) {
    let has = !question.calculation.isEmpty || question.setting != nil
    if has != (question.type == .calculate) {
      unfit(
        "calculation",
        question,
        zh: "calculate 需要 calculation 或 setting，其他类型没有。",
        en: "a calculate needs a calculation or a setting, others have none."
      )
    }
    for one in question.calculation {
      for expression in [one.condition, one.value].compactMap({ $0 }) {
        references(expression, known, question.place, "calculation")
      }
    }
    let form = form
    untranslatable(question.place, "calculation", question.calculation.map(\.value.source).joined(separator: "; ")) {
      () throws(Untranslatable) in _ = try XPath(of: form).calculation(question.calculation)
    }
  }

  private mutating func choices(of question: Question) {
    guard question.type.isSelect else {
      if question.choices != nil {
        unfit("choices", question, zh: "这种题没有选项。", en: "this type has no choices.")
      }
      return
    }
    guard let name = question.choices else {
      return unfit("choices", question, zh: "选择题没有选项列表。", en: "a select has no list of choices.")
    }
    guard form.list(name) == nil else { return }
    let near = nearest(to: name, among: form.lists.map(\.name))
    add(
      "list-unknown",
      question.place,
      "choices",
      name,
      zh: "没有这个列表。",
      en: "there is no such list.",
      fixZh: near.map { "是否指“\($0)”？" } ?? "现有：\(form.lists.map(\.name).joined(separator: "、"))。",
      fixEn: near.map { "Did you mean \"\($0)\"?" } ?? "There are: \(form.lists.map(\.name).joined(separator: ", "))."
    )
  }

  private mutating func condition(
    _ expression: Expression,
    _ known: Set<String>,
    _ place: SourcePlace,
    _ key: String,
    own: String? = nil,
    attributes: Set<String> = []
  ) {
    references(expression, known.union(attributes), place, key)
    let form = form
    untranslatable(place, key, expression.source) { () throws(Untranslatable) in
      _ = try XPath(of: form, own: own, attributes: attributes).condition(expression)
    }
  }

  private mutating func untranslatable(
    _ place: SourcePlace,
    _ key: String,
    _ source: String,
    _ body: () throws(Untranslatable) -> Void
  ) {
    do throws(Untranslatable) {
      try body()
    } catch {
      findings.append(
        Finding(
          "form-expression",
          file: form.file,
          row: place.lines[key] ?? place.line,
          column: place.path + "." + key,
          value: source,
          message: error.message,
          fix: error.fix
        )
      )
    }
  }

  /// Names that come later or not at all, and codes that the question does not have.
  private mutating func references(
    _ expression: Expression,
    _ known: Set<String>,
    _ place: SourcePlace,
    _ key: String
  ) {
    let all = form.questions.map(\.name)
    for name in expression.columns where !known.contains(name) {
      let near = nearest(to: name, among: known.sorted())
      if all.contains(name) {
        add(
          "question-later",
          place,
          key,
          name,
          zh: "所指的问题还没有问到。",
          en: "is a question that has not been asked yet.",
          fixZh: "请把它移到前面。",
          fixEn: "Move it before this place."
        )
      } else {
        add(
          "question-unknown",
          place,
          key,
          name,
          zh: "没有这个问题。",
          en: "there is no such question.",
          fixZh: near.map { "是否指“\($0)”？" } ?? "请核对名称。",
          fixEn: near.map { "Did you mean \"\($0)\"?" } ?? "Check the name."
        )
      }
    }
    for (name, code) in codes(in: expression.root) {
      guard let question = form.questions.first(where: { $0.name == name }), question.type.isSelect,
        let list = form.list(question.choices), list.choice(code) == nil
      else { continue }
      add(
        "code-unknown",
        place,
        key,
        code,
        zh: "问题 \(name) 没有这个代码。",
        en: "the question \(name) has no such code.",
        fixZh: "可用：\(list.choices.map(\.code).joined(separator: "、"))。",
        fixEn: "It has: \(list.choices.map(\.code).joined(separator: ", "))."
      )
    }
  }

  private func codes(in root: Expression.Node) -> [(name: String, code: String)] {
    var found = [(name: String, code: String)]()
    func hold(_ side: Expression.Node, _ other: Expression.Node) {
      guard case .column(let name) = side else { return }
      if case .text(let code) = other { found.append((name, code)) }
      if case .number(let code) = other { found.append((name, shortest(code))) }
    }
    root.visit { node in
      switch node {
      case .compare(let comparison, let left, let right) where comparison == .equal || comparison == .notEqual:
        hold(left, right)
        hold(right, left)
      case .isMember(let inner, let members): for member in members { hold(inner, member) }
      default: break
      }
    }
    return found
  }

  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

  private mutating func name(_ name: String, _ place: SourcePlace, key: String = "name", isUnique: Bool = true) {
    if !Self.isName(name) || name.utf8.count > 32 {
      add(
        "name-form",
        place,
        key,
        name,
        zh: "不能作名称：须以字母开头，只用字母、数字、下划线，至多 32 个字符。",
        en: "cannot be a name: a letter first, then letters, digits and underscores, at most 32.",
        fixZh: "请改名；中文放在 label 里。",
        fixEn: "Rename it; other words belong into the label."
      )
    } else if Self.reserved.contains(name.lowercased()) {
      add(
        "name-reserved",
        place,
        key,
        name,
        zh: "表单或导出文件保留了这个名称。",
        en: "forms or their exports keep this name for themselves.",
        fixZh: "请改名。",
        fixEn: "Rename it."
      )
    }
    guard isUnique else { return }
    if let before = seen[name.lowercased()] {
      add(
        "name-twice",
        place,
        key,
        name,
        zh: "名称已用于 \(before)（不分大小写）。",
        en: "the name is that of \(before) already (letters' case does not tell them apart).",
        fixZh: "请改名。",
        fixEn: "Rename one of them."
      )
    } else {
      seen[name.lowercased()] = place.path
    }
  }

  private mutating func label(_ text: FormText, _ place: SourcePlace, key: String?) {
    let gaps = text.gaps.map(\.rawValue)
    guard !gaps.isEmpty else { return }
    add(
      "label-language",
      place,
      key,
      zh: "缺少语言 \(gaps.joined(separator: "、"))。",
      en: "has no words in \(gaps.joined(separator: ", ")).",
      fixZh: "请补上。",
      fixEn: "Add them."
    )
  }

  private mutating func unfit(_ key: String, _ question: Question, zh: String, en: String) {
    add(
      "question-kind",
      question.place,
      key,
      question.name,
      zh: zh,
      en: en,
      fixZh: "请修改 type 或 \(key)。",
      fixEn: "Change type or \(key)."
    )
  }

  private mutating func add(
    _ code: String,
    _ place: SourcePlace,
    _ key: String?,
    _ value: String? = nil,
    zh: String,
    en: String,
    fixZh: String,
    fixEn: String
  ) {
    findings.append(
      Finding(
        code,
        file: form.file,
        row: key.flatMap { place.lines[$0] } ?? place.line,
        column: key.map { "\(place.path).\($0)" } ?? place.path,
        value: value,
        message: LocalizedText(zh: zh, en: en),
        fix: LocalizedText(zh: fixZh, en: fixEn)
      )
    )
  }
}
