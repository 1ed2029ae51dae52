import Foundation
import SurveyEstimation
import SurveySimulation
import Testing

/// How often the intervals of one level and indicator held the truth, round by round.
private struct Coverage: Sendable {
  var intervals = 0
  var truthBelow = 0
  var truthAbove = 0
  var withoutInterval = 0
  var widths = 0.0
  /// Of each round: intervals, and those that held the truth.
  var rounds: [(intervals: Int, held: Int)] = []

  var share: Double { Double(intervals - truthBelow - truthAbove) / Double(max(1, intervals)) }

  /// The standard error of the share over rounds, which are independent; their intervals are not.
  var standardError: Double {
    let count = Double(rounds.count)
    guard count > 1 else { return .infinity }
    var squares = 0.0
    for round in rounds {
      let residual = Double(round.held) - share * Double(round.intervals)
      squares += residual * residual
    }
    return (squares * count / (count - 1)).squareRoot() / Double(max(1, intervals))
  }

  mutating func add(_ interval: Interval?, truth: Double) {
    guard let interval else {
      withoutInterval += 1
      return
    }
    if rounds.isEmpty { rounds.append((0, 0)) }
    intervals += 1
    widths += interval.upper - interval.lower
    rounds[0].intervals += 1
    if truth < interval.lower {
      truthBelow += 1
    } else if truth > interval.upper {
      truthAbove += 1
    } else {
      rounds[0].held += 1
    }
  }

  mutating func add(_ other: Coverage) {
    intervals += other.intervals
    truthBelow += other.truthBelow
    truthAbove += other.truthAbove
    withoutInterval += other.withoutInterval
    widths += other.widths
    rounds += other.rounds
  }
}

@Suite struct CoverageTests {
  /// 200 in `make test-long`.
  private static let roundCount = Int(ProcessInfo.processInfo.environment["MINGCHA_ROUNDS"] ?? "") ?? 40

  // Every round has a new truth, a new draw and new answers, from fixed seeds. A cell (level by indicator)
  // fails where its coverage lies more than 3.5 standard errors below 95 %: a false alarm in 1 of 80 runs of
  // all 51 cells, if seeds were not fixed.
  @Test("intervals hold the truth of region, leagues and single counties as often as they promise")
  func coverage() async throws {
    let survey = try BundledSurvey()
    let tables = try await withThrowingTaskGroup(of: (Int, [String: Coverage]).self) { group in
      for worker in 0..<2 {
        group.addTask {
          var table: [String: Coverage] = [:]
          for number in stride(from: worker, to: Self.roundCount, by: 2) {
            for (key, coverage) in coverages(of: try survey.round(number)) {
              table[key, default: Coverage()].add(coverage)
            }
          }
          return (worker, table)
        }
      }
      var parts: [(Int, [String: Coverage])] = []
      for try await part in group { parts.append(part) }
      return parts.sorted { $0.0 < $1.0 }.map(\.1)
    }
    var whole: [String: Coverage] = [:]
    for table in tables {
      for (key, coverage) in table { whole[key, default: Coverage()].add(coverage) }
    }
    print(
      "level indicator interval: intervals, held %, ± s.e., truth below, truth above, mean width in points, without"
    )
    for (key, value) in whole.sorted(by: { $0.key < $1.key }) {
      print(
        key,
        value.intervals,
        percent(value.share),
        percent(value.standardError),
        value.truthBelow,
        value.truthAbove,
        percent(value.widths / Double(max(1, value.intervals))),
        value.withoutInterval
      )
      guard key.hasSuffix(" default") else { continue }
      #expect(value.intervals > 0, "\(key): no interval")
      #expect(value.share + 3.5 * value.standardError >= 0.95, "\(key): \(percent(value.share)) %")
    }
    #expect(whole.keys.count { $0.hasSuffix(" default") } == 3 * (TrueIndicator.allCases.count + 1))
  }
}

private func percent(_ share: Double) -> String { String(format: "%.2f", 100 * share) }

private func coverages(of round: SimulatedRound) -> [String: Coverage] {
  var table: [String: Coverage] = [:]
  for estimate in round.estimates {
    guard let truth = round.trueValue(of: estimate) else { continue }
    let level = estimate.domain.first.map { $0.variable == "league_code" ? "league" : "county" } ?? "region"
    for (name, interval) in [("default", estimate.interval), ("logit", estimate.comparison)] {
      for indicator in [estimate.indicator, "all"] {
        table["\(level) \(indicator) \(name)", default: Coverage()].add(interval, truth: truth)
      }
    }
  }
  return table
}
