package import SurveyData

/// The drawn units that a form offers: a list for each stage, of which each narrows the next.
package struct PreloadedUnits: Sendable {
  /// The units of one stage.
  package struct List: Sendable {
    /// The question that picks one of them.
    package var question: String
    /// The file beside the form.
    package var file: String
    /// The question before, whose answer narrows this list; also the name of the column that says so.
    package var parent: String?
    /// Columns name, label, the parent's, then one for each question that the last list answers.
    package var table: Table
  }

  package var lists: [List]

  package func list(of question: Question) -> List? { lists.first { $0.question == question.name } }
  /// The question for the unit that is interviewed.
  var unit: String { lists.last?.question ?? "" }
  /// The name of the last list within the form.
  var instance: String { lists.last.map { String($0.file.prefix { $0 != "." }) } ?? "" }

  /// Makes the lists of a form from a draw's list.
  ///
  /// A label is the id, with a reserve marked and its order told, and where the list has a column `NAME_zh` or `name_zh`
  /// of the stage, the name. The last list carries the columns that questions are known from, under the questions' names.
  /// - Parameters:
  ///   - form: with at least one question for a unit.
  ///   - list: the draw's list.
  ///   - idColumns: each stage's name with the list's column of ids, from the top.
  ///   - prefix: begins the names of the files.
  /// - Throws: a refusal where the list lacks a stage or a column that the form names.
  package init(
    for form: Questionnaire,
    from list: Table,
    idColumns: [(stage: String, column: String)],
    prefix: String
  ) throws(InputRefusal) {
    let asked = form.questions.filter { $0.type == .unit }
    let drawn = form.questions.filter { $0.drawnColumn != nil }
    try Self.check(form, asked: asked, drawn: drawn, list: list, stages: idColumns.map(\.stage))
    let depths = asked.map { question in idColumns.firstIndex { $0.stage == question.stage } ?? 0 }
    let idTexts = idColumns.map { id in (0..<list.rowCount).map { list[id.column]?.text(at: $0) } }
    let roles = (0..<list.rowCount).map { list["role"]?.text(at: $0) ?? "" }
    let orders = (0..<list.rowCount).map { list["order"]?.text(at: $0) ?? "" }
    guard let last = depths.max() else {
      lists = []
      return
    }
    lists = []
    for (place, question) in asked.enumerated() {
      let depth = depths[place]
      var rows = [Int]()
      var seen = Set<String>()
      for row in 0..<list.rowCount {
        // A unit without a drawn unit of the last stage below it is not visited.
        guard let id = idTexts[depth][row], idTexts[last][row] != nil, seen.insert(id).inserted else { continue }
        rows.append(row)
      }
      let names = Self.nameColumn(of: idColumns[depth], in: list).flatMap { list[$0] }
      let labels = rows.map { row -> String in
        let isOwnRow = depth + 1 >= idColumns.count || idTexts[depth + 1][row] == nil
        let reserve = isOwnRow && roles[row] == "reserve" ? " · 备选 reserve \(orders[row])" : ""
        return [idTexts[depth][row], names?.text(at: row)].compactMap { $0 }.joined(separator: " ") + reserve
      }
      var columns = [
        Column("name", texts: rows.map { idTexts[depth][$0] }), Column("label", texts: labels),
      ]
      if place > 0 {
        columns.append(Column(asked[place - 1].name, texts: rows.map { idTexts[depths[place - 1]][$0] }))
      }
      if place == asked.count - 1 {
        for known in drawn {
          let source = known.drawnColumn.flatMap { list[$0] }
          columns.append(Column(known.name, texts: rows.map { source?.text(at: $0) }))
        }
      }
      lists.append(
        List(
          question: question.name,
          file: "\(prefix)_\(question.name).csv",
          parent: place > 0 ? asked[place - 1].name : nil,
          table: Table(columns: columns)
        )
      )
    }
  }

  private static func nameColumn(of id: (stage: String, column: String), in list: Table) -> String? {
    ["\(id.stage)_name_zh", "\(id.stage)_name"].first { list[$0] != nil }
      ?? (id.stage == list.columnNames.first { $0.hasSuffix("_stratum") }?.dropLast("_stratum".count).description
        ? ["name_zh", "name"].first { list[$0] != nil } : nil)
  }

  private static func check(
    _ form: Questionnaire,
    asked: [Question],
    drawn: [Question],
    list: Table,
    stages: [String]
  ) throws(InputRefusal) {
    var findings = [Finding]()
    func unknown(_ question: Question, _ key: String, _ value: String, among names: [String], _ what: LocalizedText) {
      let near = nearest(to: value, among: names)
      findings.append(
        Finding(
          "form-draw",
          file: form.file,
          row: question.place.lines[key] ?? question.place.line,
          column: "\(question.place.path).\(key)",
          value: value,
          message: what,
          fix: LocalizedText(
            zh: near.map { "是否指“\($0)”？" } ?? "现有：\(names.joined(separator: "、"))。",
            en: near.map { "Did you mean \"\($0)\"?" } ?? "It has: \(names.joined(separator: ", "))."
          )
        )
      )
    }
    for question in asked where !stages.contains(question.stage ?? "") {
      unknown(
        question,
        "stage",
        question.stage ?? "",
        among: stages,
        LocalizedText(zh: "抽样没有这个阶段。", en: "the draw has no such stage.")
      )
    }
    let places = asked.compactMap { question in stages.firstIndex { $0 == question.stage } }
    if places != places.sorted() || Set(places).count != places.count, let first = asked.first {
      unknown(
        first,
        "stage",
        first.stage ?? "",
        among: stages,
        LocalizedText(zh: "各阶段须自上而下，每阶段一题。", en: "stages are asked from the top down, each once.")
      )
    }
    if asked.isEmpty {
      findings.append(
        Finding(
          "form-draw",
          file: form.file,
          row: form.place.line,
          message: LocalizedText(zh: "表单没有 unit 题。", en: "the form has no question of type unit."),
          fix: LocalizedText(zh: "请加上，或不用 --draw。", en: "Add one, or leave --draw out.")
        )
      )
    }
    for question in drawn {
      guard let column = question.drawnColumn, list[column] == nil else { continue }
      unknown(
        question,
        "drawn",
        column,
        among: list.columnNames,
        LocalizedText(zh: "名单没有这一列。", en: "the draw's list has no such column.")
      )
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
  }
}
