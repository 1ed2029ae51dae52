import SurveyData
import TabularFiles
import TestSupport
import Testing

@Suite("Dates in workbooks")
struct WorkbookDateTests {
  private func read(_ serials: [String], style: Int, format: String? = nil, is1904: Bool = false) throws -> [String] {
    let rows = serials.map { "<row><c s=\"1\"><v>\($0)</v></c></row>" }.joined()
    var maker = WorkbookMaker(rows: WorkbookMaker.rows([["d"]]) + rows)
    maker.styles = [0, style]
    if let format { maker.formats = [style: format] }
    maker.is1904 = is1904
    return try maker.read().table.cells("d")
  }

  @Test("serial numbers of both systems, leap years, the day that never was")
  func serials() throws {
    #expect(
      try read(["1", "59", "61", "366", "367", "25569", "36585", "43325", "43890", "73050", "2958465"], style: 14)
        == [
          "1900-01-01", "1900-02-28", "1900-03-01", "1900-12-31", "1901-01-01", "1970-01-01", "2000-02-29",
          "2018-08-13", "2020-02-29", "2099-12-31", "9999-12-31",
        ]
    )
    #expect(
      try read(["0", "1", "24107", "41863", "2957003"], style: 14, is1904: true)
        == ["1904-01-01", "1904-01-02", "1970-01-01", "2018-08-13", "9999-12-31"]
    )
    for wrong in ["60", "0", "-1", "2958466", "0.5"] {
      let maker = {
        var maker = WorkbookMaker(rows: WorkbookMaker.rows([["d"]]) + "<row><c s=\"1\"><v>\(wrong)</v></c></row>")
        maker.styles = [0, 14]
        return maker
      }()
      #expect(try maker.refusal().map(\.code) == ["cell-value"], "\(wrong)")
    }
  }

  @Test("fractions of a day are times, rounded to milliseconds")
  func times() throws {
    #expect(
      try read(
        ["43325.5", "43325.604166666664", "43325.999999999", "43325.00001157407", "43325.0000057870"],
        style: 22
      )
        == [
          "2018-08-13T12:00:00", "2018-08-13T14:30:00", "2018-08-14", "2018-08-13T00:00:01",
          "2018-08-13T00:00:00.500",
        ]
    )
    #expect(try read(["0.25", "0", "43325.25"], style: 20) == ["06:00:00", "00:00:00", "2018-08-13T06:00:00"])
    #expect(try read(["1.5", "0.25"], style: 46) == ["36:00:00", "06:00:00"])
  }

  @Test("every built-in date format makes a date, its neighbours do not")
  func builtIn() throws {
    let isDate = Set([14...22, 27...36, 45...45, 47...47, 50...58].joined())
    for style in 0...60 where style != 46 {
      #expect(try read(["43325"], style: style) == [isDate.contains(style) ? "2018-08-13" : "43325"], "format \(style)")
    }
  }

  @Test(
    "a format code is a date by its letters outside quotes, brackets and escapes",
    arguments: [
      ("yyyy-mm-dd", true), ("yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;", true), ("yyyy年m月", true),
      ("[$-804]yyyy/m/d;@", true), ("[DBNum1][$-804]m&quot;月&quot;", true), ("D-MMM", true), ("h:mm AM/PM", true),
      ("上午/下午h:mm", true), ("[$-411]ge.m.d", true), ("mm:ss.0", true), ("mmm", true),
      ("General", false), ("G/通用格式", false), ("0.00E+00", false), ("#,##0.00&quot;day&quot;", false),
      ("[Red]0;[Blue]-0", false), ("0\\d", false), ("0_d", false), ("0;yyyy", false), ("[$USD] 0.00", false),
      ("0&quot;户&quot;", false), ("@", false), ("[&gt;100]0", false),
    ]
  )
  func custom(format: String, isDate: Bool) throws {
    #expect(try read(["43325"], style: 164, format: format) == [isDate ? "2018-08-13" : "43325"])
  }

  @Test("minutes are told from months by their neighbours, elapsed hours go on counting")
  func minutes() throws {
    #expect(try read(["0.5"], style: 164, format: "h:mm") == ["12:00:00"])
    #expect(try read(["0.5"], style: 164, format: "mm:ss") == ["12:00:00"])
    #expect(try read(["1.25"], style: 164, format: "[hh]:mm") == ["30:00:00"])
  }

  @Test("dates written as text keep their day; a date is no number")
  func others() throws {
    var maker = WorkbookMaker(
      rows: WorkbookMaker.rows([["d"]]) + "<row><c t=\"d\"><v>2018-08-13T00:00:00Z</v></c></row>"
        + "<row><c t=\"d\"><v>2018-08-13T14:30:00</v></c></row><row><c s=\"1\"><v>43325</v></c></row>"
    )
    maker.styles = [0, 14]
    #expect(try maker.read().table.cells("d") == ["2018-08-13", "2018-08-13T14:30:00", "2018-08-13"])
    let findings = try maker.refusal(ReadOptions(columns: [.init("d", .number)]))
    #expect(findings.map(\.code) == ["number-text", "number-text", "number-text"])
    #expect(findings.last?.value == "2018-08-13")
  }
}
