package import SurveyData
package import SurveyDesign
package import SurveyEstimation

/// Every word the survey reports print, in one language.
package struct Wording: Sendable {
  package struct Headings: Sendable {
    package var indicator, domain, estimate, standardError, lower, upper, method, level: String
    package var oneSidedLower, oneSidedUpper, count, weightedCount, events, designEffect: String
    package var designEffectRoot, relativeError, lowerTwo, upperTwo, degreesOfFreedom: String
    package var comparisonLower, comparisonUpper, limit, verdict, reason, withinUnit: String
    package var key: String
  }

  package struct Annex: Sendable {
    package var title, chapterDesign, chapterResponse, chapterErrors, chapterPlots: String
    package var chapterIntervals, chapterAssumptions, chapterInputs, chapterSoftware: String
    package var stages, stage, unit, strata, selection, population, sample, reserves: String
    package var noStrata, notRecorded, edition, date, protocolVersion, group, commitment, seed: String
    package var seedOpen, seedSealed, receiptDigest, frames, file, digest, rows, noDraw: String
    package var response, selected, respondents, replaced, rateUnweighted, rateWeighted: String
    package var noResponse, total, responseNote: String
    package var weights, weightScope, minimum, maximum, mean, variation, kish, weightNote: String
    package var errorsLead, twoErrorsNote, suppressedNote, withinNote, missingNote: String
    package var plotCaption, plotScaleRoot, plotScaleLinear, plotLegendBelow, plotLegendAbove: String
    package var plotLegendUnknown, plotEstimate, plotEvents, limitLine: String
    package var varianceMethod, lonelyUnits, design, methodsUsed, correlations, pooled, planned: String
    package var unitsUsed, eventsUsed, correlationNote, assumption, noAssumptions, software: String
    package var generatedBy, noInputs, noEstimates, inputs, confidence: String
    package var allIndicators, plotsLead: String
  }

  package struct List: Sendable {
    package var title, selected, reserve, about: String
  }

  package var language: Language
  package var headings: Headings
  package var annex: Annex
  package var list: List
  /// A short mark and what the limits rest on, by the name in `Intervals.all`.
  package var methods: [String: Method]

  package struct Method: Sendable {
    package var mark: String
    package var explanation: String
  }

  package static func of(_ language: Language) -> Wording {
    switch language {
    case .chinese: chinese
    case .english: english
    }
  }

  /// The mark of a method in a narrow column; one without a mark is named by itself.
  package func mark(ofMethod name: String) -> String { methods[name]?.mark ?? name }

  /// The method's title, and for those of the default rule what the limits rest on.
  package func explanation(ofMethod name: String) -> String {
    let title = Intervals.title(of: name)?.text(in: language) ?? name
    guard let explanation = methods[name]?.explanation else { return title }
    return title + colon + explanation
  }

  package func verdict(_ verdict: Verdict) -> String {
    switch (verdict, language) {
    case (.shownBelow, .chinese): "可认定低于"
    case (.cannotTell, .chinese): "不能判定"
    case (.shownAbove, .chinese): "可认定高于"
    case (.shownBelow, .english): "shown below"
    case (.cannotTell, .english): "can't tell"
    case (.shownAbove, .english): "shown above"
    }
  }

  package func reason(_ reason: Reason) -> String {
    switch (reason, language) {
    case (.emptyDomain, .chinese): "无样本"
    case (.zeroDenominator, .chinese): "分母为零"
    case (.missingValues, .chinese): "有缺失值"
    case (.noDegreesOfFreedom, .chinese): "自由度不足"
    case (.negativeVariance, .chinese): "方差估计为负"
    case (.registerMissing, .chinese): "缺建档数"
    case (.noEvent, .chinese): "无一例或全为该例，该法无区间"
    case (.noSpread, .chinese): "判定全部一致，无离散"
    case (.firstJudgementConstant, .chinese): "第一次判定全部相同"
    case (.classNotJudgedAgain, .chinese): "有类无第二次判定"
    case (.replicatedStageComplete, .chinese): "该阶段全查，重复不含以下阶段"
    case (.suppressed, .chinese): "不公布"
    case (.suppressed, .english): "suppressed"
    case (.emptyDomain, .english): "no sample"
    case (.zeroDenominator, .english): "zero denominator"
    case (.missingValues, .english): "missing values"
    case (.noDegreesOfFreedom, .english): "no degrees of freedom"
    case (.negativeVariance, .english): "negative variance"
    case (.registerMissing, .english): "no register counts"
    case (.noEvent, .english): "no case or nothing else: the method has no limits"
    case (.noSpread, .english): "judgements all agree: no spread"
    case (.firstJudgementConstant, .english): "first judgements all the same"
    case (.classNotJudgedAgain, .english): "a class without second judgement"
    case (.replicatedStageComplete, .english): "stage complete, later ones not in the replicates"
    }
  }

  package func suppressed(below count: Int) -> String {
    switch language {
    case .chinese: "样本少于 \(count)，不公布"
    case .english: "fewer than \(count) cases: suppressed"
    }
  }

  /// A limit as a person writes it, such as "≤ 2%".
  package func limit(_ limit: Limit) -> String {
    let value = trimmedPercent(limit.value)
    switch limit.side {
    case .atMost: return "≤ \(value)"
    case .atLeast: return "≥ \(value)"
    }
  }

  package func lonely(_ policy: LonelyUnitPolicy) -> String {
    switch (policy, language) {
    case (.fail, .chinese): "只抽到一个单位的层：拒绝计算（本次没有这样的层）"
    case (.adjust, .chinese): "只抽到一个单位的层：以对全部层均值的离差计入"
    case (.average, .chinese): "只抽到一个单位的层：以其他层的平均贡献计入"
    case (.certainty, .chinese): "只抽到一个单位的层：视为必选，不计方差"
    case (.remove, .chinese): "只抽到一个单位的层：不计入方差"
    case (.fail, .english): "A stratum with a single sampled unit: refused (there was none)"
    case (.adjust, .english): "A stratum with a single sampled unit: deviation from the mean over all strata"
    case (.average, .english): "A stratum with a single sampled unit: the other strata's average contribution"
    case (.certainty, .english): "A stratum with a single sampled unit: taken as certain, no variance"
    case (.remove, .english): "A stratum with a single sampled unit: left out of the variance"
    }
  }

  package func percentLevel(_ level: Double) -> String { trimmedPercent(level) }

  /// Degrees of freedom and where they come from.
  package func degrees(_ degrees: Int, units: Int?, strata: Int?) -> String {
    guard let units, let strata else { return String(degrees) }
    switch language {
    case .chinese: return "\(degrees)（第一阶段单位 \(units) 个，层 \(strata) 个）"
    case .english: return "\(degrees) (\(units) first-stage units, \(strata) strata)"
    }
  }

  /// "（第 2 页，共 3 页）" after a caption.
  package func part(_ number: Int, of count: Int) -> String {
    switch language {
    case .chinese: "（\(number)／\(count)）"
    case .english: " (\(number) of \(count))"
    }
  }

  /// A remark in the brackets of the language.
  package func bracketed(_ text: String) -> String {
    switch language {
    case .chinese: "（\(text)）"
    case .english: " (\(text))"
    }
  }

  package var colon: String {
    switch language {
    case .chinese: "："
    case .english: ": "
    }
  }

  package var listComma: String {
    switch language {
    case .chinese: "、"
    case .english: ", "
    }
  }

  package var sentenceGap: String {
    switch language {
    case .chinese: ""
    case .english: " "
    }
  }
}
