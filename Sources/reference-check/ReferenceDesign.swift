import SurveyData
import SurveyDesign

/// What keeps a design or a case from being checked, by name.
struct Unsupported: Error {
  var what: String
}

/// A declarative design of the reference: R's arguments as a sample design, and the rows it speaks of.
struct ReferenceDesign {
  var data: String
  var design: SampleDesign
  /// Rows of a `subset` transform: a domain of the design, never another design.
  var filters: [String]

  init(_ spec: [String: Any]) throws {
    let kind = spec["type"] as? String ?? ""
    guard kind == "linear" else { throw Unsupported(what: "\(kind) design") }
    if spec["pps"] != nil { throw Unsupported(what: "pps design") }
    data = spec["data"] as? String ?? ""
    filters = []
    for transform in spec["transforms"] as? [[String: Any]] ?? [] {
      guard transform["op"] as? String == "subset" else {
        throw Unsupported(what: "transform \(transform["op"] as? String ?? "")")
      }
      filters += try conditions(transform["where"])
    }
    let ids = referenceTexts(spec["ids"]).filter { !$0.isEmpty && $0 != "1" }
    let strata = referenceTexts(spec["strata"])
    let sizes = referenceTexts(spec["fpc"])
    func stage(_ place: Int, _ unit: SampleDesign.Unit) -> SampleDesign.Stage {
      SampleDesign.Stage(
        strata: place < strata.count ? [strata[place]] : [], unit: unit,
        populationSize: place < sizes.count ? sizes[place] : nil)
    }
    let stages =
      ids.isEmpty
      ? [stage(0, .row)] : ids.enumerated().map { stage($0.offset, .column($0.element)) }
    let weights: SampleDesign.Weights
    if let column = referenceTexts(spec["weights"]).first {
      weights = .expression(Expression(column: column))
    } else if let column = referenceTexts(spec["probs"]).first {
      weights = .inverse(of: Expression(column: column))
    } else {
      weights = stages.allSatisfy({ $0.populationSize != nil }) ? .populationSizes : .equal
    }
    let policy = spec["lonely_psu"] as? String ?? "fail"
    guard let lonelyUnits = LonelyUnitPolicy(rawValue: policy) else {
      throw Unsupported(what: "lonely_psu \(policy)")
    }
    design = SampleDesign(
      stages: stages, weights: weights, lonelyUnits: lonelyUnits,
      adjustsLonelyDomains: spec["adjust_domain_lonely"] as? Bool ?? false,
      unitsNestedInStrata: spec["nest"] as? Bool ?? false)
  }
}

/// The conditions of a `where`, one or a list of them (all must hold), in our expression language.
func conditions(_ value: Any?) throws -> [String] {
  if let list = value as? [[String: Any]] { return try list.flatMap { try conditions($0) } }
  guard let fields = value as? [String: Any] else { return [] }
  guard let variable = fields["variable"] as? String, let comparison = fields["cmp"] as? String,
    ["==", "!=", "<", "<=", ">", ">="].contains(comparison)
  else { throw Unsupported(what: "where") }
  if let text = fields["value"] as? String { return ["`\(variable)` \(comparison) '\(text)'"] }
  guard let number = referenceNumber(fields["value"]) else { throw Unsupported(what: "where") }
  return ["`\(variable)` \(comparison) \(number < 0 ? "-" : "")\(shortest(abs(number)))"]
}
