internal import SurveyData
internal import SurveyDesign

/// What this program has no code for, by the name under which it is counted.
struct Unsupported: Error {
  var name: String

  init(_ name: String) {
    self.name = name
  }
}

/// A declarative design of the reference, read as a design of ours.
struct ReferenceDesign {
  var dataFile: String
  var sample: SampleDesign
  /// Whether weights come from an iteration, which R stops at a tolerance.
  var isIterated: Bool {
    sample.adjustments.contains { step in
      switch step {
      case .raking: true
      case .calibration(let spec): spec.distance != .linear || spec.lower != nil || spec.upper != nil
      default: false
      }
    }
  }
  var hasReplicates: Bool {
    sample.replicates != nil
      || sample.adjustments.contains { step in
        if case .replication = step { true } else { false }
      }
  }
  var isRaked: Bool {
    sample.adjustments.contains { step in
      if case .raking = step { true } else { false }
    }
  }
  /// The conditions of subsets: a domain of the full design.
  var conditions: [JSONValue] = []

  /// - Parameter matrix: the numbers of a file without a head.
  /// - Throws: ``Unsupported`` for a kind of design without code here; a refusal for a broken one.
  init(_ spec: JSONValue, matrix: (String) throws -> [[Double]]) throws {
    let kind = spec["type"]?.text ?? "linear"
    guard let file = spec["data"]?.text else { throw brokenReference("a design names no data file") }
    dataFile = file
    var adjustments: [WeightAdjustment] = []
    for transform in spec["transforms"]?.list ?? [] {
      if let step = try WeightAdjustment.reading(transform) {
        adjustments.append(step)
      } else if let condition = transform["where"] {
        conditions.append(condition)
      }
    }
    let policyName = spec["lonely_psu"]?.text ?? "fail"
    guard let policy = LonelyUnitPolicy(rawValue: policyName) else { throw Unsupported("lonely_psu \(policyName)") }
    sample = SampleDesign(
      stages: kind == "twophase" ? try Self.phase(spec, 0) : try Self.stages(spec),
      weights: kind == "twophase" ? try Self.firstWeights(spec) : try Self.weights(spec),
      lonelyUnits: policy,
      adjustsLonelyDomains: spec["adjust_domain_lonely"]?.isTrue ?? false,
      unitsNestedInStrata: spec["nest"]?.isTrue ?? false
    )
    sample.adjustments = adjustments
    if let proportional = spec["pps"] { sample.joint = try JointProbabilities.reading(proportional, matrix: matrix) }
    switch kind {
    case "linear": break
    case "replicate":
      sample.replicates = try ReplicateColumns.reading(spec, matrix: try matrix(spec["repweights"]?.text ?? ""))
    case "twophase":
      guard let variance = SecondPhase.Variance(rawValue: spec["method"]?.text ?? "") else {
        throw Unsupported("design twophase \(spec["method"]?.text ?? "")")
      }
      sample.secondPhase = SecondPhase(
        subset: spec["subset"]?.text ?? "",
        stages: try Self.phase(spec, 1),
        variance: variance
      )
    default: throw Unsupported("design \(kind)")
    }
  }

  /// Whether the codes of a stratum's first-stage units do not stand in the order in which R sorts them.
  ///
  /// R survey 4.1.1 sums units in the order of their codes and takes Brewer's corrections in the order of the rows. Codes
  /// nested in strata are texts to it, others are numbers where all of them are.
  func hasUnitsOutOfOrder(_ data: ReferenceTable) throws -> Bool {
    guard case .column(let name) = sample.stages[0].unit else { return false }
    let units = try data.table.column(name)
    let strata = try sample.stages[0].strata.map { try data.table.column($0) }
    let areNumbers = try !data.isText(name) && !(sample.unitsNestedInStrata && !strata.isEmpty)
    var last: [[String]: String] = [:]
    for row in 0..<data.table.rowCount {
      let stratum = strata.map { $0.text(at: row) ?? "" }
      let unit = units.text(at: row) ?? ""
      if let before = last[stratum] {
        if areNumbers, let one = plainNumber(unit), let other = plainNumber(before) {
          if one < other { return true }
        } else if unit.utf8.lexicographicallyPrecedes(before.utf8) {
          return true
        }
      }
      last[stratum] = unit
    }
    return false
  }

  /// The one stage of a phase.
  private static func phase(_ spec: JSONValue, _ place: Int) throws -> [SampleDesign.Stage] {
    func name(_ key: String) -> String? {
      let names = spec[key]?.list ?? []
      guard place < names.count, let name = names[place].text, !name.isEmpty else { return nil }
      return name
    }
    return [
      SampleDesign.Stage(
        strata: name("strata2").map { [$0] } ?? [],
        unit: name("ids2").map { .column($0) } ?? .row,
        populationSize: name("fpc2")
      )
    ]
  }

  private static func firstWeights(_ spec: JSONValue) throws -> SampleDesign.Weights {
    if let name = spec["weights2"]?.list.first?.text, !name.isEmpty { return .expression(Expression(column: name)) }
    return spec["fpc2"]?.list.first?.text?.isEmpty == false ? .populationSizes : .equal
  }

  private static func stages(_ spec: JSONValue) throws -> [SampleDesign.Stage] {
    let ids = try names(spec, "ids")
    let strata = try names(spec, "strata")
    let populations = try names(spec, "fpc")
    let count = max(1, ids.count)
    // R refuses these too: its stages are those of `ids`.
    guard strata.count <= count else { throw brokenReference("a design has more strata than stages") }
    guard populations.count <= count else { throw brokenReference("a design has more fpc than stages") }
    return (0..<count).map { place in
      SampleDesign.Stage(
        strata: place < strata.count && !strata[place].isEmpty ? [strata[place]] : [],
        unit: ids.isEmpty ? .row : .column(ids[place]),
        populationSize: place < populations.count && !populations[place].isEmpty ? populations[place] : nil,
        isProportional: spec["pps"] != nil
      )
    }
  }

  private static func weights(_ spec: JSONValue) throws -> SampleDesign.Weights {
    let weights = try names(spec, "weights")
    if !weights.isEmpty { return .expression(try product(weights)) }
    let probabilities = try names(spec, "probs")
    if !probabilities.isEmpty { return .inverse(of: try product(probabilities)) }
    // As R: without any of them every row has the same probability.
    return try names(spec, "fpc").isEmpty ? .equal : .populationSizes
  }

  /// The columns under a key; anything but names of columns is a formula that only R reads.
  private static func names(_ spec: JSONValue, _ key: String) throws -> [String] {
    try (spec[key]?.list ?? []).map { member in
      guard let name = member.text else { throw Unsupported("design formula \(key)") }
      return name
    }
  }

  private static func product(_ names: [String]) throws -> Expression {
    if names.count == 1 { return Expression(column: names[0]) }
    return try Expression(parsing: names.map { columnText($0) }.joined(separator: " * "))
  }
}

/// A column name as an expression writes it.
func columnText(_ name: String) -> String {
  "`" + name.replacing("`", with: "``") + "`"
}

/// A condition of the reference (one comparison, or a list of which all must hold) as an expression.
func expressionText(_ condition: JSONValue, over table: ReferenceTable) throws -> String {
  if case .list(let parts) = condition {
    return try parts.map { try expressionText($0, over: table) }.joined(separator: " and ")
  }
  guard let variable = condition["variable"]?.text, let comparison = condition["cmp"]?.text,
    ["==", "!=", "<", "<=", ">", ">="].contains(comparison), let value = condition["value"]
  else { throw brokenReference("a condition lacks variable, cmp or value") }
  let isText = try table.isText(variable)
  // R does not order the levels of a factor: such a comparison holds nowhere.
  if isText, comparison != "==", comparison != "!=" { return "0 == 1" }
  let literal: String
  switch value {
  case .number(let number): literal = isText ? textLiteral(shortest(number)) : shortest(number)
  case .text(let text): literal = textLiteral(text)
  case .bool(let bool): literal = textLiteral(bool ? "TRUE" : "FALSE")
  default: throw brokenReference("a condition compares with neither a number nor a text")
  }
  return "\(columnText(variable)) \(comparison) \(literal)"
}

func textLiteral(_ text: String) -> String {
  "'" + text.replacing("'", with: "''") + "'"
}

/// The refusal for reference files that are not of their own schema.
func brokenReference(_ problem: String, file: String? = nil) -> InputRefusal {
  InputRefusal(
    Finding(
      "reference-broken",
      file: file,
      message: LocalizedText(problem + "."),
      fix: LocalizedText(zh: "请核对参考文件。", en: "Check the reference files.")
    )
  )
}
