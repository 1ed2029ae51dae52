import Foundation
import TestSupport
import Testing

/// Rows 8 to 10, 13 and 14 of the table of bad input, as `mingcha check` finds them.
@Suite("bad input, rows 8 to 10, 13 and 14: findings of mingcha check")
struct CheckRowsTests {
  struct Place: Sendable, Hashable {
    var rule: String
    var row: Int
    var column: String

    init(_ rule: String, _ row: Int, _ column: String) {
      self.rule = rule
      self.row = row
      self.column = column
    }
  }

  private struct Checked {
    let run: CommandRun
    let problems: [[String: Any]]

    var places: Set<Place> {
      Set(
        problems.map {
          Place($0["rule"] as? String ?? "?", $0["row"] as? Int ?? 0, $0["column"] as? String ?? "")
        }
      )
    }

    func words(_ rule: String, _ key: String) -> String {
      let problem = problems.first { $0["rule"] as? String == rule }
      return (problem?[key] as? [String: String])?["en"] ?? ""
    }
  }

  /// Checks a survey folder of one table, with code lists of two years.
  private func check(_ table: String, columns: String = "") throws -> Checked {
    let folder = try TemporaryFolder()
    let early =
      "code,name_zh\n150121,土默特左旗\n150122,托克托县\n150123,旧县\n150121001,察素齐镇\n150122001,双河镇\n"
    let late = "code,name_zh\n150121,土默特左旗\n150122,托克托县\n150124,新县\n150121001,察素齐镇\n150122001,双河镇\n"
    _ = try folder.write(early, to: "round/codes/2018.csv")
    _ = try folder.write(late, to: "round/codes/2023.csv")
    _ = try folder.write(table, to: "round/members.csv")
    let survey = """
      survey: {id: bad-input}
      checks:
        areas: {"2018": codes/2018.csv, "2023": codes/2023.csv}
        edition: "2023"
        sources:
          members: {files: members.csv, id: member}
      \(columns)
      """
    _ = try folder.write(survey, to: "round/survey.yaml")
    let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    let run = try CommandRun(
      ["check", "round", "--format", "json", "--lang", "en"],
      in: folder.path
    )
    let after = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
      !$0.hasSuffix(".lock")
    }
    #expect(after.sorted() == before)
    let root = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let problems = root?["problems"] as? [[String: Any]] ?? []
    for problem in problems {
      for key in ["expected", "fix"] {
        let words = problem[key] as? [String: String]
        #expect(words?["zh"]?.isEmpty == false && words?["en"]?.isEmpty == false, "\(problem)")
      }
      #expect((problem["file"] as? String)?.hasSuffix("members.csv") == true, "\(problem)")
    }
    return Checked(run: run, problems: problems)
  }

  @Test(
    "8: an identity number whose check character does not fit is reported, masked",
    arguments: [
      ("11010519491231002X", "110105194912310021", Place("identity-check", 3, "身份证号")),
      ("440524188001010014", "440524188001010015", Place("identity-check", 3, "身份证号")),
      ("11010519491231002X", "44052418800101001x", Place("identity-check", 3, "身份证号")),
      ("440524188001010014", "11010519491331002X", Place("identity-birth", 3, "身份证号")),
    ]
  )
  func identities(right: String, wrong: String, place: Place) throws {
    let checked = try check("member,身份证号\n1,\(right)\n2,\(wrong)\n")
    #expect(checked.run.status == 1 && checked.places.contains(place), "\(checked.run.output)")
    #expect(checked.places.allSatisfy { $0.row == 3 })
    #expect(!checked.run.output.contains(wrong) && !checked.run.output.contains(right))
    #expect(checked.words(place.rule, "fix").lowercased().contains("compare with the card"))
  }

  @Test("8: a small x is told and read as X")
  func smallX() throws {
    for number in ["11010519491231002x", " 11010519491231002x", "１１０１０５１９４９１２３１００２x"] {
      let checked = try check("member,身份证号\n1,\(number)\n")
      #expect(checked.places == [Place("identity-lowercase", 2, "身份证号")], "\(checked.run.output)")
      #expect(
        checked.run.status == 0
          && checked.words("identity-lowercase", "fix") == "Write X instead of x."
      )
    }
  }

  @Test(
    "9: an area code that lost its begin is reported with what it may have been",
    arguments: ["50121", "5012", "15012100"]
  )
  func lostZeros(code: String) throws {
    let checked = try check("member,county_code\n1,150121\n2,\(code)\n3,150122\n4,150124\n")
    #expect(
      checked.run.status == 1 && checked.places == [Place("area-form", 3, "county_code")],
      "\(checked.run.output)"
    )
    #expect(checked.words("area-form", "expected").contains("Is it \"0"))
    #expect(checked.words("area-form", "fix").contains("Leading zeros may be lost"))
  }

  @Test(
    "10: unknown and abolished codes are reported with the nearest valid one, a village with the county it is not in",
    arguments: [
      (
        "member,county_code\n1,150121\n2,150129\n3,150122\n",
        Place("area-unknown", 3, "county_code"), "nearest"
      ),
      (
        "member,county_code\n1,150121\n2,150122\n3,150123\n",
        Place("area-unknown", 4, "county_code"), "2018"
      ),
      (
        "member,county_code,township_code\n1,150121,150121001\n2,150121,150122001\n",
        Place("area-parent", 3, "township_code"), "150121"
      ),
    ]
  )
  func areas(table: String, place: Place, words: String) throws {
    let checked = try check(table)
    #expect(checked.run.status == 1 && checked.places.contains(place), "\(checked.run.output)")
    #expect(
      checked.places.allSatisfy { $0.row == place.row || $0.rule == "area-edition" },
      "\(checked.places)"
    )
    #expect(
      checked.words(place.rule, "expected").contains(words),
      "\(checked.words(place.rule, "expected"))"
    )
  }

  private static let dateColumn =
    "  columns:\n    members:\n      visited: {type: date, form: yyyy-mm-dd}\n"

  @Test(
    "13: a date in another form than the declared one is reported, and never guessed",
    arguments: [
      "2018/8/13", "20180813", "43325", "2018年8月13日", "2018年8月", "13/8/2018", "2018-02-30",
    ]
  )
  func dates(written: String) throws {
    let checked = try check(
      "member,visited\n1,2018-08-12\n2,\(written)\n3,2018-08-14\n",
      columns: Self.dateColumn
    )
    #expect(
      checked.run.status == 1 && checked.places == [Place("date-form", 3, "visited")],
      "\(checked.run.output)"
    )
    #expect(checked.words("date-form", "fix").contains("yyyy-mm-dd"))
  }

  private static let numberColumn = "  columns:\n    members:\n      amount: {type: number}\n"

  @Test(
    "14: a text among numbers is reported by check and refused by estimate; a blank is missing and no 0",
    arguments: ["\"1,200\"", "1.2万", "—", "无", "1 200"]
  )
  func numbers(written: String) throws {
    let table = "member,amount\n1,\n2,\(written)\n3,0\n4,7\n"
    let checked = try check(table, columns: Self.numberColumn)
    #expect(
      checked.run.status == 1 && checked.places == [Place("number-text", 3, "amount")],
      "\(checked.run.output)"
    )
    #expect(!checked.words("number-text", "fix").isEmpty)
    let declared = "  missing: [\"1.2万\", —, 无, 1 200, \"1,200\"]\n"
    let fine = try check(table, columns: Self.numberColumn + declared)
    #expect(fine.run.status == 0 && fine.places.isEmpty, "\(fine.run.output)")
    let folder = try BadInputFolder()
    try folder.write(Array(table.utf8), to: "in.csv")
    let estimate = [
      "estimate", "in.csv", "--unweighted", "--mean", "amount", "--format", "csv", "--lang", "en",
    ]
    let refused = try CommandRun(estimate, in: folder.folder.path)
    #expect(
      refused.status == 65 && refused.messages.contains("in.csv:3 amount: "),
      "\(refused.messages)"
    )
    #expect(refused.messages.contains("[number-text]") && refused.output.isEmpty)
    try folder.write(Array("member,amount\n1,\n2,.\n3,0\n4,7\n".utf8), to: "in.csv")
    let taken = try CommandRun(estimate, in: folder.folder.path)
    // The mean of 0 and 7: what is blank is none of both.
    #expect(taken.status == 0 && taken.output.contains(",3.5,"), "\(taken.messages)\(taken.output)")
  }
}
