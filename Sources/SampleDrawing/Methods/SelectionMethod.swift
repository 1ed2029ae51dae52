package import SurveyData
package import SurveyDesign

/// One rule for selecting units in a stratum; a new method is a new file and a line in the list.
package protocol SelectionMethod: Sendable {
  /// The name in survey files and receipts.
  var name: String { get }
  var title: LocalizedText { get }
  /// Whether inclusion probabilities follow a size.
  var needsSize: Bool { get }
  /// Whether inclusion probabilities follow a size where the plan names one.
  var takesSize: Bool { get }
  /// What it uses other columns of numbers for.
  var measures: MeasureUse { get }
  /// What a plan must ask for.
  var asks: SelectionRequest { get }
  /// Whether the number selected is known before the draw.
  var hasFixedSize: Bool { get }
  var resultOrder: ResultOrder { get }
  var reserveRule: ReserveRule { get }
  /// The inclusion probability in symbols, for the design record.
  var probabilityFormula: String { get }
  /// Whether a unit can be selected more than once.
  var isWithReplacement: Bool { get }
  /// Whether it decides over all strata of a parent together.
  var decidesOverStrata: Bool { get }

  /// The exact probabilities with which pairs of units are both selected.
  /// - Parameters:
  ///   - places: the units asked about, as places in the list, rising.
  ///   - list: the units of a stratum in list order.
  /// - Returns: every pair of `places`; `nil` where the method states none for this number of units.
  func jointProbabilities(of places: [Int], in list: SizedList) -> PairProbabilities?

  /// Selects in one stratum; the caller has checked that the target can be met.
  /// - Throws: a refusal when sizes are beyond what the rule computes exactly.
  func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection

  /// Selects in all strata of one parent (of the stage where there is none), in the order of the strata.
  ///
  /// Only a method that decides over strata together has its own; else each stratum is drawn by itself.
  /// - Parameters:
  ///   - targets: one a stratum.
  ///   - reserves: how many each stratum is to have, one number a stratum.
  ///   - cells: the strata.
  ///   - parent: the parent's id, empty where there is none.
  /// - Returns: one selection a stratum.
  /// - Throws: the refusals of all strata.
  func select(
    _ targets: [SelectionTarget],
    reserves: [Int],
    from cells: [CellUnits],
    parent: String
  ) throws(InputRefusal) -> [Selection]
}

extension SelectionMethod {
  package var takesSize: Bool { needsSize }
  package var measures: MeasureUse { .none }
  package var decidesOverStrata: Bool { false }

  package func select(
    _ targets: [SelectionTarget],
    reserves: [Int],
    from cells: [CellUnits],
    parent: String
  ) throws(InputRefusal) -> [Selection] {
    var selections = [Selection]()
    selections.reserveCapacity(cells.count)
    var findings = [Finding]()
    for (place, cell) in cells.enumerated() {
      if cell.count == 0 {
        selections.append(Selection(selected: [], reserves: []))
        continue
      }
      do throws(InputRefusal) {
        selections.append(try select(targets[place], reserves: reserves[place], from: cell))
      } catch {
        findings += error.findings
      }
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    return selections
  }
}

/// What a method uses the columns of numbers for that a plan names beside the size.
package enum MeasureUse: Sendable {
  case none
  /// The sample is to meet their totals.
  case balance
  /// They say where a unit lies.
  case coordinates
}

/// The kind of number a method works to.
package enum SelectionRequest: Sendable {
  case everything
  case number
  case rate
}

/// How many units a stratum is to give.
package enum SelectionTarget: Sendable, Hashable {
  case number(Int)
  case rate(Double)
}

/// In which order the selected units are visited.
package enum ResultOrder: String, Sendable {
  case ticket
  case list
}

/// Where a stratum's reserves come from.
package enum ReserveRule: String, Sendable {
  /// The next units in the order of the selection itself.
  case nextInOrder
  /// The units that were not taken, by ticket.
  case remainingByTicket
  /// The method has no reserves.
  case none
}

/// What was selected in one stratum, as unit numbers of that stratum.
package struct Selection: Sendable {
  package struct Unit: Sendable, Hashable {
    package var index: Int
    /// The probability of being selected; with replacement the expected number of times.
    package var probability: Double
    package var isCertainty: Bool
    /// How often it was selected: more than once only with replacement.
    package var hits = 1
  }

  package var selected: [Unit]
  package var reserves: [Int]
  /// The probabilities of pairs of the selected units, in their order; where a later variance needs them.
  package var pairs: PairProbabilities?
  /// What stands as probability where the method only comes near to λ.
  package var basis: ProbabilityBasis?
}

/// Which inclusion probability the weights of a stratum use, where the method only comes near to n·x/X.
package enum ProbabilityBasis: String, Codable, Sendable {
  /// n·x/X, which lies within 1% of the exact probability for every unit.
  case lambda
  /// The exact probability, to 12 significant digits.
  case exact
}

extension SelectionMethod {
  package var isWithReplacement: Bool { false }

  package func jointProbabilities(of places: [Int], in list: SizedList) -> PairProbabilities? { nil }

  /// Whether a plan's inclusion probabilities follow a size, and so differ within a stratum.
  package func followsSize(in plan: StagePlan) -> Bool { takesSize && plan.size != nil }

  /// How many units of a stratum can be taken at all: a unit of size 0 never is.
  package func takable(in cell: CellUnits) -> Int {
    if !cell.hasSizes { return cell.count }
    var count = 0
    for unit in 0..<cell.count where cell.size(unit) > 0 { count += 1 }
    return count
  }
}
