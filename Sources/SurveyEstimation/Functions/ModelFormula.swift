package import SurveyData

/// `y ~ a + b`: a response and what it is explained by, each an expression or a column of classes.
///
/// A column of texts, or `factor(a)`, stands for one column of 0 and 1 for each of its values but the first, as in R.
/// `a * b` is a product, not R's main effects with their interaction.
package struct ModelFormula: Sendable {
  package enum Term: Sendable {
    case expression(Expression)
    /// Each value of the column is a class.
    case classes(String)

    /// The column of it, if it is no more than that.
    package var column: String? {
      switch self {
      case .classes(let name): name
      case .expression(let expression):
        expression.columns.count == 1 && expression.isColumn ? expression.columns[0] : nil
      }
    }
  }

  package let source: String
  package let response: Expression
  package let terms: [Term]

  /// - Throws: a refusal where the formula cannot be read.
  package init(parsing source: String) throws(InputRefusal) {
    let sides = topParts(source, separator: "~")
    guard sides.count == 2 else {
      throw InputRefusal(
        Finding(
          "model-formula",
          value: source,
          message: LocalizedText(zh: "应为“因变量 ~ 自变量”。", en: "must be RESPONSE ~ TERMS."),
          fix: LocalizedText(zh: "例如 \"api00 ~ ell + meals\"。", en: "Write \"api00 ~ ell + meals\", say.")
        )
      )
    }
    self.source = source
    response = try Expression(parsing: sides[0])
    var terms: [Term] = []
    for part in topParts(sides[1], separator: "+") where part != "1" && part != "0" {
      if part.hasPrefix("factor("), part.hasSuffix(")") {
        let inner = try Expression(parsing: String(part.dropFirst(7).dropLast()))
        terms += inner.columns.map { .classes($0) }
      } else {
        terms.append(.expression(try Expression(parsing: part)))
      }
    }
    self.terms = terms
  }

  /// The columns that the model reads.
  package var columns: [String] {
    var names = response.columns
    for term in terms {
      switch term {
      case .classes(let name): names.append(name)
      case .expression(let expression): names += expression.columns
      }
    }
    return names
  }

  /// The terms as expressions, with columns of 0 and 1 for classes put into the table.
  ///
  /// - Parameters:
  ///   - table: whose columns the terms are.
  ///   - rows: whose values are classes; `nil`: all.
  /// - Returns: one expression a column of the model.
  /// - Throws: a refusal for a column that is missing or has one value only.
  package func expanded(in table: inout Table, rows: [Bool]? = nil) throws(InputRefusal) -> [Expression] {
    var expressions: [Expression] = []
    for term in terms {
      switch term {
      case .classes(let name): expressions += try Self.classes(name, in: &table, rows: rows)
      case .expression(let expression):
        if let name = term.column, Self.holdsTexts(try table.column(name)) {
          expressions += try Self.classes(name, in: &table, rows: rows)
        } else {
          expressions.append(expression)
        }
      }
    }
    return expressions
  }

  /// The rows among some that lack neither the response nor a term.
  ///
  /// - Throws: a refusal for a column that is missing or holds no numbers.
  func complete(_ rows: [Bool], in table: Table) throws(InputRefusal) -> [Bool] {
    var rows = rows
    func drop(_ isMissing: (Int) -> Bool) {
      for row in rows.indices where rows[row] { rows[row] = !isMissing(row) }
    }
    let values = try response.numbers(over: table)
    drop { values[$0].isNaN }
    for term in terms {
      if let name = term.column {
        let column = try table.column(name)
        var isClass = Self.holdsTexts(column)
        if case .classes = term { isClass = true }
        if isClass {
          let text = column.codedText
          let levels = Set(sortedLevels(text))
          drop { text.codes[$0] < 0 || !levels.contains(text.levels[Int(text.codes[$0])]) }
          continue
        }
      }
      if case .expression(let expression) = term {
        let values = try expression.numbers(over: table)
        drop { values[$0].isNaN }
      }
    }
    return rows
  }

  /// The two groups of a comparison as one column of 0 and 1, in the order of their values.
  ///
  /// - Throws: a refusal unless there is one column with two values.
  package func group(in table: inout Table) throws(InputRefusal) -> Expression {
    guard terms.count == 1, let name = terms[0].column else {
      throw Self.refusal(source, zh: "分组应为一列。", en: "the groups are one column.")
    }
    let groups = try Self.classes(name, in: &table, rows: nil)
    guard groups.count == 1 else {
      throw Self.refusal(
        name,
        zh: "有 \(groups.count + 1) 组，此检验只比较两组。",
        en: "has \(groups.count + 1) groups; this test compares two."
      )
    }
    return groups[0]
  }

  private static func refusal(_ value: String, zh: String, en: String) -> InputRefusal {
    InputRefusal(
      Finding(
        "model-groups",
        value: value,
        message: LocalizedText(zh: zh, en: en),
        fix: LocalizedText(zh: "请给出恰有两个取值的列。", en: "Name a column with exactly two values.")
      )
    )
  }

  private static func holdsTexts(_ column: Column) -> Bool {
    let text = column.codedText
    return text.levels.contains { plainNumber($0) == nil && !Column.missingNumberTexts.contains($0) }
  }

  private static func classes(
    _ name: String,
    in table: inout Table,
    rows: [Bool]?
  ) throws(InputRefusal) -> [Expression] {
    let text = try table.column(name).codedText
    var counted = text
    if let rows {
      for row in rows.indices where !rows[row] { counted.codes[row] = -1 }
    }
    let levels = sortedLevels(counted)
    guard levels.count > 1 else {
      if rows == nil { throw refusal(name, zh: "该列不足两个取值。", en: "has fewer than two values.") }
      throw InputRefusal(
        Finding(
          "model-one-value",
          value: name,
          message: LocalizedText(zh: "不足两个取值。", en: "has fewer than two values."),
          fix: LocalizedText(zh: "请去掉该自变量。", en: "Leave this term out.")
        )
      )
    }
    return levels.dropFirst().map { level in
      let column = "\(name)=\(level)"
      let numbers = text.codes.map { code in
        code < 0 || isMissing(text.levels[Int(code)], levels) ? Double.nan : text.levels[Int(code)] == level ? 1 : 0
      }
      table.set(Column(column, numbers: numbers))
      return Expression(column: column)
    }
  }

  private static func isMissing(_ text: String, _ levels: [String]) -> Bool { !levels.contains(text) }
}

/// The values of a column that occur: as numbers where all of them are, else by their bytes.
func sortedLevels(_ text: CodedText) -> [String] {
  var used = Set(text.codes)
  used.remove(-1)
  let levels = used.map { text.levels[Int($0)] }
  let present = levels.filter { !Column.missingNumberTexts.contains($0) }
  if present.allSatisfy({ plainNumber($0) != nil }) {
    return present.sorted { (plainNumber($0) ?? 0) < (plainNumber($1) ?? 0) }
  }
  return levels.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}
