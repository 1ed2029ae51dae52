/// The parts of a text between separators that stand outside parentheses and quotes, without outer blanks.
package func topParts(_ text: String, separator: Character) -> [String] {
  var parts: [[Character]] = [[]]
  var depth = 0
  var quote: Character?
  for character in text {
    if let open = quote {
      if character == open { quote = nil }
    } else if character == "'" || character == "\"" || character == "`" {
      quote = character
    } else if character == "(" || character == "[" {
      depth += 1
    } else if character == ")" || character == "]" {
      depth -= 1
    } else if character == separator, depth == 0 {
      parts.append([])
      continue
    }
    parts[parts.count - 1].append(character)
  }
  return parts.map { part in
    String(part.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
