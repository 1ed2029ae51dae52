/// A distribution given by its quantiles at equal steps of probability, straight lines between them.
///
/// Formula: for u in 0…1 and k + 1 values q₀…q_k, position t = u·k, value q_⌊t⌋ + (t − ⌊t⌋)(q_⌊t⌋₊₁ − q_⌊t⌋).
/// Only the four operations are used, so every machine draws the same value; a logarithm would not.
package struct QuantileTable: Sendable, Hashable {
  package let values: [Double]

  /// - Precondition: at least two values, none below the one before.
  package init(_ values: [Double]) {
    precondition(values.count >= 2, "a distribution needs two quantiles")
    precondition(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }, "quantiles do not fall")
    self.values = values
  }

  /// The quantile at probability `uniform`. Domain: 0…1.
  package func value(at uniform: Double) -> Double {
    let position = uniform * Double(values.count - 1)
    let index = min(Int(position), values.count - 2)
    return values[index] + (position - Double(index)) * (values[index + 1] - values[index])
  }

  /// The mean of the distribution: the trapezoid rule, exact for straight lines.
  package var mean: Double {
    var sum = (values[0] + values[values.count - 1]) / 2
    for value in values.dropFirst().dropLast() { sum += value }
    return sum / Double(values.count - 1)
  }
}
