internal import Glibc

/// The value where a distribution on the positive half-line reaches a given probability.
///
/// Newton's method on the logarithm of the smaller tail against ln x, where both tails of the gamma
/// and beta distributions are nearly straight; every step stays inside a shrinking bracket.
/// Domain: 0 < lower, upper < 1 with lower + upper = 1. Edge cases: 0 when the value lies below the
/// smallest double, NaN when the tails are NaN.
/// - Parameters:
///   - lower: the probability below the value.
///   - upper: the probability above it.
///   - logRange: ln x at the ends of the search.
///   - start: a first guess of ln x; it may be poor.
///   - tails: both tails and the density times x at x.
func solveForTail(
  lower: Double,
  upper: Double,
  logRange: ClosedRange<Double>,
  start: Double,
  tails: (Double) -> (lower: Double, upper: Double, slope: Double)
) -> Double {
  let usesLower = lower <= upper
  let goal = log(usesLower ? lower : upper)
  var low = logRange.lowerBound
  var high = logRange.upperBound
  var z = min(max(start, low), high)
  for _ in 0..<400 {
    let here = tails(exp(z))
    let tail = usesLower ? here.lower : here.upper
    guard !tail.isNaN else { return .nan }
    let error = usesLower ? log(tail) - goal : goal - log(tail)
    if error == 0 { return exp(z) }
    if error < 0 { low = z } else { high = z }
    var next = z - error * tail / here.slope
    let isNewton = next > low && next < high
    if !isNewton { next = low + (high - low) / 2 }
    let step = abs(next - z)
    z = next
    // Digits double at every step of Newton's method: after one this small, no more are to be won.
    let settled = isNewton ? 1e-11 : 4e-16
    if step <= settled * max(1, abs(z)) || high - low <= 4e-16 * max(1, abs(z)) { break }
  }
  return z <= logRange.lowerBound + 1e-9 ? 0 : exp(z)
}
