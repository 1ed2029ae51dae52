import Foundation
import SurveyData
import TabularFiles
import Testing

/// A file of Tests/Fixtures/statistics, written there by pyreadstat and by hand.
func statisticsFixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/statistics/\(name)").path
}

/// A file of a statistics program with what its cells are.
struct StatisticsSample: Sendable, CustomTestStringConvertible {
  var file: String
  var classes: [String]
  var incomes: [String]
  var testDescription: String { file }
}

@Suite("Files of SPSS, Stata and SAS")
struct StatisticsFileTests {
  static let samples = [
    StatisticsSample(file: "table.sav", classes: ["1", "2", "∅", "1"], incomes: ["1234.5", "∅", "∅", "0.1"]),
    StatisticsSample(file: "table.zsav", classes: ["1", "2", "∅", "1"], incomes: ["1234.5", "∅", "∅", "0.1"]),
    StatisticsSample(file: "table.dta", classes: ["1", "2", "9", "1"], incomes: ["1234.5", "∅", "∅", "∅"]),
  ]

  private func refusal(_ name: String, options: ReadOptions = ReadOptions()) throws -> [Finding] {
    try #require(throws: InputRefusal.self) { try readTable(path: statisticsFixture(name), options: options) }.findings
  }

  @Test(
    "every cell comes as it was written: texts in any script, very long ones, dates, missing values",
    arguments: samples
  )
  func cells(sample: StatisticsSample) throws {
    let (table, _) = try readTable(path: statisticsFixture(sample.file))
    #expect(table.rowCount == 4 && table.firstRow == 2)
    #expect(try table.cells("household") == ["150121001", "150121002", "150121003", "150121004"])
    #expect(try table.cells("class") == sample.classes)
    #expect(try table.cells("income") == sample.incomes)
    #expect(try table.cells("village") == ["圐圙补隆", "ᠬᠥᠬᠡᠬᠣᠲᠠ", "∅", "包头"])
    #expect(try table.cells("visited") == ["2018-08-13", "1904-02-29", "∅", "2018-12-31"])
    #expect(try table.cells("moment") == [String](repeating: "2018-08-13T14:30:05", count: 4))
    #expect(try table.cells("remark") == [String(repeating: "长", count: 200), "∅", "短", "a b"])
    #expect(try table.cells("weight") == ["1.5", "2", "2.5", "3"])
  }

  @Test("SAS data sets and transport files, and SPSS portable files")
  func others() throws {
    let sas = try readTable(path: statisticsFixture("table.sas7bdat")).table
    #expect(try sas.cells("village") == ["圐圙补隆", "ᠬᠥᠬᠡᠬᠣᠲᠠ", "包头"])
    #expect(try sas.cells("income") == ["1234.5", "∅", "0.1"])
    #expect(try sas.cells("visited") == ["2018-08-13", "1960-01-01", "1959-12-31"])
    let transport = try readTable(path: statisticsFixture("table.xpt")).table
    #expect(try transport.cells("income") == ["1234.5", "-9", "∅", "0.1"])
    let portable = try readTable(path: statisticsFixture("table.por")).table
    #expect(try portable.cells(portable.columnNames[1]) == ["1", "2", "9", "1"])
    #expect(portable.rowCount == 4 && portable.columnNames.map { $0.lowercased() } == ["hh", "class", "income"])
  }

  @Test("only the columns asked for are read, as numbers or as text, and codes print without decimals")
  func selection() throws {
    let options = ReadOptions(columns: [ColumnRequest("weight", .number), ColumnRequest("class", .text)])
    let (table, notes) = try readTable(path: statisticsFixture("table.sav"), options: options)
    #expect(table.columnNames == ["weight", "class"])
    guard case .number(let weights)? = table["weight"]?.storage else {
      Issue.record("weight is no column of numbers")
      return
    }
    #expect(weights == [1.5, 2, 2.5, 3])
    guard case .text? = table["class"]?.storage else {
      Issue.record("class is no column of text")
      return
    }
    #expect(try table.cells("class") == ["1", "2", "∅", "1"])
    #expect(notes.map(\.code) == ["missing-declared"])
    let absent = try refusal("table.sav", options: ReadOptions(columns: [ColumnRequest("clas", .text)]))
    #expect(absent.map(\.code) == ["column-missing"] && absent[0].fix.en.contains("\"class\""))
  }

  @Test("values declared missing are counted with their labels, system-missing ones are counted")
  func missing() throws {
    let spss = try readTable(path: statisticsFixture("table.sav")).notes
    #expect(spss.map(\.code) == ["missing-declared", "missing-declared", "missing-system"])
    #expect(spss.map(\.column) == ["class", "income", nil])
    #expect(spss.map(\.value) == ["9 (拒答) × 1", "-9 (不知道) × 1", "2"])
    let stata = try readTable(path: statisticsFixture("table.dta")).notes
    #expect(stata.map(\.value) == [".a × 1; .b × 1", "2"])
    let kept = try readTable(path: statisticsFixture("table.sav"), options: ReadOptions(keepsDeclaredMissing: true))
    #expect(try kept.table.cells("class") == ["1", "2", "9", "1"])
    #expect(try kept.table.cells("income") == ["1234.5", "-9", "∅", "0.1"])
    #expect(kept.notes.map(\.code) == ["missing-system"])
  }

  @Test("labels stand in the dictionary, and in the cells where they are asked for")
  func labels() throws {
    for file in ["table.sav", "table.dta"] {
      let dictionary = try #require(try readDictionary(path: statisticsFixture(file)))
      #expect(dictionary.fileLabel == "第三方评估")
      #expect(dictionary.variables.map(\.label) == ["户编号", "类别", "收入（元）", "村名", "访问日期", "访问时刻", "备注", "权数"])
      let labels = try #require(dictionary["class"]).valueLabels
      #expect(labels == [.init(.number(1), "建档立卡户"), .init(.number(2), "一般户"), .init(.number(9), "拒答")])
    }
    let dictionary = try #require(try readDictionary(path: statisticsFixture("table.sav")))
    #expect(dictionary["class"]?.measure == .nominal && dictionary["income"]?.measure == .scale)
    #expect(dictionary["class"]?.missing == [.init(.number(9), .number(9))])
    #expect(dictionary["income"]?.missing == [.init(.number(-99), .number(-1))])
    #expect(dictionary["remark"]?.width == 600)
    let table = try readTable(path: statisticsFixture("table.sav"), options: ReadOptions(labels: .labels)).table
    #expect(try table.cells("class") == ["建档立卡户", "一般户", "∅", "建档立卡户"])
    #expect(try table.cells("income") == ["1234.5", "∅", "∅", "0.1"])
    let plain = try TemporaryFile("a\n1\n")
    #expect(try readDictionary(path: plain.path) == nil)
  }

  @Test("two values with one label stay two")
  func sharedLabels() {
    let variable = DataDictionary.Variable(
      name: "x",
      isText: false,
      valueLabels: [.init(.number(1), "是"), .init(.number(2), "是"), .init(.number(3), "否")]
    )
    #expect(variable.shownLabels.map(\.label) == ["是 (1)", "是 (2)", "否"])
  }

  @Test("Stata's months, quarters, half-years, weeks and milliseconds")
  func periods() throws {
    let table = try readTable(path: statisticsFixture("periods.dta")).table
    #expect(table.rows == [["2018-08", "2018q3", "2018h2", "2018w31", "2018", "2018-08-13T16:23:25"]])
  }

  @Test(
    "Chinese is found whether a file declares it or declares what its program puts there",
    arguments: [
      ("declared-936.sav", "encoding-declared"), ("declared-1252.sav", "encoding-gb18030"),
      ("declared-wrongly.sav", "encoding-gb18030"), ("old.dta", "encoding-gb18030"),
    ]
  )
  func chinese(file: String, code: String) throws {
    let (table, notes) = try readTable(path: statisticsFixture(file))
    #expect(try table.cells("name") == ["朱镕基", "包头市", "plain"])
    #expect(notes.map(\.code) == [code])
    #expect(try readDictionary(path: statisticsFixture(file))?.variables[0].label == "名称")
    #expect(try readHeader(path: statisticsFixture(file)) == ["name", "value"])
  }

  @Test("Western text is not taken for Chinese, and an encoding that is named is taken")
  func western() throws {
    let (table, notes) = try readTable(path: statisticsFixture("western.sav"))
    #expect(try table.cells("name") == ["Éléna.", "Müller", "plain"])
    #expect(notes.map(\.code) == ["encoding-assumed"])
    let options = ReadOptions(encoding: .gb18030)
    #expect(try readTable(path: statisticsFixture("broken-utf8.sav"), options: options).table.cells("name")[1] == "包头市")
  }

  @Test(
    "damaged files are refused by name, with the place where there is one",
    arguments: [
      ("truncated.sav", "file-truncated"), ("truncated-head.sav", "file-truncated"),
      ("truncated.dta", "file-truncated"),
      ("version-120.dta", "format-version"), ("mixed.sav", "encoding-mixed"), ("broken-utf8.sav", "encoding-invalid"),
      ("control.sav", "cell-character"),
    ]
  )
  func damaged(file: String, code: String) throws {
    let findings = try refusal(file)
    #expect(findings.map(\.code) == [code])
    #expect(!findings[0].fix.zh.isEmpty)
    if ["mixed.sav", "broken-utf8.sav"].contains(file) {
      #expect(findings[0].row == 3 && findings[0].column == "name" && findings[0].message.zh.contains("包头市"))
    }
    if file == "control.sav" { #expect(findings[0].row == 2 && findings[0].column == "name") }
  }

  @Test(
    "cut anywhere, a file is refused and never read in part",
    arguments: ["table.sav", "table.zsav", "table.dta", "table.sas7bdat", "table.por"]
  )
  func cut(file: String) throws {
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: statisticsFixture(file))))
    let rows = try readTable(path: statisticsFixture(file)).table.rows
    let suffix = "." + (file.split(separator: ".").last ?? "")
    for count in stride(from: 1, to: whole.count, by: max(1, whole.count / 97)) {
      let part = try TemporaryFile(Array(whole[..<count]), suffix: suffix)
      do {
        // Only bytes behind the last row may be missing without harm.
        let read = try readTable(path: part.path).table.rows
        #expect(read == rows, "\(count) bytes of \(whole.count)")
      } catch let refusal as InputRefusal {
        #expect(!refusal.findings.isEmpty)
      }
    }
  }

  @Test(
    "bytes changed anywhere end in rows or in a refusal",
    arguments: ["table.sav", "table.zsav", "table.dta", "table.xpt", "table.por"]
  )
  func changed(file: String) throws {
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: statisticsFixture(file))))
    let suffix = "." + (file.split(separator: ".").last ?? "")
    var state: UInt64 = 2018
    var refused = 0
    for _ in 0..<300 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var bytes = whole
      bytes[Int((state >> 33) % UInt64(whole.count))] ^= UInt8(truncatingIfNeeded: state >> 20) | 1
      let part = try TemporaryFile(bytes, suffix: suffix)
      do {
        _ = try readTable(path: part.path)
      } catch is InputRefusal {
        refused += 1
      }
    }
    #expect(refused > 10)
  }

  @Test("an identity number kept as a number has lost its last digits and is refused")
  func identity() throws {
    let findings = try refusal("identity.sav", options: ReadOptions(identifiers: ["identity"]))
    #expect(findings.map(\.code) == ["id-scientific"])
    #expect(findings[0].row == 2 && findings[0].column == "identity" && findings[0].value?.contains("****") == true)
  }

  @Test(
    "a name that promises a statistics file is held to it",
    arguments: [".sav", ".dta", ".sas7bdat", ".por", ".xpt"]
  )
  func liar(suffix: String) throws {
    let file = try TemporaryFile("a,b\n1,2\n", suffix: suffix)
    let path = file.path
    let findings = try #require(throws: InputRefusal.self) { try readTable(path: path) }.findings
    #expect(findings.map(\.code) == ["format-unknown"])
    let empty = try TemporaryFile("", suffix: suffix)
    let emptyPath = empty.path
    #expect(
      try #require(throws: InputRefusal.self) { try readTable(path: emptyPath) }.findings.map(\.code) == ["file-empty"]
    )
  }

  @Test("chunks of any size give the same rows")
  func chunks() throws {
    let whole = try readTable(path: statisticsFixture("table.sav")).table.rows
    let small = try readTable(path: statisticsFixture("table.sav"), options: ReadOptions(blockSize: 1)).table
    #expect(small.rows == whole && small.firstRow == 2)
  }
}
