import Foundation
import Testing

/// Figures of R survey 4.1-1 (R 4.2.2) on `apiclus2`, as `estimation_api.json` of the reference cases holds them.
@Suite("estimate: R survey's results, end to end")
struct EstimateReferenceTests {
  private static let data = repositoryPath + "/Surveys/california-schools/data/"
  private static let twoStages = ["--psu", "dnum,snum", "--fpc", "fpc1,fpc2"]

  private func estimates(_ arguments: [String], input: [UInt8]? = nil) throws -> [[String: Any]] {
    let run = try CommandRun(["estimate"] + arguments + ["--format", "json"], input: input)
    try #require(run.status == 0, "\(run.messages)")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let part = try #require((root["parts"] as? [[String: Any]])?.first)
    return try #require(part["estimates"] as? [[String: Any]])
  }

  private func expect(
    _ record: [String: Any]?,
    _ estimate: Double,
    _ error: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let record = try #require(record, sourceLocation: sourceLocation)
    for (key, wanted) in [("estimate", estimate), ("standard_error", error)] {
      let found = try #require(record[key] as? Double, sourceLocation: sourceLocation)
      // R's JSON holds fifteen digits.
      #expect(abs(found - wanted) <= 1e-9 * abs(wanted), "\(key) \(found) \(wanted)", sourceLocation: sourceLocation)
    }
  }

  @Test func `means, totals, ratios and shares of a two-stage sample`() throws {
    let found = try estimates(
      [
        Self.data + "apiclus2.csv", "--mean", "api00,api99", "--total", "api_stu", "--ratio", "api_stu/enroll",
        "--proportion", "stype",
      ]
        + Self.twoStages
    )
    func one(_ key: String) -> [String: Any]? { found.first { $0["indicator"] as? String == key } }
    try expect(one("mean(api00)"), 670.811808118081, 30.0990273768366)
    try expect(one("mean(api99)"), 645.033948339483, 29.7113088451154)
    try expect(one("total(api_stu)"), 2196969.185, 665076.415251492)
    try expect(one("ratio(api_stu/enroll)"), 0.819737042125461, 0.0188505633126712)
    try expect(one("stype=E"), 0.681180811808118, 0.0556406470060076)
    #expect(one("mean(api00)")?["degrees_of_freedom"] as? Int == 39)
  }

  @Test func `a subset keeps the design`() throws {
    let found = try estimates(
      [Self.data + "apiclus2.csv", "--mean", "api00", "--where", "stype == 'H'", "--domain-variance", "unconditional"]
        + Self.twoStages
    )
    try expect(found.first, 598.340659340659, 17.694167126091)
  }

  @Test func `standard input gives what the file gives`() throws {
    let path = Self.data + "apiclus2.csv"
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    try expect(
      try estimates(["-", "--mean", "api00"] + Self.twoStages, input: bytes).first,
      670.811808118081,
      30.0990273768366
    )
  }

  @Test func `a stratified sample, its rows the units`() throws {
    let found = try estimates(
      [Self.data + "apistrat.csv", "--strata", "stype", "--fpc", "fpc", "--weights", "pw", "--mean", "api00"])
    try expect(found.first, 662.287363159321, 9.40894080278458)
    #expect(found.first?["degrees_of_freedom"] as? Int == 197)
  }

  @Test func `the survey folder says the same as the options`() throws {
    let folder = try TemporaryFolder()
    let survey = folder.path + "/schools"
    try FileManager.default.copyItem(atPath: repositoryPath + "/Surveys/california-schools", toPath: survey)
    let run = try CommandRun(["estimate", survey, "--format", "json"])
    try #require(run.status == 0, "\(run.messages)")
    let written = try Data(contentsOf: URL(fileURLWithPath: survey + "/results/estimates.json"))
    #expect(Data(run.output.utf8) == written)
    let root = try #require(try JSONSerialization.jsonObject(with: written) as? [String: Any])
    let part = try #require((root["parts"] as? [[String: Any]])?.first)
    let records = try #require(part["estimates"] as? [[String: Any]])
    try expect(records.first, 670.811808118081, 30.0990273768366)
    let inputs = try #require(root["inputs"] as? [[String: Any]])
    #expect(inputs.compactMap { $0["file"] as? String } == ["survey.yaml", "data/apiclus2.csv"])
    #expect(inputs.allSatisfy { ($0["sha256"] as? String)?.count == 64 })
    let files = try FileManager.default.contentsOfDirectory(atPath: survey + "/results").sorted()
    #expect(files == ["correlations.csv", "estimates.csv", "estimates.json", "estimates.xlsx"])
  }

  @Test(arguments: ["zh", "en"])
  func `an annex without a draw tells the design of the data`(language: String) throws {
    let folder = try TemporaryFolder()
    let survey = folder.path + "/schools"
    try FileManager.default.copyItem(atPath: repositoryPath + "/Surveys/california-schools", toPath: survey)
    let run = try CommandRun(["annex", survey, "--language", language, "--format", "html,xlsx,csv"])
    try #require(run.status == 0, "\(run.messages)")
    let written = run.output.split(separator: "\n").map(String.init)
    #expect(written.first == survey + "/results/annex-\(language).html")
    #expect(written.allSatisfy { FileManager.default.fileExists(atPath: $0) })
    let page = try String(contentsOfFile: written[0], encoding: .utf8)
    #expect(page.contains("670.8") && page.contains("30.1"))
    #expect(!page.contains("href=\"http") && !page.contains("src="), "one file of its own")
  }

  @Test func `one thread and two give the same bytes`() throws {
    func output(_ threads: String) throws -> String {
      try CommandRun(
        [
          "estimate", Self.data + "apiclus2.csv", "--mean", "api00", "--by", "stype", "--format", "json", "--threads",
          threads,
        ]
          + Self.twoStages
      ).output
    }
    let one = try output("1")
    #expect(!one.isEmpty)
    #expect(one == (try output("2")))
  }
}
