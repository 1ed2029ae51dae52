package import Documents
package import SurveyData
internal import SurveyEstimation
internal import SurveyReporting

extension EstimationReport {
  /// The tables for a terminal: every part, then what it rests on.
  ///
  /// - Parameters:
  ///   - language: of the words.
  ///   - width: of the terminal; a wider table is printed as several blocks.
  /// - Returns: the text, with columns aligned by East Asian width.
  package func text(_ language: Language, width: Int? = nil) -> String {
    TerminalWriter(width: width, leadingColumns: 2).text(of: document(language, form: .reader))
  }

  /// One row an estimate with every field, headed by stable keys; opens in Excel as UTF-8.
  ///
  /// Tests alone give their first table: one file holds one table.
  package func csv(_ language: Language) -> [UInt8] {
    let tests = parts.flatMap { AnalysisTables.tables($0.results, language) }
    if estimates.isEmpty, let first = tests.first { return CSVWriter(isForPrograms: true).bytes(of: first) }
    return CSVWriter(isForPrograms: true).bytes(of: estimateTable(estimates, language, form: .machine, title: ""))
  }

  /// Tables that a CSV file has no room for.
  package var omittedFromCSV: Finding? {
    let count = parts.reduce(0) {
      $0 + AnalysisTables.tables($1.results, .english).count { $0.key != "crosstab" } + ($1.weighting == nil ? 0 : 1)
    }
    if count == 0 || estimates.isEmpty && count == 1 && parts.allSatisfy({ $0.weighting == nil }) { return nil }
    return Finding(
      "csv-one-table",
      severity: .note,
      message: LocalizedText(
        zh: "CSV 只含一张表，检验、模型与权数表不在其中。",
        en: "a CSV file holds one table: tests, models and the table of weights are not in it."
      ),
      fix: LocalizedText(zh: "请用 --format json 或 xlsx。", en: "Use --format json or xlsx.")
    )
  }

  /// The workbook: estimates as a reader wants them, what they rest on, the inputs, then every field with its key.
  package func workbook(_ language: Language) -> Document {
    let fields = LocalizedText(zh: "全部字段", en: "All fields").text(in: language)
    var blocks: [Document.Block] = [
      .table(estimateTable(estimates, language, form: .reader, title: title.text(in: language))),
      .table(factTable(language)),
    ]
    for part in parts { blocks += analysisBlocks(part, language) }
    if !inputs.isEmpty { blocks.append(.table(DigestTable.make(inputs, language: language))) }
    blocks.append(.table(estimateTable(estimates, language, form: .machine, title: fields)))
    return Document(title: title.text(in: language), language: language.forDocuments, blocks: blocks)
  }

  private func document(_ language: Language, form: EstimateTable.Form) -> Document {
    var blocks = [Document.Block]()
    for part in parts {
      if parts.count > 1 { blocks.append(.heading(level: 1, part.name)) }
      if !part.estimation.estimates.isEmpty || part.results.isEmpty {
        blocks.append(
          .table(estimateTable(part.estimation.estimates, language, form: form, title: ""))
        )
      }
      blocks += analysisBlocks(part, language)
      blocks.append(
        .definitions(EstimationFacts(report: self, part: part, language: language).definitions)
      )
    }
    return Document(title: title.text(in: language), language: language.forDocuments, blocks: blocks)
  }

  private func analysisBlocks(_ part: Part, _ language: Language) -> [Document.Block] {
    var blocks = AnalysisTables.tables(part.results, language).map { Document.Block.table($0) }
    if let weighting = part.weighting { blocks.append(.table(weighting.table(language))) }
    if isExplained, !part.estimation.estimates.isEmpty {
      blocks.append(
        .heading(level: 2, LocalizedText(zh: "各数字的由来", en: "What stands behind each figure").text(in: language))
      )
      blocks.append(
        .definitions(Explanation(part: part, domains: domains, language: language).definitions)
      )
    }
    return blocks
  }

  private func estimateTable(
    _ estimates: [Estimate],
    _ language: Language,
    form: EstimateTable.Form,
    title: String
  ) -> DocumentTable {
    EstimateTable.make(
      estimates,
      indicators: indicators,
      domains: domains,
      language: language,
      form: form,
      title: title
    )
  }

  private func factTable(_ language: Language) -> DocumentTable {
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    let rows = parts.flatMap { part in
      EstimationFacts(report: self, part: part, language: language).definitions.map { fact -> [Cell] in
        [.text(part.name), .text(fact.term), .text(fact.text)]
      }
    }
    return DocumentTable(
      key: "basis",
      title: word("依据", "Basis"),
      columns: [
        DocumentColumn("part", word("部分", "Part"), .text), DocumentColumn("item", word("项目", "Item"), .text),
        DocumentColumn("value", word("内容", "Value"), .text),
      ],
      rows: rows + [[.text(""), .text(word("软件", "Software")), .text(ToolVersion.text)]]
    )
  }
}
