/// A small expression over the columns of a table: `class == 'P2' and persons > 0`, `v005 / 1e6`.
///
/// Grammar, loosest first: `or` · `and` · `not` · `== != < <= > >=`, `in ['a', 'b']` · `+ -` · `* /` ·
/// unary `-` · numbers, 'text' or "text", column names (letters, digits, `_`, `.`, any non-ASCII letter;
/// others in backquotes), parentheses. Text compares by bytes. A comparison with a missing value is false.
package struct Expression: Sendable, Hashable {
  /// The text it was read from.
  package let source: String
  let root: Node

  indirect enum Node: Sendable, Hashable {
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

  enum Arithmetic: Sendable, Hashable { case add, subtract, multiply, divide }
  enum Comparison: Sendable, Hashable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual }
}
