internal import StatisticalFunctions

/// The answers on 两不愁三保障 that a household gives; `nil` where an item was left unanswered.
///
/// They are made so that the household's verdict under the policy `any` (PovertyAssessment's judgement:
/// income below the line or any item failed) is the population's truth. They depend only on seed and id.
package struct FieldItems: Sendable, Hashable {
  /// 1 met, 2 not met.
  package var food: Int?
  package var water: Int?
  package var clothing: Int?
  /// 1 met, 2 drop-out, 9 no child of school age.
  package var education: Int?
  package var medical: Int?
  /// A, B, C, D; C and D are unsafe.
  package var housing: String?
  /// Yuan a head and year.
  package var incomePerHead: Int?

  init(_ household: SyntheticHousehold, model: PopulationModel, generator: inout SeededGenerator) {
    let line = model.incomeLine
    food = 1
    water = 1
    clothing = 1
    education = household.persons >= 3 && generator.uniform() < 0.6 ? 1 : 9
    medical = 1
    housing = generator.uniform() < 0.5 ? "A" : "B"
    incomePerHead = line + 1 + Int(generator.below(UInt64(3 * line)))
    if household.failsStandard {
      fail(line: line, generator: &generator)
    } else if generator.uniform() < model.itemNonresponse {
      leaveOut(Int(generator.below(7)))
    }
  }

  // One reason suffices; income is the usual one. Nothing of a failed household is left unanswered, so
  // that a missing item makes verdicts undetermined without hiding a wrong one.
  private mutating func fail(line: Int, generator: inout SeededGenerator) {
    let uniform = generator.uniform()
    if uniform < 0.5 {
      incomePerHead = line - 1 - Int(generator.below(UInt64(line / 3)))
    } else if uniform < 0.7 {
      housing = generator.uniform() < 0.6 ? "C" : "D"
    } else if uniform < 0.85 {
      medical = 2
    } else if uniform < 0.93 {
      water = 2
    } else if uniform < 0.97 {
      education = 2
    } else if uniform < 0.99 {
      food = 2
    } else {
      clothing = 2
    }
  }

  private mutating func leaveOut(_ item: Int) {
    switch item {
    case 0: food = nil
    case 1: water = nil
    case 2: clothing = nil
    case 3: education = nil
    case 4: medical = nil
    case 5: housing = nil
    default: incomePerHead = nil
    }
  }

  /// `met`, `not-met`, or `undetermined` where nothing fails but something is unanswered.
  func verdict(line: Int) -> String {
    let failed =
      [food, water, clothing, education, medical].contains(2)
      || housing == "C" || housing == "D" || (incomePerHead ?? Int.max) < line
    if failed { return "not-met" }
    let isComplete =
      food != nil && water != nil && clothing != nil && education != nil && medical != nil
      && housing != nil && incomePerHead != nil
    return isComplete ? "met" : "undetermined"
  }
}
