package import SurveyData

/// Excel workbooks, with or without macros.
package struct WorkbookFormat: TableFormat {
  package let name = "XLSX"
  package let extensions = ["xlsx", "xlsm"]

  package init() {}

  /// Any zip archive, also an empty one: what is no workbook is told so better here than read as text.
  package func recognizes(_ head: [UInt8]) -> Bool {
    head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06])
  }

  package func header(of file: OpenFile, options: ReadOptions) throws -> [String] {
    var options = options
    options.columns = nil
    let (run, _) = try read(file, options, consume: nil)
    try run.requireSound()
    return run.header ?? []
  }

  /// One thread parses a worksheet, whose XML cannot be cut into pieces: all chunks go to worker 0.
  package func read(
    _ file: OpenFile,
    options: ReadOptions,
    workers: Int,
    consume: @escaping @Sendable (Int, Table) throws -> Void
  ) throws -> ReadSummary {
    let (run, notes) = try read(file, options) { try consume(0, $0) }
    try run.requireSound()
    try file.input.requireUnchanged()
    return ReadSummary(notes: notes + run.notes, rows: run.rows)
  }

  private func read(
    _ file: OpenFile,
    _ options: ReadOptions,
    consume: ((Table) throws -> Void)?
  ) throws -> (SheetRun, notes: [Finding]) {
    let workbook = try Workbook(file.input)
    let (sheet, notes) = try choose(from: workbook, options)
    let run = SheetRun(
      file: file.input.name,
      sheet: sheet.name,
      dates: workbook.dates,
      options: options,
      consume: consume
    )
    let reader = SheetReader(
      run,
      part: sheet.part,
      strings: try workbook.readStrings(),
      formats: try workbook.readFormats()
    )
    try Markup.read(sheet.part, of: workbook.archive, with: reader)
    return (run, notes)
  }

  /// The worksheet named, or the only visible one that holds data.
  private func choose(
    from workbook: Workbook,
    _ options: ReadOptions
  ) throws(InputRefusal) -> (sheet: Workbook.Sheet, notes: [Finding]) {
    let file = workbook.archive.file
    guard let first = workbook.sheets.first else { throw InputRefusal(.noWorksheet(file)) }
    if let wanted = options.sheet {
      guard let sheet = workbook.sheets.first(where: { $0.name == wanted }) else {
        throw InputRefusal(.sheetMissing(wanted, in: workbook.sheets.map(\.name), file: file))
      }
      return (sheet, [])
    }
    guard workbook.sheets.count > 1 else { return (first, []) }
    var filled: [Workbook.Sheet] = []
    for sheet in workbook.sheets {
      let probe = SheetProbe()
      try Markup.read(sheet.part, of: workbook.archive, with: probe)
      if probe.holdsData { filled.append(sheet) }
    }
    let visible = filled.filter { $0.visibility == .visible }
    let hidden = filled.filter { $0.visibility == .hidden }
    if visible.count > 1 { throw InputRefusal(.sheetNeeded(file, sheets: visible)) }
    guard let sheet = visible.first else {
      guard let only = hidden.first else { return (first, []) }
      throw InputRefusal(
        hidden.count == 1 ? .sheetHiddenOnly(file, sheet: only.name) : .sheetNeeded(file, sheets: hidden)
      )
    }
    return (sheet, hidden.map { .sheetHidden($0.name, file: file) })
  }
}
