/// One household of the synthetic population, with the truth that a survey would look for.
package struct SyntheticHousehold: Sendable, Hashable {
  /// Place in the village, from 1: the last digits of its id.
  package var number: Int
  package var householdClass: HouseholdClass
  package var persons: Int
  package var cause: PovertyCause
  /// 0 where the household never exited.
  package var exitYear: Int
  package var wrongExitPersons: Int
  package var omittedPersons: Int
  package var inclusionErrorPersons: Int
  package var industryMeasure = false
  package var isRelocated = false
  package var hasMovedIn = false
  package var hasFollowUpJob = false
  package var hasSchoolingAid = false
  package var hasMedicalAid = false
  package var housingWasUnsafe = false
  package var hasHousingMeasure = false
  package var isSafetyNetEligible = false
  package var hasSafetyNet = false
  package var approves = false
  /// 1 (very dissatisfied) to 5 (very satisfied); 0: the question does not apply.
  package var satisfactionTeam = 0
  package var satisfactionHelper = 0

  /// Whether the household fails the standard: not yet out of poverty, wrongly exited, or omitted.
  package var failsStandard: Bool {
    switch householdClass {
    case .notYetExited, .returned, .newlyIdentified: true
    case .exited: wrongExitPersons > 0
    case .ordinary, .allowance, .destitute, .unsafeHouse, .illness, .disability, .elderlyAlone:
      omittedPersons > 0
    }
  }
}

/// What an interviewer would find of a village.
package struct SyntheticVillageAnswers: Sendable, Hashable {
  package var hasCollectiveEconomy: Bool
  /// Water, power, road, telecommunication, clinic, shop.
  package var facilities: [Bool]
  package var hasAllFacilities: Bool { facilities.allSatisfy { $0 } }
}
