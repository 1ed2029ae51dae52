package import SurveyData

/// A number that a rule compares with; the survey file may give another.
package enum CheckThreshold: String, Sendable, CaseIterable {
  case interviewMinutesMin = "interview-minutes-min"
  case interviewMinutesMax = "interview-minutes-max"
  case dayBegins = "day-begins"
  case dayEnds = "day-ends"
  case distance = "distance-km"
  case replacementShare = "replacement-share"
  case nearDuplicateShare = "near-duplicate-share"
  case nearDuplicateColumns = "near-duplicate-columns"
  case straightLineItems = "straight-line-items"
  case interviewerInterviews = "interviewer-interviews"
  case significance
  case interviewerCorrelation = "interviewer-rho"
  case incomeMax = "income-max"
  case incomeLine = "income-line"
  case ageMax = "age-max"
  case weightRatio = "weight-ratio"

  /// What holds where the survey file says nothing.
  package var usual: Double {
    switch self {
    case .interviewMinutesMin: 10
    case .interviewMinutesMax: 240
    case .dayBegins: 6
    case .dayEnds: 22
    case .distance: 5
    case .replacementShare: 0.2
    case .nearDuplicateShare: 0.85
    case .nearDuplicateColumns: 20
    case .straightLineItems: 5
    case .interviewerInterviews: 20
    case .significance: 0.01
    case .interviewerCorrelation: 0.05
    case .incomeMax: 100_000
    case .incomeLine: 2_995
    case .ageMax: 120
    case .weightRatio: 100
    }
  }
}

/// What a survey says of one column of one source.
package struct ColumnSchema: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable { case text, integer, number, date, code }

  package var kind: Kind
  /// The values it may have; `nil`: any.
  package var codes: [String]?
  package var least: Double?
  package var most: Double?
  /// Whether an interviewed unit must have a value.
  package var isRequired: Bool
  /// The form of dates, such as `yyyy-mm-dd`; `nil`: that of most.
  package var dateForm: DateForm?

  package init(
    kind: Kind = .text,
    codes: [String]? = nil,
    least: Double? = nil,
    most: Double? = nil,
    isRequired: Bool = false,
    dateForm: DateForm? = nil
  ) {
    self.kind = kind
    self.codes = codes
    self.least = least
    self.most = most
    self.isRequired = isRequired
    self.dateForm = dateForm
  }
}

/// A rule of the survey's own: an expression that is true of every row that is fine.
package struct OwnRule: Sendable {
  package var id: String
  package var level: CheckLevel
  package var source: String
  package var expression: Expression
  package var name: LocalizedText
  package var fix: LocalizedText
  /// Whether a row in which a column of the expression is empty fails; otherwise it is not decided.
  package var failsOnMissing: Bool

  package init(
    id: String,
    level: CheckLevel,
    source: String,
    expression: Expression,
    name: LocalizedText,
    fix: LocalizedText,
    failsOnMissing: Bool = false
  ) {
    self.id = id
    self.level = level
    self.source = source
    self.expression = expression
    self.name = name
    self.fix = fix
    self.failsOnMissing = failsOnMissing
  }
}

/// What a survey says about its checks; everything may be left out.
package struct CheckSettings: Sendable {
  /// Another level for a built-in rule (`nil`: off), and why.
  package struct LevelChange: Sendable {
    package var level: CheckLevel?
    package var reason: String

    package init(level: CheckLevel?, reason: String) {
      self.level = level
      self.reason = reason
    }
  }

  package var thresholds: [CheckThreshold: Double] = [:]
  package var roles: [CheckedRole: [String]] = [:]
  /// By source, then by column.
  package var schema: [String: [String: ColumnSchema]] = [:]
  package var rules: [OwnRule] = []
  package var levels: [String: LevelChange] = [:]
  /// Texts that stand for a missing number besides the empty cell.
  package var missing: Set<String> = Column.missingNumberTexts
  /// Columns whose values are never shown, besides those that are private by their role.
  package var privateColumns: Set<String> = []
  /// Groups of items with one answer scale, in the order of the form, by source.
  package var scales: [String: [[String]]] = [:]
  /// The columns by which interviewers and near duplicates are compared, by source; `nil`: found out.
  package var answers: [String: [String]] = [:]
  /// The column that says who mends a row; `nil`: the first-stage unit or the county.
  package var teamColumn: String?
  /// The edition of the area codes that the survey uses.
  package var areaEdition: String?

  package init() {}

  package subscript(threshold: CheckThreshold) -> Double { thresholds[threshold] ?? threshold.usual }
}
