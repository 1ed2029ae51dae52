package import SurveyData
package import SurveyDesign
package import SurveyEstimation
internal import SurveyReporting
internal import TabularFiles

/// An estimation from the rows of files, whose design stands in the files' own columns.
package struct EstimationOrder: Sendable {
  package var title: LocalizedText
  /// The source's name in the survey file; empty for loose files.
  package var name: String
  /// Paths that exist, or "-" alone.
  package var paths: [String]
  /// The names of the paths in results: no folder of this machine.
  package var labels: [String]
  package var sheet: String?
  package var headerRow: Int?
  package var allowsFormulas: Bool
  package var design: SampleDesign
  package var request: EstimationRequest
  package var defaulted: [String]
  /// How many chunks are worked on at once; the result has the same bits whatever it is.
  package var threads: Int
  package var analysis = AnalysisRequest()
  /// Replicate weights among the columns of the files.
  package var replicates: ReplicateOrder?
  package var joint: JointOrder?
  /// The terms of response propensity, whose classes are yet to be made of the rows.
  package var propensity: ModelFormula?
  /// Keep the weights to write them.
  package var keepsWeights = false
  /// The tablet program whose export the files are.
  package var export: FormExport?
  /// Columns that are written before the weights; `nil`: all of the files.
  package var weightColumns: [String]?

  var needsRows: Bool {
    keepsWeights || design.needsRows || analysis.needsRows || replicates != nil || joint != nil || export != nil
  }

  /// Whether matrices were asked for, and not only needed for a function.
  package var reportsCovariances = false
}

/// Estimates from files in one pass: each worker sums the chunks it gets, then the sums are brought together.
///
/// - Parameters:
///   - order: files, design and request.
///   - progress: told after every chunk.
/// - Returns: the estimates, in one part.
/// - Throws: an `InputRefusal` with everything found wrong in request, files and design.
package func estimateFiles(
  _ order: EstimationOrder,
  progress: ReadingProgress? = nil
) throws -> EstimationReport {
  do {
    return try order.needsRows ? estimateRows(order, progress: progress) : estimateSums(order, progress: progress)
  } catch let refusal as InputRefusal {
    throw order.namingTextColumns(refusal)
  }
}

/// Estimates from sums by cell, without keeping the rows.
private func estimateSums(_ order: EstimationOrder, progress: ReadingProgress?) throws -> EstimationReport {
  let estimator = try Estimator(order.request, design: order.design)
  let requests = estimator.columns.map { ColumnRequest($0.name, $0.isNumber ? .number : .text) }
  // Codes of units must keep every digit, also where a workbook holds them as numbers.
  let codes = Set(requests.filter { $0.kind == .text }.map(\.name))
  let options = ReadOptions(
    sheet: order.sheet,
    headerRow: order.headerRow,
    columns: requests,
    allowsFormulas: order.allowsFormulas,
    identifiers: codes
  )
  if order.paths == ["-"] { return try estimateStream(order, estimator, options: options, progress: progress) }
  var rows = 0
  var notes: [Finding] = []
  let estimation = try estimator.estimation(workers: order.threads) { pass in
    let reading = try readChunks(
      paths: order.paths,
      options: options,
      threads: order.threads,
      make: pass.makePassAccumulator
    ) { accumulator, table in
      try pass.add(table, to: &accumulator)
      progress?(table.rowCount)
    }
    (rows, notes) = (reading.rows, reading.notes)
    return reading.partials
  }
  return try order.report(estimation, rows: rows, notes: notes)
}

/// As ``estimateFiles(_:progress:)``, from rows that go by only once.
///
/// Where a variance is asked for, rows are kept: it may have to take off a mean that is known afterwards.
private func estimateStream(
  _ order: EstimationOrder,
  _ estimator: Estimator,
  options: ReadOptions,
  progress: ReadingProgress?
) throws -> EstimationReport {
  let hasVariances = order.request.indicators.contains { indicator in
    if case .variance = indicator.statistic { true } else { false }
  }
  if hasVariances {
    let (table, notes) = try readTable(path: "-", options: options)
    progress?(table.rowCount)
    let estimation = try estimator.estimation(of: table, workers: order.threads)
    return try order.report(estimation, rows: table.rowCount, notes: notes)
  }
  let reading = try readChunks(
    paths: order.paths,
    options: options,
    threads: order.threads,
    make: estimator.makeAccumulator
  ) { accumulator, table in
    try estimator.add(table, to: &accumulator)
    progress?(table.rowCount)
  }
  let estimation = try estimator.estimation(from: reading.partials, workers: order.threads)
  return try order.report(estimation, rows: reading.rows, notes: reading.notes)
}

extension EstimationOrder {
  /// The report of an estimation: functions of its estimates added, the inputs named by their digests.
  ///
  /// - Throws: a refusal for a function that names no estimate.
  func report(
    _ found: Estimation,
    quantiles: [Estimate] = [],
    rows: Int,
    notes read: [Finding]
  ) throws(InputRefusal) -> EstimationReport {
    var estimation = found
    var analysis = analysis
    for composite in analysis.composites where composite.register.path == nil {
      analysis.functions.append(try composite.function(nil))
    }
    let functions = try estimation.estimates(
      of: analysis.functions,
      level: request.level,
      hidden: analysis.hidden
    )
    estimation.estimates =
      estimation.estimates.filter { !analysis.hidden.contains($0.indicator) } + quantiles + functions
    if !reportsCovariances { estimation.covariances = [] }
    var notes = read
    var inputs = [AnnexDigest]()
    for (path, label) in zip(paths, labels) {
      if path != "-", let digest = fileDigest(path) {
        inputs.append(AnnexDigest(file: label, sha256: digest, rows: paths.count == 1 ? rows : nil))
      } else {
        notes.append(.withoutDigest(label))
      }
    }
    return EstimationReport(
      title: title,
      parts: [
        EstimationReport.Part(
          name: name,
          design: design,
          request: request,
          estimation: estimation,
          responses: [],
          weights: [],
          analysis: analysis,
          replicates: replicates,
          joint: joint
        )
      ],
      indicators: IndicatorLabels(request.indicators.map { IndicatorLabel($0) } + analysis.labels),
      domains: domainLabels,
      inputs: inputs,
      defaulted: defaulted,
      notes: notes
    )
  }
}

extension EstimationOrder {
  /// What the files say of their columns; `nil` for files that say nothing, and for standard input, which is there once.
  var dictionary: DataDictionary? {
    guard let path = paths.first, path != "-" else { return nil }
    // What could be read once can be read again; if not, there are no labels.
    return (try? readDictionary(path: path)) ?? nil
  }

  /// The labels of the domains' codes, for readers; the values stay codes.
  private var domainLabels: DomainLabels {
    var labels = DomainLabels()
    guard let dictionary else { return labels }
    for name in Set(request.domains.flatMap { $0 }) {
      for (value, label) in dictionary[name]?.shownLabels ?? [] {
        labels.names[name, default: [:]][value.text] = LocalizedText(label)
      }
    }
    return labels
  }
}

extension Finding {
  /// What was read cannot be read a second time: the result cannot name it.
  fileprivate static func withoutDigest(_ name: String) -> Finding {
    Finding(
      "input-without-digest",
      severity: .note,
      file: name,
      message: LocalizedText(
        zh: "无法再次读取，结果中没有它的摘要。",
        en: "cannot be read a second time, so the result has no digest of it."
      ),
      fix: LocalizedText(zh: "需要可核对的结果时请给出文件。", en: "Name a file where the result must be traceable.")
    )
  }
}
