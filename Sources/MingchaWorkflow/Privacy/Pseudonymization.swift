internal import Documents
package import SurveyData
internal import TabularFiles

/// One run of ``pseudonymize(_:)``: what was found and done so far, and which value each pseudonym stands for.
package struct Pseudonymization {
  let order: PseudonymizeOrder
  /// The pseudonym of a value in a role.
  let pseudonym: (_ value: String, _ role: String) -> String
  package internal(set) var findings: [Finding] = []
  var notes: [Finding] = []
  private var seenColumns: [String] = []
  private var values: [String: String] = [:]

  /// What becomes of a column, and why.
  private enum Step {
    case drop(String, String)
    case pseudonym(role: String)
    case grid, year
    case keep(isScanned: Bool)
  }

  init(order: PseudonymizeOrder, key: PseudonymKey) {
    self.init(order: order) { key.pseudonym($0, role: $1) }
  }

  package init(order: PseudonymizeOrder, pseudonym: @escaping (_ value: String, _ role: String) -> String) {
    self.order = order
    self.pseudonym = pseudonym
  }

  /// Reads a file and changes its columns; what is wrong with them is added to the findings.
  ///
  /// - Throws: a refusal where the file cannot be read.
  package mutating func changed(_ file: String) throws(InputRefusal) -> Table {
    let table = try read(file)
    seenColumns += table.columnNames
    var columns: [Column] = []
    for column in table.columns {
      let texts = (0..<table.rowCount).map { column.text(at: $0) }
      switch step(column.name, texts.compactMap { $0 }) {
      case .drop(let zh, let en): tell(file, column.name, zh: "已删去（\(zh)）。", en: "was dropped (\(en)).")
      case .pseudonym(let role):
        columns.append(Column(column.name, texts: replaced(column, of: table, role: role)))
        tell(
          file,
          column.name,
          zh: "已换为假名（类别 \(role)）。",
          en: "was replaced by pseudonyms (role \(role))."
        )
      case .grid:
        columns.append(Column(column.name, texts: texts.map { $0.flatMap(rounded) }))
        let grid = shortest(order.grid)
        tell(file, column.name, zh: "坐标已取整到 \(grid)°。", en: "was rounded to \(grid)°.")
      case .year:
        columns.append(Column(column.name, texts: years(texts, column.name, table)))
        tell(file, column.name, zh: "出生日期只留年份。", en: "was cut to the year of birth.")
      case .keep(let isScanned):
        columns.append(column)
        if isScanned { scan(column, of: table) }
      }
    }
    return Table(columns: columns, rowCount: table.rowCount, file: file)
  }

  private func read(_ file: String) throws(InputRefusal) -> Table {
    do {
      var options = ReadOptions(sheet: order.sheet, headerRow: order.headerRow)
      options.identifiers = Set(try readHeader(path: file, options: options))
      return try readTable(path: file, options: options).table
    } catch let refusal as InputRefusal {
      throw refusal
    } catch {
      throw InputRefusal(
        Finding(
          "file-unreadable",
          file: file,
          message: LocalizedText(zh: "无法读取。", en: "cannot be read."),
          fix: LocalizedText(zh: "请核对路径与权限。", en: "Check the path and its permissions.")
        )
      )
    }
  }

  /// The caller's word goes before the survey file's, and that before what name and values suggest.
  private func step(_ name: String, _ values: [String]) -> Step {
    switch order.treatments[name] {
    case .drop: return .drop("按要求", "as asked")
    case .pseudonym(let role): return .pseudonym(role: role)
    case .keep: return .keep(isScanned: false)
    case nil: break
    }
    let declared = order.classes.declared(name)
    if declared == .value { return .keep(isScanned: false) }
    let kind = PersonalKind.recognized(name, values: values)?.kind ?? (declared == .direct ? .named(name) : nil)
    switch kind {
    case .identity where !values.isEmpty: return .pseudonym(role: PersonalKind.identity.rawValue)
    case .latitude where isAllNumbers(values), .longitude where isAllNumbers(values): return .grid
    case .birthDate: return .year
    case let kind?: return .drop(kind.title.zh, kind.title.en)
    case nil: return declared == .direct ? .drop("直接标识", "declared direct") : .keep(isScanned: true)
    }
  }

  private func isAllNumbers(_ values: [String]) -> Bool { values.allSatisfy { plainNumber($0) != nil } }

  /// Pseudonyms of the cleaned values, so that a blank or a small x makes no second person.
  private mutating func replaced(_ column: Column, of table: Table, role: String) -> [String?] {
    let (clean, found) = normalizedIdentifiers(column, of: table)
    let kind = PersonalKind.identity
    findings += found.filter { $0.severity != .note }.map { finding in
      var masked = finding
      masked.value = finding.value.map(kind.masked)
      return masked
    }
    let text = clean.codedText
    let names = text.levels.map { level -> String in
      let value = role == kind.rawValue && level.hasSuffix("x") ? level.dropLast() + "X" : level
      let name = pseudonym(value, role)
      if let other = values.updateValue(value, forKey: role + "\n" + name), other != value {
        collide(column.name, table)
      }
      return name
    }
    return text.codes.map { $0 < 0 ? nil : names[Int($0)] }
  }

  private mutating func collide(_ column: String, _ table: Table) {
    findings.append(
      Finding(
        "pseudonym-collision",
        file: table.file,
        column: column,
        message: LocalizedText(zh: "两个不同的值得到同一个假名。", en: "has two values of one pseudonym."),
        fix: LocalizedText(zh: "请换一个密钥。", en: "Use another key.")
      )
    )
  }

  private func rounded(_ text: String) -> String? {
    guard let value = plainNumber(text) else { return nil }
    var digits = 0
    var unit = order.grid
    while abs(unit - unit.rounded()) > 1e-9, digits < 6 {
      unit *= 10
      digits += 1
    }
    return NumberText.fixed((value / order.grid).rounded() * order.grid, digits: digits)
  }

  private mutating func years(_ texts: [String?], _ name: String, _ table: Table) -> [String?] {
    texts.enumerated().map { row, text -> String? in
      guard let text else { return nil }
      if let year = birthYear(text) { return year }
      findings.append(
        Finding(
          "birth-date-form",
          file: table.file,
          row: table.fileRow(of: row),
          column: name,
          value: PersonalKind.birthDate.masked(text),
          message: LocalizedText(zh: "看不出出生年份。", en: "shows no year of birth."),
          fix: LocalizedText(
            zh: "请写成 1965-03-02，或用 --drop \(name)。",
            en: "Write 1965-03-02, or drop the column with --drop \(name)."
          )
        )
      )
      return nil
    }
  }

  /// Numbers of persons inside the texts of a column that stays.
  private mutating func scan(_ column: Column, of table: Table) {
    let text = column.codedText
    let found = text.levels.map { level -> PersonalKind? in
      // A whole cell of eleven digits may be a code; among words it is a telephone number.
      isMobileNumber(level) ? nil : personalNumber(in: level)
    }
    let rows = text.codes.indices.filter { text.codes[$0] >= 0 && found[Int(text.codes[$0])] != nil }
    guard let first = rows.first, let kind = found[Int(text.codes[first])] else { return }
    findings.append(
      Finding(
        "personal-text",
        file: table.file,
        row: table.fileRow(of: first),
        column: column.name,
        message: LocalizedText(
          zh: "文字中有\(kind.title.zh)（共 \(rows.count) 行）。",
          en: "has \(kind.title.en) inside its texts (\(rows.count) rows)."
        ),
        fix: LocalizedText(
          zh: "请用 --drop \(column.name) 删去该列；若不是个人号码，用 --columns value=\(column.name)。",
          en: "Drop it with --drop \(column.name); where these are no persons' numbers, --columns value=\(column.name)."
        )
      )
    )
  }

  /// Columns that the caller named and no file has.
  mutating func checkNames() {
    let names = Set(seenColumns)
    if names.isEmpty { return }
    for name in order.treatments.keys.sorted() where !names.contains(name) {
      findings.append(.missingColumn(name, in: seenColumns, file: order.files.count == 1 ? order.files[0] : nil))
    }
  }

  private mutating func tell(_ file: String, _ column: String, zh: String, en: String) {
    notes.append(
      Finding(
        "column-changed",
        severity: .note,
        file: file,
        column: column,
        message: LocalizedText(zh: zh, en: en),
        fix: LocalizedText("")
      )
    )
  }
}

/// The first four digits in a row of digits that can be a year of birth.
package func birthYear(_ text: String) -> String? {
  for run in text.split(whereSeparator: { !("0"..."9").contains($0) }) where [4, 6, 8].contains(run.count) {
    let year = String(run.prefix(4))
    if let number = Int(year), (1_850...2_100).contains(number) { return year }
  }
  return nil
}
