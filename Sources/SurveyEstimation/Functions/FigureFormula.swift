internal import Glibc
package import SurveyData

/// An estimate that a formula names, by its key and, between brackets, its domain.
package struct FigureName: Sendable, Hashable {
  package var key: String
  /// `E` or `stype=E`, one entry a variable; empty where none is named.
  package var domain: [String]
}

/// A smooth function of estimates, with its derivatives by them.
///
/// Numbers, estimates, `+ − * / ^`, parentheses, `log`, `exp` and `sqrt`. An estimate is named by its key
/// (`mean(api00)`, or in backquotes `` `stype=E` ``) or what stands in its parentheses (`api00`); a domain stands behind
/// it in brackets: `api00[E] - api00[H]`.
package struct FigureFormula: Sendable {
  package let source: String
  /// The estimates, each once, in the order of their first use.
  package let names: [FigureName]
  private let root: Node

  indirect enum Node: Sendable {
    case number(Double)
    case figure(Int)
    case negate(Node)
    case binary(Character, Node, Node)
    case call(String, Node)
  }

  /// - Throws: a refusal with the place that cannot be read.
  package init(parsing source: String) throws(InputRefusal) {
    var reader = FormulaReader(source)
    self.source = source
    root = try reader.whole()
    names = reader.names
  }

  /// The value of the function, and its derivatives by the estimates (delta method).
  ///
  /// - Parameter estimates: in the order of `names`.
  /// - Returns: the value and one derivative an estimate.
  package func value(at estimates: [Double]) -> (value: Double, gradient: [Double]) {
    let dual = Self.value(root, estimates)
    return (dual.value, dual.gradient)
  }

  private static func value(_ node: Node, _ estimates: [Double]) -> Dual {
    switch node {
    case .number(let number): return Dual(value: number, gradient: [Double](repeating: 0, count: estimates.count))
    case .figure(let place):
      return Dual(value: estimates[place], gradient: estimates.indices.map { $0 == place ? 1 : 0 })
    case .negate(let inner):
      let inner = value(inner, estimates)
      return inner.mapped(-inner.value, -1)
    case .call(let name, let inner):
      let inner = value(inner, estimates)
      let x = inner.value
      switch name {
      case "log": return inner.mapped(log(x), 1 / x)
      case "exp": return inner.mapped(exp(x), exp(x))
      default: return inner.mapped(x.squareRoot(), 0.5 / x.squareRoot())
      }
    case .binary(let sign, let left, let right):
      let (left, right) = (value(left, estimates), value(right, estimates))
      let (a, b) = (left.value, right.value)
      switch sign {
      case "+": return left.combined(right, a + b, 1, 1)
      case "-": return left.combined(right, a - b, 1, -1)
      case "*": return left.combined(right, a * b, b, a)
      case "/": return left.combined(right, a / b, 1 / b, -a / (b * b))
      default: return left.combined(right, pow(a, b), b * pow(a, b - 1), pow(a, b) * log(a))
      }
    }
  }

  /// The function in R, whose language it shares, with every estimate under another name.
  package func text(naming name: (Int) -> String) -> String { Self.text(root, name) }

  private static func text(_ node: Node, _ name: (Int) -> String) -> String {
    switch node {
    case .number(let number): shortest(number)
    case .figure(let place): name(place)
    case .negate(let inner): "(-\(text(inner, name)))"
    case .call(let function, let inner): "\(function)(\(text(inner, name)))"
    case .binary(let sign, let left, let right): "(\(text(left, name)) \(sign) \(text(right, name)))"
    }
  }
}

/// A value with its derivatives by the estimates it is made of.
private struct Dual {
  var value: Double
  var gradient: [Double]

  /// f of this and another value, given the partial derivatives there; a derivative that nothing depends on may be void.
  func combined(_ other: Dual, _ result: Double, _ left: Double, _ right: Double) -> Dual {
    Dual(
      value: result,
      gradient: gradient.indices.map {
        (gradient[$0] == 0 ? 0 : left * gradient[$0]) + (other.gradient[$0] == 0 ? 0 : right * other.gradient[$0])
      }
    )
  }

  func mapped(_ result: Double, _ derivative: Double) -> Dual {
    Dual(value: result, gradient: gradient.map { $0 == 0 ? 0 : $0 * derivative })
  }
}

private struct FormulaReader {
  private let source: String
  private let characters: [Character]
  private var place = 0
  var names: [FigureName] = []

  private static let functions: Set<String> = ["log", "exp", "sqrt"]

  init(_ source: String) {
    self.source = source
    characters = Array(source)
  }

  mutating func whole() throws(InputRefusal) -> FigureFormula.Node {
    let node = try sum()
    skipBlanks()
    guard place == characters.count else { throw unreadable }
    if names.isEmpty { throw unreadable }
    return node
  }

  private var unreadable: InputRefusal {
    let rest = place < characters.count ? String(characters[place...]) : ""
    return InputRefusal(
      Finding(
        "formula-unreadable",
        value: source,
        message: rest.isEmpty
          ? LocalizedText(zh: "公式不完整，或没有用到估计值。", en: "the formula is incomplete, or names no estimate.")
          : LocalizedText(zh: "无法读懂“\(rest)”。", en: "cannot be read from \"\(rest)\" on."),
        fix: LocalizedText(
          zh: "例如 \"mean(api00) - mean(api99)\"；域写作 api00[E]。",
          en: "Write \"mean(api00) - mean(api99)\", say; a domain as api00[E]."
        )
      )
    )
  }

  private mutating func skipBlanks() {
    while place < characters.count, characters[place].isWhitespace { place += 1 }
  }

  private mutating func takes(_ character: Character) -> Bool {
    skipBlanks()
    guard place < characters.count, characters[place] == character else { return false }
    place += 1
    return true
  }

  private mutating func sum() throws(InputRefusal) -> FigureFormula.Node {
    var left = try product()
    while true {
      if takes("+") {
        left = .binary("+", left, try product())
      } else if takes("-") {
        left = .binary("-", left, try product())
      } else {
        return left
      }
    }
  }

  private mutating func product() throws(InputRefusal) -> FigureFormula.Node {
    var left = try signed()
    while true {
      if takes("*") {
        left = .binary("*", left, try signed())
      } else if takes("/") {
        left = .binary("/", left, try signed())
      } else {
        return left
      }
    }
  }

  private mutating func signed() throws(InputRefusal) -> FigureFormula.Node {
    if takes("-") { return .negate(try signed()) }
    if takes("+") { return try signed() }
    let base = try primary()
    return takes("^") ? .binary("^", base, try signed()) : base
  }

  private mutating func primary() throws(InputRefusal) -> FigureFormula.Node {
    if takes("(") {
      let node = try sum()
      guard takes(")") else { throw unreadable }
      return node
    }
    if takes("`") {
      guard let end = characters[place...].firstIndex(of: "`") else { throw unreadable }
      let key = String(characters[place..<end])
      place = end + 1
      return try figure(key)
    }
    skipBlanks()
    let word = word()
    if word.isEmpty { throw unreadable }
    if let number = Double(word) { return .number(number) }
    if Self.functions.contains(word), takes("(") {
      let node = try sum()
      guard takes(")") else { throw unreadable }
      return .call(word, node)
    }
    guard place < characters.count, characters[place] == "(" else { return try figure(word) }
    return try figure(word + "(" + (try enclosed("(", ")")) + ")")
  }

  private mutating func figure(_ key: String) throws(InputRefusal) -> FigureFormula.Node {
    var domain: [String] = []
    if place < characters.count, characters[place] == "[" {
      domain = try enclosed("[", "]").split(separator: ",").map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
    }
    let name = FigureName(key: key, domain: domain)
    if let known = names.firstIndex(of: name) { return .figure(known) }
    names.append(name)
    return .figure(names.count - 1)
  }

  /// What stands between brackets at the place, without them.
  private mutating func enclosed(_ open: Character, _ close: Character) throws(InputRefusal) -> String {
    var depth = 0
    let start = place + 1
    while place < characters.count {
      if characters[place] == open { depth += 1 }
      if characters[place] == close {
        depth -= 1
        if depth == 0 {
          place += 1
          return String(characters[start..<(place - 1)])
        }
      }
      place += 1
    }
    throw unreadable
  }

  private mutating func word() -> String {
    let start = place
    while place < characters.count {
      let character = characters[place]
      if !(character.isLetter || character.isNumber || character == "_" || character == ".") {
        // The sign of an exponent belongs to its number.
        let isExponentSign =
          (character == "-" || character == "+") && place > start && characters[start].isNumber
          && (characters[place - 1] == "e" || characters[place - 1] == "E")
        if !isExponentSign { break }
      }
      place += 1
    }
    return String(characters[start..<place])
  }
}
