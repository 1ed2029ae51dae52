package import SurveyData

/// The indicators whose true value the population knows; the keys are those of the survey file.
package enum TrueIndicator: String, Sendable, CaseIterable {
  case wrongExit = "wrong_exit_rate"
  case omission = "omission_rate"
  case inclusionError = "inclusion_error_rate"
  case approval = "approval_rate"
  case identificationAccuracy = "identification_accuracy"
  case exitAccuracy = "exit_accuracy"
  case industry = "industry_measure_rate"
  case movedIn = "relocation_movein_rate"
  case followUpJob = "relocation_job_rate"
  case schoolingAid = "education_measure_rate"
  case medicalAid = "health_measure_rate"
  case housingMeasure = "housing_measure_rate"
  case safetyNet = "safety_net_rate"
  case collectiveEconomy = "village_economy_rate"
  case facilities = "village_facility_rate"
  case satisfiedTeam = "satisfaction_team"
  case satisfiedHelper = "satisfaction_helper"
}

/// Counts of one area: numerator and denominator of every indicator, in its units (persons, households, villages).
package struct TrueCounts: Sendable, Hashable {
  package private(set) var numerators = [Int](repeating: 0, count: TrueIndicator.allCases.count)
  package private(set) var denominators = [Int](repeating: 0, count: TrueIndicator.allCases.count)

  package func rate(_ indicator: TrueIndicator) -> Double? {
    let place = indicator.place
    return denominators[place] == 0 ? nil : Double(numerators[place]) / Double(denominators[place])
  }

  package mutating func add(_ other: TrueCounts) {
    for place in numerators.indices {
      numerators[place] += other.numerators[place]
      denominators[place] += other.denominators[place]
    }
  }

  mutating func add(_ indicator: TrueIndicator, _ numerator: Int, of denominator: Int) {
    numerators[indicator.place] += numerator
    denominators[indicator.place] += denominator
  }

  mutating func add(_ household: borrowing SyntheticHousehold) {
    let persons = household.persons
    add(.approval, household.approves ? 1 : 0, of: 1)
    add(.satisfiedTeam, household.satisfactionTeam >= 4 ? 1 : 0, of: 1)
    guard household.householdClass.isRegistered else {
      add(.omission, household.omittedPersons, of: persons)
      return
    }
    let included = household.inclusionErrorPersons
    add(.inclusionError, included, of: persons)
    add(.identificationAccuracy, persons - included, of: persons)
    if household.householdClass == .exited {
      add(.wrongExit, household.wrongExitPersons, of: persons)
      add(.exitAccuracy, persons - household.wrongExitPersons, of: persons)
    }
    add(.industry, household.industryMeasure ? 1 : 0, of: 1)
    add(.satisfiedHelper, household.satisfactionHelper >= 4 ? 1 : 0, of: 1)
    if household.isRelocated {
      add(.movedIn, household.hasMovedIn ? 1 : 0, of: 1)
      add(.followUpJob, household.hasFollowUpJob ? 1 : 0, of: 1)
    }
    if household.cause == .schooling { add(.schoolingAid, household.hasSchoolingAid ? 1 : 0, of: 1) }
    if household.cause == .illness { add(.medicalAid, household.hasMedicalAid ? 1 : 0, of: 1) }
    if household.housingWasUnsafe { add(.housingMeasure, household.hasHousingMeasure ? 1 : 0, of: 1) }
    if household.isSafetyNetEligible { add(.safetyNet, household.hasSafetyNet ? 1 : 0, of: 1) }
  }

  mutating func add(_ village: SyntheticVillageAnswers) {
    add(.collectiveEconomy, village.hasCollectiveEconomy ? 1 : 0, of: 1)
    add(.facilities, village.hasAllFacilities ? 1 : 0, of: 1)
  }
}

extension TrueIndicator {
  var place: Int {
    switch self {
    case .wrongExit: 0
    case .omission: 1
    case .inclusionError: 2
    case .approval: 3
    case .identificationAccuracy: 4
    case .exitAccuracy: 5
    case .industry: 6
    case .movedIn: 7
    case .followUpJob: 8
    case .schoolingAid: 9
    case .medicalAid: 10
    case .housingMeasure: 11
    case .safetyNet: 12
    case .collectiveEconomy: 13
    case .facilities: 14
    case .satisfiedTeam: 15
    case .satisfiedHelper: 16
    }
  }
}

/// The true values of a population: of the region, its leagues and its counties.
package struct Truth: Sendable {
  package var region: TrueCounts
  /// By league code, in the order of the codes' bytes.
  package var leagues: [(code: String, counts: TrueCounts)]
  /// By county code, in the order of the frame.
  package var counties: [(code: String, counts: TrueCounts)]

  /// One line an area and indicator; every figure's column says that it is synthetic.
  ///
  /// Columns: level (region, league, county), code, indicator, synthetic_numerator, synthetic_denominator,
  /// synthetic_truth (empty where nobody is eligible).
  package var table: Table {
    var levels = [String?]()
    var codes = [String?]()
    var keys = [String?]()
    var numerators = [Double]()
    var denominators = [Double]()
    var rates = [Double]()
    func add(_ level: String, _ code: String, _ counts: TrueCounts) {
      for indicator in TrueIndicator.allCases {
        levels.append(level)
        codes.append(code)
        keys.append(indicator.rawValue)
        numerators.append(Double(counts.numerators[indicator.place]))
        denominators.append(Double(counts.denominators[indicator.place]))
        rates.append(counts.rate(indicator) ?? .nan)
      }
    }
    add("region", "", region)
    for league in leagues { add("league", league.code, league.counts) }
    for county in counties { add("county", county.code, county.counts) }
    return Table(columns: [
      Column("level", texts: levels), Column("code", texts: codes), Column("indicator", texts: keys),
      Column("synthetic_numerator", numbers: numerators),
      Column("synthetic_denominator", numbers: denominators), Column("synthetic_truth", numbers: rates),
    ])
  }
}

extension Truth {
  /// The persons that the register of each county counts, as the composite poverty incidence needs them.
  ///
  /// Columns: league_code, county_code, remaining (registered and not exited), exited, unregistered, population,
  /// synthetic (always 1).
  /// - Parameter leagues: by county code.
  package func registerTotals(leagues: [String: String]) -> Table {
    var columns = [[Double]](repeating: [], count: 4)
    // A county without a village has no register.
    let counties = counties.filter { $0.counts.denominators[TrueIndicator.approval.place] > 0 }
    for county in counties {
      let counts = county.counts.denominators
      let (exited, others) = (counts[TrueIndicator.wrongExit.place], counts[TrueIndicator.omission.place])
      let remaining = counts[TrueIndicator.inclusionError.place] - exited
      for (place, count) in [remaining, exited, others, remaining + exited + others].enumerated() {
        columns[place].append(Double(count))
      }
    }
    let names = ["remaining", "exited", "unregistered", "population"]
    return Table(
      columns: [
        Column("league_code", texts: counties.map { leagues[$0.code] }),
        Column("county_code", texts: counties.map(\.code)),
      ] + zip(names, columns).map { Column($0, numbers: $1) }
        + [Column("synthetic", numbers: counties.map { _ in 1 })]
    )
  }
}

extension Population {
  /// The true counts of some villages, in one pass that stores no household.
  package func trueCounts(ofVillages places: [Int]) -> TrueCounts {
    var counts = TrueCounts()
    for place in places {
      forEachHousehold(ofVillage: place) { counts.add($0) }
      counts.add(answers(ofVillage: place))
    }
    return counts
  }

  /// The true values of region, leagues and counties; villages outside the listed counties do not count.
  package func truth() -> Truth {
    var places = [[Int]](repeating: [], count: counties.count)
    for (place, village) in villages.enumerated() {
      if let county = village.county { places[county].append(place) }
    }
    var region = TrueCounts()
    var byLeague = [String: TrueCounts]()
    var byCounty = [(code: String, counts: TrueCounts)]()
    for (index, county) in counties.enumerated() {
      let counts = trueCounts(ofVillages: places[index])
      region.add(counts)
      byLeague[county.leagueCode, default: TrueCounts()].add(counts)
      byCounty.append((county.code, counts))
    }
    let leagues = byLeague.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
    return Truth(region: region, leagues: leagues.map { ($0.key, $0.value) }, counties: byCounty)
  }
}
