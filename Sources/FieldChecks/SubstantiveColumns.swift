internal import SurveyData
internal import SurveyDesign

/// The columns of a questionnaire that hold answers: neither ids nor times nor names, and not the same everywhere.
struct SubstantiveColumns {
  let columns: [Column]

  /// A column in which one answer has more than this share of the rows tells nobody apart.
  private static let mostOfOne = 0.95
  /// Roles that are no answers.
  private static let others: [CheckedRole] = [
    .identity, .personName, .telephone, .address, .latitude, .longitude, .village, .township, .county, .league,
    .household, .interviewer, .start, .end, .minutes, .reason, .replacedBy, .replaces, .weight, .helperIdentity,
    .classCode,
  ]

  init(_ survey: CheckedSurvey, _ source: CheckedSource) {
    if let named = survey.settings.answers[source.name] {
      columns = named.compactMap { source.table[$0] }
      return
    }
    var excluded = Set(
      [source.id, source.parent, survey.outcome?.column, survey.settings.teamColumn].compactMap { $0 }
    )
    for role in Self.others {
      for column in survey.roles.columns(role, in: source.table) { excluded.insert(column.name) }
    }
    let interviews = survey.interviews(in: source)
    let count = interviews.count { $0 }
    columns = source.table.columns.filter { column in
      guard !excluded.contains(column.name), !survey.masking.isPrivate(column.name) else { return false }
      let text = column.codedText
      guard !text.levels.isEmpty, text.levels.count * 2 <= max(count, 2) else { return false }
      var counts = [Int](repeating: 0, count: text.levels.count)
      var filled = 0
      for row in text.codes.indices where interviews[row] && text.codes[row] >= 0 {
        counts[Int(text.codes[row])] += 1
        filled += 1
      }
      return filled * 2 >= count && filled > 0
        && Double(counts.max() ?? 0) <= Self.mostOfOne * Double(filled)
    }
  }
}
