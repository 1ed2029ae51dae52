import SurveyData
package import SurveyDesign

/// One line of an allocation: a stratum within its parent.
package struct AllocationLine: Sendable {
  package var parent: String?
  package var stratum: [String]
  package var result: AllocatedStratum
}

/// Shares a total out over the strata of every parent.
/// - Returns: one line a cell, in their order.
/// - Throws: every figure that is missing or no number, and every parent whose total cannot be shared out.
func allocated(
  _ allocation: Allocation,
  _ plan: StagePlan,
  to cells: [PreparedCell],
  strata: [[String]],
  frame: Table
) throws(InputRefusal) -> [AllocationLine] {
  guard let rule = Allocations.named(allocation.rule) else { return [] }
  var reader = FigureReader(plan: plan, frame: frame, strata: strata)
  let isFirst = isFirstStage(cells)
  for figure in [allocation.deviation, allocation.variation, allocation.cost] {
    guard case .byStratum(let values) = figure else { continue }
    reader.findings += unknownStrata(plan, Array(values.keys), strata: strata, file: frame.file, isFirst: isFirst)
  }
  var inputs = [AllocationStratum]()
  for cell in cells {
    inputs.append(
      AllocationStratum(
        populationSize: cell.rows.count,
        takable: cell.takable,
        required: cell.certain.count,
        sizeTotal: allocation.size.map { reader.total(of: $0, in: cell) },
        deviation: allocation.deviation.map { reader.value(of: $0, .deviation, in: cell) },
        variation: allocation.variation.map { reader.value(of: $0, .variation, in: cell) },
        cost: allocation.cost.map { reader.value(of: $0, .cost, in: cell) }
      )
    )
  }
  if !reader.findings.isEmpty { throw InputRefusal(listing: reader.findings) }
  var lines = [AllocationLine]()
  var findings = [Finding]()
  var begin = 0
  while begin < cells.count {
    var end = begin
    while end < cells.count, cells[end].parent == cells[begin].parent { end += 1 }
    do throws(AllocationFault) {
      let results = try allocate(allocation, by: rule, over: Array(inputs[begin..<end]))
      for (cell, result) in zip(cells[begin..<end], results) {
        lines.append(AllocationLine(parent: cell.parent, stratum: cell.stratum, result: result))
      }
    } catch {
      findings.append(allocationFinding(error, plan, cells: cells[begin..<end], rule: rule, file: frame.file))
    }
    begin = end
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  return lines
}

/// Reads the figures of strata out of the frame or the plan, collecting what is wrong.
private struct FigureReader {
  let plan: StagePlan
  let frame: Table
  let strata: [[String]]
  var findings: [Finding] = []
  private var columns: [String: ParsedColumn] = [:]

  init(plan: StagePlan, frame: Table, strata: [[String]]) {
    self.plan = plan
    self.frame = frame
    self.strata = strata
  }

  private struct ParsedColumn {
    var codes: [Int32]
    var levels: [String]
    /// The number of every level, nil where it is none.
    var numbers: [Double?]
  }

  /// The column, or nil after it was named as missing.
  private mutating func column(_ name: String) -> ParsedColumn? {
    if let known = columns[name] { return known.codes.isEmpty ? nil : known }
    guard let text = frame[name]?.codedText else {
      findings.append(Finding.missingColumn(name, in: frame.columnNames, file: frame.file))
      columns[name] = ParsedColumn(codes: [], levels: [], numbers: [])
      return nil
    }
    let parsed = ParsedColumn(codes: text.codes, levels: text.levels, numbers: text.levels.map { plainNumber($0) })
    columns[name] = parsed
    return parsed
  }

  /// X: the total of whole numbers, exact whatever the order of the rows.
  mutating func total(of name: String, in cell: PreparedCell) -> Double {
    guard let column = column(name) else { return 0 }
    var total: UInt64 = 0
    for row in cell.rows {
      let code = Int(column.codes[Int(row)])
      let number = code < 0 ? nil : column.numbers[code]
      guard let number, number >= 0, number < 9_007_199_254_740_992, number == number.rounded() else {
        findings.append(
          badFigure(name, row: Int(row), zh: "规模不是不小于 0 的整数。", en: "the size is not a whole number of at least 0.")
        )
        continue
      }
      let (sum, overflows) = total.addingReportingOverflow(UInt64(number))
      if overflows {
        findings.append(
          badFigure(name, row: Int(row), zh: "规模合计过大，无法精确计算。", en: "the sizes add up to more than can be computed exactly.")
        )
        break
      }
      total = sum
    }
    return Double(total)
  }

  /// S, CV or c of a stratum.
  mutating func value(of figure: StratumFigure, _ kind: AllocationFigure, in cell: PreparedCell) -> Double {
    switch figure {
    case .byStratum(let values):
      let key = stratumKey(cell.stratum)
      guard let value = values[key] ?? values[Take.otherStrata] else {
        findings.append(
          strataFinding(
            plan,
            "allocation-figure-missing",
            key,
            file: frame.file,
            zh: "没有给出这一层的 \(kind.rawValue)。",
            en: "no \(kind.rawValue) is given for this stratum."
          )
        )
        return 1
      }
      if isUsable(value, kind) { return value }
      findings.append(
        strataFinding(
          plan,
          "allocation-figure",
          key,
          file: frame.file,
          zh: "\(kind.rawValue) = \(shortest(value)) 不可用：\(wanted(kind).zh)。",
          en: "\(kind.rawValue) = \(shortest(value)) cannot be used: \(wanted(kind).en)."
        )
      )
      return 1
    case .column(let name): return constant(name, kind, in: cell)
    }
  }

  private mutating func constant(_ name: String, _ kind: AllocationFigure, in cell: PreparedCell) -> Double {
    guard let column = column(name) else { return 1 }
    var found: Double?
    for row in cell.rows {
      let code = Int(column.codes[Int(row)])
      guard code >= 0, let number = column.numbers[code], isUsable(number, kind) else {
        findings.append(badFigure(name, row: Int(row), zh: "\(wanted(kind).zh)。", en: "\(wanted(kind).en)."))
        return 1
      }
      guard let before = found, before != number else {
        found = number
        continue
      }
      findings.append(
        Finding(
          "allocation-not-constant",
          file: frame.file,
          sheet: frame.sheet,
          row: frame.fileRow(of: Int(row)),
          column: name,
          value: column.levels[code],
          message: LocalizedText(
            zh: "层“\(cell.place)”内的值不一致：前面是 \(shortest(before))。",
            en: "has not one value in stratum \"\(cell.place)\": before it was \(shortest(before))."
          ),
          fix: LocalizedText(
            zh: "\(kind.rawValue) 是各层的数，一层内每行须相同。",
            en: "The \(kind.rawValue) belongs to the stratum: every row of it must have the same."
          )
        )
      )
      return before
    }
    return found ?? 1
  }

  private func isUsable(_ value: Double, _ kind: AllocationFigure) -> Bool {
    value.isFinite && (kind == .cost ? value > 0 : value >= 0)
  }

  private func wanted(_ kind: AllocationFigure) -> LocalizedText {
    kind == .cost
      ? LocalizedText(zh: "须为大于 0 的数", en: "it must be a number greater than 0")
      : LocalizedText(zh: "须为不小于 0 的数", en: "it must be a number of at least 0")
  }

  private func badFigure(_ name: String, row: Int, zh: String, en: String) -> Finding {
    Finding(
      "allocation-figure",
      file: frame.file,
      sheet: frame.sheet,
      row: frame.fileRow(of: row),
      column: name,
      value: frame[name]?.text(at: row),
      message: LocalizedText(zh: zh, en: en),
      fix: LocalizedText(zh: "请改正该值。", en: "Mend the value.")
    )
  }
}

private func allocationFinding(
  _ fault: AllocationFault,
  _ plan: StagePlan,
  cells: ArraySlice<PreparedCell>,
  rule: any AllocationRule,
  file: String
) -> Finding {
  let parent = cells.first?.parent
  func finding(_ code: String, zh: String, en: String, fixZh: String, fixEn: String) -> Finding {
    Finding(
      code,
      file: file,
      value: parent,
      message: LocalizedText(zh: "阶段“\(plan.name)”：\(zh)", en: "stage \"\(plan.name)\": \(en)"),
      fix: LocalizedText(zh: fixZh, en: fixEn)
    )
  }
  switch fault {
  case .minimaExceedTotal(let minima, let total):
    return finding(
      "allocation-minima",
      zh: "\(cells.count) 层的下限合计 \(minima)，大于总样本量 \(total)。",
      en: "the least numbers of its \(cells.count) strata add up to \(minima), more than the total of \(total).",
      fixZh: "请增加总量，或降低 min、take-all-up-to 或必选单元。",
      fixEn: "Raise the total, or lower min, take-all-up-to or the must-include units."
    )
  case .totalExceedsRoom(let total, let room):
    return finding(
      "allocation-total",
      zh: "要分配 \(total)，各层合计只能取 \(room)。",
      en: "\(total) are to be shared out, but the strata can take only \(room).",
      fixZh: "请减少总量、提高 max，或写成“up-to \(total)”；测度为 0 的层只取下限。",
      fixEn: "Lower the total, raise max, or write \"up-to \(total)\"; a stratum of measure 0 takes its minimum only."
    )
  case .measuresAreZero:
    return finding(
      "allocation-zero",
      zh: "各层的测度（\(rule.measureFormula)）都是 0，无法按“\(rule.name)”分配。",
      en: "the measure (\(rule.measureFormula)) of every stratum is 0: nothing can be shared out by \"\(rule.name)\".",
      fixZh: "请核对规模、sd 或 cv。",
      fixEn: "Check the sizes, sd or cv."
    )
  case .measureOutOfRange(let place):
    return finding(
      "allocation-measure",
      zh: "层“\(cells[cells.startIndex + place].place)”的测度（\(rule.measureFormula)）过大，无法计算。",
      en: "the measure (\(rule.measureFormula)) of stratum \"\(cells[cells.startIndex + place].place)\" is beyond what "
        + "is computed.",
      fixZh: "请改用较大的计量单位。",
      fixEn: "Use a larger unit of measurement."
    )
  }
}
