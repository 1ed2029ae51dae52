internal import StatisticalFunctions

/// Checks a value of a distribution or special function, by R's name and order of arguments.
func checkDistribution(_ input: JSONValue, _ expected: JSONValue) throws -> Comparison {
  let name = input["f"]?.text ?? ""
  let arguments = input["args"]?.numbers ?? []
  guard let function = functions[name] else { throw Unsupported("distribution \(name)") }
  guard arguments.count == function.arguments else {
    throw brokenReference("\(name) has \(function.arguments) arguments, not \(arguments.count)")
  }
  guard let value = expected["value"]?.number else { throw brokenReference("\(name) has no expected value") }
  let (tolerance, floor) = tolerance(name, arguments)
  let ours = function.value(arguments)
  return difference("\(name)\(arguments)", ours.isNaN ? nil : ours, value, tolerance: tolerance, floor: floor)
}

/// R forms an F quantile from 1 / x − 1, x the beta quantile near 1 where f is small: whatever its size, that
/// leaves an error of 2⁻⁵³ ν₂ / ν₁ in the reference, which the floor of `qf` grants.
private func tolerance(_ name: String, _ arguments: [Double]) -> (relative: Double, floor: Double) {
  switch name {
  case "qbeta" where min(arguments[1], arguments[2]) < 0.1: (Tolerance.tinyShapeQuantile, 0)
  case "qf": (Tolerance.quantile, 0x1p-52 * arguments[2] / arguments[1])
  case let name where name.hasPrefix("q"): (Tolerance.quantile, 0)
  default: (Tolerance.probability, 0)
  }
}

private struct Function: Sendable {
  var arguments: Int
  var value: @Sendable ([Double]) -> Double

  init(_ arguments: Int, _ value: @escaping @Sendable ([Double]) -> Double) {
    self.arguments = arguments
    self.value = value
  }
}

private let functions: [String: Function] = [
  "pnorm": Function(1) { Normal.cdf($0[0]) },
  "qnorm": Function(1) { Normal.quantile($0[0]) },
  "pt": Function(2) { StudentT(degreesOfFreedom: $0[1]).cdf($0[0]) },
  "qt": Function(2) { StudentT(degreesOfFreedom: $0[1]).quantile($0[0]) },
  "pchisq": Function(2) { ChiSquared(degreesOfFreedom: $0[1]).cdf($0[0]) },
  "qchisq": Function(2) { ChiSquared(degreesOfFreedom: $0[1]).quantile($0[0]) },
  "pf": Function(3) { FisherF(numerator: $0[1], denominator: $0[2]).cdf($0[0]) },
  "qf": Function(3) { FisherF(numerator: $0[1], denominator: $0[2]).quantile($0[0]) },
  "pbeta": Function(3) { Beta($0[1], $0[2]).cdf($0[0]) },
  "qbeta": Function(3) { Beta($0[1], $0[2]).quantile($0[0]) },
  "pgamma": Function(2) { Gamma(shape: $0[1]).cdf($0[0]) },
  "qgamma": Function(2) { Gamma(shape: $0[1]).quantile($0[0]) },
  "ppois": Function(2) { Poisson(mean: $0[1]).cdf(whole($0[0])) },
  "pbinom": Function(3) { Binomial(trials: whole($0[1]), probability: $0[2]).cdf(whole($0[0])) },
  "dbinom": Function(3) { Binomial(trials: whole($0[1]), probability: $0[2]).mass(whole($0[0])) },
  "phyper": Function(4) { hypergeometric($0).cdf(whole($0[0])) },
  "dhyper": Function(4) { hypergeometric($0).mass(whole($0[0])) },
  "lgamma": Function(1) { logGamma($0[0]) },
  "digamma": Function(1) { digamma($0[0]) },
]

// R counts the marked and the unmarked of the urn, we the marked and all.
private func hypergeometric(_ x: [Double]) -> Hypergeometric {
  Hypergeometric(populationSize: whole(x[1] + x[2]), marked: whole(x[1]), sampleSize: whole(x[3]))
}

/// The whole number below; −1, outside every domain, where a count cannot hold it.
private func whole(_ x: Double) -> Int { Int(exactly: x.rounded(.down)) ?? -1 }
