/// Any JSON: reference files hold keys that this program need not know.
enum JSONValue: Decodable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    if let number = try? single.decode(Double.self) {
      self = .number(number)
    } else if let text = try? single.decode(String.self) {
      self = .text(text)
    } else if let list = try? single.decode([JSONValue].self) {
      self = .list(list)
    } else if let object = try? single.decode([String: JSONValue].self) {
      self = .object(object)
    } else if let bool = try? single.decode(Bool.self) {
      self = .bool(bool)
    } else {
      self = .null
    }
  }

  subscript(key: String) -> JSONValue? {
    if case .object(let fields) = self, let value = fields[key] {
      if case .null = value { return nil }
      return value
    }
    return nil
  }

  /// A number, or the texts that stand for one which JSON cannot write.
  var number: Double? {
    switch self {
    case .number(let value): value
    case .text("NaN"), .text("NA"): .nan
    case .text("Inf"): .infinity
    case .text("-Inf"): -.infinity
    default: nil
    }
  }

  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  var isTrue: Bool {
    if case .bool(true) = self { true } else { false }
  }

  /// The members of a list; what is no list is a list of itself, and R's empty list may be written {}.
  var list: [JSONValue] {
    switch self {
    case .list(let members): members
    case .object(let fields) where fields.isEmpty: []
    case .null: []
    default: [self]
    }
  }

  var texts: [String] { list.compactMap(\.text) }

  var numbers: [Double] { list.compactMap(\.number) }
}
