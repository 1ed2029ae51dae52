import StatisticalFunctions
import SurveyData
import SurveyDesign
import SurveyEstimation

/// A random three-stage sample with awkward weights, text classes, missing answers and rare events.
enum RandomSurvey {
  static func table(seed: UInt64) -> Table {
    var generator = SeededGenerator(seed: seed)
    var texts: [String: [String?]] = [:]
    var numbers: [String: [Double]] = [:]
    for county in 0..<12 {
      for village in 0..<(3 + county % 3) {
        let size = 4 + Int(generator.below(6))
        let scale = 1 + 30 * generator.uniform()
        for _ in 0..<size {
          texts["stratum", default: []].append("S\(county % 3)")
          texts["county", default: []].append("c\(county)")
          texts["village", default: []].append("v\(village)")
          texts["class", default: []].append(["P1", "P2", "N0"][Int(generator.below(3))])
          let persons = Double(1 + generator.below(6))
          numbers["w", default: []].append(scale * (0.5 + generator.uniform()))
          numbers["income", default: []].append(generator.uniform() < 0.05 ? .nan : 1e4 * generator.uniform() / 3)
          numbers["persons", default: []].append(persons)
          numbers["wrong", default: []].append(generator.uniform() < 0.1 ? persons : 0)
          numbers["bad", default: []].append(generator.uniform() < 0.15 ? 1 : 0)
          numbers["n1", default: []].append(40)
          numbers["n2", default: []].append(Double(20 + county))
          numbers["n3", default: []].append(Double(size * 7))
          numbers["pi", default: []].append(0.1 + 0.05 * Double(county % 7))
        }
      }
    }
    return Table(
      columns: texts.sorted { $0.key < $1.key }.map { Column($0.key, texts: $0.value) }
        + numbers.sorted { $0.key < $1.key }.map { Column($0.key, numbers: $0.value) },
      file: "survey.csv"
    )
  }

  static func design(_ stages: [SampleDesign.Stage]? = nil) -> SampleDesign {
    SampleDesign(
      stages: stages
        ?? [
          SampleDesign.Stage(strata: ["stratum"], unit: .column("county"), populationSize: "n1"),
          SampleDesign.Stage(unit: .column("village"), populationSize: "n2"),
          SampleDesign.Stage(unit: .row, populationSize: "n3"),
        ],
      weights: .expression(Expression(column: "w")),
      lonelyUnits: .fail,
      adjustsLonelyDomains: false,
      unitsNestedInStrata: true
    )
  }

  static func request(
    domains: [[String]] = [[], ["stratum"], ["county"], ["stratum", "class"]],
    covariances: Bool = true
  ) throws -> EstimationRequest {
    EstimationRequest(
      indicators: [
        Indicator(key: "income", statistic: .mean(Expression(column: "income"))),
        Indicator(key: "sum", statistic: .total(Expression(column: "persons"))),
        Indicator(
          key: "wrong",
          statistic: .ratio(Expression(column: "wrong"), Expression(column: "persons")),
          filter: try Expression(parsing: "class == 'P2'"),
          limit: Limit(.atMost, 0.02)
        ), Indicator(key: "class", statistic: .proportions("class")),
        Indicator(key: "bad", statistic: .mean(Expression(column: "bad")), interval: "likelihood"),
        Indicator(key: "spread", statistic: .variance(Expression(column: "income"))),
      ],
      domains: domains,
      level: 0.95,
      domainVariance: .withinUnit,
      domainFreedom: .domain,
      deff: .withoutReplacement,
      plannedCorrelation: 0.02,
      dropsMissing: true,
      covariances: covariances
    )
  }
}

/// Whether two numbers agree to a relative tolerance; missing ones agree with missing ones.
func agree(_ left: Double?, _ right: Double?, _ tolerance: Double = 1e-11) -> Bool {
  guard let left, let right else { return left == nil && right == nil }
  return abs(left - right) <= tolerance * max(abs(left), abs(right), 1e-300)
}
