internal import SampleDrawing
internal import SurveyData
package import SurveyDesign

/// The written forms of a sample size: `3`, `up-to 3`, `all`, `rate 0.1`, or one of these for each stratum,
/// where `*` stands for the strata that are not named.
package enum TakeText {
  /// One take as it is written; `nil` where it is none of the forms.
  package static func take(_ text: String) -> Take? {
    if text == "all" { return .all }
    if let count = Int(text), count >= 0 { return .count(count) }
    let words = text.split(separator: " ")
    guard words.count == 2 else { return nil }
    switch words[0] {
    case "up-to":
      guard let count = Int(words[1]), count >= 0 else { return nil }
      return .upTo(count)
    case "rate":
      guard let rate = plainNumber(String(words[1])), rate >= 0, rate <= 1 else { return nil }
      return .rate(rate)
    default: return nil
    }
  }

  /// A take as it would be written.
  static func text(_ take: Take) -> String {
    switch take {
    case .count(let count): String(count)
    case .upTo(let count): "up-to \(count)"
    case .all: "all"
    case .rate(let rate): "rate \(shortest(rate))"
    case .byStratum(let takes):
      takes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\($0.key): \(text($0.value))" }
        .joined(separator: ", ")
    case .allocate(let allocation):
      (allocation.totalIsLimit ? "up-to " : "") + "\(allocation.total) (\(allocation.rule))"
    }
  }

  /// What to write, for messages.
  package static var forms: String { "3, up-to 3, all, rate 0.1" }

  static func take(_ node: YAMLMapping, problems: inout [Finding]) -> Take? {
    guard node.has("take") else { return nil }
    guard node.isMapping("take"), let strata = node.mapping("take", problems: &problems) else {
      guard let text = node.text("take", problems: &problems) else { return nil }
      return checked(text, node, key: "take", problems: &problems)
    }
    var takes = [String: Take]()
    strata.check(keys: strata.keys, problems: &problems)
    for key in strata.keys {
      guard let text = strata.text(key, problems: &problems) else { continue }
      takes[key] = checked(text, strata, key: key, problems: &problems)
    }
    return .byStratum(takes)
  }

  /// The reserves of a stage: one number, or one for each stratum, where "*" stands for those not named.
  static func reserves(_ node: YAMLMapping, problems: inout [Finding]) -> (others: Int, named: [String: Int]) {
    guard node.isMapping("reserves"), let strata = node.mapping("reserves", problems: &problems) else {
      return (node.integer("reserves", problems: &problems) ?? 0, [:])
    }
    strata.check(keys: strata.keys, problems: &problems)
    var named = [String: Int]()
    for key in strata.keys { named[key] = strata.integer(key, problems: &problems) ?? 0 }
    let others = named.removeValue(forKey: Take.otherStrata) ?? 0
    return (others, named)
  }

  private static func checked(
    _ text: String,
    _ node: YAMLMapping,
    key: String,
    problems: inout [Finding]
  ) -> Take? {
    if let take = take(text) { return take }
    problems.append(
      node.problem(
        "take-text",
        key: key,
        value: text,
        message: LocalizedText(zh: "不是样本量的写法。", en: "is no sample size."),
        fix: LocalizedText(
          zh: "可写：\(forms)；抽样率在 0 与 1 之间。",
          en: "Write one of: \(forms); a rate lies between 0 and 1."
        )
      )
    )
    return nil
  }
}

/// The names of the selection methods, for help texts.
package var methodNames: String { SelectionMethods.all.map(\.name).joined(separator: ", ") }

/// The written form of a sort key: `COLUMN`, `COLUMN:numeric`, `COLUMN:descending`, `COLUMN:numeric:descending`.
package enum SortText {
  package static func key(_ text: String) -> SortKey {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    var isDescending = false
    var isNumeric = false
    if parts.count > 1, parts.last == "descending" {
      isDescending = true
      parts.removeLast()
    }
    if parts.count > 1, parts.last == "numeric" {
      isNumeric = true
      parts.removeLast()
    }
    return SortKey(parts.joined(separator: ":"), numeric: isNumeric, descending: isDescending)
  }
}
