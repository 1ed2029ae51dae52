internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation
internal import TabularFiles

/// Estimates from rows that are kept, for what sums by cell cannot answer.
///
/// - Throws: an `InputRefusal` with everything found wrong in files and design.
func estimateRows(_ asked: EstimationOrder, progress: ReadingProgress?) throws -> EstimationReport {
  var order = asked
  var needs = ColumnNeeds(order.request, design: order.design)
  needs.texts += order.analysis.columns
  for quantile in order.analysis.quantiles { needs.add(quantile.variable) }
  for request in order.analysis.doubleSamples {
    needs.add(request.first)
    needs.add(request.second)
  }
  if let filter = order.analysis.filter { needs.add(filter) }
  let replicates = try order.replicates.map { try $0.columns(in: try header(of: order, patterns: $0.patterns)) } ?? []
  needs.numbers += replicates
  if let propensity = order.propensity { needs.texts += propensity.columns }
  if let carried = order.weightColumns { needs.texts += carried }
  let reading = try read(order, needs, isWhole: order.keepsWeights && order.weightColumns == nil, progress)
  var table = reading.table
  var design = order.design
  if let own = order.replicates { design.replicates = try own.weights(replicates, in: table) }
  if let joint = order.joint { design.joint = try joint.probabilities(for: design.stages[0], in: table) }
  if let propensity = order.propensity { design.takePropensity(try propensity.expanded(in: &table)) }
  let registers = try order.analysis.takeRegisters(for: table, domains: order.request.domains)
  let sample = try SurveySample(table, design: design, by: order.request.domains)
  let estimation = try sample.estimation(order.request, workers: order.threads)
  var request = order.request
  request.quantiles = order.analysis.quantiles
  request.doubleSamples = order.analysis.doubleSamples
  let quantiles = try sample.rowEstimates(request)
  var report = try order.report(
    estimation,
    quantiles: quantiles,
    rows: table.rowCount,
    notes: reading.notes + registers.notes + order.replicateNotes
  )
  report.inputs += registers.inputs
  report.parts[0].results = try sample.answers(
    to: order.analysis.analyses,
    by: order.request.domains,
    level: order.request.level
  )
  if order.keepsWeights {
    var file = try WeightFile(sample, of: reading.table, carrying: order.weightColumns)
    file.inputs = report.inputs
    file.dictionary = order.dictionary
    report.parts[0].weightFile = file
  }
  report.parts[0].replicateCount = design.replicates == nil ? sample.replicateCount : nil
  if !sample.history.isEmpty {
    report.parts[0].weighting = sample.weightSummary
    let odd = sample.answeringWeights.count { $0 <= 0 }
    if odd > 0, design.secondPhase == nil { report.notes.append(.weightsNotPositive(odd)) }
  }
  return report
}

/// The header, where a pattern must be held against it.
private func header(of order: EstimationOrder, patterns: [String]) throws -> [String] {
  guard patterns.contains(where: { $0.contains("*") || $0.contains("?") }) else { return patterns }
  guard let path = order.paths.first, path != "-" else {
    throw InputRefusal(
      Finding(
        "replicate-columns",
        column: "--replicates",
        value: patterns.joined(separator: ","),
        message: LocalizedText(
          zh: "标准输入的表头不能先读一遍，不能使用模式。",
          en: "the header of standard input cannot be read beforehand, so patterns cannot be used."
        ),
        fix: LocalizedText(zh: "请给出文件，或逐一列出列名。", en: "Name a file, or list the columns one by one.")
      )
    )
  }
  return try readHeader(
    path: path,
    options: ReadOptions(sheet: order.sheet, headerRow: order.headerRow, allowsFormulas: order.allowsFormulas)
  )
}

private func read(
  _ order: EstimationOrder,
  _ needs: ColumnNeeds,
  isWhole: Bool,
  _ progress: ReadingProgress?
) throws -> (table: Table, notes: [Finding]) {
  let requests = needs.columns.map { ColumnRequest($0.name, $0.isNumber ? .number : .text) }
  let options = ReadOptions(
    sheet: order.sheet,
    headerRow: order.headerRow,
    columns: isWhole ? nil : requests,
    allowsFormulas: order.allowsFormulas,
    identifiers: Set(requests.filter { $0.kind == .text }.map(\.name))
  )
  if let export = order.export {
    let (tables, notes) = try readTables(order.paths, export: export, options: options)
    for table in tables { progress?(table.rowCount) }
    return (try Table.concatenated(tables), notes)
  }
  let reading = try readChunks(
    paths: order.paths,
    options: options,
    threads: 1,
    make: { [Table]() },
    body: { tables, table in
      tables.append(table)
      progress?(table.rowCount)
    }
  )
  return (try Table.concatenated(reading.partials.flatMap { $0 }), reading.notes)
}

extension SampleDesign {
  /// Puts the terms of response propensity where they were left open.
  mutating func takePropensity(_ terms: [Expression]) {
    for place in adjustments.indices {
      guard case .nonresponse(var spec) = adjustments[place], case .propensity(_, let classes) = spec.method
      else { continue }
      spec.method = .propensity(terms, classes: classes)
      adjustments[place] = .nonresponse(spec)
    }
  }
}

extension Finding {
  fileprivate static func weightsNotPositive(_ count: Int) -> Finding {
    Finding(
      "weights-not-positive",
      severity: .note,
      value: "\(count)",
      message: LocalizedText(zh: "行的权数在校准后为零或负。", en: "rows have a weight of 0 or less after the adjustment."),
      fix: LocalizedText(
        zh: "--distance raking 或 --bounds 可避免。",
        en: "--distance raking or --bounds avoids that."
      )
    )
  }
}
