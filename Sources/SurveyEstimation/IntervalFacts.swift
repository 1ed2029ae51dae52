internal import SurveyData

/// The rows that a figure's denominator rests on, in one domain.
struct BaseCounts {
  var rows: Int
  /// Rows whose numerator is not zero.
  var events: Int
  /// Σ w and Σ w² over the rows.
  var weight: Double
  var squaredWeight: Double
}

/// What the interval of one estimate rests on, and the rule that chooses it.
struct IntervalFacts {
  var estimate: Double
  var variance: Double
  var freedom: Int
  var base: BaseCounts
  var meanClusterSize: Double
  var round: RoundCorrelation
  /// All chance lies in the clusters: nothing above them was left out of the sample.
  var isPooledValid: Bool
  /// The cells of the domain.
  var cells: [Int32]
  var level: Double
  /// Of replicates: the variance of the estimate's logit.
  var logitVariance: Double?

  /// Fills in interval, comparison, one-sided bounds and verdict.
  ///
  /// The default of a rate: ``CorrectedJeffreysInterval`` where all chance lies in the clusters, in a round of at least
  /// six units or with a correlation that was given; else ``KornGraubardFloorInterval``; beside it R's logit.
  /// Everything else has Student's t. Source: `docs/interval-study.md`.
  func complete(_ result: inout Estimate, indicator: Indicator) {
    guard round.isRate else {
      completeByStudent(&result, isComplement: indicator.isComplement, limit: indicator.limit)
      return
    }
    var evidence = ProportionEvidence(
      estimate: min(1, max(0, estimate)),
      variance: variance,
      unweightedCount: base.rows,
      events: base.events,
      degreesOfFreedom: freedom,
      meanClusterSize: meanClusterSize,
      weightVariation: weightVariation,
      plannedCorrelation: round.floor,
      pooledCorrelation: isPooledValid ? round.used : nil
    )
    if isPooledValid {
      evidence.guardedCorrelation = round.guarded
      (evidence.clusterFraction, evidence.rowFraction) = round.fractions(of: cells)
    }
    evidence.logitVariance = logitVariance
    let chosen: any ProportionInterval
    if let name = indicator.interval, let named = Intervals.named(name) {
      chosen = named
    } else if isPooledValid, round.isDefault {
      chosen = CorrectedJeffreysInterval()
    } else {
      chosen = KornGraubardFloorInterval()
    }
    if indicator.isComplement { evidence.estimate = 1 - evidence.estimate }
    if chosen.needsClusters, isPooledValid {
      evidence.clusters = round.clusters(in: cells)
      if indicator.isComplement { evidence.clusters = evidence.clusters?.map(\.complement) }
      if chosen.needsRound { evidence.correlationPrior = round.prior(leavingOut: cells) }
    }
    result.interval = chosen.interval(evidence, level: level)
    if result.interval == nil, !evidence.isInterior { result.reason = .noEvent }
    result.comparison = Intervals.named("logit")?.interval(evidence, level: level)
    result.oneSided = chosen.oneSided(evidence, level: level)
    result.verdict = verdict(result.oneSided, indicator.limit)
  }

  private func completeByStudent(_ result: inout Estimate, isComplement: Bool, limit: Limit?) {
    let center = isComplement ? 1 - estimate : estimate
    guard
      let both = studentLimits(
        estimate: center,
        variance: variance,
        degreesOfFreedom: Double(freedom),
        level: level
      ),
      let single = studentLimits(
        estimate: center,
        variance: variance,
        degreesOfFreedom: Double(freedom),
        level: 2 * level - 1
      )
    else { return }
    result.interval = Interval(method: "t", level: level, lower: both.lower, upper: both.upper)
    result.oneSided = OneSidedBounds(level: level, lower: single.lower, upper: single.upper)
    result.verdict = verdict(result.oneSided, limit)
  }

  /// cv²_w = n Σw² / (Σw)² − 1.
  private var weightVariation: Double {
    guard base.weight > 0 else { return 0 }
    return max(0, Double(base.rows) * base.squaredWeight / (base.weight * base.weight) - 1)
  }

  private func verdict(_ bounds: OneSidedBounds?, _ limit: Limit?) -> Verdict? {
    guard let limit, let bounds else { return nil }
    return limit.verdict(bounds)
  }
}
