import SurveyEstimation
import Testing

private func unit(_ clusters: [(count: Int, events: Int)], stratum: Int32 = 0) -> [ClusterCount] {
  clusters.map { ClusterCount(stratum: stratum, count: $0.count, events: $0.events) }
}

@Suite struct PooledCorrelationTests {
  // MSB = 4 (¼² + 0 + ¼²) / 2 = ¼, MSW = (4·¼ + 4·3/16) / 9 = 7/36, m̃ = (12 − 48/12) / 2 = 4.
  private let first = unit([(4, 2), (4, 1), (4, 0)])
  // MSB = 1, MSW = 0, m̃ = 2.
  private let second = unit([(2, 2), (2, 0)])

  @Test("one unit by hand: (1/4 − 7/36) / (1/4 + 3 · 7/36) = 1/15")
  func oneUnit() throws {
    let pooled = try #require(pooledCorrelation(units: [first]))
    #expect(abs(pooled.correlation - 1.0 / 15) < 1e-15)
    #expect(pooled.units == 1 && pooled.events == 3)
  }

  @Test("units are pooled by their mean squares, not by their correlations: 19/33")
  func twoUnits() throws {
    let pooled = try #require(pooledCorrelation(units: [first, second]))
    #expect(abs(pooled.correlation - 19.0 / 33) < 1e-15)
    #expect(pooled.units == 2 && pooled.events == 5)
  }

  @Test("strata within a unit have means of their own")
  func strata() throws {
    // Between the strata everything differs, within them nothing does.
    let apart = unit([(5, 5), (5, 5)], stratum: 1) + unit([(5, 1), (5, 1)], stratum: 2)
    #expect(try #require(pooledCorrelation(units: [apart])).correlation == 0)
  }

  @Test("the correlation is cut to 0…1")
  func bounds() throws {
    #expect(try #require(pooledCorrelation(units: [unit([(4, 1), (4, 1)])])).correlation == 0)
    #expect(try #require(pooledCorrelation(units: [second])).correlation == 1)
  }

  @Test("empty clusters do not count; what has no degree of freedom or no event says nothing")
  func leftOut() throws {
    let pooled = try #require(
      pooledCorrelation(units: [first + unit([(0, 0)]), unit([(9, 4)]), unit([(1, 1), (1, 0)])])
    )
    #expect(abs(pooled.correlation - 1.0 / 15) < 1e-15)
    #expect(pooled.units == 1)
    #expect(pooledCorrelation(units: []) == nil)
    #expect(pooledCorrelation(units: [unit([(9, 4)])]) == nil)
    #expect(pooledCorrelation(units: [unit([(4, 0), (4, 0)]), unit([(3, 0), (6, 0)])]) == nil)
  }
}
