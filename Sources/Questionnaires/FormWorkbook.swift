package import Documents
package import SurveyData

/// A form as the three sheets of an XLSForm workbook.
///
/// Source: XLSForm specification (xlsform.org): sheets survey, choices, settings, one column a language.
package struct FormWorkbook {
  private let form: Questionnaire
  private let languages: [Language]
  /// The lists of drawn units; `nil`: ids are typed.
  private let units: PreloadedUnits?

  package init(_ form: Questionnaire, languages: [Language], units: PreloadedUnits?) {
    self.form = form
    self.languages = languages
    self.units = units
  }

  /// - Parameter version: changes with every change of the source.
  /// - Returns: the sheets, in the order of the workbook.
  /// - Throws: what a form cannot say; a form without ``Questionnaire/problems()`` can be said.
  package func sheets(version: String) throws(Untranslatable) -> [DocumentTable] {
    [try survey(), choices(), settings(version: version)]
  }

  private static func words(_ language: Language) -> String {
    switch language {
    case .chinese: "中文 (zh)"
    case .english: "English (en)"
    }
  }

  private func heads(_ name: String) -> [String] { languages.map { "\(name)::\(Self.words($0))" } }
  private func cells(_ text: FormText) -> [String] { languages.map { text.text(in: $0) } }
  private var noWords: [String] { languages.map { _ in "" } }

  private func table(_ key: String, _ heads: [String], _ rows: [[String]]) -> DocumentTable {
    DocumentTable(
      key: key,
      title: "",
      columns: heads.map { DocumentColumn($0, $0, .text) },
      rows: rows.map { $0.map { $0.isEmpty ? .empty(reason: nil) : .text($0) } }
    )
  }

  private func survey() throws(Untranslatable) -> DocumentTable {
    var heads = ["type", "name"] + self.heads("label") + self.heads("hint")
    heads += ["required", "relevant", "constraint"]
    heads += self.heads("constraint_message")
    heads += ["calculation", "choice_filter", "appearance"]
    var rows = [[String]]()
    for section in form.sections {
      let relevance = try section.relevance.map { expression throws(Untranslatable) in
        try XPath(of: form).condition(expression)
      }
      var head = ["begin_group", section.name] + cells(section.label) + noWords
      head += ["", relevance ?? "", ""] + noWords
      head += ["", "", "field-list"]
      rows.append(head)
      for question in section.questions { rows.append(try row(question)) }
      var end = ["end_group", section.name] + noWords + noWords
      end += ["", "", ""] + noWords + ["", "", ""]
      rows.append(end)
    }
    return table("survey", heads, rows)
  }

  private func row(_ question: Question) throws(Untranslatable) -> [String] {
    let translation = XPath(of: form)
    var type = question.type.rawValue
    var filter = ""
    var calculation = ""
    var appearance = question.appearance ?? ""
    var isAsked = question.type.isAsked
    switch question.type {
    case .selectOne, .selectMultiple:
      type += " \(question.choices ?? "")"
      if let own = question.choiceFilter {
        let attributes = Set(form.list(question.choices)?.attributeNames ?? [])
        filter = try XPath(of: form, attributes: attributes).condition(own)
      }
    case .unit:
      if let list = units?.list(of: question) {
        type = "select_one_from_file \(list.file)"
        filter = list.parent.map { "\($0) = ${\($0)}" } ?? ""
        if appearance.isEmpty { appearance = "minimal autocomplete" }
      } else {
        type = "text"
      }
    case .calculate:
      if let setting = question.setting {
        calculation = try XPath.number(setting)
      } else {
        calculation = try translation.calculation(question.calculation)
      }
    case .text, .integer, .decimal, .date, .time, .note, .geopoint, .start, .end, .today: break
    }
    if question.drawnColumn != nil, let units {
      type = "calculate"
      calculation = "instance('\(units.instance)')/root/item[name = ${\(units.unit)}]/\(question.name)"
      filter = ""
      isAsked = false
    }
    var limits = [String]()
    if isAsked {
      if let range = try XPath.range(question) { limits.append(range) }
      if let own = question.constraint {
        limits.append(try XPath(of: form, own: question.name).condition(own))
      }
    }
    let hasWords = isAsked || question.type == .note
    let relevance = try question.relevance.map { expression throws(Untranslatable) in
      try translation.condition(expression)
    }
    var row = [type, question.name]
    row += hasWords ? cells(question.label) : noWords
    row += hasWords ? cells(question.hint) : noWords
    row.append(isAsked && question.isRequired ? "yes" : "")
    row.append(relevance ?? "")
    row.append(limits.joined(separator: " and "))
    row += limits.isEmpty ? noWords : languages.map { question.constraintMessage(in: $0) }
    row += [calculation, filter, appearance]
    return row
  }

  private func choices() -> DocumentTable {
    let used = Set(form.questions.compactMap(\.choices))
    let lists = form.lists.filter { used.contains($0.name) }
    let attributes = Set(lists.flatMap(\.attributeNames)).sorted()
    let rows = lists.flatMap { list in
      list.choices.map { choice in
        [list.name, choice.code] + cells(choice.label) + attributes.map { choice.attributes[$0] ?? "" }
      }
    }
    return table("choices", ["list_name", "name"] + heads("label") + attributes, rows)
  }

  private func settings(version: String) -> DocumentTable {
    let unit = form.questions.last { $0.type == .unit }
    return table(
      "settings",
      ["form_title", "form_id", "version", "default_language", "instance_name"],
      [
        [
          languages.map { form.title.text(in: $0) }.joined(separator: " "), form.id, version,
          Self.words(languages.first ?? .chinese), unit.map { "${\($0.name)}" } ?? "",
        ]
      ]
    )
  }
}
