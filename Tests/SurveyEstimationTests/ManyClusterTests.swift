import SurveyData
import SurveyDesign
import SurveyEstimation
import TestSupport
import Testing

/// A sample of clusters with two rows each, whose values are 0, 1, 2, … over the file.
private func sample(clusters: Int) -> Table {
  Table(columns: [
    Column("cluster", texts: (0..<2 * clusters).map { "c\($0 / 2)" }),
    Column("value", numbers: (0..<2 * clusters).map(Double.init)),
    Column("population", numbers: (0..<2 * clusters).map { _ in Double(2 * clusters) }),
  ])
}

@Test("the number of clusters is limited by nothing but memory for each", arguments: [2, 40, 5_000])
func manyClusters(count: Int) throws {
  let design = SampleDesign(
    stages: [SampleDesign.Stage(unit: .column("cluster"), populationSize: "population")],
    weights: .equal,
    lonelyUnits: .fail,
    adjustsLonelyDomains: false,
    unitsNestedInStrata: false
  )
  let request = EstimationRequest(
    indicators: [Indicator(key: "value", statistic: .mean(Expression(column: "value")))],
    domains: [[]],
    level: 0.95,
    domainVariance: .unconditional,
    domainFreedom: .design,
    deff: nil,
    plannedCorrelation: 0,
    dropsMissing: false,
    covariances: false
  )
  let estimation = try estimate(sample(clusters: count), design: design, request: request)
  let mean = try #require(estimation.estimates.first)
  #expect(mean.estimate == Double(2 * count - 1) / 2)
  // Cluster means 0.5, 2.5, …: equal clusters, half of them drawn, so v = (1 − ½) s² / n with s² = n (n + 1) / 3.
  let variance = 0.5 * Double(count + 1) / 3
  #expect(abs((mean.standardError ?? 0) - variance.squareRoot()) < 1e-9 * variance)
  #expect(estimation.degreesOfFreedom == count - 1)
}
