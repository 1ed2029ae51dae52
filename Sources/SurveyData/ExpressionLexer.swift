/// One word of an expression.
enum ExpressionToken: Equatable {
  case number(Double)
  case text(String)
  case name(String)
  /// `and`, `or`, `not`, `in`, an operator or a bracket.
  case symbol(String)
  case end
}

/// Cuts an expression into words, each with its position (the first character is 1).
struct ExpressionLexer {
  static let words: Set<String> = ["and", "or", "not", "in"]
  private static let twoCharacterSymbols: Set<String> = ["==", "!=", "<=", ">="]
  private static let oneCharacterSymbols: Set<Character> = [
    "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",",
  ]
  /// What people type for our operators, and what it is here.
  private static let habits: [(String, String)] = [
    ("&&", "and"), ("||", "or"), ("&", "and"), ("|", "or"), ("!", "not"), ("=", "=="), ("<>", "!="),
    ("（", "("), ("）", ")"), ("，", ","), ("“", "'"), ("”", "'"), ("‘", "'"), ("’", "'"), ("＝", "=="),
    ("＞", ">"), ("＜", "<"), ("【", "["), ("】", "]"), ("＋", "+"), ("－", "-"), ("×", "*"), ("÷", "/"),
  ]

  private let source: String
  private let characters: [Character]
  private var index = 0

  init(_ source: String) {
    self.source = source
    characters = Array(source)
  }

  mutating func next() throws(InputRefusal) -> (token: ExpressionToken, position: Int) {
    while index < characters.count, characters[index].isWhitespace { index += 1 }
    let start = index
    guard index < characters.count else { return (.end, start + 1) }
    let character = characters[index]
    if character.isASCII, character.isNumber || isDecimalPoint(at: index) {
      return (try number(), start + 1)
    }
    if Self.continuesName(character) { return (name(), start + 1) }
    if character == "'" || character == "\"" { return (.text(try quoted(by: character)), start + 1) }
    if character == "`" { return (.name(try quoted(by: character)), start + 1) }
    if index + 1 < characters.count, Self.twoCharacterSymbols.contains(String(characters[index...index + 1])) {
      index += 2
      return (.symbol(String(characters[start..<index])), start + 1)
    }
    if Self.oneCharacterSymbols.contains(character), !startsWith("<>") {
      index += 1
      return (.symbol(String(character)), start + 1)
    }
    let habit = Self.habits.first { startsWith($0.0) }
    throw ExpressionLexer.refusal(
      source,
      at: start + 1,
      found: habit?.0 ?? String(character),
      expected: habit.map { LocalizedText("\($0.1)") }
        ?? LocalizedText(zh: "列名、数字、文本或运算符", en: "a column, number, text or operator")
    )
  }

  private func startsWith(_ text: String) -> Bool {
    characters[index...].starts(with: text)
  }

  private func isDecimalPoint(at place: Int) -> Bool {
    characters[place] == "." && place + 1 < characters.count && characters[place + 1].isASCII
      && characters[place + 1].isNumber
  }

  private static func continuesName(_ character: Character) -> Bool {
    if character.isASCII {
      return character.isLetter || character.isNumber || character == "_" || character == "."
    }
    return character.unicodeScalars.allSatisfy(\.properties.isIDContinue)
  }

  private mutating func number() throws(InputRefusal) -> ExpressionToken {
    let start = index
    while index < characters.count {
      let character = characters[index]
      let isSign =
        (character == "-" || character == "+") && index > start
        && (characters[index - 1] == "e" || characters[index - 1] == "E")
      guard isSign || Self.continuesName(character) else { break }
      index += 1
    }
    let text = String(characters[start..<index])
    if let value = plainNumber(text) { return .number(value) }
    throw Self.refusal(
      source,
      at: start + 1,
      found: text,
      expected: LocalizedText(
        zh: "数字（以数字开头的列名请放在反引号内：`\(text)`）",
        en: "a number (put a column name that begins with a digit in backquotes: `\(text)`)"
      )
    )
  }

  private mutating func name() -> ExpressionToken {
    let start = index
    while index < characters.count, Self.continuesName(characters[index]) { index += 1 }
    let text = String(characters[start..<index])
    return Self.words.contains(text) ? .symbol(text) : .name(text)
  }

  /// The text up to the closing mark; a doubled mark stands for itself.
  private mutating func quoted(by mark: Character) throws(InputRefusal) -> String {
    let start = index
    var text = ""
    index += 1
    while index < characters.count {
      if characters[index] == mark {
        index += 1
        guard index < characters.count, characters[index] == mark else { return text }
      }
      text.append(characters[index])
      index += 1
    }
    throw Self.refusal(
      source,
      at: start + 1,
      found: String(mark),
      expected: LocalizedText(zh: "与之成对的 \(mark)", en: "a closing \(mark)")
    )
  }

  static func refusal(
    _ source: String,
    at position: Int,
    found: String?,
    expected: LocalizedText
  ) -> InputRefusal {
    let foundText =
      found.map { LocalizedText(zh: "“\($0)”", en: "\"\($0)\"") }
      ?? LocalizedText(zh: "结尾", en: "the end")
    return InputRefusal(
      Finding(
        "expression-syntax",
        value: source,
        message: LocalizedText(
          zh: "第 \(position) 个字符处是\(foundText.zh)，应为\(expected.zh)。",
          en: "character \(position) is \(foundText.en); expected \(expected.en)."
        ),
        fix: LocalizedText(
          zh: "写法示例：class == 'P2' and persons > 0。",
          en: "Write for example: class == 'P2' and persons > 0."
        )
      )
    )
  }
}
