internal import StatisticalFunctions
internal import SurveyData

/// One figure to estimate (an indicator, or one level of a proportion), with its sums by cell.
///
/// Every figure is a function of totals of a few terms: term 0 is 1 for the rows that count, the others are
/// the indicator's quantities. A linearized value is a linear combination of the terms.
struct Figure: Sendable {
  /// The place of the indicator in the request.
  var indicator: Int
  /// The code of the level, of a proportion.
  var level: Int32?
  var key: String
  var plan: IndicatorPlan
  /// What was taken off every value of a mean.
  let center: Double
  // Held apart from each other: a property that hands out a struct of lists copies it at every look.
  private let own: IndicatorSums
  private let levelSums: QuantitySums
  private let all: RowSums
  private let crossProducts: [EstimationAccumulator.CrossKey: CellSums]

  init(
    indicator: Int,
    level: Int32?,
    key: String,
    plan: IndicatorPlan,
    sums: EstimationAccumulator,
    center: Double = 0
  ) {
    self.center = center
    self.indicator = indicator
    self.level = level
    self.key = key
    self.plan = plan
    own = sums.indicators[indicator]
    levelSums = level.flatMap { sums.indicators[indicator].levelSums[$0] } ?? QuantitySums()
    all = sums.rows
    crossProducts = sums.crossProducts
  }

  /// 1 and the quantities.
  var termCount: Int { level == nil ? plan.quantities.count + 1 : 2 }

  /// Rows that count, in the filter and with every value.
  func rowCount(_ cell: Int) -> Int {
    plan.hasFilter ? own.rows.counts[cell] : all.counts[cell] - own.rows.counts[cell]
  }

  /// Rows in the filter, whether a value is missing or not.
  func filteredCount(_ cell: Int) -> Int {
    plan.hasFilter ? own.filtered[cell] : all.counts[cell]
  }

  /// Rows whose numerator (first quantity, level) is not zero.
  func events(_ cell: Int) -> Int {
    if level != nil { return levelSums.events[cell] }
    return own.quantities.isEmpty ? 0 : own.quantities[0].events[cell]
  }

  /// Rows that count and are in the base of a ratio.
  func baseCount(_ cell: Int) -> Int { rowCount(cell) - own.withoutBase.counts[cell] }

  func baseWeight(_ cell: Int) -> ExactSum {
    var sum = rowWeight(cell)
    sum.subtract(own.withoutBase.weights[cell])
    return sum
  }

  func baseSquaredWeight(_ cell: Int) -> ExactSum {
    var sum = rowSquaredWeight(cell)
    sum.subtract(own.withoutBase.squaredWeights[cell])
    return sum
  }

  private func rowWeight(_ cell: Int) -> ExactSum {
    counted(own.rows.weights[cell], of: all.weights[cell])
  }

  private func rowSquaredWeight(_ cell: Int) -> ExactSum {
    counted(own.rows.squaredWeights[cell], of: all.squaredWeights[cell])
  }

  private func counted(_ stored: ExactSum, of all: ExactSum) -> ExactSum {
    if plan.hasFilter { return stored }
    var sum = all
    sum.subtract(stored)
    return sum
  }

  /// Σ w t, unscaled.
  func total(_ term: Int, _ cell: Int) -> ExactSum {
    if term == 0 { return rowWeight(cell) }
    if level != nil { return levelSums.total(cell) }
    return own.quantities[term - 1].total(cell)
  }

  /// Σ w t u, unscaled.
  func product(_ first: Int, _ second: Int, _ cell: Int) -> ExactSum {
    if first == 0 { return total(second, cell) }
    if second == 0 { return total(first, cell) }
    if first != second { return own.products[0].products[cell] }
    return level != nil ? levelSums.square(cell) : own.quantities[first - 1].square(cell)
  }

  /// Σ w² t u over rows, unscaled.
  func squaredProduct(_ first: Int, _ second: Int, _ cell: Int) -> ExactSum {
    if first == 0, second == 0 { return rowSquaredWeight(cell) }
    if first == 0 || second == 0 {
      return level != nil ? levelSums.squaredTotal(cell) : own.quantities[max(first, second) - 1].squaredTotal(cell)
    }
    if first != second { return own.products[0].squaredProducts[cell] }
    return level != nil ? levelSums.squaredSquare(cell) : own.quantities[first - 1].squaredSquare(cell)
  }

  /// Σ w² t u over rows for a term here and one of another figure, unscaled.
  func crossProduct(_ term: Int, _ other: Figure, _ otherTerm: Int, _ cell: Int) -> ExactSum {
    if other.indicator == indicator {
      // Two levels of one column: no row has both.
      if term > 0, otherTerm > 0, level != other.level { return ExactSum() }
      let figure = term > 0 ? self : other
      return figure.squaredProduct(term, otherTerm, cell)
    }
    guard indicator < other.indicator else { return other.crossProduct(otherTerm, self, term, cell) }
    // Without a filter the stored rows are those that do not count: 1 − e in their place.
    var sum = stored(slot(term), other, other.slot(otherTerm), cell)
    let isLeftComplement = term == 0 && !plan.hasFilter
    let isRightComplement = otherTerm == 0 && !other.plan.hasFilter
    if isLeftComplement, isRightComplement {
      sum.add(all.squaredWeights[cell])
      sum.subtract(own.rows.squaredWeights[cell])
      sum.subtract(other.own.rows.squaredWeights[cell])
    } else if isLeftComplement {
      var all = other.squaredProduct(0, otherTerm, cell)
      all.subtract(sum)
      sum = all
    } else if isRightComplement {
      var all = squaredProduct(0, term, cell)
      all.subtract(sum)
      sum = all
    }
    return sum
  }

  private func slot(_ term: Int) -> Int {
    if term == 0 { return -1 }
    return level.map { 1000 + Int($0) } ?? term - 1
  }

  private func stored(_ slot: Int, _ other: Figure, _ otherSlot: Int, _ cell: Int) -> ExactSum {
    let key = EstimationAccumulator.CrossKey(
      first: indicator,
      firstSlot: slot,
      second: other.indicator,
      secondSlot: otherSlot
    )
    return crossProducts[key]?[cell] ?? ExactSum()
  }
}
