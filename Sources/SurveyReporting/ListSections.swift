internal import SurveyData
internal import SurveyDesign

/// The columns of a list by stage: the id, what was carried from the frame, and what each of them is called.
struct ListSections {
  struct Section {
    var stage: String
    var id: Column
    /// Columns between the id and the stage's own.
    var carried: [Column]
  }

  let sections: [Section]
  /// The last stage's carried columns that no earlier stage's column repeats row by row.
  let ownColumns: [Column]
  /// Columns `X_code` that say more than the ids of the stages do.
  private let placeCodes: Set<String>
  private let headings: [String: LocalizedText]
  private let language: Language

  init(_ list: Table, stages: [ListedStage], headings: [String: LocalizedText], language: Language) {
    self.headings = headings
    self.language = language
    let sections = stages.compactMap { stage -> Section? in
      guard let start = list.index(of: stage.id), let end = list.index(of: "\(stage.name)_stratum"), start < end else {
        return nil
      }
      return Section(stage: stage.name, id: list.columns[start], carried: Array(list.columns[(start + 1)..<end]))
    }
    self.sections = sections
    let earlier = sections.dropLast().flatMap { [$0.id] + $0.carried }
    ownColumns = (sections.last?.carried ?? []).filter { column in
      !earlier.contains { Self.says($0, theSameAs: column) }
    }
    let codes = earlier.filter { column in
      column.name.hasSuffix("_code")
        && !sections.contains { $0.id.name != column.name && Self.says($0.id, theSameAs: column) }
    }
    placeCodes = Set(codes.map(\.name))
  }

  /// What a stage or column is called; a column that bears its stage's name in front is called as without.
  func heading(of name: String, in stage: String) -> LocalizedText {
    let plain = name.hasPrefix(stage + "_") ? String(name.dropFirst(stage.count + 1)) : name
    return VisitList.heading(of: plain, own: headings)
  }

  /// The stage whose frame carried a column.
  func stage(of column: Column) -> String? {
    sections.first { section in ([section.id] + section.carried).contains { $0.name == column.name } }?.stage
  }

  private static func says(_ left: Column, theSameAs right: Column) -> Bool {
    (0..<left.rowCount).allSatisfy { row in
      guard let text = right.text(at: row) else { return true }
      return left.text(at: row) == text
    }
  }

  /// Where a row lies: the stages before the last with their names, and places that their frames name besides.
  func place(row: Int) -> [(heading: LocalizedText, text: String)] {
    var parts = [(heading: LocalizedText, text: String)]()
    var told = Set<String>()
    for section in sections.dropLast() {
      for column in section.carried where column.name.hasSuffix("_name") {
        guard let text = column.text(at: row), told.insert(text).inserted else { continue }
        let code = section.carried.first { $0.name == String(column.name.dropLast(5)) + "_code" }?.text(at: row)
        if let code { told.insert(code) }
        parts.append((heading(of: column.name, in: section.stage), code.map { "\(text) \($0)" } ?? text))
      }
      let id = section.id.text(at: row) ?? ""
      for column in section.carried where placeCodes.contains(column.name) {
        guard let code = column.text(at: row), code != id, told.insert(code).inserted else { continue }
        parts.append((heading(of: column.name, in: section.stage), code))
      }
      guard told.insert(id).inserted else { continue }
      let name = unitName(in: section, row: row)
      parts.append((heading(of: section.stage, in: ""), name.map { "\($0) \(id)" } ?? id))
    }
    return parts
  }

  /// The name of a page: that of the unit it stands for, or its id.
  func pageName(row: Int, id: String) -> String {
    guard sections.count > 1 else { return id }
    return unitName(in: sections[sections.count - 2], row: row) ?? id
  }

  /// The name beside a column's codes: that of the stage whose id it is, or of a column `X_name` beside `X_code`.
  func unitName(of column: String, row: Int) -> String? {
    for section in sections {
      if section.id.name == column { return unitName(in: section, row: row) }
      if column.hasSuffix("_code"), section.carried.contains(where: { $0.name == column }) {
        let wanted = String(column.dropLast(5)) + "_name"
        return section.carried.first { $0.name == wanted }?.text(at: row)
      }
    }
    return nil
  }

  private func unitName(in section: Section, row: Int) -> String? {
    let wanted = ["name_\(language.rawValue)", "name", "name_zh", "name_en"]
    for name in wanted {
      let column = section.carried.first { $0.name == name || $0.name == "\(section.stage)_\(name)" }
      if let text = column?.text(at: row) { return text }
    }
    return nil
  }
}
