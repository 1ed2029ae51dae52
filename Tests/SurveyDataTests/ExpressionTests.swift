import SurveyData
import Testing

private let households = Table(
  columns: [
    Column("class", texts: ["P2", "P1", nil, "P2", "N0"]),
    Column("persons", texts: ["3", "NA", "4", "0", "1e1"]),
    Column("户主.姓名", texts: ["王", "包", "王", nil, "圐圙"]),
    Column("weight", numbers: [1, 2, .nan, 4, 5]),
    Column("code", texts: ["0101", "101", "0101", "0101", nil]),
    Column("parent", texts: ["0101", "0101", "101", nil, nil]),
    Column("收入（元）", texts: ["1", "2", "3", "4", "5"]),
  ],
  firstRow: 12,
  file: "households.csv"
)

@Suite("Expressions")
struct ExpressionTests {
  @Test(
    "a mask follows the grammar's precedence and says false for missing values",
    arguments: [
      ("class == 'P2'", [true, false, false, true, false]),
      ("class != 'P2'", [false, true, false, false, true]),
      ("class in ['P2', \"N0\"]", [true, false, false, true, true]),
      ("not class in ['P2', 'N0']", [false, true, true, false, false]),
      ("class == 'P2' and persons > 0", [true, false, false, false, false]),
      ("class == 'P1' or class == 'P2' and persons > 0", [true, true, false, false, false]),
      ("(class == 'P1' or class == 'P2') and not persons > 0", [false, true, false, true, false]),
      ("persons in [3, 10, -1]", [true, false, false, false, true]),
      ("户主.姓名 == '王'", [true, false, true, false, false]),
      ("'圐圙' == 户主.姓名", [false, false, false, false, true]),
      ("`收入（元）` >= 4", [false, false, false, true, true]),
      ("weight", [true, true, false, true, true]),
      ("class >= 'P1'", [true, true, false, true, false]),
      ("'P1' < class", [true, false, false, true, false]),
      ("code == parent", [true, false, false, false, false]),
      ("code != parent", [false, true, true, false, false]),
      ("code < parent", [false, false, false, false, false]),
      ("code == 101", [true, true, true, true, false]),
      ("weight == '4'", [false, false, false, true, false]),
      ("1 < 2", [true, true, true, true, true]),
      ("1 - 2 - 3 == -4", [true, true, true, true, true]),
      ("8 / 4 / 2 == 1 and 2 + 3 * 4 == 14 and -2 * -3 == 6", [true, true, true, true, true]),
    ] as [(String, [Bool])]
  )
  func masks(source: String, expected: [Bool]) throws {
    #expect(try Expression(parsing: source).mask(over: households) == expected)
  }

  @Test("numbers carry missing values through and never become infinite")
  func numbers() throws {
    let scaled = try Expression(parsing: "persons * weight / 2").numbers(over: households)
    #expect(scaled.map { $0.isNaN ? -1 : $0 } == [1.5, -1, -1, 0, 25])
    let divided = try Expression(parsing: "weight / persons").numbers(over: households)
    #expect(divided[3].isNaN)
    #expect(try Expression(parsing: "class == 'P2'").numbers(over: households) == [1, 0, 0, 1, 0])
    #expect(try Expression(parsing: "1e6").numbers(over: households) == [1e6, 1e6, 1e6, 1e6, 1e6])
  }

  @Test("a declared missing code is missing, undeclared it is refused in every row it stands in")
  func missingCodes() throws {
    let table = Table(columns: [Column("x", texts: ["1", "无", "-9", "无"])], file: "a.csv")
    let expression = try Expression(parsing: "x + 1")
    let values = try expression.numbers(over: table, missing: ["无", "-9"])
    #expect(values[0] == 2 && values[1].isNaN && values[2].isNaN && values[3].isNaN)
    let refusal = try #require(throws: InputRefusal.self) { try expression.numbers(over: table) }
    #expect(refusal.findings.map(\.row) == [3, 5])
    #expect(refusal.findings.map(\.value) == ["无", "无"])
    #expect(refusal.findings.allSatisfy { $0.code == "number-text" && $0.file == "a.csv" && $0.column == "x" })
  }

  @Test("an absent column is refused with the nearest name")
  func absentColumn() throws {
    let expression = try Expression(parsing: "person > 0")
    let refusal = try #require(throws: InputRefusal.self) { try expression.mask(over: households) }
    #expect(refusal.findings.first?.code == "column-missing")
    #expect(refusal.findings.first?.fix.en.contains("\"persons\"") == true)
  }

  @Test("a text where a number is needed is refused", arguments: ["'a' + 1", "persons + 1 == 'a'", "-'a'"])
  func typeMistake(source: String) throws {
    let expression = try Expression(parsing: source)
    let refusal = try #require(throws: InputRefusal.self) { try expression.mask(over: households) }
    #expect(refusal.findings.first?.code == "expression-type")
  }

  @Test(
    "a syntax mistake names its position and what was expected",
    arguments: [
      ("", 1, "a column"), ("class = 'P2'", 7, "=="), ("a && b", 3, "and"), ("a <> b", 3, "!="),
      ("a == 'b", 6, "a closing '"), ("a b", 3, "an operator"), ("(a", 3, ")"), ("1 < 2 < 3", 7, "and"),
      ("a in ['x', 2]", 12, "one kind"), ("a in 'x'", 6, "["), ("2018year > 1", 1, "backquotes"),
      ("a == ‘b’", 6, "'"), ("a + ", 5, "a column"), ("and", 1, "a column"),
    ] as [(String, Int, String)]
  )
  func syntax(source: String, position: Int, expected: String) throws {
    let refusal = try #require(throws: InputRefusal.self) { try Expression(parsing: source) }
    let finding = try #require(refusal.findings.first)
    #expect(finding.code == "expression-syntax")
    #expect(finding.message.en.contains("character \(position) "), "\(finding.message.en)")
    #expect(finding.message.en.contains(expected), "\(finding.message.en)")
    #expect(finding.message.zh.contains("第 \(position) 个字符"))
  }

  @Test("depth and length are bounded, so no expression can exhaust the stack")
  func bounds() throws {
    let deep = String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000)
    #expect(throws: InputRefusal.self) { try Expression(parsing: deep) }
    let nested = String(repeating: "(", count: 65) + "1" + String(repeating: ")", count: 65)
    #expect(throws: InputRefusal.self) { try Expression(parsing: nested) }
    let long = "1" + String(repeating: "+1", count: 250)
    #expect(try Expression(parsing: long).numbers(over: households).first == 251)
    #expect(throws: InputRefusal.self) { try Expression(parsing: long + "+1") }
    #expect(throws: InputRefusal.self) { try Expression(parsing: String(repeating: "not ", count: 251) + "1") }
    let values = (0..<2_000).map { "\($0)" }.joined(separator: ",")
    #expect(try Expression(parsing: "weight in [\(values)]").mask(over: households)[4])
  }

  @Test("columns are named once, in order, and those used only as numbers are told apart")
  func columns() throws {
    let expression = try Expression(
      parsing: "class == 'P2' and persons > 0 and code == parent and weight / persons in [1, 2]"
    )
    #expect(expression.columns == ["class", "persons", "code", "parent", "weight"])
    #expect(expression.numberColumns == ["persons", "weight"])
  }

  @Test(
    "the usual mis-writings of a number are shown with what they probably mean",
    arguments: [
      ("1,200", "1200"), ("１２００", "1200"), ("1.2万", "12000"), ("3.1亿", "310000000"), (" 5 ", "5"),
    ]
  )
  func numberHabits(value: String, plain: String) {
    let finding = Finding.notNumber(file: "a.csv", row: 2, column: "x", value: value)
    #expect(finding.fix.zh.contains("请直接写 \(plain)。"), "\(finding.fix.zh)")
  }

  @Test("a dash is no number and no guess is made")
  func dash() {
    #expect(Finding.notNumber(file: nil, row: 2, column: "x", value: "—").fix.en.contains("missing"))
  }
}
