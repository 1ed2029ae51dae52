internal import CReadStat
internal import SurveyData

/// One reading of the rows of a statistics file: chunks, missing values by why, and everything found wrong.
final class StatisticsRun: ReadStatReader {
  /// How one variable of the file becomes a column.
  private struct Target {
    let place: Int
    let name: String
    let isText: Bool
    let wantsNumbers: Bool
    let isIdentifier: Bool
    let date: StatisticsDate?
    let numberLabels: [Double: [UInt8]]
    let textLabels: [[UInt8]: [UInt8]]
    let missingNumbers: [ClosedRange<Double>]
    let missingTexts: [[UInt8]]
    let labels: [DataDictionary.ValueLabel]
    var tally = MissingTally()
  }

  private let source: StatisticsFile
  private let options: ReadOptions
  private let missing: MissingNumbers
  private let consume: (Table) throws -> Void
  private let selection: [SelectedColumn]
  private var targets: [Target] = []
  /// By the variable's place in the file its place among the targets, or −1.
  private var targetOf: [Int] = []
  private var columns: [ColumnBuilder] = []
  private let chunkRows: Int
  private var chunkFirst = 0
  /// Rows begun.
  private(set) var rows = 0
  private var chunkFindings = 0
  private var findings: [Finding] = []
  private var findingCount = 0
  private var thrown: (any Error)?
  private let decoder: CellDecoder

  init(_ source: StatisticsFile, options: ReadOptions, consume: @escaping (Table) throws -> Void) throws {
    self.source = source
    self.options = options
    self.consume = consume
    missing = MissingNumbers(options.missingNumbers)
    decoder = source.decoder
    let variables = source.dictionary.variables
    var selection = try options.selection(from: source.header, file: source.file.name, sheet: nil)
    for place in selection.indices where options.columns == nil {
      let variable = variables[selection[place].position]
      let isNumber =
        !variable.isText && !options.identifiers.contains(variable.name)
        && StatisticsDate(variable.format ?? "", of: source.kind) == nil
        && !(options.labels == .labels && !variable.valueLabels.isEmpty)
      selection[place].kind = isNumber ? .number : .text
    }
    self.selection = selection
    chunkRows = max(1, min(64 << 10, options.blockSize / (8 * max(1, selection.count))))
    super.init()
    targetOf = [Int](repeating: -1, count: variables.count)
    for (place, selected) in selection.enumerated() {
      targetOf[selected.position] = targets.count
      targets.append(target(variables[selected.position], selected, place: place))
    }
    beginChunk()
  }

  private func target(_ variable: DataDictionary.Variable, _ selected: SelectedColumn, place: Int) -> Target {
    var numberLabels: [Double: [UInt8]] = [:]
    var textLabels: [[UInt8]: [UInt8]] = [:]
    if options.labels == .labels, selected.kind == .text {
      for (value, label) in variable.shownLabels {
        switch value {
        case .number(let number): numberLabels[number] = Array(label.utf8)
        case .text(let text): textLabels[Array(text.utf8)] = Array(label.utf8)
        case .tag: break
        }
      }
    }
    var ranges: [ClosedRange<Double>] = []
    var texts: [[UInt8]] = []
    for range in options.keepsDeclaredMissing ? [] : variable.missing {
      switch (range.low, range.high) {
      case (.number(let low), .number(let high)): if low <= high { ranges.append(low...high) }
      case (.text(let text), _): texts.append(Array(text.utf8))
      default: break
      }
    }
    return Target(
      place: place,
      name: variable.name,
      isText: variable.isText,
      wantsNumbers: selected.kind == .number,
      isIdentifier: options.identifiers.contains(variable.name),
      date: variable.isText ? nil : StatisticsDate(variable.format ?? "", of: source.kind),
      numberLabels: numberLabels,
      textLabels: textLabels,
      missingNumbers: ranges,
      missingTexts: texts,
      labels: variable.valueLabels
    )
  }

  override func variable(
    _ index: Int,
    _ variable: UnsafeMutablePointer<readstat_variable_t>,
    labelSet: UnsafePointer<CChar>?
  ) -> Bool {
    // With no column wanted the first one still tells how many rows there are.
    index < targetOf.count && (targetOf[index] >= 0 || (targets.isEmpty && index == 0))
  }

  override func value(
    row: Int,
    _ variable: UnsafeMutablePointer<readstat_variable_t>,
    _ value: readstat_value_t
  ) -> Bool {
    if row >= rows {
      if rows - chunkFirst >= chunkRows { flush() }
      rows = row + 1
    }
    let index = Int(readstat_variable_get_index(variable))
    guard targetOf.indices.contains(index), targetOf[index] >= 0 else { return thrown == nil }
    let target = targetOf[index]
    if targets[target].isText { addText(value, to: target) } else { addNumber(value, to: target) }
    return thrown == nil
  }

  /// Delivers what is left after ReadStat's last row, and throws everything found wrong.
  func finish(_ verdict: readstat_error_t) throws {
    if let thrown { throw thrown }
    if findings.isEmpty { try StatisticsFile.require(verdict, source.input, source.file, source.kind) }
    flush()
    if let thrown { throw thrown }
    guard findings.isEmpty else { throw InputRefusal(listing: findings, total: findingCount) }
    guard rows > 0 else { throw InputRefusal(.noRows(file: source.file.name)) }
  }

  private func beginChunk() {
    chunkFirst = rows
    chunkFindings = 0
    columns = selection.map { ColumnBuilder($0, capacity: chunkRows) }
  }

  private func flush() {
    let count = rows - chunkFirst
    guard count > 0 else { return }
    if chunkFindings == 0, thrown == nil {
      let table = Table(
        columns: columns.map(\.column),
        rowCount: count,
        firstRow: chunkFirst + 2,
        file: source.file.name
      )
      do {
        try consume(table)
      } catch let refusal as InputRefusal {
        for finding in refusal.findings { report(finding) }
      } catch {
        thrown = error
      }
    }
    beginChunk()
  }

  private func addNumber(_ value: readstat_value_t, to target: Int) {
    let place = targets[target].place
    if readstat_value_is_tagged_missing(value) != 0 {
      targets[target].tally.add(tag: UInt8(bitPattern: readstat_value_tag(value)))
      return columns[place].addMissing()
    }
    let number = readstat_double_value(value)
    guard !number.isNaN, readstat_value_is_system_missing(value) == 0 else {
      targets[target].tally.addSystem()
      return columns[place].addMissing()
    }
    for range in targets[target].missingNumbers where range.contains(number) {
      targets[target].tally.add(number)
      return columns[place].addMissing()
    }
    guard number.isFinite else { return refuse(.infinite(at: self.place(target)), at: place) }
    if targets[target].wantsNumbers, targets[target].date == nil {
      return columns[place].add(missing.holds(number) ? .nan : number)
    }
    if targets[target].isIdentifier, abs(number) >= 1e15 {
      let (file, name) = (source.file.name, targets[target].name)
      return refuse(
        .numericIdentifier(shortest(number), file: file, sheet: nil, row: rows + 1, column: name),
        at: place
      )
    }
    if let label = targets[target].numberLabels[number] {
      return label.withUnsafeBufferPointer { _ = columns[place].add($0, missing: missing) }
    }
    if let date = targets[target].date {
      guard var text = date.text(number) else {
        return refuse(.badDate(shortest(number), at: self.place(target)), at: place)
      }
      return text.withUTF8 { add($0, to: target) }
    }
    if number == number.rounded(), abs(number) < 1e15 {
      withDigits(Int(number)) { _ = columns[place].add($0, missing: missing) }
    } else {
      var text = shortest(number)
      text.withUTF8 { _ = columns[place].add($0, missing: missing) }
    }
  }

  private func addText(_ value: readstat_value_t, to target: Int) {
    let place = targets[target].place
    guard let bytes = cellBytes(value), !bytes.isEmpty else { return columns[place].addMissing() }
    let isSound = decoder.decode(bytes) { text in
      for code in targets[target].missingTexts where code.elementsEqual(text) {
        targets[target].tally.add(text)
        return columns[place].addMissing()
      }
      if let fault = cellFault(text, at: self.place(target)) { return refuse(fault, at: place) }
      if !targets[target].textLabels.isEmpty, let label = targets[target].textLabels[Array(text)] {
        return label.withUnsafeBufferPointer { _ = columns[place].add($0, missing: missing) }
      }
      add(text, to: target)
    }
    if !isSound { refuse(.undecodable(bytes, decoder.charset, at: self.place(target)), at: place) }
  }

  private func add(_ bytes: UnsafeBufferPointer<UInt8>, to target: Int) {
    guard !columns[targets[target].place].add(bytes, missing: missing) else { return }
    report(
      .notNumber(
        file: source.file.name,
        row: rows + 1,
        column: targets[target].name,
        value: String(decoding: bytes.prefix(60), as: UTF8.self)
      )
    )
  }

  private func place(_ target: Int) -> CellPlace {
    CellPlace(file: source.file.name, sheet: nil, row: rows + 1, column: targets[target].name)
  }

  private func refuse(_ finding: Finding, at place: Int) {
    report(finding)
    columns[place].addMissing()
  }

  private func report(_ finding: Finding) {
    findingCount += 1
    chunkFindings += 1
    if findings.count < InputRefusal.listedAtMost { findings.append(finding) }
  }

  /// The columns that lost declared missing values are named one by one up to here.
  private static let namedColumns = 20

  var notes: [Finding] {
    let file = source.file.name
    var notes = source.notes
    if source.raw.rows == nil, source.kind == .spss {
      notes.append(
        .note(
          "rows-unconfirmed",
          file: file,
          value: "\(rows)",
          LocalizedText(zh: "行；文件没有写明行数，无法核对是否完整。", en: "rows; the file does not say how many there are.")
        )
      )
    }
    if let weight = source.dictionary.weight {
      notes.append(
        .note(
          "weight-declared",
          file: file,
          column: weight,
          LocalizedText(
            zh: "文件声明以此变量加权；只有 --weights 写明时才会使用。",
            en: "is declared as the file's weight; it is used only where --weights says so."
          )
        )
      )
    }
    notes += missingNotes
    if decoder.cutTexts > 0 {
      notes.append(
        .note(
          "text-cut",
          file: file,
          value: "\(decoder.cutTexts)",
          LocalizedText(zh: "处文字在字符中间被字段宽度截断，残余字节已略去。", en: "texts end within a character, which was dropped.")
        )
      )
    }
    return notes
  }

  private var missingNotes: [Finding] {
    let file = source.file.name
    let declared = targets.filter { $0.tally.declared > 0 }
    var notes = declared.prefix(Self.namedColumns).map { target in
      Finding.note(
        "missing-declared",
        file: file,
        column: target.name,
        value: target.tally.shown(labels: target.labels, decoder: decoder),
        LocalizedText(zh: "声明为缺失的值已作缺失。", en: "values declared missing are missing.")
      )
    }
    if declared.count > notes.count {
      let rest = declared.dropFirst(notes.count)
      let count = rest.reduce(0) { $0 + $1.tally.declared }
      notes.append(
        .note(
          "missing-declared",
          file: file,
          value: "\(count)",
          LocalizedText(
            zh: "另有 \(rest.count) 列中声明为缺失的值已作缺失。",
            en: "values of \(rest.count) further columns are declared missing and are missing."
          )
        )
      )
    }
    let system = targets.reduce(0) { $0 + $1.tally.system }
    if system > 0 {
      let columns = targets.count { $0.tally.system > 0 }
      notes.append(
        .note(
          "missing-system",
          file: file,
          value: "\(system)",
          LocalizedText(zh: "个系统缺失值，在 \(columns) 列中。", en: "system-missing values in \(columns) columns.")
        )
      )
    }
    return notes
  }
}

/// Hands on a whole number's decimal digits.
private func withDigits(_ number: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { buffer in
    var place = 24
    var rest = number.magnitude
    repeat {
      place -= 1
      buffer[place] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
      rest /= 10
    } while rest > 0
    if number < 0 {
      place -= 1
      buffer[place] = 0x2D
    }
    body(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[place...]))
  }
}

extension Finding {
  fileprivate static func infinite(at place: CellPlace) -> Finding {
    Finding(
      "number-infinite",
      file: place.file,
      row: place.row,
      column: place.column,
      message: LocalizedText(zh: "不是有限的数。", en: "is no finite number."),
      fix: LocalizedText(zh: "请改正来源文件中的这个值。", en: "Mend the value in the file it comes from.")
    )
  }

  fileprivate static func badDate(_ value: String, at place: CellPlace) -> Finding {
    Finding(
      "date-invalid",
      file: place.file,
      row: place.row,
      column: place.column,
      value: value,
      message: LocalizedText(zh: "按其格式不代表任何日期。", en: "stands for no date by its format."),
      fix: LocalizedText(zh: "请改正值，或去掉该变量的日期格式。", en: "Mend the value, or take the date format off the variable.")
    )
  }
}
