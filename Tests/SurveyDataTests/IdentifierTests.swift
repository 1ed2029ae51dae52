import SurveyData
import Testing

private func normalized(_ texts: [String?], lengths: Set<Int>? = nil) -> (values: [String?], findings: [Finding]) {
  let column = Column("code", texts: texts)
  let result = normalizedIdentifiers(column, of: Table(columns: [column], file: "a.csv"), lengths: lengths)
  return (texts.indices.map { result.column.text(at: $0) }, result.findings)
}

@Suite struct IdentifierTests {
  @Test("full-width characters and outer blanks are mended, each with a note")
  func mended() {
    let (values, found) = normalized(["１５０１２１", " 150121 ", "150121\u{3000}", "150121", "团结\u{A0}村"])
    #expect(values == ["150121", "150121", "150121", "150121", "团结 村"])
    #expect(found.map(\.code) == Array(repeating: "id-normalized", count: 4))
    #expect(found.map(\.row) == [2, 3, 4, 6] && found.allSatisfy { $0.severity == .note })
  }

  @Test(
    "an invisible or direction mark is refused and named",
    arguments: ["150\u{200B}121", "\u{202E}150121", "150121\u{FEFF}", "150\u{AD}121"]
  )
  func invisible(text: String) {
    let found = normalized([text]).findings
    #expect(found.map(\.code) == ["id-invisible"] && found[0].severity == .refusal)
    #expect(found[0].message.en.contains("U+"))
  }

  @Test(
    "what a spreadsheet turned into a power of ten is refused; a code with an E is not",
    arguments: ["1.50121E+17", "1.5e17", "15E+16"]
  )
  func scientific(text: String) {
    #expect(normalized([text]).findings.map(\.code) == ["id-scientific"])
    for code in ["15E6", "E12", "1E", "AE+17", "150121"] { #expect(normalized([code]).findings.isEmpty, "\(code)") }
  }

  // Two of three end in 000: chance would do that to one in a thousand.
  @Test("identity numbers cut to fifteen digits are refused, a single one that ends in 000 by right is not")
  func cut() {
    let found = normalized(["150121199001010000", "150121199002020000", "11010519491231002X"]).findings
    #expect(found.map(\.code) == ["id-scientific", "id-scientific"] && found.map(\.row) == [2, 3])
    let valid = (0..<10).map { "15012119900101000\($0)" }.first(where: hasValidCheckCharacter)
    #expect(normalized([valid]).findings.isEmpty)
  }

  @Test("a wrong length suggests the leading zero that may be lost")
  func lengths() {
    let found = normalized(["050121", "50121", "1501", "x0121"], lengths: [6]).findings
    #expect(found.map(\.row) == [3, 4, 5] && found.allSatisfy { $0.code == "id-length" })
    #expect(found[0].fix.en.contains("\"050121\"") && found[1].fix.en.contains("\"001501\""))
    #expect(!found[2].fix.en.contains("zeros"))
  }

  @Test("the check character of GB 11643: two published numbers, and every other last character is wrong")
  func checkCharacter() {
    for number in ["11010519491231002X", "440524188001010014"] {
      #expect(hasValidCheckCharacter(number))
      for last in "0123456789X" where last != number.last {
        #expect(!hasValidCheckCharacter(String(number.dropLast()) + String(last)))
      }
    }
    #expect(!hasValidCheckCharacter("1101051949123100") && !hasValidCheckCharacter("11010519491231002x"))
  }

  @Test("an identity number is never shown whole; a village code is")
  func masked() {
    #expect(maskedIdentifier("11010519491231002X") == "110105****002X")
    #expect(maskedIdentifier("150121100200") == "150121100200")
    let shown = normalized(["１10105194912310021"]).findings[0]
    #expect(shown.value?.contains("****") == true && !shown.message.en.contains("19491231"))
  }
}

@Suite struct ByteLevelTests {
  @Test("equal bytes have one code, in the order of first sight, through growth and long keys")
  func codes() {
    var levels = ByteLevels()
    let words = (0..<5_000).map { $0 % 3 == 0 ? "v\($0)" : "a longer name of a village, number \($0)" }
    let first = words.map { levels.code(of: $0) }
    #expect(first == (0..<5_000).map { Int32($0) } && levels.count == 5_000)
    #expect(words.reversed().map { levels.code(of: $0) } == first.reversed())
    #expect(levels.texts == words)
  }

  @Test("the empty text, zero bytes and texts of seven and eight bytes are told apart")
  func edges() {
    var levels = ByteLevels()
    let texts = ["", "\0", "\0\0", "1234567", "12345678", "123456789", "\u{E9}", "e\u{301}"]
    #expect(texts.map { levels.code(of: $0) } == (0..<8).map { Int32($0) })
  }
}
