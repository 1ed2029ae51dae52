package import SurveyData

/// One kind of table of a survey folder, all its files together.
package struct CheckedSource: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case frame, responses, list, record
    /// Named by the survey's own checks, such as the members of a register's households.
    case table
  }

  /// Where a row came from.
  package struct Place: Sendable {
    package var file: String
    package var sheet: String?
    package var row: Int
  }

  private struct Part {
    var file: String
    var sheet: String?
    var start: Int
  }

  package let name: String
  package let kind: Kind
  /// The column with the unit's id.
  package let id: String?
  /// The column with the id of the unit above.
  package let parent: String?
  /// The name of the frame that holds the units above.
  package var above: String?
  /// All rows of all files, counted from 0; a column that a file lacks is empty there.
  package let table: Table
  /// Rows that rules look at: a frame's filter leaves the others out.
  package var kept: [Bool]?
  /// Who mends a row.
  package var teams: CodedText?
  /// The ids as a draw reads them: blanks and wide characters normalised.
  package private(set) var ids: CodedText?
  /// What the normalising of ids found, by row.
  package private(set) var idFindings: [Finding] = []
  /// Rows whose id a spreadsheet damaged.
  private(set) var damagedRows: Set<Int> = []
  /// Files whose columns are not those of the first, by place, with what they lack and what they add; both are empty
  /// where only the order is another.
  package private(set) var headerDifferences: [(file: Int, lacks: [String], adds: [String])] = []

  private let parts: [Part]
  private let fileRows: [Int32]

  /// - Parameters:
  ///   - name: of the frame, questionnaire or draw.
  ///   - kind: what it is.
  ///   - tables: one a file or worksheet, each with its own rows' places.
  ///   - id: the column with the unit's id.
  ///   - parent: the column with the id of the unit above.
  package init(name: String, kind: Kind, tables: [Table], id: String? = nil, parent: String? = nil) {
    self.name = name
    self.kind = kind
    self.id = id
    self.parent = parent
    var parts = [Part]()
    var fileRows = [Int32]()
    var names = [String]()
    for table in tables {
      parts.append(Part(file: table.file, sheet: table.sheet, start: fileRows.count))
      for row in 0..<table.rowCount { fileRows.append(Int32(clamping: table.fileRow(of: row))) }
      for name in table.columnNames where !names.contains(name) { names.append(name) }
    }
    self.parts = parts
    self.fileRows = fileRows
    let columns = names.map { name in
      Column.concatenated(
        tables.map { table in
          table[name]
            ?? Column(name, .text(CodedText(levels: [], codes: [Int32](repeating: -1, count: table.rowCount))))
        }
      )
    }
    table = Table(columns: columns, rowCount: fileRows.count, firstRow: 0, file: tables.first?.file ?? name)
    for (place, other) in tables.enumerated() where other.columnNames != tables[0].columnNames {
      let lacks = tables[0].columnNames.filter { other[$0] == nil }
      headerDifferences.append((place, lacks, other.columnNames.filter { tables[0][$0] == nil }))
    }
    if let id, let column = table[id] {
      let clean = normalizedIdentifiers(column, of: table)
      ids = clean.column.codedText
      idFindings = clean.findings
      damagedRows = Set(idFindings.filter { $0.severity != .note }.compactMap(\.row))
    }
  }

  package var rowCount: Int { fileRows.count }
  package var files: [String] { parts.map(\.file) }

  /// File, worksheet and row of a row.
  package func place(of row: Int) -> Place {
    var low = 0
    var high = parts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if parts[middle].start <= row { low = middle } else { high = middle }
    }
    return Place(file: parts[low].file, sheet: parts[low].sheet, row: Int(fileRows[row]))
  }

  /// The place as it stands in the words of a failure: file and row.
  package func words(of row: Int) -> String {
    let place = place(of: row)
    return place.file + (place.sheet.map { "[\($0)]" } ?? "") + ":\(place.row)"
  }

  /// The first row of one of the files; `nil` where it has none.
  func firstRow(ofFile place: Int) -> Int? {
    guard parts.indices.contains(place) else { return nil }
    let end = place + 1 < parts.count ? parts[place + 1].start : rowCount
    return parts[place].start < end ? parts[place].start : nil
  }

  package func unit(of row: Int) -> String? {
    guard let ids, ids.codes[row] >= 0 else { return nil }
    return ids.levels[Int(ids.codes[row])]
  }

  package func team(of row: Int) -> String? {
    guard let teams, teams.codes[row] >= 0 else { return nil }
    return teams.levels[Int(teams.codes[row])]
  }

  package func isKept(_ row: Int) -> Bool { kept?[row] ?? true }
}
