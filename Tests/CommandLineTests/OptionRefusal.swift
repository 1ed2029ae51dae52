import Testing

/// Options that are refused: the option that the message names, and the exit code.
struct OptionRefusal: Sendable, CustomTestStringConvertible {
  var options: [String]
  var named: String
  var status: Int32
  var testDescription: String { options.joined(separator: " ") }

  init(_ options: [String], _ named: String, _ status: Int32) {
    self.options = options
    self.named = named
    self.status = status
  }
}
