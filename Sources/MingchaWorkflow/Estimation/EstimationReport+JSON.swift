internal import Documents
internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation
internal import SurveyReporting

extension EstimationReport {
  /// Everything for programs: each figure with every digit, what cannot be computed as null with its reason.
  package func json() -> [UInt8] {
    let value = JSONValue.object([
      ("tool", .text(ToolVersion.text)),
      ("title", Self.json(title)),
      ("inputs", .array(inputs.map { $0.json })),
      ("parts", .array(parts.map(json))),
      ("notes", .array(notes.map(\.json))),
    ])
    return value.bytes
  }

  private func json(_ part: Part) -> JSONValue {
    let estimation = part.estimation
    var members: [(String, JSONValue)] = [
      ("name", .text(part.name)),
      ("design", json(part.design, part)),
      ("settings", settings(part)),
      ("rows", .integer(estimation.rows)),
      ("strata", .integer(estimation.strata)),
      ("first_stage_units", .integer(estimation.firstStageUnits)),
      ("degrees_of_freedom", .integer(estimation.degreesOfFreedom)),
      ("estimates", .array(estimation.estimates.map(json))),
      (
        "correlations",
        .array(
          estimation.correlations.map(\.json)
        )
      ),
      ("domain_correlations", .array(estimation.domainCorrelations.map(\.json))),
      (
        "covariances",
        .array(
          estimation.covariances.map { matrix in
            .object([
              ("by", .texts(matrix.by)), ("names", .texts(matrix.names)),
              ("values", .array(matrix.values.map { row in .array(row.map { .number($0) }) })),
            ])
          }
        )
      ),
      ("notes", .array(estimation.notes.map(\.json))),
    ]
    if !part.results.isEmpty { members.append(("analyses", .array(part.results.map(\.json)))) }
    if let weighting = part.weighting { members.append(("weighting", weighting.json)) }
    if isExplained {
      members.append(
        (
          "explanations",
          .array(
            zip(
              Explanation(part: part, domains: domains, language: .chinese).definitions,
              Explanation(part: part, domains: domains, language: .english).definitions
            ).map { .object([("figure", .text($0.term)), ("zh", .text($0.text)), ("en", .text($1.text))]) }
          )
        )
      )
    }
    return .object(members)
  }

  private func settings(_ part: Part) -> JSONValue {
    let request = part.request
    return .object([
      ("level", .number(request.level)), ("lonely_psu", .text(part.design.lonelyUnits.rawValue)),
      ("rho", .number(request.plannedCorrelation)), ("use_rho", request.correlation.json),
      ("simultaneous", .text(request.simultaneous?.rawValue)),
      ("domain_variance", .text(request.domainVariance.rawValue)),
      ("domain_df", .text(request.domainFreedom.rawValue)), ("deff", .text(request.deff?.rawValue)),
      ("missing", .text(request.dropsMissing ? "drop" : "keep")), ("defaults", .texts(defaulted)),
    ])
  }

  private func json(_ estimate: Estimate) -> JSONValue {
    let label = indicators.label(of: estimate.indicator)
    return .object([
      ("indicator", .text(estimate.indicator)),
      ("name", Self.json(label.name)),
      ("domain", .object(estimate.domain.map { ($0.variable, .text($0.value)) })),
      ("estimate", .number(estimate.estimate)),
      ("standard_error", .number(estimate.standardError)),
      ("count", .integer(estimate.isWithheld ? nil : estimate.unweightedCount)),
      ("weighted_count", .number(estimate.isWithheld ? nil : estimate.weightedCount)),
      ("events", .integer(estimate.events)),
      ("degrees_of_freedom", .integer(estimate.degreesOfFreedom)),
      ("domain_degrees_of_freedom", .integer(estimate.domainDegreesOfFreedom)),
      ("design_effect", .number(estimate.designEffect)),
      ("is_proportion", .flag(estimate.isProportion)),
      ("within_unit", .flag(estimate.isWithinUnit)),
      ("interval", Self.json(estimate.interval)),
      ("comparison", Self.json(estimate.comparison)),
      (
        "one_sided",
        estimate.oneSided.map {
          .object([("level", .number($0.level)), ("lower", .number($0.lower)), ("upper", .number($0.upper))])
        } ?? .null
      ),
      (
        "limit",
        label.limit.map { .object([("side", .text($0.side.rawValue)), ("value", .number($0.value))]) } ?? .null
      ),
      ("verdict", .text(estimate.verdict?.rawValue)),
      ("reason", .text(estimate.reason?.rawValue)),
    ])
  }

  /// What the linearized variance of a stage is, in a word.
  private static func variance(of stage: SampleDesign.Stage) -> String {
    if stage.order != nil { return SystematicVariance.successiveDifferences.rawValue }
    if stage.isProportional { return "brewer" }
    return stage.populationSize == nil ? "with-replacement" : "simple-random"
  }

  private static func json(_ text: LocalizedText) -> JSONValue {
    .object([("zh", .text(text.zh)), ("en", .text(text.en))])
  }

  private static func json(_ interval: Interval?) -> JSONValue {
    guard let interval else { return .null }
    return .object([
      ("method", .text(interval.method)), ("level", .number(interval.level)), ("lower", .number(interval.lower)),
      ("upper", .number(interval.upper)), ("effective_sample_size", .number(interval.effectiveSampleSize)),
      ("correlation", .number(interval.correlation)),
    ])
  }

  private func json(_ design: SampleDesign, _ part: Part) -> JSONValue {
    let weights =
      switch design.weights {
      case .expression(let expression): expression.source
      case .inverse(let probability): "1 / (\(probability.source))"
      case .populationSizes: "population-sizes"
      case .equal: "equal"
      }
    var members: [(String, JSONValue)] = [
      (
        "stages",
        .array(
          design.stages.map { stage in
            let unit: JSONValue =
              switch stage.unit {
              case .row: .null
              case .column(let name): .text(name)
              }
            return .object([
              ("unit", unit), ("strata", .texts(stage.strata)),
              (stage.isProportional ? "probability" : "population", .text(stage.populationSize)),
              ("variance", .text(Self.variance(of: stage))),
            ])
          }
        )
      ),
      ("weights", .text(weights)), ("nested", .flag(design.unitsNestedInStrata)),
      ("adjusts_lonely_domains", .flag(design.adjustsLonelyDomains)),
    ]
    let words = (
      DesignWords(part: part, language: .chinese), DesignWords(part: part, language: .english)
    )
    if design.needsRows || part.replicates != nil || part.joint != nil {
      members.append(("description", .object([("zh", .text(words.0.design)), ("en", .text(words.1.design))])))
    }
    if !design.adjustments.isEmpty {
      members.append(
        ("adjustments", .object([("zh", .text(words.0.adjustments)), ("en", .text(words.1.adjustments))]))
      )
    }
    return .object(members)
  }
}

extension AnnexDigest {
  /// The digest as result files name it.
  var json: JSONValue {
    .object([("file", .text(file)), ("sha256", .text(sha256)), ("rows", .integer(rows))])
  }
}

extension Finding {
  /// A note as result files keep it, in both languages.
  var json: JSONValue {
    .object([
      ("code", .text(code)), ("file", .text(file)), ("row", .integer(row)), ("column", .text(column)),
      ("value", .text(shownValue)),
      ("zh", .text(message.zh + fix.zh)), ("en", .text(message.en + (fix.en.isEmpty ? "" : " " + fix.en))),
    ])
  }
}
