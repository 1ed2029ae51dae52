package import SurveyData
internal import SurveyDesign
internal import SurveyReporting
internal import TabularFiles

/// Which files came back, and how to read them.
package struct ReturnOrder: Sendable {
  package var files: [String]
  package var stage: String?
  /// The columns with unit and outcome; `nil`: as in a team's list, or as the survey file says.
  package var unitColumn: String?
  package var outcomeColumn: String?
  package var interviewer: String?
  /// Takes what differs from the record as corrections.
  package var corrects: Bool

  package init(
    files: [String],
    stage: String? = nil,
    unitColumn: String? = nil,
    outcomeColumn: String? = nil,
    interviewer: String? = nil,
    corrects: Bool = false
  ) {
    self.files = files
    self.stage = stage
    self.unitColumn = unitColumn
    self.outcomeColumn = outcomeColumn
    self.interviewer = interviewer
    self.corrects = corrects
  }
}

/// What came of reading returned files.
package struct ReturnedFiles: Sendable {
  package struct File: Sendable {
    package var path: String
    package var sheets: Int
    package var rows: Int
    package var recorded: Int
    /// Lines that the record has word for word.
    package var known: Int
    /// Lines that were not filled in.
    package var empty: Int
  }

  package var files: [File]
  package var outcomes: RecordedOutcomes
  package var notes: [Finding]
}

/// Adds the outcomes of returned files to a draw's record: all of them, or none where anything is wrong.
///
/// Lines without outcome, reason and replacement were not filled in and are passed over.
/// - Throws: an `InputRefusal` with everything found wrong in any file: sheets without their heads, units that
///   were not drawn, units that returned twice, words that are no outcome; a `WritingError`.
package func readReturns(_ order: ReturnOrder, in draw: FieldDraw) throws -> ReturnedFiles {
  let stage = try draw.stage(order.stage)
  var reader = try ReturnReader(order, draw: draw, stage: stage)
  for file in order.files { try reader.read(file) }
  guard reader.problems.isEmpty else { throw InputRefusal(listing: reader.problems) }
  var added = [FieldworkRecord]()
  var all = [FieldworkRecord]()
  try FieldworkFile.append(to: draw.recordPath) { there in
    added = try reader.newRecords(after: there)
    all = there + added
    return added
  }
  return ReturnedFiles(
    files: reader.files,
    outcomes: RecordedOutcomes(added: added, warnings: try draw.warnings(of: added, all: all, stage: stage)),
    notes: reader.notes
  )
}

/// Reads returned sheets line by line and collects what is wrong with them.
private struct ReturnReader {
  private(set) var problems: [Finding] = []
  private(set) var notes: [Finding] = []
  private(set) var files: [ReturnedFiles.File] = []
  private var lines: [Line] = []
  private var placeByUnit: [String: Int] = [:]
  private let order: ReturnOrder
  private let stageName: String
  private let units: FieldworkUnits
  private let codes: OutcomeCodes?
  private let surveyUnitColumn: String?
  private let listUnitColumn: String
  private let recordPath: String
  private var suggestionsLeft = 20

  private struct Line {
    var record: FieldworkRecord
    var file: Int
    var path: String
    var sheet: String?
    var row: Int
  }

  init(_ order: ReturnOrder, draw: FieldDraw, stage: Int) throws(InputRefusal) {
    self.order = order
    stageName = draw.stages[stage].name
    listUnitColumn = draw.stages[stage].id
    units = try FieldworkUnits(draw, stage: stage)
    let responses = draw.survey?.survey.responses
    codes = responses?.outcome
    surveyUnitColumn = responses?.sources.first { $0.name == draw.stages[stage].name }?.id
    recordPath = draw.recordPath
  }

  /// The columns of a returned table by what they hold.
  private func columns(_ names: [String]) -> [FieldSheetColumn: String] {
    var found = [FieldSheetColumn: String]()
    for name in names {
      if let column = FieldSheetColumn(heading: name), found[column] == nil { found[column] = name }
    }
    func take(_ column: FieldSheetColumn, _ given: String?, _ others: [String?]) {
      if let given {
        found[column] = names.contains(given) ? given : nil
      } else if found[column] == nil {
        found[column] = others.compactMap { $0 }.first { names.contains($0) }
      }
    }
    take(.unit, order.unitColumn, [surveyUnitColumn, listUnitColumn])
    take(.outcome, order.outcomeColumn, [codes?.column])
    return found
  }

  mutating func read(_ path: String) throws {
    let reading: WorksheetReading
    do {
      let mapping = columns
      reading = try readWorksheets(path: path) { head in
        let found = mapping(head)
        return found[.unit] != nil && found[.outcome] != nil
      }
    } catch let refusal as InputRefusal {
      problems += refusal.findings
      return
    }
    // A byte order mark and the like are our own form of a CSV file.
    notes += reading.notes.filter { !$0.code.hasPrefix("encoding") }
    for sheet in reading.withoutHeads where !Self.sheetsToRead.contains(sheet) {
      problems.append(Self.headsMissing(path, sheet: sheet))
    }
    files.append(
      ReturnedFiles.File(path: path, sheets: reading.tables.count, rows: 0, recorded: 0, known: 0, empty: 0)
    )
    let isOffice = reading.withoutHeads.contains {
      [FieldSheet.officeTitle.zh, FieldSheet.officeTitle.en].contains($0)
    }
    if reading.tables.isEmpty, !isOffice, reading.withoutHeads.allSatisfy(Self.sheetsToRead.contains) {
      problems.append(Self.headsMissing(path, sheet: nil))
    }
    for table in reading.tables { try take(table, path: path) }
  }

  /// Sheets of ours in which nothing is filled in.
  private static var sheetsToRead: [String] {
    [FieldSheet.aboutTitle, FieldSheet.officeTitle].flatMap { [$0.zh, $0.en] }
  }

  private static func headsMissing(_ path: String, sheet: String?) -> Finding {
    let wanted = [FieldSheetColumn.unit.heading, FieldSheetColumn.outcome.heading]
    return Finding(
      "field-sheet-heads",
      file: path,
      sheet: sheet,
      message: LocalizedText(
        zh: "没有“\(wanted.joined(separator: "”“"))”两列的表头。",
        en: "has no heads \"\(wanted.joined(separator: "\" and \""))\"."
      ),
      fix: LocalizedText(
        zh: "请恢复表头，删去不属于名单的工作表，或用 --id、--outcome-column 指明列名。",
        en: "Restore the heads, remove a sheet that is no list, or name the columns with --id and --outcome-column."
      )
    )
  }

  private mutating func take(_ table: Table, path: String) throws(InputRefusal) {
    let found = columns(table.columnNames)
    guard let unitName = found[.unit], let outcomeName = found[.outcome], let column = table[unitName] else {
      problems.append(Self.headsMissing(path, sheet: table.sheet))
      return
    }
    let (ids, idFindings) = normalizedIdentifiers(column, of: table)
    problems += idFindings.filter { $0.severity != .note }
    notes += idFindings.filter { $0.severity == .note }
    func text(_ field: FieldSheetColumn, _ row: Int) -> String? {
      plainCell(found[field].flatMap { table[$0]?.text(at: row) })
    }
    let file = files.count - 1
    files[file].rows += table.rowCount
    for row in 0..<table.rowCount {
      let written = plainCell(table[outcomeName]?.text(at: row))
      let reason = text(.reason, row)
      let replacedBy = text(.replacedBy, row)
      if written == nil, reason == nil, replacedBy == nil {
        files[file].empty += 1
        continue
      }
      let place = Place(path: path, sheet: table.sheet, row: table.fileRow(of: row))
      guard let unit = ids.text(at: row) else {
        problems.append(place.empty(unitName, zh: "填了结果而没有编号。", en: "is empty in a line that was filled in."))
        continue
      }
      guard units.holds(unit) else {
        suggestionsLeft -= 1
        problems.append(
          units.notDrawn(
            unit,
            file: path,
            sheet: table.sheet,
            row: place.row,
            column: unitName,
            suggests: suggestionsLeft >= 0
          )
        )
        continue
      }
      guard let written else {
        problems.append(
          place.empty(outcomeName, zh: "填了原因或替换，却没有结果。", en: "is empty beside a reason or a replacement.")
        )
        continue
      }
      let isSurveyColumn = outcomeName == codes?.column
      guard let outcome = outcome(written, isSurveyColumn: isSurveyColumn) else {
        problems.append(
          FieldOutcome.unknownFinding(
            written,
            further: units.furtherCodes,
            file: path,
            sheet: table.sheet,
            row: place.row,
            column: outcomeName
          )
        )
        continue
      }
      if let replacedBy, !units.holds(replacedBy) {
        problems.append(
          units.reserveNotListed(
            replacedBy,
            for: unit,
            file: path,
            sheet: table.sheet,
            row: place.row,
            column: found[.replacedBy] ?? FieldSheetColumn.replacedBy.rawValue
          )
        )
        continue
      }
      if let earlier = placeByUnit[unit] {
        problems.append(twice(unit, place, unitName, lines[earlier]))
        continue
      }
      placeByUnit[unit] = lines.count
      let source = lastComponent(path) + (table.sheet.map { "[\($0)]" } ?? "") + ":\(place.row)"
      lines.append(
        Line(
          record: FieldworkRecord(
            number: 0,
            stage: stageName,
            unit: unit,
            outcome: outcome,
            reason: reason,
            date: text(.date, row),
            interviewer: text(.interviewer, row) ?? order.interviewer,
            replacedBy: replacedBy,
            source: source
          ),
          file: file,
          path: path,
          sheet: table.sheet,
          row: place.row
        )
      )
    }
  }

  private func outcome(_ written: String, isSurveyColumn: Bool) -> FieldOutcome? {
    if isSurveyColumn, let own = codes?.outcome(of: written) { return own }
    return FieldOutcome(written: written) ?? codes?.outcome(of: written)
  }

  private struct Place {
    var path: String
    var sheet: String?
    var row: Int

    func empty(_ column: String, zh: String, en: String) -> Finding {
      Finding(
        "field-cell-empty",
        file: path,
        sheet: sheet,
        row: row,
        column: column,
        message: LocalizedText(zh: zh, en: en),
        fix: LocalizedText(zh: "请补上，或清空该行所填内容。", en: "Fill it in, or clear what was written in the line.")
      )
    }
  }

  private func twice(_ unit: String, _ place: Place, _ column: String, _ earlier: Line) -> Finding {
    let first = earlier.path + (earlier.sheet.map { "[\($0)]" } ?? "") + ":\(earlier.row)"
    return Finding(
      "unit-twice",
      file: place.path,
      sheet: place.sheet,
      row: place.row,
      column: column,
      value: shownUnit(unit),
      message: LocalizedText(zh: "已在 \(first) 出现。", en: "returned already in \(first)."),
      fix: LocalizedText(zh: "请核实以哪一行为准，清空另一行。", en: "Find out which line is right and clear the other.")
    )
  }

  /// The lines that are new to a record, numbered on.
  mutating func newRecords(after there: [FieldworkRecord]) throws(InputRefusal) -> [FieldworkRecord] {
    var lastByUnit = [String: FieldworkRecord]()
    for record in there where record.stage == stageName { lastByUnit[record.unit] = record }
    var added = [FieldworkRecord]()
    for line in lines {
      var record = line.record
      if let earlier = lastByUnit[record.unit] {
        if earlier.says(thatOf: record) {
          files[line.file].known += 1
          continue
        }
        guard order.corrects else {
          problems.append(earlier.standsAlready(recordPath, sheet: line.sheet, row: line.row, in: line.path))
          continue
        }
        record.corrects = earlier.number
      }
      record.number = there.count + added.count + 1
      files[line.file].recorded += 1
      added.append(record)
    }
    guard problems.isEmpty else { throw InputRefusal(listing: problems) }
    return added
  }
}
