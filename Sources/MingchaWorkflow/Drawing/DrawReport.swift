internal import Documents
internal import SampleDrawing
package import SurveyData
internal import SurveyDesign
internal import SurveyReporting

extension DrawRecord {
  /// A list longer than this is not printed on the terminal; it stands in the files.
  private static let printedAtMost = 200

  /// What was drawn, for the terminal: each stage with N and n, then the list where it is short.
  package func text(_ language: Language) -> String {
    var blocks: [Document.Block] = [.table(stageTable(language))]
    if hasBalance { blocks.append(.table(balanceTable(language))) }
    if list.rowCount <= Self.printedAtMost { blocks.append(.table(shortList(language))) }
    return TerminalWriter().text(
      of: Document(title: title.text(in: language), language: language.forDocuments, blocks: blocks)
    )
  }

  /// What was drawn, for programs.
  package func json() throws -> String {
    let facts = [
      ("group", receipt.group), ("state", receipt.state.rawValue),
      ("seed_commitment", receipt.seedCommitment), ("list_commitment", receipt.listCommitment),
      ("receipt_digest", try receipt.digest().hex), ("folder", folder),
    ].map { "\(jsonText($0.0)): \(jsonText($0.1))" }
    let balance =
      hasBalance
      ? "\"balance\": " + JSONWriter.records(of: balanceTable(.english)) + ",\n" : ""
    return "{\n" + facts.joined(separator: ",\n") + ",\n" + balance + "\"list\": "
      + JSONWriter.records(of: plainTable(list)) + "\n}\n"
  }

  private var hasBalance: Bool { !draw.stages.allSatisfy(\.balance.isEmpty) }

  /// How the sample meets the balancing columns; not for a sealed receipt, because it tells of the units.
  private func balanceTable(_ language: Language) -> DocumentTable {
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    return DocumentTable(
      key: "balance",
      title: word("平衡情况", "Balance"),
      columns: [
        DocumentColumn("stage", word("阶段", "Stage"), .text),
        DocumentColumn("column", word("平衡变量", "Column"), .text),
        DocumentColumn("total", word("总体合计", "Population total"), .decimal(2)),
        DocumentColumn("estimate", word("样本估计", "Sample estimate"), .decimal(2)),
        DocumentColumn("relative_deviation", word("相对偏差", "Relative deviation"), .percent(3)),
      ],
      rows: draw.stages.flatMap { stage in
        stage.balance.map { check in
          [
            .text(stage.plan.name), .text(check.column), .number(check.total), .number(check.estimate),
            check.relativeDeviation.map { .number($0) } ?? .empty(reason: word("总体合计为 0", "the population total is 0")),
          ]
        }
      }
    )
  }

  private func stageTable(_ language: Language) -> DocumentTable {
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    return DocumentTable(
      key: "stages",
      title: word("各阶段", "Stages"),
      columns: [
        DocumentColumn("stage", word("阶段", "Stage"), .text),
        DocumentColumn("method", word("方法", "Method"), .text),
        DocumentColumn("strata", word("层数", "Strata"), .integer),
        DocumentColumn("population", word("总数 N", "Population N"), .integer),
        DocumentColumn("sample", word("样本 n", "Sample n"), .integer),
        DocumentColumn("reserves", word("备选", "Reserves"), .integer),
      ],
      rows: draw.stages.map { stage in
        [
          .text(stage.plan.name), .text(stage.plan.method), .integer(stage.cells.count),
          .integer(stage.cells.reduce(0) { $0 + $1.populationSize }),
          .integer(stage.cells.reduce(0) { $0 + $1.sampleSize }),
          .integer(stage.cells.reduce(0) { $0 + $1.reserves.count }),
        ]
      }
    )
  }

  private func shortList(_ language: Language) -> DocumentTable {
    VisitList.short(
      list,
      ids: listedIDColumns(of: list, stageNames: draw.stages.map(\.plan.name)),
      title: LocalizedText(zh: "名单", en: "List").text(in: language),
      language: language
    )
  }
}
