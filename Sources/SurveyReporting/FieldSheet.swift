internal import Documents
package import SurveyData
internal import SurveyDesign

/// The columns of a sheet that goes to the field and comes back filled in.
package enum FieldSheetColumn: String, Sendable, CaseIterable {
  case order
  case role
  case unit
  case stratum
  case outcome
  case reason
  case replacedBy = "replaced_by"
  case date
  case interviewer

  package var title: LocalizedText {
    switch self {
    case .order: LocalizedText(zh: "顺序", en: "Order")
    case .role: LocalizedText(zh: "角色", en: "Role")
    case .unit: LocalizedText(zh: "编号", en: "Unit")
    case .stratum: LocalizedText(zh: "层", en: "Stratum")
    case .outcome: LocalizedText(zh: "结果", en: "Outcome")
    case .reason: LocalizedText(zh: "原因", en: "Reason")
    case .replacedBy: LocalizedText(zh: "替换为", en: "Replaced by")
    case .date: LocalizedText(zh: "日期", en: "Date")
    case .interviewer: LocalizedText(zh: "访员", en: "Interviewer")
    }
  }

  /// The heading in both languages.
  package var heading: String { "\(title.zh) / \(title.en)" }

  /// The column that a heading names, in either language, in both, or by its key.
  package init?(heading: String) {
    let wanted = Self.plain(heading)
    let found = Self.allCases.first { column in
      [column.rawValue, column.title.zh, column.title.en, column.heading].contains { Self.plain($0) == wanted }
    }
    guard let found else { return nil }
    self = found
  }

  private static func plain(_ text: String) -> String {
    text.lowercased().filter { !" _/\u{3000}\n".contains($0) }
  }
}

/// What stands around the rows of a field sheet, in one language.
package enum FieldSheet {
  /// Name of the sheet that explains the others, by language.
  package static var aboutTitle: LocalizedText {
    LocalizedText(zh: Wording.of(.chinese).list.about, en: Wording.of(.english).list.about)
  }

  /// Name of the sheet with the reserves that the office keeps; nothing is filled in there.
  package static let officeTitle = LocalizedText(zh: "上级备选单位", en: "Reserves of earlier stages")

  /// How to fill in a sheet of a workbook, and a page of paper, in one line.
  static func instruction(onPaper isPaper: Bool, hasStrata: Bool) -> LocalizedText {
    let choose =
      isPaper
      ? LocalizedText(zh: "结果从表下所列中选填。", en: "Write one of the outcomes that stand below. ")
      : LocalizedText(zh: "结果从下拉框中选择。", en: "Choose an outcome from the list. ")
    let order =
      hasStrata
      ? LocalizedText(
        zh: "备选只代替同层的单位，同层之内按顺序使用",
        en: "each stands in for a unit of its own stratum, and within a stratum they are used in their order"
      )
      : LocalizedText(zh: "备选须按顺序使用", en: "they are used in their order")
    return LocalizedText(
      zh: choose.zh + "粗线之下为备选；\(order.zh)；用备选时，在被替换的一行写明原因和“替换为”。",
      en: choose.en + "Reserves stand below the heavy line: \(order.en); "
        + "give the reason and \"Replaced by\" in the line of the unit that is replaced."
    )
  }

  /// Who signs a page.
  static let signatures = [
    LocalizedText(zh: "访员签名", en: "Interviewer"), LocalizedText(zh: "陪同或见证人签名", en: "Witness"),
    LocalizedText(zh: "带队人签名", en: "Team leader"), LocalizedText(zh: "日期", en: "Date"),
  ]

  /// The outcomes to choose from, as they stand in the drop-down list.
  static func choices(_ language: Language) -> [String] {
    FieldOutcome.allCases.map { $0.title.text(in: language) }
  }

  /// The columns that are filled in, after those that are read.
  ///
  /// - Parameters:
  ///   - unitWidth: how wide a unit's id is.
  ///   - language: of the outcomes.
  /// - Returns: outcome, reason, replacement, date and interviewer.
  static func entryColumns(unitWidth: Int, language: Language) -> [DocumentColumn] {
    func column(_ column: FieldSheetColumn, _ entry: DocumentColumn.Entry, _ width: Int) -> DocumentColumn {
      DocumentColumn(column.rawValue, column.heading, .text, entry: entry, width: width)
    }
    return [
      column(.outcome, .choice(choices(language)), 12), column(.reason, .text, 20),
      column(.replacedBy, .text, max(11, unitWidth)), column(.date, .text, 10), column(.interviewer, .text, 11),
    ]
  }

  /// What an interviewer may want to look up: facts about the list, then every outcome with its meaning.
  static func about(_ facts: [(LocalizedText, String)], language: Language) -> DocumentTable {
    let outcomes = FieldOutcome.allCases.map { outcome -> [Cell] in
      [.text(outcome.title.text(in: language)), .text(outcome.meaning.text(in: language))]
    }
    return DocumentTable(
      key: "about",
      title: aboutTitle.text(in: language),
      columns: [
        DocumentColumn("item", "项目 / Item", .text), DocumentColumn("value", "内容 / Meaning", .text),
      ],
      rows: facts.map { [.text($0.0.text(in: language)), .text($0.1)] } + outcomes
    )
  }
}
