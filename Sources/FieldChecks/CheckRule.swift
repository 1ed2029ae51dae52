package import SurveyData

/// One rule: what it is called, how much a failure weighs, how it is mended, and how it is found out.
///
/// A built-in rule stands in exactly one place, the list of its family; ``CheckRules/builtIn`` joins the families.
package struct CheckRule: Sendable {
  package var id: String
  package var family: CheckFamily
  package var level: CheckLevel
  package var name: LocalizedText
  package var fix: LocalizedText
  /// Looks at the survey and reports every failure to the run.
  let find: @Sendable (CheckedSurvey, inout RuleRun) -> Void

  init(
    _ id: String,
    _ family: CheckFamily,
    _ level: CheckLevel,
    zh: String,
    en: String,
    fixZh: String,
    fixEn: String,
    find: @escaping @Sendable (CheckedSurvey, inout RuleRun) -> Void
  ) {
    self.id = id
    self.family = family
    self.level = level
    name = LocalizedText(zh: zh, en: en)
    fix = LocalizedText(zh: fixZh, en: fixEn)
    self.find = find
  }
}

/// The rules that every survey is held against.
package enum CheckRules {
  /// Each family is a list of its own; a new rule is a line there.
  package static let builtIn: [CheckRule] =
    SchemaRules.all + ValueRules.all + AreaRules.all + IdentityRules.all + RegisterRules.all + ReturnRules.all
    + ReserveRules.all + DuplicateRules.all + InterviewRules.all + InterviewerRules.all + WeightRules.all
}

/// One failure of one rule, ready to be shown: private values are masked already.
package struct Problem: Sendable, Equatable {
  package var rule: String
  package var level: CheckLevel
  /// The name of the source: a frame, a questionnaire, a list.
  package var source: String
  package var file: String?
  package var sheet: String?
  /// As a person counts the file's rows; the header is row 1.
  package var row: Int?
  /// The id of the row's unit.
  package var unit: String?
  /// Who has to mend it: the county, or what the survey file says.
  package var team: String?
  package var column: String?
  package var value: String?
  /// What is wrong and what was expected; it follows the value.
  package var message: LocalizedText
  package var fix: LocalizedText
}

/// What came of one rule.
package struct RuleOutcome: Sendable {
  package var id: String
  package var family: CheckFamily
  /// What a failure weighs in this survey.
  package var level: CheckLevel
  package var name: LocalizedText
  /// Rows looked at, or units, groups, columns, as the rule says.
  package var checked: Int
  package var failed: Int
  /// The first failures, at most ``RuleRun/keptAtMost``.
  package var problems: [Problem]
  /// Why it looked at nothing, or what it left out.
  package var notes: [LocalizedText]
  /// Why the survey switched it off or changed its level.
  package var reason: String?
  package var isOff: Bool

  /// Whether it had nothing to look at.
  package var isSkipped: Bool { !isOff && checked == 0 && failed == 0 }
  /// The level that stands in the report: that of the rule where something failed.
  package var result: CheckLevel { failed > 0 ? level : .pass }
}

/// Collects what one rule finds.
package struct RuleRun {
  /// Failures beyond these are counted only.
  package static let keptAtMost = 100_000

  let rule: String
  let level: CheckLevel
  let fix: LocalizedText
  let masking: Masking
  /// Whether teams can mend it; weights and the like are the office's.
  let isForTeams: Bool
  private(set) var checked = 0
  private(set) var failed = 0
  private(set) var problems: [Problem] = []
  private(set) var notes: [LocalizedText] = []

  init(_ rule: CheckRule, level: CheckLevel, masking: Masking) {
    self.rule = rule.id
    self.level = level
    fix = rule.fix
    isForTeams = rule.family != .weights
    self.masking = masking
  }

  /// Counts rows that were looked at.
  mutating func count(_ rows: Int) { checked += rows }

  /// Says why there was nothing to look at, or what was left out.
  mutating func note(zh: String, en: String) {
    let text = LocalizedText(zh: zh, en: en)
    if !notes.contains(text) { notes.append(text) }
  }

  /// Reports a failure.
  ///
  /// - Parameters:
  ///   - source: where it is.
  ///   - row: the index of the row in the source's table; `nil` for a failure of a whole file or source.
  ///   - file: the place of the file among the source's, where there is no row.
  ///   - column: the column it is about.
  ///   - value: what stands there; it is masked here.
  ///   - zh: what is wrong, after the value, in Chinese.
  ///   - en: the same in English.
  ///   - fix: how to mend this failure, where the rule's own words are not enough.
  mutating func fail(
    _ source: CheckedSource,
    row: Int?,
    file: Int = 0,
    column: String? = nil,
    value: String? = nil,
    zh: String,
    en: String,
    fix: LocalizedText? = nil
  ) {
    failed += 1
    guard problems.count < Self.keptAtMost else { return }
    let place = row.map { source.place(of: $0) }
    let teamRow = row ?? (file > 0 ? source.firstRow(ofFile: file) : nil)
    problems.append(
      Problem(
        rule: rule,
        level: level,
        source: source.name,
        file: place?.file ?? (source.files.indices.contains(file) ? source.files[file] : nil),
        sheet: place?.sheet,
        row: place?.row,
        unit: row.flatMap { source.unit(of: $0) }.map { masking.shown($0, column: source.id) },
        team: isForTeams ? teamRow.flatMap { source.team(of: $0) } : nil,
        column: column,
        value: value.map { masking.shown($0, column: column) },
        message: LocalizedText(zh: zh, en: en),
        fix: fix ?? self.fix
      )
    )
  }

  /// A value as it may be shown in the words of a failure.
  func shown(_ value: String, column: String?) -> String { masking.shown(value, column: column) }
}
