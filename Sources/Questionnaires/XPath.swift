package import SurveyData

/// An expression that the form's language cannot say, with how to write it otherwise.
package struct Untranslatable: Error {
  package var message: LocalizedText
  package var fix: LocalizedText
}

/// Our expressions in the XPath of ODK forms, with our meaning of a missing answer.
///
/// A comparison with a missing answer is false here; in XPath an empty answer differs from every code, so `!=` asks
/// first whether there is an answer. A calculation with a missing answer has no value, where XPath would store `NaN`.
/// A question of several choices under `==` or `in` means that the code is among those chosen.
/// Source: W3C (1999), XPath 1.0, §3; ODK XForms Specification, functions `selected` and `if`.
package struct XPath {
  private let questions: [String: Question]
  /// The question whose constraint it is: its answer is `.`.
  private let own: String?
  /// Columns of a list of choices.
  private let attributes: Set<String>

  package init(of form: Questionnaire, own: String? = nil, attributes: Set<String> = []) {
    questions = Dictionary(form.questions.map { ($0.name, $0) }) { first, _ in first }
    self.own = own
    self.attributes = attributes
  }

  /// A condition: relevance, constraint, choice filter.
  package func condition(_ expression: Expression) throws(Untranslatable) -> String {
    try truth(expression.root)
  }

  /// The first value whose condition holds, else nothing.
  package func calculation(_ cases: [Question.Case]) throws(Untranslatable) -> String {
    var text = "''"
    for one in cases.reversed() {
      let value = try self.value(one.value.root)
      if let condition = one.condition {
        text = "if(\(try truth(condition.root)), \(value), \(text))"
      } else {
        text = value
      }
    }
    return text
  }

  /// The limits of a number as a condition on the answer.
  package static func range(_ question: Question) throws(Untranslatable) -> String? {
    var parts = [String]()
    if let low = question.minimum { parts.append(". >= \(try number(low))") }
    if let high = question.maximum { parts.append(". <= \(try number(high))") }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }

  private func reference(_ name: String) -> String {
    if name == own { return "." }
    return attributes.contains(name) ? name : "${\(name)}"
  }

  private func truth(_ node: Expression.Node) throws(Untranslatable) -> String {
    switch node {
    case .or(let left, let right): return "(\(try truth(left)) or \(try truth(right)))"
    case .and(let left, let right): return "\(try truth(left)) and \(try truth(right))"
    case .not(let inner): return "not(\(try truth(inner)))"
    case .compare(let comparison, let left, let right): return try compare(comparison, left, right)
    case .isMember(let inner, let members):
      var parts = [String]()
      for member in members { parts.append(try compare(.equal, inner, member)) }
      return parts.count == 1 ? parts[0] : "(\(parts.joined(separator: " or ")))"
    case .column, .number, .text, .negate, .arithmetic:
      throw Untranslatable(
        message: LocalizedText(zh: "条件中没有比较。", en: "the condition compares nothing."),
        fix: LocalizedText(zh: "请写成例如 x == 1。", en: "Write for example x == 1.")
      )
    }
  }

  private static let signs: [Expression.Comparison: String] = [
    .equal: "=", .notEqual: "!=", .less: "<", .lessOrEqual: "<=", .greater: ">", .greaterOrEqual: ">=",
  ]

  private func compare(
    _ comparison: Expression.Comparison,
    _ left: Expression.Node,
    _ right: Expression.Node
  ) throws(Untranslatable) -> String {
    if let (name, code) = try chosenCode(comparison, left, right) {
      let chosen = "selected(\(reference(name)), \(try Self.quoted(code)))"
      return comparison == .equal ? chosen : "(\(reference(name)) != '' and not(\(chosen)))"
    }
    let sides: (String, String)
    if left.isTextual || right.isTextual || (left.isColumn && right.isColumn && comparison.isEquality) {
      guard comparison.isEquality else {
        throw Untranslatable(
          message: LocalizedText(zh: "表单中的文本不能比较大小。", en: "a form cannot tell which of two texts is greater."),
          fix: LocalizedText(zh: "文本只用 ==、!= 与 in。", en: "Use ==, != and in with texts.")
        )
      }
      sides = (try text(left), try text(right))
    } else {
      sides = (try number(left), try number(right))
    }
    let own = "\(sides.0) \(Self.signs[comparison] ?? "=") \(sides.1)"
    guard comparison == .notEqual else { return own }
    return "(\((columns(left) + columns(right)).map { "\(reference($0)) != '' and " }.joined())\(own))"
  }

  /// The question of several choices and the code it is held against; `nil` where there is none.
  private func chosenCode(
    _ comparison: Expression.Comparison,
    _ left: Expression.Node,
    _ right: Expression.Node
  ) throws(Untranslatable) -> (name: String, code: String)? {
    let names = (columns(left) + columns(right)).filter { questions[$0]?.type == .selectMultiple }
    guard let name = names.first else { return nil }
    if comparison.isEquality {
      for (side, other) in [(left, right), (right, left)] where side == .column(name) {
        if case .text(let code) = other { return (name, code) }
        if case .number(let code) = other { return (name, shortest(code)) }
      }
    }
    throw Untranslatable(
      message: LocalizedText(
        zh: "多选题 \(name) 只能与一个代码比较。",
        en: "the question of several choices \(name) can be held against one code only."
      ),
      fix: LocalizedText(zh: "请写成 \(name) == '1'：即选了 1。", en: "Write \(name) == '1': 1 is among the chosen.")
    )
  }

  private func text(_ node: Expression.Node) throws(Untranslatable) -> String {
    switch node {
    case .text(let text): return try Self.quoted(text)
    case .column(let name): return reference(name)
    default:
      throw Untranslatable(
        message: LocalizedText(zh: "算出的数不能与文本比较。", en: "a number worked out cannot be compared with a text."),
        fix: LocalizedText(zh: "请与数字比较（不加引号）。", en: "Compare it with a number, without quotes.")
      )
    }
  }

  /// A calculation's value: nothing where an answer in it is missing.
  private func value(_ node: Expression.Node) throws(Untranslatable) -> String {
    switch node {
    case .text(let text): return try Self.quoted(text)
    case .column(let name): return reference(name)
    case .number, .negate, .arithmetic:
      let own = try number(node)
      let needed = columns(node).map { "\(reference($0)) != ''" }
      return needed.isEmpty ? own : "if(\(needed.joined(separator: " and ")), \(own), '')"
    case .compare, .isMember, .not, .and, .or: return "if(\(try truth(node)), 1, 0)"
    }
  }

  private func number(_ node: Expression.Node) throws(Untranslatable) -> String {
    switch node {
    case .number(let value): return try Self.number(value)
    case .negate(let inner): return "-\(try bracketed(inner))"
    case .column(let name):
      if let type = questions[name]?.type, ![.integer, .decimal, .calculate, .selectOne].contains(type) {
        throw Untranslatable(
          message: LocalizedText(zh: "\(name) 不是数字题。", en: "\(name) is no question for a number."),
          fix: LocalizedText(zh: "文本请加引号比较。", en: "Compare a text with a text in quotes.")
        )
      }
      return reference(name)
    case .arithmetic(let operation, let left, let right):
      let (a, b) = (try bracketed(left), try bracketed(right))
      switch operation {
      case .add: return "\(a) + \(b)"
      case .subtract: return "\(a) - \(b)"
      case .multiply: return "\(a) * \(b)"
      case .divide:
        // A division by zero has no value here and is infinite in XPath.
        if case .number(let value) = right, value != 0 { return "\(a) div \(b)" }
        return "\(a) div if(\(b) = 0, '', \(b))"
      }
    case .text:
      throw Untranslatable(
        message: LocalizedText(zh: "不能用文本计算。", en: "a text cannot be calculated with."),
        fix: LocalizedText(zh: "数字不加引号。", en: "Write numbers without quotes.")
      )
    case .compare, .isMember, .not, .and, .or: return "if(\(try truth(node)), 1, 0)"
    }
  }

  private func bracketed(_ node: Expression.Node) throws(Untranslatable) -> String {
    let text = try number(node)
    if case .arithmetic = node { return "(\(text))" }
    if case .negate = node { return "(\(text))" }
    return text
  }

  private func columns(_ node: Expression.Node) -> [String] {
    var names = [String]()
    node.visit { if case .column(let name) = $0, !names.contains(name) { names.append(name) } }
    return names
  }

  /// A number as XPath writes it: digits and a point.
  static func number(_ value: Double) throws(Untranslatable) -> String {
    let text = shortest(value)
    guard text.allSatisfy({ $0.isNumber || $0 == "." || $0 == "-" }) else {
      throw Untranslatable(
        message: LocalizedText(zh: "表单写不出 \(text)。", en: "a form cannot write \(text)."),
        fix: LocalizedText(zh: "请换用较小的单位。", en: "Use another unit.")
      )
    }
    return text
  }

  /// XPath 1.0 has no way to write a mark within marks of its own kind.
  private static func quoted(_ text: String) throws(Untranslatable) -> String {
    if !text.contains("'") { return "'\(text)'" }
    if !text.contains("\"") { return "\"\(text)\"" }
    throw Untranslatable(
      message: LocalizedText(zh: "表单的文本不能同时含单引号与双引号。", en: "a form's text cannot hold both kinds of quotes."),
      fix: LocalizedText(zh: "请去掉一种。", en: "Leave one of them out.")
    )
  }
}

extension Expression.Node {
  var isTextual: Bool { if case .text = self { true } else { false } }
  var isColumn: Bool { if case .column = self { true } else { false } }
}

extension Expression.Comparison {
  var isEquality: Bool { self == .equal || self == .notEqual }
}
