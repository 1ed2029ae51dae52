import Foundation
import Testing

/// Tests and models in every domain of `--by`.
@Suite("estimate: tests and models by domain")
struct EstimateDomainAnalysisTests {
  private static let data = repositoryPath + "/Surveys/california-schools/data/apiclus2.csv"
  private static let design = [data, "--psu", "dnum,snum", "--fpc", "fpc1,fpc2"]

  private func analyses(_ arguments: [String]) throws -> [[String: Any]] {
    let run = try CommandRun(["estimate"] + Self.design + arguments + ["--format", "json", "--lang", "en"])
    try #require(run.status == 0, "\(run.messages)")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let part = try #require((root["parts"] as? [[String: Any]])?.first)
    return try #require(part["analyses"] as? [[String: Any]])
  }

  private func domain(_ record: [String: Any]) -> [String: String] { record["domain"] as? [String: String] ?? [:] }

  private func agrees(_ record: [String: Any], _ wanted: [(String, Double)], _ tolerance: Double = 1e-9) {
    for (key, value) in wanted {
      let found = record[key] as? Double ?? .nan
      #expect(abs(found - value) <= tolerance * abs(value), "\(domain(record)) \(key): \(found), not \(value)")
    }
  }

  // R survey 4.1-1: des <- svydesign(~dnum+snum, fpc=~fpc1+fpc2, data=apiclus2); s <- subset(des, stype == t);
  // svyttest(api00 ~ awards, s), svyttest(I(api00 - 600) ~ 0, s), svyranktest(api00 ~ awards, s).
  @Test func `t and rank tests are those of the subset of the design`() throws {
    let found = try analyses([
      "--by", "stype", "--ttest", "api00 ~ awards", "--ttest", "api00 ~ 0", "--mu", "600", "--ranktest",
      "api00 ~ awards",
    ])
    #expect(found.map { domain($0)["stype"] } == [nil, "E", "H", "M", nil, "E", "H", "M", nil, "E", "H", "M"])
    let wanted: [Int: [Double]] = [
      1: [4.17093898942954, 33, 0.0002065886386228018, 158.9699633699632],
      2: [2.824952335130285, 12, 0.01531853994503692, 132.6752688172043],
      3: [6.389153561419544, 19, 3.968984519490853e-06, 213.5671583850931],
      5: [3.101267358317329, 33, 0.003929531557187696, 92.81040086673889],
      6: [-0.09377896385379311, 12, 0.9268323592780165, -1.659340659340661],
      7: [0.9392495822901711, 19, 0.3593907283503061, 42.352],
      9: [4.282470291376316, 33, 0.0001499117503818564, 0.3267336018080873],
      10: [2.627929268651175, 12, 0.02205980823915122, 0.2700119474313023],
      11: [6.106790194648088, 19, 7.163117187399204e-06, 0.4715320910973085],
    ]
    for (place, values) in wanted {
      let keys = ["statistic", "degrees_of_freedom", "p_value", "difference"]
      agrees(found[place], Array(zip(keys, values)), 1e-8)
    }
  }

  // svychisq(~sch_wide + awards, s); svyglm(api00 ~ ell + meals, s) with confint(ddf = degf(s)).
  @Test func `tables and regressions are those of the subset of the design`() throws {
    let found = try analyses(["--by", "stype", "--table", "sch_wide,awards", "--regress", "api00 ~ ell + meals"])
    #expect(found.count == 8)
    agrees(found[1], [("statistic", 11.22021161940312), ("p_value", 0.001990692216358328)], 1e-8)
    agrees(found[2], [("statistic", 35.04379989943615), ("p_value", 5.068844522554117e-05)], 1e-8)
    agrees(found[3], [("statistic", 20.55831805807768), ("p_value", 0.0002020558149366276)], 1e-8)
    let meals: [Int: [Double]] = [
      5: [-2.309056736473492, 0.9233364140165928, -2.500775125318513, 0.01770538336000019, -4.185502094111824],
      6: [-2.582817026599496, 1.104461141644772, -2.338531369925159, 0.03927388176640752, -4.968860259289974],
      7: [-4.897908552996340, 0.5710322255141577, -8.577289221438004, 8.959934746595745e-08, -6.089060902629751],
    ]
    for (place, values) in meals {
      let coefficients = try #require(found[place]["coefficients"] as? [[String: Any]])
      let keys = ["estimate", "standard_error", "statistic", "p_value", "lower"]
      agrees(coefficients[2], Array(zip(keys, values)), 1e-7)
    }
    #expect(found[5]["rows"] as? Int == 83 && found[7]["residual_degrees_of_freedom"] as? Int == 18)
  }

  @Test func `a domain that cannot answer says why, the others answer`() throws {
    let found = try analyses([
      "--by", "stype", "--by", "comp_imp", "--by", "cnum", "--regress", "api00 ~ ell + stype", "--ttest",
      "api00 ~ awards", "--table", "stype,awards", "--ranktest", "api00 ~ awards", "--ttest", "api00 ~ 0",
    ])
    func code(_ place: Int) -> String? { (found[place]["reason"] as? [String: Any])?["code"] as? String }
    #expect(found.count % 5 == 0 && found.count > 5 * 10)
    let asked = found.map { $0["asked"] as? String ?? "" }
    for (place, record) in found.enumerated() {
      let hasFigure =
        record["coefficients"] != nil || record["difference"] is Double || record["row_levels"] is [String]
      #expect(hasFigure != (code(place) != nil), "\(asked[place]) \(domain(record))")
    }
    let reasons = Set(found.indices.compactMap(code))
    for wanted in [
      "model-one-value", "test-impossible", "table-untestable", "analysis-rows", "analysis-freedom",
    ] {
      #expect(reasons.contains(wanted), "\(wanted) among \(reasons.sorted())")
    }
    let text = try CommandRun(
      ["estimate"] + Self.design + ["--by", "stype", "--regress", "api00 ~ ell + stype", "--lang", "en"]
    )
    #expect(text.output.contains("stype has fewer than two values"))
  }

  @Test func `one table holds all domains of a test in CSV too`() throws {
    let run = try CommandRun(
      ["estimate"] + Self.design + ["--by", "stype", "--ttest", "api00 ~ awards", "--format", "csv"]
    )
    let lines = run.output.split(whereSeparator: \.isNewline)
    try #require(run.status == 0 && lines.count == 5, "\(run.output)")
    #expect(lines[0].hasSuffix("stype,difference,standard_error,lower,upper,statistic,df,p_value"))
    #expect(lines[1].hasPrefix(",165.1737") && lines[2].hasPrefix("E,158.96996"), "\(lines)")
    #expect(!run.messages.contains("csv-one-table"))
  }

  @Test(
    .enabled(if: CrosscheckScriptTests.rscript != nil, "R survey is not installed"),
    arguments: ["F", "Chisq", "Wald", "adjWald", "saddlepoint"]
  )
  func `R finds the same in every subset`(statistic: String) throws {
    let folder = try TemporaryFolder()
    let written = try CommandRun(
      ["estimate"] + Self.design + [
        "--by", "stype,sch_wide", "--by", "comp_imp", "--where", "enroll > 200", "--ttest", "api00 ~ awards", "--ttest",
        "api00 ~ 0", "--mu", "600", "--ranktest", "api00 ~ awards", "--table", "sch_wide,awards", "--test", statistic,
        "--regress", "api00 ~ ell + factor(awards) + comp_imp", "--crosscheck", "r",
      ]
    )
    #expect(written.status == 0 && written.output.contains("[stype=E,sch_wide=Yes]"), "\(written.messages)")
    #expect(try CrosscheckScriptTests.status(of: try folder.write(written.output, to: "check.R")) == 0)
  }
}
