import SurveyData
import SurveyEstimation
import TestSupport
import Testing

@Suite struct CorrectedRateTests {
  @Test("an accuracy from no row is refused: it would count as known", arguments: [0, -3])
  func rows(count: Int) {
    for isSensitivity in [true, false] {
      let accuracy = JudgementAccuracy(
        sensitivity: 0.9,
        specificity: 0.8,
        sensitivityRows: isSensitivity ? count : nil,
        specificityRows: isSensitivity ? 50 : count
      )
      let found = findings { _ = try FigureFunction.corrected("mean(x)", by: accuracy) }
      #expect(found.map(\.code) == ["accuracy-rows"] && found.first?.value == "\(count)")
    }
  }
}
