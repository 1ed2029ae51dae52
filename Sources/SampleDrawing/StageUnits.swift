import SurveyData
import SurveyDesign

/// The frame of one stage, read and checked: who can be drawn, in which stratum, within which parent.
struct StageUnits: Sendable {
  var order: UnitOrder
  /// The id of every row of a frame that was read as a table.
  var ids: CodedText
  /// The distinct strata of the whole frame, in the order of their values' bytes.
  var strata: [[String]]
  var cells: [Cell]

  /// One stratum within one parent; empty strata do not appear.
  struct Cell: Sendable {
    /// The place of the parent in the list of drawn parents.
    var parent: Int?
    /// The place of the stratum in ``strata``.
    var stratum: Int
    /// The units in memory: all, or those that can still be drawn.
    var rows: ArraySlice<Int32>
    /// How many units there are.
    var population: Int

    init(parent: Int?, stratum: Int, rows: ArraySlice<Int32>, population: Int? = nil) {
      self.parent = parent
      self.stratum = stratum
      self.rows = rows
      self.population = population ?? rows.count
    }
  }

  /// Units that were gathered without a table.
  init(order: UnitOrder, strata: [[String]], cells: [Cell]) {
    self.order = order
    ids = CodedText(levels: [], codes: [])
    self.strata = strata
    self.cells = cells
  }

  /// Reads the frame, collecting everything that is wrong with it.
  /// - Throws: all findings of the frame at once.
  init(_ plan: StagePlan, frame: Table, parents: [String]?) throws(InputRefusal) {
    let columns = try StageColumns(plan, frame: frame, hasParents: parents != nil)
    var found = RowFindings(file: frame.file)
    checkIdentifiers(columns.id, column: plan.id, frame: frame, into: &found)
    for (name, values) in zip(plan.strata, columns.strata) {
      checkValues(values, column: name, frame: frame, into: &found)
    }
    if let parent = columns.parent, let name = plan.parent {
      checkValues(parent, column: name, frame: frame, into: &found)
    }
    let sizes = readSizes(columns.size, rowCount: frame.rowCount)
    for row in sizes.badRows { found.add(sizeFinding(row, plan: plan, frame: frame)) }
    var ranks = [[Int32]]()
    for (key, column) in zip(plan.sort, columns.sort) {
      switch sortRanks(column, key: key) {
      case .success(let rank): ranks.append(rank)
      case .failure(let bad):
        for row in bad.rows { found.add(sortFinding(row, column: column, key: key, frame: frame)) }
      }
    }
    let measures = readMeasures(plan, frame: frame, into: &found)
    if !found.all.isEmpty { throw InputRefusal(found.all) }

    ids = columns.id
    order = UnitOrder(
      ids: UnitIdentifiers(levels: ids.levels, codes: ids.codes),
      sizes: sizes.values,
      sortRanks: ranks,
      measures: measures
    )
    let grouping = StratumGrouping(columns.strata, rowCount: frame.rowCount)
    strata = grouping.strata
    try checkStratumTexts(strata, plan: plan, file: frame.file)
    cells = try groupedCells(
      plan,
      frame: frame,
      stratumOfRow: grouping.stratumOfRow,
      parent: columns.parent,
      parents: parents
    )
  }
}

/// The columns a plan names, or a refusal that lists all that are missing.
private struct StageColumns {
  var id: CodedText
  var parent: CodedText?
  var strata: [CodedText]
  var size: Column?
  var sort: [Column]

  init(_ plan: StagePlan, frame: Table, hasParents: Bool) throws(InputRefusal) {
    var findings = [Finding]()
    func find(_ name: String) -> Column {
      if let column = frame[name] { return column }
      findings.append(Finding.missingColumn(name, in: frame.columnNames, file: frame.file))
      return Column(name, numbers: [])
    }
    id = find(plan.id).codedText
    strata = plan.strata.map { find($0).codedText }
    size = plan.size.map { find($0) }
    sort = plan.sort.map { find($0.column) }
    for name in plan.measures { _ = find(name) }
    parent = nil
    if hasParents {
      if let name = plan.parent {
        parent = find(name).codedText
      } else {
        findings.append(
          planFinding(
            plan,
            "parent-missing",
            zh: "没有指明上一阶段单元的列。",
            en: "the column with the unit of the stage before is not named.",
            fixZh: "请给出 parent。",
            fixEn: "Give its parent."
          )
        )
      }
    }
    if SelectionMethods.named(plan.method)?.takesSize != true { size = nil }
    if !findings.isEmpty { throw InputRefusal(findings) }
  }
}

/// Rows with an id that is empty, not admitted by the protocol, or used before.
private func checkIdentifiers(
  _ ids: CodedText,
  column: String,
  frame: Table,
  into found: inout RowFindings
) {
  let faults = ids.levels.map { identifierFault($0) }
  var firstRow = [Int32](repeating: -1, count: ids.levels.count)
  for row in 0..<ids.codes.count {
    let code = Int(ids.codes[row])
    let fault = code < 0 ? TextFault.empty : faults[code]
    if let fault {
      found.add(
        Finding(
          "id-invalid",
          file: frame.file,
          sheet: frame.sheet,
          row: frame.fileRow(of: row),
          column: column,
          value: code < 0 ? nil : masked(ids.levels[code]),
          message: LocalizedText(zh: "编号\(fault.words.zh)。", en: "the id \(fault.words.en)."),
          fix: LocalizedText(
            zh: "编号须为非空的 NFC 文本，无控制字符。",
            en: "An id is a text in NFC, not empty, without control characters."
          )
        )
      )
      continue
    }
    if firstRow[code] < 0 {
      firstRow[code] = Int32(row)
      continue
    }
    let before = frame.fileRow(of: Int(firstRow[code]))
    found.add(
      Finding(
        "id-duplicate",
        file: frame.file,
        sheet: frame.sheet,
        row: frame.fileRow(of: row),
        column: column,
        value: masked(ids.levels[code]),
        message: LocalizedText(
          zh: "编号重复：第 \(before) 行已用，全阶段内编号须唯一。",
          en: "the id already stands in row \(before); ids are unique over the whole stage."
        ),
        fix: LocalizedText(
          zh: "请改正；若编号在每个上级单元内重新起编，请改用“上级编号/编号”。",
          en: "Mend it; where numbers start anew within each parent, use parent/number as the id."
        )
      )
    )
  }
}

/// Rows whose stratum or parent is missing or holds control characters.
private func checkValues(
  _ values: CodedText,
  column: String,
  frame: Table,
  into found: inout RowFindings
) {
  let isBad = values.levels.map { $0.isEmpty || identifierFault($0) == .controlCharacter }
  for row in 0..<values.codes.count {
    let code = Int(values.codes[row])
    if code >= 0, !isBad[code] { continue }
    found.add(
      Finding(
        "stratum-invalid",
        file: frame.file,
        sheet: frame.sheet,
        row: frame.fileRow(of: row),
        column: column,
        value: code < 0 ? nil : values.levels[code],
        message: LocalizedText(
          zh: "分层或上级单元的值为空或含控制字符。",
          en: "the value of a stratum or parent is missing or holds control characters."
        ),
        fix: LocalizedText(zh: "请补全该值。", en: "Fill it in.")
      )
    )
  }
}

private func readSizes(_ column: Column?, rowCount: Int) -> (values: [UInt64], badRows: [Int]) {
  guard let column else { return ([], []) }
  let text = column.codedText
  let parsed = text.levels.map { wholeSize($0) }
  var values = [UInt64]()
  var badRows = [Int]()
  values.reserveCapacity(rowCount)
  for row in 0..<text.codes.count {
    let code = Int(text.codes[row])
    if code >= 0, let size = parsed[code] {
      values.append(size)
    } else {
      values.append(0)
      badRows.append(row)
    }
  }
  return (values, badRows)
}

/// A size as plain digits, less than 2^63.
private func wholeSize(_ text: String) -> UInt64? {
  let areDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  guard areDigits, let size = UInt64(text), size < 1 << 63 else { return nil }
  return size
}

private func sizeFinding(_ row: Int, plan: StagePlan, frame: Table) -> Finding {
  let name = plan.size ?? ""
  return Finding(
    "size-invalid",
    file: frame.file,
    sheet: frame.sheet,
    row: frame.fileRow(of: row),
    column: name,
    value: frame[name]?.text(at: row),
    message: LocalizedText(zh: "规模不是不小于 0 的整数。", en: "the size is not a whole number of at least 0."),
    fix: LocalizedText(
      zh: "请填整数；规模为 0 的单元永不抽中。",
      en: "Write a whole number; a unit of size 0 is never taken."
    )
  )
}

struct BadSortRows: Error {
  var rows: [Int]
}

/// The rank of every row by one sort key, turned round where it descends.
func sortRanks(_ column: Column, key: SortKey) -> Result<[Int32], BadSortRows> {
  if key.numeric {
    switch column.numbers(missing: []) {
    case .notNumbers(let rows): return .failure(BadSortRows(rows: rows))
    case .numbers(let values):
      let missing = values.indices.filter { values[$0].isNaN }
      if !missing.isEmpty { return .failure(BadSortRows(rows: missing)) }
      let distinct = values.sorted()
      var rankOfBits = [Double: Int32]()
      for value in distinct where rankOfBits[value] == nil { rankOfBits[value] = Int32(rankOfBits.count) }
      return .success(values.map { (key.descending ? -1 : 1) * (rankOfBits[$0] ?? 0) })
    }
  }
  let text = column.codedText
  let order = text.levels.indices.sorted { precedesAsBytes(text.levels[$0], text.levels[$1]) }
  var rankOfCode = [Int32](repeating: 0, count: text.levels.count)
  for (rank, code) in order.enumerated() { rankOfCode[code] = Int32(rank + 1) }
  return .success(text.codes.map { (key.descending ? -1 : 1) * ($0 < 0 ? 0 : rankOfCode[Int($0)]) })
}

private func sortFinding(_ row: Int, column: Column, key: SortKey, frame: Table) -> Finding {
  Finding(
    "sort-invalid",
    file: frame.file,
    sheet: frame.sheet,
    row: frame.fileRow(of: row),
    column: key.column,
    value: column.text(at: row),
    message: LocalizedText(zh: "排序列的值不是数字。", en: "the value to sort by is not a number."),
    fix: LocalizedText(zh: "请改正，或按文本排序。", en: "Mend it, or sort as text.")
  )
}

/// Shows only the ends of a long number, which could be a person's.
func masked(_ id: String) -> String {
  let characters = Array(id)
  if characters.count < 15 { return id }
  return String(characters.prefix(6)) + "…" + String(characters.suffix(2))
}
