internal import SurveyData
internal import SurveyDesign

/// Units of unknown eligibility hand their weight to units of which eligibility is known.
///
/// Formula, E, N and U the weights of a class that are known to be eligible, known not to be, and unknown: eligible
/// units w · (E + e U)/E, ineligible ones w · (N + (1 − e) U)/N, unknown ones 0. With e = E/(E + N), AAPOR's share of
/// eligible units among those of known eligibility, both factors are (E + N + U)/(E + N). Where a given e has no
/// ineligible unit of the class to take its part, that part leaves the population.
/// Source: AAPOR (2016), Standard Definitions, 9th edition, on e; Valliant, Dever and Kreuter (2018), §13.4.
struct EligibilityWeights: Sendable {
  private let classes: RowClasses
  private let dispositions: [Disposition]
  private let share: Double?

  init(_ spec: EligibilityAdjustment, of sample: SurveySample) throws(InputRefusal) {
    dispositions = try OutcomeColumn(spec.outcome, of: sample.table).dispositions
    classes = try RowClasses(spec.classes, of: sample.table, rows: sample.weights.map { $0 != 0 })
    share = spec.eligibleShare
  }

  func adjusted(_ weights: [Double]) throws(InputRefusal) -> ([Double], any ScoreProjection) {
    let redistribution = Redistribution(
      classOfRow: classes.classOfRow,
      classCount: classes.titles.count,
      isTaker: dispositions.map { $0 != .unknown }
    )
    guard let share else {
      let adjusted = try redistribution.adjusted(weights) { classes.titles[$0] }
      return (adjusted, redistribution.projection(from: weights, to: adjusted))
    }
    // The eligible ones take e of each unknown unit: a class of their own with that part of its weight.
    let taken = weights.indices.map { dispositions[$0] == .unknown ? share * weights[$0] : weights[$0] }
    let given = weights.indices.map { dispositions[$0] == .unknown ? (1 - share) * weights[$0] : weights[$0] }
    let eligible = side(weights, isTaker: { $0 == .respondent || $0 == .nonrespondent })
    let ineligible = side(weights, isOptional: true, isTaker: { $0 == .ineligible })
    var adjusted = try eligible.adjusted(taken) { classes.titles[$0] }
    let others = try ineligible.adjusted(given) { classes.titles[$0] }
    for row in adjusted.indices where dispositions[row] == .ineligible && weights[row] != 0 {
      adjusted[row] = others[row]
    }
    return (
      adjusted,
      SharedEligibilityProjection(
        eligible: RedistributionProjection(redistribution: eligible, old: taken, new: adjusted),
        ineligible: RedistributionProjection(redistribution: ineligible, old: given, new: adjusted),
        isEligible: dispositions.map { $0 == .respondent || $0 == .nonrespondent }
      )
    )
  }

  /// Unknown units and those that take a part of them.
  ///
  /// - Parameter isOptional: classes without any of these are left alone.
  private func side(
    _ weights: [Double],
    isOptional: Bool = false,
    isTaker: (Disposition) -> Bool
  ) -> Redistribution {
    let takers = dispositions.map(isTaker)
    var hasTaker = [Bool](repeating: false, count: classes.titles.count)
    for row in weights.indices where takers[row] && classes.classOfRow[row] >= 0 && weights[row] != 0 {
      hasTaker[classes.classOfRow[row]] = true
    }
    return Redistribution(
      classOfRow: weights.indices.map { row in
        let place = classes.classOfRow[row]
        guard place >= 0, hasTaker[place] || !isOptional, takers[row] || dispositions[row] == .unknown else {
          return -1
        }
        return place
      },
      classCount: classes.titles.count,
      isTaker: takers
    )
  }
}

/// Each unknown unit's score is the sum of its parts on both sides.
private struct SharedEligibilityProjection: ScoreProjection {
  let eligible: RedistributionProjection
  let ineligible: RedistributionProjection
  let isEligible: [Bool]

  var takesStepBack: Bool { true }

  func residual(_ score: [Double]) -> [Double] {
    let one = eligible.residual(score.indices.map { isEligible[$0] ? score[$0] : 0 })
    let other = ineligible.residual(score.indices.map { isEligible[$0] ? 0 : score[$0] })
    return zip(one, other).map { $0 + $1 }
  }
}
