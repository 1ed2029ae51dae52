internal import Documents

/// A JSON value whose members keep the order in which they were put in, for result files.
enum JSONValue: Sendable {
  case null
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([(String, JSONValue)])

  /// A number, or null where there is none; what is not finite never gets into a file.
  static func number(_ value: Double?) -> JSONValue {
    guard let value, value.isFinite else { return .null }
    return .number(value)
  }

  static func integer(_ value: Int?) -> JSONValue { value.map { .integer($0) } ?? .null }

  static func text(_ value: String?) -> JSONValue { value.map { .text($0) } ?? .null }

  static func texts(_ values: [String]) -> JSONValue { .array(values.map { .text($0) }) }

  /// The file's bytes: objects and lists of objects a member a line, everything else on one line.
  var bytes: [UInt8] {
    var out = ""
    write(to: &out, indent: "")
    return Array((out + "\n").utf8)
  }

  private var isFlat: Bool {
    switch self {
    case .null, .flag, .integer, .number, .text: true
    case .array(let items): items.allSatisfy(\.isScalar)
    case .object(let members): members.allSatisfy { $0.1.isScalar }
    }
  }

  private var isScalar: Bool {
    switch self {
    case .null, .flag, .integer, .number, .text: true
    case .array(let items): items.isEmpty
    case .object(let members): members.isEmpty
    }
  }

  private func write(to out: inout String, indent: String) {
    let inner = indent + "  "
    let gap = isFlat ? " " : "\n" + inner
    switch self {
    case .null: out += "null"
    case .flag(let value): out += value ? "true" : "false"
    case .integer(let value): out += String(value)
    case .number(let value): out += value.isFinite ? NumberText.shortest(value) : "null"
    case .text(let value): out += Escaping.json(value)
    case .array(let items):
      out += "["
      for (place, item) in items.enumerated() {
        if place > 0 { out += "," + gap } else if !isFlat { out += gap }
        item.write(to: &out, indent: inner)
      }
      out += isFlat ? "]" : "\n\(indent)]"
    case .object(let members):
      out += "{"
      for (place, member) in members.enumerated() {
        if place > 0 { out += "," + gap } else if !isFlat { out += gap }
        out += Escaping.json(member.0) + ": "
        member.1.write(to: &out, indent: inner)
      }
      out += isFlat ? "}" : "\n\(indent)}"
    }
  }
}
