import PovertyAssessment
import SurveyData
import Testing

private let rates = (0...1_000).map { Double($0) / 1_000 }

/// A rule of each kind with parameters that it accepts.
private let samples: [any ScoringRule] = [
  ProportionalRule(["zero": 0.8, "full": 0.98]), StepRule(["target": 1, "step": 0.005, "deduction": 0.1]),
  ThresholdRule(["at-least": 0.9]),
].compactMap { (rule: (any ScoringRule)?) in rule }

@Suite struct RuleTests {
  @Test("every kind of the list is tried here")
  func coverage() {
    #expect(samples.map { type(of: $0).kind } == ScoringRules.all.map { $0.kind })
    #expect(ScoringRules.kind("proportional") != nil && ScoringRules.kind("Proportional") == nil)
  }

  @Test("a share lies in 0…1 and never falls when the rate rises", arguments: samples.indices)
  func monotone(place: Int) {
    let shares = rates.map { samples[place].share(at: $0) }
    #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(shares.last == 1)
  }

  @Test("without a parameter, or with one outside 0…1, there is no rule", arguments: samples.indices)
  func parameters(place: Int) {
    let kind = type(of: samples[place])
    #expect(kind.init([:]) == nil)
    for name in kind.parameters {
      var values = Dictionary(uniqueKeysWithValues: kind.parameters.map { ($0, 0.5) })
      values[name] = 1.5
      #expect(kind.init(values) == nil, "\(name)")
      values[name] = nil
      #expect(kind.init(values) == nil, "\(name)")
    }
  }

  @Test("proportional: nothing up to zero, all from full, half way half of it")
  func proportional() throws {
    let rule = try #require(ProportionalRule(["zero": 0.8, "full": 1]))
    #expect(rule.share(at: 0.8) == 0 && rule.share(at: 0) == 0 && rule.share(at: 1) == 1)
    #expect(abs(rule.share(at: 0.9) - 0.5) < 1e-12)
    #expect(ProportionalRule(["zero": 0.9, "full": 0.9]) == nil)
    #expect(rule.description.zh.contains("80%") && rule.description.en.contains("80%"))
  }

  @Test("step: whole steps only, exact where the doubles are not, never below 0")
  func step() throws {
    let rule = try #require(StepRule(["target": 1, "step": 0.01, "deduction": 0.1]))
    #expect(rule.share(at: 1) == 1 && rule.share(at: 0.995) == 1)
    // 1 − 0.98 is 0.020000000000000018, 1 − 0.93 is 0.06999999999999995.
    for (rate, steps) in [(0.99, 1), (0.98, 2), (0.93, 7), (0.9301, 6)] {
      #expect(abs(rule.share(at: rate) - (1 - 0.1 * Double(steps))) < 1e-12, "\(rate)")
    }
    #expect(rule.share(at: 0.5) == 0)
  }

  @Test("threshold: all or nothing, the limit itself is reached")
  func threshold() throws {
    let rule = try #require(ThresholdRule(["at-least": 0.9]))
    #expect(rule.share(at: 0.9) == 1 && rule.share(at: 0.9.nextDown) == 0)
  }
}
