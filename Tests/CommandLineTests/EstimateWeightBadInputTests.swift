import Foundation
import Testing

@Suite("estimate: bad totals, probabilities, replicates and formulas are refused with their reason")
struct EstimateWeightBadInputTests {
  private static let data = """
    id,stratum,psu,w,pi,r1,r2,r3,y,x,g
    1,a,1,2,0.5,4,0,2,1,1,P
    2,a,2,2,0.5,0,4,2,3,2,P
    3,a,3,2,0.5,4,0,2,2,4,Q
    4,b,4,4,0.25,4,4,0,5,3,Q
    5,b,5,4,0.25,4,4,8,4,6,P
    6,b,6,4,0.25,4,4,4,7,5,Q

    """

  /// Runs an estimation that must be refused; the messages in English.
  private func refused(
    _ arguments: [String],
    files: [String: String] = [:],
    status: Int32 = 65,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.data, to: "r.csv")
    for (name, text) in files { _ = try folder.write(text, to: name) }
    let run = try CommandRun(
      ["estimate", "r.csv", "--lang", "en", "-o", "out.json"] + arguments,
      in: folder.path
    )
    #expect(run.status == status, "\(run.messages)", sourceLocation: sourceLocation)
    #expect(!folder.names.contains("out.json"), "nothing may be written", sourceLocation: sourceLocation)
    return run.messages
  }

  private static let plain = ["--mean", "y", "--weights", "w"]

  @Test(
    arguments: [
      ("g,total\nP,8\n", "class-without-total", "Q"), ("g,total\nP,8\nQ,10\nR,3\n", "class-without-rows", "R"),
      ("g,total\nP,8\nP,9\nQ,10\n", "totals-twice", "t.csv:3"), ("g,total\nP,8\nQ,\n", "total-invalid", "t.csv:3"),
      ("total\n8\n", "totals-columns", "total"), ("g,sum\nP,8\nQ,10\n", "column-missing", "total"),
      ("h,total\nP,8\nQ,10\n", "column-missing", "h"),
    ])
  func `post-stratification`(totals: String, code: String, named: String) throws {
    let messages = try refused(Self.plain + ["--post-stratify", "t.csv"], files: ["t.csv": totals])
    #expect(messages.contains("[\(code)]") && messages.contains(named), "\(messages)")
  }

  @Test func `margins that cannot all be met name the difference`() throws {
    let messages = try refused(
      Self.plain + ["--rake", "g.csv", "--rake", "s.csv"],
      files: ["g.csv": "g,total\nP,8\nQ,10\n", "s.csv": "stratum,total\na,6\nb,14\n"]
    )
    #expect(messages.contains("[margins-differ]") && messages.contains("stratum") && messages.contains("2 off"))
  }

  @Test(
    arguments: [
      (["--bounds", "0.9,1.1"], "term,total\n(intercept),18\nx,200\n", "calibration-unmet"),
      ([], "term,total\n(intercept),18\nx,70\nx*2,140\n", "auxiliary-collinear"),
      (["--distance", "logit"], "term,total\n(intercept),18\nx,70\n", "bounds-missing"),
      (["--bounds", "1.2,3"], "term,total\n(intercept),18\nx,70\n", "bounds-range"),
      ([], "term,total\n(intercept),18\nx +,70\n", "expression"), ([], "term,total\n(intercept),many\n", "number-text"),
    ])
  func calibration(options: [String], totals: String, code: String) throws {
    let messages = try refused(Self.plain + ["--calibrate", "t.csv"] + options, files: ["t.csv": totals])
    #expect(messages.contains("[\(code)"), "\(messages)")
  }

  @Test(
    arguments: [
      (["--replicates", "q*", "--replicate-type", "brr"], "replicate-columns"),
      (["--replicates", "r1", "--replicate-type", "brr"], "replicate-columns"),
      (["--replicates", "r1,r1,r2", "--replicate-type", "brr"], "replicate-columns"),
      (["--replicates", "r?", "--replicate-type", "bootstrap", "--rscales", "1,1"], "replicate-scales"),
      (["--replicates", "r1,r2,g", "--replicate-type", "brr"], "number-text"),
      (["--replicates", "r1,r2,r9", "--replicate-type", "brr"], "column-missing"),
    ])
  func replicates(options: [String], code: String) throws {
    let messages = try refused(Self.plain + options)
    #expect(messages.contains("[\(code)]"), "\(messages)")
  }

  @Test(
    arguments: [
      ("0.5,0.2\n0.2,0.5\n", "2 rows"), ("0.5,x\n", "x"),
      (
        String(repeating: "0.5,0.2,0.2,0.2,0.2,0.9\n", count: 6), "cannot be a joint inclusion probability"
      ),
    ])
  func `joint probabilities that are no design`(matrix: String, named: String) throws {
    let messages = try refused(
      ["--mean", "y", "--fpc", "pi", "--pps", "ht", "--joint", "j.csv"],
      files: ["j.csv": matrix]
    )
    #expect(messages.contains(named), "\(messages)")
  }

  @Test func `a list of pairs that lacks one names it`() throws {
    let pairs = "stage,parent,stratum,unit,other,probability\nu,,a,1,2,0.2\nu,,a,1,3,0.2\nu,,b,4,5,0.05\n"
    let messages = try refused(
      ["--mean", "y", "--psu", "id", "--fpc", "pi", "--pps", "syg", "--joint", "j.csv"],
      files: ["j.csv": pairs]
    )
    #expect(messages.contains("[joint-pair-missing]") && messages.contains("\"2, 3\""), "\(messages)")
  }

  @Test(
    arguments: [
      (["--mean", "y,x", "--contrast", "y - z"], "formula-name", "z"),
      (["--mean", "y", "--total", "y", "--contrast", "y - 1"], "formula-name", "mean(y), total(y)"),
      (["--mean", "y", "--by", "g", "--contrast", "y[P] - y[R]"], "formula-domain", "y[R]"),
      (["--ttest", "y ~ id"], "model-groups", "6 groups"), (["--table", "g,stratums"], "column-missing", "stratum"),
      (["--regress", "y ~ x + g + stratum + w"], "regression-not-fitted", "x"),
      (["--regress", "y ~ x", "--family", "logistic"], "response-range", "y"),
    ])
  func `formulas and models`(options: [String], code: String, named: String) throws {
    let messages = try refused(options + ["--weights", "w"])
    #expect(messages.contains("[\(code)]") && messages.contains(named), "\(messages)")
  }

  @Test(
    arguments: [
      (["--mean", "y", "--pps", "brewer"], "--fpc"),
      (["--mean", "y", "--pps", "brewers", "--fpc", "pi"], "\"brewer\""),
      (["--mean", "y", "--pps", "ht", "--fpc", "pi"], "--joint"), (["--mean", "y", "--joint", "j.csv"], "--pps"),
      (["--mean", "y", "--pps", "overton", "--psu", "psu,id", "--fpc", "pi,pi"], "brewer"),
      (["--mean", "y", "--replicates", "r?"], "--replicate-type"),
      (["--mean", "y", "--replicates", "r?", "--replicate-type", "fay"], "--fay-rho"),
      (["--mean", "y", "--replicates", "r?", "--replicate-type", "jkn"], "--rscales"),
      (["--mean", "y", "--replicates", "r?", "--replicate-type", "other"], "--scale"),
      (["--mean", "y", "--replicates", "r?", "--replicate-type", "brr", "--strata", "stratum"], "--strata"),
      (["--mean", "y", "--fay-rho", "0.5"], "--replicates"), (["--mean", "y", "--jackknife", "jk3"], "jk1"),
      (["--mean", "y", "--second-strata", "g"], "--second-phase"),
      (["--mean", "y", "--distance", "raking"], "--calibrate"),
      (["--mean", "y", "--trim", "8"], "LOWER,UPPER"), (["--mean", "y", "--trim", "8,2"], "--trim"),
      (["--quantile", "y", "--probs", "50"], "--probs"), (["--quantile", "y", "--quantile-rule", "hf8"], "\"hf2\""),
      (["--mean", "y", "--contrast", "y -"], "--contrast"), (["--regress", "y + x"], "--regress"),
      (["--table", "g"], "ROW,COLUMN"), (["--table", "g,stratum", "--test", "chisq"], "Chisq"),
      (["--mean", "y", "--mu", "3"], "--ttest"), (["--contrast", "y - x"], "--mean"),
    ])
  func `options that contradict are named`(options: [String], named: String) throws {
    let messages = try refused(options + ["--weights", "w"], status: 64)
    #expect(messages.contains(named), "\(messages)")
  }

  @Test func `a script takes no form, and a survey folder none of these options`() throws {
    #expect(try refused(Self.plain + ["--crosscheck", "r", "--format", "json"], status: 64).contains("--crosscheck"))
    let run = try CommandRun(
      ["estimate", repositoryPath + "/Surveys/california-schools", "--rake", "t.csv", "--sd", "y", "--lang", "en"]
    )
    #expect(run.status == 64 && run.messages.contains("--rake") && run.messages.contains("--sd"), "\(run.messages)")
  }
}
