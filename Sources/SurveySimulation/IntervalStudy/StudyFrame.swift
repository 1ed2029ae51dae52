internal import SampleDrawing
package import SurveyData
internal import SurveyDesign

/// The counties of a study: real villages with synthetic sizes, and samples of them drawn by the product.
package struct StudyFrame: Sendable {
  package struct County: Sendable {
    package let code: String
    /// Households of each village.
    package let sizes: [Int]
    package let households: Int
  }

  /// Villages drawn in a county, with the chance that each had.
  struct VillageSample: Sendable {
    var places: [Int]
    var probabilities: [Double]
  }

  package let counties: [County]
  private let codes: [String]
  private let parents: [String]
  private let sizes: [Double]
  private let places: [Int]

  /// - Parameters:
  ///   - counties: the frame's counties, as ``Population`` wants them.
  ///   - villages: its villages; their sizes are those of ``Population`` under the seed "interval study".
  /// - Throws: the refusals of ``Population``.
  package init(counties countyTable: Table, villages villageTable: Table) throws(InputRefusal) {
    let population = try Population(
      model: .innerMongolia2018,
      seed: "interval study",
      counties: countyTable,
      villages: villageTable
    )
    var bySizes: [[Int]] = [[Int]](repeating: [], count: population.counties.count)
    var codes: [String] = []
    var parents: [String] = []
    var sizes: [Double] = []
    var places: [Int] = []
    for village in population.villages where village.householdCount > 0 {
      guard let county = village.county else { continue }
      places.append(bySizes[county].count)
      bySizes[county].append(village.householdCount)
      codes.append(village.code)
      parents.append(population.counties[county].code)
      sizes.append(Double(village.householdCount))
    }
    counties = zip(population.counties, bySizes).map {
      County(code: $0.code, sizes: $1, households: $1.reduce(0, +))
    }
    self.codes = codes
    self.parents = parents
    self.sizes = sizes
    self.places = places
  }

  /// The counties with more villages than a fixed number.
  func counties(withMoreVillagesThan count: Int) -> [Int] {
    counties.indices.filter { counties[$0].sizes.count > count }
  }

  /// Samples of villages drawn by the product's own method in every county that has more than `villages` of them.
  ///
  /// - Parameters:
  ///   - villages: how many are drawn in each.
  ///   - method: a name in `SelectionMethods.all` that takes sizes or none.
  ///   - count: how many samples.
  ///   - seed: each sample's draw key is "seed number".
  /// - Returns: by county, then by sample; empty for counties with too few villages.
  /// - Throws: what the draw refuses.
  func samples(villages: Int, method: String, count: Int, seed: String) throws(InputRefusal) -> [[VillageSample]] {
    let eligible = Set(counties(withMoreVillagesThan: villages).map { counties[$0].code })
    let rows = parents.indices.filter { eligible.contains(parents[$0]) }
    let frame = Table(
      columns: [
        Column("code", texts: rows.map { codes[$0] }), Column("county", texts: rows.map { parents[$0] }),
        Column("households", numbers: rows.map { sizes[$0] }),
      ],
      file: "study"
    )
    let plan = StagePlan(
      name: "village",
      id: "code",
      strata: ["county"],
      method: method,
      take: .count(villages),
      size: method == "srs" ? nil : "households"
    )
    var placeOfCounty: [String: Int] = [:]
    for (place, county) in counties.enumerated() { placeOfCounty[county.code] = place }
    var result = [[VillageSample]](repeating: [], count: counties.count)
    for number in 0..<count {
      let key = try DrawKey(seed: "\(seed) \(number)", group: "study", stage: "village")
      for cell in try drawStage(plan, frame: frame, key: key).cells {
        guard let county = placeOfCounty[cell.stratum.first ?? ""] else { continue }
        result[county].append(
          VillageSample(
            places: cell.selected.map { places[rows[$0.frameRow]] },
            probabilities: cell.selected.map(\.inclusionProbability)
          )
        )
      }
    }
    return result
  }
}
