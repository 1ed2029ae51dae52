internal import Foundation
internal import SurveyData

/// A folder of reference results: `cases/*.json`, one suite a file, and the data files they name.
package struct ReferenceFolder {
  /// The suites' files, in the order of their names.
  package let suites: [String]
  private let path: String
  private var tables: [String: ReferenceTable] = [:]

  /// - Throws: a refusal where there is no folder of that name, or no cases in it.
  package init(path: String) throws {
    self.path = path
    let files: [String]
    do {
      files = try FileManager.default.contentsOfDirectory(atPath: path + "/cases")
    } catch {
      throw InputRefusal(
        Finding(
          "file-missing",
          file: path + "/cases",
          message: LocalizedText(zh: "文件夹不存在或无法读取。", en: "is no folder that can be read."),
          fix: LocalizedText(zh: "请给出含有 cases 与 data 的文件夹。", en: "Name a folder that holds cases and data.")
        )
      )
    }
    suites = files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    if suites.isEmpty {
      throw InputRefusal(
        Finding(
          "file-missing",
          file: path + "/cases",
          message: LocalizedText(zh: "没有 .json 文件。", en: "holds no .json file."),
          fix: LocalizedText(zh: "请给出含有 cases 与 data 的文件夹。", en: "Name a folder that holds cases and data.")
        )
      )
    }
  }

  /// Checks every case of one suite.
  /// - Throws: a refusal where the file cannot be read or is not of the schema.
  package mutating func check(_ suite: String, into tally: inout Tally) throws {
    let file = "\(path)/cases/\(suite).json"
    guard let bytes = FileManager.default.contents(atPath: file) else {
      throw brokenReference("the file cannot be read", file: file)
    }
    let top: JSONValue
    do {
      top = try JSONDecoder().decode(JSONValue.self, from: bytes)
    } catch {
      throw brokenReference("the file is no JSON", file: file)
    }
    guard case .object = top, let cases = top["cases"]?.list else {
      throw brokenReference("the file has no cases", file: file)
    }
    for (place, spec) in cases.enumerated() {
      let name = "\(suite) \(spec["id"]?.text ?? "case \(place + 1)")"
      check(spec, named: name, designs: top["designs"], into: &tally)
    }
  }

  private mutating func check(_ spec: JSONValue, named name: String, designs: JSONValue?, into tally: inout Tally) {
    let operation = spec["op"]?.text ?? "(no op)"
    let expected = spec["expected"] ?? .object([:])
    do {
      let found = try differences(operation, spec, expected, designs, into: &tally)
      let isCompared = found.figures > 0 || !found.differences.isEmpty
      tally.record(isCompared ? found : .difference("nothing was compared"), in: name)
    } catch let unsupported as Unsupported {
      tally.skip(unsupported.name)
    } catch let refusal as InputRefusal {
      let isExpected = (spec["expect_error"]?.isTrue ?? false) || expected["error"] != nil
      tally.record(
        Comparison(differences: isExpected ? [] : refusal.findings.map { $0.line(in: .english) }, figures: 1),
        in: name
      )
    } catch {
      tally.record(.difference("\(error)"), in: name)
    }
  }

  private mutating func differences(
    _ operation: String,
    _ spec: JSONValue,
    _ expected: JSONValue,
    _ designs: JSONValue?,
    into tally: inout Tally
  ) throws -> Comparison {
    switch operation {
    case "distribution": return try checkDistribution(spec["input"] ?? .null, expected)
    case "allocation": return try checkAllocation(spec["input"] ?? .null, expected, into: &tally)
    case "inclusion_probabilities", "joint_probabilities", "systematic_pps", "systematic_equal":
      return try checkSelection(operation, spec["input"] ?? .null, expected)
    case "cube":
      let input = spec["input"] ?? .null
      guard let file = input["data"]?.text else { throw brokenReference("the case names no data") }
      return try checkCube(input, expected, data: try table(file))
    case "srs_ci": return try checkSimpleSample(spec["input"] ?? .null, expected)
    case "hyper_ci": return try checkFinitePopulation(spec["input"] ?? .null, expected)
    case "discovery_n", "discovery_n_binomial": return try checkDiscovery(spec["input"] ?? .null, expected)
    case "rogan_gladen": return try checkCorrection(spec["input"] ?? .null, expected)
    case "rogan_gladen_srs": return try checkSimpleCorrection(spec["input"] ?? .null, expected)
    case "rogan_gladen_design": return try rateContext(spec, expected).checkCorrectedRate()
    case "combined_rate": return try rateContext(spec, expected).checkComposite()
    case "mean", "total", "ratio", "variance", "by", "degf", "ciprop", "contrast", "ht_mean", "weights", "repweights",
      "quantile", "chisq", "ttest", "ranktest", "glm":
      break
    default: throw Unsupported(operation)
    }
    var context = try context(spec, expected, designs)
    switch operation {
    case "chisq", "ttest", "ranktest", "glm", "weights", "repweights":
      let found = try differencesOfRows(operation, &context, base: spec["base_design"]?.text.flatMap { designs?[$0] })
      return expected["error"] == nil ? found : try context.answered(["answered where a refusal is expected"])
    case "by": return try context.checkDomains()
    case "degf": return try context.checkFreedom()
    case "ciprop": return try context.checkProportion()
    case "contrast": return try context.checkContrast()
    case "quantile": return try context.checkQuantile()
    case "ht_mean": return try context.checkKnownSizeMean()
    default: return try context.checkEstimates(operation)
    }
  }

  /// Checks what only a sample whose rows are kept can answer: tests, models and weights.
  ///
  /// - Parameter base: the design to whose weights the factors of a case of weights refer.
  private func differencesOfRows(
    _ operation: String,
    _ context: inout CaseContext,
    base: JSONValue?
  ) throws -> Comparison {
    switch operation {
    case "chisq": return try context.checkAssociation()
    case "ttest": return try context.checkMeans()
    case "ranktest": return try context.checkRanks()
    case "glm": return try context.checkRegression()
    case "weights":
      return try context.checkWeights(base: try base.map { try ReferenceDesign($0) { try matrix($0) } })
    default: return try context.checkReplicateWeights()
    }
  }

  private mutating func context(
    _ spec: JSONValue,
    _ expected: JSONValue,
    _ designs: JSONValue?
  ) throws -> CaseContext {
    guard let name = spec["design"]?.text, let design = designs?[name] else {
      throw brokenReference("the case names no design of its file")
    }
    let translated = try ReferenceDesign(design) { try matrix($0) }
    let data = try table(translated.dataFile)
    if try design["pps"]?["method"]?.text == "brewer" && translated.hasUnitsOutOfOrder(data) {
      throw Unsupported("Brewer with unit codes out of order: R sums units by code and takes their corrections by row")
    }
    return CaseContext(spec: spec, expected: expected, design: translated, data: data)
  }

  private mutating func rateContext(_ spec: JSONValue, _ expected: JSONValue) throws -> RateContext {
    guard let input = spec["input"], let design = input["design_spec"] else {
      throw brokenReference("the case has no design")
    }
    let translated = try ReferenceDesign(design) { try matrix($0) }
    return RateContext(
      input: input,
      expected: expected,
      design: translated,
      data: try table(translated.dataFile)
    )
  }

  /// The numbers of a file without a head.
  private func matrix(_ file: String) throws -> [[Double]] {
    guard let bytes = FileManager.default.contents(atPath: "\(path)/\(file)") else { throw Unsupported("data \(file)") }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { line in
      line.split(separator: ",").map { Double($0) ?? .nan }
    }
  }

  private mutating func table(_ file: String) throws -> ReferenceTable {
    if let known = tables[file] { return known }
    let full = "\(path)/\(file)"
    guard FileManager.default.fileExists(atPath: full) else { throw Unsupported("data \(file)") }
    let table = try ReferenceTable(path: full)
    tables[file] = table
    return table
  }
}

/// Checks every case of a reference folder against the estimators.
package func checkEstimation(folder: String, into tally: inout Tally) throws {
  var reference = try ReferenceFolder(path: folder)
  for suite in reference.suites { try reference.check(suite, into: &tally) }
}
