internal import SurveyData
internal import SurveyEstimation

/// Reads the values of options and collects what is wrong with them.
struct QuestionReader {
  private(set) var problems: [Finding] = []
  /// What a survey file calls each option, where the question stands there.
  private let keys: [(option: String, key: String)]

  /// - Parameter keys: by option, the key of the survey file; an option that is the beginning of another comes after it.
  init(keys: [(option: String, key: String)] = []) {
    self.keys = keys
  }

  mutating func refuse(_ option: String, value: String?, _ message: LocalizedText, _ fix: LocalizedText) {
    problems.append(
      Finding("option-value", column: shown(option), value: value, message: shown(message), fix: shown(fix))
    )
  }

  private func shown(_ text: LocalizedText) -> LocalizedText {
    LocalizedText(zh: shown(text.zh), en: shown(text.en))
  }

  private func shown(_ text: String) -> String {
    keys.reduce(text) { $0.replacing($1.option, with: $1.key) }
  }

  mutating func expression(_ option: String, _ text: String) -> Expression? {
    do {
      return try Expression(parsing: text)
    } catch {
      for finding in error.findings { refuse(option, value: text, finding.message, finding.fix) }
      return nil
    }
  }

  mutating func ratio(_ text: String) -> (numerator: Expression, denominator: Expression)? {
    do {
      if let parts = try ratioParts(text) { return parts }
    } catch {
      for finding in error.findings { refuse("--ratio", value: text, finding.message, finding.fix) }
      return nil
    }
    refuse(
      "--ratio",
      value: text,
      LocalizedText(zh: "应为“分子/分母”。", en: "must be NUMERATOR/DENOMINATOR."),
      LocalizedText(
        zh: "分子或分母中的除法请加括号。",
        en: "Put a division within either side in parentheses."
      )
    )
    return nil
  }

  mutating func choice<Choice: RawRepresentable<String>>(
    _ option: String,
    _ text: String?,
    of choices: [Choice]
  ) -> Choice? {
    guard let text else { return nil }
    if let choice = choices.first(where: { $0.rawValue == text }) { return choice }
    unknown(option, text, among: choices.map(\.rawValue))
    return nil
  }

  mutating func share(_ option: String, _ value: Double?, zero: Bool = false) -> Double? {
    guard let value else { return nil }
    if value < 1, value > 0 || zero && value == 0 { return value }
    refuse(
      option,
      value: shortest(value),
      LocalizedText(zh: "应在 0 与 1 之间。", en: "must lie between 0 and 1."),
      LocalizedText(zh: "95% 写作 0.95。", en: "Write 0.95 for 95 %.")
    )
    return nil
  }

  /// `pooled`, or a number from 0 to below 1; the documented rule where nothing is said.
  mutating func correlation(_ option: String, _ text: String?) -> CorrelationSource {
    guard let text else { return .automatic }
    if text == "pooled" { return .pooled }
    if let value = plainNumber(text), value >= 0, value < 1 { return .fixed(value) }
    refuse(
      option,
      value: text,
      LocalizedText(zh: "应为 pooled，或 0 与 1 之间的数。", en: "is pooled, or a number between 0 and 1."),
      LocalizedText(zh: "例如 pooled 或 0.03。", en: "Write pooled or 0.03, say.")
    )
    return .automatic
  }

  /// The name of an interval; `nil` for the default rule.
  mutating func interval(_ name: String?) -> String? {
    guard let name, name != "default" else { return nil }
    if Intervals.named(name) == nil {
      unknown("--interval", name, among: ["default"] + Intervals.all.map(\.name))
    }
    return name
  }

  /// Refuses an option that means nothing without another.
  mutating func needs(_ needed: String, for option: String) {
    refuse(
      option,
      value: nil,
      LocalizedText(zh: "须与 \(needed) 同时给出。", en: "says nothing without \(needed)."),
      LocalizedText(zh: "请补上 \(needed)，或删去它。", en: "Give \(needed) too, or remove it.")
    )
  }

  /// Refuses two options that contradict each other.
  mutating func excludes(_ option: String, _ other: String) {
    refuse(
      option,
      value: nil,
      LocalizedText(zh: "不能与 \(other) 同时给出。", en: "excludes \(other)."),
      LocalizedText(zh: "请删去其中一个。", en: "Remove one.")
    )
  }

  mutating func formula(_ option: String, _ text: String) -> FigureFormula? {
    do {
      return try FigureFormula(parsing: text)
    } catch {
      for finding in error.findings { refuse(option, value: text, finding.message, finding.fix) }
      return nil
    }
  }

  mutating func function(
    _ option: String,
    _ text: String,
    _ make: () throws(InputRefusal) -> FigureFunction
  ) -> FigureFunction? {
    do {
      return try make()
    } catch {
      for finding in error.findings { refuse(option, value: text, finding.message, finding.fix) }
      return nil
    }
  }

  mutating func model(_ option: String, _ text: String) -> ModelFormula? {
    do {
      return try ModelFormula(parsing: text)
    } catch {
      for finding in error.findings { refuse(option, value: text, finding.message, finding.fix) }
      return nil
    }
  }

  /// `0.3,3`; either may be `none`, not both.
  mutating func bounds(_ option: String, _ text: String) -> (lower: Double?, upper: Double?)? {
    let parts = topParts(text, separator: ",")
    let numbers = parts.map { $0 == "none" || $0.isEmpty ? nil : plainNumber($0) }
    let isRead = zip(parts, numbers).allSatisfy { $0 == "none" || $0.isEmpty || $1 != nil }
    if parts.count == 2, isRead, numbers.contains(where: { $0 != nil }) {
      if let lower = numbers[0], let upper = numbers[1], lower >= upper {
        refuse(
          option,
          value: text,
          LocalizedText(zh: "下界应小于上界。", en: "has a lower bound that is not below the upper one."),
          LocalizedText(zh: "例如 0.3,3。", en: "Write 0.3,3, say.")
        )
        return nil
      }
      return (numbers[0], numbers[1])
    }
    refuse(
      option,
      value: text,
      LocalizedText(zh: "应为“下界,上界”。", en: "must be LOWER,UPPER."),
      LocalizedText(zh: "例如 0.3,3；没有的一边写 none。", en: "Write 0.3,3; none for a side without a bound.")
    )
    return nil
  }

  /// `<=0.02`, `<= 2%`, `>=0.9`.
  mutating func limit(_ text: String?) -> Limit? {
    guard let text else { return nil }
    var rest = text.filter { $0 != " " }[...]
    let sides: [(String, Limit.Side)] = [("<=", .atMost), ("≤", .atMost), (">=", .atLeast), ("≥", .atLeast)]
    if let (sign, side) = sides.first(where: { rest.hasPrefix($0.0) }) {
      rest = rest.dropFirst(sign.count)
      let isPercent = rest.last == "%"
      if isPercent { rest = rest.dropLast() }
      if let value = plainNumber(String(rest)) {
        let share = isPercent ? value / 100 : value
        if share >= 0, share <= 1 { return Limit(side, share) }
      }
    }
    refuse(
      "--limit",
      value: text,
      LocalizedText(zh: "不是限值的写法。", en: "is no limit."),
      LocalizedText(zh: "例如 \"<=0.02\" 或 \">=90%\"。", en: "Write \"<=0.02\" or \">=90%\", for instance.")
    )
    return nil
  }

  mutating func unknown(_ option: String, _ text: String, among names: [String]) {
    let near = nearest(to: text, among: names)
    refuse(
      option,
      value: text,
      LocalizedText(zh: "没有这个选项值。", en: "there is no such choice."),
      LocalizedText(
        zh: near.map { "是否指“\($0)”？" } ?? "可用：\(names.joined(separator: "、"))。",
        en: near.map { "Did you mean \"\($0)\"?" } ?? "Known: \(names.joined(separator: ", "))."
      )
    )
  }
}
