internal import SurveyData

/// What a number format makes of a number, as far as dates are concerned.
enum DateFormat {
  case date
  case time
  /// Hours, minutes or seconds that go on counting, such as [h]:mm.
  case elapsed

  /// The meaning of a format that every spreadsheet knows by number; `nil` for plain numbers.
  ///
  /// Source: ECMA-376 part 1, 18.8.30, with the East Asian formats 27 to 36 and 50 to 58, some of which
  /// are dates in one language and times in another.
  init?(builtIn number: Int) {
    switch number {
    case 14...17, 22, 27...31, 36, 50...54, 57, 58: self = .date
    case 18...21, 32...35, 45, 47, 55, 56: self = .time
    case 46: self = .elapsed
    default: return nil
    }
  }

  /// The meaning of a format code, judged by its first section; `nil` for plain numbers.
  init?(code: String) {
    guard let tokens = Self.tokens(code) else {
      self = .elapsed
      return
    }
    var isTime = false
    for (index, token) in tokens.enumerated() {
      switch token {
      case "y", "d", "e":
        self = .date
        return
      case "m":
        let before = index > 0 ? tokens[index - 1] : " "
        let after = index + 1 < tokens.count ? tokens[index + 1] : " "
        guard before == "h" || after == "s" else {
          self = .date
          return
        }
      default: isTime = true
      }
    }
    guard isTime else { return nil }
    self = .time
  }

  /// The letters y, e, m, d, h and s that stand for parts of a date, runs as one; `nil` for an elapsed time.
  private static func tokens(_ code: String) -> [Character]? {
    var tokens: [Character] = []
    var previous: Character = " "
    var rest = Substring(code.lowercased())
    while let character = rest.popFirst() {
      defer { previous = character }
      switch character {
      case ";": return tokens
      case "\"": rest = rest.drop { $0 != "\"" }.dropFirst()
      case "\\", "_", "*": rest = rest.dropFirst()
      case "[":
        let inner = rest.prefix { $0 != "]" }
        rest = rest.dropFirst(inner.count + 1)
        if let first = inner.first, "hms".contains(first), inner.allSatisfy({ $0 == first }) { return nil }
      case "g" where rest.hasPrefix("eneral"): rest = rest.dropFirst(6)
      case "a" where rest.hasPrefix("m/pm"): rest = rest.dropFirst(4)
      case "a" where rest.hasPrefix("/p"): rest = rest.dropFirst(2)
      case "e" where rest.first == "+" || rest.first == "-": continue
      case "y", "e", "m", "d", "h", "s":
        if character != previous || tokens.isEmpty { tokens.append(character) }
      default: continue
      }
    }
    return tokens
  }
}

/// The date formats among a workbook's cell styles, by style number.
final class StylesReader: MarkupReader {
  /// For each cell style the meaning of its number format; `nil` for plain numbers.
  private(set) var formats: [DateFormat?] = []
  private var custom: [Int: DateFormat?] = [:]
  private var isInFormats = false
  private var isInCellStyles = false

  override func start(_ name: MarkupName, _ attributes: MarkupAttributes) throws(InputRefusal) {
    if name == "numFmts" {
      isInFormats = true
    } else if name == "cellXfs" {
      isInCellStyles = true
    } else if isInFormats, name == "numFmt", let number = attributes.integer("numFmtId") {
      custom.updateValue(attributes.string("formatCode").flatMap { DateFormat(code: $0) }, forKey: number)
    } else if isInCellStyles, name == "xf" {
      let number = attributes.integer("numFmtId") ?? 0
      formats.append(custom[number] ?? DateFormat(builtIn: number))
    }
  }

  override func end(_ name: MarkupName) throws(InputRefusal) {
    if name == "numFmts" {
      isInFormats = false
    } else if name == "cellXfs" {
      isInCellStyles = false
      isDone = true
    }
  }
}
