package import SampleDrawing
package import SurveyData
internal import SurveyDesign
internal import TabularFiles

/// The files of one frame and what is known of them.
package struct FrameSource: Sendable {
  /// Paths that exist, or "-" alone.
  package var paths: [String]
  /// The name that stands in the receipt: no folder of this machine.
  package var label: String
  package var id: String
  package var parent: String?
  package var keep: Expression?
  package var sheet: String?
  package var headerRow: Int?
  /// Takes the stored results of formulas in a workbook.
  package var allowsFormulas: Bool
  /// Drops rows that equal an earlier one in every cell; each is listed in the receipt.
  package var dropsIdenticalRows: Bool

  package init(
    paths: [String],
    label: String,
    id: String,
    parent: String? = nil,
    keep: Expression? = nil,
    sheet: String? = nil,
    headerRow: Int? = nil,
    allowsFormulas: Bool = false,
    dropsIdenticalRows: Bool = false
  ) {
    self.paths = paths
    self.label = label
    self.id = id
    self.parent = parent
    self.keep = keep
    self.sheet = sheet
    self.headerRow = headerRow
    self.allowsFormulas = allowsFormulas
    self.dropsIdenticalRows = dropsIdenticalRows
  }
}

extension FrameSource {
  /// Reads the frame as a draw needs it: ids normalised, each change noted, repeated ids refused.
  ///
  /// - Returns: the frame, and what is worth telling.
  /// - Throws: an `InputRefusal` with everything found wrong in the files.
  package func read() throws -> (frame: ReceiptFrame, notes: [Finding]) {
    var (whole, notes) = try readWhole()
    let changes = try normalize(&whole, notes: &notes, requiresColumns: true)
    if hasRepeatedID(whole) {
      let findings = try whole.duplicateFindings(key: [id])
      if !findings.isEmpty { throw InputRefusal(listing: findings) }
    }
    let units = try keep.map { whole.filtered(by: try $0.mask(over: whole)) } ?? whole
    return (frame(whole, units: units, changes: changes), notes)
  }

  /// Reads the frame as `verify` needs it: a frame that lost a column has changed, which is for the
  /// verification to say.
  func readForVerification() throws -> (frame: ReceiptFrame, notes: [Finding]) {
    var (whole, notes) = try readWhole()
    let changes = try normalize(&whole, notes: &notes, requiresColumns: false)
    let mask = try? keep?.mask(over: whole)
    let units = mask.map { whole.filtered(by: $0) } ?? whole
    return (frame(whole, units: units, changes: changes), notes)
  }

  private func frame(_ whole: Table, units: Table, changes: [String]) -> ReceiptFrame {
    ReceiptFrame(
      whole: whole,
      units: units,
      file: label,
      fileDigest: paths.count == 1 ? fileDigest(paths[0]) : nil,
      filter: keep?.source,
      changes: changes
    )
  }

  private func readWhole() throws -> (table: Table, notes: [Finding]) {
    let options = ReadOptions(
      sheet: sheet,
      headerRow: headerRow,
      allowsFormulas: allowsFormulas,
      identifiers: Set([id] + (parent.map { [$0] } ?? []))
    )
    if paths.count == 1 { return try readTable(path: paths[0], options: options) }
    let (tables, notes) = try readTables(paths: paths, options: options)
    return (try Table.concatenated(tables), notes)
  }

  /// Cleans the columns that hold ids; the changes as the receipt lists them.
  private func normalize(
    _ table: inout Table,
    notes: inout [Finding],
    requiresColumns: Bool
  ) throws -> [String] {
    var refusals = [Finding]()
    var changes = [String]()
    if dropsIdenticalRows {
      let (kept, dropped) = table.withoutIdenticalRows()
      table = kept
      notes += dropped
      changes += dropped.map(recorded)
    }
    for name in [id] + (parent.map { [$0] } ?? []) {
      guard let column = table[name] else {
        if requiresColumns { refusals.append(.missingColumn(name, in: table.columnNames, file: table.file)) }
        continue
      }
      let (clean, findings) = normalizedIdentifiers(column, of: table)
      refusals += findings.filter { $0.severity != .note }
      let own = findings.filter { $0.severity == .note }
      notes += own
      changes += own.map(recorded)
      if !own.isEmpty { table.set(clean) }
    }
    if !refusals.isEmpty { throw InputRefusal(listing: refusals) }
    return changes
  }

  /// A change as it stands in a receipt, which is in one language whoever draws.
  func recorded(_ change: Finding) -> String {
    let place = [change.row.map { "row \($0)" }, change.column].compactMap { $0 }.joined(separator: ", ")
    return "\(place): " + (change.value.map { "\"\($0)\" " } ?? "") + change.message.en
  }

  private func hasRepeatedID(_ table: Table) -> Bool {
    guard let text = table[id]?.codedText else { return false }
    var seen = [Bool](repeating: false, count: text.levels.count)
    for code in text.codes where code >= 0 {
      if seen[Int(code)] { return true }
      seen[Int(code)] = true
    }
    return false
  }
}

extension SurveyFolder {
  /// The source of the frame that a stage draws from.
  package func frameSource(
    of stage: DrawDefinition.Stage,
    dropsIdenticalRows: Bool = false
  ) throws -> FrameSource? {
    guard let frame = survey.frame(stage.frame) else { return nil }
    return FrameSource(
      paths: try paths(of: frame.files),
      label: frame.files.joined(separator: ", "),
      id: frame.id,
      parent: stage.plan.parent,
      keep: frame.keep,
      sheet: frame.sheet,
      headerRow: frame.headerRow,
      allowsFormulas: frame.allowsFormulas,
      dropsIdenticalRows: dropsIdenticalRows
    )
  }
}
