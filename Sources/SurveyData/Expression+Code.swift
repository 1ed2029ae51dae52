extension Expression {
  /// A statistical language that an expression can be written in.
  package enum Language: Sendable { case r, stata }

  /// The expression in another language, with this one's treatment of what is missing.
  ///
  /// A comparison with a missing value is false; a division by zero is missing. R calls `over(a, b)` for a division,
  /// which the script defines.
  /// - Parameters:
  ///   - language: to write.
  ///   - column: a column as that language names it; whether its number is meant, or its text.
  /// - Returns: the code, in parentheses where it has parts.
  package func code(in language: Language, column: @escaping (_ name: String, _ isNumber: Bool) -> String) -> String {
    CodeWriter(language: language, column: column).code(root)
  }
}

private struct CodeWriter {
  let language: Expression.Language
  let column: (String, Bool) -> String

  func code(_ node: Expression.Node) -> String {
    switch node {
    case .number(let value): return shortest(value)
    case .text(let text): return quoted(text)
    case .column(let name): return column(name, true)
    case .negate(let inner): return "(-\(code(inner)))"
    case .arithmetic(let operation, let left, let right):
      let (a, b) = (code(left), code(right))
      switch operation {
      case .add: return "(\(a) + \(b))"
      case .subtract: return "(\(a) - \(b))"
      case .multiply: return "(\(a) * \(b))"
      case .divide: return language == .r ? "over(\(a), \(b))" : "(\(a) / \(b))"
      }
    case .compare(let comparison, let left, let right): return compared(comparison, left, right)
    case .isMember(let inner, let members): return member(inner, members)
    case .not(let inner): return "(!\(code(inner)))"
    case .and(let left, let right): return "(\(truth(left)) & \(truth(right)))"
    case .or(let left, let right): return "(\(truth(left)) | \(truth(right)))"
    }
  }

  /// A number counts as true when it is neither zero nor missing.
  private func truth(_ node: Expression.Node) -> String {
    switch node {
    case .compare, .isMember, .not, .and, .or: return code(node)
    default:
      return language == .r
        ? "((\(code(node)) != 0) %in% TRUE)" : "(\(code(node)) != 0 & !missing(\(code(node))))"
    }
  }

  private func compared(_ comparison: Expression.Comparison, _ left: Expression.Node, _ right: Expression.Node)
    -> String
  {
    let sign =
      switch comparison {
      case .equal: "=="
      case .notEqual: "!="
      case .less: "<"
      case .lessOrEqual: "<="
      case .greater: ">"
      case .greaterOrEqual: ">="
      }
    let isText = left.isText || right.isText
    let areColumns = (comparison == .equal || comparison == .notEqual) && left.isTextOrColumn && right.isTextOrColumn
    let (a, b) = isText || areColumns ? (plain(left), plain(right)) : (code(left), code(right))
    switch language {
    case .r: return "((\(a) \(sign) \(b)) %in% TRUE)"
    case .stata: return "(\(a) \(sign) \(b) & !missing(\(a)) & !missing(\(b)))"
    }
  }

  private func member(_ inner: Expression.Node, _ members: [Expression.Node]) -> String {
    let isText = members.contains(where: \.isText)
    let value = isText ? plain(inner) : code(inner)
    let list = members.map { code($0) }.joined(separator: ", ")
    return language == .r ? "(\(value) %in% c(\(list)))" : "inlist(\(value), \(list))"
  }

  private func plain(_ node: Expression.Node) -> String {
    if case .column(let name) = node { return column(name, false) }
    return code(node)
  }

  private func quoted(_ text: String) -> String {
    switch language {
    case .r: "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    case .stata: "`\"" + text + "\"'"
    }
  }
}
