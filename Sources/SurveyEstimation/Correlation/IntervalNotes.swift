internal import SurveyData

/// What a reader must know about the limits of rates: where the interval asked for is void, and where the planned
/// correlation stands in for that of the round.
func intervalNotes(
  _ estimates: [Estimate],
  rounds: [RoundCorrelation],
  request: EstimationRequest
) -> [Finding] {
  var notes: [Finding] = []
  for name in Set(request.indicators.compactMap(\.interval)).sorted() {
    guard let method = Intervals.named(name), method.needsClusters || name == "pooled" else { continue }
    let keys = Set(request.indicators.filter { $0.interval == name }.map(\.key))
    let void = estimates.count { estimate in
      let key = estimate.indicator.split(separator: "=", maxSplits: 1).first.map(String.init) ?? estimate.indicator
      return estimate.isProportion && estimate.interval == nil && estimate.reason == nil
        && (keys.contains(key) || keys.contains(estimate.indicator))
    }
    if void > 0 { notes.append(.voidInterval(method, count: void)) }
  }
  for pooled in rounds.compactMap(\.pooled) where pooled.use == .planned && pooled.rarerEvents > 0 {
    notes.append(.fewEvents(pooled, planned: request.plannedCorrelation))
  }
  return notes
}

extension Finding {
  fileprivate static func voidInterval(_ method: any ProportionInterval, count: Int) -> Finding {
    Finding(
      "interval-void",
      severity: .note,
      value: method.name,
      message: LocalizedText(
        zh: "\(count) 个估计没有“\(method.title.zh)”：它要求 0/1 回答、至少两个群，且抽样误差全部来自这些群"
          + (method.needsRound ? "，并要求本轮另有单位出现事件。" : "。"),
        en: "\(count) estimates have no \"\(method.name)\" interval: it needs answers of 0 and 1 in at least two "
          + "clusters with all chance in them"
          + (method.needsRound ? ", and another unit of the round with an event." : ".")
      ),
      fix: LocalizedText(
        zh: "对这些域请用 --interval default 或 korn-graubard-floor。",
        en: "For these domains use --interval default or korn-graubard-floor."
      )
    )
  }

  fileprivate static func fewEvents(_ pooled: PooledCorrelation, planned: Double) -> Finding {
    Finding(
      "correlation-few-events",
      severity: .note,
      column: pooled.indicator,
      value: String(pooled.rarerEvents),
      message: LocalizedText(
        zh: "全部 \(pooled.units) 个单位中较少的一类只有 \(pooled.rarerEvents) 个，少于 10 个：群内相关用计划值 \(shortest(planned))。",
        en: "\(pooled.rarerEvents) of the rarer outcome in all \(pooled.units) units are fewer than 10: limits rest on "
          + "the planned intra-cluster correlation \(shortest(planned))."
      ),
      fix: LocalizedText(
        zh: "可用 --rho 给出上一轮的估计。",
        en: "Give the estimate of an earlier round with --rho."
      )
    )
  }
}
