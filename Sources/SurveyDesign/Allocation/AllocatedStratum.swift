/// What an allocation gives one stratum.
package struct AllocatedStratum: Sendable, Hashable {
  /// What decided the number besides the rule.
  package enum Bound: String, Sendable {
    case none
    case minimum
    case maximum
    /// Every unit that can be taken.
    case all
    /// Must-include units alone.
    case mustInclude = "must-include"
  }

  package var stratum: AllocationStratum
  /// A.
  package var measure: Double
  /// The share before rounding, with the bounds: it keeps the sum too.
  package var unrounded: Double
  /// n.
  package var sampleSize: Int
  package var bound: Bound
}

/// Why a sample cannot be shared out.
package enum AllocationFault: Error, Sendable, Hashable {
  /// The least numbers of the strata add up to more than the total.
  case minimaExceedTotal(minima: Int, total: Int)
  /// The strata cannot take so many: bounds, sizes of strata, strata of measure 0 at their minimum.
  case totalExceedsRoom(total: Int, room: Int)
  /// No stratum has a positive measure.
  case measuresAreZero
  /// A measure is beyond what is computed: not a number, or 1e150 and more.
  case measureOutOfRange(stratum: Int)
}

/// Shares a sample out over strata in whole numbers.
///
/// The sum is the total, every number is between its bounds, and among all such numbers the rule's criterion
/// is the least. Equal priorities go to the stratum that stands first. A stratum of measure 0 gets its minimum.
/// Complexity: O((H + n) · log H).
/// - Parameters:
///   - allocation: total, bounds, exponent.
///   - rule: the rule that its name stands for.
///   - strata: in the order of their names' bytes.
/// - Returns: one result a stratum, in the same order.
/// - Throws: an ``AllocationFault``.
package func allocate(
  _ allocation: Allocation,
  by rule: any AllocationRule,
  over strata: [AllocationStratum]
) throws(AllocationFault) -> [AllocatedStratum] {
  var bounds = [WholeBounds]()
  var measures = [Double]()
  for (place, stratum) in strata.enumerated() {
    let measure = rule.measure(stratum, exponent: allocation.exponent ?? 1)
    guard measure.isFinite, measure >= 0, measure < 1e150 else { throw .measureOutOfRange(stratum: place) }
    measures.append(measure)
    let room = stratum.takable
    if stratum.populationSize <= allocation.takeAllUpTo {
      bounds.append(WholeBounds(least: room, most: room))
      continue
    }
    let least = max(min(allocation.minimum, room), stratum.required)
    let most = max(min(allocation.maximum ?? room, room), least)
    bounds.append(WholeBounds(least: least, most: measure > 0 ? most : least))
  }
  let minima = bounds.reduce(0) { $0 + $1.least }
  let room = bounds.reduce(0) { $0 + $1.most }
  if minima > allocation.total { throw .minimaExceedTotal(minima: minima, total: allocation.total) }
  if room < allocation.total, !allocation.totalIsLimit {
    if measures.allSatisfy({ $0 == 0 }) { throw .measuresAreZero }
    throw .totalExceedsRoom(total: allocation.total, room: room)
  }
  let total = min(allocation.total, room)
  let shares = boundedShares(of: measures, bounds: bounds, total: total)
  let numbers = wholeShares(of: measures, bounds: bounds, total: total, criterion: rule.criterion)
  return strata.indices.map { place in
    AllocatedStratum(
      stratum: strata[place],
      measure: measures[place],
      unrounded: shares[place],
      sampleSize: numbers[place],
      bound: bound(numbers[place], share: shares[place], bounds[place], strata[place], allocation)
    )
  }
}

private func bound(
  _ number: Int,
  share: Double,
  _ bounds: WholeBounds,
  _ stratum: AllocationStratum,
  _ allocation: Allocation
) -> AllocatedStratum.Bound {
  if number == stratum.takable { return .all }
  if number == bounds.least, share <= Double(bounds.least) {
    return stratum.required > min(allocation.minimum, stratum.takable) ? .mustInclude : .minimum
  }
  return number == bounds.most && share >= Double(bounds.most) ? .maximum : .none
}
