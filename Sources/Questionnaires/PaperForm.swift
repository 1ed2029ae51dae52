internal import Documents
package import SurveyData

/// A form on paper: one web page that prints on A4, with boxes for codes and skips in words.
package struct PaperForm {
  private let form: Questionnaire
  private let languages: [Language]
  private let numbers: [String: String]

  package init(_ form: Questionnaire, languages: [Language]) {
    self.form = form
    self.languages = languages
    numbers = form.paperNumbers
  }

  /// - Parameter version: printed at the foot, so that paper and tablet can be told to be of one source.
  /// - Returns: the page, without script or outside resource.
  package func page(version: String) -> String {
    let title = escaped(languages.map { form.title.text(in: $0) }.joined(separator: " "))
    let heads = languages.enumerated().map { place, language in
      "<\(place == 0 ? "h1" : "p class=\"subtitle\"")>\(escaped(form.title.text(in: language)))</\(place == 0 ? "h1" : "p")>"
    }
    return """
      <!DOCTYPE html>
      <html lang="\(languages.first == .english ? "en" : "zh-CN")">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>
      \(PaperStyle.text(footer: "\(form.id) · \(version)"))
      </style>
      </head>
      <body>
      <main>
      \(heads.joined(separator: "\n"))
      \(form.sections.enumerated().map { section($1, place: $0) }.joined())</main>
      </body>
      </html>

      """
  }

  private func escaped(_ text: String) -> String { Escaping.markup(text) }

  /// Words in each language of the form; the first is the larger.
  private func both(_ text: FormText) -> String {
    languages.enumerated().map { place, language in
      let words = escaped(text.text(in: language))
      return place == 0 ? words : "<span class=\"second\">\(words)</span>"
    }.joined(separator: " ")
  }

  private func lines(_ name: String, _ words: (Language) -> String) -> String {
    languages.map { "<p class=\"\(name)\">\(escaped(words($0)))</p>" }.joined()
  }

  private func section(_ section: Section, place: Int) -> String {
    var out = "<section>\n<h2>\(Questionnaire.letter(place)) \(both(section.label))</h2>\n"
    if let relevance = section.relevance {
      out += lines("skip") { ConditionWords(form, language: $0).skip(relevance) } + "\n"
    }
    for question in section.questions where question.setting == nil { out += self.question(question) }
    return out + "</section>\n"
  }

  private func question(_ question: Question) -> String {
    if question.type == .note { return lines("note") { question.label.text(in: $0) } + "\n" }
    var text = ""
    if let relevance = question.relevance {
      text += lines("skip") { ConditionWords(form, language: $0).skip(relevance) }
    }
    text += "<p class=\"ask\">\(both(question.label))</p>"
    if !question.hint.isEmpty { text += "<p class=\"hint\">\(both(question.hint))</p>" }
    let limits = languages.map { question.constraintMessage(in: $0) }.filter { !$0.isEmpty }
    if question.type.isAsked, !limits.isEmpty {
      text += "<p class=\"hint\">\(escaped(limits.joined(separator: " ")))</p>"
    }
    if question.type == .calculate {
      text += lines("hint") { language in
        LocalizedText(zh: "计算：", en: "Work out: ").text(in: language)
          + ConditionWords(form, language: language).calculation(question)
      }
    }
    let name = question.type == .calculate ? "q office" : "q"
    return """
      <div class="\(name)"><div class="n">\(numbers[question.name] ?? "")</div><div class="t">\(text)</div>\
      <div class="a">\(answer(question))</div></div>

      """
  }

  private func answer(_ question: Question) -> String {
    switch question.type {
    case .selectOne:
      // A code that is a word is ticked, not copied.
      let width = codeWidth(question)
      return width > 3 ? choices(question, ticked: true) : choices(question) + Self.boxes(width)
    case .selectMultiple: return choices(question, ticked: true)
    case .integer: return Self.boxes(digits(question))
    case .decimal: return Self.boxes(digits(question)) + "<b class=\"dot\">.</b>" + Self.boxes(2)
    case .date, .today:
      return Self.boxes(4) + mark("年", "y") + Self.boxes(2) + mark("月", "m") + Self.boxes(2) + mark("日", "d")
    case .time, .start, .end: return Self.boxes(2) + "<b class=\"dot\">:</b>" + Self.boxes(2)
    case .calculate: return "<span class=\"line short\"></span>"
    case .geopoint: return "<span class=\"line\"></span><span class=\"line\"></span>"
    case .text, .unit: return "<span class=\"line\"></span>"
    case .note: return ""
    }
  }

  private func mark(_ zh: String, _ en: String) -> String {
    "<b class=\"dot\">\(LocalizedText(zh: zh, en: en).text(in: languages.first ?? .chinese))</b>"
  }

  private func choices(_ question: Question, ticked: Bool = false) -> String {
    let list = form.list(question.choices)?.choices ?? []
    let items = list.map { choice in
      "<li>\(ticked ? Self.boxes(1) : "")<b>\(escaped(choice.code))</b> \(both(choice.label))</li>"
    }
    return "<ul class=\"\(list.count > 7 ? "long" : "")\">\(items.joined())</ul>"
  }

  private func codeWidth(_ question: Question) -> Int {
    form.list(question.choices)?.choices.map(\.code.count).max() ?? 1
  }

  /// As many digits as the greatest value has; four where there is none.
  private func digits(_ question: Question) -> Int {
    guard let most = question.maximum, most.isFinite, abs(most) < 1e15 else { return 4 }
    let sign = (question.minimum ?? 0) < 0 ? 1 : 0
    return min(12, max(1, String(Int64(most)).count + sign))
  }

  private static func boxes(_ count: Int) -> String {
    "<span class=\"boxes\">" + String(repeating: "<i></i>", count: max(1, min(count, 8))) + "</span>"
  }
}
