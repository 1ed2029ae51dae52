package import SurveyData

/// The worksheets of a workbook whose heads are known by their names, not by their place.
package struct WorksheetReading: Sendable {
  /// One table for each sheet that has the heads, in the workbook's order.
  package var tables: [Table]
  /// Visible sheets with data in which no row has the heads.
  package var withoutHeads: [String]
  package var notes: [Finding]
}

/// Reads every visible worksheet of a workbook, each from the first row that holds certain heads.
///
/// Titles above the heads are passed over. A file that is no workbook, and standard input, is read as one table.
/// - Parameters:
///   - path: a file.
///   - options: what is wanted; worksheet, header row and columns are found out.
///   - rows: how far down the heads may stand.
///   - isHead: whether a row's texts are the heads looked for.
/// - Returns: the tables, and the sheets without such heads.
/// - Throws: an ``InputRefusal`` with everything found wrong in any sheet.
package func readWorksheets(
  path: String,
  options: ReadOptions = ReadOptions(),
  within rows: Int = 20,
  isHead: ([String]) -> Bool
) throws -> WorksheetReading {
  // Standard input cannot be opened a second time, so that it is taken as it comes.
  if path != "-" {
    let sheets = try withFormat(of: path) { file, format in
      try (format as? WorkbookFormat)?.readSheets(file, options: options, within: rows, isHead: isHead)
    }
    if let sheets { return sheets }
  }
  let (table, notes) = try readTable(path: path, options: options)
  return WorksheetReading(tables: [table], withoutHeads: [], notes: notes)
}

extension WorkbookFormat {
  fileprivate func readSheets(
    _ file: OpenFile,
    options: ReadOptions,
    within rows: Int,
    isHead: ([String]) -> Bool
  ) throws -> WorksheetReading {
    let workbook = try Workbook(file.input)
    let strings = try workbook.readStrings()
    let formats = try workbook.readFormats()
    var reading = WorksheetReading(tables: [], withoutHeads: [], notes: [])
    var refused = [Finding]()
    for sheet in workbook.sheets {
      func run(_ row: Int, _ consume: ((Table) throws -> Void)?) throws -> SheetRun {
        var own = options
        own.sheet = sheet.name
        own.headerRow = row
        let run = SheetRun(
          file: file.input.name,
          sheet: sheet.name,
          dates: workbook.dates,
          options: own,
          consume: consume
        )
        try Markup.read(
          sheet.part,
          of: workbook.archive,
          with: SheetReader(run, part: sheet.part, strings: strings, formats: formats)
        )
        return run
      }
      guard sheet.visibility == .visible else {
        reading.notes.append(.sheetHidden(sheet.name, file: file.input.name))
        continue
      }
      guard let row = try (1...max(1, rows)).first(where: { try run($0, nil).header.map(isHead) ?? false }) else {
        let probe = SheetProbe()
        try Markup.read(sheet.part, of: workbook.archive, with: probe)
        if probe.holdsData { reading.withoutHeads.append(sheet.name) }
        continue
      }
      do {
        var chunks = [Table]()
        let run = try run(row) { chunks.append($0) }
        try run.requireSound()
        reading.tables.append(try Table.concatenated(chunks))
        reading.notes += run.notes
      } catch let refusal as InputRefusal {
        refused += refusal.findings
      }
    }
    guard refused.isEmpty else { throw InputRefusal(refused) }
    try file.input.requireUnchanged()
    return reading
  }
}
