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
  package func csv(_ language: Language) -> [UInt8] {
    CSVWriter(isForPrograms: true).bytes(of: estimateTable(estimates, language, form: .machine, title: ""))
  }

  /// The workbook: estimates as a reader wants them, what they rest on, the inputs, then every field with its key.
  package func workbook(_ language: Language) -> Document {
    let fields = LocalizedText(zh: "全部字段", en: "All fields").text(in: language)
    var blocks: [Document.Block] = [
      .table(estimateTable(estimates, language, form: .reader, title: title.text(in: language))),
      .table(factTable(language)),
    ]
    if !inputs.isEmpty { blocks.append(.table(DigestTable.make(inputs, language: language))) }
    blocks.append(.table(estimateTable(estimates, language, form: .machine, title: fields)))
    return Document(title: title.text(in: language), language: language.forDocuments, blocks: blocks)
  }

  private func document(_ language: Language, form: EstimateTable.Form) -> Document {
    var blocks = [Document.Block]()
    for part in parts {
      if parts.count > 1 { blocks.append(.heading(level: 1, part.name)) }
      blocks.append(
        .table(estimateTable(part.estimation.estimates, language, form: form, title: ""))
      )
      blocks.append(
        .definitions(EstimationFacts(report: self, part: part, language: language).definitions)
      )
    }
    return Document(title: title.text(in: language), language: language.forDocuments, blocks: blocks)
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
