import Foundation
import StatisticalFunctions

/// Checks a value of one distribution function.
func checkDistribution(_ fields: [String: Any], _ expected: [String: Any], name: String, into tally: inout Tally) {
  let input = fields["input"] as? [String: Any] ?? fields
  let function = input["f"] as? String ?? ""
  let arguments = (input["args"] as? [Any] ?? []).map { referenceNumber($0) ?? .nan }
  guard let wanted = referenceNumber(expected["value"]), let found = ours(function, arguments) else {
    return tally.skip("distribution \(function)")
  }
  let allowed = tolerance(function, arguments, wanted)
  let isSame = found == wanted || found.isNaN && wanted.isNaN || abs(found - wanted) <= allowed
  tally.record(isSame ? [] : ["got \(found), expected \(wanted), tolerance \(allowed)"], in: name)
}

/// Our value of an R function, by R's name and order of arguments; `nil` for a name not known here.
private func ours(_ function: String, _ x: [Double]) -> Double? {
  switch function {
  case "pnorm": Normal.cdf(x[0])
  case "qnorm": Normal.quantile(x[0])
  case "pt": StudentT(degreesOfFreedom: x[1]).cdf(x[0])
  case "qt": StudentT(degreesOfFreedom: x[1]).quantile(x[0])
  case "pchisq": ChiSquared(degreesOfFreedom: x[1]).cdf(x[0])
  case "qchisq": ChiSquared(degreesOfFreedom: x[1]).quantile(x[0])
  case "pf": FisherF(numerator: x[1], denominator: x[2]).cdf(x[0])
  case "qf": FisherF(numerator: x[1], denominator: x[2]).quantile(x[0])
  case "pbeta": Beta(x[1], x[2]).cdf(x[0])
  case "qbeta": Beta(x[1], x[2]).quantile(x[0])
  case "pgamma": Gamma(shape: x[1]).cdf(x[0])
  case "ppois": Poisson(mean: x[1]).cdf(Int(x[0]))
  case "pbinom": Binomial(trials: Int(x[1]), probability: x[2]).cdf(Int(x[0]))
  case "dbinom": Binomial(trials: Int(x[1]), probability: x[2]).mass(Int(x[0]))
  case "phyper": hypergeometric(x).cdf(Int(x[0]))
  case "dhyper": hypergeometric(x).mass(Int(x[0]))
  case "lgamma": logGamma(x[0])
  case "digamma": digamma(x[0])
  default: nil
  }
}

// R counts the marked and the unmarked of the urn, we the marked and all.
private func hypergeometric(_ x: [Double]) -> Hypergeometric {
  Hypergeometric(populationSize: Int(x[1] + x[2]), marked: Int(x[1]), sampleSize: Int(x[3]))
}

/// How far a value may lie from R's.
///
/// 1e-10 for probabilities, 1e-8 for quantiles, 1e-6 for beta quantiles with tiny shapes, whose value a change
/// in the last bit of p moves that far. R takes an F quantile from 1 / x − 1 with x near 1, which leaves an
/// error of some 2⁻⁵³ · ν₂ / ν₁ whatever its size (p = 1e-4 with 1 and 24 degrees of freedom: R is wrong in
/// the seventh digit).
private func tolerance(_ function: String, _ arguments: [Double], _ expected: Double) -> Double {
  let size = abs(expected)
  switch function {
  case "qbeta": return (min(arguments[1], arguments[2]) < 0.1 ? 1e-6 : 1e-8) * size + 1e-200
  case "qf": return 1e-8 * size + 2e-16 * arguments[2] / arguments[1]
  case let name where name.hasPrefix("q"): return 1e-8 * size
  default: return 1e-10 * size + 1e-60
  }
}
