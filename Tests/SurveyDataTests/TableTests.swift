import SurveyData
import TestSupport
import Testing

private func table(_ codes: [String?], values: [Double]? = nil, file: String = "a.csv", firstRow: Int = 2) -> Table {
  Table(
    columns: [
      Column("code", texts: codes),
      Column("value", numbers: values ?? codes.indices.map { Double($0) }),
    ],
    firstRow: firstRow,
    file: file
  )
}

private func texts(_ name: String, _ table: Table) throws -> [String?] {
  let column = try table.column(name)
  return (0..<table.rowCount).map { column.text(at: $0) }
}

@Suite struct TableTests {
  @Test("rows keep their place in the file through filters and reorderings")
  func fileRows() {
    let whole = table(["a", "b", "c", "d"], firstRow: 10)
    let chosen = whole.rows([3, 1])
    #expect([chosen.fileRow(of: 0), chosen.fileRow(of: 1)] == [13, 11])
    #expect(chosen.filtered(by: [false, true]).fileRow(of: 0) == 11)
  }

  @Test("a missing column names the nearest, or none where nothing is near")
  func missingColumn() {
    let near = findings { _ = try table(["a"]).column("vlaue") }
    #expect(near.map(\.code) == ["column-missing"] && near[0].fix.en.contains("\"value\""))
    #expect(findings { _ = try table(["a"]).column("household") }[0].fix.en.hasPrefix("It has"))
  }

  @Test("files are put under each other; a text column anywhere makes the column text")
  func concatenated() throws {
    let numbers = Table(columns: [Column("code", numbers: [7]), Column("value", numbers: [1.5])], file: "b.csv")
    let both = try Table.concatenated([table(["a", nil]), numbers])
    #expect(try texts("code", both) == ["a", nil, "7"])
    #expect(try texts("value", both) == ["0", "1", "1.5"])
  }

  @Test("every file with another header is named, with what it lacks and adds")
  func headers() {
    let other = Table(columns: [Column("code", texts: ["a"]), Column("size", numbers: [1])], file: "b.csv")
    let turned = Table(columns: [Column("value", numbers: [1]), Column("code", texts: ["a"])], file: "c.csv")
    let found = findings { _ = try Table.concatenated([table(["a"]), other, turned]) }
    #expect(found.map(\.code) == ["header-differs", "header-differs"] && found.map(\.file) == ["b.csv", "c.csv"])
    #expect(found[0].message.en.contains("lacks [value], adds [size]") && found[1].message.en.contains("order"))
  }

  @Test("a join brings columns over by bytes; who has no partner gets missing values")
  func joined() throws {
    let right = Table(
      columns: [
        Column("id", texts: ["b", "a"]), Column("name", texts: ["B", "A"]), Column("size", numbers: [2, 1]),
      ],
      file: "names.csv"
    )
    let result = try table(["a", "x", nil, "b", "a"]).joined(with: right, on: "code", rightKey: "id", prefix: "league_")
    #expect(try texts("league_name", result) == ["A", nil, nil, "B", "A"])
    #expect(try texts("league_size", result) == ["1", nil, nil, "2", "1"])
    let partnerless = try table(["a", "x", nil]).rowsWithoutPartner(in: right, on: "code", rightKey: "id")
    #expect(partnerless == [1, 2])
  }

  // "é" as one scalar and as two are the same String, and two different codes.
  @Test("codes that only Unicode calls equal are not joined")
  func bytes() throws {
    let right = Table(columns: [Column("id", texts: ["\u{E9}"]), Column("name", texts: ["one"])])
    let result = try table(["e\u{301}", "\u{E9}"]).joined(with: right, on: "code", rightKey: "id")
    #expect(try texts("name", result) == [nil, "one"])
  }

  @Test("a key that stands twice on the right and a name that is taken are refused")
  func joinRefusals() {
    let twice = Table(columns: [Column("id", texts: ["a", "a"]), Column("name", texts: ["1", "2"])])
    let clash = Table(columns: [Column("id", texts: ["a"]), Column("value", texts: ["1"])])
    let left = table(["a"])
    #expect(findings { _ = try left.joined(with: twice, on: "code", rightKey: "id") }.map(\.code) == ["id-duplicate"])
    #expect(
      findings { _ = try left.joined(with: clash, on: "code", rightKey: "id") }.map(\.code) == ["column-duplicate"]
    )
  }

  @Test("each repetition of a key is named with its own row and the first one's; gaps are no repetition")
  func duplicates() throws {
    let found = try table(["a", "b", "a", nil, nil, "a"], firstRow: 5).duplicateFindings(key: ["code"])
    #expect(found.map(\.row) == [7, 10] && found.allSatisfy { $0.message.en.contains("row 5") })
    #expect(try table(["a", "a"]).duplicateFindings(key: ["code", "value"]).isEmpty)
    #expect(try table(["a", "a"], values: [1, 1]).duplicateFindings(key: ["code", "value"]).count == 1)
  }

  @Test("only rows equal in every cell are dropped, with a note each")
  func identicalRows() {
    let (kept, notes) = table(["a", "a", "a"], values: [1, 1, 2]).withoutIdenticalRows()
    #expect(kept.rowCount == 2 && notes.map(\.row) == [3] && notes.allSatisfy { $0.severity == .note })
  }
}

@Suite struct ColumnTests {
  @Test("numbers are read as plain files write them, nothing else")
  func numbers() {
    for (text, value) in [("12", 12.0), ("-0.5", -0.5), ("1e3", 1_000), ("+7", 7), (".5", 0.5)] {
      #expect(plainNumber(text) == value, "\(text)")
    }
    for text in ["", " 1", "1 ", "1,000", "0x10", "1e999", "inf", "nan", "１", "1.2.3", "-", "e5"] {
      #expect(plainNumber(text) == nil, "\(text)")
    }
  }

  @Test("rows that hold no number are all given; missing codes are missing")
  func reading() throws {
    let column = Column("x", texts: ["1", "NA", nil, ".", "many", "2", "many"])
    guard case .notNumbers(let rows) = column.numbers() else {
      Issue.record("it was read")
      return
    }
    #expect(rows == [4, 6])
    guard case .numbers(let values) = column.rows([0, 1, 2, 3, 5]).numbers() else {
      Issue.record("it was not read")
      return
    }
    #expect(values.map { $0.isNaN } == [false, true, true, true, false] && values[4] == 2)
  }

  @Test("a number's shortest text reads back as the same number")
  func shortestText() {
    #expect(shortest(3) == "3" && shortest(-0.0) == "0" && shortest(0.1) == "0.1" && shortest(1e300) == "1e+300")
    for value in [1.0 / 3, 2.0 / 3, 123_456.789, Double.leastNonzeroMagnitude, 0x1p53] {
      #expect(Double(shortest(value)) == value)
    }
  }

  @Test("the nearest name, and none where everything is far")
  func nearestName() {
    #expect(nearest(to: "indicatros", among: ["indicators", "estimate"]) == "indicators")
    #expect(nearest(to: "xyz", among: ["indicators"]) == nil && nearest(to: "a", among: []) == nil)
  }
}
