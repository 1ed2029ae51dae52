import Foundation
import Testing

/// Every design of the reference suites that the command line has options for, end to end against R survey.
@Suite("estimate: R survey's figures for weights, probabilities, phases and replicates")
struct EstimateDesignTests {
  /// R survey 4.1.1 takes Brewer's corrections in the order of rows and sums in that of the units' codes, which differ
  /// here; with units numbered as they appear it has our figures.
  private static let misordered = "ppsstrat_brewer"
  private static let suites = ["calibration", "pps", "two_phase", "replicates"]

  @Test(arguments: suites)
  func `means, totals, ratios and quantiles`(suite: String) throws {
    let reference = try ReferenceSuite(suite)
    var compared = 0
    for (name, spec) in reference.designs.sorted(by: { $0.key < $1.key }) where name != Self.misordered {
      let folder = try TemporaryFolder()
      guard let options = try ReferenceOptions(spec, in: folder) else { continue }
      let cases = reference.cases(of: name, ["mean", "total", "ratio", "quantile"])
      var asked: [String] = []
      for own in cases {
        let variables = (own["variables"] as? [String] ?? []).joined(separator: ",")
        switch own["op"] as? String {
        case "mean": asked += ["--mean", variables]
        case "total": asked += ["--total", variables]
        case "ratio": asked += ["--ratio", "\(own["numerator"] ?? "")/\(own["denominator"] ?? "")"]
        default: asked += ["--quantile", variables]
        }
      }
      if asked.isEmpty { continue }
      let shares = Set(cases.flatMap { $0["probs"] as? [Double] ?? [] }).sorted().map { "\($0)" }
      if !shares.isEmpty { asked += ["--probs", shares.joined(separator: ",")] }
      let figures = try Self.estimates(options.arguments + asked, name)
      for own in cases where Self.isDefault(own) {
        let tolerance = options.isIterated ? 1e-5 : 1e-9
        compared += Self.compare(own, figures, tolerance: tolerance, name)
      }
    }
    #expect(
      compared >= ["calibration": 300, "pps": 150, "two_phase": 60, "replicates": 100][suite] ?? 1,
      "\(compared)"
    )
  }

  /// Quantile cases with other rules are those of `EstimateAnalysisTests`.
  private static func isDefault(_ own: [String: Any]) -> Bool {
    if own["op"] as? String != "quantile" { return true }
    return own["qrule"] as? String ?? "math" == "math" && own["interval"] as? String ?? "mean" == "mean"
  }

  static func estimates(_ arguments: [String], _ name: String) throws -> [String: [String: Any]] {
    let settings = ["--na", "keep", "--interval", "t", "--format", "json", "--lang", "en"]
    let run = try CommandRun(["estimate"] + arguments + settings)
    try #require(run.status == 0, "\(name): \(run.messages)")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let part = try #require((root["parts"] as? [[String: Any]])?.first)
    var figures: [String: [String: Any]] = [:]
    for record in part["estimates"] as? [[String: Any]] ?? [] {
      if let key = record["indicator"] as? String { figures[key] = record }
    }
    return figures
  }

  /// Compares a case; the number of figures compared.
  private static func compare(
    _ own: [String: Any],
    _ figures: [String: [String: Any]],
    tolerance: Double,
    _ name: String
  ) -> Int {
    let operation = own["op"] as? String ?? ""
    let variables = own["variables"] as? [String] ?? []
    let keys: [String]
    switch operation {
    case "ratio": keys = ["ratio(\(own["numerator"] ?? "")/\(own["denominator"] ?? ""))"]
    case "quantile": keys = (own["probs"] as? [Double] ?? []).map { "quantile(\(variables[0]), \($0))" }
    default: keys = variables.map { "\(operation)(\($0))" }
    }
    guard let expected = own["expected"] as? [String: Any] else { return 0 }
    var count = 0
    for (place, key) in keys.enumerated() {
      guard let record = figures[key] else {
        Issue.record("\(name): no \(key)")
        continue
      }
      let interval = record["interval"] as? [String: Any]
      let pairs: [(String, Any?)] = [
        ("estimate", record["estimate"]), ("se", record["standard_error"]), ("ci_lower", interval?["lower"]),
        ("ci_upper", interval?["upper"]),
      ]
      for (field, value) in pairs {
        guard let numbers = expected[field] as? [Any], place < numbers.count, let wanted = numbers[place] as? Double
        else { continue }
        // A total that weights were calibrated to has no error: R's rounding is none of ours.
        if field == "se", wanted < 1e-8 { continue }
        // R prints quantile limits to the step of the values.
        let found = value as? Double ?? .nan
        let scale = max(abs(wanted), abs(found))
        #expect(
          abs(found - wanted) <= max(tolerance, operation == "quantile" ? 1e-6 : 0) * scale,
          "\(name) \(key) \(field)"
        )
        count += 1
      }
    }
    return count
  }
}
