package import SurveyData
package import SurveyEstimation

/// An indicator of the survey file: what is estimated, of which units, for which row of the rules.
package struct SurveyIndicator: Sendable {
  package var indicator: Indicator
  /// The source of answers it is about; see `ResponseDefinition.source(ofUnit:)`.
  package var unit: String?
  /// The row of the scoring rules that it feeds.
  package var row: String?
}

/// Splits `numerator / denominator` at the one division outside parentheses and quotes.
///
/// - Returns: the two expressions; `nil` where there is no such division or more than one.
package func ratioParts(_ text: String) throws(InputRefusal) -> (numerator: Expression, denominator: Expression)? {
  var depth = 0
  var quote: Character?
  var slashes = [String.Index]()
  for index in text.indices {
    let character = text[index]
    if let open = quote {
      if character == open { quote = nil }
      continue
    }
    switch character {
    case "'", "\"", "`": quote = character
    case "(", "[": depth += 1
    case ")", "]": depth -= 1
    case "/" where depth == 0: slashes.append(index)
    default: continue
    }
  }
  guard slashes.count == 1 else { return nil }
  return (
    try Expression(parsing: String(text[..<slashes[0]])),
    try Expression(parsing: String(text[text.index(after: slashes[0])...]))
  )
}

extension SurveyFile {
  private static let statistics = ["ratio", "mean", "total", "proportions", "complement-of"]

  static func indicators(_ root: YAMLMapping, problems: inout [Finding]) -> [SurveyIndicator] {
    guard let node = root.mapping("indicators", problems: &problems) else { return [] }
    node.check(keys: node.keys, problems: &problems)
    var direct = [String: SurveyIndicator]()
    var nodes = [(key: String, node: YAMLMapping)]()
    for key in node.keys {
      guard let own = node.mapping(key, problems: &problems) else { continue }
      // Rates of other knowledge have a reader of their own.
      let kinds = (statistics + rateStatistics).filter { own.has($0) }
      if kinds.count == 1, rateStatistics.contains(kinds[0]) { continue }
      own.check(
        keys: statistics + rateStatistics + ["where", "unit", "limit", "row", "interval", "name"],
        problems: &problems
      )
      nodes.append((key, own))
      let given = kinds
      if given.count != 1 {
        problems.append(
          node.problem(
            "indicator-statistic",
            key: key,
            value: given.joined(separator: ", "),
            message: LocalizedText(
              zh: "须恰好给出一种：\((statistics + rateStatistics).joined(separator: "、"))。",
              en: "needs exactly one of \((statistics + rateStatistics).joined(separator: ", "))."
            ),
            fix: LocalizedText(zh: "请改正。", en: "Change it.")
          )
        )
      } else if let statistic = statistic(own, problems: &problems) {
        direct[key] = indicator(key, own, statistic: statistic, problems: &problems)
      }
    }
    return nodes.compactMap { key, own in
      direct[key] ?? complement(key, own, of: direct, among: nodes.map(\.key), problems: &problems)
    }
  }

  private static func statistic(_ node: YAMLMapping, problems: inout [Finding]) -> Indicator.Statistic? {
    if node.has("mean") { return node.expression("mean", problems: &problems).map { .mean($0) } }
    if node.has("total") { return node.expression("total", problems: &problems).map { .total($0) } }
    if node.has("proportions") { return node.text("proportions", problems: &problems).map { .proportions($0) } }
    guard node.has("ratio"), let text = node.text("ratio", problems: &problems) else { return nil }
    do {
      if let parts = try ratioParts(text) { return .ratio(parts.numerator, parts.denominator) }
    } catch {
      problems += error.findings.map { node.placed($0, key: "ratio") }
      return nil
    }
    problems.append(
      node.problem(
        "ratio-text",
        key: "ratio",
        value: text,
        message: LocalizedText(zh: "应为“分子 / 分母”。", en: "must be `numerator / denominator`."),
        fix: LocalizedText(
          zh: "分子或分母中的除法请加括号。",
          en: "Put a division within either side in parentheses."
        )
      )
    )
    return nil
  }

  private static func indicator(
    _ key: String,
    _ node: YAMLMapping,
    statistic: Indicator.Statistic,
    problems: inout [Finding]
  ) -> SurveyIndicator {
    SurveyIndicator(
      indicator: Indicator(
        key: key,
        name: node.localized("name", problems: &problems),
        statistic: statistic,
        filter: node.expression("where", problems: &problems),
        limit: limit(node, problems: &problems),
        interval: interval(node, problems: &problems)
      ),
      unit: node.text("unit", problems: &problems),
      row: node.text("row", problems: &problems)
    )
  }

  /// 1 − another indicator, of the same units and the same filter.
  private static func complement(
    _ key: String,
    _ node: YAMLMapping,
    of direct: [String: SurveyIndicator],
    among keys: [String],
    problems: inout [Finding]
  ) -> SurveyIndicator? {
    guard node.has("complement-of"), let name = node.text("complement-of", problems: &problems) else { return nil }
    for forbidden in ["where", "unit"] where node.has(forbidden) {
      problems.append(
        node.problem(
          "complement-keys",
          key: forbidden,
          message: LocalizedText(zh: "补数沿用原指标的条件与单位。", en: "a complement takes these from its indicator."),
          fix: LocalizedText(zh: "请删去。", en: "Remove it.")
        )
      )
    }
    guard let base = direct[name] else {
      if !keys.contains(name) || name == key {
        problems.append(
          node.unknownName(
            "indicator-unknown",
            key: "complement-of",
            value: name,
            among: keys.filter { $0 != key }
          )
        )
      } else if problems.isEmpty {
        problems.append(
          node.problem(
            "complement-chain",
            key: "complement-of",
            value: name,
            message: LocalizedText(zh: "补数的补数没有意义。", en: "is itself a complement."),
            fix: LocalizedText(zh: "请直接引用原指标。", en: "Name the indicator itself.")
          )
        )
      }
      return nil
    }
    var indicator = base.indicator
    indicator.key = key
    indicator.name = node.localized("name", problems: &problems) ?? LocalizedText(key)
    indicator.isComplement = true
    indicator.limit = limit(node, problems: &problems)
    indicator.interval = interval(node, problems: &problems) ?? base.indicator.interval
    return SurveyIndicator(indicator: indicator, unit: base.unit, row: node.text("row", problems: &problems))
  }

  static func limit(_ node: YAMLMapping, problems: inout [Finding]) -> Limit? {
    guard let limit = node.mapping("limit", problems: &problems) else { return nil }
    let sides: [Limit.Side] = [.atMost, .atLeast]
    limit.check(keys: sides.map(\.rawValue), problems: &problems)
    let given = sides.filter { limit.has($0.rawValue) }
    guard given.count == 1, let value = limit.number(given[0].rawValue, problems: &problems) else {
      if given.count != 1 {
        problems.append(
          node.problem(
            "limit-side",
            key: "limit",
            message: LocalizedText(zh: "须给出 at-most 或 at-least 之一。", en: "needs one of at-most and at-least."),
            fix: LocalizedText(zh: "例如 {at-most: 0.02}。", en: "For instance {at-most: 0.02}.")
          )
        )
      }
      return nil
    }
    if value < 0 || value > 1 {
      problems.append(
        limit.problem(
          "share-range",
          key: given[0].rawValue,
          value: shortest(value),
          message: LocalizedText(zh: "应在 0 与 1 之间。", en: "must lie between 0 and 1."),
          fix: LocalizedText(zh: "2% 写作 0.02。", en: "Write 0.02 for 2 %.")
        )
      )
    }
    return Limit(given[0], value)
  }

  private static func interval(_ node: YAMLMapping, problems: inout [Finding]) -> String? {
    guard let name = node.text("interval", problems: &problems), name != "default" else { return nil }
    if Intervals.named(name) == nil {
      problems.append(
        node.unknownName(
          "interval-unknown",
          key: "interval",
          value: name,
          among: ["default"] + Intervals.all.map(\.name)
        )
      )
    }
    return name
  }
}
