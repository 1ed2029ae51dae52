/// Reads the grammar of ``Expression`` by recursive descent.
struct ExpressionParser {
  /// Keeps a hostile expression from exhausting the stack.
  private static let longest = 10_000
  private static let deepest = 64
  private static let mostOperators = 250

  private let source: String
  private var lexer: ExpressionLexer
  private var token: ExpressionToken
  private var position: Int
  private var depth = 0
  private var operators = 0

  init(_ source: String) throws(InputRefusal) {
    self.source = source
    lexer = ExpressionLexer(source)
    guard source.utf8.count <= Self.longest else {
      throw ExpressionLexer.refusal(
        String(source.prefix(60)) + "…",
        at: Self.longest,
        found: "…",
        expected: LocalizedText(
          zh: "不超过 \(Self.longest) 字节的表达式",
          en: "an expression of at most \(Self.longest) bytes"
        )
      )
    }
    (token, position) = try lexer.next()
  }

  mutating func parse() throws(InputRefusal) -> Expression.Node {
    let node = try disjunction()
    guard token == .end else {
      throw refusal(LocalizedText(zh: "运算符或结尾", en: "an operator or the end"))
    }
    return node
  }

  private mutating func advance() throws(InputRefusal) {
    (token, position) = try lexer.next()
  }

  private mutating func take(_ symbol: String) throws(InputRefusal) -> Bool {
    guard token == .symbol(symbol) else { return false }
    try advance()
    return true
  }

  /// Takes an operator, of which each makes the tree one level deeper.
  private mutating func takeOperator(_ symbol: String) throws(InputRefusal) -> Bool {
    guard token == .symbol(symbol) else { return false }
    operators += 1
    guard operators <= Self.mostOperators else {
      throw refusal(
        LocalizedText(
          zh: "不超过 \(Self.mostOperators) 个运算符（多个取值请用 in [...]）",
          en: "at most \(Self.mostOperators) operators (write many values as in [...])"
        )
      )
    }
    try advance()
    return true
  }

  private mutating func require(_ symbol: String) throws(InputRefusal) {
    guard try take(symbol) else { throw refusal(LocalizedText(symbol)) }
  }

  private func refusal(_ expected: LocalizedText) -> InputRefusal {
    let found: String? =
      switch token {
      case .number(let value): shortest(value)
      case .text(let text): "'\(text)'"
      case .name(let name): name
      case .symbol(let symbol): symbol
      case .end: nil
      }
    return ExpressionLexer.refusal(source, at: position, found: found, expected: expected)
  }

  private mutating func disjunction() throws(InputRefusal) -> Expression.Node {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw refusal(
        LocalizedText(zh: "不超过 \(Self.deepest) 层的嵌套", en: "at most \(Self.deepest) levels of nesting")
      )
    }
    var left = try conjunction()
    while try takeOperator("or") { left = .or(left, try conjunction()) }
    return left
  }

  private mutating func conjunction() throws(InputRefusal) -> Expression.Node {
    var left = try negation()
    while try takeOperator("and") { left = .and(left, try negation()) }
    return left
  }

  private mutating func negation() throws(InputRefusal) -> Expression.Node {
    var count = 0
    while try takeOperator("not") { count += 1 }
    var node = try comparison()
    for _ in 0..<count { node = .not(node) }
    return node
  }

  private static let comparisons: [String: Expression.Comparison] = [
    "==": .equal, "!=": .notEqual, "<": .less, "<=": .lessOrEqual, ">": .greater, ">=": .greaterOrEqual,
  ]

  private mutating func comparison() throws(InputRefusal) -> Expression.Node {
    let left = try sum()
    if try take("in") { return .isMember(left, try members()) }
    guard case .symbol(let symbol) = token, let comparison = Self.comparisons[symbol] else { return left }
    try advance()
    let node = Expression.Node.compare(comparison, left, try sum())
    if case .symbol(let symbol) = token, Self.comparisons[symbol] != nil || symbol == "in" {
      throw refusal(
        LocalizedText(zh: "and（比较不能连写）", en: "and (comparisons do not chain)")
      )
    }
    return node
  }

  private mutating func members() throws(InputRefusal) -> [Expression.Node] {
    let literal = LocalizedText(zh: "文本或数字（种类一致）", en: "texts or numbers, all of one kind")
    try require("[")
    var members: [Expression.Node] = []
    repeat {
      let isNegative = try take("-")
      switch token {
      case .number(let value): members.append(.number(isNegative ? -value : value))
      case .text(let text) where !isNegative: members.append(.text(text))
      default: throw refusal(literal)
      }
      if let first = members.first, let last = members.last, first.isText != last.isText {
        throw refusal(literal)
      }
      try advance()
    } while try take(",")
    try require("]")
    return members
  }

  private mutating func sum() throws(InputRefusal) -> Expression.Node {
    var left = try product()
    while true {
      if try takeOperator("+") {
        left = .arithmetic(.add, left, try product())
      } else if try takeOperator("-") {
        left = .arithmetic(.subtract, left, try product())
      } else {
        return left
      }
    }
  }

  private mutating func product() throws(InputRefusal) -> Expression.Node {
    var left = try signed()
    while true {
      if try takeOperator("*") {
        left = .arithmetic(.multiply, left, try signed())
      } else if try takeOperator("/") {
        left = .arithmetic(.divide, left, try signed())
      } else {
        return left
      }
    }
  }

  private mutating func signed() throws(InputRefusal) -> Expression.Node {
    var isNegative = false
    while try takeOperator("-") { isNegative.toggle() }
    let node = try primary()
    return isNegative ? .negate(node) : node
  }

  private mutating func primary() throws(InputRefusal) -> Expression.Node {
    let node: Expression.Node
    switch token {
    case .number(let value): node = .number(value)
    case .text(let text): node = .text(text)
    case .name(let name): node = .column(name)
    case .symbol("("):
      try advance()
      node = try disjunction()
      try require(")")
      return node
    case .symbol, .end:
      throw refusal(LocalizedText(zh: "列名、数字、文本或 (", en: "a column, number, text or ("))
    }
    try advance()
    return node
  }
}
