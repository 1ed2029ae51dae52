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
///   - allowsDirect: takes answers that hold names, numbers of persons or exact coordinates.
///   - progress: told of the rows read.
/// - Returns: a part for each source of answers that an indicator is about.
/// - Throws: an `InputRefusal` with everything found wrong in survey file, list, answers and design.
package func estimateSurvey(
  _ folder: SurveyFolder,
  threads: Int,
  covariances: Bool = false,
  allowsDirect: Bool = false,
  progress: ReadingProgress? = nil
) throws -> EstimationReport {
  let survey = folder.survey
  guard let responses = survey.responses else {
    throw InputRefusal(folder.missingKey("responses"))
  }
  let sources = responses.sources.filter { source in
    survey.indicators.contains { responses.source(ofUnit: $0.unit) == source }
      || survey.rates.contains { responses.source(ofUnit: $0.unit) == source }
  }
  guard !sources.isEmpty else { throw InputRefusal(folder.missingKey("indicators")) }
  try folder.refuseDirectColumns(of: sources, allowed: allowsDirect)
  var report = EstimationReport(
    title: survey.name,
    parts: [],
    indicators: IndicatorLabels(
      survey.indicators.map { IndicatorLabel($0.indicator) }
        + survey.rates.map { IndicatorLabel(key: $0.key, name: $0.name, limit: $0.limit) }
    ),
    domains: DomainLabels(),
    inputs: [],
    defaulted: survey.estimate.defaulted,
    notes: []
  )
  folder.record(folder.path + "/survey.yaml", in: &report.inputs)
  // Value labels of SPSS and Stata, by variable; a frame's names come first.
  var fileLabels: [String: [String: LocalizedText]] = [:]
  switch responses.design {
  case .draw(let name):
    let drawn = try DrawnSample(folder, draw: name)
    for file in drawn.files { folder.record(file, in: &report.inputs) }
    for source in sources {
      try folder.add(source, of: responses, drawn: drawn, covariances: covariances, workers: threads, to: &report)
    }
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
      order.export = folder.export(of: source)
      if survey.estimate.systematic == .random, order.design.stages.contains(where: { $0.order != nil }) {
        report.notes.append(.orderUnused(source.name, file: folder.path + "/survey.yaml"))
      }
      order.design.takeOrders(for: survey.estimate.systematic)
      order.design.adjustments =
        (responses.outcome.map { (responses.nonresponse ?? NonresponseSettings()).steps($0) } ?? [])
        + (try folder.adjustments(of: source, responses, inputs: &report.inputs))
      order.propensity = try responses.nonresponse?.propensityModel()
      let settings = folder.replicates(of: source, responses)
      if let settings {
        order.design.adjustments.insert(settings.adjustment, at: 0)
        order.keepsWeights = settings.file != nil
      }
      var own = try folder.replacing(replicates: settings) { try estimateFiles(order, progress: progress) }
      if !own.parts.isEmpty {
        own.parts[0].weightPath = settings?.file.map(folder.path(of:))
        own.notes += folder.replicateNotes(settings, own.parts[0])
        try folder.addRates(source, of: responses, order: order, to: &own)
      }
      report.parts += own.parts
      fileLabels.merge(own.domains.names) { first, _ in first }
      report.inputs += own.inputs
      report.notes += own.notes
    }
  }
  report.domains = try folder.domainLabels(inputs: &report.inputs)
  report.domains.names.merge(fileLabels) { frame, _ in frame }
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
    workers: Int,
    to report: inout EstimationReport
  ) throws {
    guard let id = source.id, let stage = drawn.stages.firstIndex(where: { $0.name == source.name }) else {
      throw InputRefusal(missingKey("responses.\(source.name)"))
    }
    let paths = try paths(of: source.files)
    let (tables, notes) = try readTables(
      paths,
      export: export(of: source),
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
      lonelyUnits: survey.estimate.lonelyUnits,
      takesDifferences: survey.estimate.systematic == .successiveDifferences
    )
    report.notes += field.notes
    if survey.estimate.systematic == .successiveDifferences, field.design.stages.allSatisfy({ $0.order == nil }) {
      report.notes.append(.notSystematic(source.name, file: path + "/survey.yaml"))
    }
    // A form about villages has no column of households' classes: such a domain is the other part's.
    let domains = survey.estimate.by.filter { set in set.allSatisfy { field.table[$0] != nil } }
    for variable in survey.estimate.by.flatMap({ $0 }) where stage == drawn.stages.count - 1 {
      _ = try field.table.column(variable)
    }
    let request = request(for: source, of: responses, domains: domains, covariances: covariances)
    var design = field.design
    let settings = replicates(of: source, responses)
    design.adjustments =
      (settings.map { [$0.adjustment] } ?? []) + (try adjustments(of: source, responses, inputs: &report.inputs))
    let sample = try replacing(replicates: settings) {
      design.needsRows ? try SurveySample(field.table, design: design, by: request.domains) : nil
    }
    let estimation =
      try sample?.estimation(request, workers: workers)
      ?? estimate(field.table, design: design, request: request, workers: workers)
    var part = EstimationReport.Part(
      name: source.name,
      design: design,
      request: request,
      estimation: estimation,
      responses: field.counts,
      weights: respondentWeights(field, sample?.weights),
      weighting: sample.flatMap { $0.history.isEmpty ? nil : $0.weightSummary }
    )
    part.replicateCount = sample?.replicateCount
    if let file = settings?.file, let sample {
      let names = carriedColumns(of: field.table).filter { $0 != WeightFile.designWeight }
      part.weightFile = try WeightFile(sample, of: field.table, carrying: names)
      part.weightPath = self.path(of: file)
    }
    report.notes += replicateNotes(settings, part)
    try addRates(source, of: responses, table: field.table, workers: workers, to: &part, report: &report)
    part.weightFile?.inputs = report.inputs
    report.parts.append(part)
  }

  /// The rates of a source, from the rows of its sample.
  private func addRates(
    _ source: ResponseDefinition.Source,
    of responses: ResponseDefinition,
    table: Table,
    workers: Int,
    to part: inout EstimationReport.Part,
    report: inout EstimationReport
  ) throws {
    let rates = survey.rates.filter { responses.source(ofUnit: $0.unit) == source }
    if rates.isEmpty { return }
    var domains: [[DomainValue]] = []
    for estimate in part.estimation.estimates where !domains.contains(estimate.domain) {
      domains.append(estimate.domain)
    }
    let found = try SurveyRateEstimates(
      rates,
      in: self,
      table: table,
      design: part.design,
      request: part.request,
      domains: domains.isEmpty ? [[]] : domains,
      workers: workers
    )
    part.estimation.estimates += found.estimates
    part.analysis = found.analysis
    report.notes += found.notes
    report.inputs += found.inputs
  }

  /// The same of files whose columns say the design; their rows are read again.
  fileprivate func addRates(
    _ source: ResponseDefinition.Source,
    of responses: ResponseDefinition,
    order: EstimationOrder,
    to report: inout EstimationReport
  ) throws {
    guard survey.rates.contains(where: { responses.source(ofUnit: $0.unit) == source }) else { return }
    let options = ReadOptions(sheet: order.sheet, headerRow: order.headerRow)
    var table = try Table.concatenated(
      try readTables(order.paths, export: order.export, options: options).tables
    )
    var part = report.parts[0]
    if let propensity = order.propensity { part.design.takePropensity(try propensity.expanded(in: &table)) }
    try addRates(source, of: responses, table: table, workers: order.threads, to: &part, report: &report)
    report.parts[0].estimation = part.estimation
    report.parts[0].analysis = part.analysis
  }

  /// The replicates of a source's variances.
  fileprivate func replicates(
    of source: ResponseDefinition.Source,
    _ responses: ResponseDefinition
  ) -> ReplicateSettings? {
    guard let settings = survey.estimate.replicates, responses.source(ofUnit: settings.unit) == source else {
      return nil
    }
    return settings
  }

  /// Names the key of the survey file where replicates cannot be made of a design.
  fileprivate func replacing<Result>(replicates settings: ReplicateSettings?, _ work: () throws -> Result) throws
    -> Result
  {
    do {
      return try work()
    } catch let refusal as InputRefusal where settings != nil {
      throw InputRefusal(
        refusal.findings.map { found in
          // Findings of the options' reader name an option in place of a column.
          guard found.file == nil, let key = Self.replicateKey(of: found.column) else { return found }
          var placed = found
          placed.file = path + "/survey.yaml"
          placed.row = settings?.row
          placed.column = key
          return placed
        }
      )
    }
  }

  private static func replicateKey(of option: String?) -> String? {
    switch option {
    case nil, "--replicates-of": "estimate.replicates"
    case "--replicate-count": "estimate.replicates.count"
    case "--fay-rho": "estimate.replicates.fay"
    case "--seed": "estimate.replicates.seed"
    default: nil
    }
  }

  /// What replicates of a design leave out.
  fileprivate func replicateNotes(_ settings: ReplicateSettings?, _ part: EstimationReport.Part) -> [Finding] {
    guard let settings, case .replication(let plan, _) = settings.adjustment else { return [] }
    var notes: [Finding] = []
    func note(_ code: String, zh: String, en: String, fix: LocalizedText) {
      notes.append(
        Finding(
          code,
          severity: .note,
          file: path + "/survey.yaml",
          row: settings.row,
          column: "estimate.replicates",
          value: plan.method,
          message: LocalizedText(zh: zh, en: en),
          fix: fix
        )
      )
    }
    let stages = part.design.stages
    if case .draw? = survey.responses?.design {
      note(
        "replicates-of-adjusted-weights",
        zh: "重复权数由已按无应答调整的权数作成，各重复不再重作该调整；校准在每个重复中重作。",
        en: "replicates are made of the weights after the adjustment for nonresponse, which is not repeated in them; a "
          + "calibration is.",
        fix: LocalizedText("")
      )
    }
    for own in plan.notes(of: stages, isInFolder: true) {
      note(own.code, zh: own.message.zh, en: own.message.en, fix: own.fix)
    }
    return notes
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

extension SampleDesign {
  /// Without a draw, nobody knows which stages were systematic: the first one is taken in the order of the file, unless
  /// the design names orders.
  fileprivate mutating func takeOrders(for variance: SystematicVariance) {
    switch variance {
    case .random: for place in stages.indices { stages[place].order = nil }
    case .successiveDifferences: if stages.allSatisfy({ $0.order == nil }) { stages[0].order = .rows }
    }
  }
}

extension Finding {
  fileprivate static func orderUnused(_ source: String, file: String) -> Finding {
    Finding(
      "order-unused",
      severity: .note,
      file: file,
      column: "responses.design.order",
      value: source,
      message: LocalizedText(
        zh: "给出了抽取次序，但方差按随机抽取计算，次序没有用到。",
        en: "names an order of selection, but the variance is that of random selection and does not use it."
      ),
      fix: LocalizedText(
        zh: "要用逐次差分，请在 estimate 中写 systematic: successive-differences。",
        en: "For successive differences say `systematic: successive-differences` under estimate."
      )
    )
  }

  fileprivate static func notSystematic(_ source: String, file: String) -> Finding {
    Finding(
      "systematic-unused",
      severity: .note,
      file: file,
      column: "estimate.systematic",
      value: source,
      message: LocalizedText(
        zh: "没有一个阶段是等距抽取的，逐次差分没有用到。",
        en: "no stage was drawn systematically, so successive differences were not used."
      ),
      fix: LocalizedText(zh: "如不需要请删去该键。", en: "Remove the key if it is not needed.")
    )
  }
}
