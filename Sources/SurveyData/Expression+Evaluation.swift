extension Expression {
  /// The value in each row of a table: NaN where it is missing, 1 and 0 for true and false.
  ///
  /// - Parameters:
  ///   - table: holds every column the expression names.
  ///   - missing: texts that stand for a missing number besides the empty cell.
  /// - Returns: one number for each row; a division by zero is missing, never infinite.
  /// - Throws: a refusal with every row whose text is no number, or naming an absent column.
  package func numbers(
    over table: Table,
    missing: Set<String> = Column.missingNumberTexts
  ) throws(InputRefusal) -> [Double] {
    let values = try Evaluation(expression: self, table: table, missing: missing).value(of: root)
    return values.numbers(count: table.rowCount)
  }

  /// Whether each row fulfils the expression; a number fulfils it when it is neither zero nor missing.
  ///
  /// - Parameters:
  ///   - table: holds every column the expression names.
  ///   - missing: texts that stand for a missing number besides the empty cell.
  /// - Returns: one truth value for each row.
  /// - Throws: a refusal with every row whose text is no number, or naming an absent column.
  package func mask(
    over table: Table,
    missing: Set<String> = Column.missingNumberTexts
  ) throws(InputRefusal) -> [Bool] {
    let values = try Evaluation(expression: self, table: table, missing: missing).value(of: root)
    return values.mask(count: table.rowCount)
  }
}

/// The values of a part of an expression: one for all rows, or one for each.
private enum Values {
  case same(Double)
  case numbers([Double])
  case truths([Bool])

  func numbers(count: Int) -> [Double] {
    switch self {
    case .same(let value): [Double](repeating: value, count: count)
    case .numbers(let values): values
    case .truths(let values): values.map { $0 ? 1 : 0 }
    }
  }

  func mask(count: Int) -> [Bool] {
    switch self {
    case .same(let value): [Bool](repeating: !value.isNaN && value != 0, count: count)
    case .numbers(let values): values.map { !$0.isNaN && $0 != 0 }
    case .truths(let values): values
    }
  }
}

private struct Evaluation {
  let expression: Expression
  let table: Table
  let missing: Set<String>

  func value(of node: Expression.Node) throws(InputRefusal) -> Values {
    let count = table.rowCount
    switch node {
    case .number(let value): return .same(value)
    case .text(let text): throw textAsNumber(text)
    case .column(let name): return .numbers(try numbers(ofColumn: name))
    case .negate(let inner):
      let value = try value(of: inner)
      if case .same(let number) = value { return .same(-number) }
      var numbers = value.numbers(count: count)
      for index in numbers.indices { numbers[index].negate() }
      return .numbers(numbers)
    case .arithmetic(let operation, let left, let right):
      return combine(operation, try value(of: left), try value(of: right))
    case .compare(let comparison, let left, let right):
      return .truths(try compare(comparison, left, right))
    case .isMember(let inner, let members):
      return .truths(try isMember(inner, members))
    case .not(let inner):
      return .truths(try value(of: inner).mask(count: count).map { !$0 })
    case .and(let left, let right):
      var truths = try value(of: left).mask(count: count)
      let others = try value(of: right).mask(count: count)
      for index in truths.indices where !others[index] { truths[index] = false }
      return .truths(truths)
    case .or(let left, let right):
      var truths = try value(of: left).mask(count: count)
      let others = try value(of: right).mask(count: count)
      for index in truths.indices where others[index] { truths[index] = true }
      return .truths(truths)
    }
  }

  private func numbers(ofColumn name: String) throws(InputRefusal) -> [Double] {
    let column = try table.column(name)
    switch column.numbers(missing: missing) {
    case .numbers(let values): return values
    case .notNumbers(let rows):
      if let text = textThroughout(column, rows) { throw InputRefusal(text) }
      throw InputRefusal(
        listing: rows.map { row in
          Finding.notNumber(
            file: table.file,
            sheet: table.sheet,
            row: table.fileRow(of: row),
            column: name,
            value: column.text(at: row) ?? ""
          )
        }
      )
    }
  }

  /// One finding for a column of several rows that holds no number at all: the wrong column, not so many wrong cells.
  private func textThroughout(_ column: Column, _ rows: [Int]) -> Finding? {
    guard rows.count > 1, let first = rows.first else { return nil }
    let given = (0..<table.rowCount).count { row in column.text(at: row).map { !missing.contains($0) } ?? false }
    guard given == rows.count else { return nil }
    let example = messageValue(column.text(at: first) ?? "", column: column.name)
    return Finding(
      "number-text",
      file: table.file,
      sheet: table.sheet,
      column: column.name,
      value: example,
      message: LocalizedText(
        zh: "这一列是文本：\(rows.count) 个值没有一个是数字。",
        en: "is a column of text: none of its \(rows.count) values is a number."
      ),
      fix: LocalizedText(
        zh: "这里须用数字列；与文本比较请加引号，例如 \(column.name) == '\(example)'。",
        en: "Name a column of numbers here; a text is compared in quotes, as in \(column.name) == '\(example)'."
      )
    )
  }

  private func combine(_ operation: Expression.Arithmetic, _ left: Values, _ right: Values) -> Values {
    if case .same(let a) = left, case .same(let b) = right { return .same(apply(operation, a, b)) }
    var result = left.numbers(count: table.rowCount)
    if case .same(let b) = right {
      for index in result.indices { result[index] = apply(operation, result[index], b) }
    } else {
      let others = right.numbers(count: table.rowCount)
      for index in result.indices { result[index] = apply(operation, result[index], others[index]) }
    }
    return .numbers(result)
  }

  private func apply(_ operation: Expression.Arithmetic, _ left: Double, _ right: Double) -> Double {
    let result =
      switch operation {
      case .add: left + right
      case .subtract: left - right
      case .multiply: left * right
      case .divide: left / right
      }
    return result.isFinite ? result : .nan
  }

  private func compare(
    _ comparison: Expression.Comparison,
    _ left: Expression.Node,
    _ right: Expression.Node
  ) throws(InputRefusal) -> [Bool] {
    if left.isText || right.isText { return try compareText(comparison, left, right) }
    if comparison == .equal || comparison == .notEqual, case .column(let a) = left,
      case .column(let b) = right, case .text(let first) = try table.column(a).storage,
      case .text(let second) = try table.column(b).storage
    {
      return compareColumns(first, second, wanted: comparison == .equal)
    }
    let leftValue = try value(of: left)
    let rightValue = try value(of: right)
    var truths = [Bool](repeating: false, count: table.rowCount)
    let others = rightValue.numbers(count: table.rowCount)
    let values = leftValue.numbers(count: table.rowCount)
    for index in truths.indices { truths[index] = holds(comparison, values[index], others[index]) }
    return truths
  }

  private func compareColumns(_ left: CodedText, _ right: CodedText, wanted: Bool) -> [Bool] {
    var codeByBytes: [[UInt8]: Int32] = [:]
    for (code, level) in left.levels.enumerated() { codeByBytes[Array(level.utf8)] = Int32(code) }
    let leftCodes = right.levels.map { codeByBytes[Array($0.utf8)] ?? -1 }
    return left.codes.indices.map { row in
      guard left.codes[row] >= 0, right.codes[row] >= 0 else { return false }
      return (left.codes[row] == leftCodes[Int(right.codes[row])]) == wanted
    }
  }

  /// Compares each level once; the rows then look their answer up.
  private func compareText(
    _ comparison: Expression.Comparison,
    _ left: Expression.Node,
    _ right: Expression.Node
  ) throws(InputRefusal) -> [Bool] {
    switch (left, right) {
    case (.column(let name), .text(let text)):
      return lookUp(try table.column(name).codedText) { holds(comparison, order($0, text)) }
    case (.text(let text), .column(let name)):
      return lookUp(try table.column(name).codedText) { holds(comparison, order(text, $0)) }
    case (.text(let first), .text(let second)):
      return [Bool](repeating: holds(comparison, order(first, second)), count: table.rowCount)
    case (.text(let text), _), (_, .text(let text)):
      throw textAsNumber(text)
    default: return []
    }
  }

  private func isMember(
    _ inner: Expression.Node,
    _ members: [Expression.Node]
  ) throws(InputRefusal) -> [Bool] {
    var texts: Set<[UInt8]> = []
    var numbers: Set<Double> = []
    for member in members {
      switch member {
      case .text(let text): texts.insert(Array(text.utf8))
      case .number(let value): numbers.insert(value)
      default: continue
      }
    }
    if let text = members.first, case .text(let example) = text {
      switch inner {
      case .column(let name):
        return lookUp(try table.column(name).codedText) { texts.contains(Array($0.utf8)) }
      case .text(let own):
        return [Bool](repeating: texts.contains(Array(own.utf8)), count: table.rowCount)
      default: throw textAsNumber(example)
      }
    }
    return try value(of: inner).numbers(count: table.rowCount).map { numbers.contains($0) }
  }

  private func lookUp(_ text: CodedText, _ answer: (String) -> Bool) -> [Bool] {
    let answers = text.levels.map(answer)
    return text.codes.map { $0 >= 0 && answers[Int($0)] }
  }

  private func order(_ left: String, _ right: String) -> Int {
    if left.utf8.elementsEqual(right.utf8) { return 0 }
    return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
  }

  private func holds(_ comparison: Expression.Comparison, _ order: Int) -> Bool {
    holds(comparison, Double(order), 0)
  }

  private func holds(_ comparison: Expression.Comparison, _ left: Double, _ right: Double) -> Bool {
    switch comparison {
    case .equal: left == right
    case .notEqual: !left.isNaN && !right.isNaN && left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
  }

  private func textAsNumber(_ text: String) -> InputRefusal {
    InputRefusal(
      Finding(
        "expression-type",
        value: expression.source,
        message: LocalizedText(
          zh: "文本 '\(text)' 用在了需要数字的地方。",
          en: "the text '\(text)' stands where a number is needed."
        ),
        fix: LocalizedText(
          zh: "文本只能与一列直接比较，例如 class == 'P2'。",
          en: "Compare a text with a column directly, as in class == 'P2'."
        )
      )
    )
  }
}
