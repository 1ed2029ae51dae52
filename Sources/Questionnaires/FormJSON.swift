internal import Documents
internal import SurveyData

extension Questionnaire {
  /// The form as JSON: what the source says, one question a line, for other programs.
  ///
  /// - Parameter version: of the source.
  /// - Returns: the text of the file.
  package func json(version: String) -> String {
    func text(_ text: FormText) -> String {
      "{\"zh\": \(Escaping.json(text.zh ?? "")), \"en\": \(Escaping.json(text.en ?? ""))}"
    }
    func members(_ pairs: [(String, String?)]) -> String {
      "{" + pairs.compactMap { key, value in value.map { "\"\(key)\": \($0)" } }.joined(separator: ", ") + "}"
    }
    func quoted(_ text: String?) -> String? { text.map { Escaping.json($0) } }
    let lists = lists.map { list in
      let choices = list.choices.map { choice in
        let own: [(String, String?)] = [("code", Escaping.json(choice.code)), ("label", text(choice.label))]
        return "      "
          + members(own + choice.attributes.sorted { $0.key < $1.key }.map { ($0.key, Escaping.json($0.value)) })
      }
      return "    \(Escaping.json(list.name)): [\n\(choices.joined(separator: ",\n"))\n    ]"
    }
    let sections = sections.map { section in
      let questions = section.questions.map { question in
        let cases = question.calculation.map { one in
          members([("when", quoted(one.condition?.source)), ("is", quoted(one.value.source))])
        }
        return "      "
          + members([
            ("name", Escaping.json(question.name)), ("type", Escaping.json(question.type.rawValue)),
            ("label", text(question.label)), ("hint", question.hint.isEmpty ? nil : text(question.hint)),
            ("choices", quoted(question.choices)), ("choice_filter", quoted(question.choiceFilter?.source)),
            ("required", question.isRequired ? "true" : nil), ("relevant", quoted(question.relevance?.source)),
            ("min", question.minimum.map(shortest)), ("max", question.maximum.map(shortest)),
            ("constraint", quoted(question.constraint?.source)),
            ("message", question.message.isEmpty ? nil : text(question.message)),
            ("calculation", cases.isEmpty ? nil : "[" + cases.joined(separator: ", ") + "]"),
            ("setting", question.setting.map(shortest)), ("stage", quoted(question.stage)),
            ("drawn", quoted(question.drawnColumn)), ("appearance", quoted(question.appearance)),
          ])
      }
      let head = members([
        ("name", Escaping.json(section.name)), ("label", text(section.label)),
        ("relevant", quoted(section.relevance?.source)),
      ])
      return "    \(head.dropLast()), \"questions\": [\n\(questions.joined(separator: ",\n"))\n    ]}"
    }
    return """
      {
        "form": \(Escaping.json(id)),
        "version": \(Escaping.json(version)),
        "title": {"zh": \(Escaping.json(title.zh)), "en": \(Escaping.json(title.en))},
        "lists": {
      \(lists.joined(separator: ",\n"))
        },
        "sections": [
      \(sections.joined(separator: ",\n"))
        ]
      }

      """
  }
}
