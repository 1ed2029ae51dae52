extension Table {
  /// The rows for which the mask is true, in their order.
  /// - Precondition: the mask has one value for each row.
  package func filtered(by mask: [Bool]) -> Table {
    precondition(mask.count == rowCount, "a mask of another length")
    return rows(mask.indices.filter { mask[$0] })
  }

  /// The rows of all tables, one after another; file and first row are the first table's.
  ///
  /// - Parameter tables: at least one; each has the same column names in the same order.
  /// - Returns: one table; a column that is text in any part is text.
  /// - Throws: a refusal for each part whose columns differ from the first part's.
  package static func concatenated(_ tables: [Table]) throws(InputRefusal) -> Table {
    guard let first = tables.first else { return Table(columns: []) }
    let findings = tables.dropFirst().compactMap { $0.headerDifference(from: first) }
    guard findings.isEmpty else { throw InputRefusal(findings) }
    if tables.count == 1 { return first }
    let columns = first.columns.indices.map { index in
      Column.concatenated(tables.map { $0.columns[index] })
    }
    return Table(
      columns: columns,
      rowCount: tables.reduce(0) { $0 + $1.rowCount },
      firstRow: first.firstRow,
      file: first.file,
      sheet: first.sheet
    )
  }

  private func headerDifference(from first: Table) -> Finding? {
    let own = columnNames
    let others = first.columnNames
    guard own != others else { return nil }
    let lacking = others.filter { !own.contains($0) }
    let extra = own.filter { !others.contains($0) }
    let isOrder = lacking.isEmpty && extra.isEmpty
    return Finding(
      "header-differs",
      file: file,
      sheet: sheet,
      row: 1,
      message: LocalizedText(
        zh: "列名与 \(first.file) 不同："
          + (isOrder ? "顺序不同。" : "缺 [\(lacking.joined(separator: ", "))]，多 [\(extra.joined(separator: ", "))]。"),
        en: "its columns are not those of \(first.file): "
          + (isOrder
            ? "another order."
            : "lacks [\(lacking.joined(separator: ", "))], adds [\(extra.joined(separator: ", "))].")
      ),
      fix: LocalizedText(
        zh: "请使各文件的表头完全一致。",
        en: "Give all files the same header."
      )
    )
  }

  /// Adds columns of another table to each row, found by a key; rows without a partner get missing values.
  ///
  /// - Parameters:
  ///   - right: the table looked up; each key stands there once.
  ///   - leftKey: the key's column here.
  ///   - rightKey: the key's column there.
  ///   - columns: the columns to bring over; `nil` brings all but the key.
  ///   - prefix: goes before the name of each column brought over.
  /// - Returns: the rows of this table, in their order. Keys are compared byte by byte.
  /// - Throws: a refusal for each key that stands twice on the right, an absent column, or a name clash.
  package func joined(
    with right: Table,
    on leftKey: String,
    rightKey: String,
    columns names: [String]? = nil,
    prefix: String = ""
  ) throws(InputRefusal) -> Table {
    let partner = try partners(in: right, on: leftKey, rightKey: rightKey)
    var result = self
    for name in names ?? right.columnNames.filter({ $0 != rightKey }) {
      let source = try right.column(name)
      guard result[prefix + name] == nil else {
        throw InputRefusal(
          Finding(
            "column-duplicate",
            file: right.file,
            column: prefix + name,
            message: LocalizedText(zh: "连接后会有两列同名。", en: "joining would give two columns of this name."),
            fix: LocalizedText(zh: "请改列名或加前缀。", en: "Rename it or give a prefix.")
          )
        )
      }
      switch source.storage {
      case .text(let text):
        let codes = partner.map { $0 < 0 ? -1 : text.codes[$0] }
        result.set(Column(prefix + name, .text(CodedText(levels: text.levels, codes: codes))))
      case .number(let values):
        result.set(Column(prefix + name, .number(partner.map { $0 < 0 ? .nan : values[$0] })))
      }
    }
    return result
  }

  /// The rows here (indices) whose key is missing or stands nowhere in the other table.
  ///
  /// - Parameters:
  ///   - right: the table looked up.
  ///   - leftKey: the key's column here.
  ///   - rightKey: the key's column there.
  /// - Returns: row indices, ascending.
  /// - Throws: a refusal for each key that stands twice on the right, or an absent column.
  package func rowsWithoutPartner(
    in right: Table,
    on leftKey: String,
    rightKey: String
  ) throws(InputRefusal) -> [Int] {
    let partner = try partners(in: right, on: leftKey, rightKey: rightKey)
    return partner.indices.filter { partner[$0] < 0 }
  }

  private func partners(
    in right: Table,
    on leftKey: String,
    rightKey: String
  ) throws(InputRefusal) -> [Int] {
    let duplicates = try right.duplicateFindings(key: [rightKey])
    guard duplicates.isEmpty else { throw InputRefusal(duplicates) }
    let rightText = try right.column(rightKey).codedText
    let leftText = try column(leftKey).codedText
    var levels = ByteLevels()
    var rowOfCode: [Int] = []
    for (row, code) in rightText.codes.enumerated() where code >= 0 {
      let level = Int(levels.code(of: rightText.levels[Int(code)]))
      if level == rowOfCode.count { rowOfCode.append(row) }
    }
    let known = rowOfCode.count
    let partnerOfLevel = leftText.levels.map { level in
      let code = Int(levels.code(of: level))
      return code < known ? rowOfCode[code] : -1
    }
    return leftText.codes.map { $0 < 0 ? -1 : partnerOfLevel[Int($0)] }
  }

  /// One refusal for each row whose key stood in an earlier row; both rows are named.
  ///
  /// - Parameter key: the columns that together must be unique; a row with a missing part is left out.
  /// - Returns: the findings, in row order.
  /// - Throws: a refusal for an absent column.
  package func duplicateFindings(key: [String]) throws(InputRefusal) -> [Finding] {
    var texts: [CodedText] = []
    for name in key { texts.append(try column(name).codedText) }
    var firstRows: [[UInt8]: Int] = [:]
    var findings: [Finding] = []
    firstRows.reserveCapacity(rowCount)
    for index in 0..<rowCount {
      guard texts.allSatisfy({ $0.codes[index] >= 0 }) else { continue }
      let parts = texts.map { $0.levels[Int($0.codes[index])] }
      let bytes = Array(parts.joined(separator: "\u{1F}").utf8)
      guard let earlier = firstRows.updateValue(index, forKey: bytes) else { continue }
      firstRows[bytes] = earlier
      findings.append(
        Finding(
          "id-duplicate",
          file: file,
          sheet: sheet,
          row: fileRow(of: index),
          column: key.joined(separator: ", "),
          value: parts.map(maskedIdentifier).joined(separator: ", "),
          message: LocalizedText(
            zh: "与第 \(fileRow(of: earlier)) 行重复。",
            en: "stands already in row \(fileRow(of: earlier))."
          ),
          fix: LocalizedText(
            zh: "每个编号只能出现一次；整行相同的可用 --dedupe 去重。",
            en: "Each must stand once; rows equal in every cell can be dropped with --dedupe."
          )
        )
      )
    }
    return findings
  }

  /// Drops rows that equal an earlier one in every column, with one note for each.
  package func withoutIdenticalRows() -> (table: Table, notes: [Finding]) {
    let texts = columns.map(\.codedText)
    var firstRows: [[Int32]: Int] = [:]
    var kept: [Int] = []
    var notes: [Finding] = []
    for index in 0..<rowCount {
      let codes = texts.map { $0.codes[index] }
      if let earlier = firstRows[codes] {
        notes.append(
          Finding(
            "row-identical",
            severity: .note,
            file: file,
            sheet: sheet,
            row: fileRow(of: index),
            message: LocalizedText(
              zh: "与第 \(fileRow(of: earlier)) 行完全相同，已去掉。",
              en: "equals row \(fileRow(of: earlier)) in every cell and was dropped."
            ),
            fix: LocalizedText("")
          )
        )
      } else {
        firstRows[codes] = index
        kept.append(index)
      }
    }
    return (notes.isEmpty ? self : rows(kept), notes)
  }
}

extension Column {
  /// The values of all parts, one after another; text if any part is text.
  package static func concatenated(_ parts: [Column]) -> Column {
    let name = parts.first?.name ?? ""
    var numbers: [Double] = []
    numbers.reserveCapacity(parts.reduce(0) { $0 + $1.rowCount })
    for part in parts {
      guard case .number(let values) = part.storage else { return Column(name, joinedTexts(parts)) }
      numbers += values
    }
    return Column(name, .number(numbers))
  }

  private static func joinedTexts(_ parts: [Column]) -> Storage {
    var levels = ByteLevels()
    var codes: [Int32] = []
    codes.reserveCapacity(parts.reduce(0) { $0 + $1.rowCount })
    for part in parts {
      let text = part.codedText
      let newCodes = text.levels.map { levels.code(of: $0) }
      for code in text.codes { codes.append(code < 0 ? -1 : newCodes[Int(code)]) }
    }
    return .text(CodedText(levels: levels.texts, codes: codes))
  }
}
