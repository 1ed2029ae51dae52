import SurveyData
import SurveyDesign
import SurveyEstimation
import TabularFiles

/// The share of schools that earned an award and the mean of their index, by type of school.
func awards(file: String) throws -> Estimation {
  let schools = try readTable(file: file)
  let district = SampleDesign.Stage(unit: .column("dnum"), populationSize: "fpc1")
  let school = SampleDesign.Stage(unit: .column("snum"), populationSize: "fpc2")
  let design = try SampleDesign(stages: [district, school], weights: nil, lonelyUnits: .fail, nested: false)
  let request = EstimationRequest(
    [try .mean(of: "api00"), try .mean(of: "awards_yes", interval: "beta").named("awards")],
    domains: [[], ["stype"]],
    level: 0.95,
    domainVariance: .unconditional,
    domainFreedom: .design,
    plannedCorrelation: 0,
    deff: .withoutReplacement,
    dropsMissing: true
  )
  return try estimate(schools, design: design, request: request)
}

/// What an estimation found, one line an estimate.
func lines(of estimation: Estimation) -> [String] {
  estimation.estimates.map { found in
    let domain = found.domain.map { "\($0.variable)=\($0.value)" }.joined(separator: " ")
    guard let value = found.estimate, let error = found.standardError, let interval = found.interval else {
      return "\(found.indicator) \(domain) \(found.reason?.rawValue ?? "")"
    }
    let limits = "\(interval.method): \(interval.lower) to \(interval.upper)"
    return "\(found.indicator) \(domain) \(value) ± \(error) (\(limits))"
  }
}

/// The same from columns that a program made; what is wrong is told all at once.
func fromColumns() -> String {
  do {
    let table = try Table([
      Column("village", texts: ["a", "a", "b", "b"]), Column("poor", numbers: [0, 1, 0, 0]),
      Column("w", numbers: [2, 2, 3, -3]),
    ])
    let villages = SampleDesign.Stage(unit: .column("village"))
    let design = try SampleDesign(stages: [villages], weights: "w / 2", lonelyUnits: .fail, nested: false)
    let request = EstimationRequest(
      [try .ratio(of: "poor", to: "1")],
      domains: [[]],
      level: 0.95,
      domainVariance: .withinUnit,
      domainFreedom: .domain,
      plannedCorrelation: 0.02,
      deff: nil,
      dropsMissing: true
    )
    return "\(try estimate(table, design: design, request: request).estimates.count)"
  } catch {
    return "\(error)"
  }
}
