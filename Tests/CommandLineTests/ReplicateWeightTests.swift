import Foundation
import Testing

@Suite("estimate: replicates made of a design, written and read again")
struct ReplicateWeightTests {
  private static let data = """
    h,u,w,y,x,N
    1,1,2,1,3,20
    1,2,2,3,4,20
    1,3,2,7,1,20
    2,4,3,2,2,15
    2,5,3,5,6,15
    3,6,1.5,4,1,12
    3,7,1.5,4,2,12
    3,8,1.5,9,5,12
    3,9,1.5,1,4,12

    """
  private static let design = ["--strata", "h", "--psu", "u", "--weights", "w"]

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.data, to: "toy.csv")
    return folder
  }

  private func figures(_ run: CommandRun) throws -> [[Double]] {
    let top = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let parts = try #require(top?["parts"] as? [[String: Any]])
    return try #require(parts[0]["estimates"] as? [[String: Any]]).map { row in
      [row["estimate"], row["standard_error"], row["degrees_of_freedom"]].map { $0 as? Double ?? .nan }
    }
  }

  @Test(arguments: [
    ["jkn"], ["jk2"], ["brr"], ["fay", "--fay-rho", "0.3"], ["sdr"],
    ["rao-wu", "--replicate-count", "40", "--seed", "9"],
    ["canty-davison", "--replicate-count", "40"], ["preston", "--replicate-count", "40", "--mse"],
  ])
  func `written replicates give the same figures when they are read again`(method: [String]) throws {
    let folder = try folder()
    let asked = ["--mean", "y", "--total", "y", "--ratio", "y/x", "--format", "json", "--lang", "en"]
    let made = try CommandRun(
      ["estimate", "toy.csv"] + Self.design + asked + ["--fpc", "N", "--replicates-of"] + method
        + ["--write-weights", "w.csv"],
      in: folder.path
    )
    #expect(made.status == 0, "\(made.messages)")
    #expect(folder.names == ["toy.csv", "w.csv", "w.json"])
    let read = try CommandRun(["estimate", "w.csv", "--replicates", "w.json"] + asked, in: folder.path)
    #expect(read.status == 0, "\(read.messages)")
    for (left, right) in zip(try figures(made), try figures(read)) {
      for (one, other) in zip(left, right) { #expect(abs(one - other) <= 1e-11 * abs(one)) }
    }
    let text = try String(contentsOfFile: folder.path + "/w.json", encoding: .utf8)
    #expect(text.contains("\"method\": \"\(method[0])\"") && text.contains("\"rscales\""))
    let again = try CommandRun(
      ["estimate", "toy.csv"] + Self.design + asked + ["--write-weights", "w.csv"],
      in: folder.path
    )
    #expect(again.status == 73, "files that are there stay")
  }

  // Stratum a holds both its units whole, three rows of nine in each; of b two units of four are drawn.
  private static let stages = """
    h,u,v,N1,N2,y
    a,a1,1,2,9,1
    a,a1,2,2,9,4
    a,a1,3,2,9,2
    a,a2,4,2,9,3
    a,a2,5,2,9,6
    a,a2,6,2,9,5
    b,b1,7,4,9,2
    b,b1,8,4,9,9
    b,b1,9,4,9,4
    b,b2,10,4,9,1
    b,b2,11,4,9,3
    b,b2,12,4,9,3

    """

  @Test(arguments: ["jkn", "jk2", "brr", "preston"])
  func `replicates of the first stage say that later stages are left out, and have no error where it is complete`(
    method: String
  ) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.stages, to: "d.csv")
    let run = try CommandRun(
      [
        "estimate", "d.csv", "--strata", "h", "--psu", "u,v", "--fpc", "N1,N2", "--mean", "y", "--by", "h",
        "--replicates-of", method, "--format", "json", "--lang", "en",
      ],
      in: folder.path
    )
    try #require(run.status == 0, "\(run.messages)")
    #expect((run.output + run.messages).contains("replicates-first-stage") == (method != "preston"))
    let top = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let parts = try #require(top?["parts"] as? [[String: Any]])
    let rows = try #require(parts[0]["estimates"] as? [[String: Any]])
    let complete = try #require(rows.first { ($0["domain"] as? [String: String]) == ["h": "a"] })
    #expect(complete["estimate"] as? Double == 3.5)
    if method == "preston" {
      #expect(complete["standard_error"] as? Double ?? 0 > 0)
    } else {
      #expect(complete["standard_error"] is NSNull && complete["interval"] is NSNull)
      #expect(complete["reason"] as? String == "replicated-stage-complete")
    }
    let open = try #require(rows.first { ($0["domain"] as? [String: String]) == ["h": "b"] })
    #expect(open["standard_error"] as? Double ?? 0 > 0 && open["reason"] is NSNull)
  }

  @Test(arguments: [("zh", "(θ_r − c)²，c 为"), ("en", "(θ_r − c)², c the ")])
  func `the formula of the variance says what the replicates deviate from`(language: String, formula: String) throws {
    let folder = try folder()
    for (more, chinese, english) in [
      (["jkn"], "各重复的平均", "mean of the replicates"), (["jkn", "--mse"], "全样本的估计", "estimate of the whole sample"),
      (["jk2"], "全样本的估计", "estimate of the whole sample"),
    ] {
      let run = try CommandRun(
        ["estimate", "toy.csv", "--mean", "y", "--explain", "--lang", language] + Self.design + ["--replicates-of"]
          + more,
        in: folder.path
      )
      let expected = formula + (language == "zh" ? chinese : english)
      #expect(run.status == 0 && run.output.contains(expected), "\(run.output)")
    }
  }

  @Test func `only the columns asked for are carried, and adjusted weights are written with their history`() throws {
    let folder = try folder()
    _ = try folder.write("h,total\n1,20\n2,15\n3,12\n", to: "t.csv")
    let run = try CommandRun(
      ["estimate", "toy.csv"] + Self.design
        + [
          "--mean", "y", "--replicates-of", "jkn", "--post-stratify", "t.csv", "--write-weights", "w.csv", "--id", "u",
        ],
      in: folder.path
    )
    #expect(run.status == 0, "\(run.messages)")
    let lines = try String(contentsOfFile: folder.path + "/w.csv", encoding: .utf8).split(separator: "\r\n")
    #expect(lines[0].hasPrefix("u,design_weight,final_weight,replicate_1,"))
    #expect(lines[1].hasPrefix("1,2,6.666666666666667,"), "three units of stratum 1 stand for 20")
    #expect(try String(contentsOfFile: folder.path + "/w.json", encoding: .utf8).contains("post-stratification"))
  }

  @Test(arguments: [
    (["--replicates-of", "brrr"], "brr"), (["--replicates-of", "fay"], "--fay-rho"),
    (["--replicates-of", "brr", "--fay-rho", "0.3"], "fay"), (["--replicates-of", "brr", "--seed", "3"], "rao-wu"),
    (["--replicates-of", "jkn", "--replicate-count", "30"], "--replicate-count"),
    (["--replicates-of", "rao-wu", "--replicate-count", "1"], "1000000"), (["--seed", "3"], "--replicates-of"),
    (["--replicates-of", "jkn", "--jackknife", "jkn"], "--jackknife"), (["--id", "u"], "--write-weights"),
    (["--replicates-of", "rao-wu", "--crosscheck", "r"], "--write-weights"),
  ])
  func `options that contradict are named`(options: [String], named: String) throws {
    let folder = try folder()
    let run = try CommandRun(
      ["estimate", "toy.csv", "--mean", "y", "--lang", "en"] + Self.design + options,
      in: folder.path
    )
    #expect(run.status == 64 && run.messages.contains(named), "\(run.messages)")
  }

  @Test(arguments: [
    ("{}", "weights-description"), ("x", "weights-description"),
    (
      """
      {"format": "mingcha-weights-1", "weight": "w", "replicates": {"prefix": "r", "count": 3, "scale": 1,
      "rscales": [1, 1], "mse": false}}
      """, "2 factors"
    ),
    (
      """
      {"format": "mingcha-weights-1", "weight": "w", "replicates": {"prefix": "r", "count": 2, "scale": 1,
      "rscales": [1, 1], "mse": false}}
      """, "column-missing"
    ),
  ])
  func `a description that does not fit is refused`(text: String, named: String) throws {
    let folder = try folder()
    _ = try folder.write(text, to: "w.json")
    let run = try CommandRun(
      ["estimate", "toy.csv", "--mean", "y", "--replicates", "w.json", "--lang", "en"],
      in: folder.path
    )
    #expect(run.status == 65 && run.messages.contains(named), "\(run.messages)")
  }

  @Test func `a column that the weights need, and a stratum that no replicate can show`() throws {
    let folder = try folder()
    _ = try folder.write("h,u,w,y,final_weight\n1,1,2,1,3\n1,2,2,3,4\n2,3,2,3,4\n", to: "odd.csv")
    let taken = try CommandRun(
      ["estimate", "odd.csv", "--mean", "y", "--weights", "w", "--write-weights", "w.csv", "--lang", "en"],
      in: folder.path
    )
    #expect(taken.status == 65 && taken.messages.contains("[weight-column-taken]"), "\(taken.messages)")
    let alone = try CommandRun(
      ["estimate", "odd.csv", "--mean", "y", "--replicates-of", "brr", "--lang", "en"] + Self.design,
      in: folder.path
    )
    #expect(alone.status == 65 && alone.messages.contains("[lonely-unit]"), "\(alone.messages)")
    #expect(folder.names == ["odd.csv", "toy.csv"])
  }
}
