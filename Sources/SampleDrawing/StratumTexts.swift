import SurveyData
import SurveyDesign

/// Whether every stratum has a text of its own, by which plans, lists and estimation can tell it from the others.
///
/// Two texts that differ only in their Unicode form look alike and count as one.
func haveOwnTexts(_ strata: [[String]]) -> Bool {
  if strata.contains(where: { isReservedText($0) }) { return false }
  // A Swift text equals its canonical equivalents.
  return Set(strata.map { stratumKey($0) }).count == strata.count
}

/// Refuses strata that lists could not tell apart.
/// - Throws: `stratum-ambiguous` with both of two strata of one text, `stratum-reserved` for a text that ends as that
///   of a stratum's must-include units does.
func checkStratumTexts(_ strata: [[String]], plan: StagePlan, file: String) throws(InputRefusal) {
  if haveOwnTexts(strata) { return }
  var findings = RowFindings(file: file)
  var met = [String: [String]]()
  for values in strata {
    if isReservedText(values) { findings.add(reservedFinding(values, plan: plan, file: file)) }
    let key = stratumKey(values)
    if let before = met[key] {
      findings.add(ambiguousFinding(before, values, plan: plan, file: file))
    } else {
      met[key] = values
    }
  }
  throw InputRefusal(findings.all)
}

private func isReservedText(_ values: [String]) -> Bool {
  values.last?.utf8.reversed().starts(with: DrawnList.certainSuffix.utf8.reversed()) ?? false
}

private func ambiguousFinding(_ one: [String], _ other: [String], plan: StagePlan, file: String) -> Finding {
  let both = [one, other].map { values in values.map { shown($0) }.joined(separator: " | ") }
  return Finding(
    "stratum-ambiguous",
    file: file,
    column: plan.strata.joined(separator: ", "),
    value: stratumKey(other),
    message: LocalizedText(
      zh: "阶段“\(plan.name)”：两个不同的层（\(both[0])）与（\(both[1])）写出来是同一个名称，名单与估计无法区分。",
      en:
        "stage \"\(plan.name)\": two strata, (\(both[0])) and (\(both[1])), have one and the same text, so that lists "
        + "and estimation could not tell them apart."
    ),
    fix: LocalizedText(
      zh: "请改写其中一层的值：值内不用“, ”，Unicode 统一为 NFC 形式。",
      en: "Rewrite the values of one: without \", \" in a value, and all in Unicode form NFC."
    )
  )
}

/// A value as it can be told from one that looks the same: with the code points of what is not in form NFC.
private func shown(_ value: String) -> String {
  if isComposed(value) { return value }
  let points = value.unicodeScalars.map { scalar in
    scalar.isASCII ? String(scalar) : "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  }
  return points.joined()
}

private func reservedFinding(_ values: [String], plan: StagePlan, file: String) -> Finding {
  Finding(
    "stratum-reserved",
    file: file,
    column: plan.strata.last,
    value: stratumKey(values),
    message: LocalizedText(
      zh: "阶段“\(plan.name)”：层名以“\(DrawnList.certainSuffix)”结尾，这是名单中必选单元所在层的写法。",
      en:
        "stage \"\(plan.name)\": the stratum's text ends in \"\(DrawnList.certainSuffix)\", which marks the must-include "
        + "units of a stratum in lists."
    ),
    fix: LocalizedText(zh: "请给该层另取名称。", en: "Give the stratum another name.")
  )
}
