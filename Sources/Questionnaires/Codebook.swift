package import Documents
package import SurveyData

/// What each column of the answers means: a row a question, and a row a code.
package struct Codebook {
  private let form: Questionnaire
  /// What each column is used for, by its name.
  private let uses: [String: LocalizedText]

  package init(_ form: Questionnaire, uses: [String: LocalizedText]) {
    self.form = form
    self.uses = uses
  }

  /// One row a question, in the order of the form.
  package var table: DocumentTable {
    let numbers = form.paperNumbers
    func word(_ expression: Expression?, _ language: Language) -> String {
      expression.map { ConditionWords(form, language: language).condition($0) } ?? ""
    }
    let rows = form.sections.flatMap { section in
      section.questions.filter { $0.type != .note }.map { question -> [String] in
        let list = form.list(question.choices)?.choices ?? []
        func codes(_ language: Language) -> String {
          list.map { "\($0.code) = \($0.label.text(in: language))" }.joined(separator: "; ")
        }
        return [
          question.name, section.name, numbers[question.name] ?? "", question.label.text(in: .chinese),
          question.label.text(in: .english), question.type.rawValue, question.isRequired ? "1" : "0",
          question.choices ?? "", codes(.chinese), codes(.english), question.minimum.map(shortest) ?? "",
          question.maximum.map(shortest) ?? "", section.relevance?.source ?? "", question.relevance?.source ?? "",
          word(question.relevance, .chinese), word(question.relevance, .english), question.constraint?.source ?? "",
          question.type == .calculate ? ConditionWords(form, language: .chinese).calculation(question) : "",
          question.type == .calculate ? ConditionWords(form, language: .english).calculation(question) : "",
          question.drawnColumn ?? "", uses[question.name]?.zh ?? "", uses[question.name]?.en ?? "",
        ]
      }
    }
    return Self.table("codebook", Self.heads, rows)
  }

  /// One row a code of each question.
  package var codes: DocumentTable {
    let rows = form.questions.flatMap { question in
      (form.list(question.choices)?.choices ?? []).map {
        [question.name, $0.code, $0.label.text(in: .chinese), $0.label.text(in: .english)]
      }
    }
    return Self.table("codes", ["name", "code", "label_zh", "label_en"], rows)
  }

  private static let heads = [
    "name", "section", "paper_number", "label_zh", "label_en", "type", "required", "list", "codes_zh", "codes_en",
    "minimum", "maximum", "section_relevant", "relevant", "relevant_zh", "relevant_en", "constraint",
    "calculation_zh", "calculation_en", "from_draw", "used_by_zh", "used_by_en",
  ]

  private static func table(_ key: String, _ heads: [String], _ rows: [[String]]) -> DocumentTable {
    DocumentTable(
      key: key,
      title: "",
      columns: heads.map { DocumentColumn($0, $0, .text) },
      rows: rows.map { $0.map { $0.isEmpty ? .empty(reason: nil) : .text($0) } }
    )
  }
}
