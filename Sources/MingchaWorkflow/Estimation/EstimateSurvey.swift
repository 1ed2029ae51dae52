internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation
internal import SurveyReporting
internal import TabularFiles

/// Estimates the indicators of a survey folder, with every domain that its survey file names.
///
/// Each source of answers (households, villages) is an estimation of its own over the same draw.
/// - Parameters:
///   - folder: with its draw and responses.
///   - threads: workers that read.
///   - covariances: also keep the covariances between all estimates of a domain set.
///   - progress: told of the rows read.
/// - Returns: a part for each source of answers that an indicator is about.
/// - Throws: an `InputRefusal` with everything found wrong in survey file, list, answers and design.
package func estimateSurvey(
  _ folder: SurveyFolder,
  threads: Int,
  covariances: Bool = false,
  progress: ReadingProgress? = nil
) throws -> EstimationReport {
  let survey = folder.survey
  guard let responses = survey.responses else {
    throw InputRefusal(folder.missingKey("responses"))
  }
  let sources = responses.sources.filter { source in
    survey.indicators.contains { responses.source(ofUnit: $0.unit) == source }
  }
  guard !sources.isEmpty else { throw InputRefusal(folder.missingKey("indicators")) }
  var report = EstimationReport(
    title: survey.name,
    parts: [],
    indicators: IndicatorLabels(survey.indicators.map { IndicatorLabel($0.indicator) }),
    domains: DomainLabels(),
    inputs: [],
    defaulted: survey.estimate.defaulted,
    notes: []
  )
  folder.record(folder.path + "/survey.yaml", in: &report.inputs)
  switch responses.design {
  case .draw(let name):
    let drawn = try DrawnSample(folder, draw: name)
    for file in drawn.files { folder.record(file, in: &report.inputs) }
    for source in sources { try folder.add(source, of: responses, drawn: drawn, covariances: covariances, to: &report) }
  case .columns(let design):
    for source in sources {
      let paths = try folder.paths(of: source.files)
      var order = EstimationOrder(
        title: survey.name,
        name: source.name,
        paths: paths,
        labels: paths.map(folder.label),
        sheet: source.sheet,
        headerRow: source.headerRow,
        allowsFormulas: false,
        design: SampleDesign(
          stages: design.stages,
          weights: design.weights,
          lonelyUnits: survey.estimate.lonelyUnits,
          adjustsLonelyDomains: false,
          unitsNestedInStrata: design.unitsNestedInStrata
        ),
        request: folder.request(
          for: source,
          of: responses,
          domains: survey.estimate.by,
          covariances: covariances
        ),
        defaulted: survey.estimate.defaulted,
        threads: threads
      )
      order.design.adjustments =
        (responses.outcome.map { (responses.nonresponse ?? NonresponseSettings()).steps($0) } ?? [])
        + (try folder.adjustments(of: source, responses, inputs: &report.inputs))
      order.propensity = try responses.nonresponse?.propensityModel()
      let own = try estimateFiles(order, progress: progress)
      report.parts += own.parts
      report.inputs += own.inputs
      report.notes += own.notes
    }
  }
  report.domains = try folder.domainLabels(inputs: &report.inputs)
  return report
}

/// The list and the receipt of a draw that answers are joined to.
struct DrawnSample {
  let list: Table
  let receipt: Receipt
  let stages: [ListedStage]
  let files: [String]

  init(_ folder: SurveyFolder, draw: String) throws {
    let path = folder.drawPath(draw)
    files = [path + "/list.csv", path + "/receipt.json"]
    if !exists(path) {
      throw InputRefusal(
        Finding(
          "file-missing",
          file: path,
          message: LocalizedText(zh: "抽样“\(draw)”还没有抽取。", en: "the draw \"\(draw)\" has not been made."),
          fix: LocalizedText(
            zh: "请先运行 mingcha draw \(folder.path) \(draw) --seed-file …。",
            en: "First run mingcha draw \(folder.path) \(draw) --seed-file …."
          )
        )
      )
    }
    list = try readTable(path: files[0]).table
    receipt = try Receipt(json: try readBytes(files[1]), file: files[1])
    stages = try listedStages(of: receipt, list: list)
  }
}

extension SurveyFolder {
  func missingKey(_ key: String) -> Finding {
    Finding(
      "key-missing",
      file: path + "/survey.yaml",
      column: key,
      message: LocalizedText(zh: "估计需要此键。", en: "an estimation needs this key."),
      fix: LocalizedText(zh: "请在 survey.yaml 中补上。", en: "Add it to survey.yaml.")
    )
  }

  fileprivate func request(
    for source: ResponseDefinition.Source,
    of responses: ResponseDefinition,
    domains: [[String]],
    covariances: Bool
  ) -> EstimationRequest {
    let settings = survey.estimate
    var request = EstimationRequest(
      indicators: survey.indicators.filter { responses.source(ofUnit: $0.unit) == source }.map(\.indicator),
      domains: [[]] + domains,
      level: settings.level,
      domainVariance: settings.domainVariance,
      domainFreedom: settings.domainFreedom,
      deff: settings.deff,
      plannedCorrelation: settings.plannedCorrelation,
      dropsMissing: settings.dropsMissing,
      covariances: covariances
    )
    request.correlation = settings.correlation
    request.domainCorrelations = true
    request.simultaneous = settings.simultaneous
    return request
  }

  fileprivate func add(
    _ source: ResponseDefinition.Source,
    of responses: ResponseDefinition,
    drawn: DrawnSample,
    covariances: Bool,
    to report: inout EstimationReport
  ) throws {
    guard let id = source.id, let stage = drawn.stages.firstIndex(where: { $0.name == source.name }) else {
      throw InputRefusal(missingKey("responses.\(source.name)"))
    }
    let paths = try paths(of: source.files)
    let (tables, notes) = try readTables(
      paths: paths,
      options: ReadOptions(sheet: source.sheet, headerRow: source.headerRow, identifiers: [id])
    )
    report.notes += notes
    for (file, table) in zip(paths, tables) { record(file, rows: table.rowCount, in: &report.inputs) }
    var answers = try Table.concatenated(tables)
    if let settings = survey.judgement, settings.source == source.name {
      report.notes += try check(&answers, settings, outcome: responses.outcome)
    }
    let field = try fieldworkTable(
      list: drawn.list,
      stages: drawn.stages,
      unitStage: stage,
      responses: answers,
      responseID: id,
      outcome: responses.outcome,
      groupColumn: responseGroup(in: drawn.list),
      lonelyUnits: survey.estimate.lonelyUnits
    )
    report.notes += field.notes
    // A form about villages has no column of households' classes: such a domain is the other part's.
    let domains = survey.estimate.by.filter { set in set.allSatisfy { field.table[$0] != nil } }
    for variable in survey.estimate.by.flatMap({ $0 }) where stage == drawn.stages.count - 1 {
      _ = try field.table.column(variable)
    }
    let request = request(for: source, of: responses, domains: domains, covariances: covariances)
    var design = field.design
    design.adjustments = try adjustments(of: source, responses, inputs: &report.inputs)
    let sample =
      design.adjustments.isEmpty ? nil : try SurveySample(field.table, design: design, by: request.domains)
    let estimation = try sample?.estimation(request) ?? estimate(field.table, design: design, request: request)
    report.parts.append(
      EstimationReport.Part(
        name: source.name,
        design: design,
        request: request,
        estimation: estimation,
        responses: field.counts,
        weights: respondentWeights(field, sample?.weights),
        weighting: sample?.weightSummary
      )
    )
  }

  /// The calibration of a source's weights, with the totals read from their file.
  fileprivate func adjustments(
    of source: ResponseDefinition.Source,
    _ responses: ResponseDefinition,
    inputs: inout [AnnexDigest]
  ) throws -> [WeightAdjustment] {
    guard let settings = responses.calibration, responses.source(ofUnit: settings.unit) == source else { return [] }
    let path = try paths(of: [settings.file])[0]
    record(path, in: &inputs)
    var spec = try WeightingQuestion.calibration(path, distance: settings.distance)
    spec.lower = settings.lower
    spec.upper = settings.upper
    return [.calibration(spec)]
  }

  /// The column by which response is counted: the first by-variable that the list has.
  func responseGroup(in list: Table) -> String? {
    survey.estimate.by.first { $0.count == 1 && list[$0[0]] != nil }?.first
  }

  private func check(
    _ answers: inout Table,
    _ settings: JudgementSettings,
    outcome: OutcomeCodes?
  ) throws -> [Finding] {
    var mask = [Bool](repeating: true, count: answers.rowCount)
    if let outcome {
      let codes = try answers.column(outcome.column)
      mask = (0..<answers.rowCount).map { outcome.dispositions[codes.text(at: $0) ?? ""] == .respondent }
    }
    let (judged, notes) = try settings.judgement.checked(answers.filtered(by: mask))
    let verdicts = try judged.column("verdict")
    var next = 0
    answers.set(
      Column(
        "verdict",
        texts: mask.map { isRespondent in
          guard isRespondent else { return nil }
          next += 1
          return verdicts.text(at: next - 1)
        }
      )
    )
    return notes
  }

  private func respondentWeights(_ field: FieldworkTable, _ adjusted: [Double]?) -> [Double] {
    guard case .number(let weights)? = field.table["design_weight"]?.storage,
      let dispositions = field.table["fieldwork_disposition"]
    else { return [] }
    let used = adjusted ?? weights
    return used.indices.filter { dispositions.text(at: $0) == Disposition.respondent.rawValue }.map { used[$0] }
  }
}
