internal import StatisticalFunctions

extension Population {
  /// The households of a village, in the order of their numbers.
  ///
  /// Complexity: one pass, about a dozen random numbers a household.
  package func households(ofVillage place: Int) -> [SyntheticHousehold] {
    var households = [SyntheticHousehold]()
    households.reserveCapacity(villages[place].householdCount)
    forEachHousehold(ofVillage: place) { households.append($0) }
    return households
  }

  /// Visits the households of a village in the order of their numbers, without storing them.
  package func forEachHousehold(ofVillage place: Int, _ visit: (borrowing SyntheticHousehold) -> Void) {
    let village = villages[place]
    let county = village.county.map { counties[$0] }
    let rates = county?.rates ?? model.traits.map(\.countyRate.mean)
    let shares = model.registeredShare[county?.status ?? .none] ?? (poor: 0, other: 0)
    let registeredShare = village.isPoor ? shares.poor : shares.other
    var generator = syntheticGenerator(seed: seed, unit: village.code, purpose: "households")
    var urns = VillageUrns(model: model, rates: rates)
    for number in 1..<(village.householdCount + 1) {
      let isRegistered = generator.uniform() < registeredShare
      let household =
        isRegistered
        ? registeredHousehold(number, urns: &urns, generator: &generator)
        : otherHousehold(number, urns: &urns, generator: &generator)
      visit(household)
    }
  }

  /// What an interviewer would find of a village.
  package func answers(ofVillage place: Int) -> SyntheticVillageAnswers {
    let village = villages[place]
    let rates = village.county.map { counties[$0].rates } ?? model.traits.map(\.countyRate.mean)
    var generator = syntheticGenerator(seed: seed, unit: village.code, purpose: "village answers")
    let economy = generator.uniform() < rates[PopulationModel.Trait.collectiveEconomy.rawValue]
    var facilities = [Bool]()
    for _ in 0..<6 { facilities.append(generator.uniform() < rates[PopulationModel.Trait.facility.rawValue]) }
    return SyntheticVillageAnswers(hasCollectiveEconomy: economy, facilities: facilities)
  }

  private func registeredHousehold(
    _ number: Int,
    urns: inout VillageUrns,
    generator: inout SeededGenerator
  ) -> SyntheticHousehold {
    let place = category(generator.uniform(), of: model.registeredClasses)
    let householdClass = HouseholdClass(rawValue: UInt8(place)) ?? .exited
    let persons = category(generator.uniform(), of: model.householdSizes) + 1
    let cause = PovertyCause(rawValue: UInt8(category(generator.uniform(), of: model.causes) + 1)) ?? .funds
    let isExited = householdClass == .exited
    var household = SyntheticHousehold(
      number: number,
      householdClass: householdClass,
      persons: persons,
      cause: cause,
      exitYear: isExited ? 2014 + Int(generator.below(5)) : 0,
      wrongExitPersons: 0,
      omittedPersons: 0,
      inclusionErrorPersons: 0
    )
    if isExited, urns.wrongExit.next(generator.uniform()) {
      household.wrongExitPersons = wrongPersons(of: persons, generator: &generator)
    }
    if urns.inclusionError.next(generator.uniform()) {
      household.inclusionErrorPersons = wrongPersons(of: persons, generator: &generator)
    }
    household.industryMeasure = urns.industry.next(generator.uniform())
    if generator.uniform() < model.relocatedShare {
      household.isRelocated = true
      household.hasMovedIn = urns.movedIn.next(generator.uniform())
      household.hasFollowUpJob = urns.followUpJob.next(generator.uniform())
    }
    if cause == .schooling { household.hasSchoolingAid = urns.schoolingAid.next(generator.uniform()) }
    if cause == .illness { household.hasMedicalAid = urns.medicalAid.next(generator.uniform()) }
    if generator.uniform() < model.unsafeHousingShare {
      household.housingWasUnsafe = true
      household.hasHousingMeasure = urns.housingMeasure.next(generator.uniform())
    }
    if generator.uniform() < model.safetyNetShare {
      household.isSafetyNetEligible = true
      household.hasSafetyNet = urns.safetyNet.next(generator.uniform())
    }
    household.approves = urns.approval.next(generator.uniform())
    household.satisfactionTeam = grade(urns.satisfiedTeam.next(generator.uniform()), &generator)
    household.satisfactionHelper = grade(urns.satisfiedHelper.next(generator.uniform()), &generator)
    return household
  }

  private func otherHousehold(
    _ number: Int,
    urns: inout VillageUrns,
    generator: inout SeededGenerator
  ) -> SyntheticHousehold {
    let place = category(generator.uniform(), of: model.otherClasses)
    let householdClass =
      HouseholdClass(rawValue: HouseholdClass.ordinary.rawValue + UInt8(place)) ?? .ordinary
    var persons = category(generator.uniform(), of: model.householdSizes) + 1
    // 特困 and 独居老人 are households of one, or two old people.
    if householdClass == .destitute { persons = 1 }
    if householdClass == .elderlyAlone { persons = min(persons, 2) }
    var household = SyntheticHousehold(
      number: number,
      householdClass: householdClass,
      persons: persons,
      cause: .none,
      exitYear: 0,
      wrongExitPersons: 0,
      omittedPersons: 0,
      inclusionErrorPersons: 0
    )
    let uniform = generator.uniform()
    let isOmitted =
      householdClass.isPriority ? urns.priorityOmission.next(uniform) : urns.ordinaryOmission.next(uniform)
    if isOmitted { household.omittedPersons = wrongPersons(of: persons, generator: &generator) }
    household.approves = urns.approval.next(generator.uniform())
    household.satisfactionTeam = grade(urns.satisfiedTeam.next(generator.uniform()), &generator)
    return household
  }

  private func wrongPersons(of persons: Int, generator: inout SeededGenerator) -> Int {
    if generator.uniform() < model.wholeHouseholdShare { return persons }
    return 1 + Int(generator.below(UInt64(persons)))
  }

  private func grade(_ isSatisfied: Bool, _ generator: inout SeededGenerator) -> Int {
    let uniform = generator.uniform()
    if isSatisfied { return uniform < 0.6 ? 5 : 4 }
    return uniform < 0.6 ? 3 : uniform < 0.9 ? 2 : 1
  }
}

/// One urn a trait, fresh in every village.
private struct VillageUrns {
  var wrongExit, ordinaryOmission, priorityOmission, inclusionError, industry, movedIn, followUpJob: PolyaUrn
  var schoolingAid, medicalAid, housingMeasure, safetyNet, satisfiedTeam, satisfiedHelper, approval: PolyaUrn

  init(model: PopulationModel, rates: [Double]) {
    func urn(_ trait: PopulationModel.Trait, factor: Double = 1) -> PolyaUrn {
      PolyaUrn(
        rate: min(1, rates[trait.rawValue] * factor),
        correlation: model.trait(trait).correlation
      )
    }
    wrongExit = urn(.wrongExit)
    ordinaryOmission = urn(.omission, factor: model.omissionFactor.ordinary)
    priorityOmission = urn(.omission, factor: model.omissionFactor.priority)
    inclusionError = urn(.inclusionError)
    industry = urn(.industry)
    movedIn = urn(.movedIn)
    followUpJob = urn(.followUpJob)
    schoolingAid = urn(.schoolingAid)
    medicalAid = urn(.medicalAid)
    housingMeasure = urn(.housingMeasure)
    safetyNet = urn(.safetyNet)
    satisfiedTeam = urn(.satisfiedTeam)
    satisfiedHelper = urn(.satisfiedHelper)
    approval = urn(.approval)
  }
}
