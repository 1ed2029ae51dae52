internal import SurveyData
internal import SurveyDesign

/// Iterative proportional fitting: one margin after the other until all of them are met.
///
/// Source: Deming and Stephan (1940), Ann. Math. Statist. 11.
struct Raking: Sendable {
  let margins: [PostStrata]

  func largestMiss(_ weights: [Double]) -> Double { margins.map { $0.largestMiss(weights) }.max() ?? 0 }

  private static let mostRounds = 2000
  /// The largest share of the population by which a margin may miss at the end.
  private static let tolerance = 1e-13

  /// - Throws: a refusal that says which margin is missed and by how much, where the margins contradict each other.
  func adjusted(_ weights: [Double]) throws(InputRefusal) -> [Double] {
    var current = weights
    var largest = 0.0
    for _ in 0..<Self.mostRounds {
      let before = current
      for margin in margins { current = try margin.adjusted(current) }
      largest = 0
      var total = 0.0
      for margin in margins {
        let was = margin.sums(before)
        let now = margin.sums(current)
        for place in was.indices { largest = max(largest, abs(now[place] - was[place])) }
      }
      for weight in current { total += weight }
      if largest <= Self.tolerance * total { return current }
    }
    throw InputRefusal(
      Finding(
        "raking-unmet",
        value: shortest(largest),
        message: LocalizedText(
          zh: "各边际总数不能同时满足：\(Self.mostRounds) 轮后仍相差 \(shortest(largest))。",
          en: "the margins cannot all be met: after \(Self.mostRounds) rounds one still moves by \(shortest(largest))."
        ),
        fix: LocalizedText(
          zh: "请核对各边际的合计是否一致，或合并稀少的类。",
          en: "Check that the margins have the same sum, or join rare classes."
        )
      )
    )
  }
}

/// Takes the margins' means off a score in turn, ten times.
///
/// Ten rounds as in R survey's `svyrecvar`, so that a reviewer finds the same digits; with three margins in small
/// samples the limit of more rounds lies up to 0.02 % away.
struct RakingProjection: ScoreProjection {
  /// By margin: the class of every row, −1 for none.
  let groups: [[Int]]
  let weights: [Double]

  func residual(_ score: [Double]) -> [Double] {
    var values = score.indices.map { weights[$0] == 0 ? 0 : score[$0] / weights[$0] }
    let counts = groups.map { group in
      var counts = [Double](repeating: 0, count: (group.max() ?? -1) + 1)
      for place in group where place >= 0 { counts[place] += 1 }
      return counts
    }
    for _ in 0..<10 {
      for (margin, group) in groups.enumerated() {
        var sums = [Double](repeating: 0, count: counts[margin].count)
        for row in values.indices where group[row] >= 0 { sums[group[row]] += values[row] }
        for place in sums.indices { sums[place] /= max(1, counts[margin][place]) }
        for row in values.indices where group[row] >= 0 { values[row] -= sums[group[row]] }
      }
    }
    return score.indices.map { weights[$0] == 0 ? score[$0] : values[$0] * weights[$0] }
  }
}
