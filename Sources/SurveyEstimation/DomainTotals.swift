internal import StatisticalFunctions

/// The totals of a figure's terms over the cells of one domain.
struct DomainTotals {
  /// Σ w t by term.
  private(set) var totals: [Double]
  private(set) var rowCount = 0
  private(set) var filteredCount = 0
  private(set) var events = 0
  /// Rows in the base: those that count, less a ratio's rows with denominator 0.
  private(set) var baseCount = 0
  private(set) var baseWeight: Double
  private(set) var baseSquaredWeight: Double
  private let figure: Figure
  private let cells: [Int32]
  private let scales: [Double]

  /// - Parameter cells: the domain's cells in canonical order.
  init(_ figure: Figure, cells: [Int32], scales: [Double]) {
    self.figure = figure
    self.cells = cells
    self.scales = scales
    for cell in cells.lazy.map(Int.init) {
      rowCount += figure.rowCount(cell)
      filteredCount += figure.filteredCount(cell)
      events += figure.events(cell)
      baseCount += figure.baseCount(cell)
    }
    totals = (0..<figure.termCount).map { term in
      scaledSum(cells, scales, power: 1) { figure.total(term, $0) }.value
    }
    baseWeight = scaledSum(cells, scales, power: 1) { figure.baseWeight($0) }.value
    baseSquaredWeight = scaledSum(cells, scales, power: 2) { figure.baseSquaredWeight($0) }.value
  }

  var hasMissing: Bool { filteredCount > rowCount }

  /// The estimate with the coefficients of its linearized value, or why there is none.
  func linearized() -> (estimate: Double, coefficients: [Double])? {
    switch figure.plan.indicator.statistic {
    case .total: return (totals[1], [0, 1])
    case .mean, .proportions:
      guard totals[0] > 0 else { return nil }
      let mean = totals[1] / totals[0]
      return (figure.center + mean, [-mean / totals[0], 1 / totals[0]])
    case .ratio:
      guard totals[2] != 0 else { return nil }
      let ratio = totals[1] / totals[2]
      return (ratio, [0, 1 / totals[2], -ratio / totals[2]])
    case .variance:
      guard totals[0] > 0, rowCount > 1 else { return nil }
      let mean = totals[2] / totals[0]
      let factor = Double(rowCount) / Double(rowCount - 1)
      let variance = factor * max(0, squaredDeviation(from: mean) / totals[0])
      // (y − ȳ)² n/(n − 1) less its mean, over Σ w: the derivative by ȳ is zero.
      return (
        variance,
        [(factor * mean * mean - variance) / totals[0], factor / totals[0], -2 * factor * mean / totals[0]]
      )
    }
  }

  /// Σ w (y − c)² from Σ w, Σ w y² and Σ w y, to twice the precision: its terms nearly cancel.
  private func squaredDeviation(from center: Double) -> Double {
    let c = ExtendedDouble(center)
    let coefficients = [c * c, ExtendedDouble(1), ExtendedDouble(-2 * center)]
    var sum = ExtendedDouble(0)
    for (term, coefficient) in coefficients.enumerated() {
      sum = sum + scaledSum(cells, scales, power: 1) { figure.total(term, $0) } * coefficient
    }
    return sum.value
  }

  /// The variance that a simple random sample of as many rows would have had.
  ///
  /// Formula: s²(ℓ) W² / n, times (W − n) / W without replacement, where s² is the weighted variance (divisor
  /// n − 1) of the linearized value over the rows that count. Source: R survey's `deff` (Lumley 2010).
  /// - Parameter conditional: what turns Σ w into the size of the population, within a drawn unit.
  /// - Returns: `nil` with fewer than two rows, or a population smaller than the sample.
  func simpleRandomVariance(
    _ coefficients: [Double],
    _ reference: DesignEffectReference,
    conditional: Double = 1
  ) -> Double? {
    let weight = totals[0]
    guard rowCount > 1, weight > 0 else { return nil }
    if case .variance = figure.plan.indicator.statistic { return nil }
    var square = ExtendedDouble(0)
    var mean = 0.0
    for first in coefficients.indices where coefficients[first] != 0 {
      mean += coefficients[first] * totals[first] / weight
      for second in coefficients.indices where coefficients[second] != 0 {
        let sum = scaledSum(cells, scales, power: 1) { figure.product(first, second, $0) }
        square = square + sum * ExtendedDouble(coefficients[first]) * ExtendedDouble(coefficients[second])
      }
    }
    let count = Double(rowCount)
    let spread = (square - ExtendedDouble(mean) * ExtendedDouble(mean) * ExtendedDouble(weight)).value / weight
    let variance = max(0, spread) * count / (count - 1) * weight * weight / count
    switch reference {
    case .withReplacement: return variance
    case .withoutReplacement:
      let population = weight * conditional
      return population < count ? nil : variance * (population - count) / population
    }
  }

  /// Σ w ℓ by cell, for the variance.
  func linearizedCells(_ coefficients: [Double]) -> LinearizedCells {
    var result = LinearizedCells(cells: [], sums: [], rowCounts: [])
    // A unit all of whose values are missing has no row in the domain, which may leave its stratum with one unit.
    for cell in cells where figure.rowCount(Int(cell)) > 0 {
      var sum = ExtendedDouble(0)
      for (term, coefficient) in coefficients.enumerated() where coefficient != 0 {
        sum = sum + figure.total(term, Int(cell)).extended * ExtendedDouble(coefficient)
      }
      result.cells.append(cell)
      result.sums.append(sum * ExtendedDouble(scales[Int(cell)]))
      result.rowCounts.append(figure.rowCount(Int(cell)))
    }
    return result
  }
}

/// Σ over cells of an exact sum times a power of the cell's scale; exact where every scale is 1.
func scaledSum(
  _ cells: [Int32],
  _ scales: [Double],
  power: Int,
  _ sum: (Int) -> ExactSum
) -> ExtendedDouble {
  var exact = ExactSum()
  var scaled = ExtendedDouble(0)
  for cell in cells.lazy.map(Int.init) {
    let scale = scales[cell]
    if scale == 1 {
      exact.add(sum(cell))
    } else {
      let factor = power == 2 ? scale * scale : scale
      scaled = scaled + sum(cell).extended * ExtendedDouble(factor)
    }
  }
  return exact.extended + scaled
}
