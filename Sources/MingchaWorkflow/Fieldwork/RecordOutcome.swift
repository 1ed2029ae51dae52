package import SurveyData
package import SurveyDesign

/// One outcome as told on the command line.
package struct OutcomeEntry: Sendable {
  package var unit: String
  /// A code or a title of the vocabulary, or a code of the survey file.
  package var outcome: String
  package var reason: String?
  package var date: String?
  package var interviewer: String?
  package var replacedBy: String?
  /// The stage whose unit it is; `nil`: the last.
  package var stage: String?
  /// Replaces what was recorded of the unit before.
  package var corrects: Bool

  package init(
    unit: String,
    outcome: String,
    reason: String? = nil,
    date: String? = nil,
    interviewer: String? = nil,
    replacedBy: String? = nil,
    stage: String? = nil,
    corrects: Bool = false
  ) {
    self.unit = unit
    self.outcome = outcome
    self.reason = reason
    self.date = date
    self.interviewer = interviewer
    self.replacedBy = replacedBy
    self.stage = stage
    self.corrects = corrects
  }
}

/// What was added to a record.
package struct RecordedOutcomes: Sendable {
  package var added: [FieldworkRecord]
  /// What is wrong with the lines added; they stand all the same, because they say what happened.
  package var warnings: [Finding]
}

/// Adds one outcome to a draw's record.
///
/// - Throws: an `InputRefusal` for a unit or a reserve that is not in the list, a word that is no outcome, a unit that has an
///   outcome already; a `WritingError`.
package func recordOutcome(_ entry: OutcomeEntry, in draw: FieldDraw) throws -> RecordedOutcomes {
  let stage = try draw.stage(entry.stage)
  let name = draw.stages[stage].name
  let units = try FieldworkUnits(draw, stage: stage)
  var problems = [Finding]()
  let codes = draw.survey?.survey.responses?.outcome
  let outcome = codes?.outcome(of: entry.outcome) ?? FieldOutcome(written: entry.outcome)
  if outcome == nil {
    problems.append(
      FieldOutcome.unknownFinding(
        entry.outcome,
        further: units.furtherCodes,
        file: nil,
        column: "--outcome"
      )
    )
  }
  if !units.holds(entry.unit) {
    problems.append(units.notDrawn(entry.unit, file: nil, sheet: nil, row: nil, column: "--unit"))
  }
  if let reserve = plainCell(entry.replacedBy), !units.holds(reserve) {
    problems.append(
      units.reserveNotListed(reserve, for: entry.unit, file: nil, sheet: nil, row: nil, column: "--replaced-by")
    )
  }
  guard let outcome, problems.isEmpty else { throw InputRefusal(problems) }
  var added = [FieldworkRecord]()
  var all = [FieldworkRecord]()
  try FieldworkFile.append(to: draw.recordPath) { there in
    var record = FieldworkRecord(
      number: there.count + 1,
      stage: name,
      unit: entry.unit,
      outcome: outcome,
      reason: plainCell(entry.reason),
      date: plainCell(entry.date),
      interviewer: plainCell(entry.interviewer),
      replacedBy: plainCell(entry.replacedBy)
    )
    let earlier = there.last { $0.stage == name && $0.unit == entry.unit }
    if let earlier {
      guard entry.corrects else { throw InputRefusal(earlier.standsAlready(draw.recordPath)) }
      record.corrects = earlier.number
    } else if entry.corrects {
      throw InputRefusal(units.nothingToCorrect(entry.unit))
    }
    added = [record]
    all = there + added
    return added
  }
  return RecordedOutcomes(added: added, warnings: try draw.warnings(of: added, all: all, stage: stage))
}

extension FieldDraw {
  /// What is wrong with lines just added, apart from what later lines may still bring.
  func warnings(of added: [FieldworkRecord], all: [FieldworkRecord], stage: Int) throws(InputRefusal) -> [Finding] {
    let rows = Set(added.map { $0.number + 1 })
    let pending: Set<String> = ["reserve-without-outcome", "reserve-unlinked"]
    return try account(all, stage: stage).faults.filter { fault in
      fault.file == recordPath && !pending.contains(fault.code) && fault.row.map(rows.contains) ?? false
    }
  }
}

extension FieldworkRecord {
  /// The refusal of a second line about the unit.
  func standsAlready(
    _ file: String,
    sheet: String? = nil,
    row: Int? = nil,
    in returned: String? = nil
  ) -> Finding {
    let title = outcome.title
    return Finding(
      "unit-twice",
      file: returned ?? file,
      sheet: sheet,
      row: row ?? number + 1,
      column: "unit",
      value: shownUnit(unit),
      message: LocalizedText(
        zh: "已有第 \(number) 号记录（\(title.zh)）。",
        en: "has record \(number) already (\(title.en))."
      ),
      fix: LocalizedText(
        zh: "若要更正，请加 --correct：原记录保留，新记录注明更正哪一号。",
        en: "To correct it add --correct: the old line stays, and the new one names it."
      )
    )
  }
}

/// A cell as it goes into the record: on one line, without blanks at its ends; `nil` where nothing is left.
func plainCell(_ text: String?) -> String? {
  guard let text else { return nil }
  var out = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    let isBlank = scalar.properties.generalCategory == .control || scalar == " " || scalar == "\u{3000}"
    if isBlank {
      if !out.isEmpty, out.last != " " { out.append(" ") }
    } else {
      out.append(scalar)
    }
  }
  while out.last == " " { out.removeLast() }
  return out.isEmpty ? nil : String(out)
}
