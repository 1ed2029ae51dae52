internal import SurveyData
package import SurveyDesign

/// What came back from the field, and where its design stands.
package struct ResponseDefinition: Sendable {
  /// One kind of questionnaire.
  package struct Source: Sendable, Hashable {
    /// The key in the survey file; with a draw, the name of the stage whose units answered.
    package var name: String
    /// Paths or patterns, relative to the survey folder.
    package var files: [String]
    /// The column with the unit's id; a design given directly may do without.
    package var id: String?
    package var sheet: String?
    package var headerRow: Int?
    /// The tablet program whose export the files are.
    package var export: FormExport?
  }

  package enum Design: Sendable {
    /// Strata, stages and populations come from the list and receipt of this draw.
    case draw(String)
    /// They stand in the data's own columns.
    case columns(DirectDesign)
  }

  package var sources: [Source]
  package var design: Design
  package var outcome: OutcomeCodes?
  package var calibration: CalibrationSettings?
  package var nonresponse: NonresponseSettings?

  /// The source that an indicator's `unit` means: by its key (`households`) or its id column (`household`).
  ///
  /// Without a unit the only source there is.
  package func source(ofUnit unit: String?) -> Source? {
    guard let unit else { return sources.count == 1 ? sources.first : nil }
    return sources.first { $0.name == unit } ?? sources.first { $0.id == unit }
  }
}

/// A sample that somebody else drew, described by columns of its file; one entry a stage.
///
/// `design: {strata: [stype], units: [dnum, snum], fpc: [fpc1, fpc2], weights: pw}`. An entry of `strata` is a
/// column, several joined by ` * `, or `none` where that stage is not stratified; fewer entries than units leave
/// the later stages unstratified. `units` may be left out: every row is then a unit of one stage. An entry of `fpc` is a column with the
/// stratum's population or sampling fraction, or `none`. An entry of `order` is a column with the order of selection
/// of a systematic stage, for `estimate: {systematic: successive-differences}`, or `none`. `weights` is an expression; without it the weights are
/// N / n, which needs an fpc at every stage; `equal` asks for an unweighted estimate in so many words.
package struct DirectDesign: Sendable {
  package var stages: [SampleDesign.Stage]
  package var weights: SampleDesign.Weights
  package var unitsNestedInStrata: Bool
}

extension SurveyFile {
  private static let responseKeys = ["draw", "outcome", "design", "calibrate", "nonresponse"]

  static func responses(
    _ root: YAMLMapping,
    draws: [DrawDefinition],
    problems: inout [Finding]
  ) -> ResponseDefinition? {
    guard let node = root.mapping("responses", problems: &problems) else { return nil }
    let drawName = node.text("draw", problems: &problems)
    let direct = directDesign(node, problems: &problems)
    let draw = drawName.flatMap { name in draws.first { $0.name == name } }
    if let drawName, draw == nil {
      problems.append(
        node.unknownName("draw-unknown", key: "draw", value: drawName, among: draws.map(\.name))
      )
    }
    if node.has("draw"), node.has("design") {
      problems.append(
        node.problem(
          "design-twice",
          key: "design",
          message: LocalizedText(zh: "draw 与 design 只能给出一个。", en: "`draw` and `design` exclude each other."),
          fix: LocalizedText(zh: "请删去其中一个。", en: "Remove one.")
        )
      )
    }
    if !node.has("draw"), !node.has("design") { problems.append(node.missing("draw")) }
    // With a draw only its stages can answer, so that a mistyped key is noticed.
    let allowed = draw.map { responseKeys + $0.stages.map(\.plan.name) }
    node.check(keys: allowed ?? likelyKeys(node), problems: &problems)
    let names = node.keys.filter { name in
      !responseKeys.contains(name) && (allowed ?? likelyKeys(node)).contains(name)
    }
    let sources = names.compactMap { source($0, in: node, needsID: draw != nil, problems: &problems) }
    let outcome = outcome(node, problems: &problems)
    let design: ResponseDefinition.Design
    if let drawName {
      design = .draw(drawName)
    } else if let direct {
      design = .columns(direct)
    } else {
      return nil
    }
    return ResponseDefinition(
      sources: sources,
      design: design,
      outcome: outcome,
      calibration: calibration(node, sources: sources, problems: &problems),
      nonresponse: nonresponse(node, problems: &problems)
    )
  }

  /// Without a draw a source may have any name but one that looks like a mistyped key.
  private static func likelyKeys(_ node: YAMLMapping) -> [String] {
    responseKeys
      + node.keys.filter { key in !responseKeys.contains(key) && nearest(to: key, among: responseKeys) == nil }
  }

  private static func source(
    _ name: String,
    in node: YAMLMapping,
    needsID: Bool,
    problems: inout [Finding]
  ) -> ResponseDefinition.Source? {
    guard let source = node.mapping(name, problems: &problems) else { return nil }
    source.check(
      keys: ["files", "file", "id", "sheet", "header-row"] + FormExport.keys,
      problems: &problems
    )
    let id = source.text("id", problems: &problems)
    if needsID, !source.has("id") { problems.append(source.missing("id")) }
    return ResponseDefinition.Source(
      name: name,
      files: files(source, problems: &problems),
      id: id,
      sheet: source.text("sheet", problems: &problems),
      headerRow: source.integer("header-row", problems: &problems),
      export: FormExport(source, problems: &problems)
    )
  }

  private static func outcome(_ node: YAMLMapping, problems: inout [Finding]) -> OutcomeCodes? {
    guard let outcome = node.mapping("outcome", problems: &problems) else { return nil }
    // A survey names its codes by what weights make of them, or more closely by what happened.
    let closely = FieldOutcome.allCases.map(\.rawValue).filter { Disposition(rawValue: $0) == nil }
    let keys = Disposition.allCases.map(\.rawValue) + closely
    outcome.check(keys: ["column"] + keys, problems: &problems)
    var dispositions = [String: Disposition]()
    var outcomes = [String: FieldOutcome]()
    for key in keys {
      let fieldOutcome = FieldOutcome(rawValue: key)
      guard let disposition = Disposition(rawValue: key) ?? fieldOutcome?.disposition else { continue }
      for code in outcome.texts(key, problems: &problems) ?? [] {
        outcomes[code] = fieldOutcome
        if dispositions.updateValue(disposition, forKey: code) != nil {
          problems.append(
            outcome.problem(
              "outcome-twice",
              key: key,
              value: code,
              message: LocalizedText(zh: "同一结果代码有两种含义。", en: "the result code has two meanings."),
              fix: LocalizedText(zh: "请删去其中一个。", en: "Remove one.")
            )
          )
        }
      }
    }
    return OutcomeCodes(
      column: outcome.requiredText("column", problems: &problems),
      dispositions: dispositions,
      outcomes: outcomes
    )
  }

  private static func directDesign(_ node: YAMLMapping, problems: inout [Finding]) -> DirectDesign? {
    guard let design = node.mapping("design", problems: &problems) else { return nil }
    design.check(keys: ["strata", "units", "fpc", "order", "weights", "nested"], problems: &problems)
    let units = design.texts("units", problems: &problems) ?? []
    let strata = design.texts("strata", problems: &problems) ?? []
    let sizes = design.texts("fpc", problems: &problems) ?? []
    let orders = design.texts("order", problems: &problems) ?? []
    let stageCount = max(1, units.count)
    for (key, given) in [("strata", strata), ("fpc", sizes), ("order", orders)] where given.count > stageCount {
      problems.append(
        design.problem(
          "design-stages",
          key: key,
          value: given.joined(separator: ", "),
          message: LocalizedText(
            zh: "给出 \(given.count) 项，而只有 \(stageCount) 个阶段。",
            en: "has \(given.count) entries for \(stageCount) stages."
          ),
          fix: LocalizedText(
            zh: "每阶段一项；同一阶段的几列用“ * ”连接。",
            en: "One a stage; join columns of one stage by \" * \"."
          )
        )
      )
    }
    func entry(_ list: [String], _ place: Int) -> String? {
      place < list.count && list[place] != "none" ? list[place] : nil
    }
    let stages = (0..<stageCount).map { place in
      var stage = SampleDesign.Stage(
        strata: entry(strata, place).map { crossedColumns($0) } ?? [],
        unit: units.isEmpty ? .row : .column(units[place]),
        populationSize: entry(sizes, place)
      )
      stage.order = entry(orders, place).map { .column($0) }
      return stage
    }
    var weights = SampleDesign.Weights.populationSizes
    switch design.text("weights", problems: &problems) {
    case .none:
      if stages.contains(where: { $0.populationSize == nil }), !design.has("weights") {
        problems.append(
          design.problem(
            "weights-missing",
            key: "weights",
            message: LocalizedText(
              zh: "没有权数，也不是每个阶段都有总体数。",
              en: "there are no weights and not every stage has its population."
            ),
            fix: LocalizedText(
              zh: "请给出权数表达式；不加权须写 equal。",
              en: "Give an expression, or `equal` for an unweighted estimate."
            )
          )
        )
      }
    case .some("equal"): weights = .equal
    case .some: if let given = design.expression("weights", problems: &problems) { weights = .expression(given) }
    }
    let isNested = design.flag("nested", problems: &problems) ?? false
    return DirectDesign(stages: stages, weights: weights, unitsNestedInStrata: isNested)
  }
}

/// The columns of `a * b`.
func crossedColumns(_ text: String) -> [String] {
  var names = [String]()
  var current = ""
  for character in text + "*" {
    if character == "*" {
      while current.first == " " { current.removeFirst() }
      while current.last == " " { current.removeLast() }
      if !current.isEmpty { names.append(current) }
      current = ""
    } else {
      current.append(character)
    }
  }
  return names
}
