internal import Glibc

/// A value with its derivatives by the estimates it is made of.
struct Dual {
  var value: Double
  var gradient: [Double]

  init(value: Double, gradient: [Double]) {
    self.value = value
    self.gradient = gradient
  }

  init(_ value: Double, variable place: Int, of count: Int) {
    self.value = value
    gradient = (0..<count).map { $0 == place ? 1 : 0 }
  }

  /// f of this and another value, given the partial derivatives there.
  func combined(_ other: Dual, _ result: Double, _ left: Double, _ right: Double) -> Dual {
    Dual(
      value: result,
      gradient: gradient.indices.map {
        (gradient[$0] == 0 ? 0 : left * gradient[$0]) + (other.gradient[$0] == 0 ? 0 : right * other.gradient[$0])
      }
    )
  }

  func mapped(_ result: Double, _ derivative: Double) -> Dual {
    Dual(value: result, gradient: gradient.map { $0 * derivative })
  }
}

/// Reads the small part of R's formula language that contrasts are written in.
///
/// Numbers, names (also in backquotes), + − * / ^, parentheses, log, exp and sqrt; anything else is counted
/// as unsupported.
struct FormulaReader {
  private let characters: [Character]
  private let variables: [String: Dual]
  private var place = 0

  init(_ source: String, variables: [String: Dual]) {
    characters = source.filter { !$0.isWhitespace }
    self.variables = variables
  }

  func value() throws -> Dual {
    var reader = self
    let value = try reader.sum()
    guard reader.place == characters.count else { throw Self.unreadable }
    return value
  }

  private static let unreadable = Unsupported("contrast formula")

  private mutating func takes(_ character: Character) -> Bool {
    guard place < characters.count, characters[place] == character else { return false }
    place += 1
    return true
  }

  private mutating func sum() throws -> Dual {
    var left = try product()
    while true {
      if takes("+") {
        let right = try product()
        left = left.combined(right, left.value + right.value, 1, 1)
      } else if takes("-") {
        let right = try product()
        left = left.combined(right, left.value - right.value, 1, -1)
      } else {
        return left
      }
    }
  }

  private mutating func product() throws -> Dual {
    var left = try signed()
    while true {
      if takes("*") {
        let right = try signed()
        left = left.combined(right, left.value * right.value, right.value, left.value)
      } else if takes("/") {
        let right = try signed()
        left = left.combined(
          right,
          left.value / right.value,
          1 / right.value,
          -left.value / (right.value * right.value)
        )
      } else {
        return left
      }
    }
  }

  private mutating func signed() throws -> Dual {
    if takes("-") {
      let value = try signed()
      return value.mapped(-value.value, -1)
    }
    if takes("+") { return try signed() }
    return try power()
  }

  private mutating func power() throws -> Dual {
    let base = try primary()
    guard takes("^") else { return base }
    let exponent = try signed()
    let value = pow(base.value, exponent.value)
    return base.combined(
      exponent,
      value,
      exponent.value * pow(base.value, exponent.value - 1),
      value * log(base.value)
    )
  }

  private mutating func primary() throws -> Dual {
    if takes("(") {
      let value = try sum()
      guard takes(")") else { throw Self.unreadable }
      return value
    }
    let isQuoted = takes("`")
    let word = word(isQuoted: isQuoted)
    if isQuoted, !takes("`") { throw Self.unreadable }
    if !isQuoted, let number = Double(word) {
      return Dual(value: number, gradient: [Double](repeating: 0, count: variables.values.first?.gradient.count ?? 0))
    }
    if !isQuoted, takes("(") {
      let value = try sum()
      guard takes(")") else { throw Self.unreadable }
      switch word {
      case "log": return value.mapped(log(value.value), 1 / value.value)
      case "exp": return value.mapped(exp(value.value), exp(value.value))
      case "sqrt": return value.mapped(value.value.squareRoot(), 0.5 / value.value.squareRoot())
      default: throw Self.unreadable
      }
    }
    guard let variable = variables[word] else { throw Self.unreadable }
    return variable
  }

  private mutating func word(isQuoted: Bool) -> String {
    let start = place
    while place < characters.count {
      let character = characters[place]
      if isQuoted
        ? character == "`" : !(character.isLetter || character.isNumber || character == "_" || character == ".")
      {
        // The sign of an exponent belongs to its number.
        let isExponentSign =
          !isQuoted && (character == "-" || character == "+") && place > start && characters[start].isNumber
          && (characters[place - 1] == "e" || characters[place - 1] == "E")
        if !isExponentSign { break }
      }
      place += 1
    }
    return String(characters[start..<place])
  }
}
