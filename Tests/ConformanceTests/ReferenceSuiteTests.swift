import Foundation
import ReferenceChecks
import SurveyData
import Testing

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Fixtures/reference").path

/// One suite of the reference, how many of its cases have code here, and how many there are.
struct SuiteCount: Sendable, CustomTestStringConvertible {
  var name: String
  var passing: Int
  var cases: Int
  var testDescription: String { name }
}

@Suite struct ReferenceSuiteTests {
  static let suites = [
    SuiteCount(name: "calibration", passing: 371, cases: 371),
    SuiteCount(name: "derived_rates", passing: 22, cases: 22),
    SuiteCount(name: "distributions", passing: 343, cases: 343),
    SuiteCount(name: "estimation_api", passing: 264, cases: 264),
    SuiteCount(name: "estimation_multistage", passing: 120, cases: 120),
    SuiteCount(name: "lonely_psu", passing: 72, cases: 72),
    SuiteCount(name: "planning", passing: 5, cases: 24),
    SuiteCount(name: "pps", passing: 203, cases: 210),
    SuiteCount(name: "proportion_ci", passing: 440, cases: 440),
    SuiteCount(name: "proportion_srs", passing: 70, cases: 70),
    SuiteCount(name: "replicates", passing: 198, cases: 198),
    SuiteCount(name: "selection", passing: 77, cases: 77),
    SuiteCount(name: "tests_models", passing: 245, cases: 245),
    SuiteCount(name: "two_phase", passing: 18, cases: 18),
  ]

  @Test("R survey's answers come back, and no case with code here is left out", arguments: suites)
  func suite(count: SuiteCount) throws {
    var reference = try ReferenceFolder(path: fixtures)
    var tally = Tally()
    try reference.check(count.name, into: &tally)
    #expect(tally.failures.isEmpty, "\(tally.failures.prefix(5).joined(separator: "\n"))")
    #expect(tally.passed == count.passing)
    #expect(tally.passed + tally.skipped == count.cases)
  }
}

/// A reference folder of one suite, for what the checker must notice.
private func tally(_ suite: String, data: String = "y,x,g,s\n1,2,a,1\n2,2,a,1\n4,8,b,2\n5,1,b,2\n") throws -> Tally {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("suite-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  for name in ["cases", "data"] {
    try FileManager.default.createDirectory(at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
  }
  try Data(data.utf8).write(to: folder.appendingPathComponent("data/d.csv"))
  try Data(suite.utf8).write(to: folder.appendingPathComponent("cases/own.json"))
  var tally = Tally()
  try checkEstimation(folder: folder.path, into: &tally)
  return tally
}

private func suite(_ fields: String, expected: String, design: String = "") -> String {
  """
  {"designs": {"d": {"type": "linear", "data": "data/d.csv", "ids": [] \(design)}},
   "cases": [{"id": "c", "design": "d", "unknown": {"key": null}, \(fields), "expected": \(expected)}]}
  """
}

@Suite struct ReferenceCheckerTests {
  // Mean 3, s² = 10/3, so that the variance of the mean is 5/6 with 3 degrees of freedom.
  private let right = #"{"names": ["y"], "estimate": [3], "se": [0.912870929175277], "df": 3}"#
  private let mean = #""op": "mean", "variables": ["y"]"#

  @Test("a case worked out by hand passes")
  func hand() throws {
    #expect(try tally(suite(mean, expected: right)).passed == 1)
  }

  @Test(
    "any figure that is wrong in the ninth digit fails",
    arguments: [
      ("[3]", "[3.00000001]"), ("0.912870929175277", "0.91287094"), ("\"df\": 3", "\"df\": 4"), ("[3]", "[\"NaN\"]"),
      ("[\"y\"]", "[\"x\"]"),
    ]
  )
  func wrong(part: String, replacement: String) throws {
    let found = try tally(suite(mean, expected: right.replacing(part, with: replacement)))
    #expect(found.passed == 0 && found.failed == 1)
    #expect(found.failures.allSatisfy { $0.hasPrefix("FAIL own c: ") })
  }

  @Test("a case in which no figure is compared fails")
  func nothing() throws {
    #expect(try tally(suite(mean, expected: right)).figures == 3)
    #expect(try tally(suite(mean, expected: #"{"names": ["y"], "error_of_mine": [3]}"#)).failed == 1)
    #expect(try tally(suite(mean, expected: right.replacing("estimate", with: "estimated"))).figures == 2)
  }

  @Test("a figure where an error is right fails, a refusal passes; an error of R alone is no reference")
  func refusal() throws {
    let error = #"{"error": "R stopped"}"#
    #expect(try tally(suite(mean + #", "expect_error": true"#, expected: error)).failed == 1)
    #expect(try tally(suite(mean, expected: error)).skippedByOperation == ["no figures of R, which stopped": 1])
    let lonely = #", "strata": ["x"], "lonely_psu": "fail""#
    #expect(try tally(suite(mean, expected: error, design: lonely)).passed == 1)
    #expect(try tally(suite(mean, expected: right, design: lonely)).failed == 1)
  }

  @Test("a domain that the reference does not have fails, and so does one that we do not have")
  func domains() throws {
    let by = #""op": "by", "by": ["g"], "stat": "total", "variables": ["y"]"#
    let a = #"{"key": {"g": "a"}, "n": 2, "df_domain": 1, "estimate": [3]}"#
    let b = #"{"key": {"g": "b"}, "n": 2, "df_domain": 1, "estimate": [9]}"#
    let c = #"{"key": {"g": "c"}, "n": 1, "estimate": [1]}"#
    #expect(try tally(suite(by, expected: #"{"df": 3, "groups": [\#(a), \#(b)]}"#)).passed == 1)
    #expect(try tally(suite(by, expected: #"{"df": 3, "groups": [\#(a)]}"#)).failed == 1)
    #expect(try tally(suite(by, expected: #"{"df": 3, "groups": [\#(a), \#(b), \#(c)]}"#)).failed == 1)
  }

  @Test("levels of a text column that the domain leaves empty count as 0, as R's factors do")
  func emptyLevel() throws {
    let domain = #""op": "mean", "variables": ["g"], "where": {"variable": "y", "cmp": "<", "value": 3}"#
    let expected = #"{"names": ["g=a", "g=b"], "estimate": [1, 0], "se": [0, 0]}"#
    #expect(try tally(suite(domain, expected: expected)).failures == [])
  }

  @Test("a missing answer drops the row from every variable of a case, as R's na.rm does")
  func listwise() throws {
    let both = #""op": "mean", "variables": ["y", "x", "g"], "na_rm": true"#
    let expected = #"{"names": ["y", "x", "g=a", "g=b"], "estimate": [3.5, 1.5, 0.5, 0.5]}"#
    #expect(try tally(suite(both, expected: expected), data: "y,x,g\n2,2,a\n,9,a\n4,,b\n5,1,b\n").failures == [])
  }

  // At the means 3 and 13/4, with s²_y = 10/3, s²_x = 41/4, s_xy = 4/3: V = s²_y/36 + 16 s²_x/676 − 8 s_xy/156.
  @Test("a formula of means has the variance of its linear part")
  func formula() throws {
    let log = #""op": "contrast", "stat": "mean", "variables": ["y", "x"], "expression": "2 * log(y^0.5 / sqrt(x))""#
    let ratio = #""op": "contrast", "stat": "mean", "variables": ["y", "x"], "expression": "log(y) - log(x)""#
    for fields in [log, ratio] {
      let found = try tally(
        suite(fields, expected: #"{"estimate": -0.0800427076735365, "se": 0.5165462946458741, "df": 3}"#)
      )
      #expect(found.failures == [])
    }
    #expect(
      try tally(suite(log.replacing("sqrt", with: "gamma"), expected: "{}")).skippedByOperation == [
        "contrast formula": 1
      ]
    )
  }

  @Test(
    "what has no code is skipped by its name",
    arguments: [
      (#", "pps": {"method": "murthy"}"#, "design pps murthy"),
      (#", "transforms": [{"op": "smooth"}]"#, "transform smooth"),
      (#", "data": "data/away.csv""#, "data data/away.csv"),
    ]
  )
  func unsupported(design: String, name: String) throws {
    var text = suite(mean, expected: right, design: design)
    if design.contains("away") { text = text.replacing(#""data": "data/d.csv", "#, with: "") }
    #expect(try tally(text).skippedByOperation == [name: 1])
  }

  @Test("balanced samples worse than the reference's level fail, and so does another probability")
  func cube() throws {
    let data = "id,size,x,pik\n1,1,5,0.2\n2,2,3,0.4\n3,3,8,0.6\n4,4,1,0.8\n"
    let fields = #""op": "cube", "input": {"data": "data/d.csv", "balance": ["size", "x"], "simulations": 200}"#
    func expected(_ level: String) -> String {
      #"{"columns": ["size", "x"], "mean_abs_relative_deviation": [0, \#(level)]}"#
    }
    #expect(try tally(suite(fields, expected: expected("0.6")), data: data).failures == [])
    let low = try tally(suite(fields, expected: expected("0.1")), data: data)
    #expect(low.failures.count == 1 && low.failures.allSatisfy { $0.contains("deviation of x") })
    let other = data.replacing("4,4,1,0.8", with: "4,4,1,0.81")
    #expect(try tally(suite(fields, expected: expected("0.6")), data: other).failed == 1)
  }

  @Test("files that are not of the schema are refused", arguments: ["{", "[]", #"{"cases": 3"#, #"{"designs": {}}"#])
  func broken(text: String) throws {
    #expect(throws: InputRefusal.self) { try tally(text) }
  }
}
