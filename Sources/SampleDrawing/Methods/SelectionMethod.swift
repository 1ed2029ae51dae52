package import SurveyData

/// One rule for selecting units in a stratum; a new method is a new file and a line in the list.
package protocol SelectionMethod: Sendable {
  /// The name in survey files and receipts.
  var name: String { get }
  var title: LocalizedText { get }
  /// Whether inclusion probabilities follow a size.
  var needsSize: Bool { get }
  /// What a plan must ask for.
  var asks: SelectionRequest { get }
  /// Whether the number selected is known before the draw.
  var hasFixedSize: Bool { get }
  var resultOrder: ResultOrder { get }
  var reserveRule: ReserveRule { get }
  /// The inclusion probability in symbols, for the design record.
  var probabilityFormula: String { get }

  /// Selects in one stratum; the caller has checked that the target can be met.
  /// - Throws: a refusal when sizes are beyond what the rule computes exactly.
  func select(
    _ target: SelectionTarget,
    reserves: Int,
    from cell: CellUnits
  ) throws(InputRefusal) -> Selection
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
}

extension SelectionMethod {
  /// How many units of a stratum can be taken at all: a unit of size 0 never is.
  package func takable(in cell: CellUnits) -> Int {
    if !needsSize { return cell.count }
    var count = 0
    for unit in 0..<cell.count where cell.size(unit) > 0 { count += 1 }
    return count
  }
}
