import SurveyData
import SurveyDesign
import SurveyEstimation
import Testing

@Suite struct MissingUnitTests {
  @Test(
    "a unit all of whose values are missing leaves its stratum with one unit, as if its rows were outside the domain",
    arguments: [LonelyUnitPolicy.adjust, .average, .certainty]
  )
  func lonelyDomain(policy: LonelyUnitPolicy) throws {
    var strata: [String] = []
    var units: [String] = []
    var values: [Double] = []
    for unit in 0..<6 {
      for row in 0..<3 {
        strata.append("s\(unit / 2)")
        units.append("u\(unit)")
        values.append(unit == 1 ? .nan : Double((unit * unit + 3 * row) % 10))
      }
    }
    let table = Table(columns: [Column("h", texts: strata), Column("u", texts: units), Column("y", numbers: values)])
    var design = SampleDesign(
      stages: [SampleDesign.Stage(strata: ["h"], unit: .column("u"))],
      weights: .equal,
      lonelyUnits: policy,
      adjustsLonelyDomains: true,
      unitsNestedInStrata: true
    )
    func error(_ filter: String?) throws -> Double {
      let request = EstimationRequest(
        indicators: [
          Indicator(
            key: "y",
            statistic: .mean(Expression(column: "y")),
            filter: try filter.map { text throws(InputRefusal) in try Expression(parsing: text) }
          )
        ],
        domains: [[]],
        level: 0.95,
        domainVariance: .unconditional,
        domainFreedom: .design,
        deff: nil,
        plannedCorrelation: 0.02,
        dropsMissing: true,
        covariances: false
      )
      return try #require(try estimate(table, design: design, request: request).estimates[0].standardError)
    }
    let missing = try error(nil)
    #expect(agree(missing, try error("u != 'u1'")))
    design.adjustsLonelyDomains = false
    if policy != .certainty { #expect(!agree(missing, try error(nil), 1e-3)) }
  }
}
