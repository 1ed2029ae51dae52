package import SurveyData

/// One line of a draw's fieldwork record: what was found at one unit.
///
/// The record is only ever added to. A line that was wrong stays, and a later one says which line it corrects.
package struct FieldworkRecord: Sendable, Hashable {
  /// 1, 2, … without a gap, so that a line taken out shows.
  package var number: Int
  /// The stage whose unit it is.
  package var stage: String
  package var unit: String
  package var outcome: FieldOutcome
  package var reason: String?
  /// As written by whoever recorded it; no clock is read.
  package var date: String?
  package var interviewer: String?
  /// The reserve that was visited in this unit's place.
  package var replacedBy: String?
  /// The number of the line that this one puts right.
  package var corrects: Int?
  /// Where it was read from: `team-1.xlsx[village]:7`.
  package var source: String?

  package init(
    number: Int,
    stage: String,
    unit: String,
    outcome: FieldOutcome,
    reason: String? = nil,
    date: String? = nil,
    interviewer: String? = nil,
    replacedBy: String? = nil,
    corrects: Int? = nil,
    source: String? = nil
  ) {
    self.number = number
    self.stage = stage
    self.unit = unit
    self.outcome = outcome
    self.reason = reason
    self.date = date
    self.interviewer = interviewer
    self.replacedBy = replacedBy
    self.corrects = corrects
    self.source = source
  }

  /// Whether both say the same of the same unit, wherever they were read.
  package func says(thatOf other: FieldworkRecord) -> Bool {
    stage == other.stage && unit == other.unit && outcome == other.outcome && reason == other.reason
      && date == other.date && interviewer == other.interviewer && replacedBy == other.replacedBy
  }

  /// The names of the columns, in their order.
  package static let columns = [
    "record", "stage", "unit", "outcome", "reason", "date", "interviewer", "replaced_by", "corrects", "source",
  ]

  /// The cells of its line; empty where there is nothing to say.
  package var cells: [String] {
    [
      String(number), stage, unit, outcome.rawValue, reason ?? "", date ?? "", interviewer ?? "", replacedBy ?? "",
      corrects.map { String($0) } ?? "", source ?? "",
    ]
  }

  /// Reads a record from its table.
  ///
  /// - Parameter table: the columns of ``columns``, all as text.
  /// - Returns: the lines in their order.
  /// - Throws: a refusal naming all of: missing columns, gaps in the numbering, lines without stage, unit or
  ///   outcome, words that are no outcome, corrections of no earlier line of the same unit.
  package static func read(_ table: Table) throws(InputRefusal) -> [FieldworkRecord] {
    var columns = [String: Column]()
    var findings = [Finding]()
    for name in Self.columns {
      if let column = table[name] {
        columns[name] = column
      } else {
        findings.append(.missingColumn(name, in: table.columnNames, file: table.file))
      }
    }
    guard findings.isEmpty else { throw InputRefusal(findings) }
    var records = [FieldworkRecord]()
    for row in 0..<table.rowCount {
      func text(_ name: String) -> String? { columns[name]?.text(at: row) }
      func refuse(_ column: String, _ message: LocalizedText, _ fix: LocalizedText) {
        findings.append(
          Finding(
            "record-broken",
            file: table.file,
            row: table.fileRow(of: row),
            column: column,
            value: text(column).map(shownUnit),
            message: message,
            fix: fix
          )
        )
      }
      let number = row + 1
      if text("record") != String(number) {
        refuse(
          "record",
          LocalizedText(zh: "此处应为第 \(number) 号记录。", en: "record \(number) is expected here."),
          LocalizedText(
            zh: "记录只能追加，不得删除或移动；请恢复原文件。",
            en: "Lines are only added, never removed or moved: restore the file."
          )
        )
      }
      guard let stage = text("stage"), let unit = text("unit"), let written = text("outcome") else {
        let name = ["stage", "unit", "outcome"].first { text($0) == nil } ?? "unit"
        refuse(
          name,
          LocalizedText(zh: "为空。", en: "is empty."),
          LocalizedText(zh: "请恢复原文件。", en: "Restore the file.")
        )
        continue
      }
      guard let outcome = FieldOutcome(written: written) else {
        findings.append(
          FieldOutcome.unknownFinding(
            written,
            file: table.file,
            row: table.fileRow(of: row),
            column: "outcome"
          )
        )
        continue
      }
      var corrects: Int?
      if let given = text("corrects") {
        corrects = Int(given)
        let target = corrects.flatMap { wanted in records.first { $0.number == wanted } }
        if target?.unit != unit || target?.stage != stage {
          refuse(
            "corrects",
            LocalizedText(zh: "不是此前关于同一单位的记录。", en: "is no earlier record of the same unit."),
            LocalizedText(
              zh: "请用 mingcha field record --correct 更正。",
              en: "Correct with mingcha field record --correct."
            )
          )
        }
      }
      records.append(
        FieldworkRecord(
          number: number,
          stage: stage,
          unit: unit,
          outcome: outcome,
          reason: text("reason"),
          date: text("date"),
          interviewer: text("interviewer"),
          replacedBy: text("replaced_by"),
          corrects: corrects,
          source: text("source")
        )
      )
    }
    guard findings.isEmpty else { throw InputRefusal(listing: findings) }
    return records
  }
}
