internal import Documents
internal import SurveyData
internal import SurveyEstimation
internal import SurveyReporting

extension EstimationReport {
  /// The intra-cluster correlation of every rate, over the round and in each domain, for programs and the next plan.
  func correlationsCSV(_ language: Language) -> [UInt8] {
    CSVWriter(isForPrograms: true).bytes(of: correlationTable(language))
  }

  /// One row an indicator and domain; `correlation` is cut to 0…1 and `uncut` is not.
  func correlationTable(_ language: Language) -> DocumentTable {
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    return DocumentTable(
      key: "correlations",
      title: word("群内相关", "Intra-cluster correlation"),
      columns: [
        DocumentColumn("part", word("部分", "Part"), .text),
        DocumentColumn("indicator", word("指标", "Indicator"), .text),
        DocumentColumn("domain", word("域", "Domain"), .text),
        DocumentColumn("domain_name", word("域名称", "Domain name"), .text),
        DocumentColumn("correlation", word("群内相关 ρ̂", "Correlation ρ̂"), .decimal(4)),
        DocumentColumn("uncut", word("截断前", "Before cutting"), .decimal(4)),
        DocumentColumn("standard_error", word("标准误", "Standard error"), .decimal(4)),
        DocumentColumn("units", word("单位（县）数", "Units (counties)"), .integer),
        DocumentColumn("clusters", word("群（村）数", "Clusters (villages)"), .integer),
        DocumentColumn("rows", word("行数", "Rows"), .integer),
        DocumentColumn("events", word("事件数", "Events"), .integer),
        DocumentColumn("mean_cluster_size", word("平均群规模 m̄", "Mean cluster size m̄"), .decimal(2)),
        DocumentColumn("design_effect", word("整群的设计效应", "Design effect of clustering"), .decimal(3)),
        DocumentColumn("use", word("区间所用", "Limits rest on"), .text),
      ],
      rows: parts.flatMap { part in rows(part, language) }
    )
  }

  private func rows(_ part: Part, _ language: Language) -> [[Cell]] {
    let all =
      part.estimation.domainCorrelations.isEmpty ? part.estimation.correlations : part.estimation.domainCorrelations
    return all.map { entry in
      let error: Cell = entry.standardError.map { .number($0) } ?? .text("")
      return [
        .text(part.name), .text(entry.indicator),
        .text(entry.domain.map { "\($0.variable)=\($0.value)" }.joined(separator: ",")),
        .text(domains.name(of: entry.domain, in: language)), .number(entry.correlation), .number(entry.uncut), error,
        .integer(entry.units), .integer(entry.clusters), .integer(entry.rows), .integer(entry.events),
        .number(entry.meanClusterSize), .number(entry.designEffect), .text(entry.use.rawValue),
      ]
    }
  }
}

extension PooledCorrelation {
  /// One entry of the result file.
  var json: JSONValue {
    .object([
      ("indicator", .text(indicator)), ("domain", .object(domain.map { ($0.variable, .text($0.value)) })),
      ("correlation", .number(correlation)), ("uncut", .number(uncut)), ("standard_error", .number(standardError)),
      ("units", .integer(units)), ("clusters", .integer(clusters)), ("rows", .integer(rows)),
      ("events", .integer(events)), ("mean_cluster_size", .number(meanClusterSize)),
      ("design_effect", .number(designEffect)), ("use", .text(use.rawValue)),
    ])
  }
}

extension CorrelationSource {
  var json: JSONValue {
    switch self {
    case .automatic: .text("default")
    case .pooled: .text("pooled")
    case .fixed(let value): .number(value)
    }
  }
}
