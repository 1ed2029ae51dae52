internal import Glibc

/// A place where a function changes its sign.
///
/// Brent's method: inverse quadratic or linear steps while they shrink the bracket fast enough, else halving. A function
/// that jumps is followed down to the jump.
/// Source: Brent (1973), Algorithms for Minimization without Derivatives, ch. 4 (`zero`).
/// - Returns: NaN where the function has the same sign at both ends, or no value.
package func brentRoot(
  from low: Double,
  to high: Double,
  tolerance: Double,
  _ function: (Double) -> Double
) -> Double {
  var previous = (x: low, f: function(low))
  var best = (x: high, f: function(high))
  if previous.f == 0 { return previous.x }
  if best.f == 0 { return best.x }
  guard (previous.f > 0) != (best.f > 0), !previous.f.isNaN, !best.f.isNaN else { return .nan }
  var opposite = previous
  for _ in 0..<1000 {
    let lastStep = best.x - previous.x
    if abs(opposite.f) < abs(best.f) {
      previous = best
      best = opposite
      opposite = previous
    }
    let least = 2 * Double.ulpOfOne * abs(best.x) + tolerance / 2
    var step = (opposite.x - best.x) / 2
    if abs(step) <= least || best.f == 0 { return best.x }
    if abs(lastStep) >= least, abs(previous.f) > abs(best.f) {
      let width = opposite.x - best.x
      var p: Double
      var q: Double
      if previous.x == opposite.x {
        let ratio = best.f / previous.f
        p = width * ratio
        q = 1 - ratio
      } else {
        let first = previous.f / opposite.f
        let second = best.f / opposite.f
        let third = best.f / previous.f
        p = third * (width * first * (first - second) - (best.x - previous.x) * (second - 1))
        q = (first - 1) * (second - 1) * (third - 1)
      }
      if p > 0 { q = -q } else { p = -p }
      if p < 0.75 * width * q - abs(least * q) / 2, p < abs(lastStep * q / 2) { step = p / q }
    }
    if abs(step) < least { step = step > 0 ? least : -least }
    previous = best
    best.x += step
    best.f = function(best.x)
    if (best.f > 0 && opposite.f > 0) || (best.f < 0 && opposite.f < 0) { opposite = previous }
  }
  return best.x
}
