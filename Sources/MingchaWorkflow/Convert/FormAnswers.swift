internal import Documents
internal import SurveyData

/// Makes the columns of an export those of the form: names without groups, choices by name, several answers told apart.
struct FormAnswers {
  private let export: FormExport
  private let form: XLSForm?

  init(_ export: FormExport, form: XLSForm?) {
    self.export = export
    self.form = form
  }

  /// The table under the form's own names, with a column for each choice of a question with several answers.
  ///
  /// - Throws: a refusal where two columns would get one name.
  func cleaned(_ table: Table, notes: inout [Finding]) throws(InputRefusal) -> Table {
    let split = splitColumns(table)
    let short = shortNames(table, split: split)
    var columns: [Column] = []
    var taken = Set<String>()
    for (place, column) in table.columns.enumerated() {
      var column = column
      column.name = short[place]
      if split[place] != nil { column = Self.flags(column) }
      columns.append(column)
      taken.insert(column.name)
    }
    var result: [Column] = []
    for column in columns {
      guard let question = form?.questions[column.name], let list = question.list else {
        result.append(column)
        if export.multiple.contains(column.name), !hasSplit(column.name, taken) {
          result += expanded(column, choices: nil, taken: taken)
        }
        continue
      }
      let choices = form?.lists[list] ?? []
      let several = question.takesSeveral || export.multiple.contains(column.name)
      let (named, own) = byName(column, choices: choices, several: several, table: table)
      notes += own
      result.append(named)
      if several, !hasSplit(column.name, taken) { result += expanded(named, choices: choices, taken: taken) }
    }
    var twice: [Finding] = []
    var names = Set<String>()
    for column in result where !names.insert(column.name).inserted {
      twice.append(
        Finding(
          "column-duplicate",
          file: table.file,
          sheet: table.sheet,
          column: column.name,
          message: LocalizedText(zh: "去掉题组名后有两列同名。", en: "would be the name of two columns without their groups."),
          fix: LocalizedText(zh: "请保留题组名（--groups keep）。", en: "Keep the names of groups (--groups keep).")
        )
      )
    }
    guard twice.isEmpty else { throw InputRefusal(twice) }
    return Table(
      columns: result,
      rowCount: table.rowCount,
      firstRow: table.firstRow,
      file: table.file,
      sheet: table.sheet
    )
  }

  /// Labels of questions and choices, as far as the form is known.
  func dictionary(of table: Table) -> DataDictionary? {
    guard let form else { return nil }
    let variables = table.columns.map { column -> DataDictionary.Variable in
      let (base, choice) = Self.parts(column.name)
      let question = form.questions[column.name] ?? form.questions[base]
      let choices = question?.list.flatMap { form.lists[$0] } ?? []
      let isNumbers =
        if case .numbers(_, .number) = MicrodataFile.Values.typed(column) { true } else { false }
      guard form.questions[column.name] != nil || choice == nil else {
        let own = choices.first { $0.name == choice }?.labels.first ?? choice ?? ""
        return DataDictionary.Variable(
          name: column.name,
          label: (question?.label ?? base) + "：" + own,
          isText: !isNumbers
        )
      }
      let labels =
        question?.takesSeveral == true
        ? []
        : choices.compactMap { entry -> DataDictionary.ValueLabel? in
          guard let label = entry.labels.first else { return nil }
          if isNumbers { return plainNumber(entry.name).map { .init(.number($0), label) } }
          return .init(.text(entry.name), label)
        }
      return DataDictionary.Variable(
        name: column.name,
        label: question?.label,
        isText: !isNumbers,
        measure: choices.isEmpty ? .unknown : .nominal,
        valueLabels: labels
      )
    }
    return DataDictionary(variables: variables)
  }

  private static func parts(_ name: String) -> (base: String, choice: String?) {
    guard let dot = name.lastIndex(of: ".") else { return (name, nil) }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }

  private func hasSplit(_ name: String, _ taken: Set<String>) -> Bool {
    taken.contains { $0.hasPrefix(name + ".") && $0 != name + ".parent" }
  }

  /// For each column that is one choice of a question with several answers (`q/1` beside `q`): the question and the
  /// choice.
  private func splitColumns(_ table: Table) -> [(question: String, choice: String)?] {
    let names = Set(table.columnNames)
    let flags: Set<String> = ["0", "1", "true", "false", "0.0", "1.0"]
    return table.columns.map { column in
      guard let slash = column.name.lastIndex(of: "/") else { return nil }
      let question = String(column.name[..<slash])
      let text = column.codedText
      guard names.contains(question), text.levels.allSatisfy({ flags.contains($0.lowercased()) }) else { return nil }
      return (question, String(column.name[column.name.index(after: slash)...]))
    }
  }

  /// The questions' own names where these are one column's only; `q/1` becomes `q.1`.
  private func shortNames(_ table: Table, split: [(question: String, choice: String)?]) -> [String] {
    func short(_ name: String) -> String {
      guard !export.keepsGroups, let place = name.lastIndex(of: export.program.separator) else { return name }
      // An XLSForm tells a hyphen of a name from that between group and question.
      if form?.questions[name] != nil { return name }
      let last = String(name[name.index(after: place)...])
      return last.isEmpty ? name : last
    }
    let proposed = zip(table.columnNames, split).map { name, split in
      split.map { short($0.question) + "." + $0.choice } ?? short(name)
    }
    var uses: [String: Int] = [:]
    for name in proposed { uses[name, default: 0] += 1 }
    return zip(table.columnNames, proposed).map { uses[$1, default: 0] > 1 ? $0 : $1 }
  }

  /// True and false as 1 and 0.
  private static func flags(_ column: Column) -> Column {
    let text = column.codedText
    let values = text.levels.map { ["1", "1.0", "true"].contains($0.lowercased()) ? 1.0 : 0 }
    return Column(column.name, numbers: text.codes.map { $0 < 0 ? .nan : values[Int($0)] })
  }

  /// A question's answers by the names of its choices, where the export has their labels.
  private func byName(
    _ column: Column,
    choices: [XLSForm.Choice],
    several: Bool,
    table: Table
  ) -> (Column, [Finding]) {
    let names = Set(choices.map(\.name))
    var nameOfLabel: [String: String] = [:]
    for choice in choices {
      for label in choice.labels where nameOfLabel[label] == nil { nameOfLabel[label] = choice.name }
    }
    let text = column.codedText
    var unknown = 0
    var renamed = 0
    let levels = text.levels.map { level -> String in
      if several {
        guard let found = Self.answers(in: level, names: names, nameOfLabel: nameOfLabel) else {
          unknown += 1
          return level
        }
        let joined = found.joined(separator: " ")
        if joined != level { renamed += 1 }
        return joined
      }
      if names.contains(level) { return level }
      guard let name = nameOfLabel[level] else {
        unknown += 1
        return level
      }
      renamed += 1
      return name
    }
    var notes: [Finding] = []
    func note(_ code: String, _ count: Int, zh: String, en: String) {
      notes.append(
        Finding(
          code,
          severity: .note,
          file: table.file,
          sheet: table.sheet,
          column: column.name,
          value: "\(count)",
          message: LocalizedText(zh: zh, en: en),
          fix: LocalizedText("")
        )
      )
    }
    if renamed > 0 {
      note(
        "choices-labels",
        renamed,
        zh: "种答案是选项的标签，已换成选项名。",
        en: "answers were labels of choices; they became the names."
      )
    }
    if unknown > 0 {
      note(
        "choices-unknown",
        unknown,
        zh: "种答案不是表单中的选项，保持原样。",
        en: "answers are no choices of the form and were left as they are."
      )
    }
    return (Column(column.name, .text(CodedText(text.codes.map { $0 < 0 ? nil : levels[Int($0)] }))), notes)
  }

  /// The names of the answers in one cell; a label may hold blanks itself, so that the longest that fits is taken.
  ///
  /// - Returns: `nil` where the cell holds something else.
  private static func answers(in cell: String, names: Set<String>, nameOfLabel: [String: String]) -> [String]? {
    let words = cell.split(separator: " ").map(String.init)
    var found: [String] = []
    var place = 0
    while place < words.count {
      var end = words.count
      var name: String?
      while end > place {
        let piece = words[place..<end].joined(separator: " ")
        name = names.contains(piece) ? piece : nameOfLabel[piece]
        if name != nil { break }
        end -= 1
      }
      guard let name else { return nil }
      found.append(name)
      place = end
    }
    return found
  }

  /// One column of 0 and 1 for each choice: in the form's order, or as met.
  private func expanded(_ column: Column, choices: [XLSForm.Choice]?, taken: Set<String>) -> [Column] {
    let text = column.codedText
    let answers = text.levels.map { Set($0.split(separator: " ").map(String.init)) }
    var names = choices?.map(\.name) ?? []
    if choices == nil {
      var seen = Set<String>()
      for level in text.levels {
        for word in level.split(separator: " ").map(String.init) where seen.insert(word).inserted { names.append(word) }
      }
      names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    return names.filter { !taken.contains("\(column.name).\($0)") }.map { name in
      Column(
        "\(column.name).\(name)",
        numbers: text.codes.map { $0 < 0 ? .nan : answers[Int($0)].contains(name) ? 1 : 0 }
      )
    }
  }
}
