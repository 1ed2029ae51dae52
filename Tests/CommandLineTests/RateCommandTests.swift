import Foundation
import Testing

@Suite("estimate: corrected and composite rates, double sampling")
struct RateCommandTests {
  private static let ten = """
    id,x,y,again,n
    1,1,1,1,100
    2,1,1,1,100
    3,1,,0,100
    4,1,,0,100
    5,1,,0,100
    6,0,0,1,100
    7,0,1,1,100
    8,0,0,1,100
    9,0,,0,100
    10,0,,0,100

    """
  private static let register = """
    id,wrong,exited,omitted,others
    1,1,1,0,0
    2,0,1,0,0
    3,0,0,0,1
    4,0,0,0,1

    """

  private func run(_ options: [String], data: String = ten) throws -> CommandRun {
    let folder = try TemporaryFolder()
    _ = try folder.write(data, to: "d.csv")
    return try CommandRun(["estimate", "d.csv", "--format", "json", "--lang", "en"] + options, in: folder.path)
  }

  private func figures(_ run: CommandRun, _ key: String) throws -> (estimate: Double, error: Double) {
    try #require(run.status == 0, "\(run.messages)")
    let top = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let part = try #require((top?["parts"] as? [[String: Any]])?.first)
    let rows = try #require(part["estimates"] as? [[String: Any]])
    let row = try #require(rows.first { $0["indicator"] as? String == key })
    return (try #require(row["estimate"] as? Double), try #require(row["standard_error"] as? Double))
  }

  // x = 1 in five of ten, with replacement: V(a) = 0.25/9; J = 0.7, p = (0.5 + 0.8 − 1)/0.7 = 3/7.
  @Test func `a rate is corrected for known and for estimated accuracy, by hand`() throws {
    let options = ["--unweighted", "--mean", "x", "--corrected", "x", "--sensitivity", "0.9", "--specificity", "0.8"]
    let known = try figures(try run(options), "corrected(x)")
    let plain: Double = 0.25 / 9
    #expect(abs(known.estimate - 3.0 / 7) < 1e-12)
    #expect(abs(known.error - plain.squareRoot() / 0.7) < 1e-12)
    let rows = ["--sensitivity-rows", "50", "--specificity-rows", "80"]
    let estimated = try figures(try run(options + rows), "corrected(x)")
    let found: Double = 9.0 / 49 * 0.09 / 50
    let passed: Double = 16.0 / 49 * 0.16 / 80
    let variance = (plain + found + passed) / 0.49
    #expect(abs(estimated.error - variance.squareRoot()) < 1e-12)
    let explained = try run(options + rows + ["--explain", "--by", "again"])
    #expect(explained.output.contains("Rogan and Gladen 1978"))
  }

  // r_w = 1/2 with V = 4/3 · 2 · (1/4)² = 1/6, r_m = 0 with no variance: (100 + 400/2)/1000, 0.4 · √(1/6).
  @Test func `the composite incidence joins the register with both rates, by hand`() throws {
    let run = try run(
      [
        "--unweighted", "--ratio", "wrong/exited,omitted/others", "--composite", "wrong/exited,omitted/others",
        "--register", "100,400,500,1000",
      ],
      data: Self.register
    )
    let composite = try figures(run, "composite(wrong/exited, omitted/others)")
    let error: Double = 0.4 * (1.0 / 6).squareRoot()
    #expect(abs(composite.estimate - 0.3) < 1e-12)
    #expect(abs(composite.error - error) < 1e-12)
  }

  // The example of docs/estimation.md: 0.09 · 0.3 + 0.1 · s², s² of g e being 0.2 or 25/216.
  @Test(arguments: ["difference", "post-stratified", "regression"])
  func `a subsample's second judgements correct the first ones, by hand`(method: String) throws {
    var options = ["--fpc", "n", "--second-phase", "again", "--double-sampling", "y ~ x"]
    // Regression is the default, and with two classes it is post-stratification.
    if method != "regression" { options += ["--double-method", method] }
    let own = try figures(try run(options), "double(y ~ x)")
    let isDifference = method == "difference"
    let variance: Double = isDifference ? 0.047 : 0.027 + 2.5 / 216
    let estimate: Double = isDifference ? 0.7 : 2.0 / 3
    #expect(abs(own.estimate - estimate) < 1e-12)
    #expect(abs(own.error - variance.squareRoot()) < 1e-12)
  }

  static let refusals: [OptionRefusal] = [
    OptionRefusal(
      ["--mean", "x", "--corrected", "x", "--sensitivity", "0.4", "--specificity", "0.6"],
      "no better than chance",
      64
    ),
    OptionRefusal(["--mean", "x", "--corrected", "x", "--sensitivity", "0.9"], "--specificity", 64),
    OptionRefusal(
      ["--mean", "x", "--corrected", "x", "--sensitivity", "90", "--specificity", "1"],
      "0.9 for 90 %",
      64
    ),
    OptionRefusal(["--mean", "x", "--sensitivity", "0.9"], "--corrected", 64),
    OptionRefusal(
      [
        "--mean", "x", "--corrected", "x", "--sensitivity", "0.9", "--specificity", "0.9", "--sensitivity-rows", "0",
      ],
      "--sensitivity-rows",
      64
    ),
    OptionRefusal(
      ["--mean", "x", "--corrected", "z", "--sensitivity", "0.9", "--specificity", "0.9"],
      "formula-name",
      65
    ),
    OptionRefusal(
      ["--mean", "id", "--corrected", "id", "--sensitivity", "0.9", "--specificity", "0.9"],
      "no rate",
      65
    ),
    OptionRefusal(
      ["--total", "x", "--corrected", "total(x)", "--sensitivity", "1", "--specificity", "0.9"],
      "no rate",
      65
    ),
    OptionRefusal(["--mean", "x,y", "--composite", "x,y"], "--register", 64),
    OptionRefusal(["--mean", "x,y", "--composite", "x,y", "--register", "1,2,3"], "REMAINING", 64),
    OptionRefusal(["--mean", "x,y", "--composite", "x,y", "--register", "1,2,3,4"], "REMAINING", 64),
    OptionRefusal(["--mean", "x,y", "--composite", "x", "--register", "1,2,3,6"], "OMISSION", 64),
    OptionRefusal(["--double-sampling", "y ~ x"], "--second-phase", 64),
    OptionRefusal(["--double-sampling", "y + x", "--second-phase", "again"], "SECOND ~ FIRST", 64),
    OptionRefusal(["--mean", "x", "--double-method", "difference"], "--double-sampling", 64),
    OptionRefusal(["--double-sampling", "y ~ x", "--second-phase", "id"], "phase-mark", 65),
    OptionRefusal(["--double-sampling", "x ~ y", "--second-phase", "again"], "judgement-missing", 65),
  ]

  @Test(arguments: refusals)
  func `what cannot be done is named`(own: OptionRefusal) throws {
    let run = try run(["--unweighted"] + own.options)
    #expect(run.status == own.status && run.messages.contains(own.named), "\(run.messages)")
  }

  private func rows(_ run: CommandRun, _ key: String) throws -> [[String: Any]] {
    try #require(run.status == 0, "\(run.messages)")
    let top = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let part = try #require((top?["parts"] as? [[String: Any]])?.first)
    let all = try #require(part["estimates"] as? [[String: Any]])
    return all.filter { $0["indicator"] as? String == key }
  }

  // Both rows of x = 1 that were judged again have y = 1.
  @Test(arguments: [
    ("regression", "first-judgement-constant", true), ("difference", "no-spread", false),
    ("post-stratified", "no-spread", false),
  ])
  func `a domain that cannot answer leaves the others their figures`(
    method: String,
    reason: String,
    isWithoutEstimate: Bool
  ) throws {
    let found = try rows(
      try run([
        "--fpc", "n", "--second-phase", "again", "--double-sampling", "y ~ x", "--double-method", method, "--by", "x",
      ]),
      "double(y ~ x)"
    )
    let whole = try #require(found.first { ($0["domain"] as? [String: String])?.isEmpty ?? true })
    #expect(whole["standard_error"] as? Double ?? 0 > 0 && whole["reason"] is NSNull)
    let same = try #require(found.first { ($0["domain"] as? [String: String]) == ["x": "1"] })
    #expect(same["reason"] as? String == reason && same["interval"] is NSNull && same["one_sided"] is NSNull)
    #expect((same["estimate"] is NSNull) == isWithoutEstimate)
  }

  private static let classes = """
    id,x,y,again,g
    1,1,1,1,A
    2,1,1,1,A
    3,0,,0,A
    4,1,0,1,B
    5,0,0,1,B
    6,0,1,1,B
    7,1,1,1,B

    """

  @Test func `a class without a second judgement is a reason of its domain`() throws {
    let options = [
      "--unweighted", "--second-phase", "again", "--double-sampling", "y ~ x", "--double-method", "post-stratified",
    ]
    let found = try rows(try run(options + ["--by", "g"], data: Self.classes), "double(y ~ x)")
    let reasons = Dictionary(
      uniqueKeysWithValues: found.map { (($0["domain"] as? [String: String])?["g"] ?? "", $0["reason"] as? String) }
    )
    #expect(reasons == ["": nil, "A": "class-not-judged-again", "B": nil])
    let whole = try run(options, data: Self.classes.replacing("5,0,0,1,B", with: "5,2,,0,B"))
    #expect(whole.status == 65 && whole.messages.contains("class-without-second-judgement"), "\(whole.messages)")
  }

  @Test func `a rate without an event that has no limits of its own says why, and so does the corrected one`() throws {
    let found = try run([
      "--unweighted", "--mean", "x", "--where", "x == 0", "--by", "again", "--interval", "logit", "--corrected",
      "mean(x)", "--sensitivity", "0.9", "--specificity", "0.98",
    ])
    for key in ["mean(x)", "corrected(mean(x))"] {
      let own = try rows(found, key)
      #expect(!own.isEmpty)
      for row in own { #expect(row["interval"] is NSNull && row["reason"] as? String == "no-event", "\(row)") }
    }
  }

  @Test func `a script passes over what R stops at in two phases by the full variance`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.ten, to: "d.csv")
    for (variance, isFull) in [("full", true), ("approx", false)] {
      let run = try CommandRun(
        [
          "estimate", "d.csv", "--fpc", "n", "--second-phase", "again", "--second-variance", variance, "--mean", "y",
          "--ttest", "y ~ x", "--table", "x,y", "--crosscheck", "r",
        ],
        in: folder.path
      )
      try #require(run.status == 0, "\(run.messages)")
      #expect(run.output.contains("tryCatch({\nx <- svyttest(") == isFull && run.output.contains("svyttest("))
      #expect(run.output.contains("svychisq(") == !isFull)
      #expect(run.output.contains("two phases by the full variance, not repeated") == isFull)
    }
  }

  @Test func `a script names what R does not repeat`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.ten, to: "d.csv")
    let run = try CommandRun(
      [
        "estimate", "d.csv", "--fpc", "n", "--second-phase", "again", "--double-sampling", "y ~ x", "--crosscheck", "r",
      ],
      in: folder.path
    )
    #expect(run.status == 0 && run.output.contains("double(y ~ x)"), "\(run.messages)")
  }
}
