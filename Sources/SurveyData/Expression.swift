/// A small expression over the columns of a table: `class == 'P2' and persons > 0`, `v005 / 1e6`.
///
/// Grammar, loosest first: `or` · `and` · `not` · `== != < <= > >=`, `in ['a', 'b']` · `+ -` · `* /` ·
/// unary `-` · numbers, 'text' or "text", column names (letters, digits, `_`, `.`, any non-ASCII letter;
/// others in backquotes), parentheses. Text compares by bytes. A comparison with a missing value is false.
///
/// What is compared decides how: beside a text literal both sides are text; two text columns under
/// `==` or `!=` are text; everything else is compared as numbers, and a text that is no number is refused.
package struct Expression: Sendable, Hashable {
  /// The text it was read from.
  package let source: String
  /// What it says, for those who put it into another language.
  package let root: Node

  /// A part of an expression.
  package indirect enum Node: Sendable, Hashable {
    case number(Double)
    case text(String)
    case column(String)
    case negate(Node)
    case arithmetic(Arithmetic, Node, Node)
    case compare(Comparison, Node, Node)
    case isMember(Node, [Node])
    case not(Node)
    case and(Node, Node)
    case or(Node, Node)
  }

  package enum Arithmetic: Sendable, Hashable { case add, subtract, multiply, divide }
  package enum Comparison: Sendable, Hashable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual }

  /// Reads an expression; a mistake is refused with its position and what was expected there.
  package init(parsing source: String) throws(InputRefusal) {
    var parser = try ExpressionParser(source)
    self.source = source
    root = try parser.parse()
  }

  /// The column of that name, whatever characters the name holds.
  package init(column name: String) {
    source = name
    root = .column(name)
  }

  /// Whether it is a column by itself.
  package var isColumn: Bool {
    if case .column = root { true } else { false }
  }

  /// The names of the columns used, each once, in the order of their first use.
  package var columns: [String] {
    var names: [String] = []
    root.visit { node in
      if case .column(let name) = node, !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// The columns of which only the numeric value is used, so that a reader may parse them as numbers.
  package var numberColumns: [String] {
    var asText = Set<String>()
    root.visit { node in
      switch node {
      case .compare(let comparison, let left, let right):
        let isText = left.isText || right.isText || comparison == .equal || comparison == .notEqual
        guard isText else { return }
        for (side, other) in [(left, right), (right, left)] {
          if case .column(let name) = side, other.isTextOrColumn { asText.insert(name) }
        }
      case .isMember(.column(let name), let members):
        if members.contains(where: \.isText) { asText.insert(name) }
      default: return
      }
    }
    return columns.filter { !asText.contains($0) }
  }
}

extension Expression.Node {
  var isText: Bool {
    if case .text = self { true } else { false }
  }

  var isTextOrColumn: Bool {
    switch self {
    case .text, .column: true
    default: false
    }
  }

  /// Calls `body` for this node and every node below it, left to right.
  package func visit(_ body: (Self) -> Void) {
    body(self)
    switch self {
    case .number, .text, .column: return
    case .negate(let inner), .not(let inner): inner.visit(body)
    case .isMember(let inner, let members):
      inner.visit(body)
      for member in members { member.visit(body) }
    case .arithmetic(_, let left, let right), .compare(_, let left, let right), .and(let left, let right),
      .or(let left, let right):
      left.visit(body)
      right.visit(body)
    }
  }
}
