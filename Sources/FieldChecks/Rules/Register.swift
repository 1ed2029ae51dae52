internal import SurveyData

/// The households of a survey's registers with what their members add up to.
struct Register {
  struct Household {
    var source: Int
    var row: Int
    var cause: String?
    var wages = 0.0
    var members = 0
    var hasHead = false
    var healthy = 0
    var pupils = 0
    var disabled = 0
    var workers = 0
  }

  /// Households that have members.
  private(set) var households: [Household] = []
  private var roles = Set<CheckedRole>()
  private let survey: CheckedSurvey
  private static let memberRoles: [CheckedRole] = [.relation, .health, .disability, .schooling, .labour, .workMonths]

  init(_ survey: CheckedSurvey) {
    self.survey = survey
    var placeByID = [String: Int]()
    for (place, source) in survey.sources.enumerated() where source.kind == .frame || source.kind == .table {
      guard let ids = survey.column(.household, in: source), ids.name != source.id,
        Self.memberRoles.contains(where: { survey.column($0, in: source) != nil })
      else { continue }
      addMembers(of: source, at: place, ids: ids, placeByID: &placeByID)
    }
    guard !households.isEmpty else { return }
    for source in survey.sources where source.kind == .frame || source.kind == .table {
      guard let ids = source.ids, let id = source.id, survey.roles.has(.household, id) else { continue }
      addHouseholds(of: source, ids: ids, placeByID: placeByID)
    }
  }

  func has(_ role: CheckedRole) -> Bool { roles.contains(role) }

  private mutating func addMembers(
    of source: CheckedSource,
    at place: Int,
    ids: Column,
    placeByID: inout [String: Int]
  ) {
    func column(_ role: CheckedRole) -> Column? { survey.column(role, in: source) }
    for role in Self.memberRoles + [.cause, .wageIncome] where column(role) != nil { roles.insert(role) }
    let relation = column(.relation)
    let health = column(.health)
    let disability = column(.disability)
    let schooling = column(.schooling)
    let labour = column(.labour)
    let months = survey.numbers(.workMonths, in: source)?.values
    let wages = survey.numbers(.wageIncome, in: source)?.values
    let cause = column(.cause)
    for row in 0..<source.rowCount {
      guard let id = ids.text(at: row) else { continue }
      let at = placeByID[id] ?? households.count
      if at == households.count {
        placeByID[id] = at
        households.append(Household(source: place, row: row))
      }
      households[at].members += 1
      let state = health?.text(at: row)
      if let text = relation?.text(at: row), Words.head.contains(text) { households[at].hasHead = true }
      if let state, Words.healthy.contains(state) { households[at].healthy += 1 }
      let isDisabled =
        (state?.contains("残") ?? false) || (disability?.text(at: row).map { !Words.no.contains($0) } ?? false)
      if isDisabled { households[at].disabled += 1 }
      if let text = schooling?.text(at: row), !Words.notAtSchool.contains(text) { households[at].pupils += 1 }
      let isAble = labour?.text(at: row).map { Words.able.contains($0) } ?? false
      if isAble || (months?[row] ?? 0) > 0 { households[at].workers += 1 }
      if let value = wages?[row], !value.isNaN { households[at].wages = max(households[at].wages, value) }
      if let text = cause?.text(at: row) { households[at].cause = text }
    }
  }

  /// What a table of households says of those that have members; failures are reported there.
  private mutating func addHouseholds(of source: CheckedSource, ids: CodedText, placeByID: [String: Int]) {
    let cause = survey.column(.cause, in: source)
    let wages = survey.numbers(.wageIncome, in: source)?.values
    if cause != nil { roles.insert(.cause) }
    if wages != nil { roles.insert(.wageIncome) }
    guard cause != nil || wages != nil, let place = survey.sources.firstIndex(where: { $0.name == source.name }) else {
      return
    }
    for row in 0..<source.rowCount where ids.codes[row] >= 0 {
      guard let at = placeByID[ids.levels[Int(ids.codes[row])]] else { continue }
      households[at].source = place
      households[at].row = row
      if let text = cause?.text(at: row) { households[at].cause = text }
      if let value = wages?[row], !value.isNaN { households[at].wages = value }
    }
  }

  /// Reports a household where it stands.
  func fail(_ household: Household, _ role: CheckedRole, _ run: inout RuleRun, zh: String, en: String) {
    let source = survey.sources[household.source]
    let column = survey.column(role, in: source)
    run.fail(
      source,
      row: household.row,
      column: column?.name ?? survey.column(.household, in: source)?.name,
      value: column?.text(at: household.row),
      zh: zh,
      en: en
    )
  }
}
