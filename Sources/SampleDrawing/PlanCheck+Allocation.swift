import SurveyData
import SurveyDesign

/// What contradicts itself in an allocation, before any frame is looked at.
func allocationFindings(_ allocation: Allocation, plan: StagePlan, method: any SelectionMethod) -> [Finding] {
  guard let rule = Allocations.named(allocation.rule) else {
    let names = Allocations.all.map(\.name)
    let near = nearest(to: allocation.rule, among: names)
    return [
      planFinding(
        plan,
        "allocation-rule-unknown",
        zh: "没有分配规则“\(allocation.rule)”。",
        en: "there is no allocation rule \"\(allocation.rule)\".",
        fixZh: (near.map { "是否指“\($0)”？" } ?? "") + "可用：\(names.joined(separator: ", "))。",
        fixEn: (near.map { "Did you mean \"\($0)\"? " } ?? "") + "There are: \(names.joined(separator: ", "))."
      )
    ]
  }
  var findings = [Finding]()
  func refuse(_ code: String, zh: String, en: String, fixZh: String, fixEn: String) {
    findings.append(planFinding(plan, code, zh: zh, en: en, fixZh: fixZh, fixEn: fixEn))
  }
  if plan.strata.isEmpty {
    refuse(
      "allocation-strata",
      zh: "没有分层列，无从分配。",
      en: "there are no strata columns to share out over.",
      fixZh: "请给出 strata，或改用 take。",
      fixEn: "Give strata, or use take."
    )
  }
  if case .rate = method.asks {
    refuse(
      "allocation-method",
      zh: "方法“\(method.name)”按抽样率抽取，不能分配数目。",
      en: "the method \"\(method.name)\" takes a rate; numbers cannot be shared out for it.",
      fixZh: "请改用固定样本量的方法，如 srs。",
      fixEn: "Use a method of fixed size, such as srs."
    )
  }
  if allocation.total < 0 || allocation.minimum < 0 || allocation.takeAllUpTo < 0 || (allocation.maximum ?? 0) < 0 {
    refuse(
      "allocation-bounds",
      zh: "total、min、max、take-all-up-to 都不能小于 0。",
      en: "total, min, max and take-all-up-to cannot be less than 0.",
      fixZh: "请改正。",
      fixEn: "Mend it."
    )
  }
  if let maximum = allocation.maximum, maximum < allocation.minimum {
    refuse(
      "allocation-bounds",
      zh: "min = \(allocation.minimum) 大于 max = \(maximum)。",
      en: "min = \(allocation.minimum) is more than max = \(maximum).",
      fixZh: "请改正其一。",
      fixEn: "Mend one of them."
    )
  }
  if rule.usesExponent {
    if allocation.exponent.map({ !($0 >= 0 && $0 <= 1) }) ?? true {
      refuse(
        "allocation-exponent",
        zh: "规则“\(rule.name)”需要 0 到 1 的指数 q\(allocation.exponent.map { "，而不是 \(shortest($0))" } ?? "")。",
        en:
          "the rule \"\(rule.name)\" needs an exponent q from 0 to 1\(allocation.exponent.map { ", not \(shortest($0))" } ?? "").",
        fixZh: "q = 1 偏重总体，q = 0 偏重各层，常用 0.5。",
        fixEn: "q = 1 serves the whole, q = 0 the single strata; 0.5 is common."
      )
    }
  } else if allocation.exponent != nil {
    refuse(
      "allocation-unused",
      zh: "规则“\(rule.name)”不用指数 q。",
      en: "the rule \"\(rule.name)\" has no exponent q.",
      fixZh: "请去掉 q，或用 power。",
      fixEn: "Remove q, or use power."
    )
  }
  for figure in AllocationFigure.allCases {
    if rule.needs.contains(figure), !allocation.given.contains(figure) {
      refuse(
        "allocation-figure-missing",
        zh: "规则“\(rule.name)”（\(rule.measureFormula)）需要 \(figure.rawValue)。",
        en: "the rule \"\(rule.name)\" (\(rule.measureFormula)) needs \(figure.rawValue).",
        fixZh: "请给出一列，或各层的值。",
        fixEn: "Give a column, or a value for each stratum."
      )
    }
    if allocation.given.contains(figure), !rule.needs.union(rule.accepts).contains(figure) {
      refuse(
        "allocation-unused",
        zh: "规则“\(rule.name)”（\(rule.measureFormula)）不用 \(figure.rawValue)。",
        en: "the rule \"\(rule.name)\" (\(rule.measureFormula)) does not use \(figure.rawValue).",
        fixZh: "请去掉，或换用需要它的规则。",
        fixEn: "Remove it, or use a rule that needs it."
      )
    }
  }
  if allocation.deviation != nil, allocation.variation != nil {
    refuse(
      "allocation-unused",
      zh: "sd 与 cv 只能给出一个。",
      en: "sd and cv exclude each other.",
      fixZh: "请去掉其一。",
      fixEn: "Remove one."
    )
  }
  return findings
}
