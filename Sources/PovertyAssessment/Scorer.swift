internal import SurveyData
package import SurveyEstimation

/// Scores every league by a rubric.
///
/// Formula: points of a survey row = maximum · share(rate); of an administrative row = maximum · share; of a
/// mixed row both parts in the rubric's proportion. Low and high are the points at the ends of the
/// published interval. Sums of lows and highs move all rows at once: wider than an interval of the sum.
/// A missing row has no points and leaves the available maximum; so does a row with nobody eligible.
/// - Parameters:
///   - estimates: any domains; only those of exactly one league are read.
///   - leagueVariable: the by-variable whose value is a league's code.
///   - leagues: the codes to score, in the order wanted.
package func score(
  _ rubric: Rubric,
  estimates: [Estimate],
  leagueVariable: String,
  leagues: [String],
  administrative: AdministrativeScores
) -> [LeagueScore] {
  var byKey = [EstimateKey: Estimate]()
  for estimate in estimates where estimate.domain.count == 1 && estimate.domain[0].variable == leagueVariable {
    byKey[EstimateKey(league: estimate.domain[0].value, indicator: estimate.indicator)] = estimate
  }
  return leagues.map { league in
    let rows = rubric.rows.map { row in
      rowScore(
        row,
        estimate: { byKey[EstimateKey(league: league, indicator: $0)] },
        share: administrative.share(league: league, row: row.id)
      )
    }
    return leagueScore(league, rows: rows, rubric: rubric)
  }
}

private struct EstimateKey: Hashable {
  var league: String
  var indicator: String
}

/// A share of points with its range, or the reason why there is none.
private enum Share {
  case exact(Double)
  case estimated(ScoredPoints, Estimate, hasNoInterval: Bool)
  case missing(LocalizedText)
  case noEligible
}

private func rowScore(
  _ row: RubricRow,
  estimate: (String) -> Estimate?,
  share: Double?
) -> RowScore {
  let result: Share
  switch row.measurement {
  case .administrative: result = administrativeShare(share)
  case .survey(let key, let rule): result = surveyShare(estimate(key), key: key, rule: rule)
  case .mixed(let key, let rule, let weight):
    result = mixedShare(surveyShare(estimate(key), key: key, rule: rule), administrativeShare(share), weight)
  }
  var score = RowScore(
    row: row.id,
    status: .exact,
    regular: nil,
    yearEnd: nil,
    estimate: nil,
    lower: nil,
    upper: nil,
    hasNoInterval: false
  )
  switch result {
  case .exact(let share):
    score.regular = scaled(ScoredPoints(points: share, low: share, high: share), to: row.regularPoints)
    score.yearEnd = scaled(ScoredPoints(points: share, low: share, high: share), to: row.yearEndPoints)
  case .estimated(let share, let source, let hasNoInterval):
    score.status = .estimated
    score.regular = scaled(share, to: row.regularPoints)
    score.yearEnd = scaled(share, to: row.yearEndPoints)
    score.estimate = source.estimate
    score.lower = source.interval?.lower
    score.upper = source.interval?.upper
    score.hasNoInterval = hasNoInterval
  case .missing(let reason): score.status = .missing(reason)
  case .noEligible: score.status = .noEligible
  }
  return score
}

private func scaled(_ share: ScoredPoints, to maximum: Double) -> ScoredPoints {
  ScoredPoints(points: share.points * maximum, low: share.low * maximum, high: share.high * maximum)
}

private func administrativeShare(_ share: Double?) -> Share {
  if let share { return .exact(share) }
  return .missing(
    LocalizedText(zh: "部门评分未提供", en: "the office's share was not handed over")
  )
}

private func surveyShare(_ estimate: Estimate?, key: String, rule: any ScoringRule) -> Share {
  guard let estimate else {
    return .missing(LocalizedText(zh: "没有该盟市的估计：\(key)", en: "no estimate of \(key) for this league"))
  }
  guard let rate = estimate.estimate else {
    switch estimate.reason {
    case .emptyDomain?, .zeroDenominator?: return .noEligible
    case .missingValues?, .noDegreesOfFreedom?, .negativeVariance?, .registerMissing?, .noEvent?, .noSpread?,
      .firstJudgementConstant?, .classNotJudgedAgain?, .replicatedStageComplete?, .suppressed?, nil:
      return .missing(
        LocalizedText(
          zh: "无法估计：\(estimate.reason?.rawValue ?? key)",
          en: "cannot be estimated: \(estimate.reason?.rawValue ?? key)"
        )
      )
    }
  }
  let lower = estimate.interval?.lower ?? 0
  let upper = estimate.interval?.upper ?? 1
  return .estimated(
    ScoredPoints(points: rule.share(at: rate), low: rule.share(at: lower), high: rule.share(at: upper)),
    estimate,
    hasNoInterval: estimate.interval == nil
  )
}

private func mixedShare(_ survey: Share, _ office: Share, _ weight: Double) -> Share {
  switch (survey, office) {
  case (.missing, _), (.noEligible, .missing): return survey
  // Nobody eligible for the survey part: the office's part stands for the row.
  case (.noEligible, _): return office
  case (_, .missing): return office
  case (.estimated(let part, let source, let hasNoInterval), .exact(let share)):
    func mixed(_ value: Double) -> Double { weight * value + (1 - weight) * share }
    return .estimated(
      ScoredPoints(points: mixed(part.points), low: mixed(part.low), high: mixed(part.high)),
      source,
      hasNoInterval: hasNoInterval
    )
  case (.exact, _), (.estimated, .estimated), (.estimated, .noEligible): return survey
  }
}

private func leagueScore(_ league: String, rows: [RowScore], rubric: Rubric) -> LeagueScore {
  let nothing = ScoreSum(score: ScoredPoints(points: 0, low: 0, high: 0), available: 0)
  var regular = nothing
  var yearEnd = nothing
  var missing = [String]()
  var noEligible = [String]()
  for (row, result) in zip(rubric.rows, rows) {
    switch result.status {
    case .missing: missing.append(row.id)
    case .noEligible: noEligible.append(row.id)
    case .exact, .estimated: break
    }
    if let points = result.regular {
      regular.score = regular.score + points
      regular.available += row.regularPoints
    }
    if let points = result.yearEnd {
      yearEnd.score = yearEnd.score + points
      yearEnd.available += row.yearEndPoints
    }
  }
  let total = ScoreSum(
    score: regular.score + yearEnd.score,
    available: regular.available + yearEnd.available
  )
  return LeagueScore(
    league: league,
    rows: rows,
    regular: regular,
    yearEnd: yearEnd,
    total: total,
    missingRows: missing,
    noEligibleRows: noEligible,
    grade: grade(of: total, isPartial: !missing.isEmpty, rubric: rubric)
  )
}

private func grade(of total: ScoreSum, isPartial: Bool, rubric: Rubric) -> GradeResult? {
  guard total.available > 0,
    let grade = rubric.grade(atShare: total.score.points / total.available),
    let worst = rubric.grade(atShare: total.score.low / total.available),
    let best = rubric.grade(atShare: total.score.high / total.available)
  else { return nil }
  return GradeResult(grade: grade, worst: worst, best: best, isPartial: isPartial)
}
