import SurveyData
import SurveyDesign
import SurveyEstimation
import Testing

let fixtures = #filePath.components(upTo: "Tests/LibraryTests/") + "Tests/Fixtures/reference/data/"

extension String {
  fileprivate func components(upTo marker: String) -> String {
    guard let place = range(ofText: marker) else { return "" }
    return String(self[..<place])
  }

  private func range(ofText marker: String) -> Index? {
    indices.last { self[$0...].hasPrefix(marker) }
  }
}

func near(_ value: Double?, _ expected: Double, _ tolerance: Double = 1e-12) -> Bool {
  guard let value else { return false }
  return abs(value - expected) <= tolerance * abs(expected)
}

/// This target is outside the package: it compiles with what is public alone.
@Suite struct LibraryTests {
  // svymean, svyby and svyciprop(method = "beta") of R's package survey 4.1-1 on the same file.
  @Test("the guide's example gives R survey's figures")
  func example() throws {
    let estimation = try awards(file: fixtures + "apiclus2.csv")
    #expect(estimation.degreesOfFreedom == 39 && estimation.rows == 126 && estimation.firstStageUnits == 40)
    let index = try #require(estimation.estimates.first)
    #expect(near(index.estimate, 670.8118081180812) && near(index.standardError, 30.0990273768366))
    #expect(index.interval?.method == "t" && (index.designEffect ?? 0) > 1)
    let share = try #require(estimation.estimates.first { $0.indicator == "awards" })
    #expect(near(share.estimate, 0.639852398524, 1e-11))
    #expect(near(share.interval?.lower, 0.499023054795223, 1e-9))
    #expect(near(share.interval?.upper, 0.765023068821371, 1e-9))
    let types = estimation.estimates.filter { !$0.domain.isEmpty && $0.indicator == "awards" }
    #expect(types.map { $0.domain[0].value } == ["E", "H", "M"])
    #expect(lines(of: estimation).count == 8)
  }

  @Test("what is wrong is an error whose text names the place and how to mend it")
  func refusal() {
    let text = fromColumns()
    #expect(text.contains("weight-invalid") && text.contains("w / 2"))
    #expect(throws: InputRefusal.self) {
      try Table([Column("a", numbers: [1, 2]), Column("a", numbers: [1]), Column("b", texts: ["x"])])
    }
    #expect(throws: InputRefusal.self) { try Indicator.mean(of: "a +") }
    #expect(throws: InputRefusal.self) { try awards(file: fixtures + "absent.csv") }
  }

  @Test("any number of workers gives the same figures")
  func workers() throws {
    let table = try Table([
      Column("village", texts: (0..<400).map { "v\($0 / 8)" }),
      Column("poor", numbers: (0..<400).map { $0 % 7 == 0 ? 1 : 0 }),
      Column("income", numbers: (0..<400).map { Double(900 + $0 * $0 % 331) }),
      Column("class", texts: (0..<400).map { ["P1", "P2", "N0"][$0 % 3] }),
    ])
    let design = try SampleDesign(
      stages: [SampleDesign.Stage(unit: .column("village"))],
      weights: "1",
      lonelyUnits: .fail,
      nested: false
    )
    let indicators: [Indicator] = [
      try .mean(of: "poor", where: "class == 'P1'"), try .total(of: "income"), try .proportions(of: "class"),
      try .variance(of: "income"), try .ratio(of: "poor", to: "income"),
    ]
    func found(_ workers: Int) throws -> [String] {
      let request = EstimationRequest(
        indicators,
        domains: [[], ["class"]],
        level: 0.9,
        domainVariance: .withinUnit,
        domainFreedom: .domain,
        plannedCorrelation: 0.02,
        deff: .withReplacement,
        dropsMissing: false
      )
      return lines(of: try estimate(table, design: design, request: request, workers: workers))
    }
    let one = try found(1)
    #expect(one.count == 28)
    #expect(try found(2) == one && found(5) == one)
  }
}
