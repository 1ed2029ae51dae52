import Foundation
import Testing

@Suite("estimate: what has no figure has a reason, and is no error")
struct EstimateDegenerateTests {
  private static let data = """
    id,h,u,pi,y,x,blank,g
    1,a,1,0.5,1,0,,P
    2,a,1,0.5,2,1,,P
    3,b,2,0.4,4,1,,Q

    """

  private func rows(_ options: [String], files: [String: String] = [:]) throws -> [[String: Any]] {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.data, to: "r.csv")
    for (name, text) in files { _ = try folder.write(text, to: name) }
    let run = try CommandRun(["estimate", "r.csv", "--format", "json", "--lang", "en"] + options, in: folder.path)
    try #require(run.status == 0, "\(run.messages)")
    let top = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let part = try #require((top?["parts"] as? [[String: Any]])?.first)
    return try #require(part["estimates"] as? [[String: Any]])
  }

  private func isNull(_ row: [String: Any], _ key: String) -> Bool { row[key] is NSNull }

  // Pairs are more frequent than their singles allow: a design cannot have them, which the matrix alone does not show.
  @Test func `a negative variance is reported as such`() throws {
    let row = try #require(
      try rows(
        ["--total", "y", "--fpc", "pi", "--pps", "syg", "--joint", "j.csv"],
        files: ["j.csv": "0.5,0.3,0.3\n0.3,0.5,0.3\n0.3,0.3,0.4\n"]
      ).first
    )
    #expect(row["reason"] as? String == "negative-variance" && row["estimate"] as? Double == 16)
    #expect(isNull(row, "standard_error") && isNull(row, "interval"))
  }

  @Test(arguments: [["--mean", "y"], ["--proportion", "g"], ["--quantile", "y", "--probs", "0.5"]])
  func `without degrees of freedom there are no limits`(asked: [String]) throws {
    let found = try rows(asked + ["--unweighted", "--strata", "h", "--psu", "u", "--lonely-psu", "certainty"])
    for row in found {
      #expect(row["reason"] as? String == "no-degrees-of-freedom" && isNull(row, "interval"), "\(row)")
      #expect(row["estimate"] is Double && row["degrees_of_freedom"] as? Int ?? 0 <= 0)
    }
    #expect(!found.isEmpty)
  }

  @Test(arguments: ["--mean", "--total", "--variance", "--quantile"])
  func `a column without a single value`(option: String) throws {
    for row in try rows(["--unweighted", option, "blank"]) {
      #expect(row["reason"] as? String == "empty-domain" && isNull(row, "estimate"), "\(row)")
    }
  }

  @Test func `a domain without a unit, alone and beside others, also with replicates`() throws {
    for more in [[], ["--replicates-of", "jk1"], ["--trim", "none,5"]] as [[String]] {
      let empty = try rows(["--unweighted", "--mean", "y", "--where", "g == 'Z'"] + more)
      #expect(empty.map { $0["reason"] as? String } == ["empty-domain"], "\(empty)")
      let beside = try rows(["--unweighted", "--mean", "y", "--where", "g == 'P'", "--by", "h"] + more)
      #expect(beside.contains { $0["estimate"] is Double })
      for row in beside where isNull(row, "estimate") { #expect(row["reason"] is String) }
    }
  }

  @Test func `a total out of the bounds' reach is named with what is missing of it`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.data, to: "r.csv")
    _ = try folder.write("term,total\n(intercept),3\nx,2.9\n", to: "t.csv")
    let run = try CommandRun(
      [
        "estimate", "r.csv", "--unweighted", "--mean", "y", "--calibrate", "t.csv", "--bounds", "0.8,1.1", "--lang",
        "en",
      ],
      in: folder.path
    )
    #expect(run.status == 65 && run.messages.contains("[calibration-unmet]"), "\(run.messages)")
    #expect(run.messages.contains("x") && run.messages.contains("is missing"), "\(run.messages)")
  }
}
