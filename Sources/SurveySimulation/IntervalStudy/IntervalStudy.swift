internal import StatisticalFunctions
package import SurveyData
internal import SurveyEstimation

/// Tries the intervals for a rare rate on rounds whose truth is known.
///
/// Counties are drawn from the frame for each population, events put into their villages, villages drawn by the
/// product's selection methods, households at random; the intervals are the product's.
package struct IntervalStudy: Sendable {
  /// The bands of the true county rate, as parts of the range in logarithms: .2–.5, .5–1.2 and 1.2–3 % of .2–3 %.
  package static let bandCount = 3
  /// The names of `Intervals.all` that are tried, and the default rule.
  package static let methods = [
    "logit", "korn-graubard-floor", "pooled", "pooled-corrected", "default", "hierarchical", "beta-binomial",
  ]
  static let planned = 0.02

  package let frame: StudyFrame
  package let seed: String

  /// - Parameter seed: of all populations and samples; another one is another study.
  package init(frame: StudyFrame, seed: String) {
    self.frame = frame
    self.seed = seed
  }

  /// The cells of a setting: by method, then by band.
  ///
  /// - Parameters:
  ///   - methods: which of ``methods``; those by likelihood take most of the time.
  ///   - draws: villages drawn beforehand, shared by settings alike in villages and method.
  package func run(
    _ setting: StudySetting,
    methods: [String] = IntervalStudy.methods,
    draws: StudyDraws
  ) -> [String: [CoverageCell]] {
    var cells: [String: [CoverageCell]] = [:]
    for method in methods { cells[method] = [CoverageCell](repeating: CoverageCell(), count: Self.bandCount) }
    var terms = BetaBinomialTerms(.standard)
    for number in 0..<setting.populations {
      let name = "\(seed) \(setting.name) \(number)"
      let population = StudyPopulation(setting, frame: frame, seed: name)
      var generator = syntheticGenerator(seed: name, unit: "", purpose: "study sample")
      for sample in 0..<setting.samples {
        let counties = self.sample(population, setting, draws, number: sample, generator: &generator)
        tally(counties, population, setting, number: number, terms: &terms, into: &cells)
      }
    }
    return cells
  }

  /// The samples of the counties of the first population, for checking what is made of them.
  package func firstSample(_ setting: StudySetting, draws: StudyDraws) -> [StudySample] {
    let population = StudyPopulation(setting, frame: frame, seed: seed)
    var generator = syntheticGenerator(seed: seed, unit: "", purpose: "study sample")
    return sample(population, setting, draws, number: 0, generator: &generator)
  }

  private func sample(
    _ population: StudyPopulation,
    _ setting: StudySetting,
    _ draws: StudyDraws,
    number: Int,
    generator: inout SeededGenerator
  ) -> [StudySample] {
    population.counties.map { county in
      StudySample(
        county,
        draws.samples[county.place][number],
        setting,
        sizes: frame.counties[county.place].sizes,
        generator: &generator
      )
    }
  }

  private func tally(
    _ counties: [StudySample],
    _ population: StudyPopulation,
    _ setting: StudySetting,
    number: Int,
    terms: inout BetaBinomialTerms,
    into cells: inout [String: [CoverageCell]]
  ) {
    let pooled = PooledCorrelation("rate", units: counties.map(\.clusters))
    let prior = cells["hierarchical"] == nil ? nil : RoundPrior(of: counties.map(\.clusters), terms: &terms)
    for (place, county) in counties.enumerated() {
      guard let evidence = county.evidence(pooled, planned: Self.planned) else { continue }
      let truth = population.counties[place].truth
      let band = setting.band(of: truth)
      for method in cells.keys {
        let limits = limits(method, county, evidence, pooled, prior, place: place, terms: &terms)
        cells[method]?[band].add(limits, truth: truth, population: number)
      }
    }
  }

  private func limits(
    _ method: String,
    _ county: StudySample,
    _ evidence: ProportionEvidence,
    _ pooled: PooledCorrelation?,
    _ prior: RoundPrior?,
    place: Int,
    terms: inout BetaBinomialTerms
  ) -> (lower: Double, upper: Double)? {
    func named(_ name: String) -> (lower: Double, upper: Double)? {
      Intervals.named(name)?.interval(evidence, level: 0.95).map { ($0.lower, $0.upper) }
    }
    func integrated(_ prior: [Double]) -> (lower: Double, upper: Double)? {
      integratedLimits(county.domain, prior: prior, level: 0.95, terms: &terms).map { ($0.lower, $0.upper) }
    }
    switch method {
    // Without an event logit is void; Korn and Graubard's limits take its place, as in the studies before this one.
    case "logit": return named("logit") ?? named("korn-graubard")
    case "default": return named(pooled?.isOfManyUnits == true ? "pooled-corrected" : "korn-graubard-floor")
    case "beta-binomial": return integrated(CorrelationPrior.single)
    case "hierarchical": return prior.flatMap { integrated($0.prior(leavingOut: [place])) }
    default: return named(method)
    }
  }
}

/// Villages drawn for a study.
package struct StudyDraws: Sendable {
  let samples: [[StudyFrame.VillageSample]]

  /// - Throws: what the draw refuses.
  package init(_ frame: StudyFrame, for setting: StudySetting, seed: String) throws(InputRefusal) {
    samples = try frame.samples(
      villages: setting.villages,
      method: setting.method,
      count: setting.samples,
      seed: "\(seed) \(setting.method) \(setting.villages)"
    )
  }
}

extension StudySetting {
  /// What distinguishes the setting, in one line; part of its seeds.
  package var name: String {
    var parts = ["\(counties) counties", "\(villages) villages", method, rates.rawValue, "rho \(correlation)"]
    if hasGroups { parts.append("three stages") }
    if isDomain { parts.append("domain of a quarter") }
    if lowest != 0.002 || highest != 0.03 { parts.append("rates \(lowest)-\(highest)") }
    return parts.joined(separator: ", ")
  }

  /// 0 below 2.5 × the lowest rate, 1 below 6 ×, else 2.
  func band(of truth: Double) -> Int { truth < 2.5 * lowest ? 0 : truth < 6 * lowest ? 1 : 2 }
}
