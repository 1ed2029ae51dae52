internal import SurveyData
internal import TabularFiles

/// The questions and choices of a form, from the workbook that tablet programs read (XLSForm).
struct XLSForm {
  struct Question {
    var name: String
    var label: String?
    var list: String?
    var takesSeveral: Bool
  }

  struct Choice {
    var name: String
    /// In every language of the form, the first the one shown.
    var labels: [String]
  }

  private(set) var questions: [String: Question] = [:]
  private(set) var lists: [String: [Choice]] = [:]

  init(_ path: String) throws {
    let survey = try readTable(path: path, options: ReadOptions(sheet: "survey", allowsFormulas: true)).table
    let types = try survey.column("type")
    let names = try survey.column("name")
    let labels = Self.labelColumns(survey)
    for row in 0..<survey.rowCount {
      guard let type = types.text(at: row), let name = names.text(at: row) else { continue }
      let words = type.split(separator: " ").map(String.init)
      let isSelect = words.count >= 2 && ["select_one", "select_multiple", "rank"].contains(words[0])
      questions[name] = Question(
        name: name,
        label: labels.lazy.compactMap { $0.text(at: row) }.first,
        list: isSelect ? words[1] : nil,
        takesSeveral: isSelect && words[0] == "select_multiple"
      )
    }
    guard questions.values.contains(where: { $0.list != nil }) else { return }
    let choices = try readTable(path: path, options: ReadOptions(sheet: "choices", allowsFormulas: true)).table
    let listNames = try choices["list_name"] ?? choices.column("list name")
    let choiceNames = try choices["name"] ?? choices.column("value")
    let choiceLabels = Self.labelColumns(choices)
    for row in 0..<choices.rowCount {
      guard let list = listNames.text(at: row), let name = choiceNames.text(at: row) else { continue }
      lists[list, default: []].append(
        Choice(name: name, labels: choiceLabels.compactMap { $0.text(at: row) })
      )
    }
  }

  /// Labels in Chinese first, where the form has several languages.
  private static func labelColumns(_ table: Table) -> [Column] {
    let all = table.columns.filter { $0.name == "label" || $0.name.hasPrefix("label:") }
    let chinese = all.filter {
      $0.name.contains("中文") || $0.name.lowercased().contains("zh") || $0.name.contains("Chinese")
    }
    return chinese + all.filter { column in !chinese.contains { $0.name == column.name } }
  }
}
