internal import SurveyData
package import SurveyDesign

/// A column that the survey file itself uses: it has to be there, and perhaps to hold numbers.
package struct DeclaredColumn: Sendable, Hashable {
  package var name: String
  package var isNumber: Bool
  /// What uses it, such as `indicators.approval_rate`.
  package var user: String

  package init(_ name: String, isNumber: Bool, user: String) {
    self.name = name
    self.isNumber = isNumber
    self.user = user
  }
}

/// Everything of a survey folder that rules look at, read and in memory.
package struct CheckedSurvey: Sendable {
  package let sources: [CheckedSource]
  package let draws: [CheckedDraw]
  package let settings: CheckSettings
  package let areas: AreaCodes?
  package let outcome: OutcomeCodes?
  /// What the survey file uses of each source, by the source's name.
  package let declared: [String: [DeclaredColumn]]
  /// The name of the draw that the answers belong to.
  package let answeredDraw: String?
  package let roles: CheckedRoles
  package let masking: Masking
  /// What of each draw came back, by place among the draws.
  let returned: [[CheckedDraw.Returned]]
  /// The account of each stage of the answered draw of which something is known.
  let accounts: [StageAccount]

  /// - Parameters:
  ///   - sources: frames, answers, lists, records and further tables.
  ///   - draws: those that were made.
  ///   - settings: of the survey file.
  ///   - areas: the editions of area codes.
  ///   - outcome: what result codes mean.
  ///   - declared: the columns that the survey file uses, by source.
  ///   - answeredDraw: the draw that the answers belong to.
  package init(
    sources: [CheckedSource],
    draws: [CheckedDraw],
    settings: CheckSettings,
    areas: AreaCodes?,
    outcome: OutcomeCodes?,
    declared: [String: [DeclaredColumn]],
    answeredDraw: String?
  ) {
    let roles = CheckedRoles(settings.roles)
    var sources = sources
    var returned = [[CheckedDraw.Returned]]()
    for draw in draws {
      var own = [CheckedDraw.Returned]()
      if draw.name == answeredDraw {
        for (place, source) in sources.enumerated() where source.kind == .responses {
          guard let stage = draw.stages.firstIndex(where: { $0.name == source.name }), let ids = source.ids else {
            continue
          }
          let rows = draw.rows(ofStage: stage)
          let rowOfLevel = ids.levels.map { rows[$0] ?? -1 }
          own.append(
            CheckedDraw.Returned(
              stage: stage,
              source: place,
              listRow: ids.codes.map { $0 < 0 ? -1 : rowOfLevel[Int($0)] }
            )
          )
        }
      }
      returned.append(own)
    }
    for place in sources.indices {
      sources[place].teams = Self.teams(
        of: place,
        sources: sources,
        draws: draws,
        returned: returned,
        settings: settings,
        roles: roles
      )
    }
    self.sources = sources
    self.draws = draws
    self.settings = settings
    self.areas = areas
    self.outcome = outcome
    self.declared = declared
    self.answeredDraw = answeredDraw
    self.roles = roles
    self.returned = returned
    masking = Masking(roles: roles, further: settings.privateColumns)
    let all = sources
    accounts = draws.enumerated().flatMap { place, draw in
      draw.stages.indices.compactMap { stage in
        StageAccount(
          draw,
          stage: stage,
          returned: returned[place].first { $0.stage == stage },
          sources: all,
          outcome: outcome,
          roles: roles
        )
      }
    }
  }

  /// The team column, else the first-stage unit of the draw, else the county by its code.
  private static func teams(
    of place: Int,
    sources: [CheckedSource],
    draws: [CheckedDraw],
    returned: [[CheckedDraw.Returned]],
    settings: CheckSettings,
    roles: CheckedRoles
  ) -> CodedText? {
    let source = sources[place]
    if let name = settings.teamColumn, let column = source.table[name] { return column.codedText }
    var texts: [String?]?
    for (draw, own) in zip(draws, returned) {
      guard let found = own.first(where: { $0.source == place }), let first = draw.stages.first,
        let counties = draw.table[first.id]
      else { continue }
      texts = found.listRow.map { $0 < 0 ? nil : counties.text(at: $0) }
    }
    for draw in draws where draw.list == place {
      if let first = draw.stages.first, let column = source.table[first.id] { return column.codedText }
    }
    let usual = county(of: source, roles)
    guard let own = texts else { return usual }
    guard let usual else { return CodedText(own) }
    // What was not drawn still lies in some county.
    return CodedText(own.indices.map { own[$0] ?? (usual.codes[$0] < 0 ? nil : usual.levels[Int(usual.codes[$0])]) })
  }

  private static func county(of source: CheckedSource, _ roles: CheckedRoles) -> CodedText? {
    if let column = roles.column(.county, in: source.table) { return column.codedText }
    let candidates =
      [roles.column(.village, in: source.table), roles.column(.township, in: source.table)]
      + [source.parent, source.id].map { $0.flatMap { source.table[$0] } }
    for case let column? in candidates {
      let text = column.codedText
      let counties = text.levels.map { level -> String? in
        let digits = level.prefix { $0.isASCII && $0.isNumber }
        return digits.utf8.count >= 6 && AreaCodes.isCode(String(digits)) ? String(digits.prefix(6)) : nil
      }
      if counties.contains(where: { $0 != nil }) {
        return CodedText(text.codes.map { $0 < 0 ? nil : counties[Int($0)] })
      }
    }
    return nil
  }

  package func source(_ name: String) -> CheckedSource? { sources.first { $0.name == name } }

  /// Which rows of a source are interviews: those whose result code says so, or all where there are no codes.
  func interviews(in source: CheckedSource) -> [Bool] {
    guard source.kind == .responses, let outcome, let column = source.table[outcome.column] else {
      return [Bool](repeating: true, count: source.rowCount)
    }
    let text = column.codedText
    let answers = text.levels.map { outcome.dispositions[$0] == .respondent }
    return text.codes.map { $0 >= 0 && answers[Int($0)] }
  }

  func numbers(_ column: Column) -> NumberColumn { NumberColumn(column, missing: settings.missing) }

  func numbers(_ role: CheckedRole, in source: CheckedSource) -> NumberColumn? {
    roles.column(role, in: source.table).map { numbers($0) }
  }

  func column(_ role: CheckedRole, in source: CheckedSource) -> Column? { roles.column(role, in: source.table) }
}
