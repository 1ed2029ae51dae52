import Foundation

/// A suite of the reference cases (R survey 4.1.1) with its designs put into the words of the command line.
struct ReferenceSuite {
  static let folder = repositoryPath + "/Tests/Fixtures/reference/"
  let designs: [String: [String: Any]]
  let cases: [[String: Any]]

  init(_ name: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.folder + "cases/\(name).json"))
    let root = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    designs = root["designs"] as? [String: [String: Any]] ?? [:]
    cases = root["cases"] as? [[String: Any]] ?? []
  }

  /// The cases of a design that the command line asks for in one go: no domain, nothing dropped.
  func cases(of design: String, _ operations: Set<String>) -> [[String: Any]] {
    cases.filter { own in
      own["design"] as? String == design && operations.contains(own["op"] as? String ?? "") && own["where"] == nil
        && own["na_rm"] as? Bool != true && (own["expected"] as? [String: Any])?["error"] == nil
    }
  }
}

/// One design of the reference as options.
struct ReferenceOptions {
  var arguments: [String] = []
  var isIterated = false
  /// Keeps the files of the options while they are in use.
  private let folder: TemporaryFolder

  /// - Returns: `nil` for what the command line has no option for.
  init?(_ spec: [String: Any], in folder: TemporaryFolder) throws {
    self.folder = folder
    func texts(_ key: String) -> [String] {
      if let one = spec[key] as? String { return [one] }
      return (spec[key] as? [Any] ?? []).compactMap { $0 as? String }
    }
    let kind = spec["type"] as? String ?? "linear"
    let data = ReferenceSuite.folder + (spec["data"] as? String ?? "")
    arguments = [data]
    if kind == "replicate" {
      let matrix = ReferenceSuite.folder + (spec["repweights"] as? String ?? "")
      arguments = [try Self.joined(data, matrix, in: folder), "--replicates", "replicate_*"]
      switch spec["rep_type"] as? String {
      case "BRR": arguments += ["--replicate-type", "brr"]
      case "Fay": arguments += ["--replicate-type", "fay", "--fay-rho", "\(spec["rho"] as? Double ?? 0)"]
      case "successive-difference": arguments += ["--replicate-type", "sdr"]
      case "bootstrap":
        arguments += ["--replicate-type", "bootstrap"]
        if let scale = spec["scale"] as? Double { arguments += ["--scale", "\(scale)"] }
        if let scales = spec["rscales"] as? [Double] {
          arguments += ["--rscales", scales.map { "\($0)" }.joined(separator: ",")]
        }
      default: return nil
      }
      if spec["mse"] as? Bool == true { arguments.append("--mse") }
      if spec["combined_weights"] as? Bool == false { arguments.append("--replicates-are-factors") }
    }
    if kind == "twophase" {
      let (ids, strata, sizes) = (texts("ids2"), texts("strata2"), texts("fpc2"))
      if !ids[0].isEmpty { arguments += ["--psu", ids[0]] }
      if !strata[0].isEmpty { arguments += ["--strata", strata[0]] }
      if let size = sizes.first, !size.isEmpty { arguments += ["--fpc", size] }
      arguments += ["--second-phase", spec["subset"] as? String ?? ""]
      arguments += ["--second-variance", spec["method"] as? String ?? ""]
      if !strata[1].isEmpty { arguments += ["--second-strata", strata[1]] }
      if !ids[1].isEmpty { arguments += ["--second-psu", ids[1]] }
      if let weight = texts("weights2").first, !weight.isEmpty {
        arguments += ["--weights", weight]
      } else if sizes.first?.isEmpty ?? true {
        arguments.append("--unweighted")
      }
    } else {
      if !texts("ids").isEmpty { arguments += ["--psu", texts("ids").joined(separator: ",")] }
      if !texts("strata").isEmpty { arguments += ["--strata", texts("strata").joined(separator: ";")] }
      if !texts("fpc").isEmpty { arguments += ["--fpc", texts("fpc").joined(separator: ",")] }
      if let weight = texts("weights").first { arguments += ["--weights", weight] }
      if let probability = texts("probs").first { arguments += ["--weights", "1/\(probability)"] }
      if texts("weights").isEmpty, texts("probs").isEmpty, texts("fpc").isEmpty { arguments.append("--unweighted") }
    }
    if spec["nest"] as? Bool == true { arguments.append("--nest") }
    if let policy = spec["lonely_psu"] as? String { arguments += ["--lonely-psu", policy] }
    if let proportional = spec["pps"] as? [String: Any] {
      switch proportional["method"] as? String {
      case "brewer": arguments += ["--pps", "brewer"]
      case "overton": arguments += ["--pps", "overton"]
      case "HR" where proportional["sum_p2"] == nil: arguments += ["--pps", "hartley-rao"]
      case "poisson": arguments += ["--pps", "poisson"]
      case "matrix":
        arguments += ["--pps", proportional["variance"] as? String == "YG" ? "syg" : "ht"]
        arguments += ["--joint", ReferenceSuite.folder + (proportional["file"] as? String ?? "")]
      default: return nil
      }
    }
    for (place, transform) in (spec["transforms"] as? [[String: Any]] ?? []).enumerated() {
      guard try add(transform, place, in: folder) else { return nil }
    }
  }

  private mutating func add(_ spec: [String: Any], _ place: Int, in folder: TemporaryFolder) throws -> Bool {
    switch spec["op"] as? String {
    case "poststratify":
      if spec["partial"] as? Bool == true { return false }
      let text = Self.classes(spec["variables"] as? [String] ?? [], spec["population"])
      arguments += ["--post-stratify", try folder.write(text, to: "post\(place).csv")]
    case "rake":
      isIterated = true
      for (number, margin) in (spec["margins"] as? [[String: Any]] ?? []).enumerated() {
        let text = Self.classes([margin["variable"] as? String ?? ""], margin["population"])
        arguments += ["--rake", try folder.write(text, to: "margin\(place)-\(number).csv")]
      }
    case "calibrate":
      if spec["aggregate_stage"] != nil { return false }
      isIterated = isIterated || spec["method"] as? String != "linear" || spec["bounds"] != nil
      let totals = (spec["totals"] as? [Any] ?? []).map { "\($0)" }
      let terms = (spec["intercept"] as? Bool == true ? ["(intercept)"] : []) + (spec["terms"] as? [String] ?? [])
      let rows = zip(terms, totals).map { "\($0),\($1)" }
      let file = try folder.write((["term,total"] + rows).joined(separator: "\n") + "\n", to: "calibrate\(place).csv")
      arguments += ["--calibrate", file, "--distance", spec["method"] as? String ?? ""]
      if let bounds = spec["bounds"] as? [Double] { arguments += ["--bounds", "\(bounds[0]),\(bounds[1])"] }
    case "trim":
      // The command line repeats until no weight is outside.
      if spec["strict"] as? Bool != true { return false }
      let lower = (spec["lower"] as? Double).map { "\($0)" } ?? "none"
      arguments += ["--trim", "\(lower),\((spec["upper"] as? Double).map { "\($0)" } ?? "none")"]
    case "as_replicate":
      guard let kind = spec["rep_type"] as? String, kind.hasPrefix("JK"), place == 0 else { return false }
      arguments += ["--jackknife", kind.lowercased()]
      if spec["mse"] as? Bool == true { arguments.append("--mse") }
    default: return false
    }
    return true
  }

  private static func classes(_ columns: [String], _ population: Any?) -> String {
    let rows = (population as? [[String: Any]] ?? []).map { known in
      let levels = (known["levels"] as? [Any] ?? []).map { "\($0)" }
      return (levels + ["\(known["total"] ?? "")"]).joined(separator: ",")
    }
    return ((columns + ["total"]).joined(separator: ",") + "\n") + rows.joined(separator: "\n") + "\n"
  }

  /// A data file with the columns of a matrix beside its own.
  private static func joined(_ data: String, _ matrix: String, in folder: TemporaryFolder) throws -> String {
    func lines(_ path: String) throws -> [Substring] {
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    }
    let (rows, weights) = (try lines(data), try lines(matrix))
    let count = weights[0].split(separator: ",").count
    let head = rows[0] + "," + (1...count).map { "replicate_\($0)" }.joined(separator: ",")
    let body = zip(rows.dropFirst(), weights).map { "\($0),\($1)" }
    return try folder.write(([String(head)] + body).joined(separator: "\n") + "\n", to: "data.csv")
  }
}
