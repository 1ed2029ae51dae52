/// What the synthetic population is made of: every share, rate and correlation, in one place.
///
/// Registers are private and no public list gives household counts, so all of this is 假设: chosen to look
/// like the figures published of the 2018 rounds, not estimated from them. What a figure rests on stands
/// beside it. Nothing here calls a mathematical library: tables are interpolated, so that a seed gives the
/// same population, bit for bit, on every machine.
package struct PopulationModel: Sendable {
  /// Poverty status of a county as the frame has it.
  package enum CountyStatus: String, Sendable, CaseIterable {
    case national, regional, none
  }

  /// Rates that hold in a county; a village's own answers scatter around them.
  package enum Trait: Int, Sendable, CaseIterable {
    case wrongExit, omission, inclusionError, industry, movedIn, followUpJob, schoolingAid, medicalAid
    case housingMeasure, safetyNet, satisfiedTeam, satisfiedHelper, approval, collectiveEconomy, facility
  }

  /// How a trait varies: between counties by quantiles, between villages by a correlation.
  package struct TraitModel: Sendable {
    package var countyRate: QuantileTable
    package var correlation: Double

    package init(countyRate: QuantileTable, correlation: Double) {
      self.countyRate = countyRate
      self.correlation = correlation
    }
  }

  /// Households of a village, quantiles at every 5 %.
  package var villageHouseholds: QuantileTable
  /// Chance that a village is a poor village (贫困嘎查村), by county status.
  package var poorVillageShare: [CountyStatus: Double]
  /// Share of registered households in a poor village and in another, by county status.
  package var registeredShare: [CountyStatus: (poor: Double, other: Double)]
  /// Shares of P1…P4 among registered households, adding to 1.
  package var registeredClasses: [Double]
  /// Shares of N0…N6 among the others, adding to 1.
  package var otherClasses: [Double]
  /// Shares of households with 1, 2, … persons, adding to 1.
  package var householdSizes: [Double]
  /// Shares of the causes after `none`, adding to 1.
  package var causes: [Double]
  package var traits: [TraitModel]
  /// What multiplies the county's omission rate for an ordinary household and for a priority group.
  package var omissionFactor: (ordinary: Double, priority: Double)
  /// Share of wrong households of which every person is wrong; else 1 to all, each count alike.
  package var wholeHouseholdShare: Double
  /// Shares of registered households that were relocated, had an unsafe house, are owed the safety net.
  package var relocatedShare: Double
  package var unsafeHousingShare: Double
  package var safetyNetShare: Double
  /// Chance that a drawn household is interviewed, by class in the order of `HouseholdClass`.
  package var responseRate: [Double]
  /// Of the households not interviewed: result codes with their shares, adding to 1.
  package var nonresponseCodes: [(code: String, share: Double)]
  /// Chance that an interviewed household leaves one item unanswered.
  package var itemNonresponse: Double
  /// Yuan a head and year; income below it fails.
  package var incomeLine: Int

  package func trait(_ trait: Trait) -> TraitModel { traits[trait.rawValue] }
}

extension PopulationModel {
  /// The model behind Surveys/inner-mongolia-2018.
  package static let innerMongolia2018 = PopulationModel(
    // A median of 172 and a mean near 213: about 2.5 million rural households in the region.
    villageHouseholds: QuantileTable([
      30, 55, 70, 85, 97, 108, 120, 132, 145, 158, 172, 187, 204, 223, 245, 271, 303, 345, 405, 510, 800,
    ]),
    // Together about 3,670 villages; 3,681 poor villages were published for the region.
    poorVillageShare: [.national: 0.45, .regional: 0.30, .none: 0.09],
    registeredShare: [
      .national: (poor: 0.32, other: 0.20), .regional: (poor: 0.24, other: 0.14), .none: (poor: 0.12, other: 0.06),
    ],
    registeredClasses: [0.12, 0.84, 0.01, 0.03],
    otherClasses: [0.76, 0.06, 0.01, 0.02, 0.07, 0.04, 0.04],
    householdSizes: [0.14, 0.36, 0.22, 0.16, 0.08, 0.04],
    causes: [0.38, 0.12, 0.10, 0.15, 0.19, 0.06],
    traits: Trait.allCases.map(traitOf2018),
    omissionFactor: (ordinary: 0.5, priority: 2),
    wholeHouseholdShare: 0.85,
    relocatedShare: 0.08,
    unsafeHousingShare: 0.15,
    safetyNetShare: 0.25,
    responseRate: [0.95, 0.93, 0.95, 0.95, 0.86, 0.95, 0.95, 0.95, 0.94, 0.95, 0.96],
    nonresponseCodes: [("3", 0.58), ("4", 0.14), ("2", 0.12), ("5", 0.06), ("8", 0.04), ("10", 0.04), ("11", 0.02)],
    itemNonresponse: 0.01,
    incomeLine: 2995
  )

  // Log-uniform from 0.2 % to 3 %: 0.002 · 15^(k/10), so that most counties pass a limit of 2 %.
  private static let rareRates = QuantileTable([
    0.002, 0.002622, 0.003437, 0.004507, 0.005908, 0.007746, 0.010155, 0.013314, 0.017455, 0.022884, 0.03,
  ])

  private static func traitOf2018(_ trait: Trait) -> TraitModel {
    switch trait {
    case .wrongExit: TraitModel(countyRate: rareRates, correlation: 0.05)
    case .omission: TraitModel(countyRate: rareRates, correlation: 0.03)
    case .inclusionError:
      TraitModel(countyRate: QuantileTable([0.004, 0.008, 0.012, 0.018, 0.028, 0.05]), correlation: 0.03)
    case .industry: TraitModel(countyRate: QuantileTable([0.82, 0.90, 0.94, 0.96, 0.99]), correlation: 0.06)
    case .movedIn: TraitModel(countyRate: QuantileTable([0.85, 0.93, 0.97, 0.99, 1]), correlation: 0.10)
    case .followUpJob: TraitModel(countyRate: QuantileTable([0.55, 0.70, 0.80, 0.88, 0.95]), correlation: 0.10)
    case .schoolingAid: TraitModel(countyRate: QuantileTable([0.88, 0.94, 0.97, 0.99, 1]), correlation: 0.03)
    case .medicalAid: TraitModel(countyRate: QuantileTable([0.86, 0.93, 0.96, 0.98, 1]), correlation: 0.03)
    case .housingMeasure: TraitModel(countyRate: QuantileTable([0.80, 0.91, 0.95, 0.98, 1]), correlation: 0.05)
    case .safetyNet: TraitModel(countyRate: QuantileTable([0.88, 0.94, 0.97, 0.99, 1]), correlation: 0.04)
    case .satisfiedTeam: TraitModel(countyRate: QuantileTable([0.80, 0.88, 0.92, 0.95, 0.98]), correlation: 0.08)
    case .satisfiedHelper: TraitModel(countyRate: QuantileTable([0.82, 0.90, 0.94, 0.96, 0.99]), correlation: 0.06)
    case .approval: TraitModel(countyRate: QuantileTable([0.86, 0.92, 0.95, 0.97, 0.99]), correlation: 0.06)
    // One answer a village: nothing to correlate, the value only has to be valid.
    case .collectiveEconomy: TraitModel(countyRate: QuantileTable([0.60, 0.75, 0.85, 0.92, 1]), correlation: 0.5)
    // Of each of six facilities.
    case .facility: TraitModel(countyRate: QuantileTable([0.90, 0.95, 0.975, 0.99, 1]), correlation: 0.5)
    }
  }
}
