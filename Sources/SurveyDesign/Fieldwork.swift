/// What became of a drawn unit, for weighting.
public enum Disposition: String, Sendable, Codable, CaseIterable {
  /// Gave an interview.
  case respondent
  /// Eligible, but no interview.
  case nonrespondent
  /// It could not be found out whether the unit is eligible; weighted as a nonrespondent.
  case unknown
  /// Not a unit of the population; keeps its place in the sample, outside every domain.
  case ineligible
}

/// Which result codes of the form mean what.
public struct OutcomeCodes: Sendable, Hashable {
  /// The response file's column with the result code.
  package var column: String
  package var dispositions: [String: Disposition]
  /// What some codes say more closely than their disposition does.
  package var outcomes: [String: FieldOutcome]

  /// The column of outcomes and the meaning of its codes.
  ///
  /// - Parameters:
  ///   - column: of the table.
  ///   - dispositions: by code; without any the column holds the field vocabulary, such as `completed` or `refused`.
  public init(_ column: String, dispositions: [String: Disposition]) {
    self.init(column: column, dispositions: dispositions)
  }

  package init(column: String, dispositions: [String: Disposition], outcomes: [String: FieldOutcome] = [:]) {
    self.column = column
    self.dispositions = dispositions
    self.outcomes = outcomes
  }

  /// All codes, numbers in their order.
  package var orderedCodes: [String] {
    dispositions.keys.sorted { left, right in
      if let a = Int(left), let b = Int(right) { return a < b }
      return left < right
    }
  }

  /// What a result code means in the vocabulary of the field; `nil` for a code without a meaning.
  package func outcome(of code: String) -> FieldOutcome? {
    outcomes[code] ?? dispositions[code].map { FieldOutcome($0) }
  }
}

/// One stage of a draw as its list names it.
package struct ListedStage: Sendable, Hashable {
  /// The stage's name: the list's columns are `NAME_stratum`, `NAME_population`.
  package var name: String
  /// The list's column with the id of the unit.
  package var id: String
  package var chances: Chances
  /// Whether units were taken at equal steps through the list, so that neighbours of the sample are neighbours there.
  package var isSystematic: Bool

  /// What the variance of a stage rests on.
  package enum Chances: Sendable, Hashable {
    /// All units of a stratum had the same: n / N is the sampling fraction.
    case equal
    /// They differed within a stratum, and no unit could come twice.
    case unequal
    /// Units could come more than once.
    case withReplacement
  }

  package init(name: String, id: String, chances: Chances = .equal, isSystematic: Bool = false) {
    self.name = name
    self.id = id
    self.chances = chances
    self.isSystematic = isSystematic
  }
}

/// How many drawn units came to what, in one group of the list.
package struct ResponseCount: Sendable, Codable, Hashable {
  /// The value of the column that counts are grouped by; empty for all.
  package var group: String
  package var selected: Int
  /// Returned units of each disposition, reserves in use included.
  package var respondents: Int
  package var nonrespondents: Int
  package var unknown: Int
  package var ineligible: Int
  /// Selected units without any line in the response files.
  package var withoutReturn: Int
  /// Reserve units with a line in the response files.
  package var reservesUsed: Int
  /// Result codes as returned, with their counts, by code.
  package var codes: [String: Int]
  /// Design weights (before any adjustment) of the drawn units that are not known to be ineligible, and
  /// of the respondents: their quotient is the weighted response rate.
  package var weightedEligible: Double
  package var weightedRespondents: Double

  package init(group: String) {
    self.group = group
    selected = 0
    respondents = 0
    nonrespondents = 0
    unknown = 0
    ineligible = 0
    withoutReturn = 0
    reservesUsed = 0
    codes = [:]
    weightedEligible = 0
    weightedRespondents = 0
  }
}
