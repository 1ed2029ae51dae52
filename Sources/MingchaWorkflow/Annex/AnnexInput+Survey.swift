internal import PovertyAssessment
internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation
internal import SurveyReporting

extension SurveyFolder {
  /// Everything the annex of this survey tells, from its estimates, its draw and its rules.
  func annexInput(_ report: EstimationReport) throws -> AnnexInput {
    var inputs = report.inputs
    var assumptions = survey.annex.assumptions
    if let rules = survey.score?.rules {
      assumptions += try rubric(rules).allAssumptions
      record(path(of: rules), in: &inputs)
    }
    let settings = survey.estimate
    // An annex is published: what rests on few households is not in it.
    let withheld = WithheldEstimates(report.estimates, below: minimumCell.count, nestings: try nestings())
    var input = AnnexInput(
      title: survey.name,
      estimates: withheld.estimates,
      indicators: report.indicators,
      domains: report.domains,
      varianceMethod: varianceMethod(report),
      lonelyUnits: settings.lonelyUnits,
      correlations: report.parts.flatMap(\.estimation.correlations),
      plannedCorrelation: settings.plannedCorrelation,
      assumptions: assumptions,
      inputs: inputs,
      software: ToolVersion.text
    )
    input.suppressedBelow = minimumCell.count
    // The part about the last stage speaks for the sample; another part (villages) is told in a note.
    if let main = report.parts.first?.estimation {
      input.degreesOfFreedom = main.degreesOfFreedom
      input.firstStageUnits = main.firstStageUnits
      input.strata = main.strata
    }
    input.weights = report.parts.compactMap { part in
      AnnexWeights(scope: unitTitle(part.name), weights: part.weights)
    }
    input.notes = report.allNotes.map { $0.sentence }
    guard case .draw(let name)? = survey.responses?.design else {
      input.stages = report.parts.first.map(directStages) ?? []
      return input
    }
    let drawn = try DrawnSample(self, draw: name)
    input.date = drawn.receipt.date
    input.stages = drawnStages(drawn)
    input.draw = try annexDraw(drawn)
    input.response = response(report, withheld)
    return input
  }

  /// What the units of a source or frame are called.
  func unitTitle(_ name: String) -> LocalizedText {
    survey.frame(name)?.title ?? LocalizedText(name)
  }

  private func varianceMethod(_ report: EstimationReport) -> LocalizedText {
    guard let part = report.parts.first else { return LocalizedText("") }
    let (zh, en) = (DesignWords(part: part, language: .chinese), DesignWords(part: part, language: .english))
    if zh.hasJackknife {
      return LocalizedText(zh: zh.adjustments + "；" + zh.variance, en: en.adjustments + "; " + en.variance)
    }
    return LocalizedText(
      zh: "分层多阶段泰勒线性化：" + zh.variance,
      en: "Stratified multistage Taylor linearization " + en.variance
    )
  }

  private func directStages(_ part: EstimationReport.Part) -> [AnnexStage] {
    part.design.stages.enumerated().map { place, stage in
      let unit =
        switch stage.unit {
        case .row: LocalizedText(zh: "每行", en: "row")
        case .column(let name): LocalizedText(name)
        }
      return AnnexStage(
        name: stageName(place),
        unit: unit,
        strata: stage.strata.map { LocalizedText($0) },
        method: stage.populationSize.map {
          LocalizedText(zh: "不放回，总体数取自 \($0) 列", en: "without replacement, population in \($0)")
        } ?? LocalizedText(zh: "按有放回计算", en: "taken as with replacement"),
        sample: place == 0 ? part.estimation.firstStageUnits : nil
      )
    }
  }

  private func stageName(_ place: Int) -> LocalizedText {
    let digits = ["一", "二", "三", "四", "五", "六", "七", "八", "九"]
    return LocalizedText(
      zh: "第\(place < digits.count ? digits[place] : String(place + 1))阶段",
      en: "Stage \(place + 1)"
    )
  }

  private func drawnStages(_ drawn: DrawnSample) -> [AnnexStage] {
    drawn.receipt.stages.enumerated().map { place, stage in
      let counts = StageCounts(drawn, stage: place)
      return AnnexStage(
        name: stageName(place),
        unit: unitTitle(stage.plan.name),
        strata: stage.plan.strata.map { frame(namedBy: $0)?.title ?? LocalizedText($0) },
        method: SelectionMethods.named(stage.plan.method)?.title ?? LocalizedText(stage.plan.method),
        population: counts.population,
        sample: counts.sample,
        reserves: counts.reserves
      )
    }
  }

  private func annexDraw(_ drawn: DrawnSample) throws -> AnnexDraw {
    let receipt = drawn.receipt
    return AnnexDraw(
      protocolVersion: "mingcha-draw/\(receipt.protocolVersion)",
      group: receipt.group,
      secret: receipt.revealed.map { .seed($0.seed) } ?? .commitment(receipt.seedCommitment),
      receiptDigest: try receipt.digest().hex,
      frames: receipt.inputs.map { AnnexDigest(file: $0.file, sha256: $0.frameDigest, rows: $0.rows) }
    )
  }

  /// The response by groups, without those whose figures are withheld: their counts would be among the totals.
  private func response(_ report: EstimationReport, _ withheld: WithheldEstimates) -> AnnexResponse? {
    guard let part = report.parts.max(by: { $0.weights.count < $1.weights.count }), let all = part.responses.first
    else { return nil }
    let outcome = survey.responses?.outcome
    let columns = ResponseColumns(outcome: outcome)
    let variable = survey.estimate.by.first { $0.count == 1 }?.first ?? ""
    let names = report.domains.names[variable] ?? [:]
    let shown = part.responses.dropFirst().filter { !withheld.contains([DomainValue(variable, $0.group)]) }
    let rows = shown.map {
      columns.row($0, name: names[$0.group] ?? LocalizedText($0.group))
    }
    return AnnexResponse(
      level: report.domains.levels[variable] ?? LocalizedText(variable),
      rows: Array(rows),
      total: columns.row(all, name: LocalizedText(zh: "合计", en: "Total")),
      codes: columns.codes
    )
  }
}

extension Finding {
  /// A note as a sentence of a report, without the place it was found at.
  fileprivate var sentence: LocalizedText {
    let place = file.map { lastComponent($0) + (column.map { " \($0)" } ?? "") } ?? column
    return LocalizedText(
      zh: (place.map { $0 + "：" } ?? "") + message.zh + fix.zh,
      en: (place.map { $0 + ": " } ?? "") + message.en + (fix.en.isEmpty ? "" : " " + fix.en)
    )
  }
}
