package import Documents
package import SurveyData
package import SurveyDesign

/// The account of a draw's fieldwork as tables: every unit, what it came to, and the rates.
package struct FieldworkTables: Sendable {
  private let account: FieldworkAccount
  private let sections: ListSections
  private let language: Language
  /// For each unit above the last stage the row of the list that names it first.
  private let rowOfParent: [[String: Int]]

  /// - Parameters:
  ///   - account: of the list.
  ///   - list: the draw's list, for names.
  ///   - stages: the draw's stages up to the one accounted for.
  ///   - headings: of stages and columns, by name.
  ///   - language: of all words.
  package init(
    _ account: FieldworkAccount,
    list: Table,
    stages: [ListedStage],
    headings: [String: LocalizedText],
    language: Language
  ) {
    self.account = account
    self.language = language
    sections = ListSections(list, stages: stages, headings: headings, language: language)
    rowOfParent = sections.sections.dropLast().map { section in
      var rows = [String: Int]()
      for row in 0..<list.rowCount {
        if let id = section.id.text(at: row), rows[id] == nil { rows[id] = row }
      }
      return rows
    }
  }

  /// Counts and rates of all units, unweighted and by design weight, each with its formula.
  package var summary: DocumentTable {
    let total = account.total
    let rates = total.rates
    let weighted = total.weightedRates
    func count(_ key: String, _ zh: String, _ en: String, _ value: Int) -> [Cell] {
      [.text(key), .text(word(zh, en)), .integer(value), .empty(reason: nil), .text("")]
    }
    func rate(_ key: String, _ zh: String, _ en: String, _ value: Double?, _ weighted: Double?, _ formula: String)
      -> [Cell]
    {
      [.text(key), .text(word(zh, en)), share(value), share(weighted), .text(formula)]
    }
    return DocumentTable(
      key: "summary",
      title: word("访问结果汇总", "Fieldwork in all"),
      columns: [
        DocumentColumn("key", word("键", "Key"), .text), DocumentColumn("item", word("项目", "Item"), .text),
        DocumentColumn("value", word("数值", "Value"), .integer),
        DocumentColumn("weighted", word("加权", "Weighted"), .percent(1)),
        DocumentColumn("formula", word("公式", "Formula"), .text),
      ],
      rows: [
        count("selected", "抽中单位", "units selected", total.selected),
        count("with_outcome", "有结果", "with an outcome", total.selected - total.withoutOutcome),
        count("without_outcome", "无结果", "without an outcome", total.withoutOutcome),
        count("interviews", "完成访问（含备选）", "interviews, those of reserves included", total.interviews),
        count("reserves", "备选单位", "reserves", total.reserves),
        count("reserves_used", "已用备选", "reserves used", total.reservesUsed),
        rate("rr1", "应答率 RR1", "response rate RR1", rates.first, weighted.first, "I / (E + U)"),
        rate("rr2", "应答率 RR2", "response rate RR2", rates.second, weighted.second, "(I + P) / (E + U)"),
        rate("rr3", "应答率 RR3", "response rate RR3", rates.third, weighted.third, "I / (E + eU)"),
        rate("rr4", "应答率 RR4", "response rate RR4", rates.fourth, weighted.fourth, "(I + P) / (E + eU)"),
        rate("rr5", "应答率 RR5", "response rate RR5", rates.fifth, weighted.fifth, "I / E"),
        rate("rr6", "应答率 RR6", "response rate RR6", rates.sixth, weighted.sixth, "(I + P) / E"),
        rate("ref1", "拒访率 REF1", "refusal rate REF1", rates.refusal, weighted.refusal, "R / (E + U)"),
        rate("con1", "接触率 CON1", "contact rate CON1", rates.contact, weighted.contact, "(I + P + R + O) / (E + U)"),
        rate("e", "合格比例 e", "eligible share e", rates.eligibleShare, weighted.eligibleShare, "E / (E + –)"),
        rate(
          "replacement_rate",
          "替换率",
          "replacement rate",
          total.replacementRate,
          total.weightedReplacementRate,
          word("已用备选 / 抽中", "reserves used / selected")
        ),
        rate(
          "completion_rate",
          "完成率（含备选）",
          "completion, reserves included",
          total.completionRate,
          nil,
          word("完成 / 抽中", "interviews / selected")
        ),
      ],
      notes: [
        word(
          "应答率按最初抽中的单位计算（AAPOR 2016），备选不提高应答率。E = I + P + R + NC + O，U = UH + UO；没有结果的单位计入 UH。",
          "Response rates are those of the units first selected (AAPOR 2016): a reserve raises none of them. "
            + "E = I + P + R + NC + O, U = UH + UO; a unit without an outcome counts as UH."
        )
      ]
    )
  }

  /// How often each outcome was met.
  package var outcomes: DocumentTable {
    let total = account.total
    let met = FieldOutcome.allCases.filter { total.outcomes[$0] != nil || total.reserveOutcomes[$0] != nil }
    var rows = met.map { outcome -> [Cell] in
      let number = total.outcomes[outcome] ?? 0
      return [
        .text(outcome.rawValue), .text(outcome.title.text(in: language)), .text(outcome.standardCode),
        .text(outcome.responseClass.letters), .integer(number), share(of: number, total.selected),
        .integer(total.reserveOutcomes[outcome] ?? 0),
      ]
    }
    if total.withoutOutcome > 0 {
      rows.append([
        .text("none"), .text(word("无结果", "no outcome")), .text("3.11"),
        .text(ResponseClass.unknownHousehold.letters), .integer(total.withoutOutcome),
        share(of: total.withoutOutcome, total.selected), .integer(0),
      ])
    }
    return DocumentTable(
      key: "outcomes",
      title: word("各种结果", "Outcomes"),
      columns: [
        DocumentColumn("outcome", word("代码", "Code"), .text), DocumentColumn("title", word("结果", "Outcome"), .text),
        DocumentColumn("aapor", "AAPOR", .code), DocumentColumn("class", word("类", "Class"), .text),
        DocumentColumn("selected", word("抽中单位", "Selected"), .integer),
        DocumentColumn("share", word("占比", "Share"), .percent(1)),
        DocumentColumn("reserves", word("备选", "Reserves"), .integer),
      ],
      rows: rows
    )
  }

  /// A row for each unit of the first stage; `nil` where the units are of the first stage themselves.
  package var firstStage: DocumentTable? {
    let tallies = account.firstStageTallies
    guard !tallies.isEmpty, let section = sections.sections.first else { return nil }
    let heading = sections.heading(of: section.stage, in: "").text(in: language)
    return DocumentTable(
      key: "first_stage",
      title: word("按第一阶段单位：\(heading)", "By unit of the first stage: \(heading)"),
      columns: [
        DocumentColumn(section.stage, heading, .code), DocumentColumn("name", word("名称", "Name"), .text),
      ] + Self.measures(language),
      rows: tallies.map { id, tally in [.text(id), name(of: id, stage: 0)] + cells(of: tally) }
    ).droppingEmptyColumns(keeping: Set(Self.measures(language).map(\.key)))
  }

  /// A row for each cell: a stratum within a unit of the stage before.
  package var cells: DocumentTable {
    let parents = sections.sections.dropLast()
    var columns = [DocumentColumn]()
    for section in parents {
      let heading = sections.heading(of: section.stage, in: "").text(in: language)
      columns.append(DocumentColumn(section.stage, heading, .code))
      columns.append(DocumentColumn(section.stage + "_name", word("\(heading)名称", "\(heading) name"), .text))
    }
    columns.append(DocumentColumn("stratum", word("层", "Stratum"), .text))
    let rows = zip(account.cells, account.cellTallies).map { cell, tally -> [Cell] in
      let above = cell.parents.enumerated().flatMap { stage, id in [Cell.text(id), name(of: id, stage: stage)] }
      let stratum = cell.stratum.isEmpty ? Cell.empty(reason: nil) : .text(cell.stratum)
      return above + [stratum] + self.cells(of: tally)
    }
    return DocumentTable(
      key: "cells",
      title: word("按格（上级单位 × 层）", "By cell (unit above × stratum)"),
      columns: columns + Self.measures(language),
      rows: rows
    ).droppingEmptyColumns(keeping: Set(Self.measures(language).map(\.key)))
  }

  /// Every reserve that was used or named: for whom, why, and what came of it.
  package var reserves: DocumentTable {
    var rows = [[Cell]]()
    var replacedBy = [String: [FieldworkAccount.Unit]]()
    for unit in account.units {
      if let reserve = unit.record?.replacedBy { replacedBy[reserve, default: []].append(unit) }
    }
    for unit in account.units where !unit.isSelected {
      let replaced = replacedBy[unit.id] ?? []
      guard unit.record != nil || !replaced.isEmpty else { continue }
      let reasons = replaced.compactMap { $0.record?.reason } + [unit.record?.reason].compactMap { $0 }
      rows.append([
        .text(unit.id), .integer(unit.order), text(account.cells[unit.cell].parents.last),
        text(account.cells[unit.cell].stratum), text(replaced.map(\.id).joined(separator: ", ")),
        text(replaced.compactMap { $0.outcome?.title.text(in: language) }.joined(separator: ", ")),
        text(reasons.joined(separator: "; ")), text(unit.outcome?.title.text(in: language)),
      ])
    }
    return DocumentTable(
      key: "reserves",
      title: word("备选的使用", "Reserves used"),
      columns: [
        DocumentColumn("reserve", word("备选", "Reserve"), .code), DocumentColumn("order", word("次序", "Order"), .integer),
        DocumentColumn("parent", word("上级单位", "Unit above"), .code),
        DocumentColumn("stratum", word("层", "Stratum"), .text),
        DocumentColumn("replaces", word("代替", "Stands in for"), .code),
        DocumentColumn("replaced_outcome", word("被代替者的结果", "Outcome of that"), .text),
        DocumentColumn("reason", word("原因", "Reason"), .text),
        DocumentColumn("outcome", word("备选的结果", "Outcome of the reserve"), .text),
      ],
      rows: rows
    )
  }

  /// Every unit of the list with what counts of the record.
  package var units: DocumentTable {
    let words = Wording.of(language).list
    return DocumentTable(
      key: "units",
      title: word("全部单位", "All units"),
      columns: [
        DocumentColumn("order", word("顺序", "Order"), .integer), DocumentColumn("role", word("角色", "Role"), .text),
        DocumentColumn("unit", word("编号", "Unit"), .code),
        DocumentColumn("parent", word("上级单位", "Unit above"), .code),
        DocumentColumn("stratum", word("层", "Stratum"), .text),
        DocumentColumn("outcome", word("结果", "Outcome"), .text), DocumentColumn("code", word("代码", "Code"), .text),
        DocumentColumn("reason", word("原因", "Reason"), .text),
        DocumentColumn("replaced_by", word("替换为", "Replaced by"), .code),
        DocumentColumn("date", word("日期", "Date"), .text),
        DocumentColumn("interviewer", word("访员", "Interviewer"), .text),
        DocumentColumn("record", word("记录号", "Record"), .integer),
        DocumentColumn("source", word("来源", "Source"), .text),
      ],
      rows: account.units.map { unit in
        let record = unit.record
        return [
          .integer(unit.order), .text(unit.isSelected ? words.selected : words.reserve), .text(unit.id),
          text(account.cells[unit.cell].parents.last), text(account.cells[unit.cell].stratum),
          text(unit.outcome?.title.text(in: language)), text(unit.outcome?.rawValue), text(record?.reason),
          text(record?.replacedBy), text(record?.date), text(record?.interviewer),
          record.map { .integer($0.number) } ?? .empty(reason: nil), text(record?.source),
        ]
      }
    )
  }

  /// Everything that is wrong or missing.
  package var faults: DocumentTable {
    DocumentTable(
      key: "faults",
      title: word("有问题之处", "What is wrong or missing"),
      columns: [
        DocumentColumn("code", word("代码", "Code"), .text), DocumentColumn("file", word("文件", "File"), .text),
        DocumentColumn("row", word("行", "Row"), .integer), DocumentColumn("column", word("列", "Column"), .text),
        DocumentColumn("value", word("值", "Value"), .code), DocumentColumn("message", word("问题", "Problem"), .text),
        DocumentColumn("fix", word("处理", "Mend"), .text),
      ],
      rows: account.faults.map { fault in
        [
          .text(fault.code), text(fault.file), fault.row.map { .integer($0) } ?? .empty(reason: nil),
          text(fault.column), text(fault.value), .text(fault.message.text(in: language)),
          .text(fault.fix.text(in: language)),
        ]
      }
    )
  }

  private static func measures(_ language: Language) -> [DocumentColumn] {
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    return [
      DocumentColumn("selected", word("抽中", "Selected"), .integer),
      DocumentColumn("without_outcome", word("无结果", "No outcome"), .integer),
      DocumentColumn("interviews", word("完成", "Interviews"), .integer),
      DocumentColumn("reserves", word("备选", "Reserves"), .integer),
      DocumentColumn("reserves_used", word("已用", "Used"), .integer),
      DocumentColumn("rr1", "RR1", .percent(1)), DocumentColumn("rr2", "RR2", .percent(1)),
      DocumentColumn("rr1_weighted", word("RR1 加权", "RR1 weighted"), .percent(1)),
      DocumentColumn("rr2_weighted", word("RR2 加权", "RR2 weighted"), .percent(1)),
      DocumentColumn("replacement_rate", word("替换率", "Replaced"), .percent(1)),
      DocumentColumn("replacement_rate_weighted", word("替换率加权", "Replaced, weighted"), .percent(1)),
    ]
  }

  private func cells(of tally: FieldworkTally) -> [Cell] {
    [
      .integer(tally.selected), .integer(tally.withoutOutcome), .integer(tally.interviews), .integer(tally.reserves),
      .integer(tally.reservesUsed), share(tally.rates.first), share(tally.rates.second),
      share(tally.weightedRates.first), share(tally.weightedRates.second), share(tally.replacementRate),
      share(tally.weightedReplacementRate),
    ]
  }

  private func name(of id: String, stage: Int) -> Cell {
    guard stage < rowOfParent.count, let row = rowOfParent[stage][id] else { return .empty(reason: nil) }
    return text(sections.unitName(of: sections.sections[stage].id.name, row: row))
  }

  private func share(_ value: Double?) -> Cell {
    guard let value else { return .empty(reason: nil) }
    return .styled(value, .percent(1))
  }

  private func share(of part: Int, _ whole: Int) -> Cell {
    share(whole > 0 ? Double(part) / Double(whole) : nil)
  }

  private func text(_ text: String?) -> Cell {
    guard let text, !text.isEmpty else { return .empty(reason: nil) }
    return .text(text)
  }

  private func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
}
