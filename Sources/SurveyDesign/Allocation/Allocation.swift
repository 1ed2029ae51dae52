/// How a stage's sample is shared out over its strata, within each unit of the stage before.
package struct Allocation: Sendable, Hashable {
  /// The number of units to share out; must-include units and strata taken whole count in it.
  package var total: Int
  /// Takes every unit where there are fewer than ``total``; otherwise that is refused.
  package var totalIsLimit: Bool
  /// The rule's name, one of ``Allocations/all``.
  package var rule: String
  /// q of the power rule, 0 ≤ q ≤ 1.
  package var exponent: Double?
  /// The column whose total in a stratum is X; without it a unit counts as 1, and X = N.
  package var size: String?
  /// S: the standard deviation within each stratum.
  package var deviation: StratumFigure?
  /// CV: the coefficient of variation within each stratum.
  package var variation: StratumFigure?
  /// c: the cost of one unit.
  package var cost: StratumFigure?
  /// The least number of units in a stratum; a smaller stratum is taken whole.
  package var minimum: Int
  package var maximum: Int?
  /// Strata with at most this many units are taken whole.
  package var takeAllUpTo: Int

  package init(
    total: Int,
    totalIsLimit: Bool = false,
    rule: String,
    exponent: Double? = nil,
    size: String? = nil,
    deviation: StratumFigure? = nil,
    variation: StratumFigure? = nil,
    cost: StratumFigure? = nil,
    minimum: Int,
    maximum: Int? = nil,
    takeAllUpTo: Int = 0
  ) {
    self.total = total
    self.totalIsLimit = totalIsLimit
    self.rule = rule
    self.exponent = exponent
    self.size = size
    self.deviation = deviation
    self.variation = variation
    self.cost = cost
    self.minimum = minimum
    self.maximum = maximum
    self.takeAllUpTo = takeAllUpTo
  }
}

/// Where a figure of each stratum comes from.
package enum StratumFigure: Sendable, Hashable {
  /// A column of the frame that has one value within a stratum.
  case column(String)
  /// A value for each stratum, by the values of the strata columns joined by ", ".
  case byStratum([String: Double])
}

/// The figures that a rule may read beside the number of units.
package enum AllocationFigure: String, Sendable, Hashable, CaseIterable {
  case size
  case deviation = "sd"
  case variation = "cv"
  case cost
}

extension Allocation {
  /// The figures that the plan gives.
  package var given: Set<AllocationFigure> {
    var given = Set<AllocationFigure>()
    if size != nil { given.insert(.size) }
    if deviation != nil { given.insert(.deviation) }
    if variation != nil { given.insert(.variation) }
    if cost != nil { given.insert(.cost) }
    return given
  }

  /// The columns of the frame that the allocation reads.
  package var columns: [String] {
    [size].compactMap { $0 }
      + [deviation, variation, cost].compactMap { figure in
        if case .column(let name) = figure { name } else { nil }
      }
  }
}

extension StratumFigure: Codable {
  private enum Key: String, CodingKey {
    case column, byStratum
  }

  /// Reads `{"column": "sd"}` or `{"byStratum": {…}}`.
  package init(from decoder: any Decoder) throws {
    let keyed = try decoder.container(keyedBy: Key.self)
    if let column = try keyed.decodeIfPresent(String.self, forKey: .column) {
      self = .column(column)
    } else {
      self = .byStratum(try keyed.decode([String: Double].self, forKey: .byStratum))
    }
  }

  /// Writes the form that ``init(from:)`` reads.
  package func encode(to encoder: any Encoder) throws {
    var keyed = encoder.container(keyedBy: Key.self)
    switch self {
    case .column(let column): try keyed.encode(column, forKey: .column)
    case .byStratum(let values): try keyed.encode(values, forKey: .byStratum)
    }
  }
}

extension Allocation: Codable {
  private enum Key: String, CodingKey {
    case total, totalIsLimit, rule, exponent, size, deviation, variation, cost, minimum, maximum, takeAllUpTo
  }

  /// Reads an allocation; what a rule does not use is absent.
  package init(from decoder: any Decoder) throws {
    let keyed = try decoder.container(keyedBy: Key.self)
    self.init(
      total: try keyed.decode(Int.self, forKey: .total),
      totalIsLimit: try keyed.decodeIfPresent(Bool.self, forKey: .totalIsLimit) ?? false,
      rule: try keyed.decode(String.self, forKey: .rule),
      exponent: try keyed.decodeIfPresent(Double.self, forKey: .exponent),
      size: try keyed.decodeIfPresent(String.self, forKey: .size),
      deviation: try keyed.decodeIfPresent(StratumFigure.self, forKey: .deviation),
      variation: try keyed.decodeIfPresent(StratumFigure.self, forKey: .variation),
      cost: try keyed.decodeIfPresent(StratumFigure.self, forKey: .cost),
      minimum: try keyed.decode(Int.self, forKey: .minimum),
      maximum: try keyed.decodeIfPresent(Int.self, forKey: .maximum),
      takeAllUpTo: try keyed.decodeIfPresent(Int.self, forKey: .takeAllUpTo) ?? 0
    )
  }

  /// Writes the form that ``init(from:)`` reads.
  package func encode(to encoder: any Encoder) throws {
    var keyed = encoder.container(keyedBy: Key.self)
    try keyed.encode(total, forKey: .total)
    if totalIsLimit { try keyed.encode(true, forKey: .totalIsLimit) }
    try keyed.encode(rule, forKey: .rule)
    try keyed.encodeIfPresent(exponent, forKey: .exponent)
    try keyed.encodeIfPresent(size, forKey: .size)
    try keyed.encodeIfPresent(deviation, forKey: .deviation)
    try keyed.encodeIfPresent(variation, forKey: .variation)
    try keyed.encodeIfPresent(cost, forKey: .cost)
    try keyed.encode(minimum, forKey: .minimum)
    try keyed.encodeIfPresent(maximum, forKey: .maximum)
    if takeAllUpTo > 0 { try keyed.encode(takeAllUpTo, forKey: .takeAllUpTo) }
  }
}
