import StatisticalFunctions
import SurveyEstimation
import Testing

/// Evidence of n rows in clusters of eight with the design effect 1.6.
private func evidence(
  _ estimate: Double,
  rows: Int = 400,
  freedom: Int = 17,
  effect: Double = 1.6,
  planned: Double = 0.02
) -> ProportionEvidence {
  let events = Int((estimate * Double(rows)).rounded())
  var evidence = ProportionEvidence(
    estimate: estimate,
    variance: effect * estimate * (1 - estimate) / Double(rows),
    unweightedCount: rows,
    events: events,
    degreesOfFreedom: freedom,
    meanClusterSize: 8,
    weightVariation: 0.15,
    plannedCorrelation: planned,
    pooledCorrelation: 0.03
  )
  evidence.guardedCorrelation = 0.04
  evidence.correlationPrior = CorrelationPrior.families[6]
  // Events spread over the clusters as evenly as they go.
  let clusters = rows / 8
  evidence.clusters = (0..<clusters).map { place in
    ClusterCount(stratum: 0, count: 8, events: events * (place + 1) / clusters - events * place / clusters)
  }
  return evidence
}

private let names = Intervals.all.map(\.name)

private func interval(_ name: String, _ evidence: ProportionEvidence, level: Double = 0.95) throws -> Interval? {
  try #require(Intervals.named(name)).interval(evidence, level: level)
}

@Suite struct IntervalTests {
  @Test("without an event, or with nothing else, a method is void or gives an exact-type bound", arguments: names)
  func ends(name: String) throws {
    let hasBound = [
      "korn-graubard-floor", "pooled-corrected", "pooled", "hierarchical", "beta-binomial", "korn-graubard", "wilson",
    ].contains(name)
    let none = try interval(name, evidence(0))
    let all = try interval(name, evidence(1))
    #expect((none != nil) == hasBound && (all != nil) == hasBound)
    if let none, let all {
      #expect(none.lower == 0 && none.upper > 0 && none.upper < 0.1)
      #expect(all.upper == 1 && all.lower < 1 && all.lower > 0.9)
    }
  }

  @Test("the estimate lies inside, and a higher level gives wider limits", arguments: names)
  func levels(name: String) throws {
    for estimate in [0.0075, 0.05, 0.31, 0.5, 0.88, 0.9925] {
      var narrower = try #require(try interval(name, evidence(estimate), level: 0.6))
      #expect(narrower.lower < estimate && estimate < narrower.upper)
      for level in [0.8, 0.9, 0.95, 0.99] {
        let wider = try #require(try interval(name, evidence(estimate), level: level))
        #expect(wider.upper > narrower.upper, "\(estimate) at \(level)")
        // R's arcsine limit is folded back from 0 once it passes it.
        if name != "asin" || narrower.lower > 0.01 { #expect(wider.lower < narrower.lower, "\(estimate) at \(level)") }
        narrower = wider
      }
    }
  }

  @Test("the interval of the complement is the mirrored one", arguments: names)
  func complement(name: String) throws {
    for estimate in [0.004, 0.02, 0.25, 0.46] {
      let rate = try #require(try interval(name, evidence(estimate)))
      let accuracy = try #require(try interval(name, evidence(1 - estimate)))
      #expect(abs(rate.lower - (1 - accuracy.upper)) < 1e-12)
      #expect(abs(rate.upper - (1 - accuracy.lower)) < 1e-12)
    }
  }

  @Test("no degrees of freedom, no rows and no level give no interval", arguments: names)
  func void(name: String) throws {
    #expect(try interval(name, evidence(0.2, freedom: 0)) == nil)
    #expect(try interval(name, evidence(0.2, freedom: -3)) == nil)
    #expect(try interval(name, evidence(0.2), level: 1) == nil)
    #expect(try interval(name, evidence(0.2), level: 0) == nil)
    var nothing = evidence(0.2)
    nothing.unweightedCount = 0
    #expect(try interval(name, nothing) == nil)
    nothing = evidence(0.2)
    nothing.variance = .nan
    #expect(try interval(name, nothing) == nil)
  }

  @Test("one-sided bounds are the limits that leave the same chance on each side", arguments: names)
  func oneSided(name: String) throws {
    let method = try #require(Intervals.named(name))
    let bounds = try #require(method.oneSided(evidence(0.1), level: 0.95))
    let both = try #require(method.interval(evidence(0.1), level: 0.9))
    #expect(abs(bounds.lower - both.lower) < 1e-14 && abs(bounds.upper - both.upper) < 1e-14)
    #expect(bounds.level == 0.95)
  }

  @Test("the floor never makes Korn–Graubard narrower, and grows with the planned correlation")
  func floor() throws {
    for estimate in [0, 0.003, 0.02, 0.2, 0.5, 0.97, 1] {
      for effect in [0.4, 1, 3] {
        let plain = try #require(try interval("korn-graubard", evidence(estimate, effect: effect)))
        var last = plain
        for planned in [0, 0.02, 0.06, 0.3] {
          let floor = try #require(
            try interval("korn-graubard-floor", evidence(estimate, effect: effect, planned: planned))
          )
          #expect(floor.lower <= last.lower && floor.upper >= last.upper)
          last = floor
        }
        #expect(last.upper - last.lower > plain.upper - plain.lower || effect == 3)
      }
    }
  }

  @Test("Clopper–Pearson limits leave half of the rest in each binomial tail")
  func clopperPearsonRoundTrip() {
    for (events, trials) in [(1, 12), (3, 60), (15, 1500), (2, 100_000), (59, 60)] {
      let limits = clopperPearson(successes: Double(events), trials: Double(trials), level: 0.95)
      let below = Binomial(trials: trials, probability: limits.upper).cdf(events)
      let above = Binomial(trials: trials, probability: limits.lower).upperTail(events - 1)
      #expect(abs(below - 0.025) < 1e-12 && abs(above - 0.025) < 1e-12, "\(events) of \(trials)")
    }
    // 1 − 0.025^(1/n), the rule of three's exact form.
    #expect(abs(clopperPearson(successes: 0, trials: 60, level: 0.95).upper - 0.0596294922861669) < 1e-15)
  }

  // Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81 of 263, 15 of 148.
  @Test(
    "Wilson's limits are those of Newcombe's table",
    arguments: [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)]
  )
  func wilson(events: Int, rows: Int, lower: Double, upper: Double) throws {
    let found = try #require(
      try interval("wilson", evidence(Double(events) / Double(rows), rows: rows, freedom: 1_000_000_000, effect: 1))
    )
    #expect(abs(found.lower - lower) < 0.00005 && abs(found.upper - upper) < 0.00005)
  }

  @Test("Student's limits stand t standard errors away, at the estimate where nothing varies")
  func student() throws {
    // The 97.5 % point of t with 10 degrees of freedom, solved to 30 digits.
    let limits = try #require(studentLimits(estimate: 7, variance: 4, degreesOfFreedom: 10, level: 0.95))
    #expect(abs(limits.upper - (7 + 2 * 2.2281388519862747)) < 1e-12)
    #expect(abs(limits.lower + limits.upper - 14) < 1e-12)
    let none = try #require(studentLimits(estimate: 7, variance: 0, degreesOfFreedom: 10, level: 0.95))
    #expect(none.lower == 7 && none.upper == 7)
    #expect(studentLimits(estimate: 7, variance: -1, degreesOfFreedom: 10, level: 0.95) == nil)
    #expect(studentLimits(estimate: 7, variance: 4, degreesOfFreedom: 0, level: 0.95) == nil)
  }
}
