package import Documents
package import SurveyData

/// The list that goes to the field: the drawn units in visiting order, then the reserves.
package enum VisitList {
  /// The list as a document, ready for the workbook and CSV writers.
  ///
  /// Headings are in both languages. Text columns stay text; codes never become numbers.
  /// - Parameters:
  ///   - list: one row a unit, with the columns of `list.csv`.
  ///   - title: of document and sheet; `nil`: 走访名单, visit list.
  ///   - facts: what an inspector wants beside the list, such as the receipt's digest.
  ///   - headings: names of the survey's own columns; the list's own columns have theirs.
  ///   - ids: the columns with the units' ids, which are never numbers.
  ///   - language: of the title and of roles.
  /// - Returns: the list, and the facts as a second table.
  package static func document(
    _ list: Table,
    title: LocalizedText? = nil,
    facts: [(LocalizedText, String)] = [],
    headings: [String: LocalizedText] = [:],
    ids: [String] = [],
    language: Language
  ) -> Document {
    let title = title?.text(in: language) ?? Wording.of(language).list.title
    return Document(
      title: title,
      language: language.forDocuments,
      blocks: tables(list, title: title, facts: facts, headings: headings, ids: ids, language: language)
        .map { .table($0) }
    )
  }

  /// The list as a table, and the facts about it as a second one when there are any.
  package static func tables(
    _ list: Table,
    title: String,
    facts: [(LocalizedText, String)] = [],
    headings: [String: LocalizedText] = [:],
    ids: [String] = [],
    language: Language
  ) -> [DocumentTable] {
    var main = table("list", title, of: list.columns, headings: headings, ids: ids, language: language)
    if let first = list.columns.firstIndex(where: { ids.contains($0.name) }), first <= 4 {
      main.leadingColumns = first + 1
    }
    guard !facts.isEmpty else { return [main] }
    let about = DocumentTable(
      key: "about",
      title: Wording.of(language).list.about,
      columns: [DocumentColumn("item", "项目 / Item", .text), DocumentColumn("value", "内容 / Value", .text)],
      rows: facts.map { [.text(bilingual($0.0)), .text($0.1)] }
    )
    return [main, about]
  }

  /// The list that a team carries: order, role, ids, names, probability and weight, on one page's width.
  ///
  /// - Parameters:
  ///   - list: one row a unit, with the columns of `list.csv`.
  ///   - ids: its columns with the units' ids.
  ///   - title: the table's title.
  ///   - language: of roles; headings are in both.
  /// - Returns: some of the columns of ``tables(_:title:facts:headings:language:)``.
  package static func short(
    _ list: Table,
    ids: [String],
    title: String,
    language: Language
  ) -> DocumentTable {
    let kept = list.columns.filter { column in
      ["order", "role", "inclusion_probability", "weight"].contains(column.name) || ids.contains(column.name)
        || column.name.hasPrefix("name") || column.name.hasSuffix("_name")
    }
    return table("visits", title, of: kept, headings: [:], ids: ids, language: language)
  }

  private static func table(
    _ key: String,
    _ title: String,
    of columns: [Column],
    headings: [String: LocalizedText],
    ids: [String],
    language: Language
  ) -> DocumentTable {
    let measures = Set(columns.filter { !ids.contains($0.name) && !isQuantity($0.name) && isMeasure($0) }.map(\.name))
    return DocumentTable(
      key: key,
      title: title,
      columns: columns.map {
        DocumentColumn(
          $0.name,
          bilingual(heading(of: $0.name, own: headings)),
          measures.contains($0.name) ? .plain : kind(of: $0)
        )
      },
      rows: (0..<(columns.first?.rowCount ?? 0)).map { row in
        columns.map { column in
          if measures.contains(column.name), let value = column.text(at: row).flatMap(plainNumber) {
            return .number(value)
          }
          return cell(of: column, row: row, language: language)
        }
      }
    )
  }

  /// Whether a column of text that a frame carried holds quantities or years, and no names of anything.
  ///
  /// Numbers of at most five digits without a leading zero, under a heading that speaks of no code. An area code has
  /// six digits and more, and stays text.
  private static func isMeasure(_ column: Column) -> Bool {
    guard case .text(let text) = column.storage, !text.levels.isEmpty else { return false }
    let name = column.name.lowercased()
    let words = name.split(whereSeparator: { $0 == "_" || $0 == " " })
    let namesThings = words.contains { ["code", "id", "no", "number", "phone", "stratum"].contains($0) }
    if namesThings || ["号", "码", "电话", "层"].contains(where: { name.contains($0) }) { return false }
    return text.levels.allSatisfy { level in
      let parts = level.split(separator: ".", omittingEmptySubsequences: false)
      let isDigits = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
      guard isDigits, parts.count <= 2, let whole = parts.first, whole.utf8.count <= 5 else { return false }
      return whole == "0" || !whole.hasPrefix("0")
    }
  }

  private static let known: [String: LocalizedText] = [
    "order": LocalizedText(zh: "顺序", en: "Order"),
    "role": LocalizedText(zh: "角色", en: "Role"),
    "inclusion_probability": LocalizedText(zh: "入样概率", en: "Inclusion probability"),
    "weight": LocalizedText(zh: "设计权数", en: "Design weight"),
    "code": LocalizedText(zh: "代码", en: "Code"),
    "name": LocalizedText(zh: "名称", en: "Name"),
    "name_zh": LocalizedText(zh: "名称", en: "Name (Chinese)"),
    "name_en": LocalizedText(zh: "英文名称", en: "Name (English)"),
    "kind": LocalizedText(zh: "类别", en: "Kind"),
    "league_code": LocalizedText(zh: "盟市代码", en: "League code"),
    "league_name": LocalizedText(zh: "盟市", en: "League"),
    "county": LocalizedText(zh: "旗县", en: "County"),
    "counties": LocalizedText(zh: "旗县", en: "County"),
    "unit": LocalizedText(zh: "单元", en: "Unit"),
    "village": LocalizedText(zh: "村", en: "Village"),
    "villages": LocalizedText(zh: "村", en: "Village"),
    "household": LocalizedText(zh: "户", en: "Household"),
    "households": LocalizedText(zh: "户", en: "Household"),
    "county_code": LocalizedText(zh: "旗县代码", en: "County code"),
    "county_name": LocalizedText(zh: "旗县", en: "County"),
    "township_code": LocalizedText(zh: "乡镇代码", en: "Township code"),
    "township_name": LocalizedText(zh: "乡镇", en: "Township"),
    "village_code": LocalizedText(zh: "村代码", en: "Village code"),
    "village_name": LocalizedText(zh: "村", en: "Village"),
  ]

  private static let ofStages: [(suffix: String, heading: LocalizedText)] = [
    ("_stratum", LocalizedText(zh: "层", en: "stratum")),
    ("_excluded", LocalizedText(zh: "层内排除数", en: "excluded units")),
    ("_weights", LocalizedText(zh: "权数代表", en: "weights speak for")),
    ("_population", LocalizedText(zh: "层内总数 N", en: "population N")),
    ("_sample", LocalizedText(zh: "层内样本数 n", en: "sample n")),
    ("_hits", LocalizedText(zh: "抽中次数", en: "times selected")),
    ("_conditional_probability", LocalizedText(zh: "条件入样概率", en: "conditional probability")),
    ("_probability", LocalizedText(zh: "本阶段入样概率", en: "stage probability")),
  ]

  static func heading(of name: String, own: [String: LocalizedText]) -> LocalizedText {
    if let heading = own[name] ?? known[name] { return heading }
    for (suffix, heading) in ofStages where name.hasSuffix(suffix) {
      let stage = String(name.dropLast(suffix.count))
      let stageName = own[stage] ?? known[stage] ?? LocalizedText(stage)
      return LocalizedText(zh: "\(stageName.zh) \(heading.zh)", en: "\(stageName.en) \(heading.en)")
    }
    return LocalizedText(name)
  }

  static func bilingual(_ text: LocalizedText) -> String {
    text.zh == text.en ? text.zh : "\(text.zh) / \(text.en)"
  }

  static func kind(of column: Column) -> DocumentColumn.Kind {
    let isProbability = column.name.hasSuffix("probability")
    if column.name == "weight" { return .decimal(4) }
    if isProbability { return .decimal(6) }
    switch column.storage {
    case .text(let text):
      if isQuantity(column.name) { return .integer }
      let isCode = text.levels.allSatisfy { $0.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } }
      return isCode && !text.levels.isEmpty ? .code : .text
    case .number(let values):
      return values.allSatisfy { $0.isNaN || $0 == $0.rounded() } ? .integer : .decimal(4)
    }
  }

  /// The list's own counts, which may come back from a CSV file as text.
  private static func isQuantity(_ name: String) -> Bool {
    name == "order" || name == "weight" || name.hasSuffix("probability")
      || name.hasSuffix("_population") || name.hasSuffix("_sample") || name.hasSuffix("_excluded")
  }

  static func cell(of column: Column, row: Int, language: Language) -> Cell {
    guard let text = column.text(at: row) else { return .empty(reason: nil) }
    if column.name == "role" {
      let words = Wording.of(language).list
      switch text {
      case "selected": return .text(words.selected)
      case "reserve": return .text(words.reserve)
      default: return .text(text)
      }
    }
    switch column.storage {
    case .number(let values): return .number(values[row])
    case .text:
      guard isQuantity(column.name), let value = plainNumber(text) else { return .text(text) }
      return .number(value)
    }
  }
}
