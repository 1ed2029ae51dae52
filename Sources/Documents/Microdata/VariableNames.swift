/// Column names as a statistics program takes them, each once.
struct VariableNames {
  private(set) var names: [String] = []
  private(set) var changes: [MicrodataChange] = []

  /// Words that a program keeps for itself.
  private static let spssWords: Set<String> = [
    "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with",
  ]
  private static let stataWords: Set<String> = [
    "_all", "_b", "_coef", "_cons", "_n", "_pi", "_pred", "_rc", "_skip", "byte", "double", "float", "if", "in", "int",
    "long", "strl", "using", "with",
  ]

  init(_ wanted: [String], for form: MicrodataForm) {
    // SPSS does not tell capitals, and a file for Stata is better off without such pairs too.
    var used = Set<String>()
    for name in wanted {
      let base = Self.allowed(name, form)
      var unique = base
      var number = 2
      while !used.insert(unique.lowercased()).inserted {
        let end = "_\(number)"
        unique = Self.cut(base, form, room: end.utf8.count) + end
        number += 1
      }
      names.append(unique)
      if unique != name { changes.append(.renamed(from: name, to: unique)) }
    }
  }

  private static func allowed(_ name: String, _ form: MicrodataForm) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      text.unicodeScalars.append(isAllowed(scalar, form) ? scalar : "_")
    }
    if form != .dta {
      // A period or an underscore at the end is SPSS's own.
      while text.last == "." { text.removeLast() }
    }
    let first = text.unicodeScalars.first
    let mayBegin = first.map { $0.properties.isAlphabetic || (form == .dta && $0 == "_") } ?? false
    if !mayBegin { text = (form == .dta ? "_" : "v_") + text }
    let lower = text.lowercased()
    let isNumberedText = lower.hasPrefix("str") && lower.dropFirst(3).first?.isNumber == true
    if form == .dta ? stataWords.contains(lower) || isNumberedText : spssWords.contains(lower) {
      text = (form == .dta ? "_" : "v_") + text
    }
    return cut(text, form, room: 0)
  }

  private static func isAllowed(_ scalar: Unicode.Scalar, _ form: MicrodataForm) -> Bool {
    if scalar == "_" { return true }
    if scalar.isASCII {
      if scalar.properties.isAlphabetic || (0x30...0x39).contains(scalar.value) { return true }
      return form != .dta && "@.$#".unicodeScalars.contains(scalar)
    }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  /// SPSS takes 64 bytes, Stata 32 characters.
  private static func cut(_ text: String, _ form: MicrodataForm, room: Int) -> String {
    form == .dta
      ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(32 - room))) : textPrefix(text, bytes: 64 - room)
  }
}

/// The begin of a text that has at most so many bytes, without cutting a character.
func textPrefix(_ text: String, bytes: Int) -> String {
  guard text.utf8.count > bytes else { return text }
  var out = String.UnicodeScalarView()
  var count = 0
  for scalar in text.unicodeScalars {
    count += UTF8.width(scalar)
    if count > bytes { break }
    out.append(scalar)
  }
  return String(out)
}
