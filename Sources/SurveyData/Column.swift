/// One named column of a table: coded text, or numbers.
public struct Column: Sendable {
  package enum Storage: Sendable {
    case text(CodedText)
    /// Missing values are NaN.
    case number([Double])
  }

  /// The name by which formulas and designs know it.
  public var name: String
  package var storage: Storage

  package init(_ name: String, _ storage: Storage) {
    self.name = name
    self.storage = storage
  }

  /// A text column; `nil` is a missing value.
  public init(_ name: String, texts: [String?]) {
    self.init(name, .text(CodedText(texts)))
  }

  /// A column of numbers; NaN is a missing value.
  public init(_ name: String, numbers: [Double]) {
    self.init(name, .number(numbers))
  }

  package var rowCount: Int {
    switch storage {
    case .text(let text): text.codes.count
    case .number(let values): values.count
    }
  }

  package func rows(_ indices: [Int]) -> Column {
    switch storage {
    case .text(let text):
      Column(name, .text(CodedText(levels: text.levels, codes: indices.map { text.codes[$0] })))
    case .number(let values):
      Column(name, .number(indices.map { values[$0] }))
    }
  }

  /// The value as text, as it would stand in a CSV cell; `nil` where it is missing.
  package func text(at row: Int) -> String? {
    switch storage {
    case .text(let text):
      text.codes[row] < 0 ? nil : text.levels[Int(text.codes[row])]
    case .number(let values):
      values[row].isNaN ? nil : shortest(values[row])
    }
  }

  /// The column as coded text; numbers become their shortest text form.
  package var codedText: CodedText {
    switch storage {
    case .text(let text): text
    case .number(let values): CodedText(values.map { $0.isNaN ? nil : shortest($0) })
    }
  }

  /// The column as numbers, NaN where missing; `nil` at the first text that is no number.
  ///
  /// Each distinct text is parsed once. `missing` lists the texts that stand for a missing value.
  package func numbers(missing: Set<String> = Column.missingNumberTexts) -> NumberReading {
    switch storage {
    case .number(let values): return .numbers(values)
    case .text(let text):
      var parsed = [Double]()
      parsed.reserveCapacity(text.levels.count)
      var bad = Set<Int32>()
      for (index, level) in text.levels.enumerated() {
        if missing.contains(level) {
          parsed.append(.nan)
        } else if let value = plainNumber(level) {
          parsed.append(value)
        } else {
          parsed.append(.nan)
          bad.insert(Int32(index))
        }
      }
      if !bad.isEmpty {
        let rows = text.codes.indices.filter { bad.contains(text.codes[$0]) }
        if !rows.isEmpty { return .notNumbers(rows: rows) }
      }
      return .numbers(text.codes.map { $0 < 0 ? .nan : parsed[Int($0)] })
    }
  }

  /// The outcome of reading a column as numbers.
  package enum NumberReading: Sendable {
    case numbers([Double])
    /// The rows (indices into the table) whose text is no number.
    case notNumbers(rows: [Int])
  }

  /// Cells that R and Stata users write for a missing number; an empty cell is always missing.
  package static let missingNumberTexts: Set<String> = ["NA", "."]
}

/// Text stored as codes into a list of distinct levels; code −1 is a missing value.
package struct CodedText: Sendable {
  package var levels: [String]
  package var codes: [Int32]

  package init(levels: [String], codes: [Int32]) {
    self.levels = levels
    self.codes = codes
  }

  package init(_ texts: [String?]) {
    levels = []
    codes = []
    codes.reserveCapacity(texts.count)
    var codeByBytes: [[UInt8]: Int32] = [:]
    for text in texts {
      guard let text else {
        codes.append(-1)
        continue
      }
      let bytes = [UInt8](text.utf8)
      if let code = codeByBytes[bytes] {
        codes.append(code)
      } else {
        let code = Int32(levels.count)
        codeByBytes[bytes] = code
        levels.append(text)
        codes.append(code)
      }
    }
  }
}

/// Reads a decimal number as plain files write it; nothing else (no blanks, commas, hex or units).
package func plainNumber(_ text: String) -> Double? {
  var digits = 0
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
    case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
      continue
    default: return nil
    }
  }
  guard digits > 0, let value = Double(text), value.isFinite else { return nil }
  return value
}

/// The shortest decimal text that reads back as the same number; whole numbers have no ".0".
package func shortest(_ value: Double) -> String {
  if value == value.rounded(), abs(value) < 0x1p53 { return String(Int64(value)) }
  return "\(value)"
}

/// The name nearest to a mistyped one by edit distance, if any is near enough to suggest.
package func nearest(to name: String, among names: [String]) -> String? {
  let wanted = Array(name.lowercased())
  var best: (name: String, distance: Int)?
  for candidate in names {
    let distance = editDistance(wanted, Array(candidate.lowercased()))
    if distance < best?.distance ?? Int.max { best = (candidate, distance) }
  }
  guard let best, best.distance <= max(2, wanted.count / 3) else { return nil }
  return best.name
}

private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var previous = Array(0...right.count)
  for (i, a) in left.enumerated() {
    var current = [i + 1]
    for (j, b) in right.enumerated() {
      current.append(min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a == b ? 0 : 1)))
    }
    previous = current
  }
  return previous[right.count]
}
