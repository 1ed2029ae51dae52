/// How the rates of a county's villages differ around the county's own.
package enum VillageRates: String, Sendable, CaseIterable {
  /// Beta, one correlation for all counties.
  case beta
  /// Beta; the correlation lognormal between counties, with a coefficient of variation of .5, or of 1.
  case varying = "varying .5"
  case varyingMuch = "varying 1"
  /// A few bad villages, the rest clean.
  case twoPoint = "two-point"
  case lognormal
  /// Beta; the correlation grows with the county's rate, ρ p / .008, at most .4.
  case linked
  /// Beta around rates that fall with the village's size, ∝ N^−.7.
  case small = "small villages worse"
}

/// One kind of round whose intervals are tried.
package struct StudySetting: Sendable {
  package var counties: Int
  package var villages = 25
  package var households = 60
  /// "pps-systematic": villages by size, nearly equal weights; "srs": weights that go with the size.
  package var method = "pps-systematic"
  package var rates: VillageRates
  package var correlation: Double
  /// Villages fall into groups of about 30 households, of which six are drawn and then ten households in each: three
  /// stages. Groups of a village differ by a correlation of .05.
  package var hasGroups = false
  /// Estimates for a quarter of the households, spread over all villages.
  package var isDomain = false
  /// County rates are log-uniform between these.
  package var lowest = 0.002
  package var highest = 0.03
  /// Populations, each with a seed of its own, and samples of each.
  package var populations: Int
  package var samples: Int

  package init(
    counties: Int,
    rates: VillageRates,
    correlation: Double,
    populations: Int,
    samples: Int
  ) {
    self.counties = counties
    self.rates = rates
    self.correlation = correlation
    self.populations = populations
    self.samples = samples
  }
}
