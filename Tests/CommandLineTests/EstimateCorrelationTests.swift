import Foundation
import Testing

/// Seven counties of five villages with eight answers: two events in one village, one in another.
private func round(_ folder: TemporaryFolder, events: [Int] = [2, 0, 1, 0, 0]) throws -> String {
  var lines = ["county,village,wrong"]
  for county in 0..<7 {
    for (village, count) in events.enumerated() {
      for row in 0..<8 { lines.append("c\(county),c\(county)v\(village),\(row < count ? 1 : 0)") }
    }
  }
  return try folder.write(lines.joined(separator: "\n") + "\n", to: "round.csv")
}

private let design = ["--strata", "county", "--psu", "village", "--unweighted", "--mean", "wrong", "--by", "county"]

@Suite("estimate: the intra-cluster correlation, limits by it, limits that hold together")
struct EstimateCorrelationTests {
  private func estimates(_ arguments: [String]) throws -> [[String: Any]] {
    let run = try CommandRun(["estimate"] + arguments + ["--format", "json"])
    try #require(run.status == 0, "\(run.messages)")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let parts = try #require(root["parts"] as? [[String: Any]])
    return try #require(parts.first?["estimates"] as? [[String: Any]])
  }

  private func interval(_ estimate: [String: Any]?) throws -> (method: String, correlation: Double, width: Double) {
    let interval = try #require(estimate?["interval"] as? [String: Any])
    let limits = (try #require(interval["lower"] as? Double), try #require(interval["upper"] as? Double))
    return (
      try #require(interval["method"] as? String), try #require(interval["correlation"] as? Double), limits.1 - limits.0
    )
  }

  @Test("--rho-table writes the correlation of the round and of each county")
  func table() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/rho.csv"
    let run = try CommandRun(["estimate", try round(folder)] + design + ["--rho-table", file, "--lang", "en"])
    try #require(run.status == 0, "\(run.messages)")
    let text = try String(contentsOf: URL(fileURLWithPath: file), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline)
    #expect(lines.count == 9)
    #expect(lines[0].contains("correlation,uncut,standard_error,units,clusters,rows,events"))
    #expect(lines[1].contains(",7,35,280,21,8,") && lines[1].hasSuffix(",pooled"))
    #expect(lines[2].contains("county=c0") && lines[2].contains(",1,5,40,3,8,"))
    // It is not written over.
    #expect(try CommandRun(["estimate", try round(folder)] + design + ["--rho-table", file]).status != 0)
  }

  @Test("--rho gives the correlation to the pooled limits and to the floor; --planned-rho to the floor alone")
  func source() throws {
    let folder = try TemporaryFolder()
    let file = try round(folder)
    let given = try interval(try estimates([file] + design + ["--rho", "0.11"]).last)
    #expect(given.method == "pooled-corrected" && given.correlation == 0.11)
    let floor = ["--interval", "korn-graubard-floor"]
    #expect(try interval(try estimates([file] + design + ["--rho", "0.11"] + floor).last).correlation == 0.11)
    #expect(try interval(try estimates([file] + design + ["--planned-rho", "0.11"] + floor).last).correlation == 0.11)
    let planned = try interval(try estimates([file] + design + ["--planned-rho", "0.11"]).last)
    #expect(planned.method == "pooled-corrected" && planned.correlation != 0.11)
    let few = try round(folder, events: [1, 0, 0, 0, 0])
    let run = try CommandRun(["estimate", few] + design + ["--planned-rho", "0.11", "--lang", "en"])
    #expect(run.status == 0 && run.messages.contains("fewer than 10"))
  }

  @Test("--simultaneous widens the limits by county and not those of the whole sample")
  func simultaneous() throws {
    let folder = try TemporaryFolder()
    let file = try round(folder)
    let plain = try estimates([file] + design)
    for method in ["bonferroni", "scheffe"] {
      let found = try estimates([file] + design + ["--simultaneous", method, "--domain-df", "design"])
      #expect(try interval(found.first).width == interval(plain.first).width)
      #expect(try interval(found.last).width > 1.2 * interval(plain.last).width)
    }
  }

  @Test("wrong words are named, all at once")
  func badInput() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["estimate", try round(folder)] + design
        + ["--rho", "much", "--planned-rho", "1.5", "--simultaneous", "tukey", "--interval", "betabinomial"]
    )
    #expect(run.status == 64)
    for word in ["--rho", "--planned-rho", "--simultaneous", "--interval", "tukey", "much"] {
      #expect(run.messages.contains(word))
    }
  }
}
