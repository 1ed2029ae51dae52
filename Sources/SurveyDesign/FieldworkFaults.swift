internal import SurveyData

/// Lays a record beside a list and names everything that does not fit.
struct FieldworkFaults {
  private(set) var units: [FieldworkAccount.Unit]
  private(set) var findings: [Finding] = []
  private let cells: [FieldworkAccount.Cell]
  private let stage: String
  private let listFile: String
  private let recordFile: String
  private var placeByID: [String: Int]
  /// The units that say a reserve stands in for them, by the reserve's place.
  private var replacedUnits: [Int: [Int]] = [:]

  init(
    units: [FieldworkAccount.Unit],
    cells: [FieldworkAccount.Cell],
    stage: String,
    listFile: String,
    recordFile: String
  ) {
    self.units = units
    self.cells = cells
    self.stage = stage
    self.listFile = listFile
    self.recordFile = recordFile
    placeByID = [String: Int](minimumCapacity: units.count)
    for (place, unit) in units.enumerated() { placeByID[unit.id] = place }
  }

  /// Gives each unit what counts of the record.
  mutating func place(_ records: [FieldworkRecord]) {
    for record in records {
      guard let place = placeByID[record.unit] else {
        add(
          "unit-not-drawn",
          record,
          "unit",
          record.unit,
          LocalizedText(zh: "名单中没有这个单位。", en: "the list has no such unit."),
          LocalizedText(
            zh: "不属于样本：请核对编号，用 --correct 改记到名单中的单位。",
            en: "It is not of the sample: check the id against the list."
          )
        )
        continue
      }
      if let earlier = units[place].record, record.corrects == nil {
        add(
          "unit-twice",
          record,
          "unit",
          record.unit,
          LocalizedText(
            zh: "与第 \(earlier.number) 号记录是同一单位；以先记的为准。",
            en: "is the unit of record \(earlier.number), which counts until it is corrected."
          ),
          LocalizedText(zh: "请核实后用 --correct 更正。", en: "Find out which is right; correct with --correct.")
        )
        continue
      }
      units[place].record = record
    }
  }

  /// Looks at every unit in use, then at every unit that nothing was said of.
  mutating func check() {
    for place in units.indices {
      guard let record = units[place].record, let reserve = record.replacedBy else { continue }
      checkReplacement(of: place, record, by: reserve)
    }
    for place in units.indices where !units[place].isSelected { checkReserve(place) }
    for place in units.indices where units[place].isSelected && units[place].record == nil {
      let unit = units[place]
      findings.append(
        Finding(
          "unit-without-outcome",
          severity: .warning,
          file: listFile,
          row: unit.listRow,
          column: stage,
          value: shownUnit(unit.id),
          message: LocalizedText(zh: "抽中而没有访问结果。", en: "was selected and has no outcome."),
          fix: LocalizedText(zh: "请补记结果；未访问也须说明。", en: "Record one, also where nobody went there.")
        )
      )
    }
  }

  private mutating func checkReplacement(of place: Int, _ record: FieldworkRecord, by reserve: String) {
    let cell = cells[units[place].cell]
    let own = cell.reserves.map { units[$0].id }
    let ownText = own.prefix(10).joined(separator: ", ")
    let useOwn =
      own.isEmpty
      ? LocalizedText(zh: "这一层没有备选。", en: "Its stratum has no reserves.")
      : LocalizedText(zh: "这一层的备选依次为：\(ownText)。", en: "The reserves of its stratum are, in order: \(ownText).")
    guard let used = placeByID[reserve] else {
      add(
        "reserve-not-listed",
        record,
        "replaced_by",
        reserve,
        LocalizedText(
          zh: "代替 \(masked(record.unit))，而名单中没有它。",
          en: "stands in for \(masked(record.unit)) and is not in the list."
        ),
        useOwn
      )
      return
    }
    if units[used].isSelected {
      add(
        "reserve-selected",
        record,
        "replaced_by",
        reserve,
        LocalizedText(zh: "本身是抽中的单位，不是备选。", en: "is a selected unit and no reserve."),
        useOwn
      )
    } else if units[used].cell != units[place].cell {
      let there = describe(cells[units[used].cell])
      let here = describe(cell)
      add(
        "reserve-elsewhere",
        record,
        "replaced_by",
        reserve,
        LocalizedText(
          zh: "是 \(there) 的备选，却代替 \(here) 的 \(masked(record.unit))。",
          en: "is a reserve of \(there) and stands in for \(masked(record.unit)) of \(here)."
        ),
        useOwn
      )
    }
    if let first = replacedUnits[used]?.first {
      add(
        "reserve-shared",
        record,
        "replaced_by",
        reserve,
        LocalizedText(
          zh: "已代替 \(masked(units[first].id))。",
          en: "stands in for \(masked(units[first].id)) already."
        ),
        LocalizedText(zh: "一个备选只能代替一个单位。", en: "A reserve stands in for one unit.")
      )
    }
    replacedUnits[used, default: []].append(place)
    if record.outcome.isInterview {
      add(
        "replaced-unit-completed",
        record,
        "replaced_by",
        reserve,
        LocalizedText(
          zh: "被代替的 \(masked(record.unit)) 本身已“\(record.outcome.title.zh)”。",
          en: "stands in for \(masked(record.unit)), which was itself \(record.outcome.title.en)."
        ),
        LocalizedText(zh: "完成的单位不需要代替：请更正其一。", en: "It needs nobody in its place: correct one of the two.")
      )
    }
    if units[used].record == nil {
      add(
        "reserve-without-outcome",
        record,
        "replaced_by",
        reserve,
        LocalizedText(zh: "用作代替而没有访问结果。", en: "stands in for a unit and has no outcome."),
        LocalizedText(zh: "请补记它的结果。", en: "Record its outcome.")
      )
    }
  }

  private mutating func checkReserve(_ place: Int) {
    guard let record = units[place].record else { return }
    let cell = cells[units[place].cell]
    let replaced = replacedUnits[place] ?? []
    if replaced.isEmpty {
      add(
        "reserve-unlinked",
        record,
        "unit",
        record.unit,
        LocalizedText(
          zh: "是备选，有访问结果，却没有单位说明由它代替。",
          en: "is a reserve with an outcome, and no unit says that it was replaced by it."
        ),
        LocalizedText(
          zh: "请在被代替的单位上填写“替换为”。",
          en: "Give it as replaced_by of the unit in whose place it was visited."
        )
      )
    }
    let reasons = replaced.compactMap { units[$0].record?.reason } + [record.reason].compactMap { $0 }
    if reasons.isEmpty {
      add(
        "reserve-without-reason",
        record,
        "reason",
        record.unit,
        LocalizedText(zh: "用了备选而没有写明原因。", en: "is a reserve that was used, and no reason was written down."),
        LocalizedText(
          zh: "请在被代替的单位或备选上填写原因。",
          en: "Write the reason at the unit it stands in for, or at the reserve."
        )
      )
    }
    let before = cell.reserves.prefix { $0 != place }
    // A reserve that a unit names is in use, though its own line may still be missing.
    let skipped = before.filter { units[$0].record == nil && replacedUnits[$0] == nil }
    if !skipped.isEmpty {
      let names = skipped.map { masked(units[$0].id) }.joined(separator: ", ")
      add(
        "reserve-out-of-order",
        record,
        "unit",
        record.unit,
        LocalizedText(
          zh: "是第 \(units[place].order) 个备选，排在它前面的 \(names) 还没有用。",
          en: "is reserve \(units[place].order) of its stratum, and \(names) before it was not used."
        ),
        LocalizedText(
          zh: "备选须依次使用：请先访前面的，或更正记录。",
          en: "Reserves are used in their order: visit those before it, or correct the record."
        )
      )
    }
  }

  private mutating func add(
    _ code: String,
    _ record: FieldworkRecord,
    _ column: String,
    _ value: String,
    _ message: LocalizedText,
    _ fix: LocalizedText
  ) {
    let source = record.source.map { LocalizedText(zh: "（来自 \($0)）", en: " (from \($0))") }
    findings.append(
      Finding(
        code,
        severity: .warning,
        file: recordFile,
        row: record.number + 1,
        column: column,
        value: masked(value),
        message: LocalizedText(
          zh: message.zh + (source?.zh ?? ""),
          en: message.en + (source?.en ?? "")
        ),
        fix: fix
      )
    )
  }

  private func describe(_ cell: FieldworkAccount.Cell) -> String {
    let parts = cell.parents.suffix(1) + (cell.stratum.isEmpty ? [] : [cell.stratum])
    return parts.isEmpty ? "–" : parts.map(shownUnit).joined(separator: "/")
  }

  private func masked(_ id: String) -> String { shownUnit(id) }
}

/// A unit's id for messages: whoever mends the record needs it whole, unless it is a person's identity number.
package func shownUnit(_ id: String) -> String {
  let bytes = Array(id.utf8)
  let isIdentity =
    (bytes.count == 18 || bytes.count == 15)
    && bytes.dropLast().allSatisfy { (0x30...0x39).contains($0) }
  return isIdentity ? maskedIdentifier(id) : id
}
