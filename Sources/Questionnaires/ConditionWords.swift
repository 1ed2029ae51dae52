package import SurveyData

/// Conditions and calculations of a form in the words of a paper form: "only if B3 is 2 (Not met)".
package struct ConditionWords {
  private let form: Questionnaire
  private let language: Language
  /// The number of each question on paper.
  private let numbers: [String: String]

  package init(_ form: Questionnaire, language: Language) {
    self.form = form
    self.language = language
    numbers = form.paperNumbers
  }

  private func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }

  package func condition(_ expression: Expression) -> String { truth(expression.root) }

  /// "only if …", as a line above a question.
  package func skip(_ expression: Expression) -> String {
    word("仅当\(condition(expression))时填。", "Only if \(condition(expression)).")
  }

  package func calculation(_ question: Question) -> String {
    if let setting = question.setting { return shortest(setting) }
    return question.calculation.map { one in
      let value = quantity(one.value.root)
      guard let condition = one.condition else {
        return question.calculation.count == 1 ? value : word("否则 \(value)", "otherwise \(value)")
      }
      return word("\(truth(condition.root))：\(value)", "\(value) if \(truth(condition.root))")
    }.joined(separator: word("；", "; "))
  }

  private func name(_ name: String) -> String {
    if let setting = form.questions.first(where: { $0.name == name })?.setting { return shortest(setting) }
    return numbers[name] ?? name
  }

  private func code(_ code: String, of name: String) -> String {
    guard let question = form.questions.first(where: { $0.name == name }),
      let choice = form.list(question.choices)?.choice(code)
    else { return code }
    return word("\(code)（\(choice.label.text(in: .chinese))）", "\(code) (\(choice.label.text(in: .english)))")
  }

  private static let signs: [Expression.Comparison: String] = [
    .equal: "=", .notEqual: "≠", .less: "<", .lessOrEqual: "≤", .greater: ">", .greaterOrEqual: "≥",
  ]

  private func truth(_ node: Expression.Node) -> String {
    switch node {
    case .or(let left, let right): return "\(inner(left, of: node)) \(word("或", "or")) \(inner(right, of: node))"
    case .and(let left, let right): return "\(inner(left, of: node)) \(word("且", "and")) \(inner(right, of: node))"
    case .not(let inside): return word("并非（\(truth(inside))）", "not (\(truth(inside)))")
    case .isMember(let side, let members):
      let codes = members.map { member in
        switch (side, member) {
        case (.column(let name), .text(let text)): code(text, of: name)
        case (.column(let name), .number(let value)): code(shortest(value), of: name)
        default: quantity(member)
        }
      }
      let list =
        codes.count < 2
        ? codes.joined()
        : codes.dropLast().joined(separator: word("、", ", ")) + word(" 或 ", " or ") + (codes.last ?? "")
      return word("\(quantity(side)) 为 \(list)", "\(quantity(side)) is \(list)")
    case .compare(let comparison, let left, let right):
      if let (name, value) = coded(left, right) {
        switch comparison {
        case .equal:
          return word("\(self.name(name)) 为 \(code(value, of: name))", "\(self.name(name)) is \(code(value, of: name))")
        case .notEqual:
          return word(
            "\(self.name(name)) 不为 \(code(value, of: name))",
            "\(self.name(name)) is not \(code(value, of: name))"
          )
        default: break
        }
      }
      return "\(quantity(left)) \(Self.signs[comparison] ?? "=") \(quantity(right))"
    case .column, .number, .text, .negate, .arithmetic: return quantity(node)
    }
  }

  private func inner(_ node: Expression.Node, of outer: Expression.Node) -> String {
    switch (node, outer) {
    case (.or, .and), (.and, .or): "（\(truth(node))）".asciiBrackets(language)
    default: truth(node)
    }
  }

  private func coded(_ left: Expression.Node, _ right: Expression.Node) -> (name: String, code: String)? {
    guard case .column(let name) = left else { return nil }
    switch right {
    case .text(let text): return (name, text)
    case .number(let value):
      let isSelect = form.questions.first { $0.name == name }?.type.isSelect ?? false
      return isSelect ? (name, shortest(value)) : nil
    default: return nil
    }
  }

  private func quantity(_ node: Expression.Node) -> String {
    switch node {
    case .number(let value): return shortest(value)
    case .text(let text): return text
    case .column(let name): return self.name(name)
    case .negate(let inside): return "−\(bracketed(inside))"
    case .arithmetic(let operation, let left, let right):
      let sign = [Expression.Arithmetic.add: "+", .subtract: "−", .multiply: "×", .divide: "÷"][operation] ?? ""
      // Sums read without brackets; a product of sums does not.
      if operation == .add { return "\(quantity(left)) + \(quantity(right))" }
      if operation == .subtract { return "\(quantity(left)) − \(bracketed(right))" }
      return "\(bracketed(left)) \(sign) \(bracketed(right))"
    case .compare, .isMember, .not, .and, .or:
      return word("1（\(truth(node))时，否则 0）", "1 if \(truth(node)), else 0")
    }
  }

  private func bracketed(_ node: Expression.Node) -> String {
    if case .arithmetic = node { return "(\(quantity(node)))" }
    return quantity(node)
  }
}

extension String {
  fileprivate func asciiBrackets(_ language: Language) -> String {
    guard language == .english else { return self }
    return String(map { $0 == "（" ? "(" : $0 == "）" ? ")" : $0 })
  }
}

extension Questionnaire {
  /// A letter a section and a number a question: A1, A2, B1, ….
  package var paperNumbers: [String: String] {
    var numbers = [String: String]()
    for (place, section) in sections.enumerated() {
      var count = 0
      for question in section.questions where question.type != .note && question.setting == nil {
        count += 1
        numbers[question.name] = "\(Self.letter(place))\(count)"
      }
    }
    return numbers
  }

  /// A…Z, then AA, AB, ….
  package static func letter(_ place: Int) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (place >= 26 ? letter(place / 26 - 1) : "") + String(letters[place % 26])
  }
}
