import Foundation
import Testing

/// Tests, models, quantiles and functions of estimates, end to end against R survey.
@Suite("estimate: R survey's quantiles, functions, tests and models")
struct EstimateAnalysisTests {
  private func json(_ arguments: [String], _ name: String) throws -> [String: Any] {
    let run = try CommandRun(["estimate"] + arguments + ["--format", "json", "--lang", "en"])
    try #require(run.status == 0, "\(name): \(run.messages)")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    return try #require((root["parts"] as? [[String: Any]])?.first)
  }

  private func close(_ found: Any?, _ wanted: Any?, _ tolerance: Double, _ what: String) {
    guard let wanted = (wanted as? [Any])?.first as? Double ?? wanted as? Double else { return }
    let found = found as? Double ?? .nan
    #expect(abs(found - wanted) <= tolerance * max(abs(wanted), abs(found)) + 1e-14, "\(what): \(found), not \(wanted)")
  }

  @Test func `quantiles by every rule and interval`() throws {
    let reference = try ReferenceSuite("estimation_api")
    var compared = 0
    for (name, spec) in reference.designs.sorted(by: { $0.key < $1.key }) {
      let folder = try TemporaryFolder()
      guard let options = try ReferenceOptions(spec, in: folder) else { continue }
      for own in reference.cases(of: name, ["quantile"]) {
        guard let shares = own["probs"] as? [Double], let expected = own["expected"] as? [String: Any],
          let variable = (own["variables"] as? [String])?.first
        else { continue }
        let rule = own["qrule"] as? String ?? "math"
        let named = own["interval"] as? String ?? "mean"
        // R's name stands for its own reading of the limits.
        let interval = named == "score" ? "score-by-rows" : named
        let asked = [
          "--quantile", variable, "--probs", shares.map { "\($0)" }.joined(separator: ","), "--quantile-rule", rule,
          "--quantile-interval", interval,
        ]
        let figures = try EstimateDesignTests.estimates(options.arguments + asked, name)
        for (place, share) in shares.enumerated() {
          let record = figures["quantile(\(variable), \(share))"]
          let limits = record?["interval"] as? [String: Any]
          let what = "\(name) \(rule) \(interval) \(share)"
          close(record?["estimate"], (expected["estimate"] as? [Any])?[place], 1e-9, what)
          close(limits?["lower"], (expected["ci_lower"] as? [Any])?[place], 1e-6, what)
          close(limits?["upper"], (expected["ci_upper"] as? [Any])?[place], 1e-6, what)
          compared += 3
        }
      }
    }
    #expect(compared >= 90, "\(compared)")
  }

  @Test func `functions of means with their joint covariance`() throws {
    let reference = try ReferenceSuite("estimation_api")
    var compared = 0
    for (name, spec) in reference.designs.sorted(by: { $0.key < $1.key }) {
      let folder = try TemporaryFolder()
      guard let options = try ReferenceOptions(spec, in: folder) else { continue }
      for own in reference.cases(of: name, ["contrast"]) where own["stat"] as? String == "mean" {
        guard let variables = own["variables"] as? [String], let expected = own["expected"] as? [String: Any] else {
          continue
        }
        let coefficients = (own["coefficients"] as? [Double] ?? []).map { "(\($0))" }
        let formula =
          own["expression"] as? String
          ?? zip(coefficients, variables).map { "\($0) * \($1)" }.joined(separator: " + ")
        let asked = ["--mean", variables.joined(separator: ","), "--contrast", formula]
        let figures = try EstimateDesignTests.estimates(options.arguments + asked, name)
        let record = figures[formula]
        let limits = record?["interval"] as? [String: Any]
        close(record?["estimate"], expected["estimate"], 1e-9, "\(name) \(formula)")
        close(record?["standard_error"], expected["se"], 1e-9, "\(name) \(formula)")
        close(limits?["lower"], expected["ci_lower"], 1e-9, "\(name) \(formula)")
        compared += 3
      }
    }
    #expect(compared >= 30, "\(compared)")
  }

  @Test func `tests of tables, means and ranks, and regressions`() throws {
    let reference = try ReferenceSuite("tests_models")
    var compared = 0
    for (name, spec) in reference.designs.sorted(by: { $0.key < $1.key }) {
      let folder = try TemporaryFolder()
      guard let options = try ReferenceOptions(spec, in: folder) else { continue }
      for own in reference.cases(of: name, ["chisq", "ttest", "ranktest", "glm"]) {
        guard let expected = own["expected"] as? [String: Any] else { continue }
        let response = own["response"] as? String ?? ""
        let group = own["group"] as? String
        let asked: [String]
        switch own["op"] as? String {
        case "chisq":
          asked = ["--table", "\(own["row"] ?? ""),\(own["col"] ?? "")", "--test", own["statistic"] as? String ?? ""]
        case "ttest":
          asked = ["--ttest", "\(response) ~ \(group ?? "0")"] + (group == nil ? ["--mu", "\(own["mu"] ?? 0)"] : [])
        case "ranktest": asked = ["--ranktest", "\(response) ~ \(group ?? "")", "--rank", own["test"] as? String ?? ""]
        default:
          let families = ["quasibinomial": "logistic", "gaussian": "linear", "quasipoisson": "poisson"]
          let terms = (own["terms"] as? [String] ?? []).joined(separator: " + ")
          asked = ["--regress", "\(response) ~ \(terms)", "--family", families[own["family"] as? String ?? ""] ?? ""]
        }
        let part = try json(options.arguments + asked, name)
        let found = try #require((part["analyses"] as? [[String: Any]])?.first)
        let what = "\(name) \(asked.joined(separator: " "))"
        let isSaddlepoint = own["statistic"] as? String == "saddlepoint"
        if own["op"] as? String != "glm" {
          close(found["statistic"], expected["statistic"] ?? expected["t"], 1e-8, what)
          close(found["p_value"], expected["p_value"], isSaddlepoint ? 1e-5 : 1e-7, what)
          close(found["difference"], expected["difference"], 1e-8, what)
          compared += 2
        }
        let coefficients = found["coefficients"] as? [[String: Any]] ?? []
        for (place, own) in coefficients.enumerated() {
          for (field, key) in [("estimate", "estimate"), ("standard_error", "se"), ("statistic", "t")] {
            close(own[field], (expected[key] as? [Any])?[place], 4e-7, what)
            compared += 1
          }
        }
      }
    }
    #expect(compared >= 400, "\(compared)")
  }

  @Test func `domains are compared with their covariance, a deviation is the root of its variance`() throws {
    let data = repositoryPath + "/Surveys/california-schools/data/apiclus2.csv"
    let figures = try EstimateDesignTests.estimates(
      [
        data, "--psu", "dnum,snum", "--fpc", "fpc1,fpc2", "--mean", "api00", "--sd", "api00", "--variance", "api00",
        "--by", "stype", "--contrast", "mean(api00)[E] - mean(api00)[stype=H]",
      ],
      "domains"
    )
    // R: svycontrast(svyby(~api00, ~stype, d, svymean, covmat = TRUE), quote(E - H))
    let record = figures["mean(api00)[E] - mean(api00)[stype=H]"]
    close(record?["estimate"], 94.469741526079474, 1e-9, "difference of domains")
    close(record?["standard_error"], 28.214058233244071, 1e-9, "its error")
    let run = try CommandRun([
      "estimate", data, "--psu", "dnum,snum", "--fpc", "fpc1,fpc2", "--sd", "api00", "--format", "csv",
    ])
    #expect(
      run.output.contains("sd(api00)") && !run.output.contains("variance(api00)"),
      "what was not asked is not told"
    )
  }

  @Test func `formula, design, degrees of freedom and quantile are explained`() throws {
    let data = repositoryPath + "/Surveys/california-schools/data/apiclus2.csv"
    let run = try CommandRun([
      "estimate", data, "--psu", "dnum,snum", "--fpc", "fpc1,fpc2", "--mean", "api00", "--explain", "--lang", "en",
    ])
    #expect(run.status == 0, "\(run.messages)")
    // qt(0.975, 39) of R
    for part in ["Σ w·(api00) / Σ w", "39 degrees of freedom", "t(0.975, 39) = 2.022691", "(1 − n/N)"] {
      #expect(run.output.contains(part), "\(part)")
    }
  }

  @Test func `adjusted weights bring their table`() throws {
    let folder = try TemporaryFolder()
    let data = repositoryPath + "/Surveys/california-schools/data/apistrat.csv"
    let totals = try folder.write("term,total\n(intercept),6194\napi99,3914069\n", to: "totals.csv")
    let part = try json(
      [
        data, "--strata", "stype", "--fpc", "fpc", "--weights", "pw", "--mean", "api99", "--calibrate", totals,
        "--trim",
        "10,50",
      ],
      "weights"
    )
    let weighting = try #require(part["weighting"] as? [String: Any])
    let last = try #require(weighting["final"] as? [String: Any])
    close(last["sum"], 6194.0, 1e-9, "the population size")
    #expect((weighting["steps"] as? [Any])?.count == 2)
    let record = try #require((part["estimates"] as? [[String: Any]])?.first)
    close(record["estimate"], 3914069.0 / 6194, 1e-9, "the mean that was calibrated to")
  }
}

/// Scripts that repeat the figures elsewhere.
@Suite("estimate: scripts for a second program")
struct CrosscheckScriptTests {
  private static let data = repositoryPath + "/Surveys/california-schools/data/apiclus2.csv"
  private static let asked = [
    "estimate", data, "--psu", "dnum,snum", "--fpc", "fpc1,fpc2", "--mean", "api00", "--proportion", "stype", "--by",
    "stype", "--contrast", "api00[E] - api00[H]", "--quantile", "api99", "--table", "stype,awards", "--regress",
    "api00 ~ ell + stype", "--lang", "en",
  ]

  static let rscript: String? = {
    let paths = ["/usr/bin/Rscript", "/usr/local/bin/Rscript"]
    guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
    let packages = [
      "/usr/lib/R/site-library/survey", "/usr/local/lib/R/site-library/survey", "/usr/lib/R/library/survey",
    ]
    return packages.contains { FileManager.default.fileExists(atPath: $0) } ? path : nil
  }()

  /// What a script ends with in R.
  static func status(of file: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: rscript ?? "")
    process.arguments = [file]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test func `a script is written in place of the result, and never over a file unasked`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(Self.asked + ["--crosscheck", "r", "-o", "check.R"], in: folder.path)
    #expect(run.status == 0, "\(run.messages)")
    #expect(run.output.isEmpty)
    let script = try String(contentsOfFile: folder.path + "/check.R", encoding: .utf8)
    for part in ["svydesign(", "svymean(", "svyquantile(", "svychisq(", "svyglm(", "svycontrast("] {
      #expect(script.contains(part), "\(part)")
    }
    #expect(try CommandRun(Self.asked + ["--crosscheck", "r", "-o", "check.R"], in: folder.path).status == 73)
    let stata = try CommandRun(Self.asked + ["--crosscheck", "stata"])
    #expect(stata.status == 0 && stata.output.contains("svyset") && stata.output.contains("svy: mean"))
  }

  @Test(.enabled(if: rscript != nil, "R survey is not installed"))
  func `R finds the same figures, and a changed one is found`() throws {
    let folder = try TemporaryFolder()
    let written = try CommandRun(Self.asked + ["--crosscheck", "r"])
    let script = try folder.write(written.output, to: "check.R")
    #expect(try Self.status(of: script) == 0)
    #expect(written.output.contains("30.0990273"))
    let changed = try folder.write(written.output.replacing("30.0990273", with: "30.0990299"), to: "changed.R")
    #expect(try Self.status(of: changed) == 1)
  }
}
