import Foundation
import Testing

@Suite("estimate: bad input is refused with its place, and nothing is written")
struct EstimateBadInputTests {
  private static let good = """
    id,stratum,county,village,weight,size,value,class
    1,a,c1,v1,2,10,0,P
    2,a,c1,v2,2,10,1,P
    3,a,c2,v3,2,10,0,N
    4,a,c2,v4,2,10,1,N
    5,b,c3,v5,3,12,1,P
    6,b,c3,v6,3,12,0,P
    7,b,c4,v7,3,12,1,N
    8,b,c4,v8,3,12,1,N

    """

  /// Runs an estimation that must be refused; the messages in English.
  private func refused(
    _ text: String,
    _ arguments: [String],
    status: Int32 = 65,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let folder = try TemporaryFolder()
    _ = try folder.write(text, to: "r.csv")
    let run = try CommandRun(
      ["estimate", "r.csv", "--lang", "en", "-o", "out.json"] + arguments,
      in: folder.path
    )
    #expect(run.status == status, "\(run.messages)", sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    #expect(folder.names == ["r.csv"], "nothing may be written", sourceLocation: sourceLocation)
    return run.messages
  }

  private static let design = ["--strata", "stratum", "--psu", "county", "--weights", "weight"]

  @Test func `the same file without a fault is estimated`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.good, to: "r.csv")
    let run = try CommandRun(
      ["estimate", "r.csv", "--mean", "value", "-o", "out.json", "--lang", "en"] + Self.design,
      in: folder.path
    )
    #expect(run.status == 0, "\(run.messages)")
    #expect(folder.names == ["out.json", "r.csv"])
    let again = try CommandRun(
      ["estimate", "r.csv", "--mean", "value", "-o", "out.json", "--lang", "en"] + Self.design,
      in: folder.path
    )
    #expect(again.status == 73, "an output file is not replaced unasked")
  }

  @Test(arguments: [
    ["--mean", "value", "--where", "class == 1"], ["--ttest", "class ~ value"],
    ["--mean", "value", "--where", "class"],
    ["--quantile", "class", "--probs", "0.5"],
  ])
  func `a column of text where a number is due is one finding with its count`(asked: [String]) throws {
    // A table of several chunks, so that no chunk may add a finding of its own.
    let rows = Self.good.split(separator: "\n")
    let body = (0..<20_000).map { "\($0),a,c\($0 % 2),v\($0),2,40000,\($0 % 2),\($0 % 3 == 0 ? "P" : "N")" }
    let text = ([String(rows[0])] + body).joined(separator: "\n") + "\n"
    let messages = try refused(text, asked + Self.design)
    let lines = messages.split(separator: "\n").filter { $0.contains("[number-text]") }
    #expect(lines.count == 1 && messages.contains("20000 values"), "\(messages.prefix(2000))")
  }

  @Test func `a column that is not there, with the one that was meant`() throws {
    let messages = try refused(Self.good, ["--mean", "valeu"] + Self.design)
    #expect(messages.contains("valeu") && messages.contains("\"value\"") && messages.contains("[column-missing]"))
  }

  @Test func `a unit that stands in two strata`() throws {
    let text = Self.good.replacing("5,b,c3", with: "5,b,c2")
    let messages = try refused(text, ["--mean", "value"] + Self.design)
    #expect(messages.contains("c2"))
  }

  @Test func `a text in a number column, by row and column`() throws {
    let text = Self.good.replacing("3,a,c2,v3,2,10,0", with: "3,a,c2,v3,2,10,很多")
    let messages = try refused(text, ["--mean", "value"] + Self.design)
    #expect(messages.contains("r.csv:4 value: \"很多\"") && messages.contains("[number-text]"))
  }

  @Test(arguments: ["0", "-1", ""])
  func `a weight that is none`(weight: String) throws {
    let text = Self.good.replacing("4,a,c2,v4,2,", with: "4,a,c2,v4,\(weight),")
    let messages = try refused(text, ["--mean", "value"] + Self.design)
    #expect(messages.contains("r.csv:5"), "\(messages)")
  }

  @Test func `a sample larger than its population`() throws {
    let text = Self.good.replacing(",12,", with: ",1.5,")
    let messages = try refused(text, ["--mean", "value", "--fpc", "size"] + Self.design)
    #expect(messages.contains("size") || messages.contains("\"b\"") || messages.contains(" b"), "\(messages)")
  }

  @Test func `a stratum with one unit is named`() throws {
    let text = Self.good.replacing("7,b,c4", with: "7,b,c3").replacing("8,b,c4", with: "8,b,c3")
    let messages = try refused(text, ["--mean", "value"] + Self.design)
    #expect(messages.contains("b"), "\(messages)")
    let folder = try TemporaryFolder()
    _ = try folder.write(text, to: "r.csv")
    let allowed = try CommandRun(
      ["estimate", "r.csv", "--mean", "value", "--lonely-psu", "certainty"] + Self.design,
      in: folder.path
    )
    #expect(allowed.status == 0, "\(allowed.messages)")
  }

  @Test func `an empty domain has a reason and is no error`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.good, to: "r.csv")
    let run = try CommandRun(
      ["estimate", "r.csv", "--mean", "value", "--where", "class == 'Q'", "--format", "json"] + Self.design,
      in: folder.path
    )
    #expect(run.status == 0, "\(run.messages)")
    #expect(run.output.contains("\"reason\": \"empty-domain\""))
    #expect(run.output.contains("\"estimate\": null"))
  }

  @Test(
    arguments: [
      (["--mean", "value", "--psu", "county"], "--weights"),
      (["--psu", "county", "--unweighted"], "--mean"),
      (["--mean", "value", "--unweighted", "--weights", "weight"], "--unweighted"),
      (["--mean", "value", "--unweighted", "--lonely-psu", "adjusted"], "\"adjust\""),
      (["--mean", "value", "--unweighted", "--interval", "logits"], "\"logit\""),
      (["--mean", "value", "--unweighted", "--limit", "2%"], "--limit"),
      (["--mean", "value +", "--unweighted"], "--mean"),
      (["--ratio", "value", "--unweighted"], "--ratio"),
      (["--mean", "value", "--unweighted", "--psu", "county", "--fpc", "size,size"], "--fpc"),
      (["--mean", "value", "--unweighted", "--level", "95"], "--level"),
    ])
  func `options that contradict are named`(arguments: [String], named: String) throws {
    let messages = try refused(Self.good, arguments, status: 64)
    #expect(messages.contains(named), "\(messages)")
  }

  @Test func `every problem of the options at once`() throws {
    let messages = try refused(
      Self.good,
      ["--mean", "value +", "--level", "2", "--interval", "logits"],
      status: 64
    )
    for option in ["--mean", "--level", "--interval", "--weights"] { #expect(messages.contains(option)) }
  }

  @Test func `no such file`() throws {
    let run = try CommandRun(["estimate", "nowhere.csv", "--mean", "x", "--unweighted"])
    #expect(run.status == 66)
    #expect(run.messages.contains("nowhere.csv"))
  }

  @Test func `an unknown key of the survey file names the key that was meant`() throws {
    let folder = try TemporaryFolder()
    let yaml = try String(contentsOfFile: repositoryPath + "/Surveys/california-schools/survey.yaml", encoding: .utf8)
    _ = try folder.write(yaml.replacing("indicators:", with: "indicatrs:"), to: "s/survey.yaml")
    let run = try CommandRun(["estimate", folder.path + "/s", "--lang", "en"])
    #expect(run.status == 65)
    #expect(run.messages.contains("\"indicators\"") && run.messages.contains("[key-unknown]"), "\(run.messages)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/s/results"))
  }

  @Test func `a survey folder takes no design from the command line`() throws {
    let run = try CommandRun([
      "estimate", repositoryPath + "/Surveys/california-schools", "--psu", "dnum", "--lang", "en",
    ])
    #expect(run.status == 64)
    #expect(run.messages.contains("--psu"))
  }

  @Test func `findings as JSON for programs`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.good, to: "r.csv")
    let run = try CommandRun(
      ["estimate", "r.csv", "--mean", "valeu", "--format", "json"] + Self.design,
      in: folder.path
    )
    #expect(run.status == 65)
    let records = try #require(
      try JSONSerialization.jsonObject(with: Data(run.messages.utf8)) as? [[String: Any]]
    )
    #expect(records.first?["code"] as? String == "column-missing")
  }
}
