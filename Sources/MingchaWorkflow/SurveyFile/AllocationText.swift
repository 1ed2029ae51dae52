internal import SurveyData
package import SurveyDesign
internal import TabularFiles

/// The written form of an allocation: a mapping in a survey file, `key=value` words on the command line.
///
/// Keys: `total` or `up-to`, `rule`, `q`, `size`, `sd`, `cv`, `cost`, `min`, `max`, `take-all-up-to`. Without
/// `min` every stratum gets at least 1 unit.
package enum AllocationText {
  static let keys = ["total", "up-to", "rule", "q", "size", "sd", "cv", "cost", "min", "max", "take-all-up-to"]
  /// The least number of units in a stratum where nothing else is written.
  static let defaultMinimum = 1

  /// The allocation of a stage, if there is one.
  static func allocation(_ stage: YAMLMapping, problems: inout [Finding]) -> Allocation? {
    guard let node = stage.mapping("allocate", problems: &problems) else { return nil }
    node.check(keys: keys, problems: &problems)
    if node.has("total") == node.has("up-to") {
      problems.append(
        node.has("total")
          ? node.problem(
            "total-twice",
            key: "total",
            message: LocalizedText(zh: "total 与 up-to 只能给出一个。", en: "`total` and `up-to` exclude each other."),
            fix: LocalizedText(zh: "请删去其中一个。", en: "Remove one.")
          ) : node.missing("total")
      )
    }
    let rule = node.requiredText("rule", problems: &problems)
    if node.has("rule"), Allocations.named(rule) == nil {
      problems.append(
        node.unknownName("allocation-rule-unknown", key: "rule", value: rule, among: Allocations.all.map(\.name))
      )
    }
    let total = node.integer("total", problems: &problems)
    let limit = node.integer("up-to", problems: &problems)
    return Allocation(
      total: total ?? limit ?? 0,
      totalIsLimit: limit != nil,
      rule: rule,
      exponent: node.number("q", problems: &problems),
      size: node.text("size", problems: &problems),
      deviation: figure("sd", node, problems: &problems),
      variation: figure("cv", node, problems: &problems),
      cost: figure("cost", node, problems: &problems),
      minimum: node.integer("min", problems: &problems) ?? defaultMinimum,
      maximum: node.integer("max", problems: &problems),
      takeAllUpTo: node.integer("take-all-up-to", problems: &problems) ?? 0
    )
  }

  /// A column's name, or a mapping from strata to values.
  private static func figure(_ key: String, _ node: YAMLMapping, problems: inout [Finding]) -> StratumFigure? {
    guard node.has(key) else { return nil }
    guard node.isMapping(key), let strata = node.mapping(key, problems: &problems) else {
      return node.text(key, problems: &problems).map { .column($0) }
    }
    strata.check(keys: strata.keys, problems: &problems)
    var values = [String: Double]()
    for stratum in strata.keys {
      if let value = strata.number(stratum, problems: &problems) { values[stratum] = value }
    }
    return .byStratum(values)
  }

  /// Reads `total=40 rule=neyman sd=s.csv min=2`; a figure is a column's name or a table file.
  ///
  /// - Parameters:
  ///   - text: the words.
  ///   - strata: the strata columns, by which a table file names its strata.
  /// - Returns: the allocation.
  /// - Throws: an `InputRefusal` with every word that is not understood and every fault of a table file.
  package static func allocation(_ text: String, strata: [String]) throws -> Allocation {
    var words = WordReader(text)
    if words.values["total"] != nil, words.values["up-to"] != nil {
      words.refuse("total", zh: "total 与 up-to 只能给出一个。", en: "total and up-to exclude each other.")
    }
    if words.values["total"] == nil, words.values["up-to"] == nil {
      words.refuse("total", zh: "缺少总样本量 total（或 up-to）。", en: "the total (or up-to) is missing.")
    }
    if words.values["rule"] == nil {
      words.refuse("rule", zh: "缺少分配规则 rule。", en: "the rule is missing.")
    }
    let total = words.whole("total")
    let limit = words.whole("up-to")
    var allocation = Allocation(
      total: total ?? limit ?? 0,
      totalIsLimit: limit != nil,
      rule: words.values["rule"] ?? "",
      exponent: words.number("q"),
      size: words.values["size"],
      minimum: words.whole("min") ?? defaultMinimum,
      maximum: words.whole("max"),
      takeAllUpTo: words.whole("take-all-up-to") ?? 0
    )
    if !words.findings.isEmpty { throw InputRefusal(words.findings) }
    allocation.deviation = try figure("sd", words.values, strata: strata)
    allocation.variation = try figure("cv", words.values, strata: strata)
    allocation.cost = try figure("cost", words.values, strata: strata)
    return allocation
  }

  private static func figure(_ key: String, _ values: [String: String], strata: [String]) throws -> StratumFigure? {
    guard let value = values[key] else { return nil }
    let isFile = [".csv", ".tsv", ".txt", ".xlsx"].contains { value.lowercased().hasSuffix($0) }
    return isFile ? try stratumFigure(key, file: value, strata: strata) : .column(value)
  }

  /// The rules and what they share out by, for help texts.
  package static var rules: String {
    Allocations.all.map { "\($0.name) (\($0.measureFormula))" }.joined(separator: ", ")
  }
}

/// `key=value` words of an option, with what is wrong in them.
private struct WordReader {
  private(set) var values: [String: String] = [:]
  private(set) var findings: [Finding] = []

  init(_ text: String) {
    for word in text.split(separator: " ") {
      guard let equal = word.firstIndex(of: "="), equal != word.startIndex else {
        refuse(String(word), zh: "应写成 键=值。", en: "expected KEY=VALUE.")
        continue
      }
      let key = String(word[..<equal])
      guard AllocationText.keys.contains(key) else {
        let near = nearest(to: key, among: AllocationText.keys)
        let known = AllocationText.keys.joined(separator: ", ")
        refuse(
          key,
          zh: "未知的键。" + (near.map { "是否指“\($0)”？" } ?? "可用：\(known)。"),
          en: "unknown key. " + (near.map { "Did you mean \"\($0)\"?" } ?? "Known: \(known).")
        )
        continue
      }
      if values[key] != nil { refuse(key, zh: "键出现两次。", en: "the key is given twice.") }
      values[key] = String(word[word.index(after: equal)...])
    }
  }

  mutating func number(_ key: String) -> Double? {
    guard let text = values[key] else { return nil }
    if let number = plainNumber(text) { return number }
    refuse(key, zh: "“\(text)”不是数字。", en: "\"\(text)\" is not a number.")
    return nil
  }

  mutating func whole(_ key: String) -> Int? {
    guard let number = number(key) else { return nil }
    if let whole = Int(exactly: number) { return whole }
    refuse(key, zh: "须为整数。", en: "it must be a whole number.")
    return nil
  }

  mutating func refuse(_ key: String, zh: String, en: String) {
    findings.append(
      Finding(
        "option-value",
        column: "--allocate \(key)",
        message: LocalizedText(zh: zh, en: en),
        fix: LocalizedText(
          zh: "例如：\"total=40 rule=neyman sd=s.csv min=2\"。",
          en: "For example: \"total=40 rule=neyman sd=s.csv min=2\"."
        )
      )
    )
  }
}

/// The figures of a table file: the strata columns, and the column of the figure's name or the only other one.
private func stratumFigure(_ name: String, file: String, strata: [String]) throws -> StratumFigure {
  let (table, _) = try readTable(path: file)
  var findings = strata.filter { table[$0] == nil }.map {
    Finding.missingColumn($0, in: table.columnNames, file: table.file)
  }
  let others = table.columnNames.filter { !strata.contains($0) }
  let chosen = table[name] ?? (others.count == 1 ? table[others[0]] : nil)
  if chosen == nil { findings.append(Finding.missingColumn(name, in: table.columnNames, file: table.file)) }
  guard findings.isEmpty, let chosen else { throw InputRefusal(findings) }
  let keys = strata.compactMap { table[$0] }
  var values = [String: Double]()
  for row in 0..<table.rowCount {
    let stratum = keys.map { $0.text(at: row) ?? "" }.joined(separator: ", ")
    let text = chosen.text(at: row) ?? ""
    guard let value = plainNumber(text) else {
      findings.append(.notNumber(file: table.file, row: table.fileRow(of: row), column: chosen.name, value: text))
      continue
    }
    if values[stratum] != nil {
      findings.append(
        Finding(
          "stratum-duplicate",
          file: table.file,
          row: table.fileRow(of: row),
          value: stratum,
          message: LocalizedText(zh: "这一层出现两次。", en: "the stratum stands there twice."),
          fix: LocalizedText(zh: "请删去一行。", en: "Remove a row.")
        )
      )
    }
    values[stratum] = value
  }
  if !findings.isEmpty { throw InputRefusal(listing: findings) }
  return .byStratum(values)
}
