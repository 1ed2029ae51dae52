internal import Documents
package import SurveyData
internal import SurveyReporting
internal import TabularFiles

/// Files to be freed of what points at persons.
package struct PseudonymizeOrder: Sendable {
  /// What the caller says becomes of a column.
  package enum Treatment: Sendable, Hashable {
    case drop
    /// Replaced by a keyed hash; columns of one role share their pseudonyms.
    case pseudonym(role: String)
    case keep
  }

  package var files: [String]
  package var keyFile: String
  /// A file for one input, a folder for several; neither may be there.
  package var output: String
  package var sheet: String?
  package var headerRow: Int?
  /// By name, exactly.
  package var treatments: [String: Treatment] = [:]
  /// Of a survey file.
  package var classes = ColumnClasses()
  /// Degrees that coordinates are rounded to.
  package var grid = PseudonymizeOrder.usualGrid

  /// 0.1°: about 11 km north to south, the distance by which household surveys usually displace rural clusters.
  package static let usualGrid = 0.1

  package init(files: [String], keyFile: String, output: String) {
    self.files = files
    self.keyFile = keyFile
    self.output = output
  }
}

/// Writes copies of files without what points at persons.
///
/// Names, telephone numbers, addresses and positions are dropped; identity numbers and the ids asked for become keyed
/// hashes, equal for equal values in all files of one key; coordinates are rounded to a grid; birth dates become years.
/// - Parameter order: files, key, target and what is said of columns.
/// - Returns: the paths written, and a note on each column that was changed.
/// - Throws: an `InputRefusal` with everything found wrong: key, files, columns that do not exist, ids that a
///   spreadsheet damaged, numbers of persons left inside texts, two values of one pseudonym; a `WritingError`.
package func pseudonymize(_ order: PseudonymizeOrder) throws -> (written: [String], notes: [Finding]) {
  let isFolder = order.files.count > 1
  if isFolder { try NewFolder.check(order.output) } else { try AtomicFile.check(order.output, overwrite: false) }
  let (key, keyNotes) = try PseudonymKey.read(order.keyFile)
  var work = Pseudonymization(order: order, key: key)
  work.notes = keyNotes
  var tables: [(name: String, table: Table)] = []
  for file in order.files {
    let name = outputName(of: file, among: tables.map(\.name), isFolder: isFolder, &work.findings)
    do throws(InputRefusal) {
      tables.append((name, try work.changed(file)))
    } catch {
      work.findings += error.findings
    }
  }
  work.checkNames()
  if !work.findings.isEmpty { throw InputRefusal(listing: work.findings) }
  if let only = tables.first, !isFolder {
    try write(only.table, to: order.output)
    return ([order.output], work.notes)
  }
  try NewFolder.write(order.output) { folder in
    for (name, table) in tables { try write(table, to: folder + "/" + name) }
  }
  return (tables.map { order.output + "/" + $0.name }, work.notes)
}

/// What a file is called in the folder written: as it was, but always CSV or XLSX.
private func outputName(
  of file: String,
  among names: [String],
  isFolder: Bool,
  _ findings: inout [Finding]
) -> String {
  let last = lastComponent(file)
  let stem = last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
  let name = stem + (last.lowercased().hasSuffix(".xlsx") ? ".xlsx" : ".csv")
  if isFolder, names.contains(name) {
    findings.append(
      Finding(
        "name-twice",
        file: file,
        message: LocalizedText(zh: "与另一个文件同名，写出时会相互覆盖。", en: "has the name of another file of this run."),
        fix: LocalizedText(zh: "请分开处理或改名。", en: "Rename one, or work on them one by one.")
      )
    )
  }
  return name
}

private func write(_ table: Table, to path: String) throws {
  let columns = table.columns.map(\.withPlainNumbers)
  let plain = Table(columns: columns, rowCount: table.rowCount)
  guard path.lowercased().hasSuffix(".xlsx") else {
    try AtomicFile.write(csvBytes(of: plain), to: path, overwrite: false)
    return
  }
  let name = lastComponent(path)
  let document = Document(
    title: name,
    language: Language.chinese.forDocuments,
    blocks: [.table(plainTable(plain, key: "data"))]
  )
  _ = try XLSXWriter().write(document, to: path, overwrite: false)
}

extension Column {
  /// The column as numbers where each text is a number written the shortest way, so that nothing is lost.
  fileprivate var withPlainNumbers: Column {
    guard case .text(let text) = storage, !text.levels.isEmpty,
      text.levels.allSatisfy({ level in plainNumber(level).map { shortest($0) == level } ?? false }),
      case .numbers(let values) = numbers(missing: [])
    else { return self }
    return Column(name, .number(values))
  }
}
