internal import Glibc
internal import StatisticalFunctions

/// A finite population of one round: how many households of each village are events.
struct StudyPopulation {
  struct County {
    /// The county's place in the frame.
    var place: Int
    /// By village: the events among its households, one number a group of households.
    var events: [[Int]]
    /// By village: the households and events of the domain.
    var domain: [(households: Int, events: Int)]
    /// The rate that samples are held against.
    var truth: Double
  }

  var counties: [County] = []

  /// - Parameter seed: of everything in it.
  init(_ setting: StudySetting, frame: StudyFrame, seed: String) {
    var generator = syntheticGenerator(seed: seed, unit: "", purpose: "study population")
    var eligible = frame.counties(withMoreVillagesThan: setting.villages)
    for _ in 0..<min(setting.counties, eligible.count) {
      let place = eligible.remove(at: Int(generator.below(UInt64(eligible.count))))
      counties.append(Self.county(place, setting, frame: frame, generator: &generator))
    }
  }

  private static func county(
    _ place: Int,
    _ setting: StudySetting,
    frame: StudyFrame,
    generator: inout SeededGenerator
  ) -> County {
    let sizes = frame.counties[place].sizes
    let rate = setting.lowest * exp(generator.uniform() * log(setting.highest / setting.lowest))
    let correlation = correlation(setting, rate: rate, generator: &generator)
    var county = County(place: place, events: [], domain: [], truth: 0)
    var events = 0
    var domainHouseholds = 0
    var domainEvents = 0
    // Scales size-linked rates so that their mean over households is the county's.
    var powers = 0.0
    for size in sizes { powers += pow(Double(size), 0.3) }
    for size in sizes {
      var own = rate
      if setting.rates == .small {
        own = min(0.3, rate * pow(Double(size), -0.7) * Double(frame.counties[place].households) / powers)
      }
      let groups = setting.hasGroups ? max(1, size / 30) : 1
      let counts = village(size, groups, setting, rate: own, correlation: correlation, generator: &generator)
      county.events.append(counts)
      let all = counts.reduce(0, +)
      events += all
      guard setting.isDomain else { continue }
      var domain = (households: 0, events: 0)
      for household in 0..<size where generator.uniform() < 0.25 {
        domain.households += 1
        if household < all { domain.events += 1 }
      }
      domainHouseholds += domain.households
      domainEvents += domain.events
      county.domain.append(domain)
    }
    county.truth =
      setting.isDomain
      ? Double(domainEvents) / Double(max(1, domainHouseholds))
      : Double(events) / Double(frame.counties[place].households)
    return county
  }

  private static func correlation(_ setting: StudySetting, rate: Double, generator: inout SeededGenerator) -> Double {
    let base = setting.correlation
    switch setting.rates {
    case .varying, .varyingMuch:
      let spread = log(setting.rates == .varying ? 1.25 : 2.0).squareRoot()
      return min(0.5, base * exp(spread * Normal.quantile(generator.uniform()) - spread * spread / 2))
    case .linked: return min(0.4, base * rate / 0.008)
    case .beta, .twoPoint, .lognormal, .small: return base
    }
  }

  /// Events of one village by group; the groups' sizes differ by one household at most.
  private static func village(
    _ size: Int,
    _ groups: Int,
    _ setting: StudySetting,
    rate: Double,
    correlation: Double,
    generator: inout SeededGenerator
  ) -> [Int] {
    func counts(_ next: (inout SeededGenerator) -> Bool) -> Int {
      var count = 0
      for _ in 0..<size where next(&generator) { count += 1 }
      return count
    }
    if correlation <= 0 { return [counts { $0.uniform() < rate }] }
    var villageRate = rate
    switch setting.rates {
    case .twoPoint:
      let bad = rate + correlation * (1 - rate)
      villageRate = generator.uniform() < rate / bad ? bad : 0
    case .lognormal:
      let spread = log1p(correlation * (1 - rate) / rate).squareRoot()
      villageRate = min(1, rate * exp(spread * Normal.quantile(generator.uniform()) - spread * spread / 2))
    case .beta, .varying, .varyingMuch, .linked, .small:
      if groups == 1 {
        var urn = PolyaUrn(rate: rate, correlation: correlation)
        return [counts { urn.next($0.uniform()) }]
      }
      let scale = 1 / correlation - 1
      villageRate = Beta(rate * scale, (1 - rate) * scale).quantile(generator.uniform())
    }
    if groups == 1 { return [counts { $0.uniform() < villageRate }] }
    return (0..<groups).map { group in
      var urn = PolyaUrn(rate: villageRate, correlation: 0.05)
      var count = 0
      for _ in 0..<(size * (group + 1) / groups - size * group / groups) where urn.next(generator.uniform()) {
        count += 1
      }
      return count
    }
  }
}

/// Events in a sample without replacement, drawn one event at a time.
func hypergeometric(_ marked: Int, of size: Int, sample: Int, _ generator: inout SeededGenerator) -> Int {
  if sample >= size { return marked }
  var found = 0
  for number in 0..<marked where generator.below(UInt64(size - number)) < UInt64(sample - found) { found += 1 }
  return found
}
