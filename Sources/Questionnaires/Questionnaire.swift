package import SurveyData

/// A form as data: its sections, questions and lists of codes, in two languages.
///
/// One source gives the tablet's form, the paper form and the codebook, so that they cannot differ. A form holds one
/// record a unit; repeated groups (a roster of members) are not part of it.
package struct Questionnaire: Sendable {
  /// The form's id on a server.
  package var id: String
  package var title: LocalizedText
  /// The source, for findings.
  package var file: String
  package var lists: [ChoiceList]
  package var sections: [Section]
  package var place: SourcePlace

  package init(
    id: String,
    title: LocalizedText,
    file: String,
    lists: [ChoiceList],
    sections: [Section],
    place: SourcePlace
  ) {
    self.id = id
    self.title = title
    self.file = file
    self.lists = lists
    self.sections = sections
    self.place = place
  }

  package var questions: [Question] { sections.flatMap(\.questions) }
  package func list(_ name: String?) -> ChoiceList? { lists.first { $0.name == name } }

  /// The form without the questions that ask where the house stands.
  package var withoutLocation: Questionnaire {
    var form = self
    for index in form.sections.indices { form.sections[index].questions.removeAll { $0.type == .geopoint } }
    return form
  }
}

/// Where a part of a form stands in its source.
package struct SourcePlace: Sendable, Hashable {
  /// Such as `sections[2].questions[1]`.
  package var path: String
  package var line: Int
  /// The line of each key.
  package var lines: [String: Int]

  package init(path: String, line: Int, lines: [String: Int] = [:]) {
    self.path = path
    self.line = line
    self.lines = lines
  }
}

/// A label that may lack a language; a form with a gap is refused.
package struct FormText: Sendable, Hashable {
  package var zh: String?
  package var en: String?

  package init(zh: String?, en: String?) {
    self.zh = zh
    self.en = en
  }

  package func text(in language: Language) -> String {
    switch language {
    case .chinese: zh ?? ""
    case .english: en ?? ""
    }
  }

  /// The languages without words.
  package var gaps: [Language] { Language.allCases.filter { text(in: $0).isEmpty } }
  package var isEmpty: Bool { gaps.count == Language.allCases.count }
}

/// Codes with their words.
package struct ChoiceList: Sendable {
  package struct Choice: Sendable {
    package var code: String
    package var label: FormText
    /// Further columns, for a question's choice filter.
    package var attributes: [String: String]
    package var place: SourcePlace

    package init(code: String, label: FormText, attributes: [String: String] = [:], place: SourcePlace) {
      self.code = code
      self.label = label
      self.attributes = attributes
      self.place = place
    }
  }

  package var name: String
  package var choices: [Choice]
  package var place: SourcePlace

  package init(name: String, choices: [Choice], place: SourcePlace) {
    self.name = name
    self.choices = choices
    self.place = place
  }

  /// The attributes of any choice, in the order of their names.
  package var attributeNames: [String] { Set(choices.flatMap(\.attributes.keys)).sorted() }
  package func choice(_ code: String) -> Choice? { choices.first { $0.code == code } }
}

/// Questions under one heading.
package struct Section: Sendable {
  package var name: String
  package var label: FormText
  package var relevance: Expression?
  package var questions: [Question]
  package var place: SourcePlace

  package init(name: String, label: FormText, relevance: Expression?, questions: [Question], place: SourcePlace) {
    self.name = name
    self.label = label
    self.relevance = relevance
    self.questions = questions
    self.place = place
  }
}

/// One question, or one value that is worked out.
package struct Question: Sendable {
  /// One line of a calculation: the value where the condition holds.
  ///
  /// The first that holds decides; none: no value.
  package struct Case: Sendable {
    package var condition: Expression?
    package var value: Expression

    package init(condition: Expression?, value: Expression) {
      self.condition = condition
      self.value = value
    }
  }

  package var name: String
  package var type: QuestionType
  package var label: FormText
  package var hint: FormText
  /// The list of codes.
  package var choices: String?
  package var choiceFilter: Expression?
  package var relevance: Expression?
  package var minimum: Double?
  package var maximum: Double?
  package var constraint: Expression?
  package var message: FormText
  package var isRequired: Bool
  package var calculation: [Case]
  /// A figure of the survey file in place of a calculation.
  package var setting: Double?
  /// The stage whose units are offered.
  package var stage: String?
  /// The column of the draw's list that answers the question where a draw is given.
  package var drawnColumn: String?
  package var appearance: String?
  package var place: SourcePlace

  package init(name: String, type: QuestionType, label: FormText, place: SourcePlace) {
    self.name = name
    self.type = type
    self.label = label
    self.place = place
    hint = FormText(zh: nil, en: nil)
    message = FormText(zh: nil, en: nil)
    isRequired = false
    calculation = []
  }

  /// What is said where an answer is outside its range or breaks its constraint.
  package func constraintMessage(in language: Language) -> String {
    let own = message.text(in: language)
    if !own.isEmpty { return own }
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    switch (minimum.map(shortest), maximum.map(shortest)) {
    case (let low?, let high?): return word("应为 \(low) 至 \(high)。", "From \(low) to \(high).")
    case (let low?, nil): return word("不小于 \(low)。", "At least \(low).")
    case (nil, let high?): return word("不大于 \(high)。", "At most \(high).")
    case (nil, nil): return ""
    }
  }
}
