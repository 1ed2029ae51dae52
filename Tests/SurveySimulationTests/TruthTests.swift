import SurveyData
import SurveySimulation
import TestSupport
import Testing

private let model = PopulationModel.innerMongolia2018

private func population(perCounty: Int = 10) throws -> Population {
  try Population(
    model: model,
    seed: "truth",
    counties: TwelveCounties.counties,
    villages: TwelveCounties.villages(perCounty: perCounty)
  )
}

/// Numerator and denominator of some indicators, counted here once more from the households themselves.
private func recount(_ population: Population, villages: [Int]) -> [TrueIndicator: (Int, Int)] {
  var counts = [TrueIndicator: (Int, Int)]()
  func add(_ indicator: TrueIndicator, _ numerator: Int, _ denominator: Int) {
    let before = counts[indicator] ?? (0, 0)
    counts[indicator] = (before.0 + numerator, before.1 + denominator)
  }
  for village in villages {
    for household in population.households(ofVillage: village) {
      let code = household.householdClass.code
      if code == "P2" { add(.wrongExit, household.wrongExitPersons, household.persons) }
      if code.hasPrefix("N") { add(.omission, household.omittedPersons, household.persons) }
      if code.hasPrefix("P") {
        add(.inclusionError, household.inclusionErrorPersons, household.persons)
        add(.industry, household.industryMeasure ? 1 : 0, 1)
        if household.cause.word == "因病" { add(.medicalAid, household.hasMedicalAid ? 1 : 0, 1) }
        if household.isRelocated { add(.movedIn, household.hasMovedIn ? 1 : 0, 1) }
      }
      add(.approval, household.approves ? 1 : 0, 1)
      add(.satisfiedTeam, household.satisfactionTeam > 3 ? 1 : 0, 1)
    }
    let village = population.answers(ofVillage: village)
    add(.facilities, village.facilities.contains(false) ? 0 : 1, 1)
  }
  return counts
}

@Suite struct TruthTests {
  @Test("the truth of region, leagues and counties is what a recount of the households finds")
  func recounted() throws {
    let population = try population()
    let truth = population.truth()
    #expect(truth.counties.map(\.code) == population.counties.map(\.code) && truth.leagues.count == 3)
    func check(_ counts: TrueCounts, villages: [Int]) {
      for (indicator, wanted) in recount(population, villages: villages) {
        let rate = wanted.1 == 0 ? nil : Double(wanted.0) / Double(wanted.1)
        #expect(counts.rate(indicator) == rate, "\(indicator)")
      }
    }
    check(truth.region, villages: Array(population.villages.indices))
    for (place, county) in truth.counties.enumerated() {
      check(county.counts, villages: population.villages.indices.filter { population.villages[$0].county == place })
    }
    for league in truth.leagues {
      let counties = population.counties.indices.filter { population.counties[$0].leagueCode == league.code }
      check(
        league.counts,
        villages: population.villages.indices.filter { counties.contains(population.villages[$0].county ?? -1) }
      )
    }
  }

  @Test("accuracy and its error add to 1; the counties add to the region")
  func sums() throws {
    let truth = try population().truth()
    for counts in [truth.region] + truth.counties.map(\.counts) {
      #expect(abs((counts.rate(.exitAccuracy) ?? 0) + (counts.rate(.wrongExit) ?? 0) - 1) < 1e-12)
      #expect(abs((counts.rate(.identificationAccuracy) ?? 0) + (counts.rate(.inclusionError) ?? 0) - 1) < 1e-12)
    }
    var sum = truth.counties[0].counts
    for county in truth.counties.dropFirst() { sum.add(county.counts) }
    #expect(sum == truth.region)
  }

  @Test("a village outside the listed counties stands outside the truth")
  func outside() throws {
    let inside = TwelveCounties.villages(perCounty: 2)
    let more = Table(columns: [
      Column("code", texts: (0..<inside.rowCount).map { inside["code"]?.text(at: $0) } + ["zone1"]),
      Column("county_code", texts: (0..<inside.rowCount).map { inside["county_code"]?.text(at: $0) } + ["159971"]),
    ])
    func truth(_ villages: Table) throws -> TrueCounts {
      try Population(model: model, seed: "truth", counties: TwelveCounties.counties, villages: villages).truth().region
    }
    #expect(try truth(inside) == truth(more))
  }

  @Test("the verdict that the answers lead to is the truth of the household, or undetermined where it meets")
  func verdicts() throws {
    let population = try population(perCounty: 2)
    var failures = 0
    var gaps = 0
    for place in population.villages.indices {
      let code = population.villages[place].code
      let register = try population.register(ofVillages: [code])
      let answers = try population.answers(ofHouseholds: try register.column("synthetic_household"))
      let verdict = try answers.column("verdict")
      for (row, household) in population.households(ofVillage: place).enumerated() {
        guard let word = verdict.text(at: row) else { continue }
        if household.failsStandard { #expect(word == "not-met") } else { #expect(word != "not-met") }
        failures += word == "not-met" ? 1 : 0
        gaps += word == "undetermined" ? 1 : 0
      }
    }
    #expect(failures > 0 && gaps > 0)
  }
}

@Suite struct ModelTests {
  /// Whether a count is a binomial's to five standard errors: one false alarm in 1.7 million.
  private func isNear(_ count: Int, of trials: Int, _ share: Double) -> Bool {
    let spread = (Double(trials) * share * (1 - share)).squareRoot()
    return abs(Double(count) - Double(trials) * share) <= 5 * spread + 1e-9
  }

  @Test("classes, sizes, poor villages and interviews come as often as the model says")
  func shares() throws {
    let population = try population(perCounty: 60)
    var registered = [Int](repeating: 0, count: 4)
    var others = [Int](repeating: 0, count: 7)
    var sizes = [Int](repeating: 0, count: 6)
    for place in population.villages.indices {
      for household in population.households(ofVillage: place) {
        let raw = Int(household.householdClass.rawValue)
        if raw < 4 {
          registered[raw] += 1
          sizes[household.persons - 1] += 1
        } else {
          others[raw - 4] += 1
        }
      }
    }
    let registeredSum = registered.reduce(0, +)
    let otherSum = others.reduce(0, +)
    for (place, count) in registered.enumerated() {
      #expect(isNear(count, of: registeredSum, model.registeredClasses[place]), "P\(place + 1)")
    }
    for (place, count) in others.enumerated() {
      #expect(isNear(count, of: otherSum, model.otherClasses[place]), "N\(place)")
    }
    for (place, count) in sizes.enumerated() {
      #expect(isNear(count, of: registeredSum, model.householdSizes[place]), "\(place + 1) persons")
    }
    for status in PopulationModel.CountyStatus.allCases {
      let villages = population.villages.filter { population.counties[$0.county ?? 0].status == status }
      #expect(isNear(villages.count { $0.isPoor }, of: villages.count, model.poorVillageShare[status] ?? 0))
    }
  }

  @Test("households are interviewed as often as their class answers")
  func response() throws {
    let population = try population()
    let register = try population.register(ofVillages: population.villages.map(\.code))
    let answers = try population.answers(ofHouseholds: try register.column("synthetic_household"))
    let classes = try answers.column("class")
    let results = try answers.column("result_code")
    for householdClass in HouseholdClass.allCases {
      let rows = (0..<answers.rowCount).filter { classes.text(at: $0) == householdClass.code }
      let interviewed = rows.count { results.text(at: $0) == "1" }
      #expect(
        isNear(interviewed, of: rows.count, model.responseRate[Int(householdClass.rawValue)]),
        "\(householdClass)"
      )
    }
  }

  @Test("every list of shares adds to 1")
  func addsToOne() {
    for shares in [
      model.registeredClasses, model.otherClasses, model.householdSizes, model.causes,
      model.nonresponseCodes.map(\.share),
    ] {
      #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test("a quantile table: ends, middle of a straight piece, mean")
  func quantileTable() {
    let table = QuantileTable([0, 10, 40])
    #expect(table.value(at: 0) == 0 && table.value(at: 1) == 40)
    #expect(table.value(at: 0.25) == 5 && table.value(at: 0.75) == 25)
    #expect(table.mean == 15)
  }
}
