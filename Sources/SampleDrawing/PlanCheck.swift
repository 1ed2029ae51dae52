package import SurveyData
package import SurveyDesign

/// What contradicts itself in a stage's plan, before any frame is looked at.
func planFindings(_ plan: StagePlan) -> [Finding] {
  guard let method = SelectionMethods.named(plan.method) else {
    let names = SelectionMethods.all.map(\.name)
    let near = nearest(to: plan.method, among: names)
    return [
      planFinding(
        plan,
        "method-unknown",
        zh: "没有抽样方法“\(plan.method)”。",
        en: "there is no method \"\(plan.method)\".",
        fixZh: (near.map { "是否指“\($0)”？" } ?? "") + "可用：\(names.joined(separator: ", "))。",
        fixEn: (near.map { "Did you mean \"\($0)\"? " } ?? "")
          + "There are: \(names.joined(separator: ", "))."
      )
    ]
  }
  var findings = [Finding]()
  if let fault = declaredTextFault(plan.name) {
    findings.append(
      planFinding(
        plan,
        "draw-name",
        zh: "阶段名\(fault.words.zh)。",
        en: "the stage name \(fault.words.en).",
        fixZh: "请给出阶段名。",
        fixEn: "Give the stage a name."
      )
    )
  }
  if method.needsSize, plan.size == nil {
    findings.append(
      planFinding(
        plan,
        "size-missing",
        zh: "方法“\(method.name)”需要规模列。",
        en: "the method \"\(method.name)\" needs a size column.",
        fixZh: "请指明规模列。",
        fixEn: "Name it."
      )
    )
  }
  findings += measureFindings(plan, method: method)
  let reserves = [plan.reserves] + plan.reservesByStratum.values
  for count in Set(reserves).sorted() where count < 0 || count > 0 && method.reserveRule == .none {
    findings.append(
      planFinding(
        plan,
        "reserves",
        zh: "方法“\(method.name)”不能有 \(count) 个备选。",
        en: "the method \"\(method.name)\" cannot have \(count) reserves.",
        fixZh: "请去掉备选或改用 srs。",
        fixEn: "Ask for no reserves, or use srs."
      )
    )
  }
  let canRotate = method.reserveRule == .nextInOrder && !method.needsSize
  if !(plan.rotation >= 0 && plan.rotation < 1) || plan.rotation > 0 && !canRotate {
    findings.append(
      planFinding(
        plan,
        "rotation",
        zh: "轮换位移 \(plan.rotation) 不可用。",
        en: "the rotation \(plan.rotation) cannot be used.",
        fixZh: "位移须在 0 与 1 之间（不含 1），且只用于 srs。",
        fixEn: "It must be at least 0 and less than 1, and goes with srs only."
      )
    )
  }
  if !plan.reservesByStratum.isEmpty, plan.strata.isEmpty {
    findings.append(
      planFinding(
        plan,
        "reserves",
        zh: "没有分层列，备选数不能按层给出。",
        en: "without strata columns reserves cannot be given by stratum.",
        fixZh: "请给出 strata，或只写一个数。",
        fixEn: "Give strata, or one number."
      )
    )
  }
  findings += mustIncludeFindings(plan)
  findings += takeFindings(plan.take, method: method, plan: plan, isNested: false)
  return findings
}

/// A size column or an order asked for by a user that the method would pass over in silence.
///
/// It contradicts nothing, so receipts may have it, and a draw that is repeated is not asked.
package func unusedColumnFindings(_ plan: StagePlan) -> [Finding] {
  guard let method = SelectionMethods.named(plan.method) else { return [] }
  var findings = [Finding]()
  let names = { (fits: (any SelectionMethod) -> Bool) in
    SelectionMethods.all.filter(fits).map(\.name).joined(separator: ", ")
  }
  if let size = plan.size, !method.takesSize {
    let takers = names { $0.takesSize }
    findings.append(
      planFinding(
        plan,
        "size-unused",
        column: size,
        zh: "方法“\(method.name)”不用规模列。",
        en: "the method \"\(method.name)\" has no use for a size column.",
        fixZh: "请去掉 size，或改用按规模抽取的方法：\(takers)。",
        fixEn: "Leave size out, or use a method that follows it: \(takers)."
      )
    )
  }
  if let key = plan.sort.first, method.resultOrder != .list {
    let takers = names { $0.resultOrder == .list }
    findings.append(
      planFinding(
        plan,
        "sort-unused",
        column: key.column,
        zh: "方法“\(method.name)”不看名册的顺序。",
        en: "the method \"\(method.name)\" does not go by the order of the list.",
        fixZh: "请去掉 sort，或改用按顺序抽取的方法：\(takers)。",
        fixEn: "Leave sort out, or use a method that goes by order: \(takers)."
      )
    )
  }
  return findings
}

/// Balancing columns and coordinates asked of a method that has none, or not given to one that needs them.
private func measureFindings(_ plan: StagePlan, method: any SelectionMethod) -> [Finding] {
  let kinds: [(names: [String], isUsed: Bool, code: String, what: LocalizedText)] = [
    (plan.balance, method.measures == .balance, "balance", LocalizedText(zh: "平衡变量列", en: "balancing columns")),
    (
      plan.coordinates, method.measures == .coordinates, "coordinates",
      LocalizedText(zh: "坐标列", en: "coordinate columns")
    ),
  ]
  var findings = [Finding]()
  for kind in kinds where kind.names.isEmpty == kind.isUsed {
    let takers = SelectionMethods.all.filter {
      kind.code == "balance" ? $0.measures == .balance : $0.measures == .coordinates
    }
    let names = takers.map(\.name).joined(separator: ", ")
    findings.append(
      planFinding(
        plan,
        kind.isUsed ? "\(kind.code)-missing" : "\(kind.code)-unused",
        column: kind.names.first,
        zh: kind.isUsed
          ? "方法“\(method.name)”需要\(kind.what.zh)。" : "方法“\(method.name)”不用\(kind.what.zh)。",
        en: kind.isUsed
          ? "the method \"\(method.name)\" needs \(kind.what.en)."
          : "the method \"\(method.name)\" has no use for \(kind.what.en).",
        fixZh: kind.isUsed ? "请给出 \(kind.code)。" : "请去掉 \(kind.code)，或改用 \(names)。",
        fixEn: kind.isUsed ? "Give \(kind.code)." : "Leave \(kind.code) out, or use \(names)."
      )
    )
  }
  return findings
}

private func takeFindings(
  _ take: Take,
  method: any SelectionMethod,
  plan: StagePlan,
  isNested: Bool
) -> [Finding] {
  let isGood: Bool
  switch (take, method.asks) {
  case (.all, _) where method.isWithReplacement, (.upTo, _) where method.isWithReplacement: isGood = false
  case (.all, _): isGood = true
  case (.count(let count), .number), (.upTo(let count), .number): isGood = count >= 0
  case (.rate(let rate), .rate): isGood = rate >= 0 && rate <= 1
  case (.byStratum(let takes), _):
    guard isNested || plan.strata.isEmpty else {
      return takes.sorted { precedesAsBytes($0.key, $1.key) }.flatMap {
        takeFindings($0.value, method: method, plan: plan, isNested: true)
      }
    }
    isGood = false
  case (.allocate(let allocation), .number) where !isNested, (.allocate(let allocation), .rate) where !isNested:
    return allocationFindings(allocation, plan: plan, method: method)
  case (.count, _), (.upTo, _), (.rate, _), (.allocate, _): isGood = false
  }
  if isGood { return [] }
  var isRate = false
  if case .rate = take { isRate = true }
  let wanted =
    switch method.asks {
    case .everything: LocalizedText(zh: "“all”", en: "\"all\"")
    case .number where method.isWithReplacement: LocalizedText(zh: "不小于 0 的抽取次数", en: "a number of draws")
    case .number: LocalizedText(zh: "不小于 0 的数目或“all”", en: "a count of at least 0, or \"all\"")
    case .rate: LocalizedText(zh: "0 到 1 的抽样率或“all”", en: "a rate from 0 to 1, or \"all\"")
    }
  return [
    planFinding(
      plan,
      "take",
      zh: "方法“\(method.name)”不能用这样的样本量：\(described(take))。",
      en: "the method \"\(method.name)\" cannot take \(described(take)).",
      fixZh: "须为\(wanted.zh)；按层给出时须有分层列，且不能再嵌套。" + (isRate ? "按抽样率抽取请用方法 bernoulli。" : ""),
      fixEn: "It takes \(wanted.en); by stratum only with strata columns, and not nested."
        + (isRate ? " For a rate use the method bernoulli." : "")
    )
  ]
}

private func described(_ take: Take) -> String {
  switch take {
  case .all: "all"
  case .count(let count): "\(count)"
  case .upTo(let count): "up to \(count)"
  case .rate(let rate): "rate \(shortest(rate))"
  case .byStratum: "by stratum"
  case .allocate: "an allocated total"
  }
}

/// A refusal that names the stage.
func planFinding(
  _ plan: StagePlan,
  _ code: String,
  column: String? = nil,
  zh: String,
  en: String,
  fixZh: String,
  fixEn: String
) -> Finding {
  Finding(
    code,
    column: column,
    message: LocalizedText(zh: "阶段“\(plan.name)”：\(zh)", en: "stage \"\(plan.name)\": \(en)"),
    fix: LocalizedText(zh: fixZh, en: fixEn)
  )
}
