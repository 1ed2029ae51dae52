internal import Glibc

/// Both tails of the regularized incomplete beta function, each computed without cancellation.
///
/// Formula: I_x(a, b) by the continued fraction of DLMF 8.17.22 on the side where it converges,
/// with x^a (1 − x)^b / B(a, b) from Loader's deviance form of the binomial density.
/// Domain: a, b > 0 and 0 ≤ x ≤ 1, with y = 1 − x given beside it so that neither end loses digits;
/// outside it both tails are NaN. Complexity: O(√max(a, b)).
/// Source: DLMF 8.17.22; Loader (2000), Fast and accurate computation of binomial probabilities.
/// The GSL's own function gives NaN for shapes in the millions and nine digits in the hundred
/// thousands, which large surveys reach.
func betaTails(x: Double, y: Double, a: Double, b: Double) -> (lower: Double, upper: Double) {
  guard a > 0, b > 0, a.isFinite, b.isFinite, x >= 0, y >= 0 else { return (.nan, .nan) }
  if x == 0 { return (0, 1) }
  if y == 0 { return (1, 0) }
  let front = betaFront(x: x, y: y, a: a, b: b)
  if x < (a + 1) / (a + b + 2) {
    let lower = min(1, front / a * betaContinuedFraction(x: x, a: a, b: b))
    return (lower, 1 - lower)
  }
  let upper = min(1, front / b * betaContinuedFraction(x: y, a: b, b: a))
  return (1 - upper, upper)
}

/// The factor x^a y^b / B(a, b), which is also the beta density times x·y.
func betaFront(x: Double, y: Double, a: Double, b: Double) -> Double {
  a * b / (a + b) * binomialDensity(successes: a, failures: b, x: x, y: y)
}

/// The binomial probability of `successes` and `failures`, which need not be whole numbers.
///
/// Source: Loader (2000), eq. 6, the saddle-point form.
func binomialDensity(successes: Double, failures: Double, x: Double, y: Double) -> Double {
  let trials = successes + failures
  if successes == 0 { return exp(failures < 0.1 ? failures * log(y) : failures * log1p(-x)) }
  if failures == 0 { return exp(successes * (x < 0.5 ? log(x) : log1p(-y))) }
  let exponent =
    stirlingError(trials) - stirlingError(successes) - stirlingError(failures)
    - deviance(successes, trials * x) - deviance(failures, trials * y)
  return exp(exponent) * (trials / (2 * Double.pi * successes * failures)).squareRoot()
}

/// What Stirling's formula misses: ln Γ(z + 1) − (z + ½) ln z + z − ½ ln 2π.
///
/// The series is used from 10 on, where its next term is below 1e-15.
private func stirlingError(_ z: Double) -> Double {
  if z < 10 {
    return lgamma(z + 1) - (z + 0.5) * log(z) + z - 0.5 * log(2 * Double.pi)
  }
  let inverse = 1 / z
  let square = inverse * inverse
  var sum = 691.0 / 360_360
  sum = 1.0 / 1_188 - square * sum
  sum = 1.0 / 1_680 - square * sum
  sum = 1.0 / 1_260 - square * sum
  sum = 1.0 / 360 - square * sum
  sum = 1.0 / 12 - square * sum
  return inverse * sum
}

/// The deviance part x ln(x / m) + m − x, accurate where x is near m.
private func deviance(_ x: Double, _ m: Double) -> Double {
  let difference = x - m
  guard abs(difference) < 0.1 * (x + m) else { return x * log(x / m) + m - x }
  let ratio = difference / (x + m)
  var sum = difference * ratio
  var term = 2 * x * ratio
  let square = ratio * ratio
  var power = 1.0
  while true {
    term *= square
    power += 2
    let next = sum + term / power
    if next == sum { return next }
    sum = next
  }
}

/// The continued fraction of DLMF 8.17.22 by Lentz's method.
private func betaContinuedFraction(x: Double, a: Double, b: Double) -> Double {
  let tiny = 1e-300
  func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / kept(1 - (a + b) * x / (a + 1))
  var fraction = d
  var m = 1.0
  while m < 1_000_000 {
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / kept(1 + even * d)
    c = kept(1 + even / c)
    fraction *= d * c
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / kept(1 + odd * d)
    c = kept(1 + odd / c)
    let factor = d * c
    fraction *= factor
    if abs(factor - 1) < 2e-16 { return fraction }
    m += 1
  }
  return .nan
}
