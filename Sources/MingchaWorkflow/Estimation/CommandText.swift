/// Splits a list on the command line at its separators, outside brackets and quotes.
///
/// `a, b in ['x', 'y']` has two parts at ",". Parts lose their outer blanks; empty ones are left out.
package func listParts(_ text: String, separator: Character = ",") -> [String] {
  var parts = [String]()
  var current = ""
  var depth = 0
  var quote: Character?
  for character in text {
    if let open = quote {
      if character == open { quote = nil }
      current.append(character)
      continue
    }
    switch character {
    case "'", "\"", "`": quote = character
    case "(", "[": depth += 1
    case ")", "]": depth -= 1
    default: break
    }
    if character == separator, depth == 0 {
      parts.append(current)
      current = ""
    } else {
      current.append(character)
    }
  }
  parts.append(current)
  return parts.map(trimmed).filter { !$0.isEmpty }
}

private func trimmed(_ text: String) -> String {
  var part = text[...]
  while part.first == " " { part.removeFirst() }
  while part.last == " " { part.removeLast() }
  return String(part)
}
